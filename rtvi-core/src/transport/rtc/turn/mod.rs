//! TURN servers over UDP, TCP and TLS, and why one does not relay.
//!
//! The crate `webrtc` speaks TURN, but over UDP only, and does not report why a server refuses.
//! Therefore it gets addresses that no network has. What it sends there goes through a link of ours,
//! which reads the server's answers.

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
pub(crate) use routes::Routes;
pub(crate) use socket::RelaySocket;
pub(crate) use url::TurnUrl;

/// How many servers of each kind are used; further ones are passed over and logged. Each costs time and packets, and browsers warn at
/// five.
const MOST_SERVERS: usize = 8;
/// How long the links live on after the peer connection's end, so that it can release its allocations.
const LINGER: Duration = Duration::from_millis(100);

/// The TURN servers of a peer connection. Its links end soon after it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    routes: Arc<Routes>,
    _links: DropGuard,
}

/// Why a server beyond [`MOST_SERVERS`] is passed over.
const TOO_MANY: &str = "is one more than are used";

/// A server to which there is to be a link.
type Planned = (TurnUrl, LinkEnds);

impl Turn {
    /// Starts links to the TURN servers among `servers`, and gives what the peer connection is to be told instead: it takes none of many
    /// servers when it can't use one. Nothing is sent before the peer connection sends something.
    ///
    /// Each link that fails is logged; when none is left, `lost` is called with the reasons. Must be called on a runtime.
    pub(crate) fn start(
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
    pub(crate) fn routes(&self) -> Arc<Routes> {
        Arc::clone(&self.routes)
    }
}

/// What there is to be a link to, and what the peer connection gets: STUN servers as they are. What can't be used is logged.
fn plan(servers: Vec<IceServer>, routes: &mut Routes) -> (Vec<Planned>, Vec<RTCIceServer>) {
    let (mut planned, mut told, mut stun) = (Vec::new(), Vec::new(), Vec::new());
    for IceServer { urls, username, credential } in servers {
        let has_password = !username.is_empty() && !credential.is_empty();
        if urls.is_empty() {
            log::warn!("an ICE server is passed over: it has no URL");
        }
        for text in urls {
            if !TurnUrl::is_meant(&text) {
                stun.extend(usable_stun(&text, stun.len()));
                continue;
            }
            let Some(url) = usable(&text, has_password, planned.len()) else { continue };
            let ends = routes.add();
            let urls = vec![format!("turn:{}?transport=udp", ends.address)];
            told.push(RTCIceServer { urls, username: username.clone(), credential: credential.clone() });
            planned.push((url, ends));
        }
    }
    if !stun.is_empty() {
        told.insert(0, RTCIceServer { urls: stun, ..RTCIceServer::default() });
    }
    (planned, told)
}

/// The URL of a TURN server that can be used; why another can't is logged.
fn usable(text: &str, has_password: bool, count: usize) -> Option<TurnUrl> {
    let why = match TurnUrl::parse(text) {
        Err(why) => why,
        Ok(_) if !has_password => "has no username or no credential",
        Ok(_) if count >= MOST_SERVERS => TOO_MANY,
        Ok(url) => return Some(url),
    };
    pass_over(text, why)
}

/// The URL of a STUN server that can be used; why another can't is logged.
fn usable_stun(text: &str, count: usize) -> Option<String> {
    match url::stun(text) {
        Err(why) => pass_over(text, why),
        Ok(_) if count >= MOST_SERVERS => pass_over(text, TOO_MANY),
        Ok(url) => Some(url),
    }
}

fn pass_over<T>(text: &str, why: &str) -> Option<T> {
    log::warn!("the ICE server '{}' is passed over: it {why}", address::shown_text(text).escape_debug());
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
                log::warn!(%error, "a TURN server can't be used");
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
