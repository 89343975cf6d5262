//! A UDP socket behind a [`PacketFilter`].

use std::{
    io::{self, IoSliceMut},
    net::SocketAddr,
    sync::Arc,
    task::{Context, Poll},
};

use webrtc::runtime::{AsyncUdpSocket, RecvMeta, Transmit};

use super::{Nudge, PacketFilter};

/// A UDP socket that hides the packets which its filter drops, and wakes the crate's driver after
/// each read.
#[derive(Debug)]
pub struct FilteredSocket {
    socket: Arc<dyn AsyncUdpSocket>,
    filter: Arc<PacketFilter>,
    nudge: Nudge,
}

impl FilteredSocket {
    /// Puts a socket behind a filter.
    pub fn new(socket: Arc<dyn AsyncUdpSocket>, filter: Arc<PacketFilter>) -> Self {
        Self { socket, filter, nudge: Nudge::default() }
    }

    /// Removes the datagrams that the filter drops. `meta` holds the number of bytes received and the
    /// length of each datagram in them, `stride`.
    fn filter(&self, buffer: &mut [u8], meta: &mut RecvMeta) {
        let (received, mut kept) = (meta.len.min(buffer.len()), 0);
        for start in (0..received).step_by(meta.stride.max(1)) {
            let end = received.min(start + meta.stride.max(1));
            if !buffer.get(start..end).is_some_and(|datagram| self.filter.drops(datagram)) {
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
        self.filter.sent(transmit.contents);
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
                return self.nudge.interrupt_or_wait();
            };
            let received = received?;
            self.nudge.received();
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
    use tokio::sync::mpsc;
    use webrtc::runtime::{Runtime, TokioRuntime};

    use super::*;
    use crate::transport::rtc::{filter::Alert, stun};

    /// A second `ClientHello`, with the number of its record and something to tell it by.
    fn hello(record_number: u8, what: u8) -> Vec<u8> {
        let mut hello = vec![22, 254, 253, 0, 0, 0, 0, 0, 0, 0, record_number, 0, 0];
        hello.extend_from_slice(&[1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 1, what]);
        hello
    }

    fn check(name: &str) -> Vec<u8> {
        stun::message(1, 1, &[(stun::USERNAME, name.as_bytes())])
    }

    fn socket() -> Arc<dyn AsyncUdpSocket> {
        TokioRuntime.wrap_udp_socket(std::net::UdpSocket::bind("127.0.0.1:0").unwrap()).unwrap()
    }

    #[tokio::test]
    async fn checks_of_somebody_else_do_not_arrive() {
        let filter = Arc::new(PacketFilter::default());
        let (here, there) = (FilteredSocket::new(socket(), Arc::clone(&filter)), socket());
        let send = async |name: &str| {
            there.send_to(&check(name), here.local_addr().unwrap()).await.unwrap();
        };
        let mut buffer = [0; 64];
        let mut expect = async |name: &str| {
            let received = here.recv_from(&mut buffer).await.unwrap().0;
            assert_eq!(buffer[..received], check(name));
        };
        filter.set_ufrag("us");
        for name in ["them:us", "us2:them", "us:them"] {
            send(name).await;
        }
        expect("us:them").await;
        filter.set_ufrag("new");
        for name in ["us:them", "new:them"] {
            send(name).await;
            expect(name).await;
        }
        filter.forget_former_ufrag();
        send("us:them").await;
        send("new:them").await;
        expect("new:them").await;
    }

    #[tokio::test]
    async fn repeated_hellos_do_not_arrive_and_all_else_does() {
        let (report, mut reported) = mpsc::channel(1);
        let filter = PacketFilter::new(move |alert| report.try_send(alert).unwrap());
        let (here, there) = (FilteredSocket::new(socket(), filter), socket());
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
        assert_eq!(reported.try_recv(), Ok(refused(42, false)));
        // The server's own alert goes back to it.
        let given_up = [21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 6, 0, 2, 2, 40];
        there.send_to(&given_up, address).await.unwrap();
        here.recv_from(&mut buffer).await.unwrap();
        here.send_to(&given_up, there.local_addr().unwrap()).await.unwrap();
        assert_eq!(reported.try_recv(), Ok(refused(40, true)));
    }

    #[tokio::test]
    async fn datagrams_received_together_are_told_apart() {
        let socket = FilteredSocket::new(socket(), Arc::default());
        let mut buffer = [hello(1, 7), hello(2, 7), hello(3, 8), b"end".to_vec()].concat();
        let stride = hello(1, 7).len();
        let mut meta = RecvMeta::default();
        (meta.len, meta.stride) = (buffer.len(), stride);
        socket.filter(&mut buffer, &mut meta);
        assert_eq!(buffer[..meta.len], [hello(1, 7), hello(3, 8), b"end".to_vec()].concat());
    }
}
