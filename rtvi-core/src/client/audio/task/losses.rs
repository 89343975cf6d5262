//! What of the audio was lost, and the reports of it.

use std::time::Duration;

use crate::{
    client::audio::{drops::Amount, messages::AudioEvent, pre_connect::PreConnect},
    media::{AudioDropReason, AudioFormat},
};

use super::{AudioTask, TICK};

impl AudioTask {
    /// Reports what was dropped since the last report; what the driver has no room for is reported next time.
    pub(super) fn report_drops(&mut self) {
        let (full, unreadable) = self.counters.of_bot();
        let of_speaker = self.sink.as_ref().map(|sink| pieces(sink.format(), sink.dropped()));
        let of_microphone = self.capture.as_ref().map(|capture| {
            let time = capture.dropped();
            Amount { time, count: frames_in(time, self.period) }
        });
        let present = [
            (AudioDropReason::PlayoutFull, Some(full)),
            (AudioDropReason::Unreadable, Some(unreadable)),
            (AudioDropReason::SpeakerFull, of_speaker),
            (AudioDropReason::MicrophoneFull, of_microphone),
            (AudioDropReason::MicrophoneBacklog, Some(self.counters.backlog())),
            (AudioDropReason::PreConnectFull, self.early.as_ref().map(PreConnect::dropped)),
        ];
        for (reason, amount) in present {
            let Some(amount) = amount else {
                self.reported.forget(reason);
                continue;
            };
            // Nobody would have heard a microphone that is muted.
            let is_heard = self.mic_enabled || !reason.is_of_user();
            self.reported.follow(reason, amount, |dropped| {
                let Ok(room) = self.notes.try_reserve() else { return false };
                if is_heard {
                    self.counters.lose_in_client(&dropped);
                    room.send(AudioEvent::Dropped(dropped));
                }
                true
            });
        }
    }
}

/// Samples that a device dropped, counted in frames of [`TICK`].
fn pieces(format: AudioFormat, samples: u64) -> Amount {
    let time = format.duration_of(usize::try_from(samples).unwrap_or(usize::MAX));
    Amount { time, count: frames_in(time, TICK) }
}

/// How many frames of this length a time has, the last one perhaps in part.
fn frames_in(time: Duration, frame: Duration) -> u64 {
    u64::try_from(time.as_nanos().div_ceil(frame.as_nanos().max(1))).unwrap_or(u64::MAX)
}
