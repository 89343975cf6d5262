//! The bot's face: moves its mouth as the bot speaks, and blinks.
//!
//! One task per peer connection, which ends when the [`Avatar`] is dropped or the connection is
//! gone. The frames were encoded in advance; nothing is encoded here. Each is a key frame, so a
//! client that has lost one shows the next.

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

use bytes::Bytes;
use rtc::rtp::{Packet, codec::vp8::Vp8Payloader, packetizer::Payloader};
use tokio::{
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval},
};
use uuid::Uuid;
use webrtc::media_stream::track_local::TrackLocal;

use super::speaker::{Loudness, Marks};

/// The time between two frames.
const PERIOD: Duration = Duration::from_millis(40);
/// Frames from one blink to the next.
const BLINK: u64 = 80;
/// How long the eyes stay closed, in frames.
const CLOSED: u64 = 3;
/// How many openings the mouth has.
const MOUTHS: usize = 6;
/// How much louder the bot must be for a wider mouth.
const LOUDER: u16 = 700;
/// Bytes of a frame in one packet.
const PACKET: usize = 1_200;
/// Ticks of the clock of video in a second.
const CLOCK: u128 = 90_000;

/// An IVF file of `rtvi-video/examples/avatar.rs`: every opening of the mouth with open eyes, then
/// with closed ones.
static FACES: LazyLock<Vec<Bytes>> = LazyLock::new(|| frames(include_bytes!("../../assets/avatar.ivf")));

/// Shows the face on one track.
#[derive(Debug)]
pub(crate) struct Avatar(JoinHandle<()>);

impl Avatar {
    /// Starts to show the face of a bot that is as loud as `loudness` says.
    pub(crate) fn start(track: Arc<dyn TrackLocal>, marks: Marks, loudness: Loudness) -> Self {
        Self(tokio::spawn(show(track, marks, loudness)))
    }
}

impl Drop for Avatar {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn show(track: Arc<dyn TrackLocal>, marks: Marks, loudness: Loudness) {
    let mut ticks = interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    let [high, low, ..] = Uuid::new_v4().into_bytes();
    let mut number = u16::from_be_bytes([high, low]);
    let (start, mut count) = (Instant::now(), 0);
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            // Every frame is a key frame already.
            Some(_) = track.poll() => continue,
        }
        let Some(frame) = FACES.get(face(count, loudness.get())) else { return };
        let Ok(payloads) = Vp8Payloader::default().payload(PACKET, frame) else { return };
        count += 1;
        let (timestamp, last) = (timestamp(start.elapsed()), payloads.len().saturating_sub(1));
        for (at, payload) in payloads.into_iter().enumerate() {
            let mut packet = Packet { payload, ..Packet::default() };
            packet.header.version = 2;
            packet.header.marker = at == last;
            packet.header.payload_type = marks.payload_type;
            packet.header.ssrc = marks.ssrc;
            packet.header.sequence_number = number;
            packet.header.timestamp = timestamp;
            if track.write_rtp(packet).await.is_err() {
                return;
            }
            number = number.wrapping_add(1);
        }
    }
}

/// Which of the faces is shown.
fn face(count: u64, loudness: u16) -> usize {
    let mouth = usize::from(loudness / LOUDER).min(MOUTHS - 1);
    if count % BLINK < CLOSED { MOUTHS + mouth } else { mouth }
}

fn timestamp(elapsed: Duration) -> u32 {
    // Wraps after half a day, as timestamps do.
    (elapsed.as_micros() * CLOCK / 1_000_000) as u32
}

/// The frames of an IVF file.
fn frames(file: &'static [u8]) -> Vec<Bytes> {
    const FILE_HEADER: usize = 32;
    const FRAME_HEADER: usize = 12;
    let mut rest = file.get(FILE_HEADER..).unwrap_or_default();
    let mut frames = Vec::new();
    while let Some((length, _)) = rest.split_first_chunk() {
        let end = FRAME_HEADER + u32::from_le_bytes(*length) as usize;
        let Some((frame, later)) = rest.split_at_checked(end) else { break };
        frames.extend(frame.get(FRAME_HEADER..).map(Bytes::from_static));
        rest = later;
    }
    frames
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_a_face_for_every_mouth() {
        assert_eq!(FACES.len(), 2 * MOUTHS);
        // The first byte of a key frame of VP8 is even, and the three after the next two are fixed.
        assert!(FACES.iter().all(|face| face[0] & 1 == 0 && face[3..6] == [0x9d, 0x01, 0x2a]));
        assert!(FACES.iter().all(|face| face.len() < 3 * PACKET));
    }

    #[test]
    fn the_mouth_follows_the_voice_and_the_eyes_do_not() {
        assert_eq!(face(10, 0), 0);
        assert_eq!(face(10, LOUDER), 1);
        assert_eq!(face(10, u16::MAX), MOUTHS - 1);
        let closed = (0..2 * BLINK).filter(|count| face(*count, 0) == MOUTHS).count() as u64;
        assert_eq!(closed, 2 * CLOSED);
    }

    #[test]
    fn a_cut_file_ends_with_its_last_whole_frame() {
        assert!(frames(&[]).is_empty());
        let file = include_bytes!("../../assets/avatar.ivf");
        assert_eq!(frames(&file[..file.len() - 1]).len(), 2 * MOUTHS - 1);
    }
}
