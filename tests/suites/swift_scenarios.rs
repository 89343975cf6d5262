//! Every scenario through the Swift package, with the results and states of `expected.json` and the
//! events that `rtvi` reports.

use std::path::Path;

use rtvi_tests::{
    native::{Bot, output, said},
    scenarios::{PACE, assert_end_as_in_rust, folder, tell},
    swift,
};

fn in_swift(bot: &Bot, folder_of_programs: &Path, name: &str, transport: &str) -> String {
    let mut program = swift::program(folder_of_programs, "rtvi-scenario");
    let end = output(tell(bot, name, program.arg(transport).arg(folder().join(format!("{name}.jsonl")))));
    assert!(end.status.success(), "{name}: {}\n{}", end.status, said(&end));
    String::from_utf8_lossy(&end.stdout).into_owned()
}

fn every_scenario_ends_as_in_rust(transport: &str) {
    let bot = Bot::start(PACE);
    let programs = swift::build("swift");
    assert_end_as_in_rust(&bot, transport, |name| in_swift(&bot, &programs, name, transport));
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
fn some_scenarios_in_rooms() {
    every_scenario_ends_as_in_rust("livekit");
}
