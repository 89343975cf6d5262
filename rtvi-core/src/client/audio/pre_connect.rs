//! What the user says before the session is ready.

use std::{collections::VecDeque, time::Duration};

use crate::{error::Error, media::AudioSource};

use super::drops::Amount;

/// How much is read from the source at once.
const PIECE: Duration = Duration::from_millis(10);

/// A microphone that records already, though nobody takes its audio yet.
pub(super) struct PreConnect {
    source: Box<dyn AudioSource>,
    samples: VecDeque<i16>,
    /// How many samples are kept: the newest.
    cap: usize,
    /// How many samples were dropped since.
    dropped: usize,
    piece: Vec<i16>,
}

impl PreConnect {
    /// Starts the source and keeps up to `cap` of what it gives.
    pub(super) fn begin(
        mut source: Box<dyn AudioSource>,
        cap: Duration,
    ) -> Result<Self, (Box<dyn AudioSource>, Error)> {
        if let Err(error) = source.start() {
            return Err((source, error));
        }
        let format = source.format();
        let piece = vec![0; format.samples_in(PIECE).max(1)];
        Ok(Self { source, samples: VecDeque::new(), cap: format.samples_in(cap), dropped: 0, piece })
    }

    /// Takes what the source has; `time` has passed since the last call.
    pub(super) fn tick(&mut self, time: Duration) {
        let mut left = self.source.available().unwrap_or_else(|| self.source.format().samples_in(time));
        while left > 0 {
            let wanted = left.min(self.piece.len());
            let Some(piece) = self.piece.get_mut(..wanted) else { return };
            let read = self.source.read(piece).min(wanted);
            if read == 0 {
                return;
            }
            self.samples.extend(piece.iter().take(read));
            left -= read;
            let old = self.samples.len().saturating_sub(self.cap);
            self.samples.drain(..old);
            self.dropped += old;
        }
    }

    /// How much was dropped, as the oldest of more than is kept.
    pub(super) fn dropped(&self) -> Amount {
        let time = self.source.format().duration_of(self.dropped);
        Amount { time, count: (self.dropped.div_ceil(self.piece.len().max(1))) as u64 }
    }

    /// Stops the source and forgets what it gave.
    pub(super) fn cancel(mut self) -> Box<dyn AudioSource> {
        self.source.stop();
        self.source
    }

    /// Gives the source, which runs, and what it gave.
    pub(super) fn finish(self) -> (Box<dyn AudioSource>, Vec<i16>) {
        (self.source, self.samples.into())
    }
}

#[cfg(test)]
mod tests {
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
}
