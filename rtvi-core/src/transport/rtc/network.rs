//! The network of one peer connection: tokio's, with the ways to TURN servers, and without the datagrams that lock up a DTLS handshake or
//! the choice of a path. It notes the alert with which a handshake fails.
//!
//! Depends on [`super::turn`] for the ways, and on [`super::filter`] for which datagrams those are. Passes everything
//! else on as it is, and must never wait.

use std::{
    future::Future,
    io::{self, IoSliceMut},
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU8, AtomicU16, Ordering},
    },
    task::{Context, Poll},
    time::{Duration, Instant},
};

use tokio::{sync::mpsc, time::timeout};
use webrtc::runtime::{
    AsyncInterval, AsyncTcpListener, AsyncTcpStream, AsyncUdpSocket, JoinHandle, RecvMeta, Runtime,
    TokioRuntime, Transmit,
};

use crate::log;

use super::{
    filter::{
        check,
        handshake::{self, Alert, RepeatedHello},
    },
    peer::event::PeerEvent,
    turn::{RelaySocket, Routes},
};

/// How often, after packets came in, the crate is made to look again at what it has to send. Once ends its look for further packets;
/// the others let it send what came out of reading, and of reading that.
const LOOKS: u8 = 3;

/// How long the name of a STUN server may take to be resolved. The crate's driver does nothing else meanwhile.
const RESOLVE_LIMIT: Duration = Duration::from_millis(500);
/// There was no alert of the server; a larger number than any alert has.
const NO_ALERT: u16 = u16::MAX;

/// Our ICE user name fragment, once there is an offer. Until then nobody can know it.
pub(super) type Ufrag = Arc<OnceLock<String>>;

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// One peer connection's way to the outside.
#[derive(Debug)]
pub(super) struct Network {
    ufrag: Ufrag,
    hellos: Arc<Mutex<RepeatedHello>>,
    reports: mpsc::Sender<PeerEvent>,
    turn: Option<Arc<Routes>>,
}

impl Network {
    /// A network with the ways to TURN servers, if there are any. It reports to the connection actor when the DTLS handshake fails.
    pub(super) fn new(ufrag: Ufrag, reports: mpsc::Sender<PeerEvent>, turn: Option<Arc<Routes>>) -> Self {
        Self { ufrag, hellos: Arc::default(), reports, turn }
    }
}

impl Runtime for Network {
    fn spawn(&self, future: Boxed<'static, ()>) -> Box<dyn JoinHandle> {
        TokioRuntime.spawn(future)
    }

    fn wrap_udp_socket(&self, socket: std::net::UdpSocket) -> io::Result<Arc<dyn AsyncUdpSocket>> {
        let mut socket = TokioRuntime.wrap_udp_socket(socket)?;
        if let Some(turn) = &self.turn {
            socket = Arc::new(RelaySocket::new(socket, Arc::clone(turn)));
        }
        let (ufrag, hellos) = (Arc::clone(&self.ufrag), Arc::clone(&self.hellos));
        let (reports, looks) = (self.reports.clone(), AtomicU8::new(0));
        Ok(Arc::new(FilteredSocket {
            socket,
            ufrag,
            hellos,
            reports,
            alert: AtomicU16::new(NO_ALERT),
            looks,
        }))
    }

    fn wrap_tcp_listener(&self, listener: std::net::TcpListener) -> io::Result<Arc<dyn AsyncTcpListener>> {
        TokioRuntime.wrap_tcp_listener(listener)
    }

    fn connect_tcp<'a>(&'a self, remote: SocketAddr) -> Boxed<'a, io::Result<Arc<dyn AsyncTcpStream>>> {
        TokioRuntime.connect_tcp(remote)
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

#[derive(Debug)]
struct FilteredSocket {
    socket: Arc<dyn AsyncUdpSocket>,
    ufrag: Ufrag,
    hellos: Arc<Mutex<RepeatedHello>>,
    reports: mpsc::Sender<PeerEvent>,
    /// The last alert that came in.
    alert: AtomicU16,
    /// How often it still claims to have been interrupted.
    looks: AtomicU8,
}

impl FilteredSocket {
    /// Nothing more came in. The crate's driver sends before it reads and then waits, so that an answer that came out of reading (of
    /// DTLS, of SCTP) stays until a timer ends the wait, after up to 200 ms. It takes an interruption for a reason to go round again.
    fn interrupt_or_wait(&self) -> Poll<io::Result<usize>> {
        let left =
            self.looks.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |looks| looks.checked_sub(1));
        match left {
            Ok(_) => Poll::Ready(Err(io::ErrorKind::Interrupted.into())),
            Err(_) => Poll::Pending,
        }
    }

    /// Takes repeated hellos and checks of somebody else out of what was received: `meta` says how many bytes there are, in datagrams of
    /// `stride` bytes.
    fn filter(&self, buffer: &mut [u8], meta: &mut RecvMeta) {
        let ours = self.ufrag.get().map(String::as_str);
        let mut hellos = self.hellos.lock().unwrap_or_else(PoisonError::into_inner);
        let mut harms = |datagram: &[u8]| {
            if let Some(description) = handshake::fatal_alert(datagram) {
                self.alert.store(u16::from(description), Ordering::Relaxed);
            }
            hellos.is_repeat(datagram) || check::is_foreign(datagram, ours)
        };
        let (received, mut kept) = (meta.len.min(buffer.len()), 0);
        for start in (0..received).step_by(meta.stride.max(1)) {
            let end = received.min(start + meta.stride.max(1));
            if !buffer.get(start..end).is_some_and(&mut harms) {
                buffer.copy_within(start..end, kept);
                kept += end - start;
            }
        }
        meta.len = kept;
    }
}

