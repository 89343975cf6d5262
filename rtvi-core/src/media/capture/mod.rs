//! The user's audio on its way from a microphone to the transport.
//!
//! Pure: driven by the caller's tick, without a clock or thread of its own.

use std::{fmt, time::Duration};

use bytes::BytesMut;

use crate::error::{Error, ErrorKind};

use super::{AudioFormat, AudioFrame, AudioSource, LevelMeter, Resampler};

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

/// How many frames share one allocation.
const FRAMES_PER_BLOCK: usize = 16;

/// Turns what a microphone gives into frames for the transport: resampled, muted when asked, measured.
///
/// Call [`tick`](Self::tick) once every frame length. A source with a clock of its own (a device) decides how many frames a tick
/// gives; one without (a file) gives exactly one frame a tick. Silence takes the place of audio
/// * that a source without a clock does not have in time, and for ever after its end,
/// * when a live source has ended, or has given nothing for 200 ms, until it gives audio again,
/// * while muted; after [`MUTE_SILENCE`] no frames are given at all until unmuted. The source goes on as a live microphone would:
///   what it gives meanwhile is lost.
pub struct Capture {
    source: Box<dyn AudioSource>,
    resampler: Resampler,
    frame: Duration,
    /// Samples in a frame.
    frame_len: usize,
    running: bool,
    gate: Gate,
    /// For how long a live source has given nothing.
    starved: Duration,
    piece: Vec<i16>,
    /// Samples in the target format that make no whole frame yet.
    ready: Vec<i16>,
    block: BytesMut,
    meter: LevelMeter,
    stats: CaptureStats,
}

/// What a [`Capture`] has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaptureStats {
    /// How much audio was given, with the silence.
    pub delivered: Duration,
    /// How much audio of a live source was dropped because it came too late.
    pub dropped: Duration,
}

/// Lets frames pass, silences them, or holds them back.
#[derive(Clone, Copy, Debug)]
struct Gate {
    /// How much silence is sent after muting.
    silence: Duration,
    /// While muted: how much of it is left.
    muted: Option<Duration>,
}

