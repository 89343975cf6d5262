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
mod tests {
    use super::*;
    use crate::media::{PcmInput, PcmPace, PcmSource, SilenceSource, ToneSource};

    const FRAME: Duration = Duration::from_millis(20);
    const TARGET: AudioFormat = AudioFormat::mono(16_000);

    fn samples(frame: &AudioFrame) -> Vec<i16> {
        frame.pcm.chunks(2).map(|pair| i16::from_le_bytes([pair[0], pair[1]])).collect()
    }

    fn tick(capture: &mut Capture) -> Vec<AudioFrame> {
        let mut frames = Vec::new();
        capture.tick(|frame| frames.push(frame));
        frames
    }

    fn started(source: impl AudioSource) -> Capture {
        let mut capture = Capture::new(Box::new(source), TARGET, FRAME).unwrap();
        capture.start().unwrap();
        capture
    }

    fn tone(rate: u32) -> ToneSource {
        ToneSource::new(AudioFormat { sample_rate: rate, channels: 2 }, 440.0, 0.5).unwrap()
    }

    fn pcm(pace: PcmPace) -> (PcmInput, Capture) {
        let (input, source) = PcmSource::new(TARGET, pace).unwrap();
        (input, started(source))
    }

    #[test]
    fn gives_one_frame_a_tick_from_a_source_without_a_clock() {
        for rate in [8_000, 11_025, 16_000, 44_100, 48_000] {
            let mut capture = started(tone(rate));
            for _ in 0..500 {
                let frames = tick(&mut capture);
                assert_eq!(frames.len(), 1, "{rate}");
                assert_eq!((frames[0].format, frames[0].pcm.len()), (TARGET, 640));
            }
            assert_eq!(capture.stats().delivered, Duration::from_secs(10));
            assert!(capture.ready.len() < 640, "{}", capture.ready.len());
            assert!((capture.level() - 0.849).abs() < 0.01, "{}", capture.level());
        }
    }

    #[test]
    fn gives_nothing_unless_started() {
        let mut capture = Capture::new(Box::new(tone(16_000)), TARGET, FRAME).unwrap();
        assert!(tick(&mut capture).is_empty());
        capture.start().unwrap();
        assert_eq!(tick(&mut capture).len(), 1);
        capture.stop();
        assert!(tick(&mut capture).is_empty());
        assert_eq!(capture.level(), 0.0);
    }

    #[test]
    fn keeps_the_order_of_a_live_source_and_waits_for_whole_frames() {
        let (mut input, mut capture) = pcm(PcmPace::Live);
        let counted: Vec<i16> = (0..1_000).collect();
        assert_eq!(input.push(&counted[..300]), 300);
        assert!(tick(&mut capture).is_empty());
        assert_eq!(input.push(&counted[300..]), 700);
        let frames = tick(&mut capture);
        assert_eq!(frames.iter().flat_map(samples).collect::<Vec<_>>(), counted[..960]);
        input.push(&[7; 280]);
        assert_eq!(samples(&tick(&mut capture)[0])[..41], [&counted[960..], &[7]].concat());
    }

    #[test]
    fn drops_what_is_too_old_and_counts_it() {
        let (mut input, mut capture) = pcm(PcmPace::Live);
        input.push(&[1; 16_000]);
        input.push(&[2; 3_200]);
        let frames = tick(&mut capture);
        assert_eq!(frames.len(), 10);
        assert!(frames.iter().flat_map(samples).all(|sample| sample == 2));
        assert_eq!(capture.stats().dropped, Duration::from_secs(1));
        assert_eq!(capture.stats().delivered, Duration::from_millis(200));
    }

    #[test]
    fn silence_replaces_a_starved_live_source() {
        let (mut input, mut capture) = pcm(PcmPace::Live);
        input.push(&[5; 330]);
        assert_eq!(tick(&mut capture).len(), 1);
        for _ in 0..10 {
            assert!(tick(&mut capture).is_empty());
        }
        let frames = tick(&mut capture);
        let mut wanted = vec![5; 10];
        wanted.resize(320, 0);
        assert_eq!(samples(&frames[0]), wanted);
        assert_eq!(samples(&tick(&mut capture)[0]), vec![0; 320]);
        input.push(&[6; 320]);
        assert_eq!(samples(&tick(&mut capture)[0]), vec![6; 320]);
        assert!(tick(&mut capture).is_empty());
    }

