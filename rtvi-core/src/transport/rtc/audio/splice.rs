//! Joins the streams that a server sends one after another into one, for the jitter buffer.
//!
//! Pure. A server may change the source of its audio in mid-call: numbers and timestamps begin somewhere else then (RFC 3550 §8.2). The
//! new ones go on where the old ones ended, so that nothing that waits is lost and nothing new counts as late.

use std::{collections::VecDeque, time::Duration};

/// The clock of Opus timestamps, in ticks per millisecond (RFC 7587 §4.1).
const TICKS: u32 = 48;
/// How far timestamps go on at least: the length of a packet.
const PACKET: u32 = 20 * TICKS;
/// How long the present source must have been quiet until one that was left is taken again.
const QUIET: Duration = Duration::from_millis(500);
/// How far back numbers of a source can be told from those before it.
const MEMORY: u16 = u16::MAX / 4;
/// How many sources that were left are remembered. One that is forgotten counts as new.
const MOST_LEFT: usize = 8;

/// One stream of packets out of several.
#[derive(Debug, Default)]
pub(super) struct Splice {
    present: Option<Source>,
    left: VecDeque<u32>,
    /// The newest packet, with its joined numbers and when it came.
    newest: (u16, u32, Duration),
}

/// The source that is heard.
#[derive(Clone, Copy, Debug)]
struct Source {
    ssrc: u32,
    /// What is added to its numbers and timestamps.
    shift: (u16, u32),
    /// Its first number, joined; later one that moves along, since numbers wrap around.
    first: u16,
    heard_at: Duration,
}

impl Splice {
    /// The joined number and timestamp of a packet that arrived at `now`. `None` when it belongs to a source that was left for another,
    /// which is still heard: then two are sent at once, and one is played.
    pub(super) fn join(
        &mut self,
        now: Duration,
        ssrc: u32,
        number: u16,
        timestamp: u32,
    ) -> Option<(u16, u32)> {
        let source = match self.present {
            Some(present) if present.ssrc == ssrc => present,
            Some(present) if self.is_left(now, present, ssrc) => return None,
            present => self.begin(now, present, ssrc, (number, timestamp)),
        };
        let joined = (number.wrapping_add(source.shift.0), timestamp.wrapping_add(source.shift.1));
        let is_far = (MEMORY..u16::MAX / 2).contains(&joined.0.wrapping_sub(source.first));
        let first = if is_far { joined.0.wrapping_sub(MEMORY) } else { source.first };
        self.present = Some(Source { heard_at: now, first, ..source });
        // A packet from behind is older, wherever the numbers begin.
        if joined.0.wrapping_sub(self.newest.0) < u16::MAX / 2 {
            self.newest = (joined.0, joined.1, now);
        }
        Some(joined)
    }

    fn is_left(&self, now: Duration, present: Source, ssrc: u32) -> bool {
        self.left.contains(&ssrc) && now.saturating_sub(present.heard_at) < QUIET
    }

    fn begin(&mut self, now: Duration, before: Option<Source>, ssrc: u32, first: (u16, u32)) -> Source {
        let Some(before) = before else {
            self.newest = (first.0, first.1, now);
            return Source { ssrc, shift: (0, 0), first: first.0, heard_at: now };
        };
        self.left.retain(|left| *left != ssrc);
        if self.left.len() == MOST_LEFT {
            self.left.pop_front();
        }
        self.left.push_back(before.ssrc);
        let (number, timestamp, at) = self.newest;
        let millis = u32::try_from(now.saturating_sub(at).as_millis()).unwrap_or(u32::MAX);
        let next = (number.wrapping_add(1), timestamp.wrapping_add(millis.wrapping_mul(TICKS).max(PACKET)));
        let shift = (next.0.wrapping_sub(first.0), next.1.wrapping_sub(first.1));
        self.newest = (next.0, next.1, now);
        Source { ssrc, shift, first: next.0, heard_at: now }
    }

    /// The source that is heard, and its own number of a joined one; `None` for numbers of a source that was left.
    pub(super) fn origin(&self, joined: u16) -> Option<(u32, u16)> {
        let present = self.present?;
        let is_its_own = joined.wrapping_sub(present.first) < u16::MAX / 2;
        is_its_own.then(|| (present.ssrc, joined.wrapping_sub(present.shift.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn one_source_passes_as_it_is() {
        let mut splice = Splice::default();
        for (at, number, timestamp) in [(0, 65_534, 7), (20, 65_535, 967), (40, 1, 2_887), (45, 0, 1_927)] {
            assert_eq!(splice.join(ms(at), 1, number, timestamp), Some((number, timestamp)));
        }
        assert_eq!(splice.origin(0), Some((1, 0)));
    }

    #[test]
    fn another_source_goes_on_where_the_first_one_was() {
        let mut splice = Splice::default();
        splice.join(ms(0), 1, 100, 1_000);
        splice.join(ms(20), 1, 101, 1_960);
        assert_eq!(splice.join(ms(40), 2, 40_000, 4_000_000_000), Some((102, 2_920)));
        assert_eq!(splice.join(ms(60), 2, 40_001, 4_000_000_960), Some((103, 3_880)));
        assert_eq!(splice.origin(103), Some((2, 40_001)));
        assert_eq!(splice.origin(101), None, "it was another's");
        // After a pause, the timestamps tell of it.
        assert_eq!(splice.join(ms(1_060), 3, 5, 5), Some((104, 3_880 + 48_000)));
        // At the same moment, they go on by a packet.
        assert_eq!(splice.join(ms(1_060), 4, 9, 9), Some((105, 3_880 + 48_000 + 960)));
    }

    #[test]
    fn numbers_of_a_long_call_have_an_origin() {
        let mut splice = Splice::default();
        for packet in 0..200_000_u32 {
            let number = u16::try_from(packet % 65_536).unwrap();
            splice.join(ms(u64::from(packet) * 20), 1, number, packet.wrapping_mul(960));
            let recent = number.wrapping_sub(if packet > 50 { 50 } else { 0 });
            assert_eq!(splice.origin(recent), Some((1, recent)), "after {packet} packets");
        }
    }

    #[test]
    fn of_two_at_once_the_later_one_is_heard_until_it_is_quiet() {
        let mut splice = Splice::default();
        splice.join(ms(0), 1, 1, 0);
        assert_eq!(splice.join(ms(20), 2, 1, 0).map(|joined| joined.0), Some(2));
        for at in (40..1_000).step_by(20) {
            assert_eq!(splice.join(ms(at), 1, 2, 0), None);
            assert!(splice.join(ms(at), 2, 2, 0).is_some());
        }
        assert_eq!(splice.join(ms(1_400), 1, 50, 0), None);
        assert!(splice.join(ms(1_480), 1, 54, 0).is_some(), "the other one is gone");
        assert_eq!(splice.join(ms(1_500), 2, 60, 0), None);
    }

    #[test]
    fn little_is_remembered() {
        let mut splice = Splice::default();
        for source in 0..1_000 {
            assert!(splice.join(ms(0), source, 1, 0).is_some());
        }
        assert_eq!(splice.left.len(), MOST_LEFT);
    }

    proptest::proptest! {
        #[test]
        fn numbers_of_the_present_source_lead_back_to_it(packets: Vec<(u8, u16, u32)>) {
            let mut splice = Splice::default();
            for (source, number, timestamp) in packets {
                if let Some((joined, _)) = splice.join(ms(0), u32::from(source), number, timestamp)
                    && let Some(origin) = splice.origin(joined) {
                    assert_eq!(origin, (u32::from(source), number));
                }
            }
        }
    }
}
