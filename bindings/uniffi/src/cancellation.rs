//! How an app cancels a call that is under way.
//!
//! Depends on [`crate::error`].

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use rtvi_core::{Error, ErrorKind};
use tokio_util::sync::CancellationToken;

use crate::error::{FfiError, panicked};

/// Cancels the calls that it was passed to. Create one for each call, or for each group of calls
/// that ends together.
#[derive(Debug, Default, uniffi::Object)]
pub struct FfiCancellation {
    token: CancellationToken,
}

#[uniffi::export]
impl FfiCancellation {
    /// Creates one that is not yet cancelled.
    #[uniffi::constructor]
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Cancels the calls permanently. Each fails as `cancelled`, and later calls fail at once. The
    /// client undoes what `start_bot` or `connect` has begun. Never waits. May be called from
    /// anywhere, any number of times.
    pub fn cancel(&self) {
        self.token.cancel();
    }

    /// Whether it was cancelled.
    pub fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }
}

/// Awaits a call of the core unless it is cancelled first. A panic becomes an error.
pub(crate) async fn run<T>(
    cancellation: Option<Arc<FfiCancellation>>,
    call: impl Future<Output = Result<T, Error>>,
) -> Result<T, FfiError> {
    let call = AssertUnwindSafe(call).catch_unwind();
    let settled = match cancellation {
        None => call.await,
        Some(cancellation) => tokio::select! {
            biased;
            () = cancellation.token.cancelled() => Ok(Err(given_up())),
            settled = call => settled,
        },
    };
    settled.unwrap_or_else(|payload| Err(panicked(&*payload))).map_err(FfiError::from)
}

fn given_up() -> Error {
    Error::new(ErrorKind::Cancelled, "the app cancelled the call")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(error: FfiError) -> ErrorKind {
        let FfiError::Failed { error } = error;
        error.kind()
    }

    #[tokio::test]
    async fn a_call_is_given_up_before_and_during() {
        let cancellation = FfiCancellation::new();
        let call = run(Some(Arc::clone(&cancellation)), std::future::pending::<Result<(), Error>>());
        let (result, ()) = tokio::join!(call, async { cancellation.cancel() });
        assert_eq!(kind(result.unwrap_err()), ErrorKind::Cancelled);
        assert_eq!(kind(run(Some(cancellation), async { Ok(1) }).await.unwrap_err()), ErrorKind::Cancelled);
    }

    #[tokio::test]
    async fn results_pass_and_panics_become_errors() {
        assert_eq!(run(None, async { Ok(1) }).await, Ok(1));
        assert_eq!(run(Some(FfiCancellation::new()), async { Ok(1) }).await, Ok(1));
        assert_eq!(kind(run::<()>(None, async { panic!("no") }).await.unwrap_err()), ErrorKind::Internal);
    }
}
