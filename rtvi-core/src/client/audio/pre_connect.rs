//! The user's audio before the session is ready.
//!
//! Pure: the audio task calls it with each tick.

use std::{collections::VecDeque, time::Duration};

use crate::{
    error::Error,
    media::{AudioFormat, AudioSource, Resampler},
};

use super::drops::Amount;

/// How much is read from the source at once.
const PIECE: Duration = Duration::from_millis(10);

/// A microphone that records before a transport takes its audio.
pub(super) struct PreConnect {
    source: Box<dyn AudioSource>,
    /// The format of `samples`.
    format: AudioFormat,
    samples: VecDeque<i16>,
    /// How much is kept: the newest.
    limit: Duration,
    dropped: Duration,
    piece: Vec<i16>,
}

impl PreConnect {
    /// Starts the source and keeps the last `limit` of its audio.
    pub(super) fn begin(
        mut source: Box<dyn AudioSource>,
        limit: Duration,
    ) -> Result<Self, (Box<dyn AudioSource>, Error)> {
        if let Err(error) = source.start() {
            return Err((source, error));
        }
        let (format, piece) = (source.format(), Vec::new());
        Ok(Self { source, format, samples: VecDeque::new(), limit, dropped: Duration::ZERO, piece })
    }

    /// Takes the audio that the source has; `time` has passed since the last call. A source of an
    /// unsupported format waits; the session reports it.
    pub(super) fn tick(&mut self, time: Duration) {
        let available = self.source.available();
        if !self.source.format().is_supported() {
            return;
        }
        self.follow_format();
        let mut left = available.unwrap_or_else(|| self.format.samples_in(time));
        let limit = self.format.samples_in(self.limit);
        while left > 0 {
            let wanted = left.min(self.piece.len());
            let Some(piece) = self.piece.get_mut(..wanted) else { return };
            let read = self.source.read(piece).min(wanted);
            if read == 0 {
                return;
            }
            self.samples.extend(piece.iter().take(read));
            left -= read;
            let old = self.samples.len().saturating_sub(limit);
            self.samples.drain(..old);
            self.dropped += self.format.duration_of(old);
        }
    }

    /// Prepares for the source's format, and converts the samples so far when it has changed.
    fn follow_format(&mut self) {
        let format = self.source.format();
        if format == self.format && !self.piece.is_empty() {
            return;
        }
        let mut converted = Vec::new();
        if let Ok(mut resampler) = Resampler::new(self.format, format) {
            resampler.process(self.samples.make_contiguous(), &mut converted);
            resampler.finish(&mut converted);
        }
        self.samples = converted.into();
        self.piece.resize(format.samples_in(PIECE).max(1), 0);
        self.format = format;
    }

    /// How much was dropped: the oldest audio beyond the limit.
    pub(super) fn dropped(&self) -> Amount {
        Amount::in_frames(self.dropped, PIECE)
    }

    /// Stops the source and discards its audio.
    pub(super) fn cancel(mut self) -> Box<dyn AudioSource> {
        self.source.stop();
        self.source
    }

    /// The running source, and its audio so far.
    pub(super) fn finish(self) -> (Box<dyn AudioSource>, Vec<i16>) {
        (self.source, self.samples.into())
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::media::{AudioFormat, PcmPace, PcmSource};

    const FORMAT: AudioFormat = AudioFormat::mono(16_000);

    #[test]
    fn keeps_the_newest_in_order() {
        for pace in [PcmPace::Live, PcmPace::Paced] {
            let (mut input, source) = PcmSource::new(FORMAT, pace).unwrap();
            let Ok(mut early) = PreConnect::begin(Box::new(source), Duration::from_millis(50)) else {
                panic!("a source of the app's always starts")
            };
            for value in 0..10 {
                input.push(&[value; 320]);
                early.tick(Duration::from_millis(20));
            }
            assert_eq!(early.dropped(), Amount { time: Duration::from_millis(150), count: 15 });
            let (_, kept) = early.finish();
            assert_eq!((kept.len(), kept[0], kept[159], kept[160], kept[799]), (800, 7, 7, 8, 9));
        }
    }

    /// A live source with 20 ms of a level for each tick, whose rate halves after five ticks.
    struct Replaced(Cell<usize>);

    impl AudioSource for Replaced {
        fn format(&self) -> AudioFormat {
            AudioFormat::mono(if self.0.get() > 5 { 8_000 } else { 16_000 })
        }

        fn start(&mut self) -> Result<(), Error> {
            Ok(())
        }

        fn available(&self) -> Option<usize> {
            self.0.update(|ticks| ticks + 1);
            Some(self.format().samples_in(Duration::from_millis(20)))
        }

        fn read(&mut self, out: &mut [i16]) -> usize {
            out.fill(5_000);
            out.len()
        }

        fn is_finished(&self) -> bool {
            false
        }

        fn stop(&mut self) {}
    }

    #[test]
    fn keeps_what_was_said_when_the_device_is_replaced() {
        let source = Box::new(Replaced(Cell::new(0)));
        let Ok(mut early) = PreConnect::begin(source, Duration::from_secs(1)) else {
            panic!("this source always starts")
        };
        (0..10).for_each(|_| early.tick(Duration::from_millis(20)));
        let (_, kept) = early.finish();
        assert_eq!(kept.len(), 1_600, "200 ms at 8 kHz");
        assert!(kept[100..700].iter().chain(&kept[900..]).all(|sample| sample.abs_diff(5_000) < 10));
    }
}
