//! Opens a WebSocket connection: name look-up, TCP, TLS and upgrade, repeated for each redirect.
//! The errors of each stage say what failed.
//!
//! Has no deadline of its own: the client's deadline for opening a transport drops the future.

use http::{HeaderMap, Method, Request, Response};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        Error as SocketError, client::IntoClientRequest, error::ProtocolError, protocol::WebSocketConfig,
    },
};
use url::Host;

use crate::{
    error::{Error, ErrorKind, Phase},
    transport::{
        Cookies,
        http::{Details, Secrets, redirect, refusal, unpack_tail},
        stream::{self, Wire},
        tls::TlsOptions,
    },
};

use super::{
    metered::{Meter, Metered},
    target::Target,
};

/// The largest message that is accepted, in bytes. A larger message ends the connection with a
/// protocol error.
pub(super) const MAX_INCOMING: usize = 4 * 1024 * 1024;
/// The size of one read or write on the socket, in bytes: small, because a process may have many
/// calls.
const BUFFER: usize = 16 * 1024;

/// An open connection.
#[derive(Debug)]
pub(in crate::transport) struct Socket<S = Box<dyn Wire>> {
    pub(in crate::transport) stream: WebSocketStream<S>,
    /// The times when bytes last passed on the wire.
    pub(super) meter: Meter,
}

/// The outcome of an upgrade.
pub(super) enum Upgrade {
    Open(Socket),
    /// The server redirected elsewhere.
    Redirected(redirect::Next),
}

/// Opens a connection to `target`, or to the target of its redirects.
pub(in crate::transport) async fn open(
    target: &Target,
    tls: &TlsOptions,
    cookies: &Cookies,
) -> Result<Socket, Error> {
    follow(target.clone(), tls, cookies).await.map_err(|error| error.in_phase(Phase::TransportOpen))
}

/// Opens a connection to `target` over a stream that `connecting` creates.
#[cfg(feature = "testing")]
pub(super) async fn open_over(
    target: &Target,
    cookies: &Cookies,
    connecting: impl Future<Output = std::io::Result<Box<dyn Wire>>>,
) -> Result<Socket, Error> {
    let upgraded = async {
        let wire = connecting.await.map_err(|cause| out_of_reach(target, &cause))?;
        let (wire, meter) = Metered::new(wire);
        match upgrade(target, cookies, Box::new(wire), meter).await? {
            Upgrade::Open(socket) => Ok(socket),
            Upgrade::Redirected(_) => Err(failed(target, "redirected, but there is only one stream")),
        }
    };
    upgraded.await.map_err(|error| error.in_phase(Phase::TransportOpen))
}

async fn follow(mut target: Target, tls: &TlsOptions, cookies: &Cookies) -> Result<Socket, Error> {
    for _ in 0..=redirect::MAX_REDIRECTS {
        tls.permit(&target.url)?;
        match open_stages(&target, tls, cookies).await? {
            Upgrade::Open(socket) => return Ok(socket),
            Upgrade::Redirected(next) => target = target.redirected(next),
        }
    }
    let (shown, most) = (target.shown(), redirect::MAX_REDIRECTS);
    let text = format!("{shown} and others redirected more than {most} times");
    Err(Error::new(ErrorKind::ConnectionFailed, text))
}

async fn open_stages(target: &Target, tls: &TlsOptions, cookies: &Cookies) -> Result<Upgrade, Error> {
    let host = target.url.host().ok_or_else(|| failed(target, "has no host name"))?;
    let port = target.url.port_or_known_default().unwrap_or_default();
    let addresses = stream::look_up(&host, port).await?;
    let tcp = stream::connect(addresses).await.map_err(|cause| out_of_reach(target, &cause))?;
    open_on(target, &host, tls, cookies, tcp).await
}

