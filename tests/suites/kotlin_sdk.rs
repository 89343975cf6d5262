//! The Kotlin SDK on the JVM: its own tests, the conformance vectors, every scenario with the
//! events that `rtvi` reports, the example.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{fs, sync::OnceLock};

use rtvi_tests::{
    counted,
    kotlin::{example, example_with_natives, interface, made, maven},
    native::{Bot, library, root, run, target},
    scenarios::{PACE, assert_end_as_in_rust},
};

/// Builds everything and runs all of Maven's tests, once, because starting Maven takes long. The
/// tests write the logs of the scenarios.
fn tested() -> &'static str {
    static SAID: OnceLock<Result<String, String>> = OnceLock::new();
    let said = SAID.get_or_init(|| {
        let bot = Bot::start(PACE);
        maven(|maven| bot.tell(maven.args(["--activate-profiles", "android,consumer", "test"])))
    });
    let said = said.as_ref().unwrap_or_else(|said| panic!("{said}"));
    let passed = counted::surefire(said).unwrap_or_else(|why| panic!("{why}\n{said}"));
    println!("{passed} tests in Kotlin");
    said
}

#[test]
fn every_test_of_the_sdk() {
    let said = tested();
    for test in ["ai.rtvi.client.SessionTest", "ai.rtvi.android.CallTest"] {
        assert!(said.contains(&format!("in {test}\n")), "{test} was not run:\n{said}");
    }
}

fn every_scenario_ended_as_in_rust(transport: &str) {
    tested();
    let bot = Bot::start(PACE);
    assert_end_as_in_rust(&bot, transport, |name| {
        fs::read_to_string(made(&format!("scenarios/{transport}/{name}.jsonl"))).expect("it was run")
    });
}

#[test]
fn every_scenario_over_websocket() {
    every_scenario_ended_as_in_rust("websocket");
}

#[test]
fn every_scenario_over_webrtc() {
    every_scenario_ended_as_in_rust("webrtc");
}

#[test]
fn some_scenarios_in_rooms() {
    every_scenario_ended_as_in_rust("livekit");
}

#[test]
fn the_console_example_talks() {
    tested();
    let bot = Bot::start(0.2);
    let wav = target().join("kotlin-example.wav");
    let said =
        run(example().args(["--start", &bot.start_url(), "--send", "Good morning", "--speaker"]).arg(&wav));
    assert!(said.contains("bot    You said: Good morning."), "{said}");
    assert!(fs::metadata(wav).expect("it has recorded").len() > 2_000);
}

/// An app with the oldest supported Kotlin is part of the build; its compiler could read the SDK.
#[test]
fn an_app_with_an_older_kotlin_is_compiled() {
    tested();
    let classes = root().join("kotlin/consumer/target/classes");
    assert!(classes.join("quickstart/QuickStartKt.class").is_file());
    assert!(classes.join("Blank.class").is_file());
}

#[test]
fn the_library_is_found_in_a_jar() {
    tested();
    let natives = target().join("kotlin-natives");
    let folder = natives.join(jna_folder());
    fs::create_dir_all(&folder).expect("it can be created");
    let name = "librtvi_uniffi.so";
    fs::copy(library().join(name), folder.join(name)).expect("the library is built");
    let bot = Bot::start(0.2);
    let mut example = example_with_natives(&natives);
    let said = run(example.args(["--start", &bot.start_url(), "--send", "Good morning"]));
    assert!(said.contains("bot    You said: Good morning."), "{said}");
    fs::remove_dir_all(natives).expect("it can be removed");
}

/// Where JNA looks in jars on this machine.
fn jna_folder() -> String {
    let processor = if cfg!(target_arch = "x86_64") { "x86-64" } else { std::env::consts::ARCH };
    format!("linux-{processor}")
}

#[test]
fn the_public_interface_is_the_one_written_down() {
    tested();
    let changed: Vec<_> = [("rtvi", "client"), ("rtvi-android", "android")]
        .into_iter()
        .filter_map(|(module, package)| change_of(module, package))
        .collect();
    assert!(
        changed.is_empty(),
        "the public interface has changed; if that is meant, copy {}",
        changed.join(", ")
    );
}

/// The arguments of the command that records a module's interface; `None` if the recorded interface
/// is up to date.
fn change_of(module: &str, package: &str) -> Option<String> {
    let (found, written) = (interface(module, package), root().join("kotlin").join(module).join("api.txt"));
    if fs::read_to_string(&written).is_ok_and(|known| known == found) {
        return None;
    }
    if std::env::var_os("RTVI_BLESS").is_some() {
        fs::write(&written, found).expect("it can be written");
        return None;
    }
    let new = target().join(format!("{module}-api.txt"));
    fs::write(&new, found).expect("it can be written");
    Some(format!("{} to {}", new.display(), written.display()))
}
