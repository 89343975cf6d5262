//! A gate before a bot's port: passes TCP connections on, or does to them what networks do.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{self, AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::sleep,
};

/// How long a byte takes that comes through slowly.
const SLOW_BYTE: Duration = Duration::from_secs(1);

/// How long the gate waits before it tries again to listen on its port.
const RETRY: Duration = Duration::from_millis(50);

/// What an HTTP server answers to everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This status.
    Status(u16),
    /// No HTTP at all.
    Garbage,
}

impl Answer {
    /// The bytes of it.
    fn bytes(self) -> Vec<u8> {
        match self {
            Self::Status(status) => {
                format!("HTTP/1.1 {status} So\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").into_bytes()
            }
            Self::Garbage => vec![0x5a; 4_096],
        }
    }
}

/// What the gate does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Passes everything on.
    Open,
    /// Has reset what was open; passes new connections on.
    Reset,
    /// Has ended what was open; passes new connections on.
    Cut,
    /// Holds back everything on what was open; passes new connections on.
    HalfOpen,
    /// Holds back everything.
    Dark,
    /// Has reset what was open; nobody listens.
    Refusing,
    /// Has reset what was open; gives new connections this answer.
    Answering(Answer),
    /// Passes one byte a second on to the client.
    Slow,
    /// Has said nonsense on what was open, and holds everything back there; passes new connections on.
    Garbled,
}

/// A running gate; closed when its runtime ends.
#[derive(Debug)]
pub struct Gate {
    mode: Arc<watch::Sender<Mode>>,
    address: SocketAddr,
}

impl Gate {
    /// A gate before this address, open, on a port of its own.
    ///
    /// # Panics
    /// When there is no free port.
    pub async fn start(bot: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let mode = Arc::new(watch::Sender::new(Mode::Open));
        tokio::spawn(accept(listener, bot, mode.subscribe()));
        Self { mode, address }
    }

    /// Where clients find it.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Does this from now on.
    pub fn set(&self, mode: Mode) {
        self.mode.send_replace(mode);
    }
}

async fn accept(mut listener: TcpListener, bot: SocketAddr, mut mode: watch::Receiver<Mode>) {
    let address = listener.local_addr().expect("it is bound");
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((client, _)) = accepted else { continue };
                connections.spawn(serve(client, bot, mode.clone()));
            }
            Some(_) = connections.join_next() => {}
            changed = mode.changed() => {
                if changed.is_err() {
                    return;
                }
                if *mode.borrow_and_update() == Mode::Refusing {
                    drop(listener);
                    if mode.wait_for(|mode| *mode != Mode::Refusing).await.is_err() {
                        return;
                    }
                    listener = listen_again(address).await;
                }
            }
        }
    }
}

/// Somebody may have had the port meanwhile, for a connection of their own.
async fn listen_again(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => sleep(RETRY).await,
        }
    }
}

/// One connection, from its beginning.
async fn serve(client: TcpStream, bot: SocketAddr, mut mode: watch::Receiver<Mode>) {
    let now = *mode.borrow_and_update();
    // The client may go whenever it has seen enough.
    let _ = match now {
        Mode::Answering(answer) => answer_all(client, answer).await,
        Mode::Dark => hold(client, mode).await,
        Mode::Slow => trickle(client, bot).await,
        _ => pass(client, bot, mode).await,
    };
}

async fn trickle(client: TcpStream, bot: SocketAddr) -> io::Result<()> {
    pass_slowly(client, TcpStream::connect(bot).await?).await
}

async fn pass(mut client: TcpStream, bot: SocketAddr, mut mode: watch::Receiver<Mode>) -> io::Result<()> {
    let mut server = TcpStream::connect(bot).await?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    tokio::select! {
        passed = copy_bidirectional(&mut client, &mut server) => return passed.map(drop),
        _ = mode.changed() => {}
    }
    let now = *mode.borrow_and_update();
    match now {
        Mode::Open | Mode::Cut => client.shutdown().await,
        Mode::Slow => pass_slowly(client, server).await,
        Mode::Garbled => garble(client, mode).await,
        Mode::HalfOpen | Mode::Dark => hold(client, mode).await,
        Mode::Reset | Mode::Refusing | Mode::Answering(_) => client.set_zero_linger(),
    }
}

/// Keeps it open and does nothing, until it is to be ended or reset.
async fn hold(mut client: TcpStream, mut mode: watch::Receiver<Mode>) -> io::Result<()> {
    let ends = |mode: &Mode| !matches!(mode, Mode::HalfOpen | Mode::Dark | Mode::Slow | Mode::Garbled);
    let now = mode.wait_for(ends).await.map(|mode| *mode);
    match now {
        Ok(Mode::Open | Mode::Cut) => client.shutdown().await,
        _ => client.set_zero_linger(),
    }
}

async fn garble(mut client: TcpStream, mode: watch::Receiver<Mode>) -> io::Result<()> {
    client.write_all(&Answer::Garbage.bytes()).await?;
    hold(client, mode).await
}

/// Reads what the client says and lets byte after byte of the server through.
async fn pass_slowly(client: TcpStream, server: TcpStream) -> io::Result<()> {
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let up = async { io::copy(&mut from_client, &mut to_server).await.map(drop) };
    let down = async {
        loop {
            let byte = from_server.read_u8().await?;
            to_client.write_u8(byte).await?;
            sleep(SLOW_BYTE).await;
        }
    };
    tokio::select! {
        ended = up => ended,
        ended = down => ended,
    }
}

async fn answer_all(mut client: TcpStream, answer: Answer) -> io::Result<()> {
    let mut request = [0; 4_096];
    let _ = client.read(&mut request).await?;
    client.write_all(&answer.bytes()).await?;
    client.shutdown().await?;
    io::copy(&mut client, &mut io::sink()).await.map(drop)
}
