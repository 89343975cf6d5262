//! What carries packets to a TURN server: UDP, TCP or TLS, each as a stream of whole packets.
//!
//! Has no deadline of its own: whoever waits drops the future.

use std::{
    io,
    net::{Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use bytes::{Bytes, BytesMut};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, ReadHalf, WriteHalf, split},
    net::UdpSocket,
};

use crate::{
    error::{Error, ErrorKind},
    log,
    transport::{
        TlsOptions,
        stream::{self, Wire},
    },
};

use super::{
    framing::{self, LARGEST, Malformed},
    url::{Carrier, TurnUrl},
};

/// As many zeros as padding can need.
const ZEROS: [u8; 4] = [0; 4];

/// Why no more packets can be carried.
#[derive(Debug)]
pub(super) enum Broken {
    Closed,
    Io(io::Error),
    Malformed(Malformed),
}

/// Where packets come from.
pub(super) enum Input {
    Datagrams { socket: Arc<UdpSocket>, buffer: Box<[u8]> },
    Stream { read: ReadHalf<Box<dyn Wire>>, buffer: BytesMut },
}

/// Where packets go.
pub(super) enum Output {
    Datagrams(Arc<UdpSocket>),
    Stream(WriteHalf<Box<dyn Wire>>),
}

/// Opens the way to the server.
pub(super) async fn open(url: &TurnUrl, tls: &TlsOptions) -> Result<(Input, Output), Error> {
    let host = url.host();
    let addresses = stream::look_up(&host, url.port).await?;
    let failed = |cause: io::Error| Error::new(ErrorKind::ConnectionFailed, cause.to_string());
    if url.carrier == Carrier::Udp {
        let socket = Arc::new(datagrams(addresses).await.map_err(failed)?);
        let input = Input::Datagrams { socket: Arc::clone(&socket), buffer: vec![0; LARGEST].into() };
        return Ok((input, Output::Datagrams(socket)));
    }
    let tcp = stream::connect(addresses).await.map_err(failed)?;
    let wire: Box<dyn Wire> = match url.carrier {
        Carrier::Tls => stream::secure(&host, &format!("{}:{}", url.host, url.port), tls, tcp).await?,
        _ => Box::new(tcp),
    };
    let (read, write) = split(wire);
    Ok((Input::Stream { read, buffer: BytesMut::new() }, Output::Stream(write)))
}

/// A socket for the first of the addresses that there is a route to.
async fn datagrams(addresses: Vec<SocketAddr>) -> io::Result<UdpSocket> {
    let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
    for address in addresses {
        let any: SocketAddr = match address {
            SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
            SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
        };
        let socket = UdpSocket::bind(any).await?;
        match socket.connect(address).await {
            Ok(()) => return Ok(socket),
            Err(cause) => failure = cause,
        }
    }
    Err(failure)
}

impl Input {
    /// The next packet. Loses none when the future is dropped.
    pub(super) async fn receive(&mut self) -> Result<Bytes, Broken> {
        match self {
            Self::Datagrams { socket, buffer } => loop {
                match socket.recv(buffer).await {
                    Ok(length) => return Ok(buffer.iter().take(length).copied().collect()),
                    Err(cause) => tolerate(cause)?,
                }
            },
            Self::Stream { read, buffer } => loop {
                if let Some(packet) = framing::take(buffer).map_err(Broken::Malformed)? {
                    return Ok(packet);
                }
                if read.read_buf(buffer).await.map_err(Broken::Io)? == 0 {
                    return Err(Broken::Closed);
                }
            },
        }
    }
}

impl Output {
    /// Sends a packet; what is none is dropped.
    pub(super) async fn send(&mut self, packet: &[u8]) -> Result<(), Broken> {
        match self {
            Self::Datagrams(socket) => match socket.send(packet).await {
                Ok(_) => Ok(()),
                Err(cause) => tolerate(cause),
            },
            Self::Stream(write) => match framing::padding(packet).and_then(|length| ZEROS.get(..length)) {
                Some(zeros) => write_all(write, packet, zeros).await.map_err(Broken::Io),
                None => Ok(()),
            },
        }
    }
}

async fn write_all(write: &mut WriteHalf<Box<dyn Wire>>, packet: &[u8], zeros: &[u8]) -> io::Result<()> {
    let whole = [packet, zeros].concat();
    write.write_all(&whole).await?;
    write.flush().await
}

/// A server whose port is closed is gone; anything else may heal, as a lost route does.
fn tolerate(cause: io::Error) -> Result<(), Broken> {
    if matches!(cause.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionReset) {
        return Err(Broken::Io(cause));
    }
    log::debug!(%cause, "a packet to or from a TURN server is lost");
    Ok(())
}
