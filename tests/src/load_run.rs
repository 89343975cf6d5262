//! `rtvi load` as a process, and the report that it writes.

use std::{path::Path, process::Stdio, time::Duration};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::{
    process::{Child, Command},
    time::{sleep, timeout},
};

use crate::Program;

/// How long a run may take, even on a very busy machine.
const LIMIT: Duration = Duration::from_secs(120);
/// How often a run is repeated whose generator had too little of the machine.
const TRIES: u32 = 3;

/// A run of `rtvi load` that has ended.
#[derive(Debug)]
pub struct LoadRun {
    /// The exit code.
    pub code: i32,
    /// The JSON report; null if there is none.
    pub report: Value,
    /// What was printed on stdout and stderr.
    pub text: String,
}

impl LoadRun {
    /// Runs it with these arguments; writes the report into `folder`.
    ///
    /// # Panics
    /// If it does not end in time.
    pub async fn make(folder: &Path, arguments: &[&str]) -> Self {
        let child = start(folder, arguments);
        Self::read(folder, child).await
    }

    /// The same, a few times while the run is void: other programs may have taken the machine's time
    /// from the generator. The last run counts, even if it is void.
    ///
    /// # Panics
    /// If a run does not end in time.
    pub async fn tried(folder: &Path, arguments: &[&str]) -> Self {
        let mut run = Self::make(folder, arguments).await;
        for _ in 1..TRIES {
            if !run.is_void() {
                break;
            }
            run = Self::make(folder, arguments).await;
        }
        run
    }

    /// Whether the generator was the bottleneck.
    pub fn is_void(&self) -> bool {
        self.report["void"] == true
    }

    /// Asserts that the run ended with this code, or with that of a void run if it is one.
    ///
    /// # Panics
    /// If it did not.
    pub fn assert_code(&self, code: i32) {
        let expected = if self.is_void() { 4 } else { code };
        assert_eq!(self.code, expected, "{}", self.text);
    }

    /// Runs it with a fifth of the machine's time: it is stopped for 80 ms of each 100 ms.
    ///
    /// # Panics
    /// If it does not end in time.
    pub async fn with_a_fifth(folder: &Path, arguments: &[&str]) -> Self {
        let child = start(folder, arguments);
        let id = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        let id = id.expect("it runs");
        let slowed = async {
            // The process may end at any time.
            while kill_process(id, Signal::STOP).is_ok() {
                sleep(Duration::from_millis(80)).await;
                let _ = kill_process(id, Signal::CONT);
                sleep(Duration::from_millis(20)).await;
            }
            std::future::pending().await
        };
        tokio::select! {
            run = Self::read(folder, child) => run,
            () = slowed => unreachable!("it never ends"),
        }
    }

    async fn read(folder: &Path, child: Child) -> Self {
        let output =
            timeout(LIMIT, child.wait_with_output()).await.expect("it ends in time").expect("it ran");
        let text =
            [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned()).concat();
        let json = std::fs::read_to_string(folder.join("report.json")).unwrap_or_default();
        let report = serde_json::from_str(&json).unwrap_or_default();
        Self { code: output.status.code().expect("it was not killed"), report, text }
    }

    /// A number of the report, by its JSON pointer.
    ///
    /// # Panics
    /// If it is no number.
    pub fn number(&self, pointer: &str) -> f64 {
        let number = self.report.pointer(pointer).and_then(Value::as_f64);
        number.unwrap_or_else(|| panic!("{pointer} is no number: {}\n{}", self.report, self.text))
    }
}

fn start(folder: &Path, arguments: &[&str]) -> Child {
    Command::new(Program::path())
        .arg("load")
        .args(arguments)
        .arg("--json")
        .arg(folder.join("report.json"))
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("rtvi is built")
}
