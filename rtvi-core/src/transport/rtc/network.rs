//! The network of one peer connection: Tokio's sockets behind a packet filter, with routes to TURN
//! servers and ICE over TCP.
//!
//! Depends on [`super::udp`], [`super::filter`], [`super::turn`] and [`super::tcp`]. Must never wait.

use std::{
    future::Future,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    time::{Duration, Instant},
};

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use webrtc::runtime::{
    AsyncInterval, AsyncTcpListener, AsyncTcpStream, AsyncUdpSocket, JoinHandle, Runtime, TokioRuntime,
};

use crate::log;

use super::{
    filter::{FilteredSocket, PacketFilter},
    tcp::{ClosedPort, FramedStream},
    turn::{RelaySocket, Routes},
    udp,
};

/// The time limit for resolving the name of a STUN server, which blocks the crate's driver.
const RESOLVE_LIMIT: Duration = Duration::from_millis(500);

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The network of one peer connection.
#[derive(Debug)]
pub(super) struct Network {
    filter: Arc<PacketFilter>,
    turn: Option<Arc<Routes>>,
    closed: CancellationToken,
}

impl Network {
    /// Creates a network behind a filter, with the routes to TURN servers, if there are any. It
    /// connects to nothing once `closed` is cancelled.
    pub(super) const fn new(
        filter: Arc<PacketFilter>,
        turn: Option<Arc<Routes>>,
        closed: CancellationToken,
    ) -> Self {
        Self { filter, turn, closed }
    }
}

impl Runtime for Network {
    fn spawn(&self, future: Boxed<'static, ()>) -> Box<dyn JoinHandle> {
        TokioRuntime.spawn(future)
    }

    fn wrap_udp_socket(&self, socket: std::net::UdpSocket) -> io::Result<Arc<dyn AsyncUdpSocket>> {
        let mut socket = udp::open_udp(socket)?;
        if let Some(turn) = &self.turn {
            socket = Arc::new(RelaySocket::new(socket, Arc::clone(turn)));
        }
        Ok(Arc::new(FilteredSocket::new(socket, Arc::clone(&self.filter))))
    }

    fn wrap_tcp_listener(&self, listener: std::net::TcpListener) -> io::Result<Arc<dyn AsyncTcpListener>> {
        Ok(Arc::new(ClosedPort(listener.local_addr()?)))
    }

    fn connect_tcp<'a>(&'a self, remote: SocketAddr) -> Boxed<'a, io::Result<Arc<dyn AsyncTcpStream>>> {
        let connecting = FramedStream::connect(remote, Arc::clone(&self.filter));
        Box::pin(async move {
            tokio::select! {
                biased;
                () = self.closed.cancelled() => Err(io::ErrorKind::ConnectionAborted.into()),
                stream = connecting => stream,
            }
        })
    }

    fn resolve_host<'a>(&'a self, host: &'a str) -> Boxed<'a, io::Result<Vec<SocketAddr>>> {
        Box::pin(async move {
            let found = timeout(RESOLVE_LIMIT, TokioRuntime.resolve_host(host)).await;
            let found = found.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
            if let Err(error) = &found {
                log::warn!(%error, "the STUN server '{host}' is passed over: its name can't be resolved");
            }
            found
        })
    }

    fn now(&self) -> Instant {
        TokioRuntime.now()
    }

    fn sleep(&self, duration: Duration) -> Boxed<'static, ()> {
        TokioRuntime.sleep(duration)
    }

    fn interval(&self, period: Duration) -> Box<dyn AsyncInterval> {
        TokioRuntime.interval(period)
    }

    fn block_on(&self, future: Pin<Box<dyn Future<Output = ()> + '_>>) {
        TokioRuntime.block_on(future);
    }

    fn yield_now(&self) -> Boxed<'static, ()> {
        TokioRuntime.yield_now()
    }

    fn name(&self) -> &'static str {
        "tokio, filtered"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_on_which_the_crate_wants_to_listen_is_closed() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let port =
            Network::new(Arc::default(), None, CancellationToken::new()).wrap_tcp_listener(listener).unwrap();
        assert_eq!(port.local_addr().unwrap(), address);
        let refused = tokio::net::TcpStream::connect(address).await.unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
    }

    #[tokio::test(start_paused = true)]
    async fn a_closed_peer_connects_to_nothing() {
        let closed = CancellationToken::new();
        let network = Network::new(Arc::default(), None, closed.clone());
        let address = SocketAddr::from(([127, 0, 0, 1], 9));
        let (connected, ()) = tokio::join!(network.connect_tcp(address), async { closed.cancel() });
        assert_eq!(connected.unwrap_err().kind(), io::ErrorKind::ConnectionAborted);
    }
}
