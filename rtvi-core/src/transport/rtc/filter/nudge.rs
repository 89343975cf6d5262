//! Makes the crate's driver look again at what it has to send.

use std::{
    io,
    sync::atomic::{AtomicU8, Ordering},
    task::Poll,
};

/// How often the driver is sent round again after packets came in. Once ends its look for further
/// packets; the others let it send what came out of reading, and of reading that.
const LOOKS: u8 = 3;

/// The interruptions that one socket still owes.
///
/// The crate's driver sends before it reads and then waits, so that an answer that came out of
/// reading (of DTLS, of SCTP) stays until a timer ends the wait, after up to 200 ms. It takes an
/// interruption for a reason to go round again.
#[derive(Debug, Default)]
pub(crate) struct Nudge(AtomicU8);

impl Nudge {
    /// Something came in.
    pub(crate) fn received(&self) {
        self.0.store(LOOKS, Ordering::Relaxed);
    }

    /// What a socket gives that has nothing more to read: an interruption, or nothing yet.
    pub(crate) fn interrupt_or_wait(&self) -> Poll<io::Result<usize>> {
        match self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |looks| looks.checked_sub(1)) {
            Ok(_) => Poll::Ready(Err(io::ErrorKind::Interrupted.into())),
            Err(_) => Poll::Pending,
        }
    }
}
