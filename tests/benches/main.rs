//! `rtvi-bench`: the benchmarks of the client. `--list` prints their names; a name runs that one.
//!
//! Depends on the crates it measures and on the harness of the tests. Every figure is one JSON object a line on standard
//! output; must never compare a figure with its goal, which is `cargo xtask bench`'s to do. The process that prints a figure
//! runs the client alone: the bot has one of its own.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a benchmark fails by panicking and looks at the real clock"
)]

mod bindings;
mod bot;
mod call;
mod calls;
mod connect;
mod dispatch;
mod echo;
mod figure;
mod memory;
mod messages;
mod native;
mod over;
mod rig;
mod socket;
mod twenty;
mod usage;
mod voice;

use std::process::ExitCode;

/// Every benchmark and what it is called.
const BENCHMARKS: [(&str, fn()); 27] = [
    ("dispatch", dispatch::run),
    ("dispatch-websocket", socket::run),
    ("connect-demo", connect::demo),
    ("connect-demo-webrtc", connect::demo_webrtc),
    ("connect-real", connect::real),
    ("connect-real-webrtc", connect::real_webrtc),
    ("call-cpu", call::websocket),
    ("call-cpu-webrtc", call::webrtc),
    ("call-cpu-processed-webrtc", call::processed),
    ("call-memory", memory::websocket),
    ("call-memory-webrtc", memory::webrtc),
    ("echo", echo::websocket),
    ("echo-webrtc", echo::webrtc),
    ("twenty", twenty::websocket),
    ("twenty-webrtc", twenty::webrtc),
    ("calls", calls::run),
    ("native-c", native::c),
    ("native-cpp", native::cpp),
    ("native-size", native::size),
    ("swift", bindings::swift),
    ("kotlin", bindings::kotlin),
    ("voice-echo", voice::echo::run),
    ("voice-loss", voice::loss::run),
    ("voice-delay", voice::delay::run),
    ("voice-interruption", voice::interruption::run),
    ("voice-mouth-to-ear", voice::mouth_to_ear::run),
    ("voice-cpu", voice::cpu::run),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--list"] => BENCHMARKS.iter().for_each(|(name, _)| println!("{name}")),
        [bot::ARGUMENT, flags @ ..] => bot::serve(flags),
        [name] if let Some((_, run)) = BENCHMARKS.iter().find(|(known, _)| known == name) => run(),
        _ => {
            eprintln!("usage: rtvi-bench --list | NAME");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
