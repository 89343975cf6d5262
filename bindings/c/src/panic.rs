//! Keeps panics inside the SDK: a panic that crossed into C would be undefined behaviour.
//!
//! Depends on [`crate::error`]. Every exported function that does more than read fields uses this
//! module.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rtvi_core::{Error, ErrorKind};

use crate::error::rtvi_error;

/// The return value of exported functions: nothing, or an error that C must free.
pub(crate) type Outcome = Option<Box<rtvi_error>>;

/// Runs the body of an exported function; a panic becomes an error of the kind `Internal`.
pub(crate) fn guard(body: impl FnOnce() -> Result<(), Error>) -> Outcome {
    let failure = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return None,
        Ok(Err(error)) => error,
        Err(payload) => Error::panicked(ErrorKind::Internal, "the SDK", &*payload),
    };
    Some(Box::new(rtvi_error::from(failure)))
}

/// Runs the body of an exported function that can't report errors. A panic returns `fallback`.
pub(crate) fn guard_or<T>(fallback: T, body: impl FnOnce() -> T) -> T {
    catch_unwind(AssertUnwindSafe(body)).unwrap_or(fallback)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error() {
        let error = guard(|| panic!("number {}", 7)).unwrap();
        assert_eq!(error.core().kind(), ErrorKind::Internal);
        assert!(error.core().message().ends_with("number 7"), "{}", error.core());
        assert_eq!(guard_or(3, || panic!("no")), 3);
    }

    #[test]
    fn results_pass() {
        assert!(guard(|| Ok(())).is_none());
        let error = guard(|| Err(Error::new(ErrorKind::Busy, "later"))).unwrap();
        assert_eq!(error.core(), &Error::new(ErrorKind::Busy, "later"));
    }
}
