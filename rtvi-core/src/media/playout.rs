//! The bot's audio on its way to the speaker.
//!
//! Shared by the transport task, which pushes, and the audio task, which pulls. Pure but for one mutex; no clock, no thread.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{AudioFormat, AudioFrame, LevelMeter, Resampler};

/// The most audio that waits to be played; servers may send a long answer at once. When full, newly arriving frames are
/// dropped and counted.
pub const MAX_BUFFERED: Duration = Duration::from_secs(120);

/// The most memory for audio that waits, in bytes, whatever its format: 120 s of 48 kHz stereo fit. When full, newly arriving frames
/// are dropped and counted.
const MAX_BUFFERED_BYTES: usize = 24 * 1024 * 1024;

/// How much audio must be there before playing begins, so that small network jitter does not chop it. Less is played too, once it
/// has waited that long.
pub const PREBUFFER: Duration = Duration::from_millis(60);

/// How long audio that is cut off takes to fade out.
const FADE: Duration = Duration::from_millis(5);

/// How much of the first waiting frame is looked at to fade out.
const FADE_SOURCE: Duration = Duration::from_millis(10);

/// The bot's audio between the transport that receives it and the task that plays it.
///
/// All methods take a mutex that is held at most for the conversion of one pull (about 20 µs for 20 ms of audio).
#[derive(Debug, Default)]
pub struct Playout {
    state: Mutex<State>,
}

/// What a [`Playout`] has done so far. `received` is the sum of `played`, `dropped`, `flushed` and what is still there, give or take
/// the few milliseconds that are inside the converter when the format changes or the queue is flushed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlayoutStats {
    /// How much well-formed audio arrived.
    pub received: Duration,
    /// How much audio of the bot was given to the speaker.
    pub played: Duration,
    /// How much was dropped because too much was waiting already.
    pub dropped: Duration,
    /// How much was thrown away by [`Playout::flush`].
    pub flushed: Duration,
    /// How many frames could not be read: a broken last sample or an impossible format.
    pub malformed: u64,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<AudioFrame>,
    /// How long the frames in the queue play.
    queued: Duration,
    /// How much memory they take.
    bytes: usize,
    phase: Phase,
    sink: Option<AudioFormat>,
    /// From the format of the frames being played to the sink's.
    resampler: Option<Resampler>,
    /// Samples in the sink's format, played before anything in the queue.
    ready: Vec<i16>,
    scratch: Vec<i16>,
    meter: LevelMeter,
    stats: PlayoutStats,
}

#[derive(Debug)]
enum Phase {
    /// Nothing plays; the first waiting frame has waited for the given time.
    Dry(Duration),
    Playing,
}

impl Default for Phase {
    fn default() -> Self {
        Self::Dry(Duration::ZERO)
    }
}

impl Playout {
    /// Queues audio behind what is there. Frames may change their format at any time.
    pub fn push(&self, frame: AudioFrame) {
        self.state().push(frame);
    }

    /// Fills `out` with the next audio in the given format, silence where there is none, and says how many of its samples are
    /// the bot's. To be called by one task at the pace of the speaker.
    pub fn pull(&self, out: &mut [i16], format: AudioFormat) -> usize {
        self.state().pull(out, format)
    }

    /// Drops what has not been played, but for 5 ms that fade out so that there is no click.
    pub fn flush(&self) {
        self.state().flush();
    }

    /// How much audio waits to be played.
    pub fn buffered(&self) -> Duration {
        self.state().buffered()
    }

    /// Whether audio of the bot is being played.
    pub fn is_playing(&self) -> bool {
        let state = self.state();
        matches!(state.phase, Phase::Playing) || !state.ready.is_empty()
    }

    /// How loud the bot is, 0 to 1, as given to the speaker. See [`Level::value`](super::Level::value).
    pub fn level(&self) -> f32 {
        self.state().meter.value()
    }

