//! The user's audio on its way from a microphone to the transport.
//!
//! Pure: driven by the caller's tick, without a clock or thread of its own.

mod chain;
mod gate;

use std::{fmt, time::Duration};

use crate::error::{Error, ErrorKind};

use super::{
    AudioFormat, AudioFrame, AudioProcessing, AudioSource, LevelMeter, ProcessingStats, VoiceActivityOptions,
    frame_pool::FramePool,
};

use chain::Chain;
use gate::{Gate, Passage};

/// How long silence is still sent after the microphone was muted, unless another time is chosen. It lets the server's voice activity
/// detection end the user's turn.
pub const MUTE_SILENCE: Duration = Duration::from_secs(3);

/// How much audio of a live source is caught up with in one tick. What is older is dropped and counted, as it would only
/// add delay.
const CATCH_UP: Duration = Duration::from_millis(200);

/// After how long without audio from a live source silence is sent in its place.
const STARVED: Duration = Duration::from_millis(200);

/// How much is taken from the source at once.
const PIECE: Duration = Duration::from_millis(10);

/// The longest frame a transport may ask for.
const MAX_FRAME: Duration = Duration::from_secs(1);

/// How many frames of a backlog (what was said before a press, or before the session was ready) are given with each tick,
/// besides the new ones: five times as fast as it was spoken, and so few that no queue behind overflows.
const BACKLOG_FRAMES: usize = 4;

/// The longest time before a press that is kept.
pub const MAX_PRE_ROLL: Duration = Duration::from_secs(2);

/// Turns what a microphone gives into frames for the transport: resampled, processed, muted when asked, measured.
///
/// Call [`tick`](Self::tick) once every frame length. A source with a clock of its own (a device) decides how many frames a tick
/// gives; one without (a file) gives exactly one frame a tick. Silence takes the place of audio
/// * that a source without a clock does not have in time, and for ever after its end,
/// * when a live source has ended, or has given nothing for 200 ms, until it gives audio again,
/// * while muted; after [`MUTE_SILENCE`] no frames are given at all until unmuted. The source goes on as a live microphone would:
///   what it gives meanwhile is lost. Once [released](Self::release), it gives nothing, and the silence goes on by itself.
///
/// With [push-to-talk](Self::set_push_to_talk) the same holds while the button is not pressed, but for the moments just before a
/// press.
pub struct Capture {
    source: Box<dyn AudioSource>,
    chain: Chain,
    frame: Duration,
    /// Samples in a frame.
    frame_len: usize,
    /// Whether ticks give frames.
    running: bool,
    /// How many samples the source has lost since its start, as it said last.
    source_lost: u64,
    /// Whether the source is started.
    open: bool,
    gate: Gate,
    /// For how long a live source has given nothing.
    starved: Duration,
    piece: Vec<i16>,
    /// Samples in the target format that make no whole frame yet.
    ready: Vec<i16>,
    frames: FramePool,
    meter: LevelMeter,
    stats: CaptureStats,
}

/// What a [`Capture`] has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaptureStats {
    /// How much audio was given, with the silence.
    pub delivered: Duration,
    /// How much audio of a live source was dropped because it came too late, or was lost by the source itself.
    pub dropped: Duration,
}