impl Capture {
    /// Frames of length `frame` in the format `target` from `source`, which is not started yet.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when a format is not [supported](AudioFormat::is_supported), or the frame is longer than a
    /// second or too short for one sample.
    pub fn new(source: Box<dyn AudioSource>, target: AudioFormat, frame: Duration) -> Result<Self, Error> {
        let resampler = Resampler::new(source.format(), target)?;
        let frame_len = target.samples_in(frame);
        if frame_len == 0 || frame > MAX_FRAME {
            let message = format!("an audio frame can't be {frame:?} long");
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        Ok(Self {
            piece: vec![0; source.format().samples_in(PIECE)],
            source,
            resampler,
            frame,
            frame_len,
            running: false,
            gate: Gate { silence: MUTE_SILENCE, muted: None },
            starved: Duration::ZERO,
            ready: Vec::new(),
            block: BytesMut::new(),
            meter: LevelMeter::default(),
            stats: CaptureStats::default(),
        })
    }

    /// The same with another time of silence after muting.
    #[must_use]
    pub const fn with_mute_silence(mut self, time: Duration) -> Self {
        self.gate.silence = time;
        self
    }

    /// Starts the source. Nothing if it runs already.
    ///
    /// # Errors
    /// [`ErrorKind::Device`] when it can't be opened.
    pub fn start(&mut self) -> Result<(), Error> {
        if !self.running {
            self.source.start()?;
            self.running = true;
        }
        Ok(())
    }

    /// Stops the source; ticks then give nothing.
    pub fn stop(&mut self) {
        if self.running {
            self.source.stop();
            self.running = false;
        }
        self.forget();
        self.meter = LevelMeter::default();
    }

    /// Takes another source, which is started if the present one runs, and gives back the present one, stopped.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when its format is not supported, [`ErrorKind::Device`] when it can't be opened. The present
    /// source then stays.
    pub fn replace_source(
        &mut self,
        mut source: Box<dyn AudioSource>,
    ) -> Result<Box<dyn AudioSource>, Error> {
        let format = source.format();
        let resampler = Resampler::new(format, self.resampler.to())?;
        if self.running {
            source.start()?;
            self.source.stop();
        }
        self.resampler = resampler;
        self.piece.resize(format.samples_in(PIECE), 0);
        self.forget();
        Ok(std::mem::replace(&mut self.source, source))
    }

    /// Mutes or unmutes. Muting again while muted changes nothing.
    pub const fn set_muted(&mut self, muted: bool) {
        self.gate.muted = match (muted, self.gate.muted) {
            (false, _) => None,
            (true, None) => Some(self.gate.silence),
            (true, left) => left,
        };
    }

    /// Whether it is muted.
    pub const fn is_muted(&self) -> bool {
        self.gate.muted.is_some()
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

    /// Gives the frames that are due to `deliver`. To be called once every frame length; does not block.
    pub fn tick(&mut self, mut deliver: impl FnMut(AudioFrame)) {
        if !self.running {
            return;
        }
        match self.source.available() {
            None => self.take_paced(),
            Some(samples) => self.take_live(samples),
        }
        let mut ready = std::mem::take(&mut self.ready);
        let whole = ready.len() - ready.len() % self.frame_len;
        for samples in ready.get_mut(..whole).unwrap_or_default().chunks_exact_mut(self.frame_len) {
            self.deliver(samples, &mut deliver);
        }
        ready.drain(..whole);
        self.ready = ready;
    }

    /// Takes as much as makes one frame, silence for what is missing.
    fn take_paced(&mut self) {
        while self.ready.len() < self.frame_len {
            let count = self.source.read(&mut self.piece).min(self.piece.len());
            if let Some(rest) = self.piece.get_mut(count..) {
                rest.fill(0);
            }
            self.resampler.process(&self.piece, &mut self.ready);
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
        self.take(available.min(limit), |resampler, (piece, ready)| resampler.process(piece, ready));
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
    fn take(&mut self, count: usize, mut give: impl FnMut(&mut Resampler, (&[i16], &mut Vec<i16>))) -> usize {
        let mut left = count;
        while left > 0 {
            let wanted = left.min(self.piece.len());
            let Some(piece) = self.piece.get_mut(..wanted) else { break };
            let read = self.source.read(piece).min(wanted);
            if read == 0 {
                break;
            }
            left -= read;
            give(&mut self.resampler, (piece.get(..read).unwrap_or_default(), &mut self.ready));
        }
        count - left
    }

    /// Passes one frame through the gate and the meter.
    fn deliver(&mut self, samples: &mut [i16], deliver: &mut impl FnMut(AudioFrame)) {
        if let Some(left) = &mut self.gate.muted {
            samples.fill(0);
            let over = left.is_zero();
            *left = left.saturating_sub(self.frame);
            if over {
                self.meter.update(samples, self.frame);
                return;
            }
        }
        self.meter.update(samples, self.frame);
        self.stats.delivered += self.frame;
        deliver(self.pack(samples));
    }

    fn pack(&mut self, samples: &[i16]) -> AudioFrame {
        let bytes = samples.len() * 2;
        if self.block.capacity() < bytes {
            self.block.reserve(bytes * FRAMES_PER_BLOCK);
        }
        self.block.resize(bytes, 0);
        for (pair, sample) in self.block.chunks_exact_mut(2).zip(samples) {
            pair.copy_from_slice(&sample.to_le_bytes());
        }
        AudioFrame { format: self.resampler.to(), pcm: self.block.split().freeze() }
    }

    /// Forgets samples of a source that is no longer wanted.
    fn forget(&mut self) {
        self.ready.clear();
        self.resampler.reset();
        self.starved = Duration::ZERO;
    }
}

impl fmt::Debug for Capture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Capture")
            .field("resampler", &self.resampler)
            .field("frame", &self.frame)
            .field("running", &self.running)
            .field("gate", &self.gate)
            .field("stats", &self.stats)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
