//! Microphones and speakers through a real sound server: real streams, devices that are plugged in
//! and out, and recordings.
#![cfg(target_os = "linux")]
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{process::Stdio, time::Duration};

use rtvi_bot::{BotOptions, DemoBot};
use rtvi_tests::{Program, Recording, SoundServer, melody, melody_length, notes_in, speech};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Command,
    time::{sleep, timeout},
};

const QUESTION: &str = "Hello, can you hear me? I would like to know how the weather is today.";

async fn bot(change: impl FnOnce(&mut BotOptions)) -> DemoBot {
    let mut options = BotOptions::default();
    change(&mut options);
    DemoBot::start(options).await.expect("the bot starts")
}

/// `rtvi talk` with these devices and a JSON log.
fn talk(sound: &SoundServer, bot: &DemoBot, mic: &str, speaker: &str) -> Command {
    let mut command = sound.command(Program::path());
    command.args(["talk", "--offer", &bot.offer_url(), "--mic", mic, "--speaker", speaker, "--json"]);
    command
}

/// The same, running these steps.
fn script(sound: &SoundServer, bot: &DemoBot, file: &std::path::Path, steps: &[Value]) -> Command {
    let lines: Vec<String> = steps.iter().map(Value::to_string).collect();
    std::fs::write(file, lines.join("\n")).expect("a script");
    let mut command = talk(sound, bot, "default", "default");
    command.arg("--script").arg(file);
    command
}

fn wait_for(event: &str, data: &Value) -> Value {
    json!({"do": "waitFor", "event": event, "match": data, "timeoutMs": 60_000})
}

fn is_device(id: &str) -> impl Fn(&Value) -> bool {
    move |device| device["deviceId"] == id
}

#[tokio::test]
async fn devices_are_listed() {
    let sound = SoundServer::start().await;
    let output = sound.command(Program::path()).args(["devices", "--json"]).output().await.expect("it runs");
    let listed: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let find = |list: &str, id: &str| {
        let devices = listed[list].as_array().expect("a list");
        devices.iter().find(|device| device["deviceId"] == id).expect(id)["isDefault"].clone()
    };
    assert_eq!(find("mics", SoundServer::MICROPHONE), true);
    assert_eq!(find("mics", SoundServer::MONITOR), false);
    assert_eq!(find("speakers", SoundServer::SPEAKER), true);
}

#[tokio::test]
async fn a_conversation_through_devices() {
    let (sound, bot) = (SoundServer::start().await, bot(|_| {}).await);
    let question = speech(QUESTION).await;
    let recording = sound.listen("speaker");
    let mut program = Program::start(talk(&sound, &bot, SoundServer::MONITOR, SoundServer::SPEAKER));
    program.event("transportStateChanged", |state| state == "ready").await;
    sound.wait_for_streams(2, 1).await;
    tokio::select! {
        () = say_again_and_again(&sound, &question) => {}
        _ = program.event("userStartedSpeaking", |_| true) => {}
    }
    program.event("botStartedSpeaking", |_| true).await;
    recording.wait_for_sound().await;
}

/// Repeats the question until nobody waits for it any more. On a very busy machine, the bot may not
/// recognize what arrives as speech.
async fn say_again_and_again(sound: &SoundServer, question: &[i16]) {
    loop {
        sound.say(question).await;
    }
}

/// The notes are played into the microphone, sent to the bot, sent back, and played. Only the
/// buffers and converters of the sound server and the client are on the path.
#[tokio::test]
async fn what_is_played_is_what_was_sent() {
    let (sound, bot) = (SoundServer::start().await, bot(|options| options.echo = true).await);
    let mut command = sound.command(Program::path());
    command.args(["talk", "--ws", &bot.ws_url(), "--mic", "default", "--speaker", "default", "--json"]);
    // Voice processing is not tested here, and it would remove the echo of the notes.
    command.args(["--no-aec", "--no-ns", "--no-agc"]);
    let mut program = Program::start(command);
    program.event("micUpdated", is_device(SoundServer::MICROPHONE)).await;
    program.event("transportStateChanged", |state| state == "ready").await;
    let recording = sound.listen("speaker");
    sound.wait_for_streams(2, 1).await;
    let all: Vec<usize> = (0..melody_length()).collect();
    let mut heard = Vec::new();
    // On a very busy machine, some audio arrives late and is lost; then it is played again.
    while heard.len() < 5 {
        heard.push(played_and_heard(&sound, &recording).await);
        if heard.last() == Some(&all) {
            return;
        }
    }
    panic!("of {all:?} was heard: {heard:?}");
}

async fn played_and_heard(sound: &SoundServer, recording: &Recording) -> Vec<usize> {
    let before = recording.heard().len();
    let heard = || notes_in(&recording.heard()[before..]);
    sound.say(&melody()).await;
    let last = async {
        while heard().last() != Some(&(melody_length() - 1)) {
            sleep(Duration::from_millis(100)).await;
        }
    };
    // The last note may have been lost.
    let _ = timeout(Duration::from_secs(10), last).await;
    heard()
}