impl Capture {
    /// Frames of length `frame` in the format `target` from `source`, which is not started yet.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when a format is not [supported](AudioFormat::is_supported), or the frame is longer than a
    /// second or too short for one sample.
    pub fn new(source: Box<dyn AudioSource>, target: AudioFormat, frame: Duration) -> Result<Self, Error> {
        let chain = Chain::new(source.format(), target)?;
        let frame_len = target.samples_in(frame);
        if frame_len == 0 || frame > MAX_FRAME {
            let message = format!("an audio frame can't be {frame:?} long");
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        Ok(Self {
            piece: vec![0; source.format().samples_in(PIECE)],
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

    /// Starts the source, also one that was [released](Self::release). Nothing if it runs already.
    ///
    /// # Errors
    /// [`ErrorKind::Device`] when it can't be opened. Everything else then stays as it was.
    pub fn start(&mut self) -> Result<(), Error> {
        if !self.open {
            self.source.start()?;
            self.source_lost = 0;
            self.open = true;
        }
        self.running = true;
        Ok(())
    }

    /// Stops the source and goes on without it until [`start`](Self::start): ticks give silence, while muted for as long as
    /// [`MUTE_SILENCE`] is not over. What was heard and not given is forgotten, and the user no longer speaks.
    pub fn release(&mut self) {
        if std::mem::take(&mut self.open) {
            self.source.stop();
        }
        self.forget();
    }

    /// Stops the source; ticks then give nothing.
    pub fn stop(&mut self) {
        self.release();
        self.running = false;
        self.meter = LevelMeter::default();
    }

    /// Mutes or unmutes. Muting again while muted changes nothing. While muted the user is not listened to either.
    pub fn set_muted(&mut self, muted: bool) {
        self.gate.set_muted(muted);
        self.chain.set_deaf(muted);
    }

    /// Whether it is muted.
    pub const fn is_muted(&self) -> bool {
        self.gate.is_muted()
    }

    /// Turns push-to-talk on or off: with it audio is sent only while [pressed](Self::set_pressed), from `pre_roll` before each press on.
    /// What came before is sent five times as fast as it was spoken.
    pub fn set_push_to_talk(&mut self, pre_roll: Option<Duration>) {
        let format = self.chain.format();
        self.gate.set_push_to_talk(pre_roll.map(|time| format.samples_in(time.min(MAX_PRE_ROLL))));
    }

    /// Presses or releases the button of push-to-talk; nothing without it.
    pub fn set_pressed(&mut self, pressed: bool) {
        if let Some(before) = self.gate.set_pressed(pressed) {
            self.ready.splice(0..0, before);
        }
    }

    /// Whether what the user says now is sent: neither muted nor waiting for the button.
    pub fn is_open(&self) -> bool {
        self.gate.is_open()
    }

    /// Goes on with a source that was started before, and that gave `samples` so far: they are sent first, five times as fast as
    /// they were spoken.
    pub fn resume(&mut self, samples: &[i16]) {
        (self.running, self.open) = (true, true);
        self.chain.process(samples, &mut self.ready);
    }

    /// Stops and gives back the source.
    pub fn into_source(mut self) -> Box<dyn AudioSource> {
        self.stop();
        self.source
    }

    /// Switches the stages of processing.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when audio of the target format can't be processed, [`ErrorKind::UnsupportedFeature`]
    /// without the feature `processing`.
    pub fn set_processing(&mut self, options: AudioProcessing) -> Result<(), Error> {
        self.chain.set_processing(options)
    }

    /// Tells what is given to the speaker, for the echo canceller. To be called in step with [`tick`](Self::tick), before it.
    /// Nothing without a started source, which hears no echo.
    pub fn far_end(&mut self, samples: &[i16], format: AudioFormat) {
        if self.open {
            self.chain.far_end(samples, format);
        }
    }

    /// How the processing does.
    pub fn processing_stats(&self) -> ProcessingStats {
        self.chain.processing_stats()
    }

    /// Begins to listen for speech, or stops to.
    ///
    /// # Errors
    /// As [`VoiceActivity::new`](super::VoiceActivity::new).
    pub fn set_voice_activity(&mut self, options: Option<VoiceActivityOptions>) -> Result<(), Error> {
        self.chain.set_voice_activity(options)
    }

    /// Whether the user speaks, as heard after processing; never while muted, or unless listened for.
    pub fn is_speaking(&self) -> bool {
        self.chain.is_speaking()
    }

    /// Whether the source has ended.
    pub fn is_finished(&self) -> bool {
        self.source.is_finished()
    }

    /// How loud the user is, 0 to 1, as sent: 0 while muted. See [`Level::value`](super::Level::value).
    pub const fn level(&self) -> f32 {
        self.meter.value()
    }

    /// What was done so far.
    pub const fn stats(&self) -> CaptureStats {
        self.stats
    }

    /// How much of the user's audio was lost before it came to a frame: by the source itself, or because it came too late.
    pub const fn dropped(&self) -> Duration {
        self.stats.dropped
    }

    /// Gives the frames that are due to `deliver`. To be called once every frame length; does not block.
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

    /// Adds what the source has lost since the last tick; a count that is smaller than before begins at zero, as at each start.
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

    /// Takes as much as makes one frame, silence for what is missing.
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

    /// Takes what a live source has.
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

    /// Reads up to `count` samples in pieces and says how many there were.
    fn take(&mut self, count: usize, mut give: impl FnMut(&mut Chain, (&[i16], &mut Vec<i16>))) -> usize {
        let mut left = count;
        while left > 0 {
            let wanted = left.min(self.piece.len());
            let Some(piece) = self.piece.get_mut(..wanted) else { break };
            let read = self.source.read(piece).min(wanted);
            if read == 0 {
                break;
            }
            left -= read;
            give(&mut self.chain, (piece.get(..read).unwrap_or_default(), &mut self.ready));
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

    /// Forgets samples of a source that is no longer wanted.
    fn forget(&mut self) {
        self.ready.clear();
        self.chain.forget();
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
