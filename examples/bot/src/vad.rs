//! Voice activity detection by energy, above a noise floor that it learns.
//!
//! Pure. Time is that of the audio, so audio may arrive faster than real time. Accepts 16-bit PCM
//! of any rate and number of channels.

use std::time::Duration;

use rtvi_core::protocol::frame::AudioRawFrame;

/// The length of the windows that are judged loud or quiet.
const WINDOW: Duration = Duration::from_millis(20);

/// Loud windows that start speech: 200 ms.
const START_WINDOWS: u32 = 10;

/// Quiet windows that end speech: 600 ms.
const STOP_WINDOWS: u32 = 30;

/// Quiet windows that end an attempt to start: 100 ms.
const GAP_WINDOWS: u32 = 5;

/// The root mean square below which nothing is loud (full scale is 32768; this is −42 dBFS).
const QUIET: f32 = 260.0;

/// How much louder than the noise floor speech must be: 10 dB.
const MARGIN: f32 = 3.16;

/// A change that the detector noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Activity {
    /// The user has been speaking for 200 ms.
    Started,
    /// The user has been quiet for 600 ms.
    Stopped,
}

/// The detector's state.
#[derive(Debug)]
pub(crate) struct Vad {
    speaking: bool,
    loud: u32,
    quiet: u32,
    floor: f32,
    energy: f64,
    samples: u32,
    level: f32,
    spoken: Duration,
}

impl Default for Vad {
    fn default() -> Self {
        Self {
            speaking: false,
            loud: 0,
            quiet: 0,
            floor: QUIET,
            energy: 0.0,
            samples: 0,
            level: 0.0,
            spoken: Duration::ZERO,
        }
    }
}

impl Vad {
    /// Processes a frame and returns the changes in it, in order. A frame without a rate or
    /// channels is ignored.
    pub(crate) fn feed(&mut self, frame: &AudioRawFrame) -> Vec<Activity> {
        let per_window = frame.sample_rate.saturating_mul(frame.num_channels) / 50;
        if per_window == 0 {
            return Vec::new();
        }
        let mut noticed = Vec::new();
        let (samples, _) = frame.audio.as_chunks::<2>();
        for sample in samples {
            let value = f64::from(i16::from_le_bytes(*sample));
            self.energy += value * value;
            self.samples += 1;
            if self.samples >= per_window {
                let level = (self.energy / f64::from(self.samples)).sqrt() as f32;
                (self.energy, self.samples) = (0.0, 0);
                noticed.extend(self.window(level));
            }
        }
        noticed
    }

    /// Ends speech because no more audio arrives.
    pub(crate) fn silence(&mut self) -> Option<Activity> {
        self.speaking.then(|| self.stop())
    }

    /// True between [`Activity::Started`] and [`Activity::Stopped`].
    pub(crate) fn speaking(&self) -> bool {
        self.speaking
    }

    /// How long the user has spoken in this turn.
    pub(crate) fn spoken(&self) -> Duration {
        self.spoken
    }

    /// Loudness of the last window, 0 to 1.
    pub(crate) fn level(&self) -> f32 {
        (self.level / 32_768.0).min(1.0)
    }

    fn window(&mut self, level: f32) -> Option<Activity> {
        self.level = level;
        let loud = level > QUIET.max(self.floor * MARGIN);
        self.learn(level, loud);
        if loud {
            self.loud += 1;
            self.quiet = 0;
        } else {
            self.quiet += 1;
        }
        if self.speaking {
            self.spoken += WINDOW;
            return (self.quiet >= STOP_WINDOWS).then(|| self.stop());
        }
        if self.quiet >= GAP_WINDOWS {
            self.loud = 0;
        }
        (self.loud >= START_WINDOWS).then(|| self.start())
    }

    /// The floor falls at once. It rises slowly, and only while it is quiet.
    fn learn(&mut self, level: f32, loud: bool) {
        if level < self.floor {
            self.floor = 0.5 * self.floor + 0.5 * level;
        } else if !loud {
            self.floor = 0.95 * self.floor + 0.05 * level;
        }
    }

    fn start(&mut self) -> Activity {
        self.speaking = true;
        self.spoken = WINDOW * START_WINDOWS;
        self.quiet = 0;
        Activity::Started
    }

    fn stop(&mut self) -> Activity {
        self.speaking = false;
        self.loud = 0;
        self.quiet = 0;
        Activity::Stopped
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    fn tone(rate: u32, channels: u32, ms: u32, amplitude: f32) -> AudioRawFrame {
        let count = rate * ms / 1000;
        let sample = |i: u32| (amplitude * (i as f32 * 0.3).sin()) as i16;
        let pcm: Vec<u8> =
            (0..count).flat_map(|i| sample(i).to_le_bytes().repeat(channels as usize)).collect();
        let audio = Bytes::from(pcm);
        AudioRawFrame { audio, sample_rate: rate, num_channels: channels, ..AudioRawFrame::default() }
    }

    #[test]
    fn hears_speech_at_any_rate_and_number_of_channels() {
        for (rate, channels) in [(8000, 1), (16_000, 1), (44_100, 2), (48_000, 1)] {
            let mut vad = Vad::default();
            assert_eq!(vad.feed(&tone(rate, channels, 180, 8000.0)), [], "{rate}");
            assert_eq!(vad.feed(&tone(rate, channels, 60, 8000.0)), [Activity::Started], "{rate}");
            assert_eq!(vad.feed(&tone(rate, channels, 560, 0.0)), [], "{rate}");
            assert_eq!(vad.feed(&tone(rate, channels, 100, 0.0)), [Activity::Stopped], "{rate}");
        }
    }

    #[test]
    fn bridges_the_gaps_between_words() {
        let mut vad = Vad::default();
        assert_eq!(vad.feed(&tone(16_000, 1, 300, 8000.0)), [Activity::Started]);
        for _ in 0..5 {
            assert_eq!(vad.feed(&tone(16_000, 1, 400, 0.0)), []);
            assert_eq!(vad.feed(&tone(16_000, 1, 100, 8000.0)), []);
        }
        assert!(vad.speaking() && vad.spoken() > Duration::from_secs(2));
    }

    #[test]
    fn clicks_and_steady_noise_are_no_speech() {
        let mut vad = Vad::default();
        for _ in 0..10 {
            assert_eq!(vad.feed(&tone(16_000, 1, 60, 20_000.0)), []);
            assert_eq!(vad.feed(&tone(16_000, 1, 200, 0.0)), []);
        }
        let mut vad = Vad::default();
        assert_eq!(vad.feed(&tone(16_000, 1, 3000, 300.0)), []);
        assert_eq!(vad.feed(&tone(16_000, 1, 1000, 8000.0)), [Activity::Started], "louder than the noise");
    }

    #[test]
    fn odd_frames_say_nothing() {
        let mut vad = Vad::default();
        assert_eq!(vad.feed(&AudioRawFrame::default()), []);
        let odd = AudioRawFrame { audio: Bytes::from_static(&[1]), ..tone(16_000, 1, 0, 0.0) };
        assert_eq!(vad.feed(&odd), []);
        assert_eq!(vad.silence(), None);
    }
}
