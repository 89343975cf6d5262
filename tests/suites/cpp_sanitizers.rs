//! The C++ tests under AddressSanitizer and UndefinedBehaviorSanitizer, ThreadSanitizer, and valgrind.

mod c_support;

use std::process::Command;

use c_support::{Bot, Build, GCC, root, run};

const ADDRESS: Build =
    Build { name: "address", compilers: ("gcc", "g++"), flags: &["-DRTVI_SANITIZE=address,undefined"] };

const THREAD: Build = Build { name: "thread", compilers: ("gcc", "g++"), flags: &["-DRTVI_SANITIZE=thread"] };

fn all_pass(build: &Build) {
    let bot = Bot::start(0.2);
    for program in ["sdk_test", "misuse_test", "exit_test", "no_exceptions_test"] {
        run(bot.tell(&mut build.program(program)));
    }
    run(build.program("conformance_test").arg(root().join("tests/conformance")));
}

#[test]
fn address_and_undefined_behaviour() {
    all_pass(&ADDRESS);
}

#[test]
fn threads() {
    all_pass(&THREAD);
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
        .env("RTVI_TEST_FOLDER", c_support::folder("valgrind"));
    run(bot.tell(&mut valgrind));
}
