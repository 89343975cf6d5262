//! The bot's audio on its way to the app's sink.
//!
//! Pure: the audio task calls it with each tick and reports the events that it returns.

use std::{sync::Arc, time::Duration};

use crate::{
    client::machine::DeviceKind,
    media::{AudioFormat, AudioSink, Playout},
};

use super::{TICK, drops::Amount, format_watch::FormatWatch, messages::AudioEvent};

/// The format in which the bot's audio is discarded when the app has no speaker.
const NO_SPEAKER: AudioFormat = AudioFormat::mono(24_000);

/// How much of the bot's audio a sink gets in one tick at most.
const MAX_WANTED: Duration = Duration::from_secs(1);

/// The app's sink, and the playout that feeds it.
pub(super) struct Speaker {
    sink: Option<Box<dyn AudioSink>>,
    playout: Arc<Playout>,
    playing: bool,
    format: FormatWatch,
    /// The samples of the present tick.
    samples: Vec<i16>,
    /// The sink's own count of dropped samples at the last look, and the time that all of them took
    /// in the formats of their ticks.
    dropped_samples: u64,
    dropped: Duration,
}

impl Speaker {
    pub(super) const fn new(sink: Option<Box<dyn AudioSink>>, playout: Arc<Playout>) -> Self {
        Self {
            sink,
            playout,
            playing: false,
            format: FormatWatch::new(DeviceKind::Speaker),
            samples: Vec::new(),
            dropped_samples: 0,
            dropped: Duration::ZERO,
        }
    }

    /// Whether the app has one.
    pub(super) const fn is_present(&self) -> bool {
        self.sink.is_some()
    }

    /// Whether it needs ticks.
    pub(super) const fn is_playing(&self) -> bool {
        self.playing
    }

    /// Starts to play.
    pub(super) fn start(&mut self) -> Option<AudioEvent> {
        if self.playing {
            return None;
        }
        let started = self.sink.as_mut().map_or(Ok(()), |sink| sink.start());
        self.playing = started.is_ok();
        started.err().map(|error| AudioEvent::Failed { device: DeviceKind::Speaker, error })
    }

    /// Stops playing and discards what was not played.
    pub(super) fn stop(&mut self) {
        self.playing = false;
        self.playout.flush();
        if let Some(sink) = &mut self.sink {
            sink.stop();
        }
    }

    /// Discards what the sink holds, fading out within `fade` or as the playout does.
    pub(super) fn flush(&mut self, fade: Option<Duration>) {
        if let Some(sink) = &mut self.sink {
            sink.flush_within(fade.unwrap_or_else(|| self.playout.fade()));
        }
    }

    /// Reports that the sink's format is no longer supported, or supported again.
    pub(super) fn follow_format(&mut self) -> Option<AudioEvent> {
        let sink = self.sink.as_ref().filter(|_| self.playing)?;
        self.format.follow(sink.format())
    }

    /// Plays what the sink wants now, and returns it. Without a sink, or while its format is not
    /// supported, the bot's audio is discarded at real-time rate.
    pub(super) fn tick(&mut self, period: Duration) -> Option<(&[i16], AudioFormat)> {
        if !self.playing {
            return None;
        }
        // In this order: asking what the sink wants may change its format.
        let wanted = self.sink.as_ref().and_then(|sink| sink.wanted());
        let format = self.sink.as_ref().map(|sink| sink.format()).filter(|format| format.is_supported());
        let wanted = wanted.filter(|_| format.is_some());
        let (sink, format) = (self.sink.as_mut().filter(|_| format.is_some()), format.unwrap_or(NO_SPEAKER));
        let count = wanted.unwrap_or_else(|| format.samples_in(period)).min(format.samples_in(MAX_WANTED));
        self.samples.resize(count, 0);
        self.playout.pull(&mut self.samples, format);
        if let Some(sink) = sink {
            sink.write(&self.samples);
        }
        self.count_dropped(format);
        Some((&self.samples, format))
    }

    /// How loud the bot is.
    pub(super) fn level(&self) -> f32 {
        if self.playing { self.playout.level() } else { 0.0 }
    }

    /// Adds what the sink has dropped since the last look. A count that is smaller than before
    /// started again at zero.
    fn count_dropped(&mut self, format: AudioFormat) {
        let Some(sink) = &self.sink else { return };
        let total = sink.dropped();
        let more = total.checked_sub(self.dropped_samples).unwrap_or(total);
        self.dropped_samples = total;
        let more = usize::try_from(more).unwrap_or(usize::MAX);
        self.dropped = self.dropped.saturating_add(format.duration_of(more));
    }

    /// How much the sink has dropped.
    pub(super) fn dropped(&self) -> Option<Amount> {
        self.sink.as_ref().map(|_| Amount::in_frames(self.dropped, TICK))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use crate::{Error, media::PlayoutOptions};

    use super::*;

    /// A sink that drops everything, and whose rate may change.
    struct Dropping {
        rate: Arc<Mutex<u32>>,
        dropped: u64,
    }

    impl AudioSink for Dropping {
        fn format(&self) -> AudioFormat {
            AudioFormat::mono(*self.rate.lock().unwrap())
        }
        fn start(&mut self) -> Result<(), Error> {
            Ok(())
        }
        fn wanted(&self) -> Option<usize> {
            None
        }
        fn write(&mut self, samples: &[i16]) {
            self.dropped += samples.len() as u64;
        }
        fn dropped(&self) -> u64 {
            self.dropped
        }
        fn flush(&mut self) {}
        fn stop(&mut self) {}
    }

    #[test]
    fn dropped_audio_keeps_its_length_when_the_rate_changes() {
        let rate = Arc::new(Mutex::new(16_000));
        let sink = Dropping { rate: Arc::clone(&rate), dropped: 0 };
        let playout = Arc::new(Playout::new(PlayoutOptions::default()));
        let mut speaker = Speaker::new(Some(Box::new(sink)), playout);
        assert!(speaker.start().is_none());
        speaker.tick(TICK);
        assert_eq!(speaker.dropped(), Some(Amount { time: TICK, count: 1 }));
        *rate.lock().unwrap() = 48_000;
        speaker.tick(TICK);
        assert_eq!(speaker.dropped(), Some(Amount { time: TICK * 2, count: 2 }));
    }
}
