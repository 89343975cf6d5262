//! The demo bot in a process of its own, so that its work and memory are not the client's.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use rtvi_bot::{BotOptions, DemoBot, StartTransport};

/// The argument that makes this program a bot.
pub(crate) const ARGUMENT: &str = "--bot";
/// Makes the bot send the client's audio back.
pub(crate) const ECHO: &str = "--echo";

/// A running bot; ends when dropped.
#[derive(Debug)]
pub(crate) struct BotProcess {
    process: Child,
    /// The WebSocket URL.
    pub(crate) ws_url: String,
    /// The start endpoint.
    pub(crate) start_url: String,
}

impl BotProcess {
    /// Starts a bot and waits until it listens.
    pub(crate) fn start(flags: &[&str]) -> Self {
        let program = std::env::current_exe().expect("this program has a path");
        let mut process = Command::new(program)
            .arg(ARGUMENT)
            .args(flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started");
        let mut lines = BufReader::new(process.stdout.take().expect("stdout is piped")).lines();
        let mut line = || lines.next().expect("the bot starts").expect("the bot prints text");
        Self { ws_url: line(), start_url: line(), process }
    }
}

impl Drop for BotProcess {
    fn drop(&mut self) {
        // Its input ends, and with it the bot; even when this process is killed.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// Is a bot until standard input ends. Prints its URLs when it listens.
pub(crate) fn serve(flags: &[&str]) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    let transport = Some(StartTransport::Websocket);
    let options = BotOptions { echo: flags.contains(&ECHO), transport, ..BotOptions::default() };
    let bot = runtime.block_on(DemoBot::start(options)).expect("the bot starts");
    println!("{}\n{}", bot.ws_url(), bot.start_url());
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    runtime.block_on(bot.stop());
}
