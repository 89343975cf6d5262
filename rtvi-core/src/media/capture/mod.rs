//! The user's audio on its way from a microphone to the transport.
//!
//! Pure: the caller's tick drives it; it has no clock or thread of its own.

mod chain;
mod gate;
mod stats;

use std::{fmt, time::Duration};

use crate::error::{Error, ErrorKind};

use super::{
    AudioFormat, AudioFrame, AudioProcessing, AudioSource, LevelMeter, ProcessingStats, VoiceActivityOptions,
    frame_pool::FramePool,
};

use chain::Chain;
use gate::{Gate, Passage};

pub use stats::CaptureStats;

/// How long silence is sent after the microphone was muted, so that the server's voice activity
/// detection ends the user's turn.
pub const MUTE_SILENCE: Duration = Duration::from_secs(3);

/// How much audio of a live source one tick takes. Older audio is dropped and counted, since it
/// would only add delay.
const CATCH_UP: Duration = Duration::from_millis(200);

/// How long a live source may return nothing before silence takes its place.
const STARVED: Duration = Duration::from_millis(200);

/// How much is read from the source at once.
const PIECE: Duration = Duration::from_millis(10);

/// The longest frame a transport may ask for.
const MAX_FRAME: Duration = Duration::from_secs(1);

/// How many frames of a backlog each tick returns besides the new ones. A backlog is audio from
/// before a press or before the session was ready. It is sent at five times its speed, which
/// overflows no queue.
const BACKLOG_FRAMES: usize = 4;

/// The longest pre-roll of push-to-talk.
pub const MAX_PRE_ROLL: Duration = Duration::from_secs(2);

/// Turns a microphone's audio into frames for the transport: resamples, processes, mutes and
/// measures it.
///
/// Call [`tick`](Self::tick) once per frame. A source with a clock of its own, such as a device,
/// determines how many frames a tick returns; for one without, such as a file, it is exactly one.
/// Silence takes the place of audio
/// * when a source without a clock has no audio in time or has ended,
/// * when a live source has ended or returned nothing for 200 ms, until it returns audio again,
/// * while muted. After [`MUTE_SILENCE`], ticks return no frames until unmuted. The source keeps
///   running as a live microphone does, and its audio is lost. Once [released](Self::release), it
///   stops, and only the silence continues.
///
/// With [push-to-talk](Self::set_push_to_talk), the same holds while the button is not pressed,
/// except for the pre-roll of a press.
pub struct Capture {
    source: Box<dyn AudioSource>,
    chain: Chain,
    frame: Duration,
    /// Samples in a frame.
    frame_len: usize,
    /// Whether ticks return frames.
    running: bool,
    /// How many samples the source has lost since its start, as last read.
    source_lost: u64,
    /// Whether the source is started.
    open: bool,
    gate: Gate,
    /// How long a live source has returned nothing.
    starved: Duration,
    piece: Vec<i16>,
    /// Samples in the target format that do not fill a frame yet.
    ready: Vec<i16>,
    frames: FramePool,
    meter: LevelMeter,
    stats: CaptureStats,
}

impl Capture {
    /// A capture of `source` in frames of duration `frame` and format `target`. Does not start the
    /// source. While the source's format is not [supported](AudioFormat::is_supported), silence
    /// takes the place of its audio.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when the target format is not supported, or the frame is
    /// longer than a second or too short for one sample.
    pub fn new(source: Box<dyn AudioSource>, target: AudioFormat, frame: Duration) -> Result<Self, Error> {
        Self::of(source, target, frame).map_err(|(_, error)| error)
    }

    /// The same; returns the source with the error.
    pub(crate) fn of(
        source: Box<dyn AudioSource>,
        target: AudioFormat,
        frame: Duration,
    ) -> Result<Self, (Box<dyn AudioSource>, Error)> {
        let frame_len = target.samples_in(frame);
        if frame_len == 0 || frame > MAX_FRAME {
            let message = format!("an audio frame can't have a duration of {frame:?}");
            return Err((source, Error::new(ErrorKind::InvalidArgument, message)));
        }
        let format = source.format();
        let chain = match Chain::new(if format.is_supported() { format } else { target }, target) {
            Ok(chain) => chain,
            Err(error) => return Err((source, error)),
        };
        Ok(Self {
            piece: vec![0; chain.from().samples_in(PIECE)],
            source,
            chain,
            frame,
            frame_len,
            source_lost: 0,
            running: false,
            open: false,
            gate: Gate::new(MUTE_SILENCE),
            starved: Duration::ZERO,
            ready: Vec::new(),
            frames: FramePool::new(target),
            meter: LevelMeter::default(),
            stats: CaptureStats::default(),
        })
    }

