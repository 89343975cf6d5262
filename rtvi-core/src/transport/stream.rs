//! Connections over TCP and TLS to a host given by name or address. The errors of each stage say
//! what failed.
//!
//! Has no deadline of its own: the caller drops the future.

use std::{io, net::SocketAddr, time::Duration};

use futures_util::{StreamExt, stream::FuturesUnordered};
use rustls::pki_types::ServerName;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpStream, lookup_host},
    time::sleep,
};
use tokio_rustls::TlsConnector;
use url::Host;

use crate::error::{Error, ErrorKind};

use super::tls::{self, TlsOptions};

/// How long to wait for an address before also trying the next one (RFC 8305 §5).
const NEXT_ADDRESS: Duration = Duration::from_millis(250);

/// A connection of any kind.
pub(super) trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Wire for S {}

/// The addresses of a host, at least one.
pub(super) async fn look_up(host: &Host<&str>, port: u16) -> Result<Vec<SocketAddr>, Error> {
    let name = match *host {
        Host::Ipv4(address) => return Ok(vec![(address, port).into()]),
        Host::Ipv6(address) => return Ok(vec![(address, port).into()]),
        Host::Domain(name) => name,
    };
    let not_found = |cause: String| {
        Error::new(ErrorKind::ConnectionFailed, format!("the host name '{name}' was not found: {cause}"))
    };
    let addresses: Vec<_> =
        lookup_host((name, port)).await.map_err(|cause| not_found(cause.to_string()))?.collect();
    if addresses.is_empty() { Err(not_found("it has no address".to_owned())) } else { Ok(addresses) }
}

/// Connects to the first address that answers, and turns off the delay of small packets.
pub(super) async fn connect(addresses: Vec<SocketAddr>) -> io::Result<TcpStream> {
    let tcp = connect_any(addresses).await?;
    tcp.set_nodelay(true)?;
    Ok(tcp)
}

/// Tries the addresses in order. Tries the next one as soon as one fails or does not answer soon.
/// The first to answer wins.
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

/// Secures a connection to `host` with TLS; `server` is its name in errors.
pub(super) async fn secure(
    host: &Host<&str>,
    server: &str,
    tls: &TlsOptions,
    wire: impl Wire + 'static,
) -> Result<Box<dyn Wire>, Error> {
    let name = match *host {
        Host::Ipv4(address) => Ok(ServerName::from(std::net::IpAddr::from(address))),
        Host::Ipv6(address) => Ok(ServerName::from(std::net::IpAddr::from(address))),
        Host::Domain(name) => ServerName::try_from(name.to_owned()),
    };
    let name = name.map_err(|_| {
        Error::new(ErrorKind::Tls, format!("{server} is not a name that a certificate can contain"))
    })?;
    let connector = TlsConnector::from(tls.client_config().await?);
    match connector.connect(name, wire).await {
        Ok(stream) => Ok(Box::new(stream)),
        Err(cause) => Err(tls::explain_io(server, &cause).unwrap_or_else(|| {
            // The certificate is not at fault; a retry may succeed.
            let text = format!("no secure connection to {server}: the handshake was cut off: {cause}");
            Error::new(ErrorKind::ConnectionFailed, text)
        })),
    }
}
