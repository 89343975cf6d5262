//! The reply to one of the app's calls.
//!
//! Must never wait itself. If the app gives up a connect after the reply was sent but before it was
//! received, the connection is undone, just as if the app had given up earlier.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::sync::oneshot;

use crate::error::{Error, ErrorKind};

use super::machine::Reply;

/// A future that completes when the call settles.
pub(super) struct Awaited<F: FnMut()> {
    reply: oneshot::Receiver<Result<Reply, Error>>,
    undo_connect: F,
}

impl<F: FnMut()> Awaited<F> {
    pub(super) const fn new(reply: oneshot::Receiver<Result<Reply, Error>>, undo_connect: F) -> Self {
        Self { reply, undo_connect }
    }
}

impl<F: FnMut() + Unpin> Future for Awaited<F> {
    type Output = Result<Reply, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let reply = ready!(Pin::new(&mut self.reply).poll(context));
        Poll::Ready(reply.unwrap_or_else(|_| Err(shut_down())))
    }
}

impl<F: FnMut()> Drop for Awaited<F> {
    fn drop(&mut self) {
        // From here on, the driver finds no receiver for its reply and undoes the connect.
        self.reply.close();
        if let Ok(Ok(Reply::BotReady(_))) = self.reply.try_recv() {
            (self.undo_connect)();
        }
    }
}

/// The error of a call whose client is gone.
pub(super) fn shut_down() -> Error {
    Error::new(ErrorKind::Cancelled, "the client's runtime is shutting down")
}
