//! Opening a WebSocket connection: name look-up, TCP, TLS, upgrade. Each stage says in its errors what failed.
//!
//! Has no deadline of its own: the client's deadline for opening a transport drops the future.

use http::{Request, Response};
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
        http::{Details, Secrets, refusal},
        stream::{self, Wire},
        tls::TlsOptions,
    },
};

use super::{
    metered::{Meter, Metered},
    target::Target,
};

/// The largest message that is accepted, in bytes; the connection ends with a protocol error at a larger one.
pub(super) const MAX_INCOMING: usize = 4 * 1024 * 1024;
/// How much is read from the socket at once, and written at once, in bytes: small, for many calls in a process.
const BUFFER: usize = 16 * 1024;

/// An open connection.
#[derive(Debug)]
pub(super) struct Socket<S = Box<dyn Wire>> {
    pub(super) stream: WebSocketStream<S>,
    /// When bytes last passed on the wire.
    pub(super) meter: Meter,
}

/// Opens a connection to `target`.
pub(super) async fn open(target: &Target, tls: &TlsOptions) -> Result<Socket, Error> {
    open_stages(target, tls).await.map_err(|error| error.in_phase(Phase::TransportOpen))
}

/// Opens a connection to `target` over a stream that is made by `connecting`.
#[cfg(feature = "testing")]
pub(super) async fn open_over(
    target: &Target,
    connecting: impl Future<Output = std::io::Result<Box<dyn Wire>>>,
) -> Result<Socket, Error> {
    let upgraded = async {
        let wire = connecting.await.map_err(|cause| out_of_reach(target, &cause))?;
        let (wire, meter) = Metered::new(wire);
        upgrade(target, Box::new(wire), meter).await
    };
    upgraded.await.map_err(|error| error.in_phase(Phase::TransportOpen))
}

async fn open_stages(target: &Target, tls: &TlsOptions) -> Result<Socket, Error> {
    let host = target.url.host().ok_or_else(|| failed(target, "has no host name"))?;
    let port = target.url.port_or_known_default().unwrap_or_default();
    let addresses = stream::look_up(&host, port).await?;
    let tcp = stream::connect(addresses).await.map_err(|cause| out_of_reach(target, &cause))?;
    open_on(target, &host, tls, tcp).await
}

/// Opens a connection over a wire to the server: with TLS if the URL wants it, and the upgrade.
pub(super) async fn open_on(
    target: &Target,
    host: &Host<&str>,
    tls: &TlsOptions,
    wire: impl Wire + 'static,
) -> Result<Socket, Error> {
    let (wire, meter) = Metered::new(wire);
    let wire = match target.url.scheme() {
        "wss" => stream::secure(host, &target.server(), tls, wire).await?,
        _ => Box::new(wire),
    };
    upgrade(target, wire, meter).await
}

fn out_of_reach(target: &Target, cause: &std::io::Error) -> Error {
    failed(target, &format!("can't be reached: {cause}"))
}

fn failed(target: &Target, what: &str) -> Error {
    Error::new(ErrorKind::ConnectionFailed, format!("{} {what}", target.server()))
}

async fn upgrade(target: &Target, wire: Box<dyn Wire>, meter: Meter) -> Result<Socket, Error> {
    let request = upgrade_request(target)?;
    match client_async_with_config(request, wire, Some(socket_config())).await {
        Ok((stream, _response)) => Ok(Socket { stream, meter }),
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
        SocketError::Http(response) => refused(target, &response),
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

fn refused(target: &Target, response: &Response<Option<Vec<u8>>>) -> Error {
    let body = response.body().as_deref().unwrap_or_default();
    let secrets = Secrets::of(&target.url, &target.headers);
    let said = refusal(response.status(), body, &secrets);
    let shown = target.shown();
    let text = format!("{shown} did not open a WebSocket but answered {said}");
    let error = Error::new(ErrorKind::ConnectionFailed, text).with_status(response.status().as_u16());
    Details::read(response.headers(), body, &secrets).add_to(error)
}
