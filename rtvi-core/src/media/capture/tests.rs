//! The frames of a capture, tick by tick, from sources of every kind.

use std::cell::Cell;

use super::*;
use crate::media::{PcmInput, PcmPace, PcmSource, SilenceSource, ToneSource};

const FRAME: Duration = Duration::from_millis(20);
const TARGET: AudioFormat = AudioFormat::mono(16_000);

fn samples(frame: &AudioFrame) -> Vec<i16> {
    frame.samples.to_vec()
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
            assert_eq!((frames[0].format, frames[0].samples.len()), (TARGET, 320));
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
    let mut capture = started(tone(16_000));
    capture.gate = Gate::new(Duration::from_millis(60));
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
fn a_released_source_is_stopped_and_the_silence_goes_on() {
    let (mut input, source) = PcmSource::new(TARGET, PcmPace::Live).unwrap();
    let mut capture = started(source);
    capture.gate = Gate::new(Duration::from_millis(60));
    input.push(&[5; 600]);
    tick(&mut capture);
    capture.set_muted(true);
    capture.release();
    for _ in 0..3 {
        assert_eq!(samples(&tick(&mut capture)[0]), vec![0; 320]);
    }
    assert!(tick(&mut capture).is_empty());
    input.push(&[6; 320]);
    capture.start().unwrap();
    capture.set_muted(false);
    input.push(&[7; 320]);
    assert_eq!(samples(&tick(&mut capture)[0]), vec![7; 320], "nothing of before");
    assert!(tick(&mut capture).is_empty());
}

#[test]
fn nobody_speaks_into_a_released_source() {
    let mut capture = started(tone(16_000));
    capture.set_processing(AudioProcessing::ALL).unwrap();
    capture.set_voice_activity(Some(VoiceActivityOptions::default())).unwrap();
    let speaker = [1_000; 320];
    for _ in 0..100 {
        capture.far_end(&speaker, TARGET);
        tick(&mut capture);
    }
    capture.set_muted(true);
    capture.release();
    assert!(!capture.is_speaking());
    for _ in 0..1_000 {
        capture.far_end(&speaker, TARGET);
        tick(&mut capture);
    }
    capture.start().unwrap();
    capture.set_muted(false);
    capture.far_end(&speaker, TARGET);
    assert_eq!(tick(&mut capture).len(), 1);
}

/// A live source with 20 ms of a level for each tick, whose device is replaced every 25 ticks.
struct Replaced {
    ticks: Cell<usize>,
}

impl Replaced {
    const DEVICES: [AudioFormat; 4] = [
        AudioFormat::mono(16_000),
        AudioFormat { sample_rate: 44_100, channels: 2 },
        AudioFormat::mono(500_000),
        AudioFormat::mono(8_000),
    ];
}

impl AudioSource for Replaced {
    fn format(&self) -> AudioFormat {
        Self::DEVICES[self.ticks.get() / 25]
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn available(&self) -> Option<usize> {
        self.ticks.update(|ticks| ticks + 1);
        Some(self.format().samples_in(FRAME))
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        out.fill(8_000);
        out.len()
    }

    fn is_finished(&self) -> bool {
        false
    }

    fn stop(&mut self) {}
}

#[test]
fn a_source_may_change_its_format() {
    let mut capture = started(Replaced { ticks: Cell::new(0) });
    let heard: Vec<i16> =
        (0..99).flat_map(|_| tick(&mut capture)).flat_map(|frame| samples(&frame)).collect();
    let loud = heard.iter().filter(|sample| sample.abs_diff(8_000) < 100).count();
    assert!((23_000..=74 * 320).contains(&loud), "{loud}: all but what can't be converted");
    let silent = heard.iter().filter(|sample| **sample == 0).count();
    assert!((4_000..=16 * 320).contains(&silent), "{silent}");
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
fn frames_reuse_memory() {
    let mut capture = started(tone(16_000));
    let mut places: Vec<_> = (0..160).map(|_| tick(&mut capture)[0].samples.as_ptr()).collect();
    places.dedup();
    assert_eq!(places.len(), 1);
}

#[test]
fn push_to_talk_sends_from_just_before_the_press() {
    let (mut input, mut capture) = pcm(PcmPace::Paced);
    capture.set_push_to_talk(Some(Duration::from_millis(100)));
    let mut sent = Vec::new();
    for value in 1..=30 {
        input.push(&[value; 320]);
        capture.set_pressed((21..=25).contains(&value));
        sent.extend(tick(&mut capture).iter().flat_map(samples).step_by(320));
    }
    let mut wanted = vec![0; 20];
    wanted.extend(16..=25);
    wanted.extend([0; 5]);
    assert_eq!(sent, wanted, "silence, then the 100 ms before the press, and silence after the release");
}

#[test]
fn what_was_said_before_is_sent_soon_and_in_order() {
    let (mut input, mut capture) = pcm(PcmPace::Paced);
    let before: Vec<i16> = (0..50).flat_map(|frame| [frame; 320]).collect();
    capture.resume(&before);
    let mut sent = Vec::new();
    for value in 50..80 {
        input.push(&[value; 320]);
        let frames = tick(&mut capture);
        assert!(frames.len() <= 5);
        sent.extend(frames.iter().flat_map(samples).step_by(320));
        assert!(value != 62 || sent.len() == 63, "has caught up after 13 ticks: {}", sent.len());
    }
    assert_eq!(sent, (0..80).collect::<Vec<i16>>());
}

#[cfg(feature = "processing")]
#[test]
fn processing_delays_nothing_and_can_be_switched() {
    let mut capture = started(tone(48_000));
    for options in [AudioProcessing::OFF, AudioProcessing::ALL, AudioProcessing::OFF] {
        capture.set_processing(options).unwrap();
        for _ in 0..50 {
            capture.far_end(&[0; 480], AudioFormat::mono(24_000));
            assert_eq!(tick(&mut capture).len(), 1);
        }
        assert!(capture.ready.len() < 640, "{}", capture.ready.len());
    }
    capture.set_voice_activity(Some(VoiceActivityOptions::default())).unwrap();
    for _ in 0..50 {
        assert_eq!(tick(&mut capture).len(), 1);
    }
    capture.set_muted(true);
    tick(&mut capture);
    assert!(!capture.is_speaking(), "nobody listens while muted");
}
