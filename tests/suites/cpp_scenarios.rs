//! Every scenario through the C++ SDK, with the results and states of `expected.json` and the
//! events that `rtvi` reports.

use std::fs;

use rtvi_tests::{
    native::{Bot, GCC, output, said},
    scenarios::{PACE, VIDEO, assert_end_as_in_rust, expected, file, folder, tell, tell_video},
};

fn in_cpp(bot: &Bot, name: &str, transport: &str) -> String {
    let mut program = GCC.built("scenario_test");
    let tell = if transport == VIDEO { tell_video } else { tell };
    let end = output(tell(bot, name, program.arg(transport).arg(file(name, transport))));
    assert!(end.status.success(), "{name}: {}\n{}", end.status, said(&end));
    String::from_utf8_lossy(&end.stdout).into_owned()
}

fn every_scenario_ends_as_in_rust(transport: &str) {
    let bot = Bot::start(PACE);
    GCC.make();
    assert_end_as_in_rust(&bot, transport, |name| in_cpp(&bot, name, transport));
}

#[test]
fn every_scenario_over_websocket() {
    every_scenario_ends_as_in_rust("websocket");
}

#[test]
fn every_scenario_over_webrtc() {
    every_scenario_ends_as_in_rust("webrtc");
}

#[test]
fn every_scenario_with_video() {
    every_scenario_ends_as_in_rust(VIDEO);
}

#[test]
fn some_scenarios_in_rooms() {
    every_scenario_ends_as_in_rust("livekit");
}

#[test]
fn every_scenario_is_run() {
    let expected = expected();
    for entry in fs::read_dir(folder()).expect("the scenarios") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        if let Some(name) = name.strip_suffix(".jsonl") {
            assert!(expected.contains_key(name), "{name} has no expectation");
        }
    }
}
