//! `rtvi-bench`: the benchmarks of the client. `--list` prints their names; a name runs that
//! benchmark.
//!
//! Depends on the crates that it measures and on the test harness. Every figure is one JSON object
//! per line on standard output. Must never compare a figure with its goal; `cargo xtask bench`
//! does. The process that prints a figure runs only the client: the bot has its own process.
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
mod livekit;
mod load;
mod memory;
mod messages;
mod native;
mod over;
mod rig;
mod socket;
mod twenty;
mod usage;
mod video;
mod voice;

use std::process::ExitCode;

/// Every benchmark with its name.
const BENCHMARKS: [(&str, fn()); 33] = [
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
    ("load", load::websocket),
    ("load-webrtc", load::webrtc),
    ("load-phone", load::phone),
    ("calls", calls::run),
    ("livekit", livekit::run),
    ("livekit-python", livekit::python),
    ("native-c", native::c),
    ("native-cpp", native::cpp),
    ("native-size", native::size),
    ("video", video::run),
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
