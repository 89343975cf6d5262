//! The C++ tests under AddressSanitizer and UndefinedBehaviorSanitizer, ThreadSanitizer, and
//! valgrind.

use std::process::Command;

use rtvi_tests::native::{Bot, Build, GCC, root, run};

const ADDRESS: Build =
    Build { name: "address", compilers: ("gcc", "g++"), flags: &["-DRTVI_SANITIZE=address,undefined"] };

const THREAD: Build = Build { name: "thread", compilers: ("gcc", "g++"), flags: &["-DRTVI_SANITIZE=thread"] };

/// The library itself is not instrumented: the checks look for races in the app's code and the C++
/// headers.
const OPTIONS: (&str, &str) = ("TSAN_OPTIONS", "ignore_noninstrumented_modules=1");

fn pass(build: &Build, programs: &[&str]) {
    let bot = Bot::start(0.2);
    for program in programs {
        run(bot.tell(&mut build.program(program)).env(OPTIONS.0, OPTIONS.1));
    }
}

#[test]
fn address_and_undefined_behaviour() {
    pass(
        &ADDRESS,
        &["sdk_test", "video_test", "misuse_test", "mute_test", "exit_test", "no_exceptions_test"],
    );
    // It has one thread, so the other sanitizer has nothing to look at.
    run(ADDRESS.program("conformance_test").arg(root().join("tests/conformance")));
}

/// The scenarios, whose app code handles the bot's answers, under the same checks.
#[test]
fn scenarios_address_and_undefined_behaviour() {
    let bot = Bot::start(0.1);
    for (transport, name) in [("websocket", "interruption"), ("webrtc", "function-call")] {
        let mut scenario = ADDRESS.program("scenario_test");
        scenario.arg(transport).arg(root().join("tests/scenarios").join(format!("{name}.jsonl")));
        run(bot.tell(&mut scenario));
    }
}

#[test]
fn threads() {
    pass(&THREAD, &["sdk_test", "video_test", "exit_test", "no_exceptions_test"]);
}

#[test]
fn valgrind() {
    let bot = Bot::start(0.2);
    let program = GCC.program("sdk_test");
    let mut valgrind = Command::new("valgrind");
    valgrind
        .args(["-q", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite"])
        .args(["--show-leak-kinds=definite", "--fair-sched=yes"])
        .arg(program.get_program())
        .env("RTVI_TEST_FOLDER", rtvi_tests::native::folder("valgrind"));
    run(bot.tell(&mut valgrind));
}
