//! A running connection, as the driver sees it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use tokio::{runtime::Handle, sync::mpsc, task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

use crate::{
    client::{DISCONNECT_TIMEOUT, machine::Epoch},
    error::{Error, ErrorKind},
    log,
    media::{AudioFrame, Playout},
    transport::{
        CloseReason, Closed, Connection, OpenRequest, Transport, TransportCapabilities, TransportCommand,
        TransportEvent, TransportPort,
    },
};

/// How many messages wait for the transport; one more fails as busy.
pub(super) const SEND_QUEUE: usize = 256;
/// How many events wait for the driver. When the queue is full, the transport stops reading.
const EVENT_QUEUE: usize = 32;
/// How many microphone frames wait for the transport (half a second); further frames are dropped.
const MIC_QUEUE: usize = 25;

/// The running transport of one epoch.
#[derive(Debug)]
pub(super) struct ConnectionTask {
    pub(super) epoch: Epoch,
    pub(super) mic: mpsc::Sender<AudioFrame>,
    commands: mpsc::Sender<TransportCommand>,
    inbox: mpsc::Receiver<TransportEvent>,
    task: JoinHandle<Closed>,
    cancel: CancellationToken,
}

/// What came from a connection.
#[derive(Debug)]
pub(super) enum ConnectionEvent {
    Transport(TransportEvent),
    Closed(CloseReason),
}

/// Creates a connection and reads its capabilities. A panic of the app's transport becomes an
/// error.
pub(super) fn make(
    factory: &dyn Transport,
    request: OpenRequest<'_>,
) -> Result<(Box<dyn Connection>, TransportCapabilities), Error> {
    let make = || {
        let connection = factory.create(request)?;
        let capabilities = connection.capabilities();
        Ok((connection, capabilities))
    };
    catch_unwind(AssertUnwindSafe(make))
        .unwrap_or_else(|_| Err(Error::new(ErrorKind::Internal, "the app's transport panicked")))
}

impl ConnectionTask {
    /// Runs the transport.
    pub(super) fn open(
        connection: Box<dyn Connection>,
        epoch: Epoch,
        speaker: Arc<Playout>,
        runtime: &Handle,
    ) -> Self {
        let (commands, command_receiver) = mpsc::channel(SEND_QUEUE);
        let (event_sender, inbox) = mpsc::channel(EVENT_QUEUE);
        let (mic, mic_receiver) = mpsc::channel(MIC_QUEUE);
        let cancel = CancellationToken::new();
        let port = TransportPort {
            commands: command_receiver,
            events: event_sender,
            mic: mic_receiver,
            speaker,
            cancel: cancel.clone(),
        };
        // The whole call runs in its own task, so that a panic ends only this connection.
        let task = runtime.spawn(async move { connection.run(port).await });
        Self { epoch, mic, commands, inbox, task, cancel }
    }

    /// Returns the next event, and after the last one the reason for the end. Cancel-safe. Must not
    /// be called after that.
    pub(super) async fn next(&mut self) -> ConnectionEvent {
        match self.inbox.recv().await {
            Some(event) => ConnectionEvent::Transport(event),
            None => ConnectionEvent::Closed(match (&mut self.task).await {
                Ok(closed) => closed.reason,
                Err(error) => {
                    log::warn!(%error, "the transport's task failed");
                    CloseReason::Lost(Error::new(ErrorKind::Internal, "the transport failed unexpectedly"))
                }
            }),
        }
    }

    /// Returns another event if one is queued.
    pub(super) fn try_next(&mut self) -> Option<TransportEvent> {
        self.inbox.try_recv().ok()
    }

    /// Sends a command; returns false if the queue is full or the connection has ended.
    pub(super) fn tell(&self, command: TransportCommand) -> bool {
        self.commands.try_send(command).is_ok()
    }

    /// Closes the connection in the background, gracefully if that succeeds in time.
    pub(super) fn discard(self, runtime: &Handle) {
        let Self { commands, inbox, task, cancel, .. } = self;
        drop(inbox);
        runtime.spawn(async move {
            let abort = task.abort_handle();
            let _ = commands.try_send(TransportCommand::Close);
            if timeout(DISCONNECT_TIMEOUT, task).await.is_err() {
                cancel.cancel();
                abort.abort();
            }
        });
    }

    /// Ends the connection at once.
    pub(super) fn abort(self) {
        self.cancel.cancel();
        self.task.abort();
    }
}
