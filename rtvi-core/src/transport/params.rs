//! The start request and the connect parameters, with which an app reaches a bot.
//!
//! Values only; each transport reads the keys that it knows.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::media::millis;

use super::{address, headers};

/// A request to an HTTP endpoint that starts a bot or accepts an offer.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(rename = "APIRequest"))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ApiRequest {
    /// The `http` or `https` URL.
    #[cfg_attr(feature = "schema", schemars(url))]
    pub endpoint: String,
    /// Extra request headers, sent in this order. Requests that belong to the same session send
    /// them too. Default: none.
    #[serde(default, with = "headers")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<headers::Header>"))]
    pub headers: Vec<(String, String)>,
    /// The JSON body. Default: none, which sends no body.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("writeOnly" = true)))]
    pub request_data: Option<Value>,
    /// The timeout for the complete request. Default: none, which means the client's timeout for
    /// start requests, and 10 s for offers.
    #[serde(rename = "timeoutMs", default, with = "millis::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<u32>"))]
    pub timeout: Option<Duration>,
}

impl ApiRequest {
    /// Creates a request to `endpoint` without extra headers or body.
    pub fn new(endpoint: impl Into<String>) -> Self {
        Self { endpoint: endpoint.into(), headers: Vec::new(), request_data: None, timeout: None }
    }

    /// Returns the same request with a JSON body.
    #[must_use]
    pub fn with_data(mut self, data: Value) -> Self {
        self.request_data = Some(data);
        self
    }

    /// Returns the same request with one more header.
    #[must_use]
    pub fn with_header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }
}

/// Omits header values, the query and the data.
impl fmt::Debug for ApiRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiRequest")
            .field("endpoint", &address::shown_text(&self.endpoint))
            .field("headers", &address::HeaderNames(&self.headers))
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}

/// The parameters that a transport needs to find the bot, as a JSON object. Usually this is the
/// start endpoint's answer, unchanged.
///
/// Each transport documents its keys and ignores unknown ones. The `Debug` form shows only the
/// keys.
#[derive(Clone, Default, PartialEq)]
pub struct ConnectParams(Map<String, Value>);

impl ConnectParams {
    /// Creates parameters from a JSON object.
    pub const fn new(object: Map<String, Value>) -> Self {
        Self(object)
    }

    /// Creates parameters for a WebSocket bot at `url`.
    pub fn websocket(url: impl Into<String>) -> Self {
        Self::default().with("wsUrl", url.into())
    }

    /// Returns the same parameters with one more key.
    #[must_use]
    pub fn with(mut self, key: impl Into<String>, value: impl Into<Value>) -> Self {
        self.0.insert(key.into(), value.into());
        self
    }

    /// Returns the value of the first of `keys` that is present and not null.
    pub fn get(&self, keys: &[&str]) -> Option<&Value> {
        keys.iter().filter_map(|key| self.0.get(*key)).find(|value| !value.is_null())
    }

    /// Returns the whole object.
    pub const fn as_object(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl fmt::Debug for ConnectParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ConnectParams ")?;
        f.debug_set().entries(self.0.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_secret_is_shown() {
        let request = ApiRequest::new("https://me:secret@bot.example/start?key=secret")
            .with_header("X-Key", "secret")
            .with_data(json!({"key": "secret"}));
        let params = ConnectParams::websocket("wss://b/?secret").with("token", "secret");
        let shown = format!("{request:?} {params:?}");
        assert!(!shown.contains("secret"), "{shown}");
        assert!(shown.contains("@bot.example/start") && shown.contains("X-Key"), "{shown}");
        assert!(shown.contains("token") && shown.contains("wsUrl"), "{shown}");
    }
}