impl AsyncUdpSocket for FilteredSocket {
    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.socket.local_addr()
    }

    fn poll_send(&self, cx: &mut Context<'_>, transmit: &Transmit<'_>) -> Poll<io::Result<usize>> {
        if let Some(description) = handshake::fatal_alert(transmit.contents) {
            let by_server = self.alert.load(Ordering::Relaxed) == u16::from(description);
            // It is reported as often as it is sent; with a full queue the next one will do.
            let _ = self.reports.try_send(PeerEvent::Refused(Alert { description, by_server }));
        }
        self.socket.poll_send(cx, transmit)
    }

    /// Fills one buffer at most; the crate never asks for more.
    fn poll_recv(
        &self,
        cx: &mut Context<'_>,
        bufs: &mut [IoSliceMut<'_>],
        meta: &mut [RecvMeta],
    ) -> Poll<io::Result<usize>> {
        let (Some(buffer), Some(meta)) = (bufs.first_mut(), meta.first_mut()) else {
            return Poll::Ready(Ok(0));
        };
        loop {
            let (buffers, metas) = (std::slice::from_mut(buffer), std::slice::from_mut(meta));
            let Poll::Ready(received) = self.socket.poll_recv(cx, buffers, metas) else {
                return self.interrupt_or_wait();
            };
            let received = received?;
            self.looks.store(LOOKS, Ordering::Relaxed);
            if received == 0 || meta.len == 0 {
                return Poll::Ready(Ok(received));
            }
            self.filter(buffer, meta);
            if meta.len > 0 {
                return Poll::Ready(Ok(received));
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
    use crate::transport::rtc::stun;

    /// A second `ClientHello`, with the number of its record and something to tell it by.
    fn hello(record_number: u8, what: u8) -> Vec<u8> {
        let mut hello = vec![22, 254, 253, 0, 0, 0, 0, 0, 0, 0, record_number, 0, 0];
        hello.extend_from_slice(&[1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, what]);
        hello
    }

    fn ufrag() -> Ufrag {
        Arc::new(OnceLock::from("us".to_owned()))
    }

    fn check(name: &str) -> Vec<u8> {
        stun::message(1, 1, &[(stun::USERNAME, name.as_bytes())])
    }

    #[tokio::test]
    async fn checks_of_somebody_else_do_not_arrive() {
        let network = Network::new(ufrag(), mpsc::channel(1).0, None);
        let socket = || std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let here = network.wrap_udp_socket(socket()).unwrap();
        let there = TokioRuntime.wrap_udp_socket(socket()).unwrap();
        for name in ["them:us", "us:them"] {
            there.send_to(&check(name), here.local_addr().unwrap()).await.unwrap();
        }
        let mut buffer = [0; 64];
        let (length, _) = here.recv_from(&mut buffer).await.unwrap();
        assert_eq!(buffer[..length], check("us:them"));
    }

    #[tokio::test]
    async fn repeated_hellos_do_not_arrive_and_all_else_does() {
        let (reports, mut reported) = mpsc::channel(1);
        let network = Network::new(ufrag(), reports, None);
        let socket = || std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        let here = network.wrap_udp_socket(socket()).unwrap();
        let there = TokioRuntime.wrap_udp_socket(socket()).unwrap();
        let address = here.local_addr().unwrap();
        for datagram in [hello(1, 7), hello(2, 7), b"audio".to_vec(), hello(3, 7), b"audio".to_vec()] {
            there.send_to(&datagram, address).await.unwrap();
        }
        let mut buffer = [0; 64];
        for expected in [hello(1, 7), b"audio".to_vec(), b"audio".to_vec()] {
            let (length, _) = here.recv_from(&mut buffer).await.unwrap();
            assert_eq!(buffer[..length], expected);
        }
        assert!(reported.try_recv().is_err());
        let refusal = [21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 6, 0, 2, 2, 42];
        here.send_to(&refusal, there.local_addr().unwrap()).await.unwrap();
        let refused = |description, by_server| Alert { description, by_server };
        assert!(matches!(reported.try_recv(), Ok(PeerEvent::Refused(alert)) if alert == refused(42, false)));
        // The server's own alert goes back to it.
        let given_up = [21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 6, 0, 2, 2, 40];
        there.send_to(&given_up, address).await.unwrap();
        here.recv_from(&mut buffer).await.unwrap();
        here.send_to(&given_up, there.local_addr().unwrap()).await.unwrap();
        assert!(matches!(reported.try_recv(), Ok(PeerEvent::Refused(alert)) if alert == refused(40, true)));
    }

    #[test]
    fn datagrams_received_together_are_told_apart() {
        let network = Network::new(ufrag(), mpsc::channel(1).0, None);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let _inside = runtime.enter();
        let inner = TokioRuntime.wrap_udp_socket(std::net::UdpSocket::bind("127.0.0.1:0").unwrap()).unwrap();
        let socket = FilteredSocket {
            socket: inner,
            ufrag: network.ufrag,
            hellos: network.hellos,
            reports: network.reports,
            alert: AtomicU16::new(NO_ALERT),
            looks: AtomicU8::new(0),
        };
        let mut buffer = [hello(1, 7), hello(2, 7), hello(3, 8), b"end".to_vec()].concat();
        let stride = hello(1, 7).len();
        let mut meta = RecvMeta::default();
        (meta.len, meta.stride) = (buffer.len(), stride);
        socket.filter(&mut buffer, &mut meta);
        assert_eq!(buffer[..meta.len], [hello(1, 7), hello(3, 8), b"end".to_vec()].concat());
    }
}
