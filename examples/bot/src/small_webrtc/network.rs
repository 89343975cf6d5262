//! The network of one peer connection: tokio's, with a gate for packets and an end for its tasks.
//!
//! Lets the bot fall silent like a machine whose cable is pulled, and die like one whose power is.
//! What else the crate must not get, the client's own filter keeps from it.

use std::{
    fmt,
    future::Future,
    io::{self, IoSliceMut},
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use rtvi_core::transport::rtc::{
    filter::{FilteredSocket, PacketFilter},
    udp,
};
use tokio::task::AbortHandle;
use webrtc::runtime::{
    AsyncInterval, AsyncTcpListener, AsyncTcpStream, AsyncUdpSocket, JoinHandle, RecvMeta, Runtime,
    TokioRuntime, Transmit,
};

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One peer connection's way to the outside. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Network {
    shut: Arc<AtomicBool>,
    filter: Arc<PacketFilter>,
    tasks: Arc<Mutex<Vec<AbortHandle>>>,
}

impl Network {
    /// Sets the bot's ICE user name fragment; see [`PacketFilter::set_ufrag`].
    pub(crate) fn set_ufrag(&self, ufrag: &str) {
        self.filter.set_ufrag(ufrag);
    }

    /// Ends an ICE restart; see [`PacketFilter::forget_former_ufrag`].
    pub(crate) fn forget_former_ufrag(&self) {
        self.filter.forget_former_ufrag();
    }

    /// From now on no packet comes in or goes out, and nobody notices.
    pub(crate) fn shut(&self) {
        self.shut.store(true, Ordering::Relaxed);
    }

    /// Ends the connection's tasks and with them its sockets, without another packet.
    pub(crate) fn end(&self) {
        self.shut();
        self.tasks().drain(..).for_each(|task| task.abort());
    }

    fn tasks(&self) -> std::sync::MutexGuard<'_, Vec<AbortHandle>> {
        self.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Network").field("shut", &self.shut).finish_non_exhaustive()
    }
}

impl Runtime for Network {
    fn spawn(&self, future: Boxed<'static, ()>) -> Box<dyn JoinHandle> {
        let task = tokio::spawn(future);
        let mut tasks = self.tasks();
        tasks.retain(|task| !task.is_finished());
        tasks.push(task.abort_handle());
        Box::new(Task(task))
    }

    fn wrap_udp_socket(&self, socket: std::net::UdpSocket) -> io::Result<Arc<dyn AsyncUdpSocket>> {
        let socket = udp::open_udp(socket)?;
        let socket = Arc::new(GatedSocket { socket, shut: Arc::clone(&self.shut) });
        Ok(Arc::new(FilteredSocket::new(socket, Arc::clone(&self.filter))))
    }

    fn wrap_tcp_listener(&self, listener: std::net::TcpListener) -> io::Result<Arc<dyn AsyncTcpListener>> {
        TokioRuntime.wrap_tcp_listener(listener)
    }

    fn connect_tcp<'a>(&'a self, remote: SocketAddr) -> Boxed<'a, io::Result<Arc<dyn AsyncTcpStream>>> {
        TokioRuntime.connect_tcp(remote)
    }

    fn resolve_host<'a>(&'a self, host: &'a str) -> Boxed<'a, io::Result<Vec<SocketAddr>>> {
        TokioRuntime.resolve_host(host)
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

    fn name(&self) -> &'static str {
        "tokio, gated"
    }
}

struct Task(tokio::task::JoinHandle<()>);

impl JoinHandle for Task {
    fn detach(&self) {}

    fn abort(&self) {
        self.0.abort();
    }

    fn is_finished(&self) -> bool {
        self.0.is_finished()
    }
}

#[derive(Debug)]
struct GatedSocket {
    socket: Arc<dyn AsyncUdpSocket>,
    shut: Arc<AtomicBool>,
}

impl GatedSocket {
    fn is_shut(&self) -> bool {
        self.shut.load(Ordering::Relaxed)
    }
}

impl AsyncUdpSocket for GatedSocket {
    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    fn poll_send(&self, cx: &mut Context<'_>, transmit: &Transmit<'_>) -> Poll<io::Result<usize>> {
        if self.is_shut() {
            return Poll::Ready(Ok(transmit.contents.len()));
        }
        self.socket.poll_send(cx, transmit)
    }

    /// The crate never asks for more than one buffer.
    fn poll_recv(
        &self,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
        meta: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        loop {
            match self.socket.poll_recv(cx, bufs, meta) {
                Poll::Ready(Ok(_)) if self.is_shut() => {}
                received => return received,
            }
        }
    }

    fn max_gso_segments(&self) -> usize {
        self.socket.max_gso_segments()
    }

    fn max_gro_segments(&self) -> usize {
        self.socket.max_gro_segments()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_shut_network_swallows_packets_both_ways() {
        let network = Network::default();
        let socket = || std::net::UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let one = network.wrap_udp_socket(socket()).expect("a socket");
        let other = TokioRuntime.wrap_udp_socket(socket()).expect("a socket");
        let (here, there) = (one.local_addr().expect("bound"), other.local_addr().expect("bound"));
        let mut buffer = [0; 16];
        let wait = Duration::from_millis(50);

        one.send_to(b"hello", there).await.expect("sent");
        assert_eq!(other.recv_from(&mut buffer).await.expect("received"), (5, here));
        network.shut();
        one.send_to(b"hello", there).await.expect("taken for sent");
        assert!(tokio::time::timeout(wait, other.recv_from(&mut buffer)).await.is_err());
        other.send_to(b"hello", here).await.expect("sent");
        assert!(tokio::time::timeout(wait, one.recv_from(&mut buffer)).await.is_err());
    }

    #[tokio::test]
    async fn the_end_stops_what_runs() {
        let network = Network::default();
        let task = network.spawn(Box::pin(std::future::pending()));
        network.end();
        while !task.is_finished() {
            tokio::task::yield_now().await;
        }
    }
}
