//! The bot's audio on its way to the speaker: from packets of any source to the jitter buffer, and back to the server what was lost.
//!
//! Has no clock and sends nothing itself. Decides nothing about timing: that is up to [`OpusPlayer`].

use std::{sync::Arc, time::Duration};

use rtc::{
    rtcp::transport_feedbacks::transport_layer_nack::{TransportLayerNack, nack_pairs_from_sequence_numbers},
    rtp::Packet,
};

use crate::media::{OPUS_FRAME, OpusDecoder, OpusPlayer, Playout};

use super::splice::Splice;

/// When the end of the newest packet will be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hearing {
    /// Its source.
    pub(super) source: u32,
    /// The source's own timestamp.
    pub(super) timestamp: u32,
    /// When it will be heard.
    pub(super) at: Duration,
}

/// Plays the bot's audio.
#[derive(Debug)]
pub(super) struct Downlink {
    player: OpusPlayer,
    splice: Splice,
    hearing: Option<Hearing>,
    /// Our own source, in whose name the server is asked.
    ssrc: u32,
    /// What to ask for; kept so that it is allocated once.
    wanted: Vec<u16>,
}

impl Downlink {
    pub(super) fn new(decoder: OpusDecoder, speaker: Arc<Playout>, ssrc: u32) -> Self {
        let player = OpusPlayer::new(decoder, speaker);
        Self { player, splice: Splice::default(), hearing: None, ssrc, wanted: Vec::new() }
    }

    /// Takes a packet that arrived at `now`; false when it is dropped because another source is heard.
    pub(super) fn packet(&mut self, now: Duration, packet: Packet) -> bool {
        let header = packet.header;
        let joined = self.splice.join(now, header.ssrc, header.sequence_number, header.timestamp);
        if let Some((number, timestamp)) = joined {
            self.player.packet(now, number, timestamp, packet.payload);
            self.note_hearing(now, header.ssrc, header.timestamp.wrapping_add(OPUS_FRAME as u32));
        }
        joined.is_some()
    }

    fn note_hearing(&mut self, now: Duration, source: u32, timestamp: u32) {
        let is_late = self.hearing.is_some_and(|newest| {
            newest.source == source && newest.timestamp.wrapping_sub(timestamp) < u32::MAX / 2
        });
        if !is_late {
            self.hearing = Some(Hearing { source, timestamp, at: now + self.player.waiting() });
        }
    }

    /// When the newest audio will be heard, if any has arrived.
    pub(super) const fn hearing(&self) -> Option<Hearing> {
        self.hearing
    }

    /// Plays what is due. To be called every 10 ms.
    pub(super) fn tick(&mut self, now: Duration) {
        self.player.tick(now);
    }

    /// How long a packet takes to the server and back.
    pub(super) const fn set_round_trip(&mut self, round_trip: Duration) {
        self.player.set_round_trip(round_trip);
    }

    /// What to ask the server for again at `now`, if anything: generic NACK (RFC 4585 §6.2.1).
    ///
    /// To be sent whether or not the server announced that it answers: Pipecat's does so without saying. One that does not know it
    /// ignores it, and the jitter buffer stops asking.
    pub(super) fn request(&mut self, now: Duration) -> Option<TransportLayerNack> {
        self.wanted.clear();
        self.player.requests(now, &mut self.wanted);
        let mut media_ssrc = None;
        self.wanted.retain_mut(|number| {
            let Some((source, own)) = self.splice.origin(*number) else { return false };
            media_ssrc = Some(source);
            *number = own;
            true
        });
        let media_ssrc = media_ssrc?;
        let nacks = nack_pairs_from_sequence_numbers(&self.wanted);
        Some(TransportLayerNack { sender_ssrc: self.ssrc, media_ssrc, nacks })
    }

    /// For its figures.
    pub(super) const fn player(&self) -> &OpusPlayer {
        &self.player
    }
}

#[cfg(test)]
mod tests {
    use rtc::rtp::header::Header;

    use super::*;
    use crate::media::{OPUS_FRAME, OpusEncoder, OpusOptions};

