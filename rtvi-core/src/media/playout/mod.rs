//! The bot's audio on its way to the speaker.
//!
//! Shared by the transport task, which pushes, and the audio task, which pulls. Pure but for one mutex; no clock, no thread.

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

/// The most audio that waits to be played; servers may send a long answer at once. It is so much, because an interruption behind it in
/// the same socket is only heard once all of it is read. When full (see [`Playout::is_full`]) newly arriving frames are dropped
/// and counted.
pub const MAX_BUFFERED: Duration = Duration::from_secs(600);

/// The longest time in which audio that is cut off may fade out.
const MAX_FADE: Duration = Duration::from_millis(100);

/// How the bot's audio is buffered and played.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "Playout"))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct PlayoutOptions {
    /// How much audio must be there before playing begins, so that a little jitter does not chop it. Less is played
    /// too, once it has waited that long. After each gap it is more for a while. Default: 40 ms.
    #[serde(rename = "targetDelayMs", with = "crate::media::millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub target_delay: Duration,
    /// The most that it grows to. What jitter beyond that delays is lost. Default: 400 ms.
    #[serde(rename = "maxDelayMs", with = "crate::media::millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub max_delay: Duration,
    /// How long audio that is cut off takes to fade out, at most 100 ms. Default: 5 ms.
    #[serde(rename = "fadeMs", with = "crate::media::millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub fade: Duration,
    /// What the bot's samples are multiplied by at first, 0 to 4. Default: 1.
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
/// All methods take a mutex that is held at most for the conversion of one pull (about 20 µs for 20 ms of audio).
#[derive(Debug)]
pub struct Playout {
    state: Mutex<State>,
}

/// What a [`Playout`] has done so far. `received` with `inserted` is the sum of `played`, `dropped`, `flushed` and what is still there, give or take
/// the few milliseconds that are inside the converter when the format changes or the queue is flushed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlayoutStats {
    /// How much well-formed audio arrived.
    pub received: Duration,
    /// How much audio of the bot was given to the speaker.
    pub played: Duration,
    /// How much was dropped because too much was waiting already.
    pub dropped: Duration,
    /// In how many frames that was.
    pub dropped_frames: u64,
    /// How much was thrown away by [`Playout::flush`].
    pub flushed: Duration,
    /// How much was made up: voices drawn out, and faded on, when no more was there. It counts as `played`.
    pub inserted: Duration,
    /// How often the speaker ran dry in the middle of a sound.
    pub gaps: u64,
    /// How many frames could not be read: a broken last sample or an impossible format.
    pub malformed: u64,
}

impl Default for Playout {
    fn default() -> Self {
        Self::new(PlayoutOptions::default())
    }
}

impl PlayoutStats {
    /// How much of what arrived was given to the speaker.
    pub fn heard(&self) -> Duration {
        self.played.saturating_sub(self.inserted)
    }
}

impl Playout {
    /// An empty one.
    pub fn new(options: PlayoutOptions) -> Self {
        Self { state: Mutex::new(State::new(options)) }
    }

    /// Queues audio behind what is there, unless it is full. Frames may change their format at any time.
    pub fn push(&self, frame: AudioFrame) {
        self.state().push(frame);
    }

    /// Queues 16-bit little-endian PCM as [`push`](Self::push) queues frames. PCM whose last sample is incomplete is malformed.
    pub fn push_le_bytes(&self, format: AudioFormat, pcm: &[u8]) {
        match AudioFrame::from_le_bytes(format, pcm) {
            Some(frame) => self.push(frame),
            None => self.state().count_malformed(),
        }
    }

    /// Whether there is no room for another frame: so much waits already. A transport that can keep its server waiting does so until there is
    /// room again, so that nothing is lost.
    pub fn is_full(&self) -> bool {
        self.state().is_full()
    }

    /// Fills `out` with the next audio in the given format, silence where there is none, and says how many of its samples are
    /// the bot's. To be called by one task at the pace of the speaker.
    pub fn pull(&self, out: &mut [i16], format: AudioFormat) -> usize {
        self.state().pull(out, format)
    }

    /// Drops what has not been played, but for a few milliseconds that fade out so that there is no click.
    pub fn flush(&self) {
        self.state().flush(None);
    }

    /// The same with another time to fade out than the options', at most 100 ms.
    pub fn flush_within(&self, fade: Duration) {
        self.state().flush(Some(fade));
    }

    /// Drops what is left of the fade of a flush: the speaker has faded out what it held, and nothing may come behind that.
    pub fn drop_fade(&self) {
        self.state().drop_fade();
    }

    /// How long audio that is cut off takes to fade out, unless said otherwise.
    pub fn fade(&self) -> Duration {
        self.state().fade()
    }

    /// How much audio must be there now before playing begins. Those who feed it steadily keep it filled so far.
    pub fn target_delay(&self) -> Duration {
        self.state().target_delay()
    }

    /// Says whether whoever feeds it conceals by itself what is missing; then voices are not drawn out here before that has happened.
    pub fn set_fed_in_time(&self, fed: bool) {
        self.state().set_fed_in_time(fed);
    }

    /// The most that this grows to, for those who buffer in front of it.
    pub fn max_delay(&self) -> Duration {
        self.state().max_delay()
    }

    /// Multiplies samples by `gain`, 0 to 4, from now on.
    pub fn set_gain(&self, gain: f32) {
        self.state().set_gain(gain);
    }

    /// Multiplies samples by a further factor, 0 to 1, until it is 1 again.
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

    /// How loud the bot is, 0 to 1, as given to the speaker. See [`Level::value`](super::Level::value).
    pub fn level(&self) -> f32 {
        self.state().level()
    }

    /// What was done so far.
    pub fn stats(&self) -> PlayoutStats {
        self.state().stats()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests;
