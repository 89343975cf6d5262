//! A name server of our own: it knows every name, and answers as the test requires.
//!
//! The system asks only the servers that `/etc/resolv.conf` names, and only on port 53. A cell that
//! needs this name server runs with another such file, which requires root; see [`prefix`].

use std::{
    fmt, fs,
    net::{Ipv4Addr, SocketAddr},
    process::Command,
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use tempfile::TempDir;
use tokio::{net::UdpSocket, sync::watch, time::sleep};

/// The environment variable with the address on which the name server listens.
const ADDRESS: &str = "RTVI_FAULTS_NAME_SERVER";
/// A name that only this name server knows.
pub(crate) const NAME: &str = "bot.local";
/// How long a slow answer takes.
const SLOW: Duration = Duration::from_secs(1);
/// How long the system waits for an answer, in seconds.
const PATIENCE: u32 = 4;
/// The largest question, in bytes (RFC 1035 §4.2.1).
const LARGEST: usize = 512;
/// The bytes before the question (RFC 1035 §4.1.1).
const HEADER: usize = 12;

/// Replaces the system's files by those of a folder, and then runs a program.
const REPLACE: &str = r#"for file in resolv.conf nsswitch.conf; do mount --bind "$0/$file" "/etc/$file" || exit; done; exec "$@""#;

/// The behaviour of a name server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    /// Answers 127.0.0.1 at once.
    Well,
    /// Answers 127.0.0.1 a second later.
    Slow,
    /// Does not answer.
    Silent,
    /// Answers that it failed (SERVFAIL).
    Failing,
    /// Answers that the name does not exist (NXDOMAIN).
    Ignorant,
}

impl fmt::Display for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Well => "working",
            Self::Slow => "slow (1 s)",
            Self::Silent => "silent",
            Self::Failing => "failing",
            Self::Ignorant => "without this name",
        })
    }
}

/// A running name server. It ends with its runtime.
#[derive(Debug)]
pub(crate) struct NameServer {
    does: watch::Sender<Names>,
}

impl NameServer {
    /// Starts the name server that this process was configured with, if any.
    pub(crate) async fn start() -> Option<Self> {
        let address = std::env::var(ADDRESS).ok()?;
        let socket =
            UdpSocket::bind((address.as_str(), 53)).await.expect("the address is free, and this is root");
        let (does, receiver) = watch::channel(Names::Well);
        tokio::spawn(serve(Arc::new(socket), receiver));
        Some(Self { does })
    }

    /// Sets the behaviour from now on.
    pub(crate) fn set(&self, names: Names) {
        self.does.send_replace(names);
    }
}

async fn serve(socket: Arc<UdpSocket>, does: watch::Receiver<Names>) {
    let mut question = [0; LARGEST];
    while let Ok((length, client)) = socket.recv_from(&mut question).await {
        let names = *does.borrow();
        let Some(answer) = question.get(..length).and_then(|question| answer(question, names)) else {
            continue;
        };
        tokio::spawn(reply(Arc::clone(&socket), client, answer, names));
    }
}

async fn reply(socket: Arc<UdpSocket>, client: SocketAddr, answer: Vec<u8>, names: Names) {
    if names == Names::Slow {
        sleep(SLOW).await;
    }
    // The client may be gone.
    let _ = socket.send_to(&answer, client).await;
}

/// The answer to a question, if there is one: 127.0.0.1 for IPv4 addresses, an empty answer for
/// everything else.
fn answer(question: &[u8], names: Names) -> Option<Vec<u8>> {
    let code = match names {
        Names::Well | Names::Slow => 0,
        Names::Failing => 2,
        Names::Ignorant => 3,
        Names::Silent => return None,
    };
    let id = question.get(..2)?;
    let rest = question.get(HEADER..)?;
    let name = rest.iter().position(|byte| *byte == 0)?;
    let asked = rest.get(..name + 5)?;
    let is_known = code == 0 && asked.ends_with(&[0, 1, 0, 1]);
    let mut answer = [id, &[0x81, 0x80 | code, 0, 1, 0, u8::from(is_known), 0, 0, 0, 0], asked].concat();
    if is_known {
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1]);
    }
    Some(answer)
}

/// A command for this program whose only name server is ours, at an address that no other cell
/// uses. Valid as long as the folder is kept.
pub(crate) fn command() -> (Command, TempDir) {
    static NEXT: AtomicU8 = AtomicU8::new(64);
    let [.., high, low] = std::process::id().to_be_bytes();
    let address = Ipv4Addr::new(127, NEXT.fetch_add(1, Ordering::Relaxed), high, low);
    let folder = TempDir::new().expect("there is room for a file");
    let resolver = format!("nameserver {address}\noptions timeout:{PATIENCE} attempts:1\nsearch .\n");
    for (name, text) in [("resolv.conf", resolver.as_str()), ("nsswitch.conf", "hosts: files dns\n")] {
        fs::write(folder.path().join(name), text).expect("there is room for a file");
    }
    let mut command = Command::new("unshare");
    command.args(["--mount", "sh", "-c", REPLACE]).arg(folder.path());
    command.arg(std::env::current_exe().expect("this program has a path")).env(ADDRESS, address.to_string());
    (command, folder)
}

/// Whether this machine allows it. It requires root, and a container may lack some of root's
/// rights.
pub(crate) fn can_be_had() -> bool {
    static CAN: LazyLock<bool> = LazyLock::new(|| {
        let (mut command, _folder) = command();
        command.arg("--list").output().is_ok_and(|output| output.status.success())
    });
    *CAN
}
