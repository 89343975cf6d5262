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

use super::{
    PipecatClient,
    machine::{Command, Reply},
    pipecat_client::shut_down,
};

/// A future that completes when the call settles.
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
        // From here on, the driver finds no receiver for its reply and undoes the connect.
        self.reply.close();
        if let Ok(Ok(Reply::BotReady(_))) = self.reply.try_recv() {
            undo(self.client);
        }
    }
}

/// Disconnects. If too many calls are waiting, the disconnect queues behind them.
fn undo(client: &PipecatClient) {
    if client.order(Command::Disconnect).is_err_and(|error| error.kind() == ErrorKind::Busy) {
        let patient = client.clone();
        client.runtime().spawn(async move { patient.disconnect().await });
    }
}
