//! Converts a stream between any two sample rates and numbers of channels.
//!
//! Uses the windowed-sinc interpolation of `rubato`. Pure: no clock and no I/O. Allocates when
//! created and while the caller's buffer grows, but not in steady state.

use std::fmt;

use rubato::{
    Async, FixedAsync, Indexing, Resampler as _, SincInterpolationParameters, SincInterpolationType,
    WindowFunction, audioadapter_buffers::direct::InterleavedSlice,
};

use crate::error::{Error, ErrorKind};

use super::AudioFormat;

/// Length of the interpolation filter in samples of the lower rate. With 64, four fifths of the
/// lower rate's band pass unchanged (3.2 kHz at 8 kHz, 6.4 kHz at 16 kHz), and aliases are 70 dB
/// down, for less than 2 ms of CPU time per second of audio.
const TAPS: u64 = 64;

/// Up to this many coefficients (192 KiB), the exact filter of every phase is stored. That covers
/// all usual pairs of rates (11025 to 48000 Hz has 640 phases). Beyond it, filters are
/// interpolated, so that memory and setup time stay bounded for any pair of rates.
const MAX_COEFFICIENTS: u64 = 48 * 1024;

/// How many coefficients are stored when filters are interpolated: 256 phases of [`TAPS`], or fewer
/// of a longer filter.
const INTERPOLATED_COEFFICIENTS: u64 = 16 * 1024;

/// Converts a stream of 16-bit PCM from one format to another.
///
/// The output is aligned in time with the input: after `n` seconds of input and
/// [`finish`](Self::finish) there are exactly `n` seconds of output. The resampler holds at most 10
/// ms of input plus half the filter (2 ms at 16 kHz).
///
/// With `m` output channels and more input channels, output channel `c` is the mean of the input
/// channels `c`, `c + m` and so on, so a mono output is the mean of all channels. With fewer input
/// channels, they are repeated in turn.
pub struct Resampler {
    from: AudioFormat,
    to: AudioFormat,
    /// Absent when the rates are equal.
    stage: Option<Stage>,
}

impl Resampler {
    /// A resampler from one format to another.
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

    /// The format of the input.
    pub const fn from(&self) -> AudioFormat {
        self.from
    }

    /// The format of the output.
    pub const fn to(&self) -> AudioFormat {
        self.to
    }

    /// Converts samples and appends those that are ready to `out`. Ignores samples after the last
    /// whole group of channels.
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

    /// Appends the remaining output to `out` and starts a new stream.
    pub fn finish(&mut self, out: &mut Vec<i16>) {
        if let Some(stage) = &mut self.stage {
            stage.finish(usize::from(self.to.channels), out);
            stage.reset();
        }
    }

    /// Discards the remaining output and starts a new stream.
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

/// The conversion of the rate, on as few channels as possible.
struct Stage {
    inner: Async<f32>,
    from_rate: u64,
    to_rate: u64,
    channels: usize,
    /// Interleaved input samples that do not fill a chunk yet.
    input: Vec<f32>,
    /// How many samples a chunk has.
    chunk: usize,
    /// Interleaved output samples of a chunk.
    output: Vec<f32>,
    /// How many groups of output to skip at the start: the delay of the filter.
    skip: usize,
    /// How many groups of input there were since the start.
    taken: u64,
    /// How many groups of output there were since the start.
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

    /// Converts one chunk, filled up with silence, and appends at most `limit` groups of `channels`
    /// to `out`.
    fn convert(&mut self, limit: u64, channels: usize, out: &mut Vec<i16>) {
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
        let wanted = (converted - skipped).min(usize::try_from(limit).unwrap_or(usize::MAX));
        self.given += wanted as u64;
        for group in self.output.chunks_exact(self.channels).skip(skipped).take(wanted) {
            out.extend((0..channels).map(|c| to_i16(group.get(c % self.channels).copied().unwrap_or(0.0))));
        }
    }

    fn finish(&mut self, channels: usize, out: &mut Vec<i16>) {
        let total = (self.taken * self.to_rate + self.from_rate / 2) / self.from_rate;
        while self.given < total {
            let before = (self.given, self.skip);
            // A chunk without output after the delay means that there will never be any.
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

/// The filter for a pair of rates, whose length is counted at the lower rate. If the ratio of the
/// rates is a simple fraction, each phase has its exact filter and nothing is interpolated.
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

/// Mixes one group of samples to `wanted` channels and passes them to `push`.
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

/// Rounds to the nearest sample value and limits samples that are too loud.
fn to_i16(sample: f32) -> i16 {
    // With an offset the cast rounds. A call of `round` is slow on plain x86-64.
    let shifted = (sample + 32_768.5) as i32 - 32_768;
    shifted.clamp(i16::MIN.into(), i16::MAX.into()) as i16
}

fn whole_groups(samples: &[i16], channels: usize) -> &[i16] {
    samples.get(..samples.len() - samples.len() % channels).unwrap_or(samples)
}

#[cfg(test)]
mod tests;