    #[test]
    fn silence_follows_the_end() {
        for pace in [PcmPace::Live, PcmPace::Paced] {
            let (mut input, mut capture) = pcm(pace);
            input.push(&[5; 400]);
            drop(input);
            let all: Vec<i16> =
                (0..5).flat_map(|_| tick(&mut capture)).flat_map(|frame| samples(&frame)).collect();
            let mut wanted = vec![5; 400];
            wanted.resize(1_600, 0);
            assert_eq!(all, wanted);
            assert!(capture.is_finished());
        }
    }

    #[test]
    fn silence_fills_in_for_a_late_paced_source() {
        let (mut input, mut capture) = pcm(PcmPace::Paced);
        input.push(&[5; 100]);
        let late = samples(&tick(&mut capture)[0]);
        assert_eq!((late[99], late[100]), (5, 0));
        input.push(&[6; 640]);
        assert_eq!(samples(&tick(&mut capture)[0]), vec![6; 320]);
        assert_eq!(samples(&tick(&mut capture)[0]), vec![6; 320]);
    }

    #[test]
    fn muting_sends_silence_for_a_while_and_then_nothing() {
        let mut capture = started(tone(16_000)).with_mute_silence(Duration::from_millis(60));
        tick(&mut capture);
        assert!(capture.level() > 0.5);
        capture.set_muted(true);
        for _ in 0..3 {
            assert_eq!(samples(&tick(&mut capture)[0]), vec![0; 320]);
            capture.set_muted(true);
        }
        for _ in 0..30 {
            assert!(tick(&mut capture).is_empty());
        }
        assert_eq!((capture.level(), capture.is_muted()), (0.0, true));
        capture.set_muted(false);
        assert_ne!(samples(&tick(&mut capture)[0]), vec![0; 320]);
        capture.set_muted(true);
        assert_eq!(tick(&mut capture).len(), 1);
    }

    #[test]
    fn the_default_mute_silence_is_three_seconds() {
        let mut capture = started(tone(16_000));
        capture.set_muted(true);
        assert_eq!((0..1_000).flat_map(|_| tick(&mut capture)).count(), 150);
    }

    #[test]
    fn a_muted_live_source_is_not_heard_later() {
        let (mut input, mut capture) = pcm(PcmPace::Live);
        capture.set_muted(true);
        input.push(&[5; 400]);
        assert_eq!(samples(&tick(&mut capture)[0]), vec![0; 320]);
        capture.set_muted(false);
        input.push(&[6; 240]);
        assert_eq!(samples(&tick(&mut capture)[0])[79..81], [5, 6]);
        assert!(tick(&mut capture).is_empty());
    }

    #[test]
    fn another_source_takes_over() {
        let mut capture = started(SilenceSource::new(AudioFormat::mono(48_000)));
        tick(&mut capture);
        let old = capture.replace_source(Box::new(tone(8_000))).unwrap();
        assert_eq!(old.format().sample_rate, 48_000);
        assert!(tick(&mut capture).iter().flat_map(samples).any(|sample| sample != 0));
        let bad = SilenceSource::new(AudioFormat::mono(0));
        assert_eq!(capture.replace_source(Box::new(bad)).err().unwrap().kind(), ErrorKind::InvalidArgument);
        assert_eq!(tick(&mut capture).len(), 1);
    }

    #[test]
    fn refuses_impossible_frames() {
        for (rate, frame) in [(16_000, Duration::ZERO), (16_000, Duration::from_secs(2)), (0, FRAME)] {
            let source = Box::new(SilenceSource::new(TARGET));
            let error = Capture::new(source, AudioFormat::mono(rate), frame).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        }
    }

    #[test]
    fn frames_share_allocations() {
        let mut capture = started(tone(16_000));
        let frames: Vec<AudioFrame> = (0..160).flat_map(|_| tick(&mut capture)).collect();
        let moves =
            frames.windows(2).filter(|pair| pair[0].pcm.as_ptr_range().end != pair[1].pcm.as_ptr()).count();
        assert!(moves < 20, "{moves}");
    }
}
