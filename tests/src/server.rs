//! Real Pipecat servers, each in its own process.
//!
//! `RTVI_PYTHON` and `RTVI_PYTHON_LEGACY` name the Python interpreters with Pipecat installed;
//! `cargo xtask test` sets them up.

use std::{path::PathBuf, process::Stdio, time::Duration};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

use crate::Target;

/// How long a server may take to start on a busy machine.
const START_LIMIT: Duration = Duration::from_secs(60);

/// The server to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServerKind {
    /// The current Pipecat with the test's voice bot.
    Voice,
    /// A Pipecat of the RTVI 1.x protocol.
    Legacy,
    /// The current Pipecat with a bot that looks at video.
    Video,
}

/// A running server, killed when dropped.
#[derive(Debug)]
pub struct PipecatServer {
    process: Child,
    http_url: String,
}

impl PipecatServer {
    /// Starts the server and waits until it listens.
    ///
    /// # Panics
    /// If it can't be started; the message contains its output.
    pub async fn start(kind: ServerKind, flags: &[&str]) -> Self {
        Self::start_with(kind, flags, &[]).await
    }

    /// Works like `start`, with more environment variables.
    ///
    /// # Panics
    /// If it can't be started; the message contains its output.
    pub async fn start_with(kind: ServerKind, flags: &[&str], environment: &[(&str, String)]) -> Self {
        let (variable, script) = match kind {
            ServerKind::Voice => ("RTVI_PYTHON", "voice_bot.py"),
            ServerKind::Legacy => ("RTVI_PYTHON_LEGACY", "legacy_bot.py"),
            ServerKind::Video => ("RTVI_PYTHON", "video_bot.py"),
        };
        let mut command = python(variable, script);
        command.args(["--port", "0"]).args(flags).envs(environment.iter().map(|(name, value)| (name, value)));
        let mut process = command.spawn().expect("python runs");
        let stdout = process.stdout.take().expect("stdout is piped");
        let mut lines = BufReader::new(stdout).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.expect("the server's output can be read") {
                if let Some(url) = line.strip_prefix("READY ") {
                    return url.trim().to_owned();
                }
            }
            panic!("{script} ended before it was ready");
        };
        let http_url = timeout(START_LIMIT, ready).await.expect("the server is ready in time");
        Self { process, http_url }
    }

    /// Starts Pipecat's development runner with the test bot on a fixed port.
    ///
    /// # Panics
    /// If it does not answer in time.
    pub async fn start_runner(port: u16, flags: &[&str]) -> Self {
        Self::start_runner_with(port, flags, &[]).await
    }

    /// Works like `start_runner`, with more environment variables.
    ///
    /// # Panics
    /// If it does not answer in time.
    pub async fn start_runner_with(port: u16, flags: &[&str], environment: &[(&str, String)]) -> Self {
        Self::start_script("runner_bot.py", port, flags, environment).await
    }

    /// Starts the bot for phones under Pipecat's runner. It hangs up at `phone_api`.
    ///
    /// # Panics
    /// If it does not answer in time.
    pub async fn start_phone_bot(phone_api: String) -> Self {
        let credentials = [
            "TWILIO_ACCOUNT_SID",
            "TWILIO_AUTH_TOKEN",
            "TELNYX_API_KEY",
            "PLIVO_AUTH_ID",
            "PLIVO_AUTH_TOKEN",
        ];
        let mut environment = credentials.map(|name| (name, "anything".to_owned())).to_vec();
        environment.push(("PHONE_API", phone_api));
        Self::start_script("phone_bot.py", free_port(), &[], &environment).await
    }

    async fn start_script(script: &str, port: u16, flags: &[&str], environment: &[(&str, String)]) -> Self {
        let mut command = python("RTVI_PYTHON", script);
        let process = command
            .args(["-t", "websocket", "--port", &port.to_string()])
            .args(flags)
            .envs(environment.iter().map(|(name, value)| (name, value)))
            .spawn()
            .expect("python runs");
        let listening = async {
            while tokio::net::TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        };
        timeout(START_LIMIT, listening).await.expect("the runner listens in time");
        Self { process, http_url: format!("http://localhost:{port}") }
    }

    /// The server's target.
    pub fn target(&self) -> Target {
        Target {
            ws_url: self.ws_url("/ws"),
            start_url: format!("{}/start", self.http_url),
            ..Target::default()
        }
    }

    /// The server's target for WebRTC.
    pub fn webrtc_target(&self) -> Target {
        Target { offer_url: Some(format!("{}/api/offer", self.http_url)), ..self.target() }
    }

    /// The WebSocket URL of a path with query.
    pub fn ws_url(&self, path: &str) -> String {
        format!("{}{path}", self.http_url.replacen("http", "ws", 1))
    }

    /// Kills it as a crash would, without a close frame.
    ///
    /// # Panics
    /// If it can't be killed.
    pub async fn kill(&mut self) {
        self.process.kill().await.expect("the server can be killed");
    }

    /// Freezes it: its sockets stay open, and nothing answers.
    pub fn freeze(&self) {
        self.signal("-STOP");
    }

    /// Resumes it after [`freeze`](Self::freeze).
    pub fn thaw(&self) {
        self.signal("-CONT");
    }

    /// Asks it to end, as a deployment does.
    pub fn terminate(&self) {
        self.signal("-TERM");
    }

    fn signal(&self, signal: &str) {
        let id = self.process.id().expect("the server runs").to_string();
        let status = std::process::Command::new("kill").args([signal, &id]).status().expect("kill runs");
        assert!(status.success(), "kill {signal} {id}");
    }
}

pub(crate) fn python(variable: &str, script: &str) -> Command {
    let interpreter = std::env::var_os(variable).unwrap_or_else(|| {
        panic!("{variable} must name a Python with Pipecat; `cargo xtask test` sets it up")
    });
    let bots = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("interop/bots");
    let mut command = Command::new(interpreter);
    command
        .arg(bots.join(script))
        .stdout(Stdio::piped())
        .stderr(Stdio::inherit())
        .stdin(Stdio::null())
        .kill_on_drop(true);
    command
}

/// A port that is free now, for a server that must restart on the same one.
///
/// # Panics
/// If there is none.
pub fn free_port() -> u16 {
    let socket = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("there is a free port");
    socket.local_addr().expect("the socket is bound").port()
}