    /// Starts the source if it does not run, even after it was [released](Self::release).
    ///
    /// # Errors
    /// [`ErrorKind::Device`] when the source can't be opened. Nothing else changes then.
    pub fn start(&mut self) -> Result<(), Error> {
        if !self.open {
            self.source.start()?;
            self.source_lost = 0;
            self.open = true;
        }
        self.running = true;
        Ok(())
    }

    /// Stops the source until [`start`](Self::start). Ticks return silence meanwhile, while muted
    /// only during [`MUTE_SILENCE`]. Discards audio that was not sent yet; the user no longer
    /// speaks.
    pub fn release(&mut self) {
        if std::mem::take(&mut self.open) {
            self.source.stop();
        }
        self.discard();
    }

    /// Stops the source. Ticks then return nothing.
    pub fn stop(&mut self) {
        self.release();
        self.running = false;
        self.meter = LevelMeter::default();
    }

    /// Mutes or unmutes. Muting again while muted changes nothing. Voice activity detection pauses
    /// while muted.
    pub fn set_muted(&mut self, muted: bool) {
        self.gate.set_muted(muted);
        self.chain.set_muted(muted);
    }

    /// Whether it is muted.
    pub const fn is_muted(&self) -> bool {
        self.gate.is_muted()
    }

    /// Turns push-to-talk on or off. With it, audio is sent only while
    /// [pressed](Self::set_pressed), including `pre_roll` before each press. The pre-roll is sent
    /// at five times its speed.
    pub fn set_push_to_talk(&mut self, pre_roll: Option<Duration>) {
        let format = self.chain.format();
        self.gate.set_push_to_talk(pre_roll.map(|time| format.samples_in(time.min(MAX_PRE_ROLL))));
    }

    /// Presses or releases the push-to-talk button. Does nothing without push-to-talk.
    pub fn set_pressed(&mut self, pressed: bool) {
        if let Some(before) = self.gate.set_pressed(pressed) {
            self.ready.splice(0..0, before);
        }
    }

    /// Whether the user's audio is sent now: neither muted nor waiting for a press.
    pub fn is_open(&self) -> bool {
        self.gate.is_open()
    }

    /// Continues with a source that is running and returned `samples` so far. They are sent first,
    /// at five times their speed, unless the source's format is not supported.
    pub fn resume(&mut self, samples: &[i16]) {
        (self.running, self.open) = (true, true);
        if self.source.format() == self.chain.from() {
            self.chain.process(samples, &mut self.ready);
        }
    }

    /// Stops the source and returns it.
    pub fn into_source(mut self) -> Box<dyn AudioSource> {
        self.stop();
        self.source
    }

    /// Turns stages of processing on or off.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when audio of the target format can't be processed,
    /// [`ErrorKind::UnsupportedFeature`] without the feature `processing`.
    pub fn set_processing(&mut self, options: AudioProcessing) -> Result<(), Error> {
        self.chain.set_processing(options)
    }

    /// Passes the samples that the speaker plays to the echo canceller. Call it before each
    /// [`tick`](Self::tick). Does nothing while the source is stopped and hears no echo.
    pub fn far_end(&mut self, samples: &[i16], format: AudioFormat) {
        if self.open {
            self.chain.far_end(samples, format);
        }
    }

    /// Measurements of the processing.
    pub fn processing_stats(&self) -> ProcessingStats {
        self.chain.processing_stats()
    }

    /// Turns voice activity detection on or off.
    ///
    /// # Errors
    /// As [`VoiceActivity::new`](super::VoiceActivity::new).
    pub fn set_voice_activity(&mut self, options: Option<VoiceActivityOptions>) -> Result<(), Error> {
        self.chain.set_voice_activity(options)
    }

    /// Whether the user speaks, judged after processing. Always false while muted or without voice
    /// activity detection.
    pub fn is_speaking(&self) -> bool {
        self.chain.is_speaking()
    }

    /// The present format of the source.
    pub fn source_format(&self) -> AudioFormat {
        self.source.format()
    }

    /// Whether the source has ended.
    pub fn is_finished(&self) -> bool {
        self.source.is_finished()
    }

    /// How loud the sent audio is, 0 to 1: 0 while muted. See
    /// [`Level::value`](super::Level::value).
    pub const fn level(&self) -> f32 {
        self.meter.value()
    }

    /// The counters so far.
    pub const fn stats(&self) -> CaptureStats {
        self.stats
    }

