//! What an app can choose for the SmallWebRTC transport. Values only.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    media::{OpusOptions, millis},
    transport::{
        ApiRequest, TlsOptions,
        rtc::{
            SharedCalls,
            ice_server::{self, IceServer},
        },
    },
};

/// WebRTC with a bot, without a service between them: what Pipecat recommends for apps.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct SmallWebRtcTransportOptions {
    /// The offer request to make when the connect parameters hold none. Default: none.
    pub offer: Option<ApiRequest>,
    /// Where offers go after a start request, with `:sessionId` in the session's place; relative to
    /// the start URL or absolute. Default: none, and then the `/start` of the start URL becomes
    /// `/sessions/:sessionId/api/offer`.
    pub offer_url_template: Option<String>,
    /// STUN and TURN servers, used unless the connect parameters bring their own. Default: none.
    #[serde(deserialize_with = "ice_server::deserialize")]
    pub ice_servers: Vec<IceServer>,
    /// Whether to connect through TURN servers only, which hides the user's address from the
    /// server. Connecting then fails as soon as none of them relays, with the reasons. Default:
    /// false.
    pub relay_only: bool,
    /// Whether the client also connects to the server's TCP candidates (ICE over TCP, RFC 6544),
    /// for networks that block UDP. UDP gets a head start of 250 ms. The client itself accepts no
    /// connections. The option has no effect together with relaying only, or with servers that
    /// offer no TCP candidates, such as Pipecat's own. Default: false.
    pub ice_tcp: bool,
    /// Whether the offer waits until all network candidates are known, up to 2 s, so that none has
    /// to be sent after it. For servers that take no later ones. Default: false.
    pub wait_for_ice_gathering: bool,
    /// How the user's audio is encoded.
    pub opus: OpusOptions,
    /// Whom to trust on `https` and `turns` URLs, and whether `http` is allowed outside private
    /// networks. Default: none, which is as the client's options say.
    pub tls: Option<TlsOptions>,
    /// How long a server that has sent messages before may be silent before the connection counts
    /// as lost. It confirms one of ours each second; checked ten times a second. One whose HTTP
    /// port refuses connections while its audio is missing is given up after 1 s. Default: 5.75 s,
    /// so that a gap in the network, or a bot whose event loop stands still for 4.5 s, is waited
    /// for and a frozen server is noticed within 6 s.
    #[serde(rename = "stallTimeoutMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub stall_timeout: Duration,
    /// What this call shares with others of this process. Not part of the JSON. Default: none.
    #[serde(skip)]
    pub shared: Option<SharedCalls>,
}

impl Default for SmallWebRtcTransportOptions {
    fn default() -> Self {
        Self {
            offer: None,
            offer_url_template: None,
            ice_servers: Vec::new(),
            relay_only: false,
            ice_tcp: false,
            wait_for_ice_gathering: false,
            opus: OpusOptions::default(),
            tls: None,
            stall_timeout: Duration::from_millis(5_750),
            shared: None,
        }
    }
}
