//! Packets that arrive in every way a network can think of, in virtual time.

use super::*;

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

fn payload(number: u16) -> Bytes {
    Bytes::copy_from_slice(&number.to_be_bytes())
}

/// A network: packet `n` is sent at `20 n` ms and arrives later by a delay of the test's choice.
struct Network {
    buffer: JitterBuffer,
    base: u16,
}

impl Network {
    fn new(base: u16) -> Self {
        Self { buffer: JitterBuffer::default(), base }
    }

    fn arrive(&mut self, number: u16, delay: u64) {
        let sequence = self.base.wrapping_add(number);
        let timestamp = u32::from(number).wrapping_mul(960).wrapping_add(u32::MAX - 5_000);
        self.buffer.insert(ms(u64::from(number) * 20 + delay), sequence, timestamp, payload(number));
    }

    fn next(&mut self, urgent: bool) -> Next {
        self.buffer.next(ms(1_000_000), urgent)
    }
}

#[test]
fn packets_come_out_in_order_over_the_wrap_of_the_numbers() {
    let mut network = Network::new(65_530);
    for number in [0, 2, 1, 5, 3, 4, 7, 6, 9, 8] {
        network.arrive(number, 0);
    }
    for number in 0..10 {
        assert_eq!(network.next(true), Next::Packet(payload(number)));
    }
    assert_eq!(network.next(false), Next::Wait);
    assert_eq!(network.buffer.stats(), JitterStats { received: 10, ..JitterStats::default() });
}

#[test]
fn a_gap_waits_until_it_is_urgent_then_is_recovered() {
    let mut network = Network::new(0);
    network.arrive(0, 0);
    network.arrive(2, 0);
    assert_eq!(network.next(false), Next::Packet(payload(0)));
    assert_eq!(network.next(false), Next::Wait);
    assert_eq!(network.next(true), Next::Lost(Some(payload(2))));
    assert_eq!(network.next(true), Next::Packet(payload(2)));
    network.arrive(1, 500);
    let stats = network.buffer.stats();
    assert_eq!((stats.lost, stats.late, stats.concealed), (1, 1, 1));
}

#[test]
fn two_lost_in_a_row_are_recovered_as_far_as_known() {
    let mut network = Network::new(0);
    network.arrive(0, 0);
    network.arrive(3, 0);
    assert_eq!(network.next(true), Next::Packet(payload(0)));
    assert_eq!(network.next(true), Next::Lost(None));
    assert_eq!(network.next(true), Next::Lost(Some(payload(3))));
    assert_eq!(network.next(true), Next::Packet(payload(3)));
}

#[test]
fn duplicates_are_counted_and_ignored() {
    let mut network = Network::new(9);
    network.arrive(0, 0);
    network.arrive(0, 0);
    network.arrive(1, 0);
    assert_eq!(network.next(true), Next::Packet(payload(0)));
    network.arrive(0, 0);
    assert_eq!(network.next(true), Next::Packet(payload(1)));
    let stats = network.buffer.stats();
    assert_eq!((stats.duplicate, stats.late), (1, 1));
}

#[test]
fn silence_after_some_invention_and_nothing_is_skipped() {
    let mut network = Network::new(0);
    network.arrive(0, 0);
    assert_eq!(network.next(true), Next::Packet(payload(0)));
    for _ in 0..MAX_CONCEALED {
        assert_eq!(network.next(true), Next::Conceal);
    }
    for _ in 0..10 {
        assert_eq!(network.next(true), Next::Wait);
    }
    network.arrive(1, 300);
    assert_eq!(network.next(true), Next::Packet(payload(1)));
    assert_eq!(network.buffer.stats().lost, 0);
}