    /// How much of the user's audio was lost before it reached a frame, by the source itself or
    /// because it was too old.
    pub const fn dropped(&self) -> Duration {
        self.stats.dropped
    }

    /// Passes the due frames to `deliver`. Call it once per frame; it does not block.
    pub fn tick(&mut self, mut deliver: impl FnMut(AudioFrame)) {
        if !self.running {
            return;
        }
        self.count_lost();
        let backlog = self.ready.len() / self.frame_len;
        let available = self.available();
        match (self.open, available) {
            (false, _) => self.ready.resize(self.ready.len() + self.frame_len, 0),
            (true, None) => self.take_paced(),
            (true, Some(samples)) => self.take_live(samples),
        }
        let mut ready = std::mem::take(&mut self.ready);
        let frames =
            (ready.len() / self.frame_len).min(ready.len() / self.frame_len - backlog + BACKLOG_FRAMES);
        let whole = frames * self.frame_len;
        for samples in ready.get_mut(..whole).unwrap_or_default().chunks_exact_mut(self.frame_len) {
            self.deliver(samples, &mut deliver);
        }
        ready.drain(..whole);
        self.ready = ready;
    }

    /// Adds the samples that the source has lost since the last tick. A smaller count than before
    /// starts at zero, as after each start of the source.
    fn count_lost(&mut self) {
        let lost = self.source.dropped();
        let more = lost.checked_sub(self.source_lost).unwrap_or(lost);
        self.source_lost = lost;
        let more = usize::try_from(more).unwrap_or(usize::MAX);
        self.stats.dropped = self.stats.dropped.saturating_add(self.source.format().duration_of(more));
    }

    /// How many samples the source has, in a format that the chain is ready for.
    fn available(&mut self) -> Option<usize> {
        let available = self.source.available();
        let format = self.source.format();
        if format == self.chain.from() {
            return available;
        }
        // Samples that can't be converted are as good as none.
        self.chain.set_from(format).map_or(Some(0), |()| {
            self.piece.resize(format.samples_in(PIECE), 0);
            available
        })
    }

    /// Takes one frame of audio, filled up with silence.
    fn take_paced(&mut self) {
        let wanted = (self.ready.len() / self.frame_len + 1) * self.frame_len;
        while self.ready.len() < wanted {
            let count = self.source.read(&mut self.piece).min(self.piece.len());
            if let Some(rest) = self.piece.get_mut(count..) {
                rest.fill(0);
            }
            self.chain.process(&self.piece, &mut self.ready);
        }
    }

    /// Takes the audio that a live source has.
    fn take_live(&mut self, available: usize) {
        let format = self.source.format();
        let limit = format.samples_in(CATCH_UP);
        if available > limit {
            let old = self.take(available - limit, |_, _| ());
            self.stats.dropped += format.duration_of(old);
        }
        self.take(available.min(limit), |chain, (piece, ready)| chain.process(piece, ready));
        if self.ready.len() >= self.frame_len {
            self.starved = Duration::ZERO;
            return;
        }
        self.starved = self.starved.saturating_add(self.frame);
        if self.source.is_finished() || self.starved > STARVED {
            self.ready.resize(self.frame_len, 0);
        }
    }

    /// Reads up to `count` samples in pieces, passes them to `consume` and returns how many there
    /// were.
    fn take(&mut self, count: usize, mut consume: impl FnMut(&mut Chain, (&[i16], &mut Vec<i16>))) -> usize {
        let mut left = count;
        while left > 0 {
            let wanted = left.min(self.piece.len());
            let Some(piece) = self.piece.get_mut(..wanted) else { break };
            let read = self.source.read(piece).min(wanted);
            if read == 0 {
                break;
            }
            left -= read;
            consume(&mut self.chain, (piece.get(..read).unwrap_or_default(), &mut self.ready));
        }
        count - left
    }

    /// Passes one frame through the gate and the meter.
    fn deliver(&mut self, samples: &mut [i16], deliver: &mut impl FnMut(AudioFrame)) {
        let passage = self.gate.pass(samples, self.frame);
        if passage != Passage::Open {
            samples.fill(0);
        }
        self.meter.update(samples, self.frame);
        if passage != Passage::Closed {
            self.stats.delivered += self.frame;
            deliver(self.frames.frame(samples));
        }
    }

    /// Discards the samples of a stopped source.
    fn discard(&mut self) {
        self.ready.clear();
        self.chain.reset();
        self.starved = Duration::ZERO;
    }
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("chain", &self.chain)
            .field("frame", &self.frame)
            .field("running", &self.running)
            .field("gate", &self.gate)
            .field("stats", &self.stats)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
