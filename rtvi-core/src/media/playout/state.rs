//! The state of a playout, behind its mutex.

use std::{collections::VecDeque, time::Duration};

use crate::media::{AudioFormat, AudioFrame, LevelMeter, Resampler, stretch};

use super::{MAX_BUFFERED, MAX_FADE, PlayoutOptions, PlayoutStats, delay::TargetDelay, volume::Volume};

/// How much memory waiting audio may take, in bytes: 120 s of 48 kHz stereo or 500 s of 24 kHz
/// mono. When full, new frames are dropped and counted; only the last frame may exceed the limit.
pub(super) const MAX_BUFFERED_BYTES: usize = 24 * 1024 * 1024;

/// How much more audio than the fade-out is converted for it.
const FADE_SOURCE: Duration = Duration::from_millis(5);
/// When less than this is left, speech is expanded by up to one period (10 ms) in each pull.
const LOW: Duration = Duration::from_millis(15);
/// How much of the previous audio is used to expand or conceal.
const PAST: Duration = Duration::from_millis(20);
/// How long a sound that breaks off is concealed.
const CONCEALMENT: Duration = Duration::from_millis(20);
/// Audio whose samples are all below this is quiet (-50 dBFS): its end needs no concealment.
const QUIET: u16 = 100;

#[derive(Debug)]
pub(super) struct State {
    pub(super) queue: VecDeque<AudioFrame>,
    /// The duration of the frames in the queue.
    queued: Duration,
    /// The memory that they take.
    bytes: usize,
    phase: Phase,
    delay: TargetDelay,
    fade: Duration,
    /// Whether the feeder conceals missing audio.
    concealed_upstream: bool,
    sink: Option<AudioFormat>,
    /// Converts the present frames to the format of the sink.
    resampler: Option<Resampler>,
    /// Samples in the sink's format, which play before the queue.
    ready: Vec<i16>,
    /// How many of these, from the first, are the fade-out of a flush.
    fading: usize,
    /// The last samples that the sink got.
    past: Vec<i16>,
    scratch: Vec<i16>,
    volume: Volume,
    meter: LevelMeter,
    stats: PlayoutStats,
}

#[derive(Debug)]
enum Phase {
    /// Nothing plays.
    Dry {
        /// How long the first frame has waited.
        waited: Duration,
        /// How long nothing has played since a sound broke off.
        gap: Option<Duration>,
    },
    Playing,
}

impl Phase {
    const SILENT: Self = Self::Dry { waited: Duration::ZERO, gap: None };
}

impl State {
    pub(super) fn new(options: PlayoutOptions) -> Self {
        Self {
            queue: VecDeque::new(),
            queued: Duration::ZERO,
            bytes: 0,
            phase: Phase::SILENT,
            delay: TargetDelay::new(options.target_delay, options.max_delay),
            fade: options.fade.min(MAX_FADE),
            concealed_upstream: false,
            sink: None,
            resampler: None,
            ready: Vec::new(),
            fading: 0,
            past: Vec::new(),
            scratch: Vec::new(),
            volume: Volume::new(options.gain),
            meter: LevelMeter::default(),
            stats: PlayoutStats::default(),
        }
    }

    pub(super) fn is_playing(&self) -> bool {
        matches!(self.phase, Phase::Playing) || !self.ready.is_empty()
    }

    pub(super) const fn target_delay(&self) -> Duration {
        self.delay.present()
    }

    pub(super) const fn set_concealed_upstream(&mut self, concealed: bool) {
        self.concealed_upstream = concealed;
    }

    pub(super) const fn max_delay(&self) -> Duration {
        self.delay.max()
    }

    pub(super) fn set_gain(&mut self, gain: f32) {
        self.volume.set_gain(gain);
    }

    pub(super) fn set_ducking(&mut self, gain: f32) {
        self.volume.set_ducking(gain);
    }

    pub(super) const fn level(&self) -> f32 {
        self.meter.value()
    }

    pub(super) const fn fade(&self) -> Duration {
        self.fade
    }

    pub(super) const fn stats(&self) -> PlayoutStats {
        self.stats
    }

