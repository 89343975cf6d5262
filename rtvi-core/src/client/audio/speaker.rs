//! The bot's audio on its way to the app's sink.
//!
//! Pure: the audio task calls it with each tick and reports the events that it returns.

use std::{sync::Arc, time::Duration};

use crate::{
    client::machine::Device,
    media::{AudioFormat, AudioSink, Playout},
};

use super::{TICK, drops::Amount, messages::AudioEvent};

/// The format in which the bot's audio is discarded when the app has no speaker.
const NO_SPEAKER: AudioFormat = AudioFormat::mono(24_000);

/// The app's sink, and the playout that feeds it.
pub(super) struct Speaker {
    sink: Option<Box<dyn AudioSink>>,
    playout: Arc<Playout>,
    playing: bool,
    /// The samples of the present tick.
    samples: Vec<i16>,
}

impl Speaker {
    pub(super) const fn new(sink: Option<Box<dyn AudioSink>>, playout: Arc<Playout>) -> Self {
        Self { sink, playout, playing: false, samples: Vec::new() }
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
        started.err().map(|error| AudioEvent::Failed { device: Device::Speaker, error })
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

    /// Plays what the sink wants now, and returns it.
    pub(super) fn tick(&mut self, period: Duration) -> Option<(&[i16], AudioFormat)> {
        if !self.playing {
            return None;
        }
        // In this order: asking what the sink wants may change its format.
        let wanted = self.sink.as_ref().and_then(|sink| sink.wanted());
        let format = self.sink.as_ref().map_or(NO_SPEAKER, |sink| sink.format());
        self.samples.resize(wanted.unwrap_or_else(|| format.samples_in(period)), 0);
        self.playout.pull(&mut self.samples, format);
        if let Some(sink) = &mut self.sink {
            sink.write(&self.samples);
        }
        Some((&self.samples, format))
    }

    /// How loud the bot is.
    pub(super) fn level(&self) -> f32 {
        if self.playing { self.playout.level() } else { 0.0 }
    }

    /// How much the sink has dropped.
    pub(super) fn dropped(&self) -> Option<Amount> {
        let sink = self.sink.as_ref()?;
        let samples = usize::try_from(sink.dropped()).unwrap_or(usize::MAX);
        Some(Amount::in_frames(sink.format().duration_of(samples), TICK))
    }
}
