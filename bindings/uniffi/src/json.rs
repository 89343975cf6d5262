//! JSON texts from the app.
//!
//! Pure. Errors name the argument, and the place in the text but never its content.

use rtvi_core::{ConnectParams, Error, ErrorKind};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads a text as `T`.
pub(crate) fn read<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, Error> {
    serde_json::from_str(text)
        .map_err(|error| Error::new(ErrorKind::InvalidArgument, format!("{what} can't be used: {error}")))
}

/// Reads a text that may be absent.
pub(crate) fn optional(what: &str, text: Option<String>) -> Result<Option<Value>, Error> {
    text.map(|text| read(what, &text)).transpose()
}

/// Reads connect parameters.
pub(crate) fn params(text: &str) -> Result<ConnectParams, Error> {
    read("params_json", text).map(ConnectParams::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_named() {
        let error = params("[1]").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().starts_with("params_json can't be used: "), "{error}");
        assert!(params("{\"wsUrl\":\"ws://h\"}").unwrap().get(&["wsUrl"]).is_some());
        assert_eq!(optional("data_json", None), Ok(None));
        assert_eq!(
            optional("data_json", Some("9007199254740993".into())),
            Ok(Some(9_007_199_254_740_993_i64.into()))
        );
    }
}
