//! The one tokio runtime of the process, which all clients created through C share.
//!
//! Created on first use and never dropped. It does not survive `fork`: fork before the first call.

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
pub(crate) fn runtime() -> Result<&'static Runtime, Error> {
    let made = RUNTIME.get_or_init(|| {
        Builder::new_multi_thread()
            .worker_threads(WORKERS)
            .thread_name("rtvi-worker")
            .enable_all()
            .build()
            .map_err(|error| error.to_string())
    });
    made.as_ref()
        .map_err(|error| Error::new(ErrorKind::Internal, format!("can't start the runtime: {error}")))
}

/// Runs a future to completion on the calling thread.
///
/// # Errors
/// [`ErrorKind::InvalidState`] on a thread of the runtime, where waiting would block other clients
/// too.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    if Handle::try_current().is_ok() {
        return Err(Error::new(
            ErrorKind::InvalidState,
            "a waiting call was made on one of the SDK's own threads",
        ));
    }
    runtime()?.block_on(future)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_refused_on_the_runtime() {
        assert_eq!(block_on(async { Ok(5) }), Ok(5));
        let inner = block_on(async { Ok(block_on(async { Ok(5) })) }).unwrap();
        assert_eq!(inner.unwrap_err().kind(), ErrorKind::InvalidState);
    }
}
