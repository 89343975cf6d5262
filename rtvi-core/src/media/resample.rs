//! From any sample rate and number of channels to any other, as a stream.
//!
//! Uses `rubato`'s windowed-sinc interpolation. Pure: no clock, no I/O; allocates when made and while its caller's
//! buffer still grows, not in steady state.

use std::fmt;

use rubato::{
    Async, FixedAsync, Indexing, Resampler as _, SincInterpolationParameters, SincInterpolationType,
    WindowFunction, audioadapter_buffers::direct::InterleavedSlice,
};

use crate::error::{Error, ErrorKind};

use super::AudioFormat;

/// Length of the interpolation filter in samples of the lower of the two rates. With 64 four fifths of the band that the lower rate
/// can hold pass unchanged (3.2 kHz at 8 kHz, 6.4 kHz at 16 kHz) and what must not pass is 70 dB down, for under 2 ms of CPU
/// per second of audio.
const TAPS: u64 = 64;

/// Up to this many coefficients (192 KiB) the exact filter of every phase that occurs is stored, which is enough for all usual pairs
/// of rates (11025 to 48000 Hz has 640 phases); above it the filters are interpolated. Keeps memory, and the time to make a
/// converter, bounded for any pair of rates.
const MAX_COEFFICIENTS: u64 = 48 * 1024;

/// Coefficients stored when filters are interpolated: 256 phases of [`TAPS`], or fewer of a longer, smoother filter.
const INTERPOLATED_COEFFICIENTS: u64 = 16 * 1024;

/// Converts a stream of 16-bit PCM from one format to another.
///
/// Samples come out as soon as the filter has what it needs, aligned in time with those that went in: after `n` seconds
/// of input and [`finish`](Self::finish) there are exactly `n` seconds of output. At most 10 ms of input plus half the filter (2 ms at
/// 16 kHz) are kept inside.
///
/// Channels: with fewer wanted than given, output channel `c` is the mean of the input channels `c`, `c + wanted`, … (so one
/// output channel is the mean of all); with more, output channel `c` repeats input channel `c` modulo those given.
pub struct Resampler {
    from: AudioFormat,
    to: AudioFormat,
    /// Absent when the rates are equal.
    stage: Option<Stage>,
}

impl Resampler {
    /// A converter from one format to another.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] when a format is not [supported](AudioFormat::is_supported).
    pub fn new(from: AudioFormat, to: AudioFormat) -> Result<Self, Error> {
        if let Some(bad) = [from, to].into_iter().find(|format| !format.is_supported()) {
            return Err(Error::new(ErrorKind::InvalidArgument, format!("can't convert audio of {bad}")));
        }
        let stage = if from.sample_rate == to.sample_rate { None } else { Some(Stage::new(from, to)?) };
        Ok(Self { from, to, stage })
    }

    /// The format that goes in.
    pub const fn from(&self) -> AudioFormat {
        self.from
    }

    /// The format that comes out.
    pub const fn to(&self) -> AudioFormat {
        self.to
    }

    /// Takes samples and appends those that are ready to `out`. Samples after the last whole group of channels are ignored.
    pub fn process(&mut self, input: &[i16], out: &mut Vec<i16>) {
        let channels = usize::from(self.to.channels);
        if self.from == self.to {
            out.extend_from_slice(whole_groups(input, channels));
            return;
        }
        let given = usize::from(self.from.channels);
        let groups = input.chunks_exact(given);
        match &mut self.stage {
            None => groups.for_each(|group| mix(group, channels, |sample| out.push(sample))),
            Some(stage) => groups.for_each(|group| stage.take(group, channels, out)),
        }
    }

    /// Appends what is still inside to `out` and begins anew.
    pub fn finish(&mut self, out: &mut Vec<i16>) {
        if let Some(stage) = &mut self.stage {
            stage.finish(usize::from(self.to.channels), out);
            stage.reset();
        }
    }

