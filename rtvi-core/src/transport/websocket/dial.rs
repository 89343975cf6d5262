//! Opening a WebSocket connection: name look-up, TCP, TLS, upgrade. Each stage says in its errors what failed.
//!
//! Has no deadline of its own: the client's deadline for opening a transport drops the future.

use std::{io, net::SocketAddr, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use http::{Request, Response};
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::sleep,
};
use tokio_rustls::TlsConnector;
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
        http::refusal,
        tls::{self, TlsOptions},
    },
};

use super::{metered::Metered, target::Target};

/// The largest message that is accepted, in bytes; the connection ends with a protocol error at a larger one.
pub(super) const MAX_INCOMING: usize = 4 * 1024 * 1024;
/// How much is read from the socket at once, and written at once, in bytes: small, for many calls in a process.
const BUFFER: usize = 16 * 1024;
/// How long an address may take to answer until the next one is tried besides it (RFC 8305 §5).
const NEXT_ADDRESS: Duration = Duration::from_millis(250);

/// A connection of any kind.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Wire for S {}

/// An open connection.
pub(super) type Socket = WebSocketStream<Metered<Box<dyn Wire>>>;

/// Opens a connection to `target`.
pub(super) async fn open(target: &Target, tls: &TlsOptions) -> Result<Socket, Error> {
    open_stages(target, tls).await.map_err(|error| error.in_phase(Phase::TransportOpen))
}

async fn open_stages(target: &Target, tls: &TlsOptions) -> Result<Socket, Error> {
    let addresses = look_up(target).await?;
    let tcp = connect_any(addresses)
        .await
        .map_err(|cause| failed(target, &format!("can't be reached: {cause}")))?;
    tcp.set_nodelay(true).map_err(|cause| failed(target, &format!("can't be reached: {cause}")))?;
    let wire = if target.url.scheme() == "wss" { secure(target, tls, tcp).await? } else { Box::new(tcp) };
    upgrade(target, Metered::new(wire)).await
}

fn failed(target: &Target, what: &str) -> Error {
    Error::new(ErrorKind::ConnectionFailed, format!("{} {what}", target.server()))
}

async fn look_up(target: &Target) -> Result<Vec<SocketAddr>, Error> {
    let port = target.url.port_or_known_default().unwrap_or_default();
    let name = match target.url.host() {
        Some(Host::Ipv4(address)) => return Ok(vec![(address, port).into()]),
        Some(Host::Ipv6(address)) => return Ok(vec![(address, port).into()]),
        Some(Host::Domain(name)) => name,
        None => return Err(failed(target, "has no host name")),
    };
    let not_found = |cause: String| {
        Error::new(ErrorKind::ConnectionFailed, format!("the host name '{name}' was not found: {cause}"))
    };
    let addresses: Vec<_> =
        lookup_host((name, port)).await.map_err(|cause| not_found(cause.to_string()))?.collect();
    if addresses.is_empty() { Err(not_found("it has no address".to_owned())) } else { Ok(addresses) }
}

/// Tries the addresses in order, the next one as soon as one fails or does not answer soon; the first to answer wins.
async fn connect_any(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let mut waiting = addresses.into_iter();
    let mut attempts = FuturesUnordered::new();
    let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
    loop {
        attempts.extend(waiting.next().map(TcpStream::connect));
        let more = waiting.len() > 0;
        tokio::select! {
            attempt = attempts.next() => match attempt {
                Some(Ok(stream)) => return Ok(stream),
                Some(Err(cause)) => failure = cause,
                None => return Err(failure),
            },
            () = sleep(NEXT_ADDRESS), if more => {}
        }
    }
}

async fn secure(target: &Target, tls: &TlsOptions, tcp: TcpStream) -> Result<Box<dyn Wire>, Error> {
    let server = target.server();
    let host = target.url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let name = ServerName::try_from(host).map_err(|_| {
        Error::new(ErrorKind::Tls, format!("{server} is not a name that a certificate can hold"))
    })?;
    let connector = TlsConnector::from(tls.client_config().await?);
    match connector.connect(name, tcp).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(cause) => Err(tls::explain_io(&server, &cause).unwrap_or_else(|| {
            Error::new(ErrorKind::Tls, format!("no secure connection to {server}: it broke off: {cause}"))
        })),
    }
}

async fn upgrade(target: &Target, wire: Metered<Box<dyn Wire>>) -> Result<Socket, Error> {
    let request = upgrade_request(target)?;
    match client_async_with_config(request, wire, Some(socket_config())).await {
        Ok((socket, _response)) => Ok(socket),
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

fn upgrade_request(target: &Target) -> Result<Request<()>, Error> {
    let request = target.url.as_str().into_client_request();
    let mut request = request.map_err(|_| {
        Error::new(ErrorKind::InvalidTransportParams, format!("{} can't be requested", target.shown()))
    })?;
    request.headers_mut().extend(target.headers.clone());
    Ok(request)
}

fn upgrade_error(target: &Target, cause: SocketError) -> Error {
    let shown = target.shown();
    let error = |what: String| Error::new(ErrorKind::ConnectionFailed, format!("{shown} {what}"));
    match cause {
        SocketError::Http(response) => refused(&shown, &response),
        SocketError::Io(cause) => error(format!("broke off the WebSocket handshake: {cause}")),
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

fn refused(shown: &str, response: &Response<Option<Vec<u8>>>) -> Error {
    let body = response.body().as_deref().unwrap_or_default();
    let said = refusal(response.status(), body);
    let text = format!("{shown} did not open a WebSocket but answered {said}");
    Error::new(ErrorKind::ConnectionFailed, text).with_status(response.status().as_u16())
}
