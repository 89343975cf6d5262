//! Calls to the app's sources, sinks and codecs, whose panics are failures.

use std::panic::{AssertUnwindSafe, catch_unwind};

use tokio::runtime::Handle;

use crate::error::{Error, ErrorKind};

/// Makes a call that does not block. A panic becomes an error that names `what`.
pub(super) fn guarded<R>(what: &str, call: impl FnOnce() -> R) -> Result<R, Error> {
    catch_unwind(AssertUnwindSafe(call))
        .map_err(|panic| Error::panicked(ErrorKind::Device, what, panic.as_ref()))
}

/// Makes a call that may take a while, away from the runtime's own threads. `None` if the runtime
/// shuts down meanwhile.
pub(super) async fn blocking<R: Send + 'static>(
    runtime: &Handle,
    call: impl FnOnce() -> R + Send + 'static,
) -> Option<R> {
    runtime.spawn_blocking(call).await.ok()
}
