//! The quality of a voice client, with synthetic rooms and networks: echoes disappear, voices
//! remain, lost packets are inaudible, and audio processing allocates nothing. The limits are
//! generous; `cargo xtask bench voice` has the figures.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::time::Duration;

use allocation_counter::measure;
use rtvi_core::media::{
    AudioFormat, AudioFrame, AudioProcessing, Capture, Playout, ToneSource, VoiceActivity,
    VoiceActivityOptions, VoiceProcessor,
};
use rtvi_tests::acoustics::{Room, decibels, hiss, si_sdr, voice};

const RATE: u32 = 16_000;
const FORMAT: AudioFormat = AudioFormat::mono(RATE);
const BLOCK: usize = 160;

/// What remains when the microphone hears `near` and the echo of `far`.
fn processed(options: AudioProcessing, far: &[i16], microphone: &[i16]) -> Vec<i16> {
    let mut processor = VoiceProcessor::new(FORMAT, options).unwrap();
    let mut out = microphone.to_vec();
    for (far, near) in far.chunks(BLOCK).zip(out.chunks_mut(BLOCK)) {
        processor.far_end(far, FORMAT);
        processor.process(near);
    }
    out
}

fn mixed(one: &[i16], other: &[i16]) -> Vec<i16> {
    one.iter().zip(other).map(|(a, b)| a.saturating_add(*b)).collect()
}

const ECHO_ONLY: AudioProcessing = AudioProcessing { echo_cancellation: true, ..AudioProcessing::OFF };

#[test]
fn the_bot_is_not_heard_in_any_room() {
    let far = voice(1, RATE, 5);
    for delay in [10, 100, 300] {
        let echo = Room::office(delay).hear(&far, RATE);
        let left = processed(ECHO_ONLY, &far, &mixed(&echo, &hiss(3, 3.0, far.len())));
        let settled = 3 * RATE as usize..;
        let db = decibels(&echo[settled.clone()], &left[settled]);
        assert!(db >= 25.0, "{delay} ms: {db:.1} dB");
    }
}

#[test]
fn a_louder_speaker_and_a_moved_one_are_learned_again() {
    let far = voice(1, RATE, 9);
    let third = far.len() / 3;
    let mut echo = Room::office(40).hear(&far, RATE);
    let moved = Room { seed: 99, loudness: 0.8, ..Room::office(60) }.hear(&far, RATE);
    echo[third..].copy_from_slice(&moved[third..]);
    let left = processed(ECHO_ONLY, &far, &echo);
    let db = decibels(&echo[2 * third..], &left[2 * third..]);
    assert!(db >= 20.0, "{db:.1} dB");
}

#[test]
fn the_user_is_heard_over_the_bot() {
    let far = voice(1, RATE, 8);
    let mut near: Vec<i16> = voice(2, RATE, 8).iter().map(|sample| sample / 4).collect();
    let both = near.len() / 2..;
    near[..both.start].fill(0);
    let microphone = mixed(&near, &Room::office(40).hear(&far, RATE));
    let left = processed(ECHO_ONLY, &far, &microphone);
    let alone = processed(ECHO_ONLY, &vec![0; far.len()], &near);
    let before = si_sdr(&near[both.clone()], &microphone[both.clone()], 0);
    let after = si_sdr(&alone[both.clone()], &left[both.clone()], 20);
    assert!(after > before + 2.0, "{before:.1} dB before, {after:.1} dB after");
    let quieter = decibels(&alone[both.clone()], &left[both]);
    assert!(quieter < 6.0, "the user is {quieter:.1} dB quieter than without the bot");
}

#[test]
fn the_bot_does_not_interrupt_itself() {
    let far = voice(1, RATE, 8);
    let microphone = mixed(&Room::office(80).hear(&far, RATE), &hiss(4, 10.0, far.len()));
    let speaks = |sound: &[i16]| {
        let mut detector = VoiceActivity::new(FORMAT, VoiceActivityOptions::default()).unwrap();
        let mut listen = |block: &[i16]| {
            detector.process(block);
            detector.is_speaking()
        };
        sound.chunks(BLOCK).skip(200).filter(|block| listen(block)).count()
    };
    assert!(speaks(&microphone) > 500, "without processing the bot hears itself");
    assert_eq!(speaks(&processed(AudioProcessing::ALL, &far, &microphone)), 0);
}

#[test]
fn no_memory_is_gathered_while_audio_is_processed() {
    let (far, mut near) = (voice(1, RATE, 4), voice(2, RATE, 4));
    let mut processor = VoiceProcessor::new(FORMAT, AudioProcessing::ALL).unwrap();
    let mut process = |from: usize| {
        let blocks = far.chunks(BLOCK).zip(near.chunks_mut(BLOCK));
        for (far, near) in blocks.skip(from).take(200) {
            processor.far_end(far, FORMAT);
            processor.process(near);
        }
    };
    process(0);
    let used = measure(|| process(200));
    assert!(used.bytes_current < 10_000, "{used:?} in 2 s, after the first 2");
}

#[test]
fn nothing_is_allocated_while_speech_is_listened_for() {
    let near = voice(2, RATE, 2);
    let mut detector = VoiceActivity::new(FORMAT, VoiceActivityOptions::default()).unwrap();
    detector.process(&near[..16_000]);
    let used = measure(|| near[16_000..].chunks(BLOCK).for_each(|block| detector.process(block)));
    assert_eq!(used.count_total, 0);
}

#[test]
fn nothing_is_allocated_while_the_user_is_captured() {
    let tone = ToneSource::new(AudioFormat { sample_rate: 44_100, channels: 2 }, 440.0, 0.5).unwrap();
    let mut capture = Capture::new(Box::new(tone), FORMAT, Duration::from_millis(20)).unwrap();
    capture.start().unwrap();
    let mut frames = 0;
    (0..20).for_each(|_| capture.tick(|_| frames += 1));
    let used = measure(|| (0..200).for_each(|_| capture.tick(|_| frames += 1)));
    assert_eq!((frames, used.count_total), (220, 0));
}

#[test]
fn nothing_is_allocated_while_the_bot_is_played() {
    let playout = Playout::default();
    let sound = voice(1, 24_000, 4);
    for piece in sound.chunks(480) {
        playout.push(AudioFrame::new(AudioFormat::mono(24_000), piece));
    }
    let mut out = vec![0; 960];
    let mut pull = || playout.pull(&mut out, AudioFormat::mono(48_000));
    (0..20).for_each(|_| assert!(pull() > 0));
    let used = measure(|| (0..170).for_each(|_| assert!(pull() > 0)));
    assert_eq!(used.count_total, 0);
}
