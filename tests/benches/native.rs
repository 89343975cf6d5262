//! The client's cost for apps in C and C++: programs in `cpp/benches`, with the library as
//! released.
//!
//! Depends on cargo and CMake, which build both. The programs measure themselves and print their
//! own figures. What must be measured from outside is measured here.

use std::{
    path::{Path, PathBuf},
    process::Command,
    time::Instant,
};

use rtvi_tests::native::{folder, has, root, run as output, target, without_cargo};

use crate::{
    bot::{self, BotProcess},
    figure::{Figure, median, skip},
    messages::Conversation,
    over::Over,
};

/// The number of starts of a program.
const STARTS: usize = 30;

/// Measures the cost in C.
pub(crate) fn c() {
    let Some(programs) = Programs::build("c-events") else { return };
    let messages = messages();
    for (benchmark, argument) in [
        ("events", messages.as_str()),
        ("events-json", &messages),
        ("events-polled", &messages),
        ("calls", ""),
        ("push", ""),
    ] {
        programs.print("bench_c", benchmark, argument);
    }
    let bot = BotProcess::start(Over::WebSocket, &[bot::ECHO]);
    programs.print("bench_c", "pull", &bot.target.start_url);
    programs.print("bench_c", "memory", &bot.target.start_url);
    Figure::low("c-start", programs.start_time("bench_c"), "ms").print();
}

/// Measures the cost in C++.
pub(crate) fn cpp() {
    let Some(programs) = Programs::build("cpp-events") else { return };
    let messages = messages();
    for (benchmark, argument) in
        [("events", messages.as_str()), ("events-typed", &messages), ("calls", ""), ("push", "")]
    {
        programs.print("bench_cpp", benchmark, argument);
    }
    let bot = BotProcess::start(Over::WebSocket, &[bot::ECHO]);
    programs.print("bench_cpp", "memory", &bot.target.start_url);
    Figure::low("cpp-start", programs.start_time("bench_cpp"), "ms").print();
}

/// Measures the size of the library's file, with all features and without WebRTC.
pub(crate) fn size() {
    let without_video = ["--no-default-features", "--features", "devices,processing,webrtc"];
    let without_video = megabytes(&library(&without_video, &target()));
    // After the other one, because it takes its place, and other benchmarks use this one.
    let all = megabytes(&library(&[], &target()));
    Figure::low("c-library", all, "MB").print();
    Figure::low("c-library-video", all - without_video, "MB").goal(1.6).print();
    // Uses a separate folder, because cargo gives both the same name.
    let small = library(&["--no-default-features"], &folder("websocket-only"));
    Figure::low("c-library-websocket", megabytes(&small), "MB").print();
}

/// The messages for the programs, one per line, `bot-ready` first.
fn messages() -> String {
    let Conversation { ready, messages } = Conversation::recorded();
    let lines: Vec<String> = std::iter::once(&ready)
        .chain(&messages)
        .map(|message| String::from_utf8(message.to_vec()).expect("JSON is text"))
        .collect();
    let path = folder("benches").join("messages.jsonl");
    std::fs::write(&path, lines.join("\n")).expect("the messages can be written");
    path.display().to_string()
}

/// The shared library with these features, built if it does not exist yet.
fn library(features: &[&str], target: &Path) -> PathBuf {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["build", "--locked", "--release", "--lib", "--package", "rtvi-c", "--target-dir"])
        .arg(target);
    output(without_cargo(cargo.args(features).current_dir(root())));
    let name = if cfg!(target_os = "macos") { "librtvi_c.dylib" } else { "librtvi_c.so" };
    target.join("release").join(name)
}

fn megabytes(file: &Path) -> f64 {
    std::fs::metadata(file).expect("the library is there").len() as f64 / 1e6
}

/// The folder of the built programs.
struct Programs(PathBuf);

impl Programs {
    /// Builds the programs; `None`, and the figure is skipped, if that is not possible.
    fn build(figure: &str) -> Option<Self> {
        if !cfg!(unix) || !has("cmake") || !has("ninja") {
            skip(figure, "CMake, Ninja or POSIX is missing");
            return None;
        }
        let library = library(&[], &target());
        let build = folder("benches");
        output(
            Command::new("cmake")
                .args(["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DRTVI_BUILD_BENCHES=ON", "-S"])
                .arg(root().join("cpp"))
                .arg("-B")
                .arg(&build)
                .arg(format!("-DRTVI_LIBRARY_DIR={}", library.parent().expect("a folder").display())),
        );
        output(Command::new("cmake").arg("--build").arg(&build));
        Some(Self(build.join("benches")))
    }

    /// Runs a program's benchmark and prints its figures.
    fn print(&self, program: &str, benchmark: &str, argument: &str) {
        print!("{}", output(Command::new(self.0.join(program)).args([benchmark, argument])));
    }

    /// The time in milliseconds in which a program starts, creates a client, frees it and ends.
    fn start_time(&self, program: &str) -> f64 {
        let once = |_| {
            let start = Instant::now();
            output(Command::new(self.0.join(program)).arg("start"));
            start.elapsed().as_secs_f64() * 1000.0
        };
        median((0..STARTS).map(once).collect())
    }
}
