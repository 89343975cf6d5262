//! The packets that were sent, to be repeated when the receiver asks for them.
//!
//! Pure: the caller passes the time. The numbers asked for come from the network. Must limit what it
//! repeats: it must not fill a network that loses packets because it is full.

use std::{collections::VecDeque, time::Duration};

use rtc::rtp::Packet;

/// How many packets are kept: two frames of the largest size that a server takes.
const CAPACITY: usize = 1_024;
/// Which part of the target bitrate repeated packets may take: a quarter.
const SHARE: u32 = 4;
/// How long the share may be saved up.
const SAVED: Duration = Duration::from_secs(1);
/// How many bytes may be repeated at once even at the lowest bitrate.
const MIN_CREDIT: f64 = 24_000.0;
/// The shortest time between two repeats of a packet.
const MIN_PAUSE: Duration = Duration::from_millis(10);

/// The newest packets of one stream.
#[derive(Debug, Default)]
pub struct SentPackets {
    packets: VecDeque<Sent>,
    credit: f64,
    credited_at: Option<Duration>,
}

#[derive(Debug)]
struct Sent {
    packet: Packet,
    repeated_at: Option<Duration>,
}

impl SentPackets {
    /// Keeps a packet that was sent.
    pub fn add(&mut self, packet: Packet) {
        if self.packets.len() == CAPACITY {
            self.packets.pop_front();
        }
        self.packets.push_back(Sent { packet, repeated_at: None });
    }

    /// The packets to repeat now of those that the receiver asks for. Each is repeated at most once
    /// in half a round trip, and all together take at most a quarter of `bitrate` (bits per
    /// second).
    pub fn repeat(
        &mut self,
        now: Duration,
        numbers: &[u16],
        round_trip: Duration,
        bitrate: u32,
    ) -> Vec<Packet> {
        self.refill(now, bitrate);
        let pause = (round_trip / 2).max(MIN_PAUSE);
        let mut repeated = Vec::new();
        for number in numbers.iter().take(CAPACITY) {
            let Some(sent) = self.find(*number) else { continue };
            let is_recent = sent.repeated_at.is_some_and(|at| now.saturating_sub(at) < pause);
            let size = sent.packet.payload.len() as f64;
            let packet = (!is_recent).then(|| sent.packet.clone());
            if let Some(packet) = packet.filter(|_| self.credit >= size) {
                self.credit -= size;
                self.find(*number).into_iter().for_each(|sent| sent.repeated_at = Some(now));
                repeated.push(packet);
            }
        }
        repeated
    }

    /// Forgets all packets.
    pub fn clear(&mut self) {
        self.packets.clear();
    }

    /// The packets have successive numbers.
    fn find(&mut self, number: u16) -> Option<&mut Sent> {
        let first = self.packets.front()?.packet.header.sequence_number;
        let sent = self.packets.get_mut(usize::from(number.wrapping_sub(first)))?;
        (sent.packet.header.sequence_number == number).then_some(sent)
    }

    fn refill(&mut self, now: Duration, bitrate: u32) {
        let per_second = f64::from(bitrate / 8 / SHARE);
        let most = (per_second * SAVED.as_secs_f64()).max(MIN_CREDIT);
        let since = self.credited_at.map_or(SAVED, |at| now.saturating_sub(at));
        self.credit = (self.credit + per_second * since.as_secs_f64()).min(most);
        if self.credited_at.replace(now).is_none() {
            self.credit = most;
        }
    }
}

#[cfg(test)]
mod tests {
    use rtc::rtp::header::Header;

    use super::*;

    const RATE: u32 = 800_000;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn sent(from: u16, count: usize) -> SentPackets {
        let mut sent = SentPackets::default();
        for index in 0..count {
            let header = Header { sequence_number: from.wrapping_add(index as u16), ..Header::default() };
            sent.add(Packet { header, payload: vec![0; 1_000].into() });
        }
        sent
    }

    fn numbers(packets: &[Packet]) -> Vec<u16> {
        packets.iter().map(|packet| packet.header.sequence_number).collect()
    }

    #[test]
    fn what_is_asked_for_is_repeated_once_in_half_a_round_trip() {
        let mut sent = sent(65_530, 20);
        let mut ask = |at, asked: &[u16]| numbers(&sent.repeat(ms(at), asked, ms(100), RATE));
        assert_eq!(ask(0, &[65_535, 3, 3, 200, 65_529]), [65_535, 3]);
        assert_eq!(ask(49, &[3, 4]), [4]);
        assert_eq!(ask(50, &[3]), [3]);
    }

    #[test]
    fn repeats_take_a_quarter_of_the_bitrate() {
        let mut sent = sent(0, CAPACITY);
        let all: Vec<u16> = (0..1_000).collect();
        assert_eq!(sent.repeat(ms(0), &all, ms(0), RATE).len(), 25, "a second's share of 800 kbit/s");
        assert_eq!(sent.repeat(ms(1), &all, ms(0), RATE).len(), 0);
        assert_eq!(sent.repeat(ms(401), &all, ms(0), RATE).len(), 10);
        assert_eq!(sent.repeat(ms(90_000), &all, ms(0), 0).len(), 0, "no rate, no new credit");
    }

    #[test]
    fn only_the_newest_are_kept() {
        let mut sent = sent(0, CAPACITY + 10);
        assert_eq!(numbers(&sent.repeat(ms(0), &[9, 10, 1_033, 1_034], ms(0), RATE)), [10, 1_033]);
        sent.clear();
        assert!(sent.repeat(ms(99_000), &[1_033], ms(0), RATE).is_empty());
    }
}