#[tokio::test]
async fn devices_come_and_go() {
    let (sound, bot) = (SoundServer::start().await, bot(|_| {}).await);
    let folder = tempfile::tempdir().expect("a folder");
    let (usual, headset) = (SoundServer::SPEAKER, "pulseaudio:headset");
    let steps = [
        json!({"do": "connect"}),
        wait_for("availableSpeakersUpdated", &json!([{"deviceId": usual}, {}])),
        wait_for("availableSpeakersUpdated", &json!([{"deviceId": usual}, {}, {"deviceId": headset}])),
        json!({"do": "updateSpeaker", "deviceId": headset}),
        wait_for("speakerUpdated", &json!({"deviceId": headset})),
        wait_for("deviceError", &json!({"kind": "device", "device": "not-found"})),
        wait_for("speakerUpdated", &json!({"deviceId": usual})),
        wait_for("speakerUpdated", &json!({"deviceId": "pulseaudio:voice"})),
        json!({"do": "disconnect"}),
        json!({"do": "updateSpeaker", "deviceId": "nobody"}),
    ];
    let mut program = Program::start(script(&sound, &bot, &folder.path().join("steps.jsonl"), &steps));
    program.succeeded("connect").await;
    let plugged = sound.plug_in("headset").await;
    program.event("speakerUpdated", is_device(headset)).await;
    sound.wait_for_streams(1, 1).await;
    sound.unplug(&plugged).await;
    let error = program.event("deviceError", |_| true).await;
    assert!(error["message"].as_str().is_some_and(|text| text.contains("is gone")), "{error}");
    program.event("mediaStateUpdated", |state| state["speaker"]["state"] == "granted").await;
    program.event("speakerUpdated", is_device(usual)).await;
    sound.pactl(&["set-default-sink", "voice"]).await;
    program.event("speakerUpdated", is_device("pulseaudio:voice")).await;
    program.succeeded("disconnect").await;
    sound.wait_for_streams(0, 0).await;
    assert_eq!(program.summary().await["outcome"], "done");
}

#[tokio::test]
async fn the_microphone_is_open_only_while_it_is_wanted() {
    let (sound, bot) = (SoundServer::start().await, bot(|_| {}).await);
    let folder = tempfile::tempdir().expect("a folder");
    let available = |count: usize| {
        let devices: Vec<Value> = vec![json!({}); count];
        wait_for("availableSpeakersUpdated", &json!(devices))
    };
    let steps = [
        json!({"do": "enableMic", "enable": false}),
        json!({"do": "connect"}),
        available(3),
        json!({"do": "enableMic", "enable": true}),
        available(4),
        json!({"do": "disconnect"}),
        available(5),
    ];
    let mut program = Program::start(script(&sound, &bot, &folder.path().join("steps.jsonl"), &steps));
    program.succeeded("enableMic").await;
    program.succeeded("connect").await;
    // Plugging in a speaker is the signal to continue.
    sound.wait_for_streams(0, 1).await;
    sound.plug_in("first").await;
    program.succeeded("enableMic").await;
    sound.wait_for_streams(1, 1).await;
    sound.plug_in("second").await;
    program.succeeded("disconnect").await;
    sound.wait_for_streams(0, 0).await;
    sound.plug_in("third").await;
    assert_eq!(program.summary().await["outcome"], "done", "devices are watched outside sessions, too");
}

/// A command on a machine without a sound server or sound card.
fn without_sound(folder: &std::path::Path) -> Command {
    let mut command = Command::new(Program::path());
    command.env_remove("PULSE_SERVER").env_remove("PULSE_RUNTIME_PATH").env("XDG_RUNTIME_DIR", folder);
    command.env("ALSA_CONFIG_PATH", "/dev/null");
    command
}

#[tokio::test]
async fn without_devices_there_is_a_clear_error_and_text_works() {
    let (folder, bot) = (tempfile::tempdir().expect("a folder"), bot(|options| options.pace = 0.1).await);
    let output = without_sound(folder.path()).arg("devices").output().await.expect("it runs");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "There is no microphone.\nThere is no speaker.\n");
    let url = bot.ws_url();
    let to_bot = ["talk", "--ws", &url];
    let output = without_sound(folder.path()).args(to_bot).args(["--mic", "default"]).output().await;
    let output = output.expect("it runs");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "error: there is no microphone\n");
    let text = ["--send-text", "Hello", "--linger", "0.5"];
    let output = without_sound(folder.path()).args(to_bot).args(text).output().await.expect("it runs");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
}

/// On a terminal (that of `script`): the space bar is pressed for a moment, a key mutes the
/// microphone, another ends the session.
#[tokio::test]
async fn keys_and_live_lines_on_a_terminal() {
    let (sound, bot) = (SoundServer::start().await, bot(|_| {}).await);
    let program = Program::path();
    let line = format!(
        "{} talk --ws {} --mic default --speaker default --push-to-talk",
        program.display(),
        bot.ws_url()
    );
    let mut terminal = sound
        .command("script")
        .args(["--quiet", "--return", "--command", &line])
        .arg("/dev/null")
        .env("TERM", "xterm")
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("script is there");
    let mut keys = terminal.stdin.take().expect("a pipe");
    let mut screen = terminal.stdout.take().expect("a pipe");
    let mut seen = String::new();
    for (part, key) in [
        ("the bot is ready", " "),
        ("pressToTalk", ""),
        ("releaseToTalk", "m"),
        ("enableMic false", "q"),
        ("interrupted", ""),
    ] {
        while !seen.contains(part) {
            let mut piece = [0; 4096];
            let read = timeout(Duration::from_secs(60), screen.read(&mut piece)).await;
            let count = read.unwrap_or_else(|_| panic!("no {part} in {seen}")).expect("readable");
            assert!(count > 0, "no {part} in {seen}");
            seen.push_str(&String::from_utf8_lossy(&piece[..count]));
        }
        keys.write_all(key.as_bytes()).await.expect("a key is pressed");
    }
    assert!(seen.contains("ready  you ") && seen.contains(" bot "), "{seen}");
    assert!(terminal.wait().await.expect("it ends").success());
}
