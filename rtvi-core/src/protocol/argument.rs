//! JSON objects from the app, read as the core's own types.
//!
//! Pure. An error names the argument, the field and what it expects there. It never quotes a value,
//! which may be a secret.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::violation::{describe, describe_at};
use crate::{Error, ErrorKind};

/// Reads JSON text as `T`; empty text counts as an empty object. `what` names the argument.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for what is no JSON object, or does not fit.
pub fn object_from_text<T: DeserializeOwned>(what: &str, text: &str) -> Result<T, Error> {
    let text = if text.is_empty() { "{}" } else { text };
    let value = serde_json::from_str(text)
        .map_err(|error| invalid(what, &format!("not JSON: {}", describe(&error, text))))?;
    object_from_value(what, &value)
}

/// The same with a value.
///
/// # Errors
/// As [`object_from_text`].
pub fn object_from_value<T: DeserializeOwned>(what: &str, value: &Value) -> Result<T, Error> {
    if !value.is_object() {
        return Err(invalid(what, "not a JSON object"));
    }
    serde_path_to_error::deserialize(value).map_err(|error| {
        let problem = describe_at(&error.path().to_string(), error.inner());
        invalid(what, &problem)
    })
}

fn invalid(what: &str, problem: &str) -> Error {
    Error::new(ErrorKind::InvalidArgument, format!("{what}: {problem}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        ApiRequest, client::ClientOptions, protocol::JsonObject, transport::WebSocketTransportOptions,
    };

    fn complaint<T: DeserializeOwned>(text: &str) -> String {
        let error = object_from_text::<T>("options", text).err().expect("it can't be read");
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        error.message().to_owned()
    }

    #[test]
    fn what_fits_is_read() {
        assert_eq!(object_from_text::<JsonObject>("params", "").unwrap(), JsonObject::new());
        let request: ApiRequest = object_from_value("request", &json!({"endpoint": "http://b"})).unwrap();
        assert_eq!(request.endpoint, "http://b");
    }

    #[test]
    fn an_error_names_the_field_and_never_the_value() {
        const SECRET: &str = "s3cret";
        let cases = [
            complaint::<JsonObject>(r#""wss://h?token=s3cret""#),
            complaint::<JsonObject>(r#"["s3cret"]"#),
            complaint::<ApiRequest>(r#"{"endpoint":"http://h","headers":"Bearer s3cret"}"#),
            complaint::<ApiRequest>(r#"{"endpoint":["s3cret"]}"#),
            complaint::<WebSocketTransportOptions>(r#"{"headers":[{"name":"X","value":"y"},"s3cret"]}"#),
            complaint::<ClientOptions>(r#"{"reconnect":"s3cret"}"#),
            complaint::<ClientOptions>(r#"{"tls":{"pinnedKeys":["s3cret"]}}"#),
            complaint::<ClientOptions>(r#"{"tls":{"rootCertificates":"s3cret"}}"#),
            complaint::<ClientOptions>(r#"{"about":s3cret}"#),
        ];
        for message in &cases {
            assert!(message.starts_with("options: ") && !message.contains(SECRET), "{message}");
        }
        assert_eq!(cases[0], "options: not a JSON object");
        assert_eq!(cases[2], "options: headers: expected a sequence, found string");
        assert!(cases[4].starts_with("options: headers[1]: "), "{}", cases[4]);
        assert!(cases[5].starts_with("options: reconnect: "), "{}", cases[5]);
        assert!(complaint::<ClientOptions>(r#"{"magic":1}"#).contains("unknown field `magic`"));
    }
}
