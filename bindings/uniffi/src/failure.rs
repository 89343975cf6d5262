//! The failure of a device behind an end of audio, on its way from the app to the client.
//!
//! Keeps the newest one only.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rtvi_core::{Error, ErrorKind};

use crate::error::FfiError;

/// What the app has reported and the client has not read yet.
#[derive(Debug, Default)]
pub(crate) struct Failure(Mutex<Option<Error>>);

impl Failure {
    pub(crate) fn report(&self, error: Error) {
        *self.lock() = Some(FfiError::from(error).into_core(ErrorKind::Device));
    }

    pub(crate) fn take(&self) -> Option<Error> {
        self.lock().take()
    }

    fn lock(&self) -> MutexGuard<'_, Option<Error>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_read_once() {
        let failure = Failure::default();
        failure.report(Error::new(ErrorKind::Device, "first"));
        failure.report(Error::new(ErrorKind::Internal, "second"));
        let error = failure.take().unwrap();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Device, "second"));
        assert_eq!(failure.take(), None);
    }
}
