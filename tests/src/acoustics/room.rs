//! A room between a loudspeaker and a microphone, as an impulse response.

use super::Random;

/// The path of a sound.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// When the sound first arrives, in milliseconds: the delay of the air and of the sound card's
    /// buffers.
    pub delay_ms: u32,
    /// The number of milliseconds after which the reverberation has decayed by 60 dB.
    pub reverberation_ms: u32,
    /// The loudness of the echo, as a fraction.
    pub loudness: f64,
    /// Selects one of the rooms of this kind.
    pub seed: u64,
}

impl Room {
    /// A small office whose echo arrives after `delay_ms`.
    pub const fn office(delay_ms: u32) -> Self {
        Self { delay_ms, reverberation_ms: 160, loudness: 0.4, seed: 7 }
    }

    /// The impulse response, one value per sample.
    fn response(self, rate: f64) -> Vec<f64> {
        let mut random = Random::new(self.seed);
        let decay = 60.0 / 20.0 * std::f64::consts::LN_10 / (f64::from(self.reverberation_ms) / 1_000.0);
        let length = (rate * f64::from(self.reverberation_ms) / 2_000.0) as usize;
        // The reverberation carries half of the power of the direct sound, whatever the rate.
        let density = (decay / rate).sqrt();
        let reflection = |number: usize, random: &mut Random| {
            let time = number as f64 / rate;
            if time < 0.002 { 0.0 } else { random.normal() * density * (-decay * time).exp() }
        };
        let mut response: Vec<f64> =
            (0..length.max(1)).map(|number| reflection(number, &mut random)).collect();
        response[0] = 1.0;
        response.iter_mut().for_each(|value| *value *= self.loudness);
        response
    }

    /// The microphone's recording of `sound`.
    pub fn hear(self, sound: &[i16], sample_rate: u32) -> Vec<i16> {
        let response = self.response(f64::from(sample_rate));
        let delay = (sample_rate * self.delay_ms / 1_000) as usize;
        let mut heard = vec![0.0_f32; sound.len()];
        let response: Vec<f32> = response.iter().map(|value| *value as f32).collect();
        for (number, sample) in sound.iter().enumerate().filter(|(_, sample)| **sample != 0) {
            let Some(rest) = heard.get_mut(number + delay..) else { break };
            let sample = f32::from(*sample);
            rest.iter_mut().zip(&response).for_each(|(slot, value)| *slot += sample * value);
        }
        heard.iter().map(|sample| *sample as i16).collect()
    }
}
