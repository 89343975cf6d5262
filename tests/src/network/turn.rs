//! coturn, as a STUN and TURN server on this machine.
//!
//! Depends on Debian's package `coturn`. Must never keep a file or a process behind.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
    process::Stdio,
    time::Duration,
};

use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::{sleep, timeout},
};

/// How long the server may take to listen.
const START_LIMIT: Duration = Duration::from_secs(20);

/// A running TURN server; killed when dropped.
#[derive(Debug)]
pub struct TurnServer {
    address: SocketAddr,
    _process: Child,
}

impl TurnServer {
    /// The user that may relay.
    pub const USERNAME: &'static str = "caller";
    /// That user's credential.
    pub const CREDENTIAL: &'static str = "not-a-secret";

    /// Starts a server on a free port of this machine's own address.
    ///
    /// # Panics
    /// When coturn is not installed or does not listen in time.
    pub async fn start() -> Self {
        let address = free_address();
        let user = format!("{}:{}", Self::USERNAME, Self::CREDENTIAL);
        let process = Command::new("turnserver")
            .args([
                "-n",
                "--no-cli",
                "--no-tls",
                "--no-dtls",
                "--lt-cred-mech",
                "--realm=test",
                "--log-file=stdout",
            ])
            .args(["--no-rfc5780", "--pidfile=/dev/null", "--userdb=/dev/null", "--simple-log"])
            .arg(format!("--listening-ip={}", address.ip()))
            .arg(format!("--relay-ip={}", address.ip()))
            .arg(format!("--listening-port={}", address.port()))
            .arg(format!("--user={user}"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Debian's package coturn is installed");
        let listening = async {
            while TcpStream::connect(address).await.is_err() {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(START_LIMIT, listening).await.expect("coturn listens in time");
        Self { address, _process: process }
    }

    /// Its URL as a STUN server.
    pub fn stun_url(&self) -> String {
        format!("stun:{}", self.address)
    }

    /// Its URL as a TURN server; `transport` is `udp` or `tcp`.
    pub fn turn_url(&self, transport: &str) -> String {
        format!("turn:{}?transport={transport}", self.address)
    }
}

/// A port that is free for UDP and TCP.
fn free_address() -> SocketAddr {
    let host = super::hostile::own_address();
    let free = (0..100).find_map(|_| {
        let listener = TcpListener::bind((host, 0)).ok()?;
        let address = listener.local_addr().ok()?;
        UdpSocket::bind(address).is_ok().then_some(address)
    });
    free.unwrap_or_else(|| SocketAddr::from((Ipv4Addr::LOCALHOST, 3478)))
}