    pub(super) fn push(&mut self, frame: AudioFrame) {
        let is_whole = frame.samples.len().is_multiple_of(frame.format.channels.into());
        if !frame.format.is_supported() || !is_whole {
            return self.count_malformed();
        }
        if frame.samples.is_empty() {
            return;
        }
        let time = frame.duration();
        self.stats.received += time;
        if self.is_full() {
            return self.drop(time);
        }
        self.queued += time;
        self.bytes += memory(&frame);
        self.queue.push_back(frame);
    }

    pub(super) const fn count_malformed(&mut self) {
        self.stats.malformed += 1;
    }

    pub(super) fn is_full(&self) -> bool {
        self.queued >= MAX_BUFFERED || self.bytes >= MAX_BUFFERED_BYTES
    }

    fn drop(&mut self, time: Duration) {
        self.stats.dropped += time;
        self.stats.dropped_frames += 1;
    }

    pub(super) fn pull(&mut self, out: &mut [i16], format: AudioFormat) -> usize {
        if self.sink != Some(format) {
            self.sink = Some(format);
            self.resampler = None;
            self.ready.clear();
            self.fading = 0;
            self.past.clear();
        }
        let time = format.duration_of(out.len());
        if self.is_playing_after(time) {
            self.prepare(out.len(), format);
        }
        let count = self.ready.len().min(out.len());
        let (played, silent) = out.split_at_mut(count);
        played.iter_mut().zip(self.ready.drain(..count)).for_each(|(slot, sample)| *slot = sample);
        silent.fill(0);
        self.fading = self.fading.saturating_sub(count);
        self.remember(played, format);
        let heard = format.duration_of(count);
        self.stats.played += heard;
        self.delay.on_played(heard);
        self.volume.apply(out, format.sample_rate, format.channels);
        self.meter.update(out, time);
        count
    }

    /// Whether to play the queue. If not, adds `time` to the wait.
    fn is_playing_after(&mut self, time: Duration) -> bool {
        let Phase::Dry { waited, gap } = &mut self.phase else { return true };
        let target = self.delay.present();
        if self.queued >= target || (*waited >= target && !self.queue.is_empty()) {
            if let Some(gap) = *gap {
                self.delay.on_gap(gap);
            }
            self.phase = Phase::Playing;
            return true;
        }
        if self.queue.is_empty() {
            *waited = Duration::ZERO;
            *gap = gap.map(|gap| gap.saturating_add(time));
        } else {
            *waited += time;
        }
        false
    }

    /// Converts frames until `count` samples are ready or the queue is empty.
    fn prepare(&mut self, count: usize, sink: AudioFormat) {
        while self.ready.len() < count {
            let Some(frame) = self.pop() else {
                self.finish_resampler();
                return self.run_dry(count, sink);
            };
            self.convert(frame.format, &frame.samples, sink);
        }
        if !self.concealed_upstream
            && self.queue.is_empty()
            && self.ready.len() - count < sink.samples_in(LOW)
        {
            self.expand(sink);
        }
    }

    /// Conceals the end of a sound that breaks off because too few samples are ready.
    fn run_dry(&mut self, count: usize, sink: AudioFormat) {
        if self.ready.len() >= count {
            return;
        }
        self.gather_past(sink);
        let breaks_off = !is_quiet(&self.scratch);
        if breaks_off {
            self.stats.gaps += 1;
            let before = self.ready.len();
            stretch::conceal(&self.scratch, sink, sink.samples_in(CONCEALMENT), &mut self.ready);
            self.stats.concealed += sink.duration_of(self.ready.len() - before);
        }
        self.phase = Phase::Dry { waited: Duration::ZERO, gap: breaks_off.then_some(Duration::ZERO) };
    }

    /// Expands the last speech, to gain time for more to arrive.
    fn expand(&mut self, sink: AudioFormat) {
        let begin = self.ready.len().saturating_sub(sink.samples_in(PAST));
        self.scratch.clear();
        self.scratch.extend(self.ready.drain(begin..));
        if is_quiet(&self.scratch) {
            self.ready.append(&mut self.scratch);
            return;
        }
        let added = stretch::expand(&self.scratch, sink, &mut self.ready);
        self.stats.concealed += sink.duration_of(added);
    }

