//! What a bad network does to each packet: pure, seeded, with the time as an argument.
//!
//! Depends on time alone. Must never look at a clock or send anything.

use std::time::Duration;

use tokio::time::Instant;

/// How long an overtaken packet is held back: three packets of 20 ms.
const HELD_BACK: Duration = Duration::from_millis(60);

/// The impairment of one direction; none by default.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Impairment {
    /// Chance that a packet is lost, 0 to 1.
    pub loss: f64,
    /// Chance that a packet arrives twice, 0 to 1.
    pub duplicate: f64,
    /// Chance that a packet is held back for 60 ms, so that later ones overtake it, 0 to 1.
    pub reorder: f64,
    /// Every packet takes this long.
    pub delay: Duration,
    /// A random additional delay of up to this, which does not change the order.
    pub jitter: Duration,
}

impl Impairment {
    /// Only loss.
    pub fn loss(chance: f64) -> Self {
        Self { loss: chance, ..Self::default() }
    }

    /// Only a delay that varies from zero to `jitter`.
    pub fn jitter(jitter: Duration) -> Self {
        Self { jitter, ..Self::default() }
    }
}

/// The conditions of the network, in both directions.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Conditions {
    /// From the client to the server.
    pub up: Impairment,
    /// From the server to the client.
    pub down: Impairment,
    /// Whether everything is blocked, including signalling.
    pub is_dark: bool,
    /// How often the client's address has changed.
    pub address: u32,
    /// Whether a stranger sends ICE checks to both sides of each new call.
    pub has_stranger: bool,
}

impl Conditions {
    /// The same in both directions.
    pub fn both(impairment: Impairment) -> Self {
        Self { up: impairment, down: impairment, ..Self::default() }
    }
}

/// When a packet arrives: never, once or twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Lost,
    Once(Instant),
    Twice(Instant),
}

/// Decides the fate of the packets of one direction, identically for the same seed.
#[derive(Debug)]
pub(super) struct Impairer {
    random: Random,
    /// When the last in-order packet arrives. No later packet arrives before it.
    last: Option<Instant>,
}

impl Impairer {
    pub(super) fn new(seed: u64) -> Self {
        Self { random: Random(seed), last: None }
    }

    /// The fate of a packet that is sent at `now`.
    pub(super) fn fate(&mut self, impairment: &Impairment, now: Instant) -> Fate {
        // Always draws the same number of random numbers, so that a change of one chance leaves the
        // other packets unchanged.
        let [loss, duplicate, reorder, jitter] = std::array::from_fn(|_| self.random.fraction());
        if loss < impairment.loss {
            return Fate::Lost;
        }
        let due = now + impairment.delay + impairment.jitter.mul_f64(jitter);
        let in_order = self.last.map_or(due, |last| last.max(due));
        let arrival = if reorder < impairment.reorder {
            in_order + HELD_BACK
        } else {
            self.last = Some(in_order);
            in_order
        };
        if duplicate < impairment.duplicate { Fate::Twice(arrival) } else { Fate::Once(arrival) }
    }
}

/// A pseudo-random number generator: SplitMix64.
#[derive(Debug)]
pub(super) struct Random(pub(super) u64);

impl Random {
    /// Returns a number from 0 to below 1.
    fn fraction(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns any number.
    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKETS: u32 = 10_000;
    const APART: Duration = Duration::from_millis(20);

    /// The fates of packets 20 ms apart, each with the time it was sent.
    fn fates(impairment: Impairment) -> Vec<(Instant, Fate)> {
        let mut impairer = Impairer::new(7);
        let begin = Instant::now();
        (0..PACKETS).map(|n| begin + APART * n).map(|now| (now, impairer.fate(&impairment, now))).collect()
    }

    fn arrivals(fates: &[(Instant, Fate)]) -> Vec<(Instant, Instant)> {
        let arrived = fates.iter().filter_map(|&(sent, fate)| match fate {
            Fate::Lost => None,
            Fate::Once(at) | Fate::Twice(at) => Some((sent, at)),
        });
        arrived.collect()
    }

    fn share(fates: &[(Instant, Fate)], fits: impl Fn(Fate) -> bool) -> f64 {
        fates.iter().filter(|(_, fate)| fits(*fate)).count() as f64 / f64::from(PACKETS)
    }

    #[tokio::test(start_paused = true)]
    async fn a_good_network_changes_nothing() {
        for (sent, fate) in fates(Impairment::default()) {
            assert_eq!(fate, Fate::Once(sent));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn as_many_are_lost_and_doubled_as_asked_for() {
        for chance in [0.01, 0.05, 0.2] {
            let both = Impairment { loss: chance, duplicate: chance, ..Impairment::default() };
            let fates = fates(both);
            let lost = share(&fates, |fate| fate == Fate::Lost);
            let twice = share(&fates, |fate| matches!(fate, Fate::Twice(_))) / (1.0 - lost);
            assert!((lost - chance).abs() < 0.01, "{lost} instead of {chance}");
            assert!((twice - chance).abs() < 0.01, "{twice} instead of {chance}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn jitter_delays_up_to_its_limit_and_keeps_the_order() {
        let jitter = Duration::from_millis(100);
        let arrivals = arrivals(&fates(Impairment::jitter(jitter)));
        let delays: Vec<Duration> = arrivals.iter().map(|(sent, at)| *at - *sent).collect();
        assert!(delays.iter().max() > Some(&(jitter * 9 / 10)) && delays.iter().max() <= Some(&jitter));
        assert!(delays.iter().min() < Some(&(jitter / 10)));
        assert!(arrivals.is_sorted_by_key(|(_, at)| *at));
    }

    #[tokio::test(start_paused = true)]
    async fn reordered_packets_are_overtaken() {
        let reorder = Impairment { reorder: 0.1, ..Impairment::default() };
        let arrivals = arrivals(&fates(reorder));
        let overtaken = arrivals.windows(2).filter(|pair| pair[0].1 > pair[1].1).count();
        assert!((800..1_200).contains(&overtaken), "{overtaken} of {PACKETS}");
        assert!(arrivals.iter().all(|(sent, at)| *at - *sent <= HELD_BACK));
    }

    #[tokio::test(start_paused = true)]
    async fn a_seed_gives_the_same_fates_again() {
        let bad = Impairment { loss: 0.1, reorder: 0.1, ..Impairment::default() };
        assert_eq!(fates(bad), fates(bad));
    }
}
