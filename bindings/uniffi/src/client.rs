//! The client object: one of the core's clients, and how every call reaches it.
//!
//! Depends on [`crate::options`], [`crate::cancellation`] and [`crate::runtime`]. Each group of
//! methods is in the module of its topic.

use std::sync::{Arc, PoisonError, RwLock};

use rtvi_core::{Error, ErrorKind, PipecatClient};
use tokio_util::sync::CancellationToken;

use crate::{
    cancellation::{self, FfiCancellation},
    error::{FfiError, guard},
    events::FfiEventStream,
    options::FfiClientOptions,
};

/// A client of a Pipecat bot.
///
/// Every method may be called from any thread, from code that the SDK calls, and concurrently with
/// others.
#[derive(Debug, uniffi::Object)]
pub struct FfiClient {
    /// Absent once closed.
    core: RwLock<Option<PipecatClient>>,
    pub(crate) closed: CancellationToken,
}

#[uniffi::export]
impl FfiClient {
    /// Creates a client. Opens nothing yet. Waits only while it opens a WAV file of the options.
    /// The client takes over the microphone and the speaker of the options, even if this fails.
    #[uniffi::constructor]
    pub fn new(options: FfiClientOptions) -> Result<Arc<Self>, FfiError> {
        guard(|| {
            let core = PipecatClient::new(options.into_core()?)?;
            Ok(Arc::new(Self { core: RwLock::new(Some(core)), closed: CancellationToken::new() }))
        })
    }

    /// Returns a separate stream of the events from now on.
    pub fn events(&self) -> Result<Arc<FfiEventStream>, FfiError> {
        self.with(|client| Ok(FfiEventStream::new(client.events())))
    }

    /// Closes the client permanently, at once and without waiting. The session ends, calls under
    /// way fail as `cancelled`, functions are removed, and event streams end after the events that
    /// they hold. For a graceful end, call `disconnect` first. Later calls fail as `invalidState`.
    pub fn shutdown(&self) {
        let core = self.core.write().unwrap_or_else(PoisonError::into_inner).take();
        self.closed.cancel();
        if let Some(core) = core {
            core.unregister_all_function_call_handlers();
        }
    }
}

impl FfiClient {
    /// Another handle to the core's client.
    pub(crate) fn core(&self) -> Result<PipecatClient, Error> {
        let core = self.core.read().unwrap_or_else(PoisonError::into_inner);
        core.clone().ok_or_else(|| Error::new(ErrorKind::InvalidState, "the client was closed"))
    }

    /// Runs something that does not wait.
    pub(crate) fn with<T>(&self, ask: impl FnOnce(PipecatClient) -> Result<T, Error>) -> Result<T, FfiError> {
        guard(|| ask(self.core()?))
    }

    /// Awaits a call until it ends, is cancelled, or the client is closed.
    pub(crate) async fn call<T, F>(
        &self,
        cancellation: Option<Arc<FfiCancellation>>,
        begin: impl FnOnce(PipecatClient) -> F,
    ) -> Result<T, FfiError>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let core = self.core()?;
        let closed = self.closed.clone();
        cancellation::run(cancellation, async move {
            let call = begin(core);
            tokio::select! {
                biased;
                () = closed.cancelled() => Err(Error::new(ErrorKind::Cancelled, "the client was closed")),
                settled = call => settled,
            }
        })
        .await
    }
}
