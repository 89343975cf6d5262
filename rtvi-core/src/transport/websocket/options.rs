//! What an app can choose for the WebSocket transport. Values only.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    media::{AudioFormat, millis},
    transport::{CaptureFormat, TlsOptions, address, headers},
};

/// Length of a microphone frame, as the server's own clients use it.
const CAPTURE_FRAME: Duration = Duration::from_millis(20);

/// A WebSocket with Pipecat's protobuf framing: for prototypes, servers and networks without UDP.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct WebSocketTransportOptions {
    /// The URL to use when the connect parameters hold none. Default: none.
    #[cfg_attr(feature = "schema", schemars(url))]
    pub url: Option<String>,
    /// Headers of every upgrade request; those in the connect parameters replace ones of the same name. The headers of
    /// the start request are not among them: they are secrets of another server. They are sent in this order. Default: none.
    #[serde(with = "headers")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<headers::Header>"))]
    pub headers: Vec<(String, String)>,
    /// Rate of the audio that is sent, in Hz; 16-bit mono in frames of 20 ms. Default: 16000.
    pub sample_rate: u32,
    /// Whom to trust on `wss` URLs, and whether `ws` is allowed outside private networks. Default: none, which is as the client's options
    /// say.
    pub tls: Option<TlsOptions>,
    /// How long a server that has sent messages or audio before may give no sign of life until the connection counts as
    /// lost. A silent one is sent pings, twice a second. A server that has never answered a ping is only given up when it takes
    /// no data for as long. Default: 5.5 s, so that a bot whose event loop stands still for 4.5 s is waited for and a frozen server is noticed
    /// within 6 s.
    #[serde(rename = "stallTimeoutMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub stall_timeout: Duration,
}

impl Default for WebSocketTransportOptions {
    fn default() -> Self {
        Self {
            url: None,
            headers: Vec::new(),
            sample_rate: 16_000,
            tls: None,
            stall_timeout: Duration::from_millis(5_500),
        }
    }
}

/// Without a header's value and a query.
impl fmt::Debug for WebSocketTransportOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebSocketTransportOptions")
            .field("url", &self.url.as_deref().map(address::shown_text))
            .field("headers", &address::HeaderNames(&self.headers))
            .field("sample_rate", &self.sample_rate)
            .field("stall_timeout", &self.stall_timeout)
            .finish_non_exhaustive()
    }
}

impl WebSocketTransportOptions {
    /// The audio wanted from the microphone.
    pub(super) const fn capture(&self) -> CaptureFormat {
        CaptureFormat { format: AudioFormat::mono(self.sample_rate), frame: CAPTURE_FRAME }
    }
}
