//! The reply that a call of the app waits for.
//!
//! Must never wait itself. A connect that was given up when its reply was on its way already is undone, as one is that was given up before.

use std::{
    future::Future,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::sync::oneshot;

use crate::error::{Error, ErrorKind};

use super::{
    PipecatClient,
    machine::{Command, Reply},
    pipecat_client::shut_down,
};

/// A future that ends with the call.
pub(super) struct Awaited<'a> {
    client: &'a PipecatClient,
    reply: oneshot::Receiver<Result<Reply, Error>>,
}

impl<'a> Awaited<'a> {
    pub(super) const fn new(
        client: &'a PipecatClient,
        reply: oneshot::Receiver<Result<Reply, Error>>,
    ) -> Self {
        Self { client, reply }
    }
}

impl Future for Awaited<'_> {
    type Output = Result<Reply, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let reply = ready!(Pin::new(&mut self.reply).poll(context));
        Poll::Ready(reply.unwrap_or_else(|_| Err(shut_down())))
    }
}

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        // From here on the driver finds nobody to reply to, and undoes it.
        self.reply.close();
        if let Ok(Ok(Reply::BotReady(_))) = self.reply.try_recv() {
            undo(self.client);
        }
    }
}

/// Disconnects; behind the app's other calls, when too many of them wait.
fn undo(client: &PipecatClient) {
    if client.order(Command::Disconnect).is_err_and(|error| error.kind() == ErrorKind::Busy) {
        let patient = client.clone();
        client.runtime().spawn(async move { patient.disconnect().await });
    }
}