    /// What was done so far.
    pub fn stats(&self) -> PlayoutStats {
        self.state().stats
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn push(&mut self, frame: AudioFrame) {
        let group = usize::from(frame.format.channels) * 2;
        if !frame.format.is_supported() || !frame.pcm.len().is_multiple_of(group) {
            self.stats.malformed += 1;
            return;
        }
        if frame.pcm.is_empty() {
            return;
        }
        let time = frame.duration();
        self.stats.received += time;
        let bytes = self.bytes + memory(&frame);
        if self.queued + time > MAX_BUFFERED || bytes > MAX_BUFFERED_BYTES {
            self.stats.dropped += time;
            return;
        }
        self.queued += time;
        self.bytes = bytes;
        self.queue.push_back(frame);
    }

    fn pull(&mut self, out: &mut [i16], format: AudioFormat) -> usize {
        if self.sink != Some(format) {
            self.sink = Some(format);
            self.resampler = None;
            self.ready.clear();
        }
        let time = format.duration_of(out.len());
        if self.plays_after(time) {
            self.make_ready(out.len(), format);
        }
        let count = self.ready.len().min(out.len());
        let (played, silent) = out.split_at_mut(count);
        played.iter_mut().zip(self.ready.drain(..count)).for_each(|(slot, sample)| *slot = sample);
        silent.fill(0);
        self.stats.played += format.duration_of(count);
        self.meter.update(out, time);
        count
    }

    /// Whether to play what is in the queue; counts the waiting if not.
    fn plays_after(&mut self, time: Duration) -> bool {
        let Phase::Dry(waited) = self.phase else { return true };
        if self.queued >= PREBUFFER || (waited >= PREBUFFER && !self.queue.is_empty()) {
            self.phase = Phase::Playing;
            return true;
        }
        self.phase = Phase::Dry(if self.queue.is_empty() { Duration::ZERO } else { waited + time });
        false
    }

    /// Converts frames until there are `count` samples or the queue has run dry.
    fn make_ready(&mut self, count: usize, sink: AudioFormat) {
        while self.ready.len() < count {
            let Some(frame) = self.pop() else {
                self.finish_resampler();
                self.phase = Phase::default();
                return;
            };
            self.convert(&frame, sink);
        }
    }

    fn pop(&mut self) -> Option<AudioFrame> {
        let frame = self.queue.pop_front()?;
        self.queued = self.queued.saturating_sub(frame.duration());
        self.bytes = self.bytes.saturating_sub(memory(&frame));
        Some(frame)
    }

    fn convert(&mut self, frame: &AudioFrame, sink: AudioFormat) {
        if self.resampler.as_ref().is_none_or(|resampler| resampler.from() != frame.format) {
            self.finish_resampler();
            self.resampler = Resampler::new(frame.format, sink).ok();
        }
        let Some(resampler) = &mut self.resampler else {
            self.stats.dropped += frame.duration();
            return;
        };
        self.scratch.clear();
        self.scratch.extend(frame.pcm.as_chunks::<2>().0.iter().map(|pair| i16::from_le_bytes(*pair)));
        resampler.process(&self.scratch, &mut self.ready);
    }

    fn finish_resampler(&mut self) {
        if let Some(resampler) = &mut self.resampler {
            resampler.finish(&mut self.ready);
        }
    }

    fn flush(&mut self) {
        let before = self.buffered();
        let next = self.pop();
        self.queue.clear();
        self.queued = Duration::ZERO;
        self.bytes = 0;
        if let Some(sink) = self.sink {
            self.fade_out(next, sink);
        }
        self.phase = Phase::default();
        self.stats.flushed += before.saturating_sub(self.buffered());
    }

    /// Leaves only the very next samples, fading.
    fn fade_out(&mut self, next: Option<AudioFrame>, sink: AudioFormat) {
        let wanted = sink.samples_in(FADE);
        if let (Phase::Playing, Some(mut frame)) = (&self.phase, next)
            && self.ready.len() < wanted
        {
            frame.pcm.truncate(frame.format.samples_in(FADE_SOURCE) * 2);
            self.convert(&frame, sink);
        }
        self.finish_resampler();
        self.ready.truncate(wanted);
        let channels = usize::from(sink.channels).max(1);
        let steps = (self.ready.len() / channels + 1) as f32;
        for (step, group) in self.ready.chunks_mut(channels).enumerate() {
            let gain = 1.0 - (step + 1) as f32 / steps;
            group.iter_mut().for_each(|sample| *sample = (f32::from(*sample) * gain) as i16);
        }
    }

    fn buffered(&self) -> Duration {
        self.queued + self.sink.map_or(Duration::ZERO, |sink| sink.duration_of(self.ready.len()))
    }
}

/// What a waiting frame costs: many tiny frames must not take more memory than few large ones.
fn memory(frame: &AudioFrame) -> usize {
    frame.pcm.len() + size_of::<AudioFrame>()
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;

    const SINK: AudioFormat = AudioFormat::mono(16_000);

    fn frame(format: AudioFormat, samples: &[i16]) -> AudioFrame {
        AudioFrame { format, pcm: samples.iter().flat_map(|sample| sample.to_le_bytes()).collect() }
    }

    /// 20 ms in the sink's format.
    fn push(playout: &Playout, value: i16) {
        playout.push(frame(SINK, &[value; 320]));
    }

    /// One tick of 20 ms.
    fn pull(playout: &Playout) -> (usize, Vec<i16>) {
        let mut out = vec![99; 320];
        (playout.pull(&mut out, SINK), out)
    }

    const fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[test]
    fn silence_when_there_is_nothing() {
        let playout = Playout::default();
        assert_eq!(pull(&playout), (0, vec![0; 320]));
        assert!(!playout.is_playing());
        assert_eq!(playout.stats(), PlayoutStats::default());
    }

    #[test]
    fn begins_with_sixty_milliseconds_and_plays_all_in_order() {
        let playout = Playout::default();
        push(&playout, 1);
        push(&playout, 2);
        assert_eq!(pull(&playout), (0, vec![0; 320]));
        push(&playout, 3);
        assert_eq!(playout.buffered(), ms(60));
        for value in 1..=3 {
            assert_eq!(pull(&playout), (320, vec![value; 320]));
            assert!(playout.is_playing());
        }
        assert_eq!(pull(&playout), (0, vec![0; 320]));
        assert!(!playout.is_playing());
        assert_eq!((playout.stats().received, playout.stats().played), (ms(60), ms(60)));
    }

    #[test]
    fn plays_less_when_nothing_more_comes() {
        let playout = Playout::default();
        playout.push(frame(SINK, &[4; 100]));
        for _ in 0..3 {
            assert_eq!(pull(&playout).0, 0);
        }
        let (count, out) = pull(&playout);
        assert_eq!((count, out[99], out[100]), (100, 4, 0));
    }

    #[test]
    fn buffers_anew_after_running_dry() {
        let playout = Playout::default();
        (0..3).for_each(|_| push(&playout, 1));
        for _ in 0..4 {
            pull(&playout);
        }
        push(&playout, 2);
        assert_eq!(pull(&playout).0, 0);
        (0..2).for_each(|_| push(&playout, 2));
        assert_eq!(pull(&playout), (320, vec![2; 320]));
    }

    #[test]
    fn jitter_within_the_buffer_is_not_heard() {
        let playout = Playout::default();
        (0..3).for_each(|_| push(&playout, 1));
        for _ in 0..100 {
            assert_eq!(pull(&playout).0, 320);
            assert_eq!(pull(&playout).0, 320);
            push(&playout, 1);
            push(&playout, 1);
        }
    }

    #[test]
    fn resamples_and_mixes_every_frame_and_loses_nothing() {
        let playout = Playout::default();
        let stereo = AudioFormat { sample_rate: 24_000, channels: 2 };
        for _ in 0..50 {
            playout.push(frame(stereo, &[8_000; 960]));
        }
        for _ in 0..50 {
            playout.push(frame(AudioFormat::mono(48_000), &[8_000; 960]));
        }
        let mut heard = Vec::new();
        while let (count, out) = pull(&playout)
            && count > 0
        {
            heard.extend_from_slice(&out[..count]);
        }
        assert_eq!(heard.len(), 32_000);
        assert!(heard[100..15_800].iter().all(|sample| sample.abs_diff(8_000) < 10));
        assert!(heard[16_200..31_800].iter().all(|sample| sample.abs_diff(8_000) < 10));
        assert!(playout.level() > 0.7);
    }

    #[test]
    fn flush_fades_out_within_five_milliseconds() {
        let playout = Playout::default();
        (0..50).for_each(|_| push(&playout, 10_000));
        assert_eq!(pull(&playout).0, 320);
        playout.flush();
        assert_eq!(playout.buffered(), ms(5));
        let (count, out) = pull(&playout);
        assert_eq!(count, 80);
        let largest = out.windows(2).map(|pair| pair[0].abs_diff(pair[1])).max().unwrap();
        assert!(largest < 200 && out[0].abs_diff(10_000) < 200, "{largest}, {}", out[0]);
        assert_eq!(out[80..], [0; 240]);
        assert_eq!(pull(&playout).0, 0);
        let stats = playout.stats();
        assert_eq!((stats.flushed, stats.played), (ms(975), ms(25)));
    }

    #[test]
    fn flush_fades_resampled_audio_too() {
        let playout = Playout::default();
        for _ in 0..20 {
            playout.push(frame(AudioFormat::mono(24_000), &[10_000; 480]));
        }
        pull(&playout);
        let last = *pull(&playout).1.last().unwrap();
        playout.flush();
        let (count, out) = pull(&playout);
        assert_eq!(count, 80);
        let largest =
            [last].iter().chain(&out).collect::<Vec<_>>().windows(2).map(|p| p[0].abs_diff(*p[1])).max();
        assert!(largest.unwrap() < 300, "{largest:?}");
    }

    #[test]
    fn audio_after_a_flush_is_played_behind_the_fade() {
        let playout = Playout::default();
        (0..10).for_each(|_| push(&playout, 10_000));
        pull(&playout);
        playout.flush();
        (0..3).for_each(|_| push(&playout, 7));
        let (count, out) = pull(&playout);
        assert_eq!((count, out[80], out[319]), (320, 7, 7));
    }

    #[test]
    fn flush_before_playing_drops_all() {
        let playout = Playout::default();
        playout.flush();
        push(&playout, 5);
        playout.flush();
        assert_eq!((playout.buffered(), playout.stats().flushed), (Duration::ZERO, ms(20)));
        assert_eq!(pull(&playout).0, 0);
        push(&playout, 5);
        pull(&playout);
        playout.flush();
        for _ in 0..10 {
            assert_eq!(pull(&playout).0, 0);
        }
    }

    #[test]
    fn drops_the_newest_beyond_two_minutes() {
        let playout = Playout::default();
        let second = frame(AudioFormat::mono(8_000), &[3; 8_000]);
        for _ in 0..125 {
            playout.push(second.clone());
        }
        assert_eq!((playout.buffered(), playout.stats().dropped), (MAX_BUFFERED, Duration::from_secs(5)));
        assert_eq!(playout.stats().received, Duration::from_secs(125));
    }

    #[test]
    fn memory_is_bounded_for_tiny_and_for_rich_frames() {
        let playout = Playout::default();
        let tiny = frame(AudioFormat::mono(384_000), &[3]);
        for _ in 0..1_000_000 {
            playout.push(tiny.clone());
        }
        assert!(playout.state().queue.len() * size_of::<AudioFrame>() <= MAX_BUFFERED_BYTES);
        assert!(playout.stats().dropped > Duration::ZERO);
        playout.flush();
        let rich = frame(AudioFormat { sample_rate: 384_000, channels: 8 }, &vec![0; 3_072_000]);
        for _ in 0..10 {
            playout.push(rich.clone());
        }
        assert_eq!(playout.buffered(), Duration::from_secs(4));
    }

    #[test]
    fn malformed_frames_are_counted_and_do_no_harm() {
        let playout = Playout::default();
        let of = |sample_rate, channels, bytes: &'static [u8]| AudioFrame {
            format: AudioFormat { sample_rate, channels },
            pcm: Bytes::from_static(bytes),
        };
        for bad in [
            of(16_000, 1, &[1]),
            of(16_000, 2, &[1, 2]),
            of(16_000, 0, &[1, 2]),
            of(0, 1, &[1, 2]),
            of(u32::MAX, 1, &[1, 2]),
            of(16_000, u16::MAX, &[]),
        ] {
            playout.push(bad);
        }
        playout.push(of(16_000, 1, &[]));
        assert_eq!(playout.stats(), PlayoutStats { malformed: 6, ..PlayoutStats::default() });
        assert_eq!(playout.buffered(), Duration::ZERO);
        (0..3).for_each(|_| push(&playout, 5));
        assert_eq!(pull(&playout), (320, vec![5; 320]));
    }

