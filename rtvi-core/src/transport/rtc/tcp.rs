//! ICE over TCP (RFC 6544): outgoing connections that carry packets in RFC 4571 frames.
//!
//! Depends on Tokio's network and on [`PacketFilter`]. Accepts no connections: the crate asks for a
//! listening port on each network interface, and this module closes it. Never makes the crate's
//! driver wait for the network: a packet that does not fit into the queue is lost, as on any network.

use std::{
    future::{Future, pending},
    io,
    net::SocketAddr,
    pin::{Pin, pin},
    sync::{Arc, Mutex, PoisonError},
    task::Poll,
    time::Duration,
};

use bytes::{Buf, Bytes, BytesMut};
use rtc::shared::tcp_framing::{FRAMING_HEADER_LEN, TcpFrameDecoder, frame_packet};
use tokio::{
    io::AsyncWriteExt,
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc,
    task::AbortHandle,
    time::{sleep, timeout},
};
use webrtc::runtime::{AsyncTcpListener, AsyncTcpStream};

use super::filter::{Nudge, PacketFilter};

/// The head start of UDP. The crate keeps the first path that works, and TCP is the worse one: a
/// lost packet delays all that follow it.
const HEAD_START: Duration = Duration::from_millis(250);
/// The time limit for connecting.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// How many packets wait to be sent: about a second of a call. Further packets are lost.
const QUEUE: usize = 64;

type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A port that accepts no connections. The crate derives our candidates from its address.
#[derive(Debug)]
pub(super) struct ClosedPort(pub(super) SocketAddr);

impl AsyncTcpListener for ClosedPort {
    fn accept<'a>(&'a self) -> Boxed<'a, io::Result<(Arc<dyn AsyncTcpStream>, SocketAddr)>> {
        Box::pin(pending())
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.0)
    }
}

/// A connection to a TCP candidate of the remote peer. Dropping it closes the connection.
#[derive(Debug)]
pub(super) struct FramedStream {
    read: OwnedReadHalf,
    outgoing: mpsc::Sender<Bytes>,
    writer: AbortHandle,
    filter: Arc<PacketFilter>,
    nudge: Nudge,
    incoming: Mutex<Incoming>,
}

/// Received data: incomplete frames, and frames that passed the filter and wait to be read.
#[derive(Debug, Default)]
struct Incoming {
    decoder: TcpFrameDecoder,
    passed: BytesMut,
}

impl FramedStream {
    /// Connects after [`HEAD_START`], within [`CONNECT_LIMIT`]. Must be called on a Tokio runtime.
    ///
    /// # Errors
    /// The error of the operating system, or a timeout.
    pub(super) async fn connect(
        remote: SocketAddr,
        filter: Arc<PacketFilter>,
    ) -> io::Result<Arc<dyn AsyncTcpStream>> {
        sleep(HEAD_START).await;
        let stream = timeout(CONNECT_LIMIT, TcpStream::connect(remote)).await??;
        stream.set_nodelay(true)?;
        let (read, write) = stream.into_split();
        let (outgoing, packets) = mpsc::channel(QUEUE);
        let writer = tokio::spawn(send_all(packets, write)).abort_handle();
        let incoming = Mutex::default();
        Ok(Arc::new(Self { read, outgoing, writer, filter, nudge: Nudge::default(), incoming }))
    }

    /// Splits received bytes into packets and keeps those that pass the filter.
    fn take(&self, received: &[u8]) {
        let mut incoming = self.incoming.lock().unwrap_or_else(PoisonError::into_inner);
        incoming.decoder.extend_from_slice(received);
        while let Some(packet) = incoming.decoder.next_packet() {
            if !packet.is_empty() && !self.filter.drops(&packet) {
                incoming.passed.extend_from_slice(&frame_packet(&packet));
            }
        }
    }

    /// Moves passed frames into the buffer; returns the number of bytes.
    fn give(&self, buffer: &mut [u8]) -> usize {
        let passed = &mut self.incoming.lock().unwrap_or_else(PoisonError::into_inner).passed;
        let length = passed.len().min(buffer.len());
        passed.split_to(length).copy_to_slice(buffer.get_mut(..length).unwrap_or_default());
        length
    }

    /// Waits for data, or interrupts the read so that the crate's driver starts another round.
    async fn readable(&self) -> io::Result<()> {
        let mut readable = pin!(self.read.readable());
        std::future::poll_fn(|cx| match readable.as_mut().poll(cx) {
            Poll::Ready(readable) => Poll::Ready(readable),
            Poll::Pending => self.nudge.interrupt_or_wait().map_ok(drop),
        })
        .await
    }
}

