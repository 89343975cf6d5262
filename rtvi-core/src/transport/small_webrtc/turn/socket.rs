//! The runtime of a peer connection with TURN servers: Tokio's, with sockets that send packets for the servers to their links.
//!
//! The crate `webrtc` speaks to TURN servers over its UDP sockets and knows no other way. Here is where it meets ours.

use std::{
    future::Future,
    io::{self, IoSliceMut},
    net::{SocketAddr, TcpListener, UdpSocket},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use tokio::sync::mpsc;
use webrtc::runtime::{
    AsyncInterval, AsyncTcpListener, AsyncTcpStream, AsyncUdpSocket, JoinHandle, RecvMeta, Runtime,
    TokioRuntime, Transmit,
};

use super::routes::{Packet, Routes, Sent};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Tokio with the routes to TURN servers.
#[derive(Debug)]
pub(super) struct RelayRuntime {
    tokio: TokioRuntime,
    routes: Arc<Routes>,
}

impl RelayRuntime {
    pub(super) const fn new(routes: Arc<Routes>) -> Self {
        Self { tokio: TokioRuntime, routes }
    }
}

impl Runtime for RelayRuntime {
    fn spawn(&self, future: Boxed<'static, ()>) -> Box<dyn JoinHandle> {
        self.tokio.spawn(future)
    }

    fn spawn_reactor(&self, pool: usize, future: Boxed<'static, ()>) -> Box<dyn JoinHandle> {
        self.tokio.spawn_reactor(pool, future)
    }

    fn wrap_udp_socket(&self, socket: UdpSocket) -> io::Result<Arc<dyn AsyncUdpSocket>> {
        let socket = self.tokio.wrap_udp_socket(socket)?;
        Ok(Arc::new(RelaySocket::new(socket, Arc::clone(&self.routes))))
    }

    fn wrap_tcp_listener(&self, listener: TcpListener) -> io::Result<Arc<dyn AsyncTcpListener>> {
        self.tokio.wrap_tcp_listener(listener)
    }

    fn connect_tcp(&self, to: SocketAddr) -> Boxed<'_, io::Result<Arc<dyn AsyncTcpStream>>> {
        self.tokio.connect_tcp(to)
    }

    fn resolve_host<'a>(&'a self, host: &'a str) -> Boxed<'a, io::Result<Vec<SocketAddr>>> {
        self.tokio.resolve_host(host)
    }

    fn now(&self) -> Instant {
        self.tokio.now()
    }

    fn sleep(&self, duration: Duration) -> Boxed<'static, ()> {
        self.tokio.sleep(duration)
    }

    fn interval(&self, period: Duration) -> Box<dyn AsyncInterval> {
        self.tokio.interval(period)
    }

    fn block_on(&self, future: Pin<Box<dyn Future<Output = ()> + '_>>) {
        self.tokio.block_on(future);
    }

    fn yield_now(&self) -> Boxed<'static, ()> {
        self.tokio.yield_now()
    }

    fn name(&self) -> &'static str {
        "tokio with relays"
    }
}

/// A UDP socket that also has the packets of TURN servers.
#[derive(Debug)]
struct RelaySocket {
    udp: Arc<dyn AsyncUdpSocket>,
    routes: Arc<Routes>,
    /// Names this socket to the routes.
    sender: mpsc::Sender<Packet>,
    packets: Mutex<mpsc::Receiver<Packet>>,
}

impl RelaySocket {
    fn new(udp: Arc<dyn AsyncUdpSocket>, routes: Arc<Routes>) -> Self {
        let (sender, packets) = Routes::socket();
        Self { udp, routes, sender, packets: Mutex::new(packets) }
    }

    fn poll_packet(&self, cx: &mut Context<'_>) -> Poll<Option<Packet>> {
        self.packets.lock().unwrap_or_else(PoisonError::into_inner).poll_recv(cx)
    }
}

impl Drop for RelaySocket {
    fn drop(&mut self) {
        self.routes.release(&self.sender);
    }
}

impl AsyncUdpSocket for RelaySocket {
    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.udp.local_addr()
    }

    fn poll_send(&self, cx: &mut Context<'_>, transmit: &Transmit<'_>) -> Poll<io::Result<usize>> {
        // Packets for TURN servers come one at a time: the crate puts only those for other peers together.
        match self.routes.send(&self.sender, transmit.destination, transmit.contents) {
            Sent::Taken => Poll::Ready(Ok(transmit.contents.len())),
            Sent::Occupied => Poll::Ready(Err(io::ErrorKind::AddrInUse.into())),
            Sent::Elsewhere => self.udp.poll_send(cx, transmit),
        }
    }

    fn poll_recv(
        &self,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
        meta: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        if let Poll::Ready(Some((address, contents))) = self.poll_packet(cx) {
            let (Some(buf), Some(meta)) = (bufs.first_mut(), meta.first_mut()) else {
                return Poll::Ready(Ok(0));
            };
            let length = contents.len().min(buf.len());
            buf.iter_mut().zip(contents).for_each(|(place, byte)| *place = byte);
            *meta = RecvMeta::default();
            (meta.addr, meta.len, meta.stride) = (address, length, length.max(1));
            return Poll::Ready(Ok(1));
        }
        self.udp.poll_recv(cx, bufs, meta)
    }

    fn max_gso_segments(&self) -> usize {
        self.udp.max_gso_segments()
    }

    fn max_gro_segments(&self) -> usize {
        self.udp.max_gro_segments()
    }
}
