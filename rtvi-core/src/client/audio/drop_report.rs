//! The audio task's reports of dropped audio.

use crate::media::AudioDropReason;

use super::{messages::AudioEvent, task::AudioTask};

impl AudioTask {
    /// Reports audio that was dropped since the last report. Amounts that the driver has no room
    /// for stay for the next report.
    pub(super) fn report_drops(&mut self) {
        let (full, unreadable) = self.counters.of_bot();
        let amounts = [
            (AudioDropReason::PlayoutFull, Some(full)),
            (AudioDropReason::Unreadable, Some(unreadable)),
            (AudioDropReason::SpeakerFull, self.speaker.dropped()),
            (AudioDropReason::MicrophoneFull, self.microphone.dropped()),
            (AudioDropReason::MicrophoneBacklog, Some(self.counters.backlog())),
            (AudioDropReason::PreConnectFull, self.microphone.early_dropped()),
        ];
        for (reason, amount) in amounts {
            let Some(amount) = amount else {
                self.reported.forget(reason);
                continue;
            };
            // Nobody would have heard a muted microphone.
            let is_relevant = self.microphone.is_enabled() || !reason.is_of_user();
            self.reported.follow(reason, amount, |dropped| {
                let Ok(room) = self.events.try_reserve() else { return false };
                if is_relevant {
                    self.counters.lose_in_client(&dropped);
                    room.send(AudioEvent::Dropped(dropped));
                }
                true
            });
        }
    }
}