    fn downlink() -> (Downlink, Arc<Playout>) {
        let speaker = Arc::new(Playout::default());
        (Downlink::new(OpusDecoder::new().unwrap(), Arc::clone(&speaker), 7), speaker)
    }

    /// Packets of a source, one each 20 ms, from this number on.
    fn packets(ssrc: u32, from: u16, timestamp: u32, count: u16) -> Vec<Packet> {
        let mut encoder = OpusEncoder::new(OpusOptions::default()).unwrap();
        let tone: Vec<i16> = (0..OPUS_FRAME).map(|i| ((i as f32 * 0.05).sin() * 8_000.0) as i16).collect();
        let packet = |index: u16| {
            let timestamp = timestamp.wrapping_add(u32::from(index) * 960);
            let header =
                Header { ssrc, sequence_number: from.wrapping_add(index), timestamp, ..Header::default() };
            Packet { header, payload: bytes::Bytes::copy_from_slice(encoder.encode(&tone).unwrap()) }
        };
        (0..count).map(packet).collect()
    }

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// A source that changes costs no packet: neither one that waits nor a new one, wherever its numbers begin.
    #[test]
    fn a_source_that_changes_in_mid_call_is_heard() {
        for (number, timestamp) in [(100, 0), (40, 96_000), (149, 4_000_000_000), (60_000, 1)] {
            let (mut downlink, _speaker) = downlink();
            let before = packets(1, 100, 0, 50);
            let after = packets(2, number, timestamp, 50);
            for (packet, at) in before.into_iter().chain(after).zip((0..).step_by(20)) {
                assert!(downlink.packet(ms(at), packet), "{number}");
            }
            let stats = downlink.player().jitter().stats();
            assert_eq!((stats.received, stats.late, stats.discarded, stats.lost), (100, 0, 0, 0), "{number}");
            assert!(downlink.player().jitter().jitter() < ms(5), "{number}");
        }
    }

    #[test]
    fn lost_packets_are_asked_for_by_their_own_source_and_number() {
        let (mut downlink, _speaker) = downlink();
        for (packet, at) in packets(1, 100, 0, 50).into_iter().zip((0..).step_by(20)) {
            downlink.packet(ms(at), packet);
        }
        let mut after = packets(2, 7_000, 0, 20);
        after.remove(10);
        let mut asked = None;
        for (packet, at) in after.into_iter().zip((1_000..).step_by(20)) {
            downlink.packet(ms(at), packet);
            asked = asked.or_else(|| downlink.request(ms(at)));
        }
        let asked = asked.expect("it is missing");
        assert_eq!((asked.sender_ssrc, asked.media_ssrc), (7, 2));
        assert_eq!(asked.nacks.first().map(|pair| pair.packet_id), Some(7_010));
    }

    #[test]
    fn what_waits_before_it_says_when_a_packet_will_be_heard() {
        let (mut downlink, _speaker) = downlink();
        assert_eq!(downlink.hearing(), None);
        let mut packets = packets(1, 100, 960, 3).into_iter();
        let heard = |timestamp, at| Some(Hearing { source: 1, timestamp, at: ms(at) });
        downlink.packet(ms(0), packets.next().unwrap());
        assert_eq!(downlink.hearing(), heard(1_920, 20));
        let late = packets.next().unwrap();
        downlink.packet(ms(40), packets.next().unwrap());
        assert_eq!(downlink.hearing(), heard(3_840, 100), "nothing has been pulled");
        downlink.packet(ms(50), late);
        assert_eq!(downlink.hearing(), heard(3_840, 100));
    }

    #[test]
    fn a_second_source_at_the_same_time_is_not_played() {
        let (mut downlink, _speaker) = downlink();
        let [mut first, mut second] = [1, 2].map(|source| packets(source, 0, 0, 3).into_iter());
        assert!(downlink.packet(ms(0), first.next().unwrap()));
        assert!(downlink.packet(ms(20), second.next().unwrap()));
        assert!(!downlink.packet(ms(21), first.next().unwrap()));
        assert!(downlink.packet(ms(40), second.next().unwrap()));
    }
}
