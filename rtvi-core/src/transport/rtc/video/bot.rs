//! The bot's video: from received packets to the client's channel.

use std::time::Duration;

use rtc::{rtcp, rtp::Packet};
use tokio::sync::mpsc::error::TrySendError;

use crate::{
    media::{
        VideoStreamStats,
        video::{ClockPoint, VideoFeedback, VideoPacket, VideoReceiver},
    },
    transport::{rtc::sdp::VideoAnswer, video::VideoDownlink},
};

/// The clock of Opus timestamps, in Hz (RFC 7587 §4.1).
const AUDIO_CLOCK: u32 = 48_000;
/// A source that was silent for so long may be followed by another one.
const SILENCE: Duration = Duration::from_millis(500);

/// The bot's stream of video.
pub(super) struct BotStream {
    port: VideoDownlink,
    /// The highest bitrate that the server may send.
    most: u32,
    /// Exists once the server has accepted a codec.
    receiver: Option<VideoReceiver>,
    answer: Option<VideoAnswer>,
    /// The source that is shown, and when its last packet came.
    source: Option<(u32, Duration)>,
}

impl BotStream {
    pub(super) const fn new(port: VideoDownlink, most: u32) -> Self {
        Self { port, most, receiver: None, answer: None, source: None }
    }

    /// Follows an answer.
    pub(super) fn accept(&mut self, answer: Option<VideoAnswer>) {
        let codec = answer.as_ref().map(|answer| answer.codec);
        if codec != self.answer.as_ref().map(|answer| answer.codec) {
            self.receiver = codec.map(|codec| VideoReceiver::new(codec, self.most));
        }
        self.answer = answer;
    }

    /// Waits until the client asks for a key frame. May be dropped at any time.
    pub(super) async fn key_frame_wanted(&mut self) {
        if self.port.key_frames.changed().await.is_err() {
            std::future::pending().await
        }
    }

    pub(super) fn require_key_frame(&mut self) {
        self.receiver.iter_mut().for_each(VideoReceiver::require_key_frame);
    }

    /// Takes a packet; false if it is of no use.
    pub(super) fn packet(&mut self, now: Duration, packet: Packet) -> bool {
        let header = packet.header;
        let is_ours = self.answer.as_ref().is_some_and(|answer| answer.payload_type == header.payload_type);
        let is_other = |(source, last)| source != header.ssrc && now.saturating_sub(last) < SILENCE;
        let Some(receiver) = self.receiver.as_mut().filter(|_| is_ours && !self.source.is_some_and(is_other))
        else {
            return false;
        };
        self.source = Some((header.ssrc, now));
        let (number, timestamp, is_last) = (header.sequence_number, header.timestamp, header.marker);
        receiver.packet(now, VideoPacket { number, timestamp, is_last, payload: packet.payload });
        true
    }

    /// A report of the sender of this source arrived; false if it is not the one that is shown.
    pub(super) fn report(&mut self, source: u32, point: ClockPoint) -> bool {
        let is_ours = self.source.is_some_and(|(ours, _)| ours == source);
        if let Some(receiver) = self.receiver.as_mut().filter(|_| is_ours) {
            receiver.on_report(point);
        }
        is_ours
    }

    /// Audio with this timestamp will be heard at `at`; `point` is of its newest report.
    pub(super) fn hear(&mut self, point: ClockPoint, timestamp: u32, at: Duration) {
        let Some(receiver) = &mut self.receiver else { return };
        let sync = receiver.sync_mut();
        sync.on_audio_report(point, AUDIO_CLOCK);
        sync.on_heard(at, timestamp);
    }

    pub(super) fn set_round_trip(&mut self, round_trip: Duration) {
        self.receiver.iter_mut().for_each(|receiver| receiver.set_round_trip(round_trip));
    }

    /// Gives the client the frames that are due. When it does not keep up, it continues with a key
    /// frame.
    pub(super) fn show(&mut self, now: Duration) {
        let Some(receiver) = &mut self.receiver else { return };
        while let Some(frame) = receiver.poll(now) {
            if let Err(TrySendError::Full(_)) = self.port.frames.try_send(frame) {
                return receiver.require_key_frame();
            }
        }
    }

    /// What the server must learn, in the name of our source `sender`.
    pub(super) fn feedback(&mut self, now: Duration, sender: u32) -> Vec<Box<dyn rtcp::Packet>> {
        let (Some(receiver), Some((source, _))) = (&mut self.receiver, self.source) else {
            return Vec::new();
        };
        let mut feedback: Vec<VideoFeedback> = Vec::new();
        receiver.feedback(now, &mut feedback);
        feedback.iter().filter_map(|feedback| feedback.packet(sender, source)).collect()
    }

    pub(super) fn stats(&mut self, now: Duration) -> VideoStreamStats {
        self.receiver.as_mut().map(|receiver| receiver.stats(now)).unwrap_or_default()
    }
}