    /// Forgets what is inside and begins anew.
    pub fn reset(&mut self) {
        if let Some(stage) = &mut self.stage {
            stage.reset();
        }
    }
}

impl fmt::Debug for Resampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resampler").field("from", &self.from).field("to", &self.to).finish_non_exhaustive()
    }
}

/// The rate conversion, on as few channels as needed.
struct Stage {
    inner: Async<f32>,
    from_rate: u64,
    to_rate: u64,
    channels: usize,
    /// Interleaved samples waiting for a whole chunk.
    input: Vec<f32>,
    /// How many samples make a chunk.
    chunk: usize,
    /// Interleaved samples as converted.
    output: Vec<f32>,
    /// Groups still to be dropped at the start: the filter's delay.
    skip: usize,
    /// Groups taken since the start.
    taken: u64,
    /// Groups given since the start.
    given: u64,
}

impl Stage {
    fn new(from: AudioFormat, to: AudioFormat) -> Result<Self, Error> {
        let channels = usize::from(from.channels.min(to.channels));
        let groups = (from.sample_rate / 100) as usize;
        let ratio = f64::from(to.sample_rate) / f64::from(from.sample_rate);
        let parameters = filter(from.sample_rate, to.sample_rate);
        let inner = Async::new_sinc(ratio, 1.0, &parameters, groups, channels, FixedAsync::Input)
            .map_err(|e| Error::new(ErrorKind::Internal, format!("can't convert {from} to {to}: {e}")))?;
        let chunk = groups * channels;
        Ok(Self {
            skip: inner.output_delay(),
            output: vec![0.0; inner.output_frames_max() * channels],
            inner,
            from_rate: from.sample_rate.into(),
            to_rate: to.sample_rate.into(),
            channels,
            input: Vec::with_capacity(chunk),
            chunk,
            taken: 0,
            given: 0,
        })
    }

    fn take(&mut self, group: &[i16], channels: usize, out: &mut Vec<i16>) {
        mix(group, self.channels, |sample| self.input.push(f32::from(sample)));
        self.taken += 1;
        if self.input.len() >= self.chunk {
            self.convert(u64::MAX, channels, out);
        }
    }

    /// Converts one chunk, filled up with silence if need be, and appends at most `most` groups of `channels` to `out`.
    fn convert(&mut self, most: u64, channels: usize, out: &mut Vec<i16>) {
        let groups = self.input.len() / self.channels;
        self.input.resize(self.chunk, 0.0);
        let room = self.output.len() / self.channels;
        let converted = match (
            InterleavedSlice::new(&self.input, self.channels, self.chunk / self.channels),
            InterleavedSlice::new_mut(&mut self.output, self.channels, room),
        ) {
            (Ok(input), Ok(mut output)) => {
                let part = Indexing { partial_len: Some(groups), ..Indexing::default() };
                self.inner.process_into_buffer(&input, &mut output, Some(&part)).map_or(0, |(_, n)| n)
            }
            _ => 0,
        };
        self.input.clear();
        let skipped = self.skip.min(converted);
        self.skip -= skipped;
        let wanted = (converted - skipped).min(usize::try_from(most).unwrap_or(usize::MAX));
        self.given += wanted as u64;
        for group in self.output.chunks_exact(self.channels).skip(skipped).take(wanted) {
            out.extend((0..channels).map(|c| to_i16(group.get(c % self.channels).copied().unwrap_or(0.0))));
        }
    }

    fn finish(&mut self, channels: usize, out: &mut Vec<i16>) {
        let total = (self.taken * self.to_rate + self.from_rate / 2) / self.from_rate;
        while self.given < total {
            let before = (self.given, self.skip);
            // A chunk that gives nothing once the delay is over would give nothing for ever.
            let dry_runs = self.input.is_empty();
            self.convert(total - self.given, channels, out);
            if dry_runs && before == (self.given, self.skip) {
                break;
            }
        }
    }

    fn reset(&mut self) {
        self.inner.reset();
        self.input.clear();
        self.skip = self.inner.output_delay();
        self.taken = 0;
        self.given = 0;
    }
}