#[test]
fn the_delay_follows_the_network() {
    let mut network = Network::new(0);
    for number in 0..1_000 {
        network.arrive(number, 5);
        network.next(true);
    }
    assert_eq!(network.buffer.target(), ms(20));
    assert_eq!(network.buffer.jitter(), Duration::ZERO);
    for number in 1_000..2_000 {
        network.arrive(number, 5 + u64::from(number) * 37 % 100);
        network.next(true);
    }
    let target = network.buffer.target();
    assert!((ms(100)..ms(130)).contains(&target), "{target:?}");
    assert!(network.buffer.jitter() > ms(10));
    for number in 2_000..3_000 {
        network.arrive(number, 5);
        network.next(true);
    }
    assert_eq!(network.buffer.target(), ms(20));
}

#[test]
fn enough_is_gathered_before_playing_on_a_bad_network() {
    let mut network = Network::new(0);
    for number in 0..500 {
        network.arrive(number, u64::from(number % 5) * 50);
        network.next(true);
    }
    network.buffer.clear();
    assert!(network.buffer.target() > ms(200));
    let now = ms(20_000);
    network.arrive(500, 0);
    assert_eq!(network.buffer.next(now, true), Next::Wait);
    (501..515).for_each(|number| network.arrive(number, 0));
    assert_eq!(network.buffer.next(now, true), Next::Packet(payload(500)));
}

#[test]
fn gathering_ends_when_the_first_packet_has_waited_long_enough() {
    let mut network = Network::new(0);
    for number in 0..500 {
        network.arrive(number, u64::from(number % 5) * 50);
        network.next(true);
    }
    network.buffer.clear();
    network.arrive(500, 0);
    assert_eq!(network.buffer.next(ms(20_000), false), Next::Wait);
    assert_eq!(network.buffer.next(ms(20_500), false), Next::Packet(payload(500)));
}

#[test]
fn too_much_delay_is_noticed() {
    let mut network = Network::new(0);
    (0..5).for_each(|number| network.arrive(number, 0));
    assert!(network.buffer.should_discard(true) && !network.buffer.should_discard(false));
    (5..30).for_each(|number| network.arrive(number, 0));
    assert!(network.buffer.should_discard(false));
}

#[test]
fn a_jump_begins_anew() {
    let mut network = Network::new(0);
    (0..5).for_each(|number| network.arrive(number, 0));
    network.buffer.insert(ms(200), 30_000, 7, payload(77));
    assert_eq!(network.next(true), Next::Packet(payload(77)));
    assert_eq!(network.buffer.stats().discarded, 5);
}

#[test]
fn clearing_drops_what_is_held_and_nothing_later() {
    let mut network = Network::new(0);
    (0..5).for_each(|number| network.arrive(number, 0));
    network.buffer.clear();
    assert_eq!(network.next(true), Next::Wait);
    network.arrive(5, 0);
    assert_eq!(network.next(true), Next::Packet(payload(5)));
    assert_eq!(network.buffer.stats().lost, 0);
}

proptest::proptest! {
    #[test]
    fn whatever_arrives_memory_is_bounded_and_packets_are_accounted_for(
        steps in proptest::collection::vec(proptest::prelude::any::<(u16, u32, u8)>(), 0..400),
    ) {
        let mut buffer = JitterBuffer::default();
        let (mut now, mut played) = (Duration::ZERO, 0);
        for (sequence, timestamp, what) in steps {
            now += ms(u64::from(what));
            let near = if what % 3 == 0 { sequence } else { sequence % 150 };
            buffer.insert(now, near, timestamp, payload(sequence));
            for _ in 0..what % 4 {
                played += u64::from(matches!(buffer.next(now, what % 2 == 0), Next::Packet(_)));
            }
            if what == 77 {
                buffer.clear();
            }
            let stats = buffer.stats();
            let sum = played + stats.late + stats.duplicate + stats.discarded + u64::from(buffer.held);
            assert_eq!(stats.received, sum);
            assert!(buffer.slots.len() <= usize::from(CAPACITY));
            assert!(buffer.target() <= MAX_DELAY);
        }
    }
}