    /// Collects the last samples before the next ones in `scratch`.
    fn gather_past(&mut self, sink: AudioFormat) {
        let wanted = sink.samples_in(PAST);
        let missing = wanted.saturating_sub(self.ready.len()).min(self.past.len());
        self.scratch.clear();
        self.scratch.extend_from_slice(self.past.get(self.past.len() - missing..).unwrap_or_default());
        let begin = self.ready.len().saturating_sub(wanted);
        self.scratch.extend_from_slice(self.ready.get(begin..).unwrap_or_default());
    }

    /// Keeps the last samples that were played.
    fn remember(&mut self, played: &[i16], format: AudioFormat) {
        let wanted = format.samples_in(PAST);
        let new = played.get(played.len().saturating_sub(wanted)..).unwrap_or_default();
        let old = (self.past.len() + new.len()).saturating_sub(wanted).min(self.past.len());
        self.past.drain(..old);
        self.past.extend_from_slice(new);
    }

    fn pop(&mut self) -> Option<AudioFrame> {
        let frame = self.queue.pop_front()?;
        self.queued = self.queued.saturating_sub(frame.duration());
        self.bytes = self.bytes.saturating_sub(memory(&frame));
        Some(frame)
    }

    fn convert(&mut self, format: AudioFormat, samples: &[i16], sink: AudioFormat) {
        if self.resampler.as_ref().is_none_or(|resampler| resampler.from() != format) {
            self.finish_resampler();
            self.resampler = Resampler::new(format, sink).ok();
        }
        match &mut self.resampler {
            Some(resampler) => resampler.process(samples, &mut self.ready),
            None => self.drop(format.duration_of(samples.len())),
        }
    }

    fn finish_resampler(&mut self) {
        if let Some(resampler) = &mut self.resampler {
            resampler.finish(&mut self.ready);
        }
    }

    pub(super) fn flush(&mut self, fade: Option<Duration>) {
        let before = self.buffered();
        let next = self.pop();
        self.queue.clear();
        self.queued = Duration::ZERO;
        self.bytes = 0;
        if let Some(sink) = self.sink {
            self.fade_out(next, sink, fade.unwrap_or(self.fade).min(MAX_FADE));
        }
        self.phase = Phase::SILENT;
        self.past.clear();
        self.stats.flushed += before.saturating_sub(self.buffered());
    }

    /// Keeps only the next samples and fades them out.
    fn fade_out(&mut self, next: Option<AudioFrame>, sink: AudioFormat, fade: Duration) {
        let wanted = sink.samples_in(fade);
        if let (Phase::Playing, Some(AudioFrame { format, samples })) = (&self.phase, next)
            && self.ready.len() < wanted
        {
            let count = format.samples_in(fade + FADE_SOURCE).min(samples.len());
            self.convert(format, samples.get(..count).unwrap_or_default(), sink);
        }
        self.finish_resampler();
        self.ready.truncate(wanted);
        let channels = usize::from(sink.channels).max(1);
        let steps = (self.ready.len() / channels + 1) as f32;
        for (step, group) in self.ready.chunks_mut(channels).enumerate() {
            let gain = 1.0 - (step + 1) as f32 / steps;
            group.iter_mut().for_each(|sample| *sample = (f32::from(*sample) * gain) as i16);
        }
        self.fading = self.ready.len();
    }

    pub(super) fn drop_fade(&mut self) {
        let before = self.buffered();
        let left = std::mem::take(&mut self.fading).min(self.ready.len());
        self.ready.drain(..left);
        self.stats.flushed += before.saturating_sub(self.buffered());
    }

    pub(super) fn buffered(&self) -> Duration {
        self.queued + self.sink.map_or(Duration::ZERO, |sink| sink.duration_of(self.ready.len()))
    }
}

/// The memory of a waiting frame, including its overhead: many tiny frames must count as well.
fn memory(frame: &AudioFrame) -> usize {
    // An `Arc` keeps two counts beside the samples.
    size_of_val(&*frame.samples) + 2 * size_of::<usize>() + size_of::<AudioFrame>()
}

fn is_quiet(samples: &[i16]) -> bool {
    samples.iter().all(|sample| sample.unsigned_abs() < QUIET)
}
