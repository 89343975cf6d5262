//! A gate in front of a bot's port: it forwards TCP connections, or disturbs them as networks do.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    io::{self, AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinSet,
    time::sleep,
};

/// The time per byte in slow mode.
const SLOW_BYTE: Duration = Duration::from_secs(1);

/// How long the gate waits before it retries to listen on its port.
const RETRY: Duration = Duration::from_millis(50);

/// What an HTTP server answers to every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// This status.
    Status(u16),
    /// Something that is not HTTP.
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

/// The gate's mode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Forwards everything.
    Open,
    /// Has reset the open connections; forwards new ones.
    Reset,
    /// Has ended the open connections; forwards new ones.
    Cut,
    /// Blocks the open connections; forwards new ones.
    HalfOpen,
    /// Blocks everything.
    Dark,
    /// Has reset the open connections; nobody listens.
    Refusing,
    /// Has reset the open connections; gives new ones this answer.
    Answering(Answer),
    /// Forwards one byte a second to the client.
    Slow,
    /// Has sent garbage on the open connections and blocks them; forwards new ones.
    Garbled,
}

/// A running gate; it closes when its runtime ends.
#[derive(Debug)]
pub struct Gate {
    mode: Arc<watch::Sender<Mode>>,
    address: SocketAddr,
}

impl Gate {
    /// Creates an open gate in front of this address, on its own port.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn start(bot: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let mode = Arc::new(watch::Sender::new(Mode::Open));
        tokio::spawn(accept(listener, bot, mode.subscribe()));
        Self { mode, address }
    }

    /// The address for clients.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes the mode from now on.
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

/// Another program may have used the port for a connection meanwhile.
async fn listen_again(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address).await {
            Ok(listener) => return listener,
            Err(_) => sleep(RETRY).await,
        }
    }
}

/// Handles one connection from its start.
async fn serve(client: TcpStream, bot: SocketAddr, mut mode: watch::Receiver<Mode>) {
    let now = *mode.borrow_and_update();
    // The client may close whenever it has seen enough.
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

/// Keeps the connection open without forwarding, until it is to be ended or reset.
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

/// Reads the client's data and forwards the server's data byte by byte.
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
