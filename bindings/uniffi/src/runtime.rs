//! The one tokio runtime of the process, which all clients of an app share.
//!
//! Created on first use and never dropped. Depends on [`crate::error`].

use std::sync::OnceLock;

use rtvi_core::{Error, ErrorKind};
use tokio::runtime::{Builder, Handle, Runtime};

/// Network and timers need little. Nothing on the runtime blocks.
const WORKERS: usize = 2;

static RUNTIME: OnceLock<Result<Runtime, String>> = OnceLock::new();

/// Returns the runtime.
///
/// # Errors
/// [`ErrorKind::Internal`] when the system can't create threads.
pub(crate) fn handle() -> Result<&'static Handle, Error> {
    let made = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("rtvi-worker")
            .enable_all()
            .build()
            .map_err(|error| error.to_string())
    });
    made.as_ref()
        .map(Runtime::handle)
        .map_err(|error| Error::new(ErrorKind::Internal, format!("can't start the runtime: {error}")))
}
