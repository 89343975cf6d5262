//! Spreads the packets of a frame over time, so that a large one does not overflow the network.
//!
//! Pure: the caller passes the time.

use std::{collections::VecDeque, time::Duration};

use rtc::rtp::Packet;

/// How much faster than the target bitrate packets are sent.
const HASTE: f64 = 2.5;
/// How many bytes are sent at once after a pause: a frame of usual size is not delayed.
const BURST: f64 = 12_000.0;
/// How many packets wait. A frame that does not fit is dropped as a whole.
const CAPACITY: usize = 512;

/// Holds the packets of one stream until they are due.
#[derive(Debug)]
pub struct Pacer {
    waiting: VecDeque<Packet>,
    credit: f64,
    credited_at: Duration,
}

impl Default for Pacer {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), credit: BURST, credited_at: Duration::ZERO }
    }
}

impl Pacer {
    /// Takes the packets of a frame. Returns false, and takes none, when there is no room.
    pub fn push(&mut self, packets: Vec<Packet>) -> bool {
        let has_room = self.waiting.len() + packets.len() <= CAPACITY;
        if has_room {
            self.waiting.extend(packets);
        }
        has_room
    }

    /// The next packet that is due at this target bitrate, in bits per second.
    pub fn poll(&mut self, now: Duration, bitrate: u32) -> Option<Packet> {
        let since = now.saturating_sub(self.credited_at).as_secs_f64();
        self.credited_at = self.credited_at.max(now);
        self.credit = (self.credit + since * f64::from(bitrate) / 8.0 * HASTE).min(BURST);
        if self.credit <= 0.0 {
            return None;
        }
        let packet = self.waiting.pop_front()?;
        self.credit -= packet.payload.len() as f64;
        Some(packet)
    }

    /// Drops all packets.
    pub fn clear(&mut self) {
        self.waiting.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn packets(count: usize) -> Vec<Packet> {
        (0..count).map(|_| Packet { payload: vec![0; 1_200].into(), ..Packet::default() }).collect()
    }

    fn due(pacer: &mut Pacer, now: Duration) -> usize {
        std::iter::from_fn(|| pacer.poll(now, 960_000)).count()
    }

    #[test]
    fn a_usual_frame_leaves_at_once_and_a_large_one_at_two_and_a_half_times_the_rate() {
        let mut pacer = Pacer::default();
        assert!(pacer.push(packets(4)));
        assert_eq!(due(&mut pacer, ms(1_000)), 4);
        assert!(pacer.push(packets(100)));
        assert_eq!(due(&mut pacer, ms(2_000)), 10);
        // 960 kbit/s are 100 packets a second.
        let later: Vec<usize> = (1..=36).map(|tick| due(&mut pacer, ms(2_000 + tick * 10))).collect();
        assert_eq!(later.iter().sum::<usize>(), 90);
        assert!(later.iter().all(|count| (2..=3).contains(count)), "{later:?}");
    }

    #[test]
    fn a_frame_without_room_is_dropped_as_a_whole() {
        let mut pacer = Pacer::default();
        assert!(pacer.push(packets(500)) && !pacer.push(packets(13)) && pacer.push(packets(12)));
        pacer.clear();
        assert_eq!(due(&mut pacer, ms(9)), 0);
    }
}
