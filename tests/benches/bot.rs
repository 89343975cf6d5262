//! The demo bot in its own process, so that its work and memory do not count for the client.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Command, Stdio},
};

use rtvi_bot::{BotOptions, DemoBot, StartTransport};
use rtvi_tests::{Target, phone_bot::PhoneBot};

use crate::over::Over;

/// The argument that turns this program into a bot.
pub(crate) const ARGUMENT: &str = "--bot";
/// Makes the bot send the client's audio back.
pub(crate) const ECHO: &str = "--echo";
/// Makes the bot's start endpoint lead to WebRTC.
const WEBRTC: &str = "--webrtc";
/// Makes the bot one on a phone.
const PHONE: &str = "--phone";

/// A running bot; it ends when dropped.
#[derive(Debug)]
pub(crate) struct BotProcess {
    process: Child,
    /// Its target.
    pub(crate) target: Target,
}

impl BotProcess {
    /// Starts a bot whose start endpoint leads to this transport, and waits until it listens.
    pub(crate) fn start(over: Over, flags: &[&str]) -> Self {
        let flag = match over {
            Over::WebRtc => Some(WEBRTC),
            Over::Phone => Some(PHONE),
            Over::WebSocket | Over::LiveKit => None,
        };
        let program = std::env::current_exe().expect("this program has a path");
        let mut process = Command::new(program)
            .arg(ARGUMENT)
            .args(flags)
            .args(flag)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started");
        let mut lines = BufReader::new(process.stdout.take().expect("stdout is piped")).lines();
        let mut line = || lines.next().expect("the bot starts").expect("the bot prints text");
        let target =
            Target { ws_url: line(), start_url: line(), offer_url: Some(line()), ..Target::default() };
        Self { process, target }
    }
}

impl Drop for BotProcess {
    fn drop(&mut self) {
        // Closing its input ends the bot, even when this process is killed.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}

/// Runs a bot until standard input ends. Prints its URLs when it listens.
pub(crate) fn serve(flags: &[&str]) {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime can be made");
    if flags.contains(&PHONE) {
        return serve_phones(&runtime);
    }
    let webrtc = flags.contains(&WEBRTC);
    let transport = Some(if webrtc { StartTransport::Webrtc } else { StartTransport::Websocket });
    let options = BotOptions { echo: flags.contains(&ECHO), transport, ..BotOptions::default() };
    let bot = runtime.block_on(DemoBot::start(options)).expect("the bot starts");
    println!("{}\n{}\n{}", bot.ws_url(), bot.start_url(), bot.offer_url());
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
    runtime.block_on(bot.stop());
}

/// The same for a bot on a phone, which has no other URL.
fn serve_phones(runtime: &tokio::runtime::Runtime) {
    let bot = runtime.block_on(PhoneBot::start());
    let url = bot.ws_url();
    println!("{url}\n{url}\n{url}");
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
