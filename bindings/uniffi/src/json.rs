//! JSON from the app, as the values that the core takes.
//!
//! Pure. Errors name the argument, and the place in it but never its content.

use rtvi_core::{ConnectParams, Error, ErrorKind};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a text as `T`.
pub(crate) fn parse<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(|error| unusable(what, &error))
}

/// Reads a value as `T`.
pub(crate) fn read<T: DeserializeOwned>(what: &str, value: Value) -> Result<T, Error> {
    serde_json::from_value(value).map_err(|error| unusable(what, &error))
}

fn unusable(what: &str, error: &serde_json::Error) -> Error {
    Error::new(ErrorKind::InvalidArgument, format!("{what} can't be used: {error}"))
}

/// Reads connect parameters.
pub(crate) fn params(value: Value) -> Result<ConnectParams, Error> {
    read("params", value).map(ConnectParams::new)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_wrong_is_named() {
        let error = params(json!([1])).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().starts_with("params can't be used: "), "{error}");
        assert!(params(json!({"wsUrl": "ws://h"})).unwrap().get(&["wsUrl"]).is_some());
    }
}