    #[test]
    fn a_sink_with_an_impossible_format_gets_silence() {
        let playout = Playout::default();
        (0..5).for_each(|_| push(&playout, 5));
        for channels in [0, u16::MAX] {
            let mut out = [9; 8];
            assert_eq!(playout.pull(&mut out, AudioFormat { sample_rate: 16_000, channels }), 0);
            assert_eq!(out, [0; 8]);
            playout.flush();
        }
        assert_eq!(playout.pull(&mut [], SINK), 0);
    }

    #[test]
    fn the_sink_may_change_its_format() {
        let playout = Playout::default();
        (0..10).for_each(|_| push(&playout, 5));
        pull(&playout);
        let mut out = vec![0; 1_764];
        assert_eq!(playout.pull(&mut out, AudioFormat { sample_rate: 44_100, channels: 2 }), 1_764);
        assert!(out[200..].iter().all(|sample| sample.abs_diff(5) <= 1));
    }

    proptest::proptest! {
        #[test]
        fn whatever_comes_is_accounted_for(
            steps in proptest::collection::vec((0u8..10, 0usize..4, 1u16..4, 0usize..3_000), 0..60),
        ) {
            let rates = [300, 16_000, 24_000, 48_000];
            let playout = Playout::default();
            let mut slack = ms(15);
            for (what, rate, channels, count) in steps {
                let sample_rate = rates[rate];
                match what {
                    0 => playout.flush(),
                    1..=4 => assert!(playout.pull(&mut vec![0; count], SINK) <= count),
                    _ => playout.push(frame(AudioFormat { sample_rate, channels }, &vec![100; count])),
                }
                slack += ms(if what == 0 || what > 4 { 15 } else { 0 });
            }
            let stats = playout.stats();
            let sum = stats.played + stats.dropped + stats.flushed + playout.buffered();
            assert!(stats.received.abs_diff(sum) < slack, "{stats:?}, {:?}", playout.buffered());
            let mut pulls = 0;
            while playout.is_playing() || playout.buffered() > Duration::ZERO {
                pull(&playout);
                pulls += 1;
                assert!(pulls < 10_000, "never ends: {:?}", playout.stats());
            }
        }
    }
}
