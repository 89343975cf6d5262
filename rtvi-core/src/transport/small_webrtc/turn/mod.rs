//! TURN servers over UDP, TCP and TLS, and why one does not relay.
//!
//! The crate `webrtc` speaks TURN, but over UDP only, and keeps to itself why a server refuses. So it is told addresses that
//! no network has; what it sends there goes through a link of ours, which looks on.

mod carrier;
mod framing;
#[cfg(feature = "testing")]
pub mod fuzzing;
mod link;
mod routes;
mod socket;
mod url;
mod watch;

use std::{sync::Arc, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::time::sleep;
use tokio_util::sync::{CancellationToken, DropGuard};
use webrtc::peer_connection::RTCIceServer;

use crate::{
    error::{Error, ErrorKind},
    log,
    transport::{TlsOptions, address},
};

use super::IceServer;
use routes::LinkEnds;
pub(super) use routes::Routes;
pub(super) use socket::RelaySocket;
pub(super) use url::TurnUrl;

/// How many TURN servers are used; further ones are passed over and logged. Each costs a connection, and browsers warn at five.
const MOST_SERVERS: usize = 8;
/// How long the links live on after the peer connection's end, for its goodbye to the servers.
const LINGER: Duration = Duration::from_millis(100);

/// The TURN servers of a peer connection. Its links end soon after it is dropped.
#[derive(Debug)]
pub(super) struct Turn {
    routes: Arc<Routes>,
    _links: DropGuard,
}

/// A server to which there is to be a link.
type Planned = (TurnUrl, LinkEnds);

impl Turn {
    /// Starts links to the TURN servers among `servers`, and gives what the peer connection is to be told instead. Nothing is
    /// sent before the peer connection sends something.
    ///
    /// Each link that fails is logged; when none is left, `lost` is called with the reasons. Must be called on a runtime.
    pub(super) fn start(
        servers: Vec<IceServer>,
        tls: &TlsOptions,
        lost: impl FnOnce(Error) + Send + 'static,
    ) -> (Option<Self>, Vec<RTCIceServer>) {
        let mut routes = Routes::default();
        let (planned, told) = plan(servers, &mut routes);
        if planned.is_empty() {
            return (None, told);
        }
        let cancel = CancellationToken::new();
        tokio::spawn(run(planned, tls.clone(), cancel.clone(), lost));
        (Some(Self { routes: Arc::new(routes), _links: cancel.drop_guard() }), told)
    }

    /// The ways to the servers, which the peer connection's sockets must take.
    pub(super) fn routes(&self) -> Arc<Routes> {
        Arc::clone(&self.routes)
    }
}

/// What there is to be a link to, and what the peer connection is told: other servers as they are.
fn plan(servers: Vec<IceServer>, routes: &mut Routes) -> (Vec<Planned>, Vec<RTCIceServer>) {
    let (mut planned, mut told) = (Vec::new(), Vec::new());
    for IceServer { urls, username, credential } in servers {
        let (turn, others): (Vec<_>, Vec<_>) = urls.into_iter().partition(|url| TurnUrl::is_meant(url));
        told.push(RTCIceServer { urls: others, username: username.clone(), credential: credential.clone() });
        for text in turn {
            let has_password = !username.is_empty() && !credential.is_empty();
            let Some(url) = usable(&text, has_password, planned.len()) else { continue };
            let ends = routes.add();
            let urls = vec![format!("turn:{}?transport=udp", ends.address)];
            told.push(RTCIceServer { urls, username: username.clone(), credential: credential.clone() });
            planned.push((url, ends));
        }
    }
    told.retain(|server| !server.urls.is_empty());
    (planned, told)
}

/// The URL of a server that can be used; why another can't is logged.
fn usable(text: &str, has_password: bool, count: usize) -> Option<TurnUrl> {
    let why = match TurnUrl::parse(text) {
        Err(why) => why,
        Ok(_) if !has_password => "has no username or no credential",
        Ok(_) if count >= MOST_SERVERS => "is one more than are used",
        Ok(url) => return Some(url),
    };
    log::warning!("the TURN server '{}' is passed over: it {why}", address::shown_text(text));
    None
}

/// Runs the links until all have failed or, a little after `cancel`, to their end.
async fn run(
    planned: Vec<Planned>,
    tls: TlsOptions,
    cancel: CancellationToken,
    lost: impl FnOnce(Error) + Send,
) {
    let mut links: FuturesUnordered<_> =
        planned.into_iter().map(|(url, ends)| link(url, tls.clone(), ends)).collect();
    let mut failures = Vec::new();
    let all = async {
        while let Some(end) = links.next().await {
            if let Err(error) = end {
                log::warning!(%error, "a TURN server can't be used");
                failures.push(error);
            }
        }
    };
    let end = async {
        cancel.cancelled().await;
        sleep(LINGER).await;
    };
    tokio::select! {
        () = all => {}
        () = end => return,
    }
    if let Some(error) = together(&failures).filter(|_| !cancel.is_cancelled()) {
        lost(error);
    }
}

async fn link(url: TurnUrl, tls: TlsOptions, ends: LinkEnds) -> Result<(), Error> {
    link::run(&url, &tls, ends).await
}

/// All the reasons in one error; `None` when there is none.
fn together(failures: &[Error]) -> Option<Error> {
    let kind = match failures {
        [] => return None,
        [only] => only.kind(),
        _ => ErrorKind::ConnectionFailed,
    };
    let messages: Vec<&str> = failures.iter().map(Error::message).collect();
    Some(Error::new(kind, messages.join("; ")))
}

#[cfg(test)]
mod tests;
