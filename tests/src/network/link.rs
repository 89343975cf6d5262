//! One direction of the network: holds packets until they are due.
//!
//! Depends on [`super::impairment`]. Must never look at a clock or send anything.

use std::collections::BTreeMap;

use tokio::time::Instant;

use super::impairment::{Fate, Impairer, Impairment};

/// The number of packets in transit. A further packet is lost, as in the queue of a real router. It
/// covers 10 s of a call's audio.
const CAPACITY: usize = 1_000;

/// The packet that is due first comes first. Of packets due at the same time, the one sent first
/// does.
type Order = (Instant, u64);

/// The packets of one direction.
#[derive(Debug)]
pub(super) struct Link {
    impairer: Impairer,
    under_way: BTreeMap<Order, Vec<u8>>,
    sent: u64,
}

impl Link {
    pub(super) fn new(seed: u64) -> Self {
        Self { impairer: Impairer::new(seed), under_way: BTreeMap::new(), sent: 0 }
    }

    /// Sends a packet. Returns whether it will arrive.
    pub(super) fn send(&mut self, packet: &[u8], impairment: &Impairment, now: Instant) -> bool {
        match self.impairer.fate(impairment, now) {
            _ if self.under_way.len() >= CAPACITY => return false,
            Fate::Lost => return false,
            Fate::Once(due) => self.put(packet, due),
            Fate::Twice(due) => {
                self.put(packet, due);
                self.put(packet, due);
            }
        }
        true
    }

    /// When the next packet is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.under_way.first_key_value().map(|((due, _), _)| *due)
    }

    /// The next packet that is due at `now`.
    pub(super) fn take(&mut self, now: Instant) -> Option<Vec<u8>> {
        let first = self.under_way.first_entry()?;
        (first.key().0 <= now).then(|| first.remove())
    }

    /// Loses all packets in transit.
    pub(super) fn clear(&mut self) {
        self.under_way.clear();
    }

    fn put(&mut self, packet: &[u8], due: Instant) {
        self.under_way.insert((due, self.sent), packet.to_vec());
        self.sent += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const DELAY: Duration = Duration::from_millis(30);

    #[tokio::test(start_paused = true)]
    async fn packets_arrive_in_order_when_they_are_due() {
        let delayed = Impairment { delay: DELAY, ..Impairment::default() };
        let (mut link, now) = (Link::new(1), Instant::now());
        assert_eq!(link.next_due(), None);
        assert!(link.send(b"first", &delayed, now) && link.send(b"second", &delayed, now));
        assert_eq!((link.take(now), link.next_due()), (None, Some(now + DELAY)));
        assert_eq!(link.take(now + DELAY).as_deref(), Some(&b"first"[..]));
        assert_eq!(link.take(now + DELAY).as_deref(), Some(&b"second"[..]));
        assert_eq!(link.take(now + DELAY), None);
    }

    #[tokio::test(start_paused = true)]
    async fn a_full_link_loses_packets() {
        let (mut link, now) = (Link::new(1), Instant::now());
        let taken = (0..2 * CAPACITY).filter(|_| link.send(b"x", &Impairment::default(), now)).count();
        assert_eq!(taken, CAPACITY);
        link.clear();
        assert!(link.next_due().is_none() && link.send(b"x", &Impairment::default(), now));
    }

    #[tokio::test(start_paused = true)]
    async fn a_doubled_packet_comes_twice() {
        let doubled = Impairment { duplicate: 1.0, ..Impairment::default() };
        let (mut link, now) = (Link::new(1), Instant::now());
        link.send(b"x", &doubled, now);
        assert_eq!(
            [link.take(now), link.take(now), link.take(now)],
            [Some(b"x".to_vec()), Some(b"x".to_vec()), None]
        );
    }
}
