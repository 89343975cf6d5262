//! When each call begins.
//!
//! Pure. The plan does not depend on how earlier calls fare (an open loop): a slow bot gets its
//! callers at the same times as a fast one.

use std::time::Duration;

/// The most calls of a run.
pub const MAX_CALLS: u32 = 100_000;

/// A time that no run reaches.
const FAR: Duration = Duration::from_secs(86_400 * 365);

/// How calls arrive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arrivals {
    /// How many calls there are.
    pub calls: u32,
    /// How many calls begin in a second. Without a rate, they are spread evenly over the ramp, or
    /// all begin at once.
    pub rate: Option<f64>,
    /// With a rate: how long the rate rises from zero. Without: over which time the calls spread.
    pub ramp: Duration,
}

impl Arrivals {
    /// When this call begins, counted from the beginning of the run; the first is 0.
    pub fn at(&self, call: u32) -> Duration {
        let (index, ramp) = (f64::from(call), self.ramp.as_secs_f64());
        let seconds = match self.rate {
            None => ramp * index / f64::from(self.calls.max(1)),
            Some(rate) => {
                let in_ramp = rate * ramp / 2.0;
                if index < in_ramp {
                    (2.0 * ramp * index / rate).sqrt()
                } else {
                    ramp + (index - in_ramp) / rate
                }
            }
        };
        Duration::try_from_secs_f64(seconds).unwrap_or(FAR).min(FAR)
    }

    /// When the last call begins.
    pub fn last(&self) -> Duration {
        self.at(self.calls.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(calls: u32, rate: Option<f64>, ramp: u64) -> Vec<f64> {
        let arrivals = Arrivals { calls, rate, ramp: Duration::from_secs(ramp) };
        (0..calls).map(|call| (arrivals.at(call).as_secs_f64() * 1000.0).round() / 1000.0).collect()
    }

    #[test]
    fn calls_come_at_once_spread_or_at_a_rate() {
        assert_eq!(plan(3, None, 0), [0.0, 0.0, 0.0]);
        assert_eq!(plan(4, None, 2), [0.0, 0.5, 1.0, 1.5]);
        assert_eq!(plan(4, Some(10.0), 0), [0.0, 0.1, 0.2, 0.3]);
    }

    #[test]
    fn a_rate_rises_during_the_ramp() {
        // In 4 s the rate rises to 2 a second: 4 calls, then one each half second.
        assert_eq!(plan(7, Some(2.0), 4), [0.0, 2.0, 2.828, 3.464, 4.0, 4.5, 5.0]);
        let arrivals = Arrivals { calls: 7, rate: Some(2.0), ramp: Duration::from_secs(4) };
        assert_eq!(arrivals.last(), Duration::from_secs(5));
    }

    #[test]
    fn odd_rates_do_not_panic() {
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e-300] {
            let arrivals = Arrivals { calls: 2, rate: Some(rate), ramp: Duration::ZERO };
            let _ = (arrivals.at(0), arrivals.at(1), arrivals.last());
        }
        assert_eq!(Arrivals { calls: 0, rate: None, ramp: Duration::ZERO }.last(), Duration::ZERO);
    }
}
