//! UDP sockets with as much as the system offers.
//!
//! The crate's own sockets move many datagrams at once, and need options that not every system has
//! (Wine, for example, lacks some of Windows'). Where one is missing, a plain socket takes their
//! place. Must never wait.

use std::{
    io::{self, IoSliceMut},
    net::SocketAddr,
    sync::Arc,
    task::{Context, Poll, ready},
};

use tokio::{io::ReadBuf, net::UdpSocket};
use webrtc::runtime::{AsyncUdpSocket, RecvMeta, Runtime, TokioRuntime, Transmit};

use crate::log;

/// How Windows reports a datagram that is longer than the buffer.
const TOO_LONG: i32 = 10_040;

/// Opens a bound socket for a peer connection. Must run on Tokio's runtime.
///
/// # Errors
/// If the system takes neither kind of socket.
pub fn open_udp(socket: std::net::UdpSocket) -> io::Result<Arc<dyn AsyncUdpSocket>> {
    open_with(socket, |socket| TokioRuntime.wrap_udp_socket(socket))
}

fn open_with(
    socket: std::net::UdpSocket,
    batched: impl FnOnce(std::net::UdpSocket) -> io::Result<Arc<dyn AsyncUdpSocket>>,
) -> io::Result<Arc<dyn AsyncUdpSocket>> {
    let plain = socket.try_clone();
    batched(socket).or_else(|cause| {
        log::debug!(%cause, "a plain UDP socket is used: the system lacks an option of others");
        Ok(Arc::new(PlainSocket::new(plain?)?))
    })
}

/// A UDP socket that moves one datagram at a time.
#[derive(Debug)]
struct PlainSocket(UdpSocket);

impl PlainSocket {
    fn new(socket: std::net::UdpSocket) -> io::Result<Self> {
        socket.set_nonblocking(true)?;
        UdpSocket::from_std(socket).map(Self)
    }
}

impl AsyncUdpSocket for PlainSocket {
    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }

    fn poll_send(&self, cx: &mut Context<'_>, transmit: &Transmit<'_>) -> Poll<io::Result<usize>> {
        self.0.poll_send_to(cx, transmit.contents, transmit.destination)
    }

    fn poll_recv(
        &self,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
        meta: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        let (Some(buffer), Some(meta)) = (bufs.first_mut(), meta.first_mut()) else {
            return Poll::Ready(Ok(0));
        };
        let mut buffer = ReadBuf::new(buffer);
        let from = ready!(self.0.poll_recv_from(cx, &mut buffer)).map_err(transient)?;
        let length = buffer.filled().len();
        *meta = RecvMeta::default();
        (meta.addr, meta.len, meta.stride) = (from, length, length.max(1));
        Poll::Ready(Ok(1))
    }
}

/// A datagram that is too long costs that datagram only. The crate goes on after an interruption.
fn transient(error: io::Error) -> io::Error {
    if error.raw_os_error() == Some(TOO_LONG) { io::ErrorKind::Interrupted.into() } else { error }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bound() -> std::net::UdpSocket {
        std::net::UdpSocket::bind("127.0.0.1:0").unwrap()
    }

    fn plain() -> Arc<dyn AsyncUdpSocket> {
        open_with(bound(), |_| Err(io::Error::from_raw_os_error(10_045))).unwrap()
    }

    #[tokio::test]
    async fn a_system_without_an_option_gets_plain_sockets() {
        let (here, there) = (plain(), open_udp(bound()).unwrap());
        assert_eq!(here.max_gso_segments(), 1);
        let mut buffer = [0; 64];
        for text in [&b"one"[..], b"", b"three"] {
            here.send_to(text, there.local_addr().unwrap()).await.unwrap();
            assert_eq!(there.recv_from(&mut buffer).await.unwrap().0, text.len());
            there.send_to(text, here.local_addr().unwrap()).await.unwrap();
            let (length, from) = here.recv_from(&mut buffer).await.unwrap();
            assert_eq!((&buffer[..length], from), (text, there.local_addr().unwrap()));
        }
    }

    #[test]
    fn a_datagram_that_is_too_long_ends_nothing() {
        let kind = |code| transient(io::Error::from_raw_os_error(code)).kind();
        assert_eq!(kind(TOO_LONG), io::ErrorKind::Interrupted);
        assert_eq!(transient(io::ErrorKind::NotFound.into()).kind(), io::ErrorKind::NotFound);
    }
}