/// The filter for a pair of rates. Its length is counted at the lower rate; if the rates' ratio is a simple fraction, each of the
/// phases that occur has its exact filter, so that nothing need be interpolated.
fn filter(from: u32, to: u32) -> SincInterpolationParameters {
    let taps = (TAPS * u64::from(from)).div_ceil(u64::from(from.min(to)));
    let exact = u64::from(to / greatest_common_divisor(from, to));
    let (phases, interpolation) = if taps * exact <= MAX_COEFFICIENTS {
        (exact, SincInterpolationType::Nearest)
    } else {
        (INTERPOLATED_COEFFICIENTS / taps + 1, SincInterpolationType::Linear)
    };
    SincInterpolationParameters::new(taps as usize, WindowFunction::Blackman)
        .oversampling_factor(phases as usize)
        .interpolation(interpolation)
}

const fn greatest_common_divisor(mut a: u32, mut b: u32) -> u32 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

/// Gives each of the `wanted` channels of one group of samples to `push`.
fn mix(group: &[i16], wanted: usize, mut push: impl FnMut(i16)) {
    for channel in 0..wanted {
        if wanted < group.len() {
            let (sum, count) = group
                .iter()
                .skip(channel)
                .step_by(wanted)
                .fold((0, 0), |(sum, count), &sample| (sum + i32::from(sample), count + 1));
            push((sum / count.max(1)) as i16);
        } else {
            push(group.get(channel % group.len()).copied().unwrap_or(0));
        }
    }
}

/// Rounds to the nearest sample value; what is too loud is limited.
fn to_i16(sample: f32) -> i16 {
    // Adding an offset first makes the cast round without a call of `round`, which is slow on plain x86-64.
    let shifted = (sample + 32_768.5) as i32 - 32_768;
    shifted.clamp(i16::MIN.into(), i16::MAX.into()) as i16
}

