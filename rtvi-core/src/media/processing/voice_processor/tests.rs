//! Echoes, noise and quiet speech made of pseudo-random numbers.

use super::*;

const RATE: u32 = 16_000;
const FORMAT: AudioFormat = AudioFormat::mono(RATE);
const LENGTH: usize = 160;

/// Noise that rises and falls a few times a second, as speech does.
fn babble(seconds: usize, seed: u32) -> Vec<i16> {
    let mut state = seed;
    (0..seconds * RATE as usize)
        .map(|i| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let noise = f64::from(state >> 16) - 32_768.0;
            (noise * 0.2 * (i as f64 / 2_500.0).sin().powi(2)) as i16
        })
        .collect()
}

fn power(samples: &[i16]) -> f64 {
    samples.iter().map(|&s| f64::from(s).powi(2)).sum::<f64>() / samples.len() as f64 + 1e-9
}

/// What is left of an echo of half the strength that comes `delay` samples later, in decibels below
/// it, in the last second.
fn reduction(options: AudioProcessing, far: &[i16], format: AudioFormat, delay: usize) -> f64 {
    let mut processor = VoiceProcessor::new(FORMAT, options).unwrap();
    let far_length = format.samples_in(BLOCK);
    let mono: Vec<i16> = far.chunks(far_length / LENGTH).map(|group| group[0]).collect();
    let echo: Vec<i16> = std::iter::repeat_n(0, delay).chain(mono.iter().map(|s| s / 2)).collect();
    let mut out = Vec::new();
    for (far, near) in far.chunks_exact(far_length).zip(echo.chunks_exact(LENGTH)) {
        processor.far_end(far, format);
        let mut block = near.to_vec();
        processor.process(&mut block);
        out.extend(block);
    }
    let last = out.len() - RATE as usize;
    10.0 * (power(&echo[last..out.len()]) / power(&out[last..])).log10()
}

const ECHO_ONLY: AudioProcessing = AudioProcessing { echo_cancellation: true, ..AudioProcessing::OFF };

#[test]
fn without_stages_nothing_changes() {
    let mut processor = VoiceProcessor::new(FORMAT, AudioProcessing::OFF).unwrap();
    processor.far_end(&[1_000; LENGTH], FORMAT);
    let mut block = [7; LENGTH];
    processor.process(&mut block);
    assert_eq!((block, processor.is_active()), ([7; LENGTH], false));
    assert_eq!(processor.stats(), ProcessingStats::default());
}

#[test]
fn an_echo_goes_away_whatever_the_speaker_plays_in() {
    let far = babble(4, 1);
    assert!(reduction(AudioProcessing { high_pass: true, ..AudioProcessing::OFF }, &far, FORMAT, 800) < 3.0);
    for delay in [160, 800, 3_200] {
        let db = reduction(ECHO_ONLY, &far, FORMAT, delay);
        assert!(db > 25.0, "{delay}: {db}");
    }
    let stereo = AudioFormat { sample_rate: RATE, channels: 2 };
    let far: Vec<i16> = far.iter().flat_map(|&s| [s, s]).collect();
    let db = reduction(AudioProcessing::ALL, &far, stereo, 800);
    assert!(db > 20.0, "{db}");
}

#[test]
fn the_delay_of_the_echo_is_found() {
    let far = babble(3, 2);
    let mut processor = VoiceProcessor::new(FORMAT, ECHO_ONLY).unwrap();
    let echo: Vec<i16> = std::iter::repeat_n(0, 1_600).chain(far.iter().map(|s| s / 2)).collect();
    for (far, near) in far.chunks_exact(LENGTH).zip(echo.chunks_exact(LENGTH)) {
        processor.far_end(far, FORMAT);
        processor.process(&mut near.to_vec());
    }
    let delay = processor.stats().echo_delay.unwrap();
    assert!(delay.abs_diff(Duration::from_millis(100)) < Duration::from_millis(15), "{delay:?}");
}

#[test]
fn each_stage_does_its_own() {
    let through = |options, input: &[i16]| {
        let mut processor = VoiceProcessor::new(FORMAT, options).unwrap();
        let mut out = input.to_vec();
        out.chunks_mut(LENGTH).for_each(|block| processor.process(block));
        10.0 * (power(&out[out.len() / 2..]) / power(&input[input.len() / 2..])).log10()
    };
    let tone = |hertz: f64| -> Vec<i16> {
        let step = std::f64::consts::TAU * hertz / f64::from(RATE);
        (0..4 * RATE).map(|i| ((f64::from(i) * step).sin() * 3_000.0) as i16).collect()
    };
    let high_pass = AudioProcessing { high_pass: true, ..AudioProcessing::OFF };
    assert!(through(high_pass, &tone(40.0)) < -12.0);
    assert!(through(high_pass, &tone(1_000.0)).abs() < 1.0);
    let mut state = 5_u32;
    let hiss: Vec<i16> = (0..4 * RATE)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as i16 - 128
        })
        .collect();
    let suppression = AudioProcessing { noise_suppression: true, ..AudioProcessing::OFF };
    assert!(through(suppression, &hiss) < -8.0);
    let quiet: Vec<i16> = babble(4, 3).iter().map(|s| s / 16).collect();
    assert!(through(AudioProcessing { gain_control: true, ..AudioProcessing::OFF }, &quiet) > 6.0);
}

#[test]
fn stages_are_switched_while_audio_flows() {
    let far = babble(2, 4);
    let mut processor = VoiceProcessor::new(FORMAT, AudioProcessing::OFF).unwrap();
    for (number, block) in far.chunks_exact(LENGTH).enumerate() {
        if number % 20 == 0 {
            processor.set_options([AudioProcessing::ALL, ECHO_ONLY, AudioProcessing::OFF][number / 20 % 3]);
        }
        processor.far_end(block, AudioFormat::mono(if number < 100 { RATE } else { 48_000 }));
        processor.process(&mut block.to_vec());
    }
    processor.set_options(AudioProcessing::OFF);
    assert!(!processor.is_active());
}

#[test]
fn refuses_what_it_cannot_cut_into_blocks_and_ignores_odd_pieces() {
    for rate in [0, 11_025] {
        let error = VoiceProcessor::new(AudioFormat::mono(rate), ECHO_ONLY).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    }
    let mut processor = VoiceProcessor::new(FORMAT, AudioProcessing::ALL).unwrap();
    let mut odd = [5; 100];
    processor.process(&mut odd);
    assert_eq!(odd, [5; 100]);
}
