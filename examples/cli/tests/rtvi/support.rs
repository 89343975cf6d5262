//! Runs the built `rtvi` and reads what it prints.

use std::{ffi::OsStr, process::Stdio, time::Duration};

use rtvi_bot::{BotOptions, DemoBot};
use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// Longer than any run here should take, on a busy machine too.
const LIMIT: Duration = Duration::from_secs(60);

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// The lines of a JSON log; every line must be an object.
    pub(crate) fn log(&self) -> Vec<Value> {
        let parse =
            |line| serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let lines: Vec<Value> = self.stdout.lines().map(parse).collect();
        assert!(lines.iter().all(Value::is_object), "{}", self.stdout);
        lines
    }

    /// The summary, which must be the last line.
    pub(crate) fn summary(&self) -> Value {
        let log = self.log();
        let summary = log.last().and_then(|line| line.get("summary")).cloned();
        summary.unwrap_or_else(|| panic!("no summary at the end of {}{}", self.stdout, self.stderr))
    }

    /// The data of all events of a name.
    pub(crate) fn events(&self, name: &str) -> Vec<Value> {
        let of_name = |line: &Value| (line["event"] == name).then(|| line["data"].clone());
        self.log().iter().filter_map(of_name).collect()
    }

    /// The result lines of a call.
    pub(crate) fn results(&self, name: &str) -> Vec<Value> {
        self.log().into_iter().filter(|line| line["result"] == name).collect()
    }

    /// Panics with all that was printed unless the run ended with `code`.
    pub(crate) fn expect_code(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout:\n{}\nstderr:\n{}", self.stdout, self.stderr);
        self
    }
}

/// Runs `rtvi` to its end.
pub(crate) async fn rtvi<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Ran {
    Running::start(args).end().await
}

/// An `rtvi` that runs.
pub(crate) struct Running {
    pub(crate) child: Child,
    stdout: BufReader<ChildStdout>,
    read: String,
}

impl Running {
    pub(crate) fn start<S: AsRef<OsStr>>(args: impl IntoIterator<Item = S>) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_rtvi"))
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("rtvi starts");
        let stdout = BufReader::new(child.stdout.take().expect("a pipe"));
        Self { child, stdout, read: String::new() }
    }

    /// Reads until a line holds `part`, and gives that line.
    pub(crate) async fn line_with(&mut self, part: &str) -> String {
        let found = async {
            loop {
                let mut line = String::new();
                let count = self.stdout.read_line(&mut line).await.expect("readable");
                assert!(count > 0, "no line with {part} in:\n{}", self.read);
                self.read.push_str(&line);
                if line.contains(part) {
                    return line;
                }
            }
        };
        timeout(LIMIT, found).await.expect("in time")
    }

    /// Waits for its end.
    pub(crate) async fn end(mut self) -> Ran {
        let mut errors = self.child.stderr.take().expect("a pipe");
        let mut stderr = String::new();
        let all = async {
            let (out, err) =
                tokio::join!(self.stdout.read_to_string(&mut self.read), errors.read_to_string(&mut stderr));
            out.and(err).expect("readable");
            self.child.wait().await.expect("an end")
        };
        let status = timeout(LIMIT, all).await.expect("in time");
        Ran { code: status.code(), stdout: self.read, stderr }
    }

    /// Closes our end of its stdout.
    pub(crate) async fn end_unread(self) -> Option<i32> {
        let Self { mut child, stdout, .. } = self;
        drop(stdout);
        timeout(LIMIT, child.wait()).await.expect("in time").expect("an end").code()
    }
}

/// A bot that is ten times as fast as a real one, changed by `change`.
pub(crate) async fn bot(change: impl FnOnce(&mut BotOptions)) -> DemoBot {
    let mut options = BotOptions { pace: 0.1, ..BotOptions::default() };
    change(&mut options);
    DemoBot::start(options).await.expect("a bot")
}

/// A URL at which nobody listens.
pub(crate) fn refused() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    format!("ws://{}/ws", listener.local_addr().expect("an address"))
}

/// The error of the only result of a call.
pub(crate) fn error(ran: &Ran, call: &str) -> Value {
    let results = ran.results(call);
    assert_eq!(results.len(), 1, "{}", ran.stdout);
    results[0]["error"].clone()
}
