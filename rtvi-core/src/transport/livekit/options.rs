//! What an app can choose for the LiveKit transport. Values only.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    media::{OpusOptions, millis},
    transport::{
        TlsOptions, address,
        rtc::{
            SharedCalls,
            ice_server::{self, IceServer},
        },
    },
};

/// WebRTC with a bot in a room of a LiveKit server.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct LiveKitTransportOptions {
    /// The URL of the LiveKit server if the connect parameters contain none. Default: none.
    #[cfg_attr(feature = "schema", schemars(url))]
    pub url: Option<String>,
    /// The token for the room if the connect parameters contain none. Default: none.
    #[cfg_attr(feature = "schema", schemars(extend("writeOnly" = true)))]
    pub token: Option<String>,
    /// STUN and TURN servers to use beside the TURN servers that the LiveKit server names. Default:
    /// none.
    #[serde(deserialize_with = "ice_server::deserialize")]
    pub ice_servers: Vec<IceServer>,
    /// Whether to connect through TURN servers only, which hides the user's address from the LiveKit
    /// server. Connecting then fails if there are none, or if none of them relays. Default: false.
    pub relay_only: bool,
    /// Whether the client also connects to the server's TCP candidates (ICE over TCP, RFC 6544), for
    /// networks that block UDP. UDP gets a head start of 250 ms. The option has no effect together
    /// with relaying only. Default: true.
    pub ice_tcp: bool,
    /// How the user's audio is encoded.
    pub opus: OpusOptions,
    /// Which servers to trust on `wss` and `turns` URLs, and whether `ws` is allowed outside private
    /// networks. Default: none, which means the client's options.
    pub tls: Option<TlsOptions>,
    /// How long the server may be silent before the client counts its signalling connection as lost
    /// and resumes the session. The client pings the server. Default: 5.75 s.
    #[serde(rename = "stallTimeoutMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub stall_timeout: Duration,
    /// How long the client tries to resume the session in the room after it lost its connection.
    /// After that, the connection counts as lost, and the client joins the room once more. The server
    /// keeps a silent participant for 15 to 20 s; common bots end when it is gone. Default: 15 s.
    #[serde(rename = "resumeTimeoutMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub resume_timeout: Duration,
    /// The identity of the bot in the room, for rooms in which a bot can't be told from people.
    /// Default: none, which means the first participant whose token says that it is an agent; if
    /// there is none after 5 s, the first one that publishes audio.
    pub bot_identity: Option<String>,
    /// What this call shares with others of this process. Not part of the JSON. Default: none.
    #[serde(skip)]
    pub shared: Option<SharedCalls>,
}

impl Default for LiveKitTransportOptions {
    fn default() -> Self {
        Self {
            url: None,
            token: None,
            ice_servers: Vec::new(),
            relay_only: false,
            ice_tcp: true,
            opus: OpusOptions::default(),
            tls: None,
            stall_timeout: Duration::from_millis(5_750),
            resume_timeout: Duration::from_secs(15),
            bot_identity: None,
            shared: None,
        }
    }
}

/// Omits the token and the URL's query.
impl fmt::Debug for LiveKitTransportOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LiveKitTransportOptions")
            .field("url", &self.url.as_deref().map(address::shown_text))
            .field("ice_servers", &self.ice_servers)
            .field("relay_only", &self.relay_only)
            .field("ice_tcp", &self.ice_tcp)
            .field("opus", &self.opus)
            .field("stall_timeout", &self.stall_timeout)
            .field("resume_timeout", &self.resume_timeout)
            .field("bot_identity", &self.bot_identity)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_by_name() {
        let json = r#"{"url":"wss://h","token":"t","iceTcp":false,"resumeTimeoutMs":2000,"botIdentity":"b"}"#;
        let options: LiveKitTransportOptions = serde_json::from_str(json).unwrap();
        assert_eq!((options.url.as_deref(), options.token.as_deref()), (Some("wss://h"), Some("t")));
        assert_eq!((options.ice_tcp, options.resume_timeout), (false, Duration::from_secs(2)));
        assert_eq!(options.stall_timeout, LiveKitTransportOptions::default().stall_timeout);
        assert!(serde_json::from_str::<LiveKitTransportOptions>(r#"{"room":"r"}"#).is_err());
    }

    #[test]
    fn the_token_is_not_shown() {
        let options = LiveKitTransportOptions {
            url: Some("wss://me:secret@h/?secret".to_owned()),
            token: Some("secret".to_owned()),
            ..LiveKitTransportOptions::default()
        };
        assert!(!format!("{options:?}").contains("secret"), "{options:?}");
    }
}
