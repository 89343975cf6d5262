//! What comes out of a resampler: its length, its loudness and its noise.

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

/// Amplitude and signal-to-noise ratio in decibels of a sine of known frequency: all that is
/// not that sine is noise.
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
            assert!((amplitude / 16_384.0 - 1.0).abs() < 0.02, "{from} to {to}, {frequency} Hz: {amplitude}");
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
    let square: Vec<i16> = (0..1_600).map(|n| if n / 20 % 2 == 0 { i16::MAX } else { i16::MIN }).collect();
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
    for bad in
        [AudioFormat::mono(0), AudioFormat::mono(u32::MAX), AudioFormat { sample_rate: 16_000, channels: 0 }]
    {
        for (from, to) in [(bad, good), (good, bad)] {
            let error = Resampler::new(from, to).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidArgument);
            assert!(error.message().contains(&bad.to_string()), "{error}");
        }
    }
}
