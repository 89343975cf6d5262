//! The C++ SDK against the demo bot: its own tests, the conformance vectors, the examples; with GCC
//! (C++17) and clang (C++20).

use std::process::Command;

use rtvi_tests::native::{Bot, Build, CLANG, GCC, root, run};

fn passes(build: &Build, program: &str) {
    let bot = Bot::start(0.2);
    run(bot.tell(&mut build.program(program)));
}

fn conforms(build: &Build) {
    let said = run(build.program("conformance_test").arg(root().join("tests/conformance")));
    println!("{said}");
}

#[test]
fn gcc_sdk() {
    passes(&GCC, "sdk_test");
}

#[test]
fn gcc_video() {
    passes(&GCC, "video_test");
}

#[test]
fn gcc_conformance() {
    conforms(&GCC);
}

#[test]
fn gcc_without_exceptions() {
    passes(&GCC, "no_exceptions_test");
}

/// Code without exceptions must not share inline functions with code that has them.
#[test]
fn the_namespace_names_version_and_exceptions() {
    for (program, name) in [("sdk_test", "v0_1_0"), ("no_exceptions_test", "v0_1_0_no_exceptions")] {
        GCC.program(program);
        let symbols = run(Command::new("nm").arg(GCC.built(program).get_program()));
        let ours = symbols.matches("N4rtvi").count();
        let versioned = symbols.matches(&format!("N4rtvi{}{name}", name.len())).count();
        assert!(ours > 100 && ours == versioned, "{program}: {versioned} of {ours} symbols");
    }
}

#[test]
fn nlohmann_json() {
    run(&mut GCC.program("nlohmann_test"));
}

#[test]
fn leaving_while_connected() {
    passes(&GCC, "exit_test");
}

#[test]
fn clang_sdk_with_coroutines() {
    passes(&CLANG, "sdk_test");
}

#[test]
fn clang_conformance() {
    conforms(&CLANG);
}

#[test]
fn the_console_example_talks() {
    let bot = Bot::start(0.2);
    let build = GCC.make();
    let wav = build.join("console.wav");
    let mut console = Command::new(build.join("examples-console/console"));
    console.args(["--start", &bot.start_url(), "--send", "Good morning", "--speaker"]).arg(&wav);
    let said = run(&mut console);
    assert!(said.contains("bot    You said: Good morning."), "{said}");
    // The bot speaks faster than the client plays here: the rest at the end is not recorded.
    assert!(std::fs::metadata(wav).expect("it has recorded").len() > 2_000);
}
