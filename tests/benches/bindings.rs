//! The client's cost for apps in Swift and Kotlin: a program in `swift/Benches` and one in
//! `kotlin/bench`, with the library as released.
//!
//! Depends on the tools of both languages, and on the output of `cargo xtask bindings --release`.
//! The programs measure themselves and print their own figures. Their servers are separate
//! processes.

use std::process::Command;

use rtvi_tests::{
    kotlin,
    native::{output, said, target},
    swift,
};

use crate::{
    bot::{self, BotProcess},
    figure::skip,
    over::Over,
    socket::Flood,
};

/// Measures the cost in Swift.
pub(crate) fn swift() {
    if !swift::is_there() {
        return skip("swift-events", "RTVI_SWIFT is not set");
    }
    let folder = swift::build_release("swift", "rtvi-bench", &target().join("release"));
    measure(&["events", "delegate"], || {
        swift::program_with(&folder, "rtvi-bench", &target().join("release"))
    });
}

/// Measures the cost in Kotlin.
pub(crate) fn kotlin() {
    if !kotlin::is_there() {
        return skip("kotlin-flow", "Maven or a JDK is missing");
    }
    kotlin::build("bench", &target().join("release"));
    measure(&["flow", "callbacks"], || {
        kotlin::program("kotlin/bench", "ai.rtvi.bench.MainKt", &target().join("release"))
    });
}

/// Runs all benchmarks of a program: those with events, and those that every language has.
fn measure(events: &[&str], program: impl Fn() -> Command) {
    let print = |arguments: &[&str]| print!("{}", figures(program().args(arguments)));
    for name in events {
        let flood = Flood::start();
        print(&[name, &flood.url(), &Flood::COUNT.to_string()]);
    }
    print(&["calls"]);
    let bot = BotProcess::start(Over::WebSocket, &[]);
    print(&["connect", &bot.target.ws_url]);
    print(&["connect-webrtc", bot.target.offer_url.as_deref().expect("it takes offers")]);
    drop(bot);
    print(&["push"]);
    let bot = BotProcess::start(Over::WebSocket, &[bot::ECHO]);
    print(&["pull", &bot.target.ws_url]);
    print(&["memory", &bot.target.ws_url]);
}

/// The figures that a program prints. A virtual machine may print warnings between them.
fn figures(program: &mut Command) -> String {
    let output = output(program);
    assert!(output.status.success(), "{program:?}: {}\n{}", output.status, said(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}
