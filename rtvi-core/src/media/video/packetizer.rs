//! Splits encoded frames into RTP packets, with the payloaders of `rtc` (RFC 7741, RFC 6184).
//!
//! Pure; the frames come from an encoder of the app.

use std::time::Duration;

use bytes::Bytes;
use rtc::rtp::{
    Packet,
    codec::{h264::H264Payloader, vp8::Vp8Payloader},
    header::Header,
    packetizer::Payloader,
};

use super::{EncodedFrame, VIDEO_CLOCK, VideoCodec};

/// The largest payload, so that a packet fits any path with its extensions and encryption.
const MAX_PAYLOAD: usize = 1_200;

/// Makes the packets of one stream.
#[derive(Debug)]
pub struct VideoPacketizer {
    codec: VideoCodec,
    payloader: Box<dyn Payloader>,
    ssrc: u32,
    payload_type: u8,
    number: u16,
    /// The timestamp of a frame captured at zero.
    origin: u32,
}

impl VideoPacketizer {
    /// A packetizer for a stream that begins. `seed` is random: numbers and timestamps begin with
    /// it.
    pub fn new(codec: VideoCodec, ssrc: u32, payload_type: u8, seed: u32) -> Self {
        let payloader: Box<dyn Payloader> = match codec {
            VideoCodec::Vp8 => {
                let mut payloader = Vp8Payloader::default();
                payloader.enable_picture_id = true;
                Box::new(payloader)
            }
            VideoCodec::H264 => Box::new(H264Payloader::default()),
        };
        Self { codec, payloader, ssrc, payload_type, number: seed as u16, origin: seed }
    }

    /// The codec of the frames.
    pub const fn codec(&self) -> VideoCodec {
        self.codec
    }

    /// Changes the payload type, as a new answer may require.
    pub const fn set_payload_type(&mut self, payload_type: u8) {
        self.payload_type = payload_type;
    }

    /// The packets of a frame that was captured at `time`. None if the frame is empty, or not one
    /// of this codec.
    pub fn packets(&mut self, time: Duration, frame: &EncodedFrame) -> Vec<Packet> {
        if frame.codec != self.codec {
            return Vec::new();
        }
        let payloads = self.payloader.payload(MAX_PAYLOAD, &frame.data).unwrap_or_default();
        let mut packets: Vec<Packet> =
            payloads.into_iter().map(|payload| self.packet(time, payload)).collect();
        packets.iter_mut().last().into_iter().for_each(|last| last.header.marker = true);
        packets
    }

    /// A packet without a payload, which belongs to a frame captured at `time`.
    pub fn empty_packet(&self, time: Duration) -> Packet {
        self.packet(time, Bytes::new())
    }

    /// Gives a packet its number. Packets that are never sent get none, so that the receiver does
    /// not miss them.
    pub const fn number(&mut self, packet: &mut Packet) {
        packet.header.sequence_number = self.number;
        self.number = self.number.wrapping_add(1);
    }

    fn packet(&self, time: Duration, payload: Bytes) -> Packet {
        let ticks = time.as_nanos() * u128::from(VIDEO_CLOCK) / 1_000_000_000;
        let header = Header {
            version: 2,
            payload_type: self.payload_type,
            timestamp: self.origin.wrapping_add(ticks as u32),
            ssrc: self.ssrc,
            ..Header::default()
        };
        Packet { header, payload }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::video::{VideoAssembler, VideoPacket};

    fn frame(codec: VideoCodec, data: Vec<u8>) -> EncodedFrame {
        EncodedFrame {
            codec,
            data: data.into(),
            is_key: true,
            width: 0,
            height: 0,
            timestamp: Duration::ZERO,
        }
    }

    fn vp8_key(length: usize) -> Vec<u8> {
        let mut data = vec![0x10, 0, 0, 0x9d, 0x01, 0x2a, 64, 0, 48, 0];
        data.extend((10..length).map(|at| at as u8));
        data
    }

    fn h264_key(lengths: &[usize]) -> Vec<u8> {
        let mut data = [&[0, 0, 0, 1][..], super::super::sps::tests::VGA, &[0, 0, 0, 1, 0x68, 7, 7]].concat();
        for length in lengths {
            data.extend([0, 0, 0, 1, 0x65]);
            data.extend((1..*length).map(|at| (at as u8) | 1));
        }
        data
    }

    /// What is packetized is joined again, byte for byte.
    #[test]
    fn frames_of_every_length_survive_the_way() {
        let vp8 = [10, 100, 1_198, 1_199, 3_600, 60_000].map(vp8_key).map(|data| (VideoCodec::Vp8, data));
        let h264 = [&[1][..], &[1_200], &[1_201], &[9_000, 2, 5_000]];
        let h264 = h264.map(h264_key).map(|data| (VideoCodec::H264, data));
        for (codec, data) in vp8.into_iter().chain(h264) {
            let mut packetizer = VideoPacketizer::new(codec, 7, 96, u32::MAX);
            let mut assembler = VideoAssembler::new(codec);
            let frame = frame(codec, data);
            for round in 0..200_u32 {
                let packets = packetizer.packets(Duration::from_millis(40) * round, &frame);
                assert!(packets.iter().all(|packet| packet.payload.len() <= MAX_PAYLOAD));
                assert_eq!(packets.iter().filter(|packet| packet.header.marker).count(), 1);
                for mut packet in packets {
                    packetizer.number(&mut packet);
                    let Header { sequence_number: number, timestamp, marker, .. } = packet.header;
                    let payload = packet.payload;
                    assembler
                        .push(Duration::ZERO, VideoPacket { number, timestamp, is_last: marker, payload });
                }
                let joined = assembler.poll(Duration::ZERO).expect("it is complete").frame;
                assert_eq!((joined.data, joined.is_key), (frame.data.clone(), true), "{codec:?} {round}");
            }
        }
    }

    #[test]
    fn packets_are_numbered_when_they_leave() {
        let mut packetizer = VideoPacketizer::new(VideoCodec::Vp8, 7, 96, u32::MAX);
        let mut packet = packetizer.empty_packet(Duration::from_secs(1));
        assert_eq!((packet.header.timestamp, packet.payload.len()), (VIDEO_CLOCK - 1, 0));
        for number in [u16::MAX, 0, 1] {
            packetizer.number(&mut packet);
            assert_eq!(packet.header.sequence_number, number);
        }
    }

    #[test]
    fn a_frame_of_another_codec_or_without_data_has_no_packets() {
        let mut packetizer = VideoPacketizer::new(VideoCodec::Vp8, 7, 96, 0);
        assert!(packetizer.packets(Duration::ZERO, &frame(VideoCodec::H264, h264_key(&[1]))).is_empty());
        assert!(packetizer.packets(Duration::ZERO, &frame(VideoCodec::Vp8, Vec::new())).is_empty());
        assert_eq!(packetizer.packets(Duration::MAX, &frame(VideoCodec::Vp8, vp8_key(10))).len(), 1);
    }
}
