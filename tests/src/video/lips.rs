//! Whether a bot's picture and its sound belong together: a display and a speaker that note when the
//! avatar of `video_bot.py` turns white, and when it sounds.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use rtvi_core::{
    Error,
    media::{
        AudioFormat, AudioSink,
        video::{VideoAccepts, VideoOutput, VideoPixels, VideoSink},
    },
};

/// From here on, a picture is white (of 255).
const WHITE: u8 = 150;
/// From here on, a sample is part of a tone.
const LOUD: u16 = 3_000;
/// A tone has ended when it was quiet for so long.
const QUIET: Duration = Duration::from_millis(200);
/// A sound further away belongs to another picture.
const NEAR: Duration = Duration::from_millis(500);

/// When something began, each time.
#[derive(Clone, Debug, Default)]
pub struct Moments(Arc<Mutex<Vec<Instant>>>);

impl Moments {
    /// All so far.
    pub fn all(&self) -> Vec<Instant> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// By how many milliseconds each of these is later than the nearest of `others`.
    pub fn after(&self, others: &Self) -> Vec<f64> {
        let others = others.all();
        let signed = |one: Instant, other: Instant| {
            let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
            millis(one.saturating_duration_since(other)) - millis(other.saturating_duration_since(one))
        };
        let nearest = |one: &Instant| {
            let offsets = others.iter().map(|other| signed(*one, *other));
            offsets
                .min_by(|a, b| a.abs().total_cmp(&b.abs()))
                .filter(|offset| offset.abs() < NEAR.as_millis() as f64)
        };
        self.all().iter().filter_map(nearest).collect()
    }

    fn note(&self, at: Instant) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(at);
    }
}

/// A display that notes when the picture turns white.
#[derive(Debug)]
pub struct Eye {
    white: Moments,
    is_white: bool,
}

impl Eye {
    /// A display that notes in `white`.
    pub const fn new(white: Moments) -> Self {
        // A call may begin in the middle of a white picture.
        Self { white, is_white: true }
    }
}

impl VideoSink for Eye {
    fn accepts(&self) -> VideoAccepts {
        VideoAccepts::Pixels
    }

    fn write(&mut self, output: VideoOutput) {
        let VideoOutput::Pixels(frame) = output else { return };
        let VideoPixels::I420([luma, ..]) = &frame.pixels else { return };
        let middle = luma.data.get(luma.stride * frame.height as usize / 2 + frame.width as usize / 2);
        let is_white = middle.is_some_and(|luma| *luma >= WHITE);
        if is_white && !self.is_white {
            self.white.note(Instant::now());
        }
        self.is_white = is_white;
    }

    fn stop(&mut self) {}
}

/// A speaker that notes when a tone begins.
#[derive(Debug)]
pub struct Ear {
    tones: Moments,
    /// How many samples were quiet since the last loud one.
    quiet: usize,
}

impl Ear {
    const FORMAT: AudioFormat = AudioFormat::mono(48_000);

    /// A speaker that notes in `tones`.
    pub const fn new(tones: Moments) -> Self {
        Self { tones, quiet: 0 }
    }
}

impl AudioSink for Ear {
    fn format(&self) -> AudioFormat {
        Self::FORMAT
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn wanted(&self) -> Option<usize> {
        None
    }

    fn write(&mut self, samples: &[i16]) {
        let now = Instant::now();
        for (index, sample) in samples.iter().enumerate() {
            if sample.unsigned_abs() < LOUD {
                self.quiet += 1;
            } else if std::mem::take(&mut self.quiet) > Self::FORMAT.samples_in(QUIET) {
                self.tones.note(now + Self::FORMAT.duration_of(index));
            }
        }
    }

    fn flush(&mut self) {}

    fn stop(&mut self) {}
}
