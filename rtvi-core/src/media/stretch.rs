//! Accelerates, expands and conceals speech without changing its pitch: removes or repeats periods
//! of the voice.
//!
//! Pure arithmetic on samples (waveform-similarity overlap-add). Allocates only in the caller's
//! buffer.

use super::AudioFormat;

/// The periods that are searched: 2.5 to 10 ms, the pitch of voices from 100 to 400 Hz. For a lower
/// voice the search finds an overtone.
const SHORTEST_MICROS: u64 = 2_500;
const LONGEST_MICROS: u64 = 10_000;
/// How similar two periods must be, from -1 to 1, to make the join inaudible.
const MIN_SIMILARITY: f64 = 0.6;
/// How many samples per second are compared: enough to find a period, and cheap.
const COMPARED_RATE: u32 = 8_000;

/// Appends `samples` to `out` without one period, and returns how many samples were removed.
/// Without a period it appends all samples and returns zero.
#[cfg(any(feature = "webrtc", test))]
pub(crate) fn accelerate(samples: &[i16], format: AudioFormat, out: &mut Vec<i16>) -> usize {
    let Some(period) = period(samples, format) else {
        out.extend_from_slice(samples);
        return 0;
    };
    let (first, rest) = samples.split_at(period);
    let (second, rest) = rest.split_at(period);
    cross_fade(first, second, format, out);
    out.extend_from_slice(rest);
    period
}

/// Appends `samples` to `out` with one period repeated, and returns how many samples were added.
/// Without a period it adds none and returns zero.
pub(crate) fn expand(samples: &[i16], format: AudioFormat, out: &mut Vec<i16>) -> usize {
    let Some(period) = period(samples, format) else {
        out.extend_from_slice(samples);
        return 0;
    };
    let (first, rest) = samples.split_at(period);
    out.extend_from_slice(first);
    cross_fade(rest.get(..period).unwrap_or(rest), first, format, out);
    out.extend_from_slice(rest);
    period
}

/// Appends `count` samples to `out` that continue `samples`: repeats the last period and fades out.
pub(crate) fn conceal(samples: &[i16], format: AudioFormat, count: usize, out: &mut Vec<i16>) {
    let channels = usize::from(format.channels).max(1);
    let longest = samples_of(LONGEST_MICROS, format).min(samples.len() - samples.len() % channels);
    let tail = samples.get(samples.len().saturating_sub(2 * longest)..).unwrap_or(samples);
    let length = period(tail, format).unwrap_or(longest);
    let Some(last) = samples.get(samples.len().saturating_sub(length)..).filter(|last| !last.is_empty())
    else {
        return;
    };
    let steps = (count / channels).max(1) as f32;
    let groups = last.chunks_exact(channels).cycle().take(count / channels);
    for (step, group) in groups.enumerate() {
        let gain = 1.0 - (step + 1) as f32 / steps;
        out.extend(group.iter().map(|&sample| (f32::from(sample) * gain) as i16));
    }
}

/// Fades from `from` to `to`, which have the same length.
fn cross_fade(from: &[i16], to: &[i16], format: AudioFormat, out: &mut Vec<i16>) {
    let channels = usize::from(format.channels).max(1);
    let steps = (from.len() / channels).max(1) as f32;
    out.extend(from.iter().zip(to).enumerate().map(|(index, (&from, &to))| {
        let weight = (index / channels) as f32 / steps;
        (f32::from(from) * (1.0 - weight) + f32::from(to) * weight) as i16
    }));
}

fn samples_of(micros: u64, format: AudioFormat) -> usize {
    let groups = u64::from(format.sample_rate) * micros / 1_000_000;
    usize::try_from(groups).unwrap_or(usize::MAX).saturating_mul(usize::from(format.channels))
}

/// The number of samples after which the beginning of `samples` repeats; `None` when it does not,
/// or there are too few samples.
fn period(samples: &[i16], format: AudioFormat) -> Option<usize> {
    let channels = usize::from(format.channels).max(1);
    let stride = channels * (format.sample_rate / COMPARED_RATE).max(1) as usize;
    let (shortest, longest) = (samples_of(SHORTEST_MICROS, format), samples_of(LONGEST_MICROS, format));
    let longest = longest.min(samples.len() / 2 / channels * channels);
    let best = |lags: &mut dyn Iterator<Item = usize>| {
        lags.map(|lag| (similarity(samples, lag, stride), lag)).max_by(|(a, _), (b, _)| a.total_cmp(b))
    };
    let (similarity, near) = best(&mut (shortest.max(channels)..=longest).step_by(stride))?;
    if similarity < MIN_SIMILARITY {
        return None;
    }
    let around =
        (near.saturating_sub(stride - channels)..=(near + stride - channels).min(longest)).step_by(channels);
    best(&mut around.filter(|lag| *lag > 0)).map(|(_, lag)| lag)
}

