//! A demo bot in a process of its own, which can be stopped, killed and started again.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStdout, Command, Stdio},
};

use rtvi_bot::{BotOptions, DemoBot};
use rustix::process::{Pid, Signal, kill_process};

/// The environment variable that makes this program a bot on that port.
pub(crate) const PORT: &str = "RTVI_FAULTS_BOT_PORT";
/// What it says when it listens.
const READY: &str = "READY ";

/// A running bot; killed when dropped.
#[derive(Debug)]
pub(crate) struct BotProcess {
    process: Child,
    /// Kept open, for the bot ends with it.
    _stdout: BufReader<ChildStdout>,
    http_url: String,
}

impl BotProcess {
    /// Starts it on this port (0 for any) and waits until it listens.
    pub(crate) fn start(port: u16) -> Self {
        let program = std::env::current_exe().expect("this program has a path");
        let mut process = Command::new(program)
            .args(["--exact", "one_bot", "--nocapture"])
            .env(PORT, port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started again");
        let mut stdout = BufReader::new(process.stdout.take().expect("it is piped"));
        let http_url = loop {
            let mut line = String::new();
            let read = stdout.read_line(&mut line).expect("the bot speaks text");
            assert!(read > 0, "the bot ended before it was ready");
            if let Some((_, url)) = line.split_once(READY) {
                break url.trim().to_owned();
            }
        };
        Self { process, _stdout: stdout, http_url }
    }

    /// `http://HOST:PORT`.
    pub(crate) fn http_url(&self) -> &str {
        &self.http_url
    }

    /// The port it listens on.
    pub(crate) fn port(&self) -> u16 {
        let port = self.http_url.rsplit(':').next().and_then(|port| port.parse().ok());
        port.expect("the URL ends with the port")
    }

    /// Freezes it: its sockets stay open, and nothing answers.
    pub(crate) fn stop(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on after [`stop`](Self::stop).
    pub(crate) fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw);
        kill_process(id.expect("it has an id"), signal).expect("it runs");
    }

    /// Kills it as a crash would.
    pub(crate) fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it has ended");
    }
}

impl Drop for BotProcess {
    fn drop(&mut self) {
        // It may have been killed before.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Is the bot, until whoever started it is gone.
pub(crate) fn serve(port: &str) {
    let port = port.parse().expect("the port is a number");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
    let runtime = runtime.expect("there is room for a thread");
    let bot = runtime.block_on(DemoBot::start(BotOptions { port, ..BotOptions::default() }));
    let bot = bot.expect("the port is free");
    println!("{READY}{}", bot.http_url());
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
