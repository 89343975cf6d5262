//! The thread on which a client calls its app.
//!
//! Depends on [`crate::mailbox`]. It ends when the client is freed and the end of every call is
//! reported.

use std::sync::Arc;

use rtvi_core::{Error, ErrorKind, Event};
use tokio_util::sync::CancellationToken;

use super::{
    mailbox::{Item, Mailbox},
    sync::thread::{self, Builder, JoinHandle},
};

/// The running thread.
#[derive(Debug)]
pub(crate) struct Pump {
    thread: JoinHandle<()>,
}

impl Pump {
    /// Starts the thread. Events go to `on_event` until `closing`; after that, the thread only
    /// reports ends of calls.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when the system can't create a thread.
    pub(crate) fn start(
        mailbox: Arc<Mailbox>,
        closing: CancellationToken,
        mut on_event: impl FnMut(Event) + Send + 'static,
    ) -> Result<Self, Error> {
        let run = move || loop {
            match mailbox.take(None) {
                Item::Event(event) if !closing.is_cancelled() => on_event(event),
                Item::Job(job) => job(),
                Item::Event(_) | Item::Nothing => {}
                Item::Ended => return,
            }
        };
        let thread = Builder::new().name("rtvi-callbacks".to_owned()).spawn(run);
        let thread = thread.map_err(|error| {
            Error::new(ErrorKind::Internal, format!("can't start a thread for callbacks: {error}"))
        })?;
        Ok(Self { thread })
    }

    /// Waits for the thread's end. On that thread itself it does not wait, and the thread ends
    /// later.
    pub(crate) fn finish(self) {
        if self.thread.thread().id() != thread::current().id() {
            // The thread does not panic: exceptions of the app can't reach it.
            let _ = self.thread.join();
        }
    }
}
