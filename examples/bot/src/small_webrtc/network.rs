//! The network of one peer connection: tokio's, with a gate for packets and an end for its tasks.
//!
//! Lets the bot fall silent like a machine whose cable is pulled, and die like one whose power is. Of WebRTC it knows who a
//! connectivity check is for: the crate may give up its role for a check of somebody else, and then no path is ever chosen.

use std::{
    fmt,
    future::Future,
    io::{self, IoSliceMut},
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, AtomicU8, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use rtc::stun::{
    attributes::ATTR_USERNAME,
    message::{BINDING_REQUEST, Message, is_stun_message},
};
use tokio::task::AbortHandle;
use webrtc::runtime::{
    AsyncInterval, AsyncTcpListener, AsyncTcpStream, AsyncUdpSocket, JoinHandle, RecvMeta, Runtime,
    TokioRuntime, Transmit,
};

/// How often, after packets came in, the crate is made to look again at what it has to send. Once ends its look for further packets;
/// the others let it send what came out of reading, and of reading that.
const LOOKS: u8 = 3;

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One peer connection's way to the outside. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Network {
    shut: Arc<AtomicBool>,
    /// The bot's ICE user name fragment, once there is one. Until then nobody can know it.
    ufrag: Arc<OnceLock<String>>,
    tasks: Arc<Mutex<Vec<AbortHandle>>>,
}

impl Network {
    /// From now on connectivity checks for this user name fragment come in. A renewed answer has the same.
    pub(crate) fn set_ufrag(&self, ufrag: &str) {
        self.ufrag.get_or_init(|| ufrag.to_owned());
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
        let socket = TokioRuntime.wrap_udp_socket(socket)?;
        let (shut, ufrag) = (Arc::clone(&self.shut), Arc::clone(&self.ufrag));
        Ok(Arc::new(GatedSocket { socket, shut, ufrag, looks: AtomicU8::new(0) }))
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
    ufrag: Arc<OnceLock<String>>,
    /// How often it still claims to have been interrupted.
    looks: AtomicU8,
}

impl GatedSocket {
    /// Nothing more came in. The crate sends before it reads and then waits, so that an answer that came out of reading stays until
    /// a timer ends the wait, after up to 200 ms. It takes an interruption for a reason to go round again.
    fn interrupt_or_wait(&self) -> Poll<io::Result<usize>> {
        let left =
            self.looks.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |looks| looks.checked_sub(1));
        match left {
            Ok(_) => Poll::Ready(Err(io::ErrorKind::Interrupted.into())),
            Err(_) => Poll::Pending,
        }
    }

    fn is_shut(&self) -> bool {
        self.shut.load(Ordering::Relaxed)
    }

    /// Whether what was received begins with a check for somebody else. Packets that come in at once are from one sender.
    fn is_foreign_check(&self, bufs: &[IoSliceMut<'_>], meta: &[RecvMeta]) -> bool {
        let (Some(buffer), Some(meta)) = (bufs.first(), meta.first()) else { return false };
        let first = buffer.get(..meta.len.min(meta.stride)).unwrap_or_default();
        is_foreign_check(first, self.ufrag.get().map(String::as_str))
    }
}

/// Whether the packet is a check, and not for the connection with this user name fragment (RFC 8445 §7.2.2: it comes first).
fn is_foreign_check(packet: &[u8], ours: Option<&str>) -> bool {
    let mut message = Message::new();
    if !is_stun_message(packet) || message.unmarshal_binary(packet).is_err() || message.typ != BINDING_REQUEST
    {
        return false;
    }
    let names = message.get(ATTR_USERNAME).unwrap_or_default();
    names.split(|byte| *byte == b':').next() != ours.map(str::as_bytes)
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
            let received = self.socket.poll_recv(cx, bufs, meta);
            match received {
                Poll::Pending => return self.interrupt_or_wait(),
                Poll::Ready(Ok(_)) if self.is_shut() || self.is_foreign_check(bufs, meta) => {}
                Poll::Ready(received) => {
                    self.looks.store(LOOKS, Ordering::Relaxed);
                    return Poll::Ready(received);
                }
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
    use rtc::stun::{message::TransactionId, textattrs::Username};

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
    async fn checks_for_somebody_else_do_not_arrive() {
        let network = Network::default();
        let socket = || std::net::UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let here = network.wrap_udp_socket(socket()).expect("a socket");
        let there = TokioRuntime.wrap_udp_socket(socket()).expect("a socket");
        let check = |names: &str| {
            let mut check = Message::new();
            let names = Username::new(ATTR_USERNAME, names.to_owned());
            check
                .build(&[Box::new(BINDING_REQUEST), Box::new(TransactionId::new()), Box::new(names)])
                .expect("a check");
            check.raw
        };
        let mut buffer = [0; 64];

        network.set_ufrag("us");
        for packet in [check("them:us"), check("us2:them"), check("us:them"), b"audio".to_vec()] {
            there.send_to(&packet, here.local_addr().expect("bound")).await.expect("sent");
        }
        for expected in [check("us:them").len(), 5] {
            assert_eq!(here.recv_from(&mut buffer).await.expect("received").0, expected);
        }
        assert!(is_foreign_check(&check("us:them"), None), "nobody can know a name that is not there yet");
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
