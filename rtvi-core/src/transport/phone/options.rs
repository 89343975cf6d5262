//! The phone transport's options. Values only.

use std::{collections::BTreeMap, fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    media::millis,
    protocol::telephony::{PhoneCall, PhoneEncoding, PhoneProvider},
    transport::{TlsOptions, address, headers},
};

/// A call as a telephone provider makes it, to test bots that are written for phones.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct PhoneTransportOptions {
    /// The provider: `twilio`, `telnyx`, `plivo`, `exotel`, `vonage` or `genesys`. Default: "twilio".
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub provider: PhoneProvider,
    /// The caller's number. Default: none.
    #[cfg_attr(feature = "schema", schemars(extend("writeOnly" = true)))]
    pub from: Option<String>,
    /// The number that is called. Default: none.
    #[cfg_attr(feature = "schema", schemars(extend("writeOnly" = true)))]
    pub to: Option<String>,
    /// Parameters for the bot, by name: what an app sets when it lets the provider connect the
    /// call. Twilio, Plivo and Vonage do not announce numbers; with them, `from` and `to` are the
    /// parameters `from_number` and `to_number`. Default: none.
    #[cfg_attr(feature = "schema", schemars(extend("writeOnly" = true)))]
    pub parameters: BTreeMap<String, String>,
    /// The encoding of the caller's voice: `pcmu`, `pcma`, `l16-8000`, `l16-16000` or `l16-24000`.
    /// Twilio and Genesys have pcmu; Telnyx pcmu and pcma; Plivo pcmu, l16-8000 and l16-16000;
    /// Exotel l16-8000; Vonage all of the l16. Default: none, which means the first that the
    /// provider has, and l16-16000 for Vonage.
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub encoding: Option<PhoneEncoding>,
    /// The URL to use if the connect parameters contain none. Default: none.
    #[cfg_attr(feature = "schema", schemars(url))]
    pub url: Option<String>,
    /// The headers of every upgrade request, sent in this order. Headers in the connect parameters
    /// replace those of the same name. Default: none.
    #[serde(with = "headers")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<headers::Header>"))]
    pub headers: Vec<(String, String)>,
    /// Which servers to trust on `wss` URLs, and whether `ws` is allowed outside private networks.
    /// Default: none, which means the client's options.
    pub tls: Option<TlsOptions>,
    /// How long a bot that has sent audio may be silent on the socket before the connection counts
    /// as lost; as for a WebSocket. Default: 5.5 s.
    #[serde(rename = "stallTimeoutMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub stall_timeout: Duration,
}

impl Default for PhoneTransportOptions {
    fn default() -> Self {
        Self {
            provider: PhoneProvider::default(),
            from: None,
            to: None,
            parameters: BTreeMap::new(),
            encoding: None,
            url: None,
            headers: Vec::new(),
            tls: None,
            stall_timeout: Duration::from_millis(5_500),
        }
    }
}

/// Omits header values, the query, and what the app says about the caller.
impl fmt::Debug for PhoneTransportOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PhoneTransportOptions")
            .field("provider", &self.provider)
            .field("parameters", &self.parameters.keys().collect::<Vec<_>>())
            .field("encoding", &self.encoding)
            .field("url", &self.url.as_deref().map(address::shown_text))
            .field("headers", &address::HeaderNames(&self.headers))
            .field("stall_timeout", &self.stall_timeout)
            .finish_non_exhaustive()
    }
}

impl PhoneTransportOptions {
    /// The call that these options describe.
    pub(super) fn call(&self, random: [u8; 16]) -> PhoneCall {
        let mut call = PhoneCall::new(self.provider, random);
        call.from = self.from.clone().unwrap_or_default();
        call.to = self.to.clone().unwrap_or_default();
        call.parameters = self.parameters.clone().into_iter().collect();
        call.encoding = self.encoding.unwrap_or(call.encoding);
        call
    }
}
