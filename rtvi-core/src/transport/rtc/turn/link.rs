//! The link to one TURN server: packets of the peer connection over UDP, TCP or TLS, and the server's back.
//!
//! Uses Tokio's network. Never understands more of a packet than its length and whether the server relays.

use std::{
    convert::Infallible,
    future::pending,
    net::SocketAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    sync::mpsc,
    time::{sleep, timeout},
};

use crate::{
    error::{Error, ErrorKind},
    transport::TlsOptions,
};

use super::{
    carrier::{self, Broken, Input, Output},
    routes::{Inbox, LinkEnds},
    url::TurnUrl,
    watch::{Refusal, Watch},
};

/// How long the server may take to accept a connection, and again to say that it relays.
const LIMIT: Duration = Duration::from_secs(5);

/// Why a link has ended.
#[derive(Debug)]
enum End {
    /// The server can't be reached, by name: the whole message.
    Unreachable(Error),
    /// The server has not answered for [`LIMIT`].
    Silent,
    Refused(Refusal),
    Broken(Broken),
}

/// Connects when the peer connection first sends something, and carries packets until the peer connection is gone.
///
/// # Errors
/// Why the server does not relay, or no longer. Names the server.
pub(super) async fn run(url: &TurnUrl, tls: &TlsOptions, ends: LinkEnds) -> Result<(), Error> {
    carry(url, tls, ends).await.map_err(|end| end.explain(url))
}

async fn carry(url: &TurnUrl, tls: &TlsOptions, ends: LinkEnds) -> Result<(), End> {
    let LinkEnds { address, mut outgoing, inbox } = ends;
    let Some(first) = outgoing.recv().await else { return Ok(()) };
    let opened = timeout(LIMIT, carrier::open(url, tls)).await.map_err(|_| End::Silent)?;
    let (input, output) = opened.map_err(End::Unreachable)?;
    let watch = Mutex::new(Watch::default());
    tokio::select! {
        sent = send(first, &mut outgoing, output, &watch) => sent,
        Err(end) = receive(input, address, &inbox, &watch) => Err(end),
        () = too_late(&watch) => Err(End::Silent),
    }
}

async fn send(
    first: Bytes,
    outgoing: &mut mpsc::Receiver<Bytes>,
    mut output: Output,
    watch: &Mutex<Watch>,
) -> Result<(), End> {
    let mut next = Some(first);
    while let Some(packet) = next {
        lock(watch).sent(&packet);
        output.send(&packet).await.map_err(End::Broken)?;
        next = outgoing.recv().await;
    }
    Ok(())
}

async fn receive(
    mut input: Input,
    address: SocketAddr,
    inbox: &Inbox,
    watch: &Mutex<Watch>,
) -> Result<Infallible, End> {
    loop {
        let packet = input.receive().await.map_err(End::Broken)?;
        let refusal = lock(watch).received(&packet);
        inbox.deliver((address, packet));
        if let Some(refusal) = refusal {
            return Err(End::Refused(refusal));
        }
    }
}

/// Waits until the server should have said that it relays; for ever when it has.
async fn too_late(watch: &Mutex<Watch>) {
    sleep(LIMIT).await;
    if lock(watch).allocated {
        pending().await
    }
}

fn lock(watch: &Mutex<Watch>) -> MutexGuard<'_, Watch> {
    watch.lock().unwrap_or_else(PoisonError::into_inner)
}

impl End {
    fn explain(self, url: &TurnUrl) -> Error {
        let failed =
            |what: &str| Error::new(ErrorKind::ConnectionFailed, format!("the TURN server {url} {what}"));
        match self {
            Self::Unreachable(error) => Error::new(
                error.kind(),
                format!("the TURN server {url} can't be reached: {}", error.message()),
            ),
            Self::Silent => failed("can't be reached: it does not answer"),
            Self::Refused(refusal) => failed(&format!("refuses to relay: {refusal}")),
            Self::Broken(Broken::Io(cause)) => failed(&format!("is gone: {cause}")),
            Self::Broken(Broken::Closed) => failed("is gone: it closed the connection"),
            Self::Broken(Broken::Malformed(what)) => {
                Error::new(ErrorKind::Protocol, format!("the TURN server {url} does not speak TURN: {what}"))
            }
        }
    }
}
