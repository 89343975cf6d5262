//! The C++ console example with a microphone and a speaker of a private sound server.
#![cfg(target_os = "linux")]

use rtvi_tests::{
    SoundServer,
    native::{Bot, GCC},
};

#[test]
fn the_console_talks_through_devices() {
    let console = GCC.make().join("examples-console/console");
    let bot = Bot::start(1.0);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let sound = SoundServer::start().await;
        let recording = sound.listen("speaker");
        let mut command = sound.command(console);
        command.args(["--offer", &bot.offer_url(), "--mic", "default", "--speaker", SoundServer::SPEAKER]);
        command.args(["--send", "Good morning"]);
        let (end, ()) = tokio::join!(command.output(), recording.wait_for_sound());
        let end = end.expect("it starts");
        let said = String::from_utf8_lossy(&end.stdout);
        assert!(end.status.success(), "{said}{}", String::from_utf8_lossy(&end.stderr));
        assert!(said.contains("bot    You said: Good morning."), "{said}");
    });
    drop(runtime);
}

#[test]
fn without_a_device_the_bot_can_be_written_to() {
    let bot = Bot::start(0.2);
    let mut console = std::process::Command::new(GCC.make().join("examples-console/console"));
    console.args(["--ws", &bot.ws(), "--mic", "no such microphone", "--send", "Good morning"]);
    let said = rtvi_tests::native::run(&mut console);
    assert!(said.contains("bot    You said: Good morning."), "{said}");
}
