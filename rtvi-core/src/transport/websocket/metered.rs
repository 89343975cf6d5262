//! A byte stream that records when bytes last passed.
//!
//! It belongs directly above the network, below TLS. TLS delivers a record only when it is
//! complete, and 16 KiB take a while on a slow link.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::Instant,
};

/// When bytes last passed a [`Metered`] stream. Clones share the times.
#[derive(Clone, Debug)]
pub(super) struct Meter(Arc<Passed>);

/// Nanoseconds since the start, because there is no atomic instant.
#[derive(Debug)]
struct Passed {
    begin: Instant,
    read: AtomicU64,
    written: AtomicU64,
}

impl Meter {
    fn new() -> Self {
        Self(Arc::new(Passed { begin: Instant::now(), read: AtomicU64::new(0), written: AtomicU64::new(0) }))
    }

    /// When the last bytes arrived.
    pub(super) fn read_at(&self) -> Instant {
        self.at(&self.0.read)
    }

    /// When the last bytes were sent.
    pub(super) fn written_at(&self) -> Instant {
        self.at(&self.0.written)
    }

    fn at(&self, passed: &AtomicU64) -> Instant {
        self.0.begin + Duration::from_nanos(passed.load(Ordering::Relaxed))
    }

    fn note(&self, passed: &AtomicU64) {
        let since = self.0.begin.elapsed().as_nanos();
        passed.store(u64::try_from(since).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

/// Wraps a stream and records when bytes arrived and were sent, whether or not they were whole
/// messages.
#[derive(Debug)]
pub(super) struct Metered<S> {
    inner: S,
    meter: Meter,
}

impl<S> Metered<S> {
    /// The stream, and the meter that reads its times elsewhere.
    pub(super) fn new(inner: S) -> (Self, Meter) {
        let meter = Meter::new();
        (Self { inner, meter: meter.clone() }, meter)
    }

    fn wrote(&self, result: io::Result<usize>) -> Poll<io::Result<usize>> {
        if result.as_ref().is_ok_and(|written| *written > 0) {
            self.meter.note(&self.meter.0.written);
        }
        Poll::Ready(result)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Metered<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.inner).poll_read(cx, buffer))?;
        if buffer.filled().len() > before {
            this.meter.note(&this.meter.0.read);
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Metered<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.inner).poll_write(cx, bytes));
        this.wrote(written)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let written = ready!(Pin::new(&mut this.inner).poll_write_vectored(cx, bytes));
        this.wrote(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().inner).poll_shutdown(cx)
    }
}
