//! A demo bot in its own process, which a test can stop, kill and restart.
//!
//! The program that uses it is also the bot: it calls [`serve`](BotProcess::serve) when
//! [`asked`](BotProcess::asked) returns a port.

use std::{
    io::{self, BufRead, BufReader, ErrorKind, Read},
    net::{Ipv4Addr, SocketAddr},
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use rtvi_bot::{BotOptions, DemoBot};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, kill_process, waitid};
use tokio::net::TcpSocket;

use crate::terminator::{Identity, Terminator};

/// The environment variable that turns this program into a bot on that port.
const PORT: &str = "RTVI_TEST_BOT_PORT";
/// The environment variable with the certificate of a bot that uses TLS.
const IDENTITY: &str = "RTVI_TEST_BOT_IDENTITY";
/// What the bot prints when it listens.
const READY: &str = "READY ";
/// How often a port is tried that another program may be using for a connection, and the wait
/// before each attempt.
const TRIES: (u32, Duration) = (200, Duration::from_millis(50));

/// A running bot, killed when dropped.
#[derive(Debug)]
pub struct BotProcess {
    process: Child,
    /// Kept open, because the bot ends when it closes.
    _stdout: BufReader<ChildStdout>,
    http_url: String,
    /// Bound to the same port without listening. When the bot is killed, connections are refused,
    /// and no other bot gets its port.
    _port: TcpSocket,
}

impl BotProcess {
    /// Starts this program again with these arguments, as a bot on this port (0 for any), and waits
    /// until it listens.
    ///
    /// # Panics
    /// If it does not listen.
    pub fn start(arguments: &[&str], port: u16) -> Self {
        let (port, held) = hold(port);
        Self::spawn(Self::command(arguments, port), held)
    }

    /// Works like `start`, over TLS.
    ///
    /// # Panics
    /// If it does not listen.
    pub fn start_secure(arguments: &[&str], port: u16, identity: &Identity) -> Self {
        let (port, held) = hold(port);
        let mut command = Self::command(arguments, port);
        command.env(IDENTITY, &identity.0);
        Self::spawn(command, held)
    }

    fn command(arguments: &[&str], port: u16) -> Command {
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command.args(arguments).env(PORT, port.to_string());
        command
    }

    fn spawn(mut command: Command, held: TcpSocket) -> Self {
        let mut process = command
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
        Self { process, _stdout: stdout, http_url, _port: held }
    }

    /// `http://HOST:PORT`, or `https:`.
    pub fn http_url(&self) -> &str {
        &self.http_url
    }

    /// The port on which it listens.
    ///
    /// # Panics
    /// Never: the URL ends with the port.
    pub fn port(&self) -> u16 {
        let port = self.http_url.rsplit(':').next().and_then(|port| port.parse().ok());
        port.expect("the URL ends with the port")
    }

    /// Freezes it: its sockets stay open, and nothing answers. When this returns, all its threads
    /// are stopped; that is not so when the signal has merely been sent.
    ///
    /// # Panics
    /// If it has ended.
    pub fn stop(&self) {
        self.signal(Signal::STOP);
        // Leaves the status unread, so that it is still there for a second call.
        let options = WaitIdOptions::STOPPED | WaitIdOptions::NOWAIT;
        waitid(WaitId::Pid(self.id()), options).expect("it can be waited for");
    }

    /// Resumes it after [`stop`](Self::stop).
    pub fn go_on(&self) {
        self.signal(Signal::CONT);
    }

    /// Kills it as a crash would.
    ///
    /// # Panics
    /// If it has ended by itself.
    pub fn kill(&mut self) {
        self.process.kill().expect("it runs");
        self.process.wait().expect("it has ended");
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.id(), signal).expect("it runs");
    }

    fn id(&self) -> Pid {
        i32::try_from(self.process.id()).ok().and_then(Pid::from_raw).expect("it has an id")
    }

    /// The port of the bot, if this process should be a bot.
    pub fn asked() -> Option<u16> {
        std::env::var(PORT).ok()?.parse().ok()
    }

    /// Runs the bot until the process that started it is gone.
    ///
    /// # Panics
    /// If it can't listen on the port.
    pub fn serve(port: u16) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = runtime.expect("there is room for a thread");
        let (url, _kept) = runtime.block_on(async {
            match std::env::var(IDENTITY) {
                Ok(identity) => listening_securely(port, Identity(identity)).await,
                Err(_) => listening(port).await,
            }
        });
        println!("{READY}{url}");
        let _ = io::stdin().read_to_end(&mut Vec::new());
    }
}

/// A port (any for 0), and a socket that reserves it from programs that request any port.
fn hold(port: u16) -> (u16, TcpSocket) {
    let socket = TcpSocket::new_v4().expect("there is a network");
    // This lets the bot, which requests this port explicitly, bind it too.
    socket.set_reuseaddr(true).expect("it can be set");
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).expect("the port is free");
    (socket.local_addr().expect("it is bound").port(), socket)
}

/// The URL, and what serves it while it is kept.
type Kept = (String, (DemoBot, Option<Terminator>));

async fn listening(port: u16) -> Kept {
    let bot = tried(port, async || DemoBot::start(BotOptions { port, ..BotOptions::default() }).await).await;
    (bot.http_url(), (bot, None))
}

async fn listening_securely(port: u16, identity: Identity) -> Kept {
    let (url, (bot, _)) = listening(0).await;
    let server = url.trim_start_matches("http://").parse().expect("it is an address");
    let front = tried(port, async || Terminator::start(identity.clone(), server, port).await).await;
    (format!("https://{}", front.address()), (bot, Some(front)))
}

async fn tried<T>(port: u16, start: impl AsyncFn() -> io::Result<T>) -> T {
    for _ in 0..TRIES.0 {
        match start().await {
            Ok(started) => return started,
            Err(error) if error.kind() == ErrorKind::AddrInUse => tokio::time::sleep(TRIES.1).await,
            Err(error) => panic!("port {port}: {error}"),
        }
    }
    panic!("port {port} stays in use");
}

impl Drop for BotProcess {
    fn drop(&mut self) {
        // It may have been killed earlier.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
