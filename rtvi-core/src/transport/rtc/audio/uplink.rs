//! The user's audio on its way to the server: PCM frames in, RTP packets out (RFC 3550, RFC 7587).
//!
//! No I/O; the time comes with each frame.

use std::time::Duration;

use bytes::Bytes;
use rtc::rtp::{Packet, header::Header};
use tokio::time::Instant;

use crate::{
    log,
    media::{AudioFrame, Encoder, OPUS_FORMAT, OPUS_FRAME},
};

/// A pause in the microphone's frames after which the timestamps catch up with the clock.
const PAUSE: Duration = Duration::from_millis(100);

/// Makes the packets of one stream.
#[derive(Debug)]
pub(super) struct Uplink {
    encoder: Encoder,
    ssrc: u32,
    payload_type: u8,
    sequence: u16,
    timestamp: u32,
    last: Option<Instant>,
    packets: u64,
    bytes: u64,
}

impl Uplink {
    /// A stream that begins at arbitrary numbers, as RFC 3550 §5.1 wants it.
    pub(super) fn new(encoder: Encoder, ssrc: u32, payload_type: u8) -> Self {
        let (begin, _) = uuid::Uuid::new_v4().as_u64_pair();
        Self {
            encoder,
            ssrc,
            payload_type,
            sequence: begin as u16,
            timestamp: (begin >> 16) as u32,
            last: None,
            packets: 0,
            bytes: 0,
        }
    }

    /// The payload type may change with a new answer.
    pub(super) const fn set_payload_type(&mut self, payload_type: u8) {
        self.payload_type = payload_type;
    }

    /// The packet for 20 ms of audio; none when the frame has another format or the encoder had nothing to send.
    pub(super) fn packet(&mut self, now: Instant, frame: &AudioFrame) -> Option<Packet> {
        if frame.format != OPUS_FORMAT {
            log::warn!(format = %frame.format, "microphone audio of another format, dropped");
            return None;
        }
        let payload = match self.encoder.encode(&frame.samples) {
            Ok(payload) => payload,
            Err(error) => {
                log::warn!(%error, samples = frame.samples.len(), "microphone audio can't be encoded, dropped");
                return None;
            }
        };
        let resumed = self.advance(now);
        // One or two bytes mean: nothing to send (RFC 7587 §3.1.3).
        (payload.len() > 2).then(|| self.wrap(payload, resumed))
    }

    /// Moves the timestamp on; true at the beginning and after a pause.
    fn advance(&mut self, now: Instant) -> bool {
        let since = self.last.replace(now).map(|last| now.saturating_duration_since(last));
        let resumed = since.is_none_or(|since| since > PAUSE);
        let frames = match since {
            Some(since) if resumed => (since.as_millis() / 20).max(1),
            _ => 1,
        };
        self.timestamp = self.timestamp.wrapping_add((frames as u32).wrapping_mul(OPUS_FRAME as u32));
        resumed
    }

    fn wrap(&mut self, payload: Bytes, marker: bool) -> Packet {
        self.sequence = self.sequence.wrapping_add(1);
        self.packets += 1;
        self.bytes += payload.len() as u64;
        let header = Header {
            version: 2,
            marker,
            payload_type: self.payload_type,
            sequence_number: self.sequence,
            timestamp: self.timestamp,
            ssrc: self.ssrc,
            ..Header::default()
        };
        Packet { header, payload }
    }

    /// Packets made so far, and the bytes of audio in them.
    pub(super) const fn sent(&self) -> (u64, u64) {
        (self.packets, self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{AudioFormat, OpusOptions};

    fn uplink() -> Uplink {
        Uplink::new(Encoder::new(OpusOptions::default(), None).unwrap(), 7, 111)
    }

    fn frame(samples: usize) -> AudioFrame {
        let samples: Vec<i16> = (0..samples).map(|i| (i as i16 % 50) * 200).collect();
        AudioFrame::new(OPUS_FORMAT, samples)
    }

    #[tokio::test(start_paused = true)]
    async fn packets_follow_one_another() {
        let (mut uplink, start) = (uplink(), Instant::now());
        let first = uplink.packet(start, &frame(960)).unwrap().header;
        let second = uplink.packet(start + Duration::from_millis(20), &frame(960)).unwrap().header;
        assert_eq!((first.ssrc, first.payload_type, first.marker, second.marker), (7, 111, true, false));
        assert_eq!(second.sequence_number, first.sequence_number.wrapping_add(1));
        assert_eq!(second.timestamp, first.timestamp.wrapping_add(960));
        assert_eq!(uplink.sent().0, 2);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_shows_in_the_timestamps() {
        let (mut uplink, start) = (uplink(), Instant::now());
        let first = uplink.packet(start, &frame(960)).unwrap().header;
        let second = uplink.packet(start + Duration::from_secs(1), &frame(960)).unwrap().header;
        assert_eq!(second.timestamp, first.timestamp.wrapping_add(48_000));
        assert_eq!(second.sequence_number, first.sequence_number.wrapping_add(1));
        assert!(second.marker);
    }

    #[tokio::test(start_paused = true)]
    async fn frames_of_another_format_are_dropped() {
        let (mut uplink, now) = (uplink(), Instant::now());
        assert!(uplink.packet(now, &frame(100)).is_none());
        let other = AudioFrame::new(AudioFormat::mono(16_000), [0; 320]);
        assert!(uplink.packet(now, &other).is_none());
    }
}
