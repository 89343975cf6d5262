//! The calls of one client that run in the background.
//!
//! Depends on [`crate::mailbox`] for the limit. One task runs them all, so that their ends are
//! reported in the order in which they ended.

use std::panic::AssertUnwindSafe;

use futures_util::{FutureExt, StreamExt, future::BoxFuture, stream::FuturesUnordered};
use rtvi_core::{Error, ErrorKind};
use tokio::sync::mpsc;

use crate::{mailbox::MAX_CALLS, runtime::runtime};

/// A call that reports its own end, even when it is dropped.
type Running = BoxFuture<'static, ()>;

/// Accepts calls to run. When it is dropped, running calls still complete.
#[derive(Debug)]
pub(crate) struct Calls {
    begun: mpsc::Sender<Running>,
}

impl Calls {
    /// Starts the task.
    ///
    /// # Errors
    /// [`ErrorKind::Internal`] when there is no runtime.
    pub(crate) fn start() -> Result<Self, Error> {
        let (begun, incoming) = mpsc::channel(MAX_CALLS);
        runtime()?.spawn(run(incoming));
        Ok(Self { begun })
    }

    /// Runs a call, which must hold one of the [`MAX_CALLS`] places.
    ///
    /// # Errors
    /// [`ErrorKind::Busy`] when there is no room.
    pub(crate) fn send(&self, call: Running) -> Result<(), Error> {
        let full = |_| Error::new(ErrorKind::Busy, "this client begins too many calls at once");
        self.begun.try_send(call).map_err(full)
    }
}

async fn run(mut incoming: mpsc::Receiver<Running>) {
    let mut running = FuturesUnordered::new();
    loop {
        tokio::select! {
            biased;
            Some(_) = running.next(), if !running.is_empty() => {}
            call = incoming.recv() => match call {
                // A call that panics reports its own end and does not affect the others.
                Some(call) => running.push(AssertUnwindSafe(call).catch_unwind()),
                None => break,
            },
        }
    }
    while running.next().await.is_some() {}
}
