//! The WebSocket transport's options. Values only.

use std::{fmt, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    media::{AudioFormat, millis},
    transport::{CaptureFormat, TlsOptions, address, headers},
};

/// The length of a microphone frame, as in the server's own clients.
const CAPTURE_FRAME: Duration = Duration::from_millis(20);

/// A WebSocket with Pipecat's protobuf framing: for prototypes, servers and networks without UDP.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct WebSocketTransportOptions {
    /// The URL to use if the connect parameters contain none. Default: none.
    #[cfg_attr(feature = "schema", schemars(url))]
    pub url: Option<String>,
    /// The headers of every upgrade request, sent in this order. Headers in the connect parameters
    /// replace those of the same name. The headers of the start request are not included, because
    /// they are secrets of another server. Default: none.
    #[serde(with = "headers")]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<headers::Header>"))]
    pub headers: Vec<(String, String)>,
    /// The sample rate of the sent audio, in Hz; 16-bit mono in frames of 20 ms. Default: 16000.
    pub sample_rate: u32,
    /// Which servers to trust on `wss` URLs, and whether `ws` is allowed outside private networks.
    /// Default: none, which means the client's options.
    pub tls: Option<TlsOptions>,
    /// How long a server that has sent messages or audio may be silent before the connection counts
    /// as lost. A silent server is pinged twice a second. A server that has never answered a ping
    /// counts as lost only if it accepts no data for this long. Default: 5.5 s, so that the client
    /// waits for a bot whose event loop stalls for 4.5 s and notices a frozen server within 6 s.
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

/// Omits header values and the query.
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
    /// The audio format expected from the microphone.
    pub(super) const fn capture(&self) -> CaptureFormat {
        CaptureFormat { format: AudioFormat::mono(self.sample_rate), frame: CAPTURE_FRAME }
    }
}
