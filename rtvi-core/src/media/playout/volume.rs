//! How loud the bot is played, changing without a click.

use std::time::Duration;

/// How long a change from silence to full takes.
const RAMP: Duration = Duration::from_millis(20);
/// The most that samples are multiplied by.
const MOST: f32 = 4.0;

/// A gain of the app's and one for the time in which the user speaks.
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

    /// Changes samples of `channels` at `rate`; what gets too loud is limited.
    pub(super) fn apply(&mut self, samples: &mut [i16], rate: u32, channels: u16) {
        let wanted = self.gain * self.ducking;
        if self.present == wanted && wanted == 1.0 {
            return;
        }
        let step = 1.0 / (rate as f32 * RAMP.as_secs_f32()).max(1.0);
        for group in samples.chunks_mut(usize::from(channels).max(1)) {
            self.present += (wanted - self.present).clamp(-step, step);
            // The cast limits to what a sample can be.
            group.iter_mut().for_each(|sample| *sample = (f32::from(*sample) * self.present) as i16);
        }
    }
}

/// Not a number counts as no change.
const fn allowed(gain: f32) -> f32 {
    if gain.is_nan() { 1.0 } else { gain.clamp(0.0, MOST) }
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