/// Opens a connection over a wire to the server: TLS if the URL requires it, and the upgrade.
pub(super) async fn open_on(
    target: &Target,
    host: &Host<&str>,
    tls: &TlsOptions,
    cookies: &Cookies,
    wire: impl Wire + 'static,
) -> Result<Upgrade, Error> {
    let (wire, meter) = Metered::new(wire);
    let wire = match target.url.scheme() {
        "wss" => stream::secure(host, &target.server(), tls, wire).await?,
        _ => Box::new(wire),
    };
    upgrade(target, cookies, wire, meter).await
}

fn out_of_reach(target: &Target, cause: &std::io::Error) -> Error {
    failed(target, &format!("can't be reached: {cause}"))
}

fn failed(target: &Target, what: &str) -> Error {
    Error::new(ErrorKind::ConnectionFailed, format!("{} {what}", target.server()))
}

async fn upgrade(
    target: &Target,
    cookies: &Cookies,
    wire: Box<dyn Wire>,
    meter: Meter,
) -> Result<Upgrade, Error> {
    let mut headers = target.headers.clone();
    cookies.add_to(&target.url, &mut headers);
    let request = upgrade_request(target, &headers)?;
    match client_async_with_config(request, wire, Some(socket_config())).await {
        Ok((stream, response)) => {
            cookies.keep(&target.url, response.headers());
            Ok(Upgrade::Open(Socket { stream, meter }))
        }
        Err(SocketError::Http(response)) => {
            cookies.keep(&target.url, response.headers());
            answered(target, &headers, *response)
        }
        Err(cause) => Err(upgrade_error(target, cause)),
    }
}

/// The limits and buffer sizes of a connection.
pub(super) fn socket_config() -> WebSocketConfig {
    WebSocketConfig::default()
        .read_buffer_size(BUFFER)
        .write_buffer_size(BUFFER)
        .max_message_size(Some(MAX_INCOMING))
        .max_frame_size(Some(MAX_INCOMING))
}

fn upgrade_request(target: &Target, headers: &HeaderMap) -> Result<Request<()>, Error> {
    let request = target.url.as_str().into_client_request();
    let mut request = request.map_err(|_| {
        Error::new(ErrorKind::InvalidTransportParams, format!("{} can't be requested", target.shown()))
    })?;
    request.headers_mut().extend(headers.clone());
    Ok(request)
}

fn upgrade_error(target: &Target, cause: SocketError) -> Error {
    let shown = target.shown();
    let error = |what: String| Error::new(ErrorKind::ConnectionFailed, format!("{shown} {what}"));
    match cause {
        SocketError::Io(cause) => error(format!("aborted the WebSocket handshake: {cause}")),
        SocketError::Protocol(ProtocolError::HandshakeIncomplete) => {
            error("closed the connection during the WebSocket handshake".to_owned())
        }
        SocketError::Protocol(ProtocolError::HttparseError(_)) => {
            error("does not speak HTTP (is it wss:// or https://?)".to_owned())
        }
        SocketError::AttackAttempt | SocketError::Capacity(_) => {
            error("sent too much during the WebSocket handshake".to_owned())
        }
        other => error(format!("does not speak WebSocket: {other}")),
    }
}

/// The error for an answer that opens no WebSocket.
fn answered(
    target: &Target,
    headers: &HeaderMap,
    response: Response<Option<Vec<u8>>>,
) -> Result<Upgrade, Error> {
    let (head, body) = response.into_parts();
    let secrets = Secrets::of(&target.url, headers);
    let error = |what: String| {
        let text = format!("{} {what}", target.shown());
        Error::new(ErrorKind::ConnectionFailed, text).with_status(head.status.as_u16())
    };
    match redirect::next(&target.url, &Method::GET, head.status, &head.headers) {
        Some(Ok(next)) => Ok(Upgrade::Redirected(next)),
        Some(Err(text)) => Err(error(secrets.excerpt(&text))),
        None => {
            let body = unpack_tail(&head.headers, body.unwrap_or_default());
            let said = refusal(head.status, &body, &secrets);
            let error = error(format!("did not open a WebSocket but answered {said}"));
            Err(Details::read(&head.headers, &body, &secrets).add_to(error))
        }
    }
}
