//! The user's camera or screen: from the client's channels to a track.

use std::time::Duration;

use bytes::Bytes;
use rtc::{rtcp, rtp::Packet};

use crate::{
    media::{
        VideoStreamStats,
        video::{EncodedFrame, VideoFeedback, VideoKind, VideoPacketizer, VideoSender, VideoTarget},
    },
    transport::{
        rtc::{peer::LocalTrack, sdp::VideoAnswer},
        video::{VideoDemand, VideoUplink},
    },
};

use super::VideoEvent;

/// One stream of video that we send.
pub(super) struct LocalStream {
    kind: VideoKind,
    track: LocalTrack,
    port: VideoUplink,
    /// The most that the stream may send; `None` if there is no source.
    most: Option<VideoTarget>,
    /// Exists once the server has accepted a codec.
    sender: Option<VideoSender>,
    answer: Option<VideoAnswer>,
    demand: VideoDemand,
}

impl LocalStream {
    pub(super) fn new(
        kind: VideoKind,
        track: LocalTrack,
        port: VideoUplink,
        most: Option<VideoTarget>,
    ) -> Self {
        Self { kind, track, port, most, sender: None, answer: None, demand: VideoDemand::default() }
    }

    /// Our source.
    pub(super) const fn ssrc(&self) -> u32 {
        self.track.ssrc
    }

    /// Follows an answer.
    pub(super) fn accept(&mut self, answer: Option<VideoAnswer>) {
        let answer = answer.filter(|answer| answer.receives);
        let codec = answer.as_ref().map(|answer| answer.codec);
        match (&answer, self.most) {
            (Some(answer), Some(most)) if self.demand.codec != codec => {
                self.sender = Some(sender(self.kind, self.track.ssrc, answer, most));
                self.enable();
            }
            (Some(answer), _) => {
                self.sender.iter_mut().for_each(|sender| sender.set_payload_type(answer.payload_type));
            }
            (None, _) => self.sender = None,
        }
        self.demand.codec = codec;
        self.answer = answer;
        self.tell();
    }

    /// Whether the source is on, as far as the client has said.
    pub(super) fn is_enabled(&self) -> bool {
        *self.port.enabled.borrow()
    }

    /// Turns the stream on or off, as the client has said. Nothing is sent while it is off.
    pub(super) fn enable(&mut self) {
        let on = *self.port.enabled.borrow_and_update();
        self.sender.iter_mut().for_each(|sender| sender.set_on(on));
    }

    /// The next thing that the client wants. May be dropped at any time.
    pub(super) async fn next(&mut self) -> VideoEvent {
        tokio::select! {
            // A change comes before the frames after it.
            biased;
            Ok(()) = self.port.enabled.changed() => VideoEvent::Enabled(self.kind),
            Some(frame) = self.port.frames.recv() => VideoEvent::Frame(self.kind, frame),
            else => std::future::pending().await,
        }
    }

    pub(super) fn frame(&mut self, now: Duration, frame: &EncodedFrame) {
        self.sender.iter_mut().for_each(|sender| sender.frame(now, frame));
    }

    /// Takes what an RTCP packet says about the stream.
    pub(super) fn report(&mut self, now: Duration, packet: &dyn rtcp::Packet) {
        let feedback = VideoFeedback::read(packet, self.track.ssrc);
        if let (Some(sender), Some(feedback)) = (&mut self.sender, feedback) {
            sender.on_feedback(now, &feedback);
        }
    }

    /// The server reports which part of the user's audio was lost.
    pub(super) fn on_audio_loss(&mut self, now: Duration, loss: f64) {
        self.sender.iter_mut().for_each(|sender| sender.on_audio_loss(now, loss));
    }

    pub(super) fn set_round_trip(&mut self, round_trip: Duration) {
        self.sender.iter_mut().for_each(|sender| sender.set_round_trip(round_trip));
    }

    /// Sends what is due, and tells the encoder what has changed.
    pub(super) async fn turn(&mut self, now: Duration) {
        let Some(sender) = &mut self.sender else { return };
        let send_time = self.answer.as_ref().and_then(|answer| answer.send_time);
        while let Some(mut packet) = sender.poll(now) {
            if let Some(number) = send_time {
                stamp(&mut packet, number, now);
            }
            self.track.send(packet).await;
        }
        self.demand.target = Some(sender.target());
        if sender.takes_key_frame(now) {
            self.demand.key_frames = self.demand.key_frames.wrapping_add(1);
        }
        self.tell();
    }

    /// Tells the encoder what has changed, if anything.
    fn tell(&self) {
        let demand = self.demand;
        self.port.demand.send_if_modified(|present| std::mem::replace(present, demand) != demand);
    }

    pub(super) fn stats(&mut self, now: Duration) -> VideoStreamStats {
        self.sender.as_mut().map(|sender| sender.stats(now)).unwrap_or_default()
    }

    /// The track, for what we say about the bot's video.
    pub(super) const fn track(&self) -> &LocalTrack {
        &self.track
    }
}

fn sender(kind: VideoKind, ssrc: u32, answer: &VideoAnswer, most: VideoTarget) -> VideoSender {
    let (seed, _) = uuid::Uuid::new_v4().as_u64_pair();
    let packetizer = VideoPacketizer::new(answer.codec, ssrc, answer.payload_type, seed as u32);
    VideoSender::new(kind, packetizer, most)
}

/// Writes the time of sending into a packet: seconds in 24 bits, of which 18 are fractions.
fn stamp(packet: &mut Packet, number: u8, now: Duration) {
    let [.., a, b, c] = ((now.as_nanos() << 18) / 1_000_000_000).to_be_bytes();
    // Three bytes fit any extension.
    let _ = packet.header.set_extension(number, Bytes::copy_from_slice(&[a, b, c]));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn packets_carry_the_time_of_sending() {
        for (millis, bytes) in [(0, [0, 0, 0]), (1, [0, 1, 6]), (1_500, [6, 0, 0]), (64_250, [1, 0, 0])] {
            let mut packet = Packet::default();
            stamp(&mut packet, 3, Duration::from_millis(millis));
            assert_eq!(packet.header.get_extension(3).as_deref(), Some(&bytes[..]), "{millis}");
        }
    }
}
