//! The app's audio controls: push-to-talk, audio from before the session, recordings, volume, and
//! what was heard.

use std::time::Duration;

use rtvi_core::{
    Event,
    client::{BotAudioHeard, PushToTalk},
    media::{AudioFrame, AudioProcessing, PcmInput, PcmOutput, PcmPace, PcmSink, PcmSource},
    transport::scripted::ScriptedConnection,
};
use serde_json::json;
use tokio::time::sleep;

use crate::{
    audio::FORMAT,
    stage::{FRAME, Stage, params, say, serve_handshake, settle},
};

const fn ms(count: u64) -> Duration {
    Duration::from_millis(count)
}

/// An app that provides a frame with the next number every 20 ms.
struct Talker {
    input: PcmInput,
    next: i16,
}

impl Talker {
    fn new() -> (Self, PcmSource) {
        let (input, source) = PcmSource::new(FORMAT, PcmPace::Live).unwrap();
        (Self { input, next: 1 }, source)
    }

    async fn talk(&mut self, frames: usize) {
        for _ in 0..frames {
            self.input.push(&[self.next; 320]);
            self.next += 1;
            sleep(FRAME).await;
        }
    }
}

/// The first sample of each frame that reached the transport.
fn sent(connection: &mut ScriptedConnection) -> Vec<i16> {
    let first = |frame: AudioFrame| frame.samples[0];
    std::iter::from_fn(|| connection.port.mic.try_recv().ok().map(first)).collect()
}