fn whole_groups(samples: &[i16], channels: usize) -> &[i16] {
    samples.get(..samples.len() - samples.len() % channels).unwrap_or(samples)
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    const STEREO: u16 = 2;

    fn sine(rate: u32, frequency: f64, seconds: usize) -> Vec<i16> {
        (0..rate as usize * seconds)
            .map(|n| ((n as f64 * frequency / f64::from(rate) * TAU).sin() * 16_384.0).round() as i16)
            .collect()
    }

    /// Converts in pieces of uneven sizes, as a stream.
    fn convert(resampler: &mut Resampler, input: &[i16]) -> Vec<i16> {
        let mut out = Vec::new();
        let channels = usize::from(resampler.from().channels);
        for piece in input.chunks(channels * 331) {
            resampler.process(piece, &mut out);
        }
        resampler.finish(&mut out);
        out
    }

    /// Amplitude and signal-to-noise ratio in decibels of a sine of known frequency: all that is not that sine is noise.
    fn quality(samples: &[i16], rate: u32, frequency: f64) -> (f64, f64) {
        let wave = |n: usize| (n as f64 * frequency / f64::from(rate) * TAU).sin_cos();
        let (mut with_sin, mut with_cos) = (0.0, 0.0);
        for (n, &sample) in samples.iter().enumerate() {
            let (sin, cos) = wave(n);
            with_sin += f64::from(sample) * sin;
            with_cos += f64::from(sample) * cos;
        }
        let scale = 2.0 / samples.len() as f64;
        let (a, b) = (with_sin * scale, with_cos * scale);
        let noise: f64 = samples
            .iter()
            .enumerate()
            .map(|(n, &sample)| {
                let (sin, cos) = wave(n);
                (f64::from(sample) - a * sin - b * cos).powi(2)
            })
            .sum::<f64>()
            * scale;
        (a.hypot(b), 10.0 * ((a * a + b * b) / noise).log10())
    }

    #[test]
    fn sines_stay_sines() {
        let pairs = [
            (16_000, 24_000),
            (24_000, 48_000),
            (48_000, 16_000),
            (44_100, 16_000),
            (8_000, 48_000),
            (22_050, 24_000),
            (11_025, 48_000),
            (192_000, 8_000),
            (16_001, 16_000),
            (48_000, 44_099),
            (192_000, 11_025),
            (383_999, 16_000),
        ];
        for (from, to) in pairs {
            for frequency in [100.0, 440.0, 1_000.0, 3_000.0] {
                let mut resampler = Resampler::new(AudioFormat::mono(from), AudioFormat::mono(to)).unwrap();
                let out = convert(&mut resampler, &sine(from, frequency, 2));
                assert_eq!(out.len(), 2 * to as usize, "{from} to {to}");
                // Without the ends, where the filter sees the silence around.
                let middle = &out[to as usize / 10..to as usize * 2 - to as usize / 10];
                let (amplitude, ratio) = quality(middle, to, frequency);
                assert!(
                    (amplitude / 16_384.0 - 1.0).abs() < 0.02,
                    "{from} to {to}, {frequency} Hz: {amplitude}"
                );
                assert!(ratio > 80.0, "{from} to {to}, {frequency} Hz: {ratio} dB");
            }
        }
    }

    #[test]
    fn what_the_lower_rate_cannot_hold_is_removed() {
        let mut resampler = Resampler::new(AudioFormat::mono(48_000), AudioFormat::mono(16_000)).unwrap();
        let out = convert(&mut resampler, &sine(48_000, 10_000.0, 1));
        let loudest = out[800..15_200].iter().map(|s| s.unsigned_abs()).max().unwrap();
        assert!(loudest < 5, "{loudest}");
    }

    #[test]
    fn output_is_aligned_with_input() {
        let mut resampler = Resampler::new(AudioFormat::mono(16_000), AudioFormat::mono(48_000)).unwrap();
        let mut input = vec![0; 3_200];
        input[1_600] = 30_000;
        let out = convert(&mut resampler, &input);
        let at = out.iter().enumerate().max_by_key(|(_, sample)| **sample).unwrap().0;
        // Within one sample of the input.
        assert!(at.abs_diff(4_800) <= 3, "{at}");
    }

    #[test]
    fn a_minute_has_as_many_samples_as_it_should_and_little_is_kept_inside() {
        for (from, to) in [(16_000, 24_000), (44_100, 48_000), (48_000, 44_099), (11_025, 16_000)] {
            let (from, to) = (AudioFormat::mono(from), AudioFormat::mono(to));
            let mut resampler = Resampler::new(from, to).unwrap();
            let second = vec![100; from.sample_rate as usize];
            let mut out = Vec::new();
            for seconds in 1..=60 {
                resampler.process(&second, &mut out);
                let inside = (to.sample_rate as usize * seconds).abs_diff(out.len());
                assert!(inside < to.sample_rate as usize / 50, "{from} to {to}: {inside}");
            }
            resampler.finish(&mut out);
            assert_eq!(out.len(), to.sample_rate as usize * 60, "{from} to {to}");
        }
    }

    #[test]
    fn a_second_stream_is_like_the_first() {
        let mut resampler = Resampler::new(AudioFormat::mono(16_000), AudioFormat::mono(24_000)).unwrap();
        let input = sine(16_000, 500.0, 1);
        let first = convert(&mut resampler, &input);
        assert_eq!(convert(&mut resampler, &input), first);
        resampler.process(&input[..5_000], &mut Vec::new());
        resampler.reset();
        assert_eq!(convert(&mut resampler, &input), first);
    }

    #[test]
    fn very_short_streams_keep_their_length() {
        for count in 0..5 {
            let mut resampler = Resampler::new(AudioFormat::mono(8_000), AudioFormat::mono(48_000)).unwrap();
            assert_eq!(convert(&mut resampler, &vec![9; count]).len(), count * 6);
        }
    }

    #[test]
    fn equal_formats_pass_through() {
        let format = AudioFormat { sample_rate: 44_100, channels: STEREO };
        let mut resampler = Resampler::new(format, format).unwrap();
        let mut out = vec![7];
        resampler.process(&[i16::MIN, i16::MAX, 3, 4, 5], &mut out);
        assert_eq!(out, [7, i16::MIN, i16::MAX, 3, 4]);
    }

    #[test]
    fn channels_are_mixed_and_spread() {
        let at = |channels| AudioFormat { sample_rate: 16_000, channels };
        let run = |from, to, input: &[i16]| convert(&mut Resampler::new(at(from), at(to)).unwrap(), input);
        assert_eq!(run(2, 1, &[100, 200, i16::MIN, i16::MIN]), [150, i16::MIN]);
        assert_eq!(run(1, 2, &[5, -6]), [5, 5, -6, -6]);
        assert_eq!(run(6, 2, &[3, 30, 6, 60, 9, 90]), [6, 60]);
        assert_eq!(run(3, 2, &[3, 30, 5]), [4, 30]);
        assert_eq!(run(2, 3, &[1, 2]), [1, 2, 1]);
        assert_eq!(run(8, 8, &[1, 2, 3, 4, 5, 6, 7, 8]), [1, 2, 3, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn channels_stay_apart_while_resampled() {
        let from = AudioFormat { sample_rate: 16_000, channels: STEREO };
        let to = AudioFormat { sample_rate: 24_000, channels: STEREO };
        let input: Vec<i16> = sine(16_000, 440.0, 1).into_iter().flat_map(|sample| [sample, 0]).collect();
        let out = convert(&mut Resampler::new(from, to).unwrap(), &input);
        assert_eq!(out.len(), 48_000);
        assert!(out.iter().skip(1).step_by(2).all(|&sample| sample == 0));
        let left: Vec<i16> = out.iter().step_by(2).copied().skip(2_400).take(19_200).collect();
        assert!(quality(&left, 24_000, 440.0).1 > 70.0);
    }

    #[test]
    fn loud_audio_is_limited_not_wrapped() {
        let mut resampler = Resampler::new(AudioFormat::mono(16_000), AudioFormat::mono(48_000)).unwrap();
        let square: Vec<i16> =
            (0..1_600).map(|n| if n / 20 % 2 == 0 { i16::MAX } else { i16::MIN }).collect();
        let out = convert(&mut resampler, &square);
        // In the middle of each half wave, away from the edges.
        for (half, samples) in out.chunks(60).enumerate() {
            assert_eq!(samples[30] > 0, half % 2 == 0);
        }
        assert!(out.contains(&i16::MAX) && out.contains(&i16::MIN));
    }

    #[test]
    fn steady_state_keeps_its_buffers() {
        let mut resampler = Resampler::new(AudioFormat::mono(24_000), AudioFormat::mono(48_000)).unwrap();
        let mut out = Vec::new();
        let frame = [1; 480];
        for _ in 0..5 {
            resampler.process(&frame, &mut out);
            out.clear();
        }
        let stage = resampler.stage.as_ref().unwrap();
        let before = (out.capacity(), stage.input.capacity(), stage.output.capacity());
        for _ in 0..500 {
            resampler.process(&frame, &mut out);
            out.clear();
        }
        let stage = resampler.stage.as_ref().unwrap();
        assert_eq!((out.capacity(), stage.input.capacity(), stage.output.capacity()), before);
    }

    #[test]
    fn refuses_unsupported_formats() {
        let good = AudioFormat::mono(16_000);
        for bad in [
            AudioFormat::mono(0),
            AudioFormat::mono(u32::MAX),
            AudioFormat { sample_rate: 16_000, channels: 0 },
        ] {
            for (from, to) in [(bad, good), (good, bad)] {
                let error = Resampler::new(from, to).unwrap_err();
                assert_eq!(error.kind(), ErrorKind::InvalidArgument);
                assert!(error.message().contains(&bad.to_string()), "{error}");
            }
        }
    }
}
