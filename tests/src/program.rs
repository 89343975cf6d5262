//! The command line `rtvi` as a process. Its JSON log is read while it runs.
//!
//! For tests that need a separate process: devices, whose sound server is found through environment
//! variables.

use std::{path::PathBuf, process::Stdio, time::Duration};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    time::timeout,
};

/// The time limit for every step, even on a very busy machine.
const LIMIT: Duration = Duration::from_secs(60);

/// A running `rtvi`, killed when dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
    log: Vec<Value>,
}

/// The path of a program of the workspace: from the environment, or next to the folder of the
/// running test.
///
/// # Panics
/// If there is no such folder.
pub fn beside(name: &str) -> PathBuf {
    let beside = || {
        let own = std::env::current_exe().expect("a test is a file");
        let folder = own.parent().and_then(|deps| deps.parent()).expect("a target folder");
        folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
    };
    std::env::var_os(format!("CARGO_BIN_EXE_{name}")).map_or_else(beside, PathBuf::from)
}

impl Program {
    /// The path of the program: from the environment, or next to the folder of the running test.
    ///
    /// # Panics
    /// If there is no such folder.
    pub fn path() -> PathBuf {
        beside("rtvi")
    }

    /// Starts the command, which must be an `rtvi` that writes JSON.
    ///
    /// # Panics
    /// If there is no such program: `cargo build -p rtvi-cli` builds it.
    pub fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("rtvi is built");
        let lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
        Self { child, lines, log: Vec::new() }
    }

    /// The data of the next event of this name that `accept` accepts.
    ///
    /// # Panics
    /// If there is none in time.
    pub async fn event(&mut self, name: &str, accept: impl Fn(&Value) -> bool) -> Value {
        let line = self.line(|line| line["event"] == name && accept(&line["data"])).await;
        line["data"].clone()
    }

    /// Waits for the result of a call, which must be a success.
    ///
    /// # Panics
    /// If there is none in time, or it is an error.
    pub async fn succeeded(&mut self, call: &str) {
        let line = self.line(|line| line["result"] == call).await;
        assert!(line.get("error").is_none(), "{line}");
    }

    /// Waits for the end and returns the summary.
    ///
    /// # Panics
    /// If it does not arrive in time.
    pub async fn summary(&mut self) -> Value {
        self.line(|line| line.get("summary").is_some()).await["summary"].clone()
    }

    async fn line(&mut self, accept: impl Fn(&Value) -> bool) -> Value {
        loop {
            let line = timeout(LIMIT, self.lines.next_line()).await;
            let Ok(Ok(Some(line))) = line else { self.complain().await };
            let line: Value = serde_json::from_str(&line).expect("every line is JSON");
            if line["event"] != "localAudioLevel" && line["event"] != "remoteAudioLevel" {
                self.log.push(line.clone());
            }
            if accept(&line) {
                return line;
            }
        }
    }

    async fn complain(&mut self) -> ! {
        let mut errors = String::new();
        if let Some(mut stderr) = self.child.stderr.take() {
            // Whatever can be read within a moment is enough to understand a failure.
            let _ = timeout(Duration::from_secs(1), stderr.read_to_string(&mut errors)).await;
        }
        let log: Vec<String> = self.log.iter().map(Value::to_string).collect();
        panic!("what was waited for did not come; the log:\n{}\n{errors}", log.join("\n"));
    }
}
