//! STUN and TURN servers, and their JSON, as start endpoints and token services give it.
//!
//! Pure. What can't be read is passed over and logged: it costs no connection that may do without. Log lines name it, without what may be
//! secret.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};

use crate::{log, transport::address};

use super::turn::TurnUrl;

/// How much of a value a log line repeats.
const SHOWN: usize = 40;

/// A STUN or TURN server.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct IceServer {
    /// Its URLs: `stun:host:port`, `turn:host:port` (over UDP), `turn:host:port?transport=tcp`, `turns:host:port` (over TLS).
    /// Others, and servers after the eighth of a kind, are passed over with a line in the log that names them.
    pub urls: Vec<String>,
    /// The user's name at a TURN server. Default: none, for STUN.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("writeOnly" = true)))]
    pub username: String,
    /// The password at a TURN server. Default: none, for STUN.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(extend("writeOnly" = true)))]
    pub credential: String,
}

impl IceServer {
    /// A server without a password.
    pub fn new(url: impl Into<String>) -> Self {
        Self { urls: vec![url.into()], ..Self::default() }
    }

    /// The servers of a JSON list as start endpoints and token services give it: objects with `urls` (a text or a list) or `url`, and with
    /// `username` and `credential` where they relay. What can't be read is passed over with a line in the log.
    pub fn list_from_json(servers: &Value) -> Vec<Self> {
        read(servers).unwrap_or_default()
    }

    /// Whether it is a TURN server that can be used.
    pub(crate) fn is_relay(&self) -> bool {
        let has_password = !self.username.is_empty() && !self.credential.is_empty();
        has_password && self.urls.iter().any(|url| TurnUrl::parse(url).is_ok())
    }
}

/// Without name and password.
impl fmt::Debug for IceServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IceServer").field("urls", &self.urls).finish_non_exhaustive()
    }
}

/// Those of an app's options.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IceServer>, D::Error> {
    Ok(IceServer::list_from_json(&Value::deserialize(deserializer)?))
}

/// Whether the object is one server.
pub(crate) fn is_server(fields: &Map<String, Value>) -> bool {
    fields.contains_key("urls") || fields.contains_key("url")
}

/// The servers of a list, or of one server; `None` when the value is neither.
pub(crate) fn read(servers: &Value) -> Option<Vec<IceServer>> {
    match servers {
        Value::Null => None,
        Value::Array(servers) => Some(servers.iter().flat_map(read_server).collect()),
        Value::Object(server) => Some(read_fields(server)),
        other => {
            log::warn!("the ICE servers are passed over: {} is no list of them", kind(other));
            None
        }
    }
}

fn read_server(value: &Value) -> Vec<IceServer> {
    match value {
        Value::Object(server) => read_fields(server),
        Value::String(url) => vec![IceServer::new(url.trim())],
        other => {
            log::warn!("an ICE server is passed over: {} is none", kind(other));
            Vec::new()
        }
    }
}

/// The server of this object; none when it has no URL. Its parts may be `null`, its user's name a number.
fn read_fields(server: &Map<String, Value>) -> Vec<IceServer> {
    let part = |key: &str| match server.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let (username, credential) = (part("username"), part("credential"));
    // Token services give both, and the same in both.
    let lists = ["urls", "url"].iter().filter_map(|key| server.get(*key)).map(read_urls);
    let Some(urls) = lists.into_iter().find(|urls| !urls.is_empty()) else {
        log::warn!("an ICE server is passed over: it has no 'urls' that can be read");
        return Vec::new();
    };
    vec![IceServer { urls, username, credential }]
}

fn read_urls(value: &Value) -> Vec<String> {
    match value {
        Value::String(url) => vec![url.trim().to_owned()],
        Value::Array(urls) => urls.iter().flat_map(read_urls_of_list).collect(),
        Value::Null => Vec::new(),
        other => {
            log::warn!("the 'urls' of an ICE server are passed over: {} is none", kind(other));
            Vec::new()
        }
    }
}

fn read_urls_of_list(value: &Value) -> Option<String> {
    match value {
        Value::String(url) => Some(url.trim().to_owned()),
        other => {
            log::warn!("one of an ICE server's 'urls' is passed over: {} is none", kind(other));
            None
        }
    }
}

/// What a value is, for a log line: numbers and the like as they are, what may hold a secret by its kind.
fn kind(value: &Value) -> String {
    match value {
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::String(text) => format!("'{}'", address::shown_text(text).escape_debug()),
        other => other.to_string(),
    }
    .chars()
    .take(SHOWN)
    .collect()
}
