//! A camera and a display that follow each picture of the test pattern by its number.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use rtvi_core::{
    Error,
    media::video::{VideoAccepts, VideoFormat, VideoInput, VideoOutput, VideoSink, VideoSource},
};
use rtvi_video::PatternSource;

/// The numbers of pictures, and when each was seen.
#[derive(Clone, Debug, Default)]
pub struct Times(Arc<Mutex<BTreeMap<u16, Instant>>>);

impl Times {
    /// All pictures so far.
    pub fn get(&self) -> MutexGuard<'_, BTreeMap<u16, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// When the first picture was seen.
    pub fn first(&self) -> Option<Instant> {
        self.get().values().min().copied()
    }

    /// The longest pause between two pictures.
    pub fn longest_pause(&self) -> Duration {
        let mut times: Vec<Instant> = self.get().values().copied().collect();
        times.sort_unstable();
        times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default()
    }

    /// How long each of these pictures took until `later` saw it, the shortest time first. Those
    /// that it never saw are left out.
    pub fn until(&self, later: &Self) -> Vec<Duration> {
        let (given, shown) = (self.get(), later.get());
        let took = |(number, at): (&u16, &Instant)| Some(shown.get(number)?.saturating_duration_since(*at));
        let mut times: Vec<Duration> = given.iter().filter_map(took).collect();
        times.sort_unstable();
        times
    }
}

/// A camera that sees the test pattern, and notes when it gave each picture.
#[derive(Debug)]
pub struct NumberedCamera {
    pattern: PatternSource,
    given: Times,
}

impl NumberedCamera {
    /// A camera that notes in `given`.
    pub fn new(given: Times) -> Self {
        Self { pattern: PatternSource::new(), given }
    }
}

impl VideoSource for NumberedCamera {
    fn start(&mut self, wanted: VideoFormat) -> Result<(), Error> {
        self.pattern.start(wanted)
    }

    fn read(&mut self) -> Option<VideoInput> {
        let input = self.pattern.read()?;
        if let VideoInput::Pixels(frame) = &input
            && let Some(number) = PatternSource::number(frame)
        {
            self.given.get().insert(number, Instant::now());
        }
        Some(input)
    }

    fn failure(&self) -> Option<Error> {
        self.pattern.failure()
    }

    fn stop(&mut self) {
        self.pattern.stop();
    }
}

/// A display that reads the numbers of the pictures, and notes when it showed each first.
#[derive(Debug)]
pub struct NumberedDisplay(Times);

impl NumberedDisplay {
    /// A display that notes in `shown`.
    pub const fn new(shown: Times) -> Self {
        Self(shown)
    }
}

impl VideoSink for NumberedDisplay {
    fn accepts(&self) -> VideoAccepts {
        VideoAccepts::Pixels
    }

    fn write(&mut self, output: VideoOutput) {
        let VideoOutput::Pixels(frame) = output else { return };
        if let Some(number) = PatternSource::number(&frame) {
            self.0.get().entry(number).or_insert_with(Instant::now);
        }
    }

    fn stop(&mut self) {}
}
