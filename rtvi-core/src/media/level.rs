//! How loud audio is, for meters and for distinguishing speech from silence.
//!
//! Pure arithmetic on samples: no clock, no allocation.

use std::time::Duration;

/// The loudness at which a meter shows 0, in decibels relative to full scale. Speech in a quiet
/// room peaks 10 to 30 dB below full scale.
const FLOOR_DB: f32 = -60.0;

/// How long a meter takes to fall from 1 to 0 once the sound has ended.
const RELEASE: Duration = Duration::from_millis(500);

/// How loud a piece of audio is.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    /// Root mean square as a fraction of full scale, 0 to 1. A full-scale sine has 0.707.
    pub rms: f32,
    /// The largest magnitude as a fraction of full scale, 0 to 1.
    pub peak: f32,
}

impl Level {
    /// The level of `samples`, all channels together; zero if there are none.
    pub fn of(samples: &[i16]) -> Self {
        if samples.is_empty() {
            return Self::default();
        }
        let mut peak = 0u16;
        let mut energy = 0u64;
        for &sample in samples {
            let magnitude = sample.unsigned_abs();
            peak = peak.max(magnitude);
            energy += u64::from(u32::from(magnitude) * u32::from(magnitude));
        }
        let rms = (energy as f64 / samples.len() as f64).sqrt() / 32_768.0;
        Self { rms: rms as f32, peak: f32::from(peak) / 32_768.0 }
    }

    /// The level as meters show it: 0 up to -60 dB relative to full scale, 1 at full scale. Between
    /// them it is linear in decibels, so that equal steps sound about equal.
    pub fn value(self) -> f32 {
        if self.rms <= 0.0 {
            return 0.0;
        }
        (1.0 - 20.0 * self.rms.log10() / FLOOR_DB).clamp(0.0, 1.0)
    }
}

/// A level meter that rises at once and falls from 1 to 0 within half a second.
#[derive(Clone, Copy, Debug, Default)]
pub struct LevelMeter {
    value: f32,
}

impl LevelMeter {
    /// Takes the next piece of audio, whose duration is `time`.
    pub fn update(&mut self, samples: &[i16], time: Duration) {
        let fall = time.as_secs_f32() / RELEASE.as_secs_f32();
        self.value = Level::of(samples).value().max(self.value - fall);
    }

    /// What the meter shows, 0 to 1; see [`Level::value`].
    pub const fn value(&self) -> f32 {
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f32, b: f32) -> bool {
        (a - b).abs() < 0.001
    }

    #[test]
    fn measures_known_signals() {
        assert_eq!(Level::of(&[]), Level::default());
        assert_eq!(Level::of(&[0; 100]).value(), 0.0);
        let full = Level::of(&[i16::MIN; 100]);
        assert!(close(full.rms, 1.0) && close(full.peak, 1.0) && close(full.value(), 1.0));
        let square: Vec<i16> = (0..100).map(|i| if i % 2 == 0 { 3277 } else { -3277 }).collect();
        let quiet = Level::of(&square);
        assert!(close(quiet.rms, 0.1) && close(quiet.peak, 0.1));
        assert!(close(quiet.value(), 1.0 - 20.0 / 60.0), "{}", quiet.value());
    }

    #[test]
    fn anything_below_the_floor_is_zero() {
        assert_eq!(Level::of(&[1, -1, 1, -1]).value(), 0.0);
    }

    #[test]
    fn meter_rises_at_once_and_falls_slowly() {
        let mut meter = LevelMeter::default();
        let tick = Duration::from_millis(100);
        meter.update(&[i16::MAX; 10], tick);
        assert!(close(meter.value(), 1.0));
        meter.update(&[0; 10], tick);
        assert!(close(meter.value(), 0.8));
        for _ in 0..5 {
            meter.update(&[0; 10], tick);
        }
        assert_eq!(meter.value(), 0.0);
    }
}
