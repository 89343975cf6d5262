//! The volume of the bot, which changes without a click.

use std::time::Duration;

/// How long a change from silence to full volume takes.
const RAMP: Duration = Duration::from_millis(20);
/// The largest gain.
const MAX_GAIN: f32 = 4.0;

/// The gain that the app chose, and the one while the user speaks.
#[derive(Debug)]
pub(super) struct Volume {
    gain: f32,
    ducking: f32,
    present: f32,
}

impl Default for Volume {
    fn default() -> Self {
        Self { gain: 1.0, ducking: 1.0, present: 1.0 }
    }
}

impl Volume {
    pub(super) fn new(gain: f32) -> Self {
        let gain = allowed(gain);
        Self { gain, ducking: 1.0, present: gain }
    }

    pub(super) fn set_gain(&mut self, gain: f32) {
        self.gain = allowed(gain);
    }

    pub(super) fn set_ducking(&mut self, ducking: f32) {
        self.ducking = allowed(ducking);
    }

    /// Applies the gain to interleaved samples. Limits samples that get too loud.
    pub(super) fn apply(&mut self, samples: &mut [i16], rate: u32, channels: u16) {
        let wanted = self.gain * self.ducking;
        if self.present == wanted && wanted == 1.0 {
            return;
        }
        let step = 1.0 / (rate as f32 * RAMP.as_secs_f32()).max(1.0);
        for group in samples.chunks_mut(usize::from(channels).max(1)) {
            self.present += (wanted - self.present).clamp(-step, step);
            // The cast saturates.
            group.iter_mut().for_each(|sample| *sample = (f32::from(*sample) * self.present) as i16);
        }
    }
}

/// Limits a gain; NaN means no change.
const fn allowed(gain: f32) -> f32 {
    if gain.is_nan() { 1.0 } else { gain.clamp(0.0, MAX_GAIN) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_in_small_steps_and_limits() {
        let mut volume = Volume::default();
        let mut samples = [10_000_i16; 640];
        volume.apply(&mut samples, 16_000, 1);
        assert_eq!(samples, [10_000; 640]);
        volume.set_gain(0.5);
        volume.apply(&mut samples, 16_000, 1);
        assert!(samples.windows(2).all(|pair| pair[0].abs_diff(pair[1]) < 50));
        assert_eq!(samples[639], 5_000);
        volume.set_ducking(0.0);
        samples.fill(10_000);
        volume.apply(&mut samples, 16_000, 1);
        assert_eq!(samples[639], 0);
        volume.set_ducking(1.0);
        for (gain, wanted) in [(9.0, 32_767), (f32::NAN, 10_000), (-1.0, 0)] {
            volume.set_gain(gain);
            samples.fill(10_000);
            volume.apply(&mut samples, 4_000, 1);
            assert_eq!(samples[639], wanted, "{gain}");
        }
    }
}
