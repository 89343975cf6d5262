//! The reply that a call of the app waits for.
//!
//! Must never wait itself. When the future is dropped after a connect was answered and before the answer was received, the connect is
//! undone, as if the future had been dropped earlier.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::sync::oneshot;

use crate::error::{Error, ErrorKind};

use super::machine::Reply;

/// A future that ends with the call.
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
        // From here on the driver finds nobody to reply to, and undoes it.
        self.reply.close();
        if let Ok(Ok(Reply::BotReady(_))) = self.reply.try_recv() {
            (self.undo_connect)();
        }
    }
}

/// What a call ends with whose client is gone.
pub(super) fn shut_down() -> Error {
    Error::new(ErrorKind::Cancelled, "the client's runtime is shutting down")
}
