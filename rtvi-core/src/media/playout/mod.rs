//! The bot's audio on its way to the speaker.
//!
//! The transport task pushes and the audio task pulls. Pure except for one mutex: no clock and no
//! thread.

mod delay;
mod state;
mod volume;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use super::{AudioFormat, AudioFrame};

use state::State;

/// How much audio may wait to be played. Servers send long answers at once, and an interruption
/// behind them in the same socket is noticed only after all of the audio was read. When full (see
/// [`Playout::is_full`]), new frames are dropped and counted.
pub const MAX_BUFFERED: Duration = Duration::from_secs(600);

/// The longest fade-out of a flush.
const MAX_FADE: Duration = Duration::from_millis(100);

/// Options for buffering and playing the bot's audio.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Playout"))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PlayoutOptions {
    /// How much audio is buffered before playback starts, so that small jitter causes no gaps. Less
    /// audio is played once it has waited that long. After a gap the delay is longer for a while.
    /// Default: 40 ms.
    #[serde(rename = "targetDelayMs", with = "crate::media::millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub target_delay: Duration,
    /// The longest delay after gaps. Audio with more jitter is lost. Default: 400 ms.
    #[serde(rename = "maxDelayMs", with = "crate::media::millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub max_delay: Duration,
    /// How long flushed audio takes to fade out, at most 100 ms. Default: 5 ms.
    #[serde(rename = "fadeMs", with = "crate::media::millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub fade: Duration,
    /// The initial gain of the bot's audio, 0 to 4. Default: 1.
    pub gain: f32,
}

impl Default for PlayoutOptions {
    fn default() -> Self {
        Self {
            target_delay: Duration::from_millis(40),
            max_delay: Duration::from_millis(400),
            fade: Duration::from_millis(5),
            gain: 1.0,
        }
    }
}

/// The bot's audio between the transport that receives it and the task that plays it.
///
/// Every method locks a mutex for no longer than one pull takes (about 20 µs for 20 ms of audio).
#[derive(Debug)]
pub struct Playout {
    state: Mutex<State>,
}

/// Counters of a [`Playout`]. `received` and `concealed` add up to `played`, `dropped`, `flushed`
/// and the audio that still waits, within the few milliseconds that the resampler holds when the
/// format changes or the queue is flushed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlayoutStats {
    /// How much well-formed audio arrived.
    pub received: Duration,
    /// How much audio was passed to the speaker, including concealed audio.
    pub played: Duration,
    /// How much audio was dropped because the buffer was full.
    pub dropped: Duration,
    /// How many frames were dropped.
    pub dropped_frames: u64,
    /// How much audio was discarded by [`Playout::flush`].
    pub flushed: Duration,
    /// How much audio was added to bridge gaps, by expanding speech and by concealment.
    pub concealed: Duration,
    /// How often the buffer ran dry in the middle of a sound.
    pub gaps: u64,
    /// How many frames were malformed: an incomplete last sample or an unsupported format.
    pub malformed: u64,
}

impl Default for Playout {
    fn default() -> Self {
        Self::new(PlayoutOptions::default())
    }
}

impl PlayoutStats {
    /// How much of the audio that arrived was passed to the speaker.
    pub fn heard(&self) -> Duration {
        self.played.saturating_sub(self.concealed)
    }
}

impl Playout {
    /// An empty playout.
    pub fn new(options: PlayoutOptions) -> Self {
        Self { state: Mutex::new(State::new(options)) }
    }

    /// Queues a frame, unless the playout is full. Each frame may have another format.
    pub fn push(&self, frame: AudioFrame) {
        self.state().push(frame);
    }

    /// Queues 16-bit little-endian PCM as [`push`](Self::push) queues frames. PCM whose last sample
    /// is incomplete is malformed.
    pub fn push_le_bytes(&self, format: AudioFormat, pcm: &[u8]) {
        match AudioFrame::from_le_bytes(format, pcm) {
            Some(frame) => self.push(frame),
            None => self.state().count_malformed(),
        }
    }

    /// Whether there is no room for another frame. A transport that can make its server wait does
    /// so until there is room again, so that nothing is lost.
    pub fn is_full(&self) -> bool {
        self.state().is_full()
    }

    /// Fills `out` with the next audio in the given format, and then with silence. Returns how many
    /// samples are the bot's. One task calls it at the pace of the speaker.
    pub fn pull(&self, out: &mut [i16], format: AudioFormat) -> usize {
        self.state().pull(out, format)
    }

    /// Drops the audio that was not played yet, except for a few milliseconds that fade out.
    pub fn flush(&self) {
        self.state().flush(None);
    }

    /// The same with a fade-out of its own, at most 100 ms.
    pub fn flush_within(&self, fade: Duration) {
        self.state().flush(Some(fade));
    }

    /// Drops the rest of a fade-out, because the speaker itself has faded out.
    pub fn drop_fade(&self) {
        self.state().drop_fade();
    }

    /// The duration of the fade-out in the options.
    pub fn fade(&self) -> Duration {
        self.state().fade()
    }

    /// The present target delay. A steady feeder keeps this much audio in the playout.
    pub fn target_delay(&self) -> Duration {
        self.state().target_delay()
    }

    /// Says whether the feeder conceals missing audio itself. The playout then does not expand
    /// speech.
    pub fn set_concealed_upstream(&self, concealed: bool) {
        self.state().set_concealed_upstream(concealed);
    }

    /// The largest target delay, for those who buffer in front of the playout.
    pub fn max_delay(&self) -> Duration {
        self.state().max_delay()
    }

    /// Sets the gain, 0 to 4.
    pub fn set_gain(&self, gain: f32) {
        self.state().set_gain(gain);
    }

    /// Sets the additional gain of ducking, 0 to 1.
    pub fn set_ducking(&self, gain: f32) {
        self.state().set_ducking(gain);
    }

    /// How much audio waits to be played.
    pub fn buffered(&self) -> Duration {
        self.state().buffered()
    }

    /// Whether audio of the bot is being played.
    pub fn is_playing(&self) -> bool {
        self.state().is_playing()
    }

    /// How loud the bot is at the speaker, 0 to 1. See [`Level::value`](super::Level::value).
    pub fn level(&self) -> f32 {
        self.state().level()
    }

    /// The counters so far.
    pub fn stats(&self) -> PlayoutStats {
        self.state().stats()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
