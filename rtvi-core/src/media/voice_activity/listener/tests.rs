//! A voice made of pulses through resonators, against noise, tones and clicks.

use std::f64::consts::TAU;

use super::*;

const FORMAT: AudioFormat = AudioFormat::mono(16_000);

/// Vowels of 200 ms each: a pulse train that sounds through three resonators.
fn voice(rate: u32, seconds: usize) -> Vec<i16> {
    let vowels = [[730.0, 1_090.0, 2_440.0], [270.0, 2_290.0, 3_010.0], [570.0, 840.0, 2_410.0]];
    let rate = f64::from(rate);
    let (mut memory, mut phase) = ([[0.0; 2]; 3], 0.0);
    let sample = |i: usize| {
        let time = i as f64 / rate;
        let vowel = vowels[(time / 0.2) as usize % 3];
        phase += (120.0 + 20.0 * (time * 9.0).sin()) / rate;
        let pulse = if phase >= 1.0 { 1.0 } else { 0.0 };
        phase %= 1.0;
        let mut sum = 0.0;
        for (frequency, [last, before]) in vowel.iter().zip(&mut memory) {
            let radius = (-80.0 * TAU / 2.0 / rate).exp();
            let next =
                pulse + 2.0 * radius * (TAU * frequency / rate).cos() * *last - radius * radius * *before;
            (*before, *last) = (*last, next);
            sum += next;
        }
        (sum * 1_500.0 * (time / 0.2 * TAU / 2.0).sin().abs()).clamp(-30_000.0, 30_000.0) as i16
    };
    (0..rate as usize * seconds).map(sample).collect()
}

/// The state of a detector after each 10 ms.
fn judge(detector: &mut VoiceActivity, format: AudioFormat, samples: &[i16]) -> Vec<bool> {
    let length = format.samples_in(Duration::from_millis(10));
    let mut judge = |block| {
        detector.process(block);
        detector.is_speaking()
    };
    samples.chunks(length).map(&mut judge).collect()
}

fn detector() -> VoiceActivity {
    VoiceActivity::new(FORMAT, VoiceActivityOptions::default()).unwrap()
}

#[test]
fn a_voice_is_speech_at_any_rate() {
    for format in [FORMAT, AudioFormat::mono(48_000), AudioFormat { sample_rate: 8_000, channels: 1 }] {
        let mut detector = VoiceActivity::new(format, VoiceActivityOptions::default()).unwrap();
        let said = judge(&mut detector, format, &voice(format.sample_rate, 2));
        let first = said.iter().position(|speaking| *speaking).unwrap();
        assert!(first < 40, "{format}: after {first} blocks");
        assert!(said[first..].iter().all(|speaking| *speaking), "{format}");
    }
}

#[test]
fn it_ends_half_a_second_after_the_voice() {
    let mut detector = detector();
    judge(&mut detector, FORMAT, &voice(16_000, 1));
    assert!(detector.is_speaking());
    let after = judge(&mut detector, FORMAT, &[0; 16_000]);
    let silent = after.iter().position(|speaking| !*speaking).unwrap();
    assert!((45..65).contains(&silent), "{silent}");
    assert!(after[silent..].iter().all(|speaking| !*speaking));
}

#[test]
fn steady_noise_tones_and_clicks_are_none() {
    let mut state = 1_u32;
    let noise: Vec<i16> = (0..48_000)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            ((state >> 16) as i32 - 32_768).div_euclid(16) as i16
        })
        .collect();
    let tone: Vec<i16> =
        (0..48_000).map(|i| ((f64::from(i) * TAU * 1_000.0 / 16_000.0).sin() * 5_000.0) as i16).collect();
    let mut clicks = vec![0; 48_000];
    clicks.iter_mut().step_by(16_000).for_each(|sample| *sample = 20_000);
    for (name, sound) in [("silence", vec![0; 48_000]), ("noise", noise), ("tone", tone), ("clicks", clicks)]
    {
        let said = judge(&mut detector(), FORMAT, &sound);
        assert!(said[100..].iter().all(|speaking| !*speaking), "{name}");
    }
}

#[test]
fn periods_need_their_times() {
    let mut decision = Decision::new(VoiceActivityOptions::default());
    let mut follow = |likelihoods: &[f32]| {
        likelihoods.iter().for_each(|likelihood| decision.take(*likelihood));
        decision.speaking
    };
    assert!(!follow(&[0.9, 0.9, 0.9, 0.1, 0.9, 0.9, 0.9]));
    assert!(follow(&[0.5]));
    assert!(follow(&[0.0; 31]));
    assert!(follow(&[0.6]), "a breath");
    assert!(follow(&[0.0; 31]) && !follow(&[0.0]));
}

#[test]
fn begins_anew_after_a_reset() {
    let mut detector = detector();
    judge(&mut detector, FORMAT, &voice(16_000, 1));
    detector.reset();
    assert!(!detector.is_speaking());
    let bad = VoiceActivity::new(AudioFormat::mono(0), VoiceActivityOptions::default());
    assert_eq!(bad.unwrap_err().kind(), crate::ErrorKind::InvalidArgument);
}