#[tokio::test(start_paused = true)]
async fn only_what_is_said_while_pressed_is_sent_with_a_little_from_before() {
    let (mut talker, source) = Talker::new();
    let mut stage = Stage::with(|options| {
        options.microphone = Some(Box::new(source));
        options.client.voice.push_to_talk = Some(PushToTalk { pre_roll: ms(60) });
    });
    let mut connection = stage.ready().await;
    talker.talk(10).await;
    assert!(sent(&mut connection).iter().all(|value| *value == 0), "silence");
    stage.client.press_to_talk().await.unwrap();
    talker.talk(5).await;
    stage.client.release_to_talk().await.unwrap();
    talker.talk(5).await;
    let heard: Vec<i16> = sent(&mut connection).into_iter().filter(|value| *value != 0).collect();
    let first = heard[0];
    assert!((7..=9).contains(&first), "from 60 ms before the press on: {heard:?}");
    assert_eq!(heard, (first..first + heard.len() as i16).collect::<Vec<_>>(), "in order and without a gap");
    assert!((7..=9).contains(&heard.len()), "to the release: {heard:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_said_before_the_bot_is_ready_reaches_it() {
    for (cap, kept) in [(None, 0), (Some(ms(200)), 10), (Some(Duration::from_secs(5)), 25)] {
        let (mut talker, source) = Talker::new();
        let mut stage = Stage::with(|options| {
            options.microphone = Some(Box::new(source));
            options.client.voice.pre_connect_audio = cap;
        });
        let client = stage.client.clone();
        let connecting = tokio::spawn(async move { client.connect(params()).await });
        settle().await;
        talker.talk(25).await;
        let mut connection = serve_handshake(&mut stage.bot).await;
        connecting.await.unwrap().unwrap();
        let mut heard = Vec::new();
        for _ in 0..30 {
            talker.talk(1).await;
            heard.extend(sent(&mut connection));
        }
        let before = heard.iter().filter(|value| (1..=25).contains(*value)).count();
        assert!(before.abs_diff(kept) <= 1 || cap.is_none(), "{cap:?}: {before} frames from before");
        assert!(heard.windows(2).all(|pair| pair[1] == pair[0] + 1 || pair[0] == 0), "{cap:?}: {heard:?}");
        assert!(heard.last().is_some_and(|last| *last >= 53), "has caught up: {heard:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_never_came_about_leaves_the_microphone_released() {
    let (mut talker, source) = Talker::new();
    let mut stage = Stage::with(|options| {
        options.microphone = Some(Box::new(source));
        options.client.voice.pre_connect_audio = Some(Duration::from_secs(1));
    });
    let client = stage.client.clone();
    let connecting = tokio::spawn(async move { client.connect(params()).await });
    settle().await;
    talker.talk(10).await;
    drop(stage.bot.accept().await);
    assert!(connecting.await.unwrap().is_err());
    talker.talk(5).await;
    let mut connection = stage.ready().await;
    talker.talk(10).await;
    assert!(!sent(&mut connection).is_empty(), "and it is there for the next session");
}

/// One second of a loud square wave from the bot.
fn second() -> AudioFrame {
    let samples: Vec<i16> = (0..16_000).map(|n| if n / 40 % 2 == 0 { 8_000 } else { -8_000 }).collect();
    AudioFrame::new(FORMAT, samples)
}

fn speaker() -> (PcmSink, PcmOutput) {
    PcmSink::new(FORMAT).unwrap()
}

#[tokio::test(start_paused = true)]
async fn how_much_of_the_bot_was_heard_is_told() {
    let mut stage = Stage::new();
    let connection = stage.ready().await;
    say(&connection, json!({"type": "bot-started-speaking"})).await;
    settle().await;
    connection.port.speaker.push(second());
    sleep(ms(500)).await;
    say(&connection, json!({"type": "bot-stopped-speaking"})).await;
    let Event::BotAudioHeard(all) = stage.wait_for("botAudioHeard").await else { panic!() };
    let wanted = BotAudioHeard { heard: ms(1_000), received: ms(1_000), interrupted: false };
    assert!(
        all.heard.abs_diff(wanted.heard) <= ms(20) && BotAudioHeard { heard: ms(1_000), ..all } == wanted,
        "{all:?}"
    );
    say(&connection, json!({"type": "bot-started-speaking"})).await;
    settle().await;
    connection.port.speaker.push(second());
    sleep(ms(400)).await;
    say(&connection, json!({"type": "bot-interrupted"})).await;
    let event = stage.wait_for("botAudioHeard").await;
    let Event::BotAudioHeard(part) = &event else { panic!() };
    assert!(part.interrupted && part.received == ms(1_000), "{part:?}");
    assert!(part.heard.abs_diff(ms(400)) <= ms(60), "{part:?}");
    assert_eq!(event.data().unwrap()["interrupted"], true);
}

#[tokio::test(start_paused = true)]
async fn the_bot_is_made_quieter_and_faded_out() {
    let (sink, mut output) = speaker();
    let mut stage = Stage::with(|options| {
        options.speaker = Some(Box::new(sink));
        options.client.voice.playout.gain = 0.5;
    });
    let connection = stage.ready().await;
    connection.port.speaker.push(second());
    sleep(ms(200)).await;
    let mut samples = vec![0; 16_000];
    let mut loudest = |output: &mut PcmOutput| {
        let count = output.pull(&mut samples);
        samples[count / 2..count].iter().map(|sample| sample.unsigned_abs()).max().unwrap_or(0)
    };
    assert_eq!(loudest(&mut output), 4_000);
    stage.client.set_bot_gain(0.25);
    sleep(ms(200)).await;
    assert_eq!(loudest(&mut output), 2_000);
    stage.client.fade_out_bot_audio(ms(10)).await.unwrap();
    sleep(ms(100)).await;
    loudest(&mut output);
    sleep(ms(100)).await;
    assert_eq!(loudest(&mut output), 0);
    assert!(stage.client.audio_stats().flushed > ms(500));
}

#[tokio::test]
async fn a_conversation_is_recorded_with_both_sides() {
    let folder = tempfile::tempdir().unwrap();
    let (mut talker, source) = Talker::new();
    let mut stage = Stage::with(|options| options.microphone = Some(Box::new(source)));
    assert_eq!(stage.client.stop_recording().await.unwrap(), Duration::ZERO);
    assert!(stage.client.start_recording(folder.path().join("no/folder.wav")).await.is_err());
    let path = folder.path().join("call.wav");
    stage.client.start_recording(&path).await.unwrap();
    let connection = stage.ready().await;
    connection.port.speaker.push(second());
    talker.next = 1_000;
    talker.talk(25).await;
    let length = stage.client.stop_recording().await.unwrap();
    assert!(length >= ms(300), "{length:?}");
    let samples: Vec<i16> = hound::WavReader::open(path).unwrap().samples().map(Result::unwrap).collect();
    let loudest = |side: usize| samples.iter().skip(side).step_by(2).map(|s| s.unsigned_abs()).max().unwrap();
    assert!(loudest(0) >= 1_000 && loudest(1) >= 7_000, "{} {}", loudest(0), loudest(1));
}

#[cfg(feature = "processing")]
#[tokio::test(start_paused = true)]
async fn processing_is_switched_in_a_session() {
    let (mut talker, source) = Talker::new();
    let mut stage = Stage::with(|options| {
        options.microphone = Some(Box::new(source));
        options.client.voice.audio_processing = Some(AudioProcessing::ALL);
        options.client.voice.voice_activity = Some(Default::default());
    });
    let mut connection = stage.ready().await;
    talker.talk(20).await;
    let processed = sent(&mut connection);
    assert!(
        processed.len() >= 18 && processed.last().is_some_and(|last| last.abs() < 15),
        "a constant is no sound: {processed:?}"
    );
    assert!(stage.client.processing_stats().echo_reduction_db.is_some());
    stage.client.update_audio_processing(AudioProcessing::OFF).await.unwrap();
    talker.talk(20).await;
    let plain = sent(&mut connection);
    assert_eq!(plain.last().map(|last| *last >= 38), Some(true), "{plain:?}");
    assert_eq!(stage.client.processing_stats(), Default::default());
}
