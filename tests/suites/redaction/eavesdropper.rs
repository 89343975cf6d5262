//! An eavesdropper on the connection, which finds the secrets in a session's descriptions.

use std::{
    collections::BTreeSet,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// All bytes that passed.
type Heard = Arc<Mutex<Vec<u8>>>;

/// A port that forwards to another, and the bytes that passed.
#[derive(Debug)]
pub(crate) struct Eavesdropper {
    port: u16,
    heard: Heard,
}

impl Eavesdropper {
    /// Listens in front of this address for the lifetime of the runtime.
    pub(crate) async fn start(bot: SocketAddr) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let heard = Heard::default();
        let keeper = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(listen(client, bot, Arc::clone(&keeper)));
            }
        });
        Self { port, heard }
    }

    /// The port for clients.
    pub(crate) const fn port(&self) -> u16 {
        self.port
    }

    /// The ICE user fragments and passwords of all descriptions, and the addresses of candidates
    /// except this machine's own.
    pub(crate) fn session_secrets(&self) -> Vec<String> {
        let heard = self.heard.lock().expect("nobody panics here");
        let text = String::from_utf8_lossy(&heard);
        let mut secrets = BTreeSet::new();
        for key in ["ice-ufrag:", "ice-pwd:"] {
            secrets.extend(values(&text, key).map(str::to_owned));
        }
        secrets.extend(values(&text, "candidate:").filter_map(address));
        secrets.into_iter().collect()
    }
}

/// The values after the key, up to the end of the line. Lines end in JSON's form of a line break.
fn values<'a>(text: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    text.split(key).skip(1).filter_map(|rest| rest.split(['\\', '"', '\r', '\n']).next())
}

/// The address of a candidate.
fn address(candidate: &str) -> Option<String> {
    let address = candidate.split(' ').nth(4)?;
    let parsed: IpAddr = address.parse().ok()?;
    (!parsed.is_loopback()).then(|| address.to_owned())
}

async fn listen(client: TcpStream, bot: SocketAddr, heard: Heard) {
    let Ok(server) = TcpStream::connect(bot).await else { return };
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::join!(relay(from_client, to_server, &heard), relay(from_server, to_client, &heard));
}

async fn relay(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin, heard: &Heard) {
    let mut buffer = vec![0; 16 * 1024];
    while let Ok(count @ 1..) = from.read(&mut buffer).await {
        let said = buffer.get(..count).unwrap_or_default();
        heard.lock().expect("nobody panics here").extend_from_slice(said);
        if to.write_all(said).await.is_err() {
            break;
        }
    }
    // The other side may have closed.
    let _ = to.shutdown().await;
}
