//! Gaps in every order, and the requests that they cause.

use super::*;

const LIMITS: Limits = Limits { capacity: 64, max_gap: 16, max_requests: 2, max_credit: 64 };

const MOST: Duration = Duration::from_millis(400);

const fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// A stream with a round trip of 40 ms.
fn stream() -> Missing {
    let mut missing = Missing::new(LIMITS);
    missing.set_round_trip(ms(40));
    missing
}

/// What is asked for when there is much time.
fn asked(missing: &mut Missing, now: Duration) -> Vec<u16> {
    let mut out = Vec::new();
    missing.requests(now, MOST, |_, _| Some(ms(300)), &mut out);
    out
}

#[test]
fn a_gap_is_asked_for_at_once_and_once_more() {
    let mut missing = stream();
    for number in [65_533, 65_534, 1] {
        assert_eq!(missing.arrive(ms(0), number), Arrival::Original);
    }
    assert_eq!(asked(&mut missing, ms(1)), [65_535, 0]);
    assert_eq!(asked(&mut missing, ms(60)), [0; 0], "the answer may be on its way");
    assert_eq!(missing.arrive(ms(41), 0), Arrival::Repeated);
    assert_eq!(asked(&mut missing, ms(71)), [65_535]);
    assert_eq!(asked(&mut missing, ms(500)), [0; 0], "twice is enough");
    assert_eq!(missing.arrive(ms(501), 65_535), Arrival::Repeated);
    assert_eq!(missing.arrive(ms(502), 65_535), Arrival::Duplicate);
}

#[test]
fn one_that_was_overtaken_is_no_answer() {
    let mut missing = stream();
    missing.arrive(ms(0), 0);
    missing.arrive(ms(0), 2);
    assert_eq!(missing.arrive(ms(3), 1), Arrival::Original);
    assert_eq!(asked(&mut missing, ms(5)), [0; 0]);
    missing.arrive(ms(6), 4);
    assert_eq!(asked(&mut missing, ms(8)), [0; 0], "it may come as late as the one before");
    assert_eq!(asked(&mut missing, ms(9)), [3]);
    assert_eq!(missing.arrive(ms(16), 3), Arrival::Original, "sooner than an answer can come");
    assert_eq!(missing.arrive(ms(46), 3), Arrival::Duplicate, "the answer");
    missing.arrive(ms(50), 6);
    assert_eq!(asked(&mut missing, ms(59)), [0; 0], "10 ms late was the one before");
    assert_eq!(asked(&mut missing, ms(60)), [5]);
}

#[test]
fn what_is_needed_soon_is_asked_for_again_before_the_answer_can_be_there() {
    let mut missing = stream();
    missing.arrive(ms(0), 0);
    missing.arrive(ms(0), 2);
    let mut out = Vec::new();
    missing.requests(ms(0), MOST, |_, _| Some(ms(80)), &mut out);
    missing.requests(ms(10), MOST, |_, _| Some(ms(70)), &mut out);
    assert_eq!(out, [1, 1], "in 70 ms there would be no time for another round trip");
    assert_eq!(missing.arrive(ms(40), 1), Arrival::Repeated);
    assert_eq!(missing.arrive(ms(50), 1), Arrival::Duplicate);
}

#[test]
fn nothing_is_asked_for_twice_that_would_be_too_late() {
    let mut missing = stream();
    missing.arrive(ms(0), 0);
    missing.arrive(ms(0), 3);
    let mut out = Vec::new();
    missing.requests(ms(0), MOST, |_, _| None, &mut out);
    assert_eq!(out, [1, 2], "the first time in any case");
    missing.requests(ms(100), MOST, |number, _| (number == 2).then_some(ms(39)), &mut out);
    assert_eq!(out, [1, 2], "not again");
    missing.arrive(ms(110), 5);
    missing.set_round_trip(MOST + ms(1));
    assert_eq!(asked(&mut missing, ms(110)), [0; 0]);
    missing.set_round_trip(ms(40));
    missing.forget();
    assert_eq!(asked(&mut missing, ms(111)), [0; 0]);
}

#[test]
fn long_gaps_are_pauses() {
    let mut missing = stream();
    missing.arrive(ms(0), 0);
    missing.arrive(ms(0), LIMITS.max_gap + 1);
    assert_eq!(asked(&mut missing, ms(0)).len(), usize::from(LIMITS.max_gap));
    let mut missing = stream();
    missing.arrive(ms(0), 0);
    missing.arrive(ms(0), 2);
    missing.arrive(ms(0), LIMITS.max_gap + 4);
    assert_eq!(asked(&mut missing, ms(0)), [0; 0]);
}

/// Every second packet is missing for `seconds`: how many are asked for.
fn asked_of_half(missing: &mut Missing, seconds: u16, answers: bool) -> usize {
    let mut count = 0;
    for number in 0..seconds * 25 {
        let now = ms(u64::from(number) * 40);
        missing.arrive(now, number * 2);
        for request in asked(missing, now) {
            count += 1;
            if answers {
                missing.arrive(now + ms(40), request);
            }
        }
    }
    count
}

#[test]
fn requests_are_few_in_relation_to_what_arrives() {
    let count = asked_of_half(&mut stream(), 20, true);
    assert!((100..=20 * 25 / 4 + 16).contains(&count), "{count}");
}

#[test]
fn one_who_never_answers_is_hardly_asked() {
    let count = asked_of_half(&mut stream(), 20, false);
    assert!((20..=20 + 4).contains(&count), "{count}");
}

#[test]
fn what_is_remembered_is_bounded_and_forgotten() {
    let mut missing = stream();
    missing.credit = 0;
    for number in 0..1_000_u16 {
        missing.arrive(ms(0), number.wrapping_mul(10));
    }
    assert_eq!(missing.packets.len(), LIMITS.capacity);
    assert_eq!(asked(&mut missing, REMEMBERED), [0; 0]);
    assert!(missing.packets.is_empty());
}

#[test]
fn a_stream_that_begins_anew_has_no_gaps() {
    let mut missing = stream();
    missing.arrive(ms(0), 0);
    missing.arrive(ms(0), 2);
    missing.restart(40_000);
    missing.arrive(ms(0), 40_001);
    assert_eq!(asked(&mut missing, ms(0)), [0; 0]);
    assert_eq!(missing.round_trip, ms(40));
}
