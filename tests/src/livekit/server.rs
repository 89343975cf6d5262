//! A real LiveKit server in its own process.
//!
//! `RTVI_LIVEKIT` and `RTVI_LIVEKIT_OLD` name its program in two versions; `cargo xtask test`
//! builds them.

use std::{
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    process::{Child, Command, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process};
use tokio::{net::TcpStream, time::sleep};

use super::{
    room::Room,
    token::{KEY, SECRET},
};
use crate::free_port;

/// How long a server may take to start on a busy machine, in steps of this length.
const START: (u32, Duration) = (300, Duration::from_millis(100));
/// How often a start is tried: another program may take a port meanwhile.
const TRIES: u32 = 5;

/// How the server's media can be reached, and its version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Full ICE over UDP and TCP: the server sends checks too.
    Full,
    /// ICE lite: only the client sends checks.
    Lite,
    /// TCP only, as behind a firewall.
    Tcp,
    /// Full ICE, by the version of the year before.
    Old,
}

/// A running server, killed when dropped.
#[derive(Debug)]
pub struct LiveKitServer {
    process: Child,
    port: u16,
}

impl LiveKitServer {
    /// Starts a server and waits until it listens.
    ///
    /// # Panics
    /// If it can't be started.
    pub async fn start(shape: Shape) -> Self {
        for _ in 0..TRIES {
            let mut server = Self::spawn(shape);
            if server.listens().await {
                return server;
            }
        }
        panic!("livekit-server does not start")
    }

    fn spawn(shape: Shape) -> Self {
        let variable = if shape == Shape::Old { "RTVI_LIVEKIT_OLD" } else { "RTVI_LIVEKIT" };
        let program = std::env::var_os(variable)
            .unwrap_or_else(|| panic!("{variable} must name a livekit-server; `cargo xtask test` builds it"));
        let port = free_port();
        let mut command = Command::new(program);
        command.env("LIVEKIT_CONFIG", config(shape, port)).stdin(Stdio::null()).stdout(Stdio::null());
        Self { process: command.spawn().expect("livekit-server runs"), port }
    }

    /// Waits until it listens; `false` if it has ended instead.
    async fn listens(&mut self) -> bool {
        for _ in 0..START.0 {
            if self.process.try_wait().expect("it can be waited for").is_some() {
                return false;
            }
            if TcpStream::connect(self.address()).await.is_ok() {
                return true;
            }
            sleep(START.1).await;
        }
        false
    }

    /// Where it listens for signalling and the room API.
    pub fn address(&self) -> SocketAddr {
        (Ipv4Addr::LOCALHOST, self.port).into()
    }

    /// Its URL for clients.
    pub fn url(&self) -> String {
        format!("ws://{}", self.address())
    }

    /// The room API for one room.
    pub fn room(&self, name: &str) -> Room {
        Room::new(self.address(), name)
    }

    /// The environment of bots that use this server, as Pipecat's runner reads it.
    pub fn environment(&self) -> [(&'static str, String); 3] {
        [
            ("LIVEKIT_URL", self.url()),
            ("LIVEKIT_API_KEY", KEY.to_owned()),
            ("LIVEKIT_API_SECRET", SECRET.to_owned()),
        ]
    }

    /// Freezes it: its sockets stay open, and nothing answers.
    pub fn freeze(&self) {
        self.signal(Signal::STOP);
    }

    /// Resumes it after [`freeze`](Self::freeze).
    pub fn thaw(&self) {
        self.signal(Signal::CONT);
    }

    /// Kills it as a crash would.
    pub fn kill(&self) {
        self.signal(Signal::KILL);
    }

    fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.process.id()).ok().and_then(Pid::from_raw).expect("it has an id");
        kill_process(id, signal).expect("it runs");
    }
}

impl Drop for LiveKitServer {
    fn drop(&mut self) {
        // It may have been killed earlier.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The configuration. Every address is on loopback, and no public STUN server is named.
fn config(shape: Shape, port: u16) -> String {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("there is a free port");
    let udp = socket.local_addr().expect("the socket is bound").port();
    format!(
        "port: {port}
bind_addresses: [127.0.0.1]
keys: {{{KEY}: {SECRET}}}
logging: {{level: error}}
rtc:
  tcp_port: {tcp}
  udp_port: {udp}
  node_ip: 127.0.0.1
  use_external_ip: false
  use_ice_lite: {lite}
  force_tcp: {tcp_only}
  enable_loopback_candidate: true
  interfaces: {{includes: [lo]}}
",
        tcp = free_port(),
        lite = shape == Shape::Lite,
        tcp_only = shape == Shape::Tcp,
    )
}
