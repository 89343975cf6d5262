//! The official JavaScript client in a headless browser.
//!
//! Needs Node.js, Debian's `chromium` and the npm packages of `browser/package-lock.json`; `cargo
//! xtask test` installs them.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

/// How long an expected line may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(40);

/// How to start the browser.
#[derive(Clone, Debug, Default)]
pub struct BrowserOptions {
    /// A WAV file that the microphone plays once; by default a beep per second.
    pub speech: Option<PathBuf>,
    /// Whether its page may not use the microphone, and so can't see the machine's addresses.
    pub no_microphone: bool,
    /// Whether it also offers loopback addresses.
    pub loopback: bool,
    /// Whether it may connect to servers that say nothing about foreign origins.
    pub foreign_origins: bool,
}

/// A browser with one client, closed when dropped.
#[derive(Debug)]
pub struct Browser {
    stdin: ChildStdin,
    lines: Lines<BufReader<ChildStdout>>,
    process: Child,
    /// All lines so far.
    log: Vec<Value>,
    /// The number of lines that were already waited for.
    cursor: usize,
    calls: u64,
}

impl Browser {
    /// Starts the browser with an official client for `transport`: `webrtc`, `websocket`, or `video` for
    /// WebRTC with a camera.
    ///
    /// # Panics
    /// If it does not start; the message contains its stderr.
    pub async fn start(options: &BrowserOptions, client: Value) -> Self {
        let mut process = command(options).spawn().expect("node is installed");
        let stdin = process.stdin.take().expect("stdin is piped");
        let stdout = process.stdout.take().expect("stdout is piped");
        let lines = BufReader::new(stdout).lines();
        let mut browser = Self { stdin, lines, process, log: Vec::new(), cursor: 0, calls: 0 };
        browser.wait_until("the page", |line| line["ready"] == true).await;
        browser.call("create", json!([client])).await;
        browser
    }

    /// The process that owns the browser's; `None` when it has ended.
    pub fn process_id(&self) -> Option<u32> {
        self.process.id()
    }

    /// Calls a method of the client or of the page, and returns the result.
    ///
    /// # Panics
    /// If it fails or takes too long.
    pub async fn call(&mut self, method: &str, arguments: Value) -> Value {
        let number = self.calls;
        self.calls += 1;
        let line = json!({"call": method, "args": arguments}).to_string() + "\n";
        self.stdin.write_all(line.as_bytes()).await.expect("the browser runs");
        let from = self.cursor;
        self.cursor = 0;
        let answer = self.wait_until(method, |line| line["answer"] == number).await;
        self.cursor = from;
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["value"].clone()
    }

    /// Waits for the next event of this name and returns its first value.
    ///
    /// # Panics
    /// If it does not arrive; the message contains what arrived instead.
    pub async fn wait_for(&mut self, event: &str) -> Value {
        self.wait_until_event(event, |_| true).await
    }

    /// Waits for the next event of this name whose first value matches.
    ///
    /// # Panics
    /// If it does not arrive; the message contains what arrived instead.
    pub async fn wait_until_event(&mut self, event: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let line = self.wait_until(event, |line| line["event"] == event && fits(&line["data"][0])).await;
        line["data"][0].clone()
    }

    /// The first values of all events of this name so far.
    pub fn all(&self, event: &str) -> Vec<&Value> {
        self.log.iter().filter(|line| line["event"] == event).map(|line| &line["data"][0]).collect()
    }

    async fn wait_until(&mut self, what: &str, fits: impl Fn(&Value) -> bool) -> Value {
        let begin = self.cursor;
        loop {
            while let Some(line) = self.log.get(self.cursor) {
                self.cursor += 1;
                if fits(line) {
                    return line.clone();
                }
            }
            let Ok(line) = timeout(PATIENCE, self.lines.next_line()).await else {
                panic!("no {what} came; since then: {:#?}", &self.log[begin..]);
            };
            let line = line.expect("the browser's output is text");
            let line = line.unwrap_or_else(|| panic!("the browser ended before {what}"));
            self.log.push(serde_json::from_str(&line).expect("every line is JSON"));
        }
    }
}

fn command(options: &BrowserOptions) -> Command {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/driver.mjs");
    let mut command = Command::new("node");
    command.arg(driver).stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
    if let Some(speech) = &options.speech {
        command.arg("--speech").arg(speech);
    }
    let switches = [
        ("--no-microphone", options.no_microphone),
        ("--loopback", options.loopback),
        ("--foreign-origins", options.foreign_origins),
    ];
    command.args(switches.into_iter().filter_map(|(flag, is_on)| is_on.then_some(flag)));
    command
}
