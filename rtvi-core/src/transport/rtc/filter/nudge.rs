//! Wakes the crate's driver after it has read packets.

use std::{
    io,
    sync::atomic::{AtomicU8, Ordering},
    task::Poll,
};

/// How many extra rounds the driver makes after it has received packets. The first ends its search
/// for more packets. In the others it sends the replies that reading produced, and their replies.
const LOOKS: u8 = 3;

/// The number of interruptions that one socket still has to report.
///
/// The crate's driver sends, reads and then waits. A reply that reading produces, by DTLS or SCTP,
/// would stay until a timer ends the wait, up to 200 ms later. An interrupted read makes the driver
/// start another round.
#[derive(Debug, Default)]
pub(crate) struct Nudge(AtomicU8);

impl Nudge {
    /// The socket has received something.
    pub(crate) fn received(&self) {
        self.0.store(LOOKS, Ordering::Relaxed);
    }

    /// The result of a read while there is nothing to read: an interruption, or pending.
    pub(crate) fn interrupt_or_wait(&self) -> Poll<io::Result<usize>> {
        match self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |looks| looks.checked_sub(1)) {
            Ok(_) => Poll::Ready(Err(io::ErrorKind::Interrupted.into())),
            Err(_) => Poll::Pending,
        }
    }
}
