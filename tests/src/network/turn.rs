//! coturn, as a STUN and TURN server on this machine, over UDP, TCP and TLS.
//!
//! Depends on Debian's package `coturn`. Must never keep a file or a process behind.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, UdpSocket},
    process::Stdio,
    time::Duration,
};

use rcgen::CertifiedKey;
use tempfile::TempDir;
use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::{sleep, timeout},
};

/// How long the server may take to listen.
const START_LIMIT: Duration = Duration::from_secs(20);

/// How long to wait for one answer, and between two questions.
const ROUND: Duration = Duration::from_millis(50);

/// A STUN Binding request without attributes (RFC 8489, section 5).
const BINDING: [u8; 20] = [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/// The names of the files in its directory.
const CERTIFICATE: &str = "certificate.pem";
const KEY: &str = "key.pem";

/// A running TURN server, killed when dropped.
#[derive(Debug)]
pub struct TurnServer {
    address: SocketAddr,
    certificate: Vec<u8>,
    process: Child,
    _files: TempDir,
}

impl TurnServer {
    /// The user name for relaying.
    pub const USERNAME: &'static str = "caller";
    /// That user's credential.
    pub const CREDENTIAL: &'static str = "not-a-secret";

    /// Starts a server on a free port of this machine's own address.
    ///
    /// # Panics
    /// If coturn is not installed or does not listen in time.
    pub async fn start() -> Self {
        let address = free_address();
        let (certificate, files) = certificate(address);
        let process = command(address, &files)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("Debian's package coturn is installed");
        let listening = async {
            while TcpStream::connect(address).await.is_err() || !answers_by_udp(address).await {
                sleep(ROUND).await;
            }
        };
        timeout(START_LIMIT, listening).await.expect("coturn listens in time");
        Self { address, certificate, process, _files: files }
    }

    /// Its URL as a STUN server.
    pub fn stun_url(&self) -> String {
        format!("stun:{}", self.address)
    }

    /// Kills it as a crash would.
    ///
    /// # Panics
    /// If it can't be killed.
    pub async fn kill(&mut self) {
        self.process.kill().await.expect("it can be killed");
    }

    /// Its URL as a TURN server over TLS.
    pub fn secure_url(&self) -> String {
        format!("turns:{}?transport=tcp", self.address)
    }

    /// The certificate that a client must trust, in DER form.
    pub fn certificate(&self) -> &[u8] {
        &self.certificate
    }

    /// Its URL as a TURN server; `transport` is `udp` or `tcp`.
    pub fn turn_url(&self, transport: &str) -> String {
        format!("turn:{}?transport={transport}", self.address)
    }
}

/// Whether a STUN server answers at this address. coturn listens to TCP before it listens to UDP.
async fn answers_by_udp(address: SocketAddr) -> bool {
    let socket = tokio::net::UdpSocket::bind((address.ip(), 0)).await.expect("there is a free port");
    let asked = socket.connect(address).await.is_ok() && socket.send(&BINDING).await.is_ok();
    asked && timeout(ROUND, socket.recv(&mut [0; 256])).await.is_ok_and(|answer| answer.is_ok())
}

/// A self-signed certificate for the server's address, and the directory with the certificate and
/// its key as PEM files.
fn certificate(address: SocketAddr) -> (Vec<u8>, TempDir) {
    let names = [address.ip().to_string()];
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(names).expect("the address is a valid name");
    let files = tempfile::tempdir().expect("there is room for files");
    std::fs::write(files.path().join(CERTIFICATE), cert.pem()).expect("the certificate is written");
    std::fs::write(files.path().join(KEY), signing_key.serialize_pem()).expect("the key is written");
    (cert.der().to_vec(), files)
}

fn command(address: SocketAddr, files: &TempDir) -> Command {
    let mut command = Command::new("turnserver");
    command
        .args(["-n", "--no-cli", "--no-dtls", "--lt-cred-mech", "--realm=test", "--log-file=stdout"])
        .args(["--no-rfc5780", "--pidfile=/dev/null", "--userdb=/dev/null", "--simple-log"])
        .arg(format!("--listening-ip={}", address.ip()))
        .arg(format!("--relay-ip={}", address.ip()))
        .arg(format!("--listening-port={}", address.port()))
        // One port for all protocols: coturn recognizes TLS by the first byte.
        .arg(format!("--tls-listening-port={}", address.port()))
        .arg(format!("--cert={}", files.path().join(CERTIFICATE).display()))
        .arg(format!("--pkey={}", files.path().join(KEY).display()))
        .arg(format!("--user={}:{}", TurnServer::USERNAME, TurnServer::CREDENTIAL));
    command
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
