//! Measured times: each value is kept, so every percentile is exact and reports merge without loss.
//!
//! Pure. A value is kept in tenths of a millisecond, with how often it occurred. Memory grows with
//! the number of different values only.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Units in a millisecond.
const UNITS: f64 = 10.0;

/// How often each time was measured.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<u32, u64>);

impl Counts {
    /// Adds a measured time, rounded to a tenth of a millisecond. A time beyond 119 hours counts as
    /// that.
    pub fn record(&mut self, time: Duration) {
        self.record_many(time, 1);
    }

    /// Adds a time that was measured `times` times.
    pub fn record_many(&mut self, time: Duration, times: u64) {
        let units = u32::try_from((time.as_micros() + 50) / 100).unwrap_or(u32::MAX);
        self.add_units(units, times);
    }

    /// Adds everything that was measured elsewhere.
    pub fn merge(&mut self, other: &Self) {
        for (units, times) in &other.0 {
            self.add_units(*units, *times);
        }
    }

    fn add_units(&mut self, units: u32, times: u64) {
        if times > 0 {
            let count = self.0.entry(units).or_default();
            *count = count.saturating_add(times);
        }
    }

    /// How many times were measured.
    pub fn len(&self) -> u64 {
        self.0.values().fold(0, |sum, count| sum.saturating_add(*count))
    }

    /// Whether nothing was measured.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The smallest measured time that at least this share of all times does not exceed, in
    /// milliseconds. `None` if nothing was measured.
    pub fn percentile(&self, percent: f64) -> Option<f64> {
        let rank = (percent / 100.0 * self.len() as f64).ceil().max(1.0) as u64;
        let mut passed = 0_u64;
        for (units, count) in &self.0 {
            passed = passed.saturating_add(*count);
            if passed >= rank {
                return Some(f64::from(*units) / UNITS);
            }
        }
        self.max()
    }

    /// The longest measured time in milliseconds.
    pub fn max(&self) -> Option<f64> {
        self.0.last_key_value().map(|(units, _)| f64::from(*units) / UNITS)
    }

    /// The figures that a report shows.
    pub fn percentiles(&self) -> Percentiles {
        Percentiles {
            p50: self.percentile(50.0),
            p90: self.percentile(90.0),
            p95: self.percentile(95.0),
            p99: self.percentile(99.0),
            max: self.max(),
            count: self.len(),
        }
    }

    /// Each measured time in milliseconds with its count, shortest first.
    pub fn iter(&self) -> impl Iterator<Item = (f64, u64)> + '_ {
        self.0.iter().map(|(units, count)| (f64::from(*units) / UNITS, *count))
    }
}

impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Counts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut counts = Self::default();
        for (millis, times) in Vec::<(f64, u64)>::deserialize(deserializer)? {
            // The cast limits what is out of range, and NaN becomes 0.
            counts.add_units((millis * UNITS).round() as u32, times);
        }
        Ok(counts)
    }
}

/// Percentiles in milliseconds; `None` if nothing was measured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Percentiles {
    /// Half of the times are at most this long.
    pub p50: Option<f64>,
    /// 90 % of the times are at most this long.
    pub p90: Option<f64>,
    /// 95 % of the times are at most this long.
    pub p95: Option<f64>,
    /// 99 % of the times are at most this long.
    pub p99: Option<f64>,
    /// The longest time.
    pub max: Option<f64>,
    /// How many times were measured.
    pub count: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(millis: impl IntoIterator<Item = u64>) -> Counts {
        let mut counts = Counts::default();
        millis.into_iter().for_each(|ms| counts.record(Duration::from_millis(ms)));
        counts
    }

    #[test]
    fn percentiles_are_measured_values() {
        let all = counts(1..=1_000).percentiles();
        let expected = Percentiles {
            p50: Some(500.0),
            p90: Some(900.0),
            p95: Some(950.0),
            p99: Some(990.0),
            max: Some(1_000.0),
            count: 1_000,
        };
        assert_eq!(all, expected);
        assert_eq!(counts([7]).percentiles().p99, Some(7.0));
        assert_eq!(counts([1, 2]).percentile(50.0), Some(1.0));
        assert_eq!(counts([1, 2]).percentile(51.0), Some(2.0));
        assert_eq!(counts([]).percentiles(), Percentiles::default());
    }

    #[test]
    fn parts_merge_to_the_whole() {
        let mut merged = counts((1..500).map(|ms| ms * 3));
        merged.merge(&counts((1..700).map(|ms| ms * 2)));
        let whole = counts((1..500).map(|ms| ms * 3).chain((1..700).map(|ms| ms * 2)));
        assert_eq!(merged, whole);
    }

    #[test]
    fn json_loses_nothing() {
        let mut counts = Counts::default();
        counts.record(Duration::from_micros(12_340));
        counts.record_many(Duration::from_micros(1_250), 3);
        counts.record(Duration::from_secs(1_000_000));
        let json = serde_json::to_string(&counts).expect("it is JSON");
        assert_eq!(json, "[[1.3,3],[12.3,1],[429496729.5,1]]");
        assert_eq!(serde_json::from_str::<Counts>(&json).expect("it was written so"), counts);
        for odd in ["[[-5,1]]", "[[1e300,1]]", "[[1,18446744073709551615],[1,2],[2,9]]"] {
            let odd: Counts = serde_json::from_str(odd).expect("odd, but numbers");
            assert!(odd.percentiles().count > 0);
        }
        assert!(serde_json::from_str::<Counts>("[[1]]").is_err());
    }
}