/// How similar the first `lag` samples and the following ones are, from -1 to 1.
fn similarity(samples: &[i16], lag: usize, stride: usize) -> f64 {
    let Some((first, second)) = samples.split_at_checked(lag) else { return 0.0 };
    let pairs = first.iter().zip(second).step_by(stride);
    let (mut product, mut energy, mut other) = (0_i64, 1_i64, 1_i64);
    for (&a, &b) in pairs {
        let (a, b) = (i64::from(a), i64::from(b));
        product += a * b;
        energy += a * a;
        other += b * b;
    }
    product as f64 / ((energy as f64) * (other as f64)).sqrt()
}

#[cfg(test)]
mod tests {
    use std::f64::consts::TAU;

    use super::*;

    const FORMAT: AudioFormat = AudioFormat::mono(48_000);

    /// A voice's tone with an overtone.
    fn tone(hertz: f64, count: usize) -> Vec<i16> {
        let sample = |i: usize| {
            let phase = i as f64 * hertz / 48_000.0 * TAU;
            ((phase.sin() + 0.5 * (2.0 * phase).sin()) * 6_000.0) as i16
        };
        (0..count).map(sample).collect()
    }

    fn noise(count: usize) -> Vec<i16> {
        let mut state = 3_u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((state >> 16) as i32 - 32_768).div_euclid(4) as i16
        };
        (0..count).map(|_| next()).collect()
    }

    fn roughest(samples: &[i16]) -> u16 {
        samples.windows(2).map(|pair| pair[0].abs_diff(pair[1])).max().unwrap()
    }

    #[test]
    fn whole_periods_are_left_out_or_added_and_not_heard() {
        for hertz in [110.0, 150.0, 220.0, 390.0] {
            let input = tone(hertz, 960);
            let (mut short, mut long) = (Vec::new(), Vec::new());
            let removed = accelerate(&input, FORMAT, &mut short);
            let added = expand(&input, FORMAT, &mut long);
            assert_eq!((short.len(), long.len()), (960 - removed, 960 + added));
            let periods = removed as f64 * hertz / 48_000.0;
            assert!(removed >= 120 && (periods - periods.round()).abs() < 0.06, "{hertz}: {periods} periods");
            let limit = roughest(&input) + roughest(&input) / 4;
            assert!(roughest(&short) <= limit && roughest(&long) <= limit, "{hertz}");
            assert_eq!((short.last(), long.last()), (input.last(), input.last()), "what follows fits on");
            assert_eq!((short[0], long[0]), (input[0], input[0]), "and what came before");
        }
    }

    #[test]
    fn what_has_no_period_stays_as_it_is() {
        for input in [noise(960), tone(150.0, 10), Vec::new()] {
            let mut out = Vec::new();
            assert_eq!(accelerate(&input, FORMAT, &mut out), 0);
            assert_eq!(out, input);
            assert_eq!(expand(&input, FORMAT, &mut out), 0);
        }
        let mut out = Vec::new();
        assert_eq!(expand(&[1, 2, 3], AudioFormat { sample_rate: 0, channels: 0 }, &mut out), 0);
    }

    #[test]
    fn channels_stay_together() {
        let stereo = AudioFormat { sample_rate: 48_000, channels: 2 };
        let input: Vec<i16> = tone(200.0, 960).iter().flat_map(|&sample| [sample, -sample]).collect();
        let mut out = Vec::new();
        assert!(accelerate(&input, stereo, &mut out) > 0);
        assert!(out.chunks(2).all(|pair| pair[0].abs_diff(-pair[1]) <= 1));
    }

    #[test]
    fn goes_on_without_a_click_and_fades_out() {
        let input = tone(150.0, 960);
        let mut out = input.clone();
        conceal(&input, FORMAT, 960, &mut out);
        assert_eq!(out.len(), 1_920);
        assert!(roughest(&out) < roughest(&input) * 2, "{} {}", roughest(&out), roughest(&input));
        assert!(out[1_900..].iter().all(|sample| sample.abs() < 300));
        conceal(&[], FORMAT, 10, &mut out);
        assert_eq!(out.len(), 1_920);
    }
}
