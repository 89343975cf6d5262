//! The server's reaction to `client-ready`: the version rules, and `bot-ready`.
//!
//! Pure. The rules are those of pipecat-ai 1.14.0 (RTVI 2.2.0), or of 0.0.99 (RTVI 1.1.0), which
//! has none.

use serde_json::{Map, Value, json};

use crate::{BotOptions, Protocol, messages};

/// The protocol version of [`Protocol::V2`].
const VERSION: &str = "2.2.0";

/// The protocol version of [`Protocol::V1`].
const LEGACY_VERSION: &str = "1.1.0";

/// What is known about the client.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Client {
    /// Its declared version. Until it declares a valid one, this is 0.0.0, which counts as a new
    /// client.
    version: [i64; 3],
}

impl Client {
    /// True for a client of RTVI 1.x, which receives every spoken word as a `bot-output` and no
    /// progress.
    pub(crate) fn is_legacy(self) -> bool {
        self.version[0] == 1
    }

    /// True for a client that knows the raw-text messages.
    pub(crate) fn knows_raw_text(self) -> bool {
        self.version >= [2, 2, 0]
    }

    /// Reads the version in a `client-ready`. Returns the server's complaint about it, if any.
    pub(crate) fn declare(
        &mut self,
        protocol: Protocol,
        data: Option<&Map<String, Value>>,
    ) -> Option<String> {
        let version = data.and_then(|data| data.get("version")).and_then(Value::as_str).unwrap_or_default();
        let parts: Result<Vec<i64>, _> = version.split('.').map(|part| part.trim().parse()).collect();
        let parsed = parts.ok().and_then(|parts| <[i64; 3]>::try_from(parts).ok());
        if let Some(parsed) = parsed {
            self.version = parsed;
        }
        if protocol == Protocol::V1 {
            return None;
        }
        let complaint = match parsed {
            _ if version.is_empty() => "Client version unknown.".to_owned(),
            None => format!("Invalid client version format ({version})."),
            Some([1 | 2, ..]) => return None,
            Some(_) => format!("RTVI version {version} is not compatible with server protocol {VERSION}."),
        };
        Some(format!("{complaint} Compatibility issues may occur."))
    }

    /// `bot-ready` for the client-ready `id`.
    pub(crate) fn bot_ready(self, options: &BotOptions, id: &str) -> Value {
        if options.protocol == Protocol::V1 {
            let about = json!({ "library": "pipecat-ai", "library_version": "0.0.99" });
            return messages::answer("bot-ready", id, json!({ "version": LEGACY_VERSION, "about": about }));
        }
        let [major, minor, patch] = self.version;
        let version = if self.is_legacy() { format!("{major}.{minor}.{patch}") } else { VERSION.to_owned() };
        let data = json!({
            "version": version,
            "about": { "library": "pipecat-ai", "library_version": "1.14.0" },
            "capabilities": {
                "audio_in": true, "audio_out": true, "video_in": true,
                "screen_in": true, "video_out": true, "metrics": options.metrics,
            },
        });
        messages::answer("bot-ready", id, data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declare(data: Value, protocol: Protocol) -> (Client, Option<String>) {
        let mut client = Client::default();
        let complaint = client.declare(protocol, data.as_object());
        (client, complaint)
    }

    #[test]
    fn versions_are_judged_as_the_server_does() {
        let unknown = "Client version unknown. Compatibility issues may occur.";
        let format = |v| format!("Invalid client version format ({v}). Compatibility issues may occur.");
        let other = "RTVI version 3.0.0 is not compatible with server protocol 2.2.0. Compatibility issues may occur.";
        for (data, expected) in [
            (json!({ "version": "2.1.0" }), None),
            (json!({ "version": "1.0.0" }), None),
            (json!({}), Some(unknown.to_owned())),
            (json!({ "version": 2 }), Some(unknown.to_owned())),
            (Value::Null, Some(unknown.to_owned())),
            (json!({ "version": "2.1" }), Some(format("2.1"))),
            (json!({ "version": "2.1.0-rc1" }), Some(format("2.1.0-rc1"))),
            (json!({ "version": "3.0.0" }), Some(other.to_owned())),
        ] {
            assert_eq!(declare(data.clone(), Protocol::V2).1, expected, "{data}");
            assert_eq!(declare(data, Protocol::V1).1, None);
        }
    }

    #[test]
    fn a_legacy_client_hears_its_own_version() {
        let options = BotOptions::default();
        let version = |declared: &str| {
            let (client, _) = declare(json!({ "version": declared }), Protocol::V2);
            client.bot_ready(&options, "7")["data"]["version"].clone()
        };
        assert_eq!(version("1.2.3"), "1.2.3");
        assert_eq!(version("2.0.0"), "2.2.0");
        assert_eq!(version("nonsense"), "2.2.0");
    }

    #[test]
    fn an_old_server_says_what_old_servers_say() {
        let options = BotOptions { protocol: Protocol::V1, ..BotOptions::default() };
        let ready = Client::default().bot_ready(&options, "7");
        assert_eq!(ready["data"]["version"], LEGACY_VERSION);
        assert_eq!(ready["data"].get("capabilities"), None);
    }
}
