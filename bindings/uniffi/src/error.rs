//! The one error that apps get, and how a panic becomes one.
//!
//! Depends on the core's error only. The hand-written packages turn it into their languages' own error types.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};

use rtvi_core::{Error, ErrorKind, Phase};
use serde_json::Value;

/// An error of the SDK, or of the app's code that the SDK has called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum FfiError {
    /// The only case.
    #[error("{reason}")]
    Failed {
        /// What went wrong, as a stable name to act on; see [`error_kinds`]. Names may be added.
        kind: String,
        /// What is wrong, for people; not stable.
        reason: String,
        /// The part of the session it happened in, if known: `devices`, `startRequest`, `transportOpen`, `botReady`, `session`,
        /// `request`, `functionCall`, `reconnect`, `disconnect`.
        phase: Option<String>,
        /// The HTTP status or WebSocket close code that came with it, if any.
        status: Option<u16>,
        /// The server's own code for it, if it sent any.
        code: Option<String>,
        /// How long the server wants to be left alone before it is asked again, in milliseconds, if it said so.
        retry_after_ms: Option<u64>,
    },
}

/// Every name that [`FfiError::Failed`]'s `kind` can have in this version.
#[uniffi::export]
pub fn error_kinds() -> Vec<String> {
    ErrorKind::ALL.into_iter().map(kind_name).collect()
}

fn kind_name(kind: ErrorKind) -> String {
    name(serde_json::to_value(kind))
}

fn phase_name(phase: Phase) -> String {
    name(serde_json::to_value(phase))
}

fn name(value: serde_json::Result<Value>) -> String {
    value.ok().and_then(|value| value.as_str().map(str::to_owned)).unwrap_or_default()
}

impl From<Error> for FfiError {
    fn from(error: Error) -> Self {
        Self::Failed {
            kind: kind_name(error.kind()),
            reason: error.message().to_owned(),
            phase: error.phase().map(phase_name),
            status: error.status(),
            code: error.code().map(str::to_owned),
            retry_after_ms: error
                .retry_after()
                .map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
        }
    }
}

/// What code of the app has thrown that is not an [`FfiError`].
impl From<uniffi::UnexpectedUniFFICallbackError> for FfiError {
    fn from(error: uniffi::UnexpectedUniFFICallbackError) -> Self {
        Error::new(ErrorKind::Internal, error.reason).into()
    }
}

impl FfiError {
    /// The core's error; `fallback` stands for a kind that the core does not know. A phase that it does not know is left out.
    pub(crate) fn into_core(self, fallback: ErrorKind) -> Error {
        let Self::Failed { kind, reason, phase, status, code, retry_after_ms } = self;
        let kind = ErrorKind::ALL.into_iter().find(|known| kind_name(*known) == kind);
        let kind = kind.filter(|kind| *kind != ErrorKind::Internal).unwrap_or(fallback);
        let mut error = Error::new(kind, reason);
        if let Some(phase) = phase.and_then(|name| serde_json::from_value(Value::String(name)).ok()) {
            error = error.in_phase(phase);
        }
        if let Some(code) = code {
            error = error.with_code(&code);
        }
        if let Some(wait) = retry_after_ms {
            error = error.with_retry_after(Duration::from_millis(wait));
        }
        match status {
            Some(status) => error.with_status(status),
            None => error,
        }
    }
}

/// Runs the body of an exported method; a panic becomes an error of the kind `internal`.
///
/// For methods that are not `async` only: UniFFI does the same for both, but aborts where a language can't throw in place.
pub(crate) fn guard<T>(body: impl FnOnce() -> Result<T, Error>) -> Result<T, FfiError> {
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(result) => result.map_err(FfiError::from),
        Err(payload) => Err(panicked(&*payload).into()),
    }
}

/// What a panic is for the app.
pub(crate) fn panicked(payload: &(dyn Any + Send)) -> Error {
    Error::panicked(ErrorKind::Internal, "the SDK", payload)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_everything_both_ways() {
        let error = Error::new(ErrorKind::Timeout, "late").in_phase(Phase::BotReady).with_status(504);
        let error = error.with_code("PCC-1").with_retry_after(Duration::from_millis(1_500));
        let FfiError::Failed { kind, reason, phase, status, code, retry_after_ms } = error.clone().into();
        assert_eq!(
            (&*kind, &*reason, phase.as_deref(), status),
            ("timeout", "late", Some("botReady"), Some(504))
        );
        assert_eq!((code.as_deref(), retry_after_ms), (Some("PCC-1"), Some(1_500)));
        assert_eq!(FfiError::from(error.clone()).into_core(ErrorKind::Device), error);
    }

    #[test]
    fn an_unknown_phase_is_left_out() {
        let FfiError::Failed { kind, reason, status, .. } = Error::new(ErrorKind::Timeout, "late").into();
        let phase = Some("dessert".to_owned());
        let unknown = FfiError::Failed { kind, reason, phase, status, code: None, retry_after_ms: None };
        assert_eq!(unknown.into_core(ErrorKind::Device), Error::new(ErrorKind::Timeout, "late"));
    }

    #[test]
    fn an_unknown_kind_is_what_is_expected_there() {
        let thrown: FfiError = uniffi::UnexpectedUniFFICallbackError::new("oops").into();
        let error = thrown.into_core(ErrorKind::Device);
        assert_eq!(error.kind(), ErrorKind::Device);
        assert!(error.message().contains("oops"), "{error}");
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let FfiError::Failed { kind, reason, .. } = guard::<()>(|| panic!("number {}", 7)).unwrap_err();
        assert_eq!((&*kind, &*reason), ("internal", "the SDK panicked: number 7"));
    }

    #[test]
    fn kinds_have_names() {
        let kinds = error_kinds();
        assert_eq!(kinds.len(), ErrorKind::ALL.len());
        assert!(
            kinds.iter().all(|kind| !kind.is_empty()) && kinds.contains(&"invalidTransportParams".to_owned())
        );
    }
}
