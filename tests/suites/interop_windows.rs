//! The command line as a program for Windows, which Wine runs, with bots on this machine.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    path::PathBuf,
    process::Command,
    sync::{Mutex, PoisonError},
};

use rtvi_tests::{
    PipecatServer, ServerKind, assert_heard,
    native::{Bot, root, run, target, without_cargo},
    write_greeting,
};

const TARGET: &str = "x86_64-pc-windows-gnu";

/// The folder for everything that this suite makes. Wine sees nothing outside the project.
fn folder() -> PathBuf {
    let folder = target().join("windows");
    std::fs::create_dir_all(&folder).expect("a folder can be made");
    folder
}

/// Runs a program of Windows, with a registry of the suite's own.
fn wine(program: &str) -> Command {
    let launcher = std::env::var_os("RTVI_WINE").expect("RTVI_WINE; run this by `cargo xtask test`");
    let mut wine = Command::new(launcher);
    wine.current_dir(root()).env("WINEPREFIX", folder().join("wine")).env("WINEDEBUG", "-all");
    wine.args(["wine", program]);
    wine
}

/// Builds the command line, without devices, and returns its path.
fn built() -> PathBuf {
    static BUILT: Mutex<bool> = Mutex::new(false);
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    if !*built {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let what = ["build", "-p", "rtvi-cli", "--no-default-features", "--locked", "--target", TARGET];
        run(without_cargo(Command::new(cargo).args(what).current_dir(root())));
        run(wine("wineboot").arg("--init"));
        *built = true;
    }
    target().join(TARGET).join("debug/rtvi.exe")
}

/// Speaks a greeting to a bot, which answers with its voice.
async fn converse(name: &'static str, target: Vec<String>) {
    let [said, heard] = ["said", "heard"].map(|what| folder().join(format!("{name}-{what}.wav")));
    write_greeting(&said).await;
    let (mic, speaker) =
        (format!("--mic=wav:{}", said.display()), format!("--speaker=wav:{}", heard.display()));
    let output = tokio::task::spawn_blocking(move || {
        let program = built();
        let mut talk = wine(&program.display().to_string());
        run(talk.arg("talk").args(target).args([mic, speaker]).args(["--linger", "6", "--json"]))
    });
    let output = output.await.expect("the session ends");
    for expected in [r#""event":"botReady""#, r#""event":"botStartedSpeaking""#, r#""outcome":"done""#] {
        assert!(output.contains(expected), "{name}: no {expected}:\n{output}");
    }
    assert_heard(&heard);
}

fn options(options: &[&str]) -> Vec<String> {
    options.iter().map(|option| (*option).to_owned()).collect()
}

#[test]
fn the_demo_bot() {
    let bot = Bot::start(1.0);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        tokio::join!(
            converse("demo-websocket", options(&["--ws", &bot.ws()])),
            converse("demo-webrtc", options(&["--offer", &bot.offer_url()])),
            converse("demo-room", options(&["--livekit", &bot.room_url(), "--token", "a-token"])),
        )
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn pipecat() {
    let server = PipecatServer::start(ServerKind::Voice, &[]).await;
    let target = server.webrtc_target();
    let offer = target.offer_url.clone().expect("it takes offers");
    tokio::join!(
        converse("pipecat-websocket", options(&["--ws", &target.ws_url])),
        converse("pipecat-webrtc", options(&["--offer", &offer])),
    );
}
