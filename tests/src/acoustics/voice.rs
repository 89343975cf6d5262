//! Synthetic voices: pulses or noise through the resonances of a mouth, in syllables with pauses.

use std::f64::consts::{PI, TAU};

use super::Random;

/// The loudness, as a root mean square.
const LOUDNESS: f64 = 2_600.0;

/// One syllable.
struct Syllable {
    samples: usize,
    loudness: f64,
    voiced: bool,
    pitch: f64,
    glide: f64,
    /// The resonances, in Hz.
    formants: [f64; 4],
}

impl Syllable {
    fn next(random: &mut Random, rate: f64) -> Self {
        let mut between = |least: f64, most: f64| least + (most - least) * random.fraction();
        let is_pause = between(0.0, 1.0) < 0.18;
        Self {
            samples: (rate * between(0.12, 0.32)) as usize,
            loudness: if is_pause { 0.0 } else { between(0.3, 1.0) },
            voiced: between(0.0, 1.0) < 0.75,
            pitch: between(100.0, 210.0),
            glide: between(-30.0, 30.0),
            formants: [
                between(250.0, 850.0),
                between(900.0, 2_300.0),
                between(2_300.0, 3_200.0),
                between(3_400.0, 4_900.0),
            ],
        }
    }
}

/// A resonance: two poles.
#[derive(Clone, Copy, Default)]
struct Resonator {
    last: f64,
    before: f64,
}

impl Resonator {
    fn step(&mut self, input: f64, frequency: f64, bandwidth: f64, rate: f64) -> f64 {
        let radius = (-PI * bandwidth / rate).exp();
        let feedback = 2.0 * radius * (TAU * frequency / rate).cos();
        let next = input * (1.0 - radius) + feedback * self.last - radius * radius * self.before;
        (self.before, self.last) = (self.last, next);
        next
    }
}

/// Generates `seconds` of the voice for `seed`.
pub fn voice(seed: u64, sample_rate: u32, seconds: usize) -> Vec<i16> {
    let (rate, mut random) = (f64::from(sample_rate), Random::new(seed));
    let wanted = sample_rate as usize * seconds;
    let mut sound = Vec::with_capacity(wanted);
    let (mut mouth, mut phase) = ([Resonator::default(); 4], 0.0);
    while sound.len() < wanted {
        let syllable = Syllable::next(&mut random, rate);
        for number in 0..syllable.samples {
            let time = number as f64 / syllable.samples as f64;
            phase += (syllable.pitch + syllable.glide * time) / rate;
            let pulse = if phase >= 1.0 { 1.0 } else { 0.0 };
            phase %= 1.0;
            let breath = random.normal();
            let source = if syllable.voiced { pulse + 0.01 * breath } else { 0.1 * breath };
            let mut sum = 0.0;
            for (index, (resonator, frequency)) in mouth.iter_mut().zip(syllable.formants).enumerate() {
                let order = index as f64;
                sum += resonator.step(source, frequency, 60.0 + 60.0 * order, rate) / (1.0 + order);
            }
            sound.push(sum * (time * PI).sin().powf(0.6) * syllable.loudness);
        }
    }
    sound.truncate(wanted);
    let loudness = (sound.iter().map(|sample| sample * sample).sum::<f64>() / wanted as f64).sqrt();
    sound.iter().map(|sample| (sample / loudness * LOUDNESS).clamp(-30_000.0, 30_000.0) as i16).collect()
}

/// Generates steady noise with this root mean square.
pub fn hiss(seed: u64, loudness: f64, samples: usize) -> Vec<i16> {
    let mut random = Random::new(seed);
    (0..samples).map(|_| (random.normal() * loudness) as i16).collect()
}