impl Drop for FramedStream {
    fn drop(&mut self) {
        self.writer.abort();
    }
}

/// Sends packets until the connection is gone.
async fn send_all(mut packets: mpsc::Receiver<Bytes>, mut write: OwnedWriteHalf) -> io::Result<()> {
    while let Some(packet) = packets.recv().await {
        write.write_all(&packet).await?;
    }
    Ok(())
}

impl AsyncTcpStream for FramedStream {
    fn read<'a, 'b>(&'a self, buf: &'b mut [u8]) -> Boxed<'b, io::Result<usize>>
    where
        'a: 'b,
    {
        Box::pin(async move {
            loop {
                let given = self.give(buf);
                if given > 0 {
                    self.nudge.received();
                    return Ok(given);
                }
                self.readable().await?;
                match self.read.try_read(buf) {
                    Ok(0) => return Ok(0),
                    Ok(received) => self.take(buf.get(..received).unwrap_or_default()),
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) => return Err(error),
                }
            }
        })
    }

    /// Queues one framed packet. Never waits.
    fn write_all<'a, 'b>(&'a self, buf: &'b [u8]) -> Boxed<'b, io::Result<()>>
    where
        'a: 'b,
    {
        self.filter.sent(buf.get(FRAMING_HEADER_LEN..).unwrap_or_default());
        // The packet is lost if the queue is full or the connection is closed.
        let _ = self.outgoing.try_send(Bytes::copy_from_slice(buf));
        Box::pin(async { Ok(()) })
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.read.local_addr()
    }

    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.read.peer_addr()
    }
}

#[cfg(test)]
mod tests {
    use tokio::{io::AsyncReadExt, net::TcpListener};

    use super::*;
    use crate::transport::rtc::stun;

    /// A stream, and the other side's end of it.
    async fn connected(filter: &Arc<PacketFilter>) -> (Arc<dyn AsyncTcpStream>, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stream = FramedStream::connect(address, Arc::clone(filter)).await.unwrap();
        (stream, listener.accept().await.unwrap().0)
    }

    /// The next bytes, as the crate's driver reads them.
    async fn read(stream: &Arc<dyn AsyncTcpStream>, most: usize) -> Vec<u8> {
        let mut buffer = vec![0; most];
        loop {
            match stream.read(&mut buffer).await {
                Ok(length) => return buffer[..length].to_vec(),
                Err(error) => assert_eq!(error.kind(), io::ErrorKind::Interrupted),
            }
        }
    }

    fn check(name: &str) -> Vec<u8> {
        frame_packet(&stun::message(1, 1, &[(stun::USERNAME, name.as_bytes())]))
    }

    #[tokio::test]
    async fn whole_packets_arrive_however_they_come_and_foreign_checks_do_not() {
        let filter = Arc::new(PacketFilter::default());
        filter.set_ufrag("us");
        let (stream, mut server) = connected(&filter).await;
        let sent = [check("them:us"), frame_packet(b""), check("us:them"), frame_packet(b"audio")].concat();
        for byte in sent.chunks(7) {
            server.write_all(byte).await.unwrap();
        }
        let expected = [check("us:them"), frame_packet(b"audio")].concat();
        let mut received = Vec::new();
        while received.len() < expected.len() {
            received.extend(read(&stream, 5).await);
        }
        assert_eq!(received, expected);
        drop(server);
        assert_eq!(read(&stream, 5).await, [0; 0]);
    }

    #[tokio::test]
    async fn a_server_that_does_not_read_costs_packets_and_no_time() {
        let (stream, mut server) = connected(&Arc::default()).await;
        let packet = frame_packet(&[7; 60_000]);
        let sent = async {
            for _ in 0..1_000 {
                stream.write_all(&packet).await.unwrap();
            }
        };
        timeout(Duration::from_secs(10), sent).await.expect("it does not wait");
        let mut first = vec![0; packet.len()];
        server.read_exact(&mut first).await.unwrap();
        assert_eq!(first, packet, "what is sent is whole");
    }

    #[tokio::test]
    async fn a_stream_that_is_dropped_is_closed_and_leaves_no_task() {
        let (stream, mut server) = connected(&Arc::default()).await;
        drop(stream);
        assert_eq!(server.read(&mut [0; 8]).await.unwrap(), 0);
        while tokio::runtime::Handle::current().metrics().num_alive_tasks() > 0 {
            tokio::task::yield_now().await;
        }
    }
}
