//! The bot's voice: a vowel-like sound for every syllable, as long as the words would take.
//!
//! Deterministic and cheap (one table look-up per sample). Pure; knows no messages.

use std::{collections::VecDeque, f32::consts::TAU, sync::LazyLock, time::Duration};

use bytes::{BufMut, Bytes, BytesMut};

use crate::text;

/// Sample rate of the voice.
pub(crate) const RATE: u32 = 24_000;

/// The audio in one chunk, as in a Pipecat server.
pub(crate) const CHUNK: Duration = Duration::from_millis(40);

const SYLLABLE: Duration = Duration::from_millis(150);
const SENTENCE_PAUSE: Duration = Duration::from_millis(250);
const CHUNK_SAMPLES: usize = samples(CHUNK);
const TABLE: usize = 256;
const HARMONICS: usize = 24;
const BASE_PITCH: f32 = 120.0;
const VOLUME: f32 = 9000.0;

/// First and second formant in Hz of the vowels a, e, i, o, u.
const FORMANTS: [(f32, f32); 5] =
    [(750.0, 1200.0), (500.0, 1800.0), (300.0, 2300.0), (480.0, 850.0), (320.0, 800.0)];

static WAVES: LazyLock<[[f32; TABLE]; 5]> =
    LazyLock::new(|| FORMANTS.map(|(first, second)| wave(first, second)));

/// How long the voice takes for `word`.
pub(crate) fn word_length(word: &str) -> Duration {
    SYLLABLE * u32::try_from(text::syllables(word)).unwrap_or(u32::MAX)
}

/// How long the voice takes for `sentence`, including the pause after it.
pub(crate) fn sentence_length(sentence: &str) -> Duration {
    sentence.split_whitespace().map(word_length).sum::<Duration>() + SENTENCE_PAUSE
}

/// How many chunks contain `length`.
pub(crate) fn chunks(length: Duration) -> u32 {
    u32::try_from(length.as_millis().div_ceil(CHUNK.as_millis())).unwrap_or(u32::MAX)
}

/// Loudness of 16-bit PCM, 0 to 1.
pub(crate) fn level(pcm: &[u8]) -> f64 {
    let (samples, _) = pcm.as_chunks::<2>();
    let square = |sample: &[u8; 2]| f64::from(i16::from_le_bytes(*sample)).powi(2);
    let mean = samples.iter().map(square).sum::<f64>() / samples.len().max(1) as f64;
    (mean.sqrt() / 32_768.0 * 10_000.0).round() / 10_000.0
}

/// Speech that is waiting to be turned into samples.
#[derive(Debug, Default)]
pub(crate) struct Voice {
    sounds: VecDeque<Sound>,
    phase: f32,
}

#[derive(Debug)]
struct Sound {
    vowel: Option<usize>,
    pitch: f32,
    position: usize,
    length: usize,
}

impl Voice {
    /// Adds a sentence after the waiting ones.
    pub(crate) fn say(&mut self, sentence: &str) {
        for word in sentence.split_whitespace() {
            let seed: usize = word.bytes().map(usize::from).sum();
            for index in 0..text::syllables(word) {
                let vowel = Some((seed + index) % FORMANTS.len());
                let pitch = BASE_PITCH + f32::from(u8::try_from((seed * 7 + index * 13) % 40).unwrap_or(0));
                self.sounds.push_back(Sound { vowel, pitch, position: 0, length: samples(SYLLABLE) });
            }
        }
        self.sounds.push_back(Sound {
            vowel: None,
            pitch: 0.0,
            position: 0,
            length: samples(SENTENCE_PAUSE),
        });
    }

    /// Discards the waiting sentences.
    pub(crate) fn clear(&mut self) {
        self.sounds.clear();
    }

    /// The next chunk as 16-bit PCM, padded with silence.
    pub(crate) fn chunk(&mut self) -> Bytes {
        let mut pcm = BytesMut::with_capacity(CHUNK_SAMPLES * 2);
        for _ in 0..CHUNK_SAMPLES {
            // The value lies within ±VOLUME.
            pcm.put_i16_le(self.sample() as i16);
        }
        pcm.freeze()
    }

    fn sample(&mut self) -> f32 {
        let Some(sound) = self.sounds.front_mut() else { return 0.0 };
        let value = sound.vowel.map_or(0.0, |vowel| sound.envelope() * table(vowel, self.phase));
        self.phase = (self.phase + sound.pitch / RATE as f32).fract();
        sound.position += 1;
        if sound.position == sound.length {
            self.sounds.pop_front();
        }
        value * VOLUME
    }
}

impl Sound {
    /// Rises for 15 ms, falls for 40 ms.
    fn envelope(&self) -> f32 {
        const RISE: f32 = samples(Duration::from_millis(15)) as f32;
        const FALL: f32 = samples(Duration::from_millis(40)) as f32;
        let rising = self.position as f32 / RISE;
        let falling = (self.length - self.position) as f32 / FALL;
        rising.min(falling).min(1.0)
    }
}

const fn samples(length: Duration) -> usize {
    length.as_millis() as usize * RATE as usize / 1000
}

fn table(vowel: usize, phase: f32) -> f32 {
    let index = (phase * TABLE as f32) as usize % TABLE;
    WAVES.get(vowel).and_then(|wave| wave.get(index)).copied().unwrap_or(0.0)
}

/// One period of a vowel: harmonics of the pitch, strongest near the formants, scaled to ±1.
fn wave(first: f32, second: f32) -> [f32; TABLE] {
    let strength = |frequency: f32| {
        let resonance = |formant: f32, width: f32| (-((frequency - formant) / width).powi(2)).exp();
        resonance(first, 180.0) + 0.4 * resonance(second, 250.0) + 0.05 * (BASE_PITCH / frequency)
    };
    let mut wave = [0.0; TABLE];
    for (index, value) in wave.iter_mut().enumerate() {
        let phase = TAU * index as f32 / TABLE as f32;
        *value = (1..=HARMONICS).map(|k| strength(BASE_PITCH * k as f32) * (phase * k as f32).sin()).sum();
    }
    let peak = wave.iter().fold(f32::MIN_POSITIVE, |peak, value| peak.max(value.abs()));
    wave.map(|value| value / peak)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speech_is_audible_for_as_long_as_the_words_take() {
        let sentence = "Hello, I am ready.";
        assert_eq!(sentence_length(sentence).as_millis(), 6 * 150 + 250);
        let mut voice = Voice::default();
        voice.say(sentence);
        let loud =
            (0..chunks(sentence_length(sentence))).map(|_| voice.chunk()).filter(|c| level(c) > 0.0).count();
        assert_eq!(loud, 23, "900 ms in chunks of 40 ms");
        assert_eq!(level(&voice.chunk()), 0.0);
        voice.say("one");
        let _rising = voice.chunk();
        assert!(level(&voice.chunk()) > 0.03, "above -30 dBFS");
    }

    #[test]
    fn it_is_deterministic_and_can_be_cut() {
        let (mut one, mut other) = (Voice::default(), Voice::default());
        one.say("Good morning.");
        other.say("Good morning.");
        assert_eq!(one.chunk(), other.chunk());
        one.clear();
        assert!(one.chunk().iter().all(|byte| *byte == 0));
    }
}
