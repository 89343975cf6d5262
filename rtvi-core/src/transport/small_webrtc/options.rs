//! What an app can choose for the SmallWebRTC transport. Values only.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    media::{OpusOptions, millis},
    transport::{ApiRequest, TlsOptions},
};

use super::{ice_json, turn::TurnUrl};

/// WebRTC with a bot, without a service between them: what Pipecat recommends for apps.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct SmallWebRtcTransportOptions {
    /// The offer request to make when the connect parameters hold none. Default: none.
    pub offer: Option<ApiRequest>,
    /// Where offers go after a start request, with `:sessionId` in the session's place; relative to the start URL or absolute.
    /// Default: none, and then the `/start` of the start URL becomes `/sessions/:sessionId/api/offer`.
    pub offer_url_template: Option<String>,
    /// STUN and TURN servers, used unless the connect parameters bring their own. Default: none.
    #[serde(deserialize_with = "ice_json::deserialize")]
    pub ice_servers: Vec<IceServer>,
    /// Whether to connect through TURN servers only, which hides the user's address from the server. Connecting then fails as
    /// soon as none of them relays, with the reasons. Default: false.
    pub relay_only: bool,
    /// Whether the offer waits until all network candidates are known, up to 2 s, so that none has to be sent after it. For
    /// servers that take no later ones. Default: false.
    pub wait_for_ice_gathering: bool,
    /// How the user's audio is encoded.
    pub opus: OpusOptions,
    /// Whom to trust on `https` and `turns` URLs, and whether `http` is allowed outside private networks. Default: none, which is
    /// as the client's options say.
    pub tls: Option<TlsOptions>,
    /// How long a server that has sent messages before may give no sign of life until the connection counts as lost.
    /// It confirms one of ours each second; checked ten times a second. One whose HTTP port refuses connections while its audio is missing is
    /// given up after 1 s. Default: 5.75 s, so that a gap in the network, or a bot whose event loop stands still for 4.5 s, is waited for and a
    /// frozen server is noticed within 6 s.
    #[serde(rename = "stallTimeoutMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub stall_timeout: Duration,
}

impl Default for SmallWebRtcTransportOptions {
    fn default() -> Self {
        Self {
            offer: None,
            offer_url_template: None,
            ice_servers: Vec::new(),
            relay_only: false,
            wait_for_ice_gathering: false,
            opus: OpusOptions::default(),
            tls: None,
            stall_timeout: Duration::from_millis(5_750),
        }
    }
}

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
    pub fn list_from_json(servers: &serde_json::Value) -> Vec<Self> {
        ice_json::read(servers).unwrap_or_default()
    }

    /// Whether it is a TURN server that can be used.
    pub(super) fn is_relay(&self) -> bool {
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
