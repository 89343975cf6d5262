//! The one error type that apps receive, and how a panic becomes an error.
//!
//! A method that returns a [`FfiError`] catches its own panics. So an error of UniFFI itself, which
//! the languages raise beside it, always means an argument that UniFFI could not read, such as JSON
//! that is nested too deep.
//!
//! Depends on the core's error only. The hand-written packages convert it to their languages' own
//! error types.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
};

use rtvi_core::{Error, ErrorKind};

/// An error of the SDK, or of the app's code that the SDK called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum FfiError {
    /// The only case.
    #[error("{error}")]
    Failed {
        /// The core's error.
        error: Error,
    },
}

impl From<Error> for FfiError {
    fn from(error: Error) -> Self {
        Self::Failed { error }
    }
}

/// Converts an exception of the app's code that is not an [`FfiError`].
impl From<uniffi::UnexpectedUniFFICallbackError> for FfiError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Error::new(ErrorKind::Internal, error.reason).into()
    }
}

impl FfiError {
    /// The core's error. `fallback` is the kind of an error that only states that the app's code
    /// failed.
    pub(crate) fn into_core(self, fallback: ErrorKind) -> Error {
        let Self::Failed { error } = self;
        let error = error.within_limits();
        if error.kind() == ErrorKind::Internal { error.with_kind(fallback) } else { error }
    }
}

/// Runs the body of an exported method. A panic becomes an error of the kind `internal`.
///
/// Only for methods that are not `async`. UniFFI catches panics in both, but it aborts where a
/// language can't throw in place.
pub(crate) fn guard<T>(body: impl FnOnce() -> Result<T, Error>) -> Result<T, FfiError> {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(result) => result.map_err(FfiError::from),
        Err(payload) => Err(panicked(&*payload).into()),
    }
}

/// The error that an app receives for a panic.
pub(crate) fn panicked(payload: &(dyn Any + Send)) -> Error {
    Error::panicked(ErrorKind::Internal, "the SDK", payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_kind_is_what_is_expected_there() {
        let thrown: FfiError = uniffi::UnexpectedUniFFICallbackError::new("oops").into();
        let error = thrown.into_core(ErrorKind::Device);
        assert_eq!(error.kind(), ErrorKind::Device);
        assert!(error.message().contains("oops"), "{error}");
        let known = FfiError::from(Error::new(ErrorKind::Tls, "old"));
        assert_eq!(known.into_core(ErrorKind::Device), Error::new(ErrorKind::Tls, "old"));
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let FfiError::Failed { error } = guard::<()>(|| panic!("number {}", 7)).unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::Internal, "the SDK panicked: number 7"));
    }
}
