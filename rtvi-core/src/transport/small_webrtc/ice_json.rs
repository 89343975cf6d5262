//! ICE servers in JSON, as start endpoints and token services give them.
//!
//! Pure. What can't be read is passed over and logged: it costs no connection that may do without. Log lines name it, without what may be
//! secret.

use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::{log, transport::address};

use super::IceServer;

/// How much of a value a log line repeats.
const SHOWN: usize = 40;

/// Those of an app's options.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IceServer>, D::Error> {
    Ok(IceServer::list_from_json(&Value::deserialize(deserializer)?))
}

/// Whether the object is one server.
pub(super) fn is_server(fields: &Map<String, Value>) -> bool {
    fields.contains_key("urls") || fields.contains_key("url")
}

/// The servers of a list, or of one server; `None` when the value is neither.
pub(super) fn read(servers: &Value) -> Option<Vec<IceServer>> {
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
