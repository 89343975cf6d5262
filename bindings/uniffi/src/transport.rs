//! Which transport a client uses: one of the core's, or one of the app's.
//!
//! Depends on [`crate::connection`]. A new transport is one case here and its options.

use std::{collections::HashMap, sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
#[cfg(feature = "webrtc")]
use rtvi_core::transport::{IceServer, SmallWebRtcTransport, SmallWebRtcTransportOptions};
use rtvi_core::{
    Error, ErrorKind,
    media::AudioFormat,
    transport::{
        CaptureFormat, Closed, OpenRequest, Transport, TransportFactory, TransportFacts, TransportPort,
        WebSocketTransport, WebSocketTransportOptions,
    },
};

use crate::{
    connection::{self, FfiConnection, FfiConnectionEnd, Opening},
    error::FfiError,
    session::FfiStartRequest,
    tls::FfiTls,
};

/// How to reach bots.
#[derive(Clone, uniffi::Enum)]
pub enum FfiTransportChoice {
    /// WebSocket, with Pipecat's protobuf framing.
    WebSocket {
        /// Its options.
        options: FfiWebSocketOptions,
    },
    /// SmallWebRTC. Making a client fails as `unsupportedFeature` where the library was built without it.
    SmallWebRtc {
        /// Its options.
        options: FfiSmallWebRtcOptions,
    },
    /// A transport of the app's own.
    Custom {
        /// What it can carry.
        facts: FfiCustomTransport,
        /// The transport.
        transport: Arc<dyn FfiTransport>,
    },
}

/// Options of the WebSocket transport.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct FfiWebSocketOptions {
    /// The URL to use when the connect parameters hold none.
    #[uniffi(default)]
    pub url: Option<String>,
    /// Headers of every upgrade request; those in the connect parameters replace ones of the same name.
    #[uniffi(default)]
    pub headers: HashMap<String, String>,
    /// Rate of the audio that is sent, in Hz; 16,000 when absent.
    #[uniffi(default)]
    pub sample_rate: Option<u32>,
    /// Whom to trust.
    #[uniffi(default)]
    pub tls: FfiTls,
    /// How long a server may give no sign of life until the connection counts as lost, in milliseconds; 5,500 when absent.
    #[uniffi(default)]
    pub stall_timeout_ms: Option<u32>,
}

/// Options of the SmallWebRTC transport.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct FfiSmallWebRtcOptions {
    /// The offer request to make when the connect parameters hold none.
    #[uniffi(default)]
    pub offer: Option<FfiStartRequest>,
    /// Where offers go after a start request, with `:sessionId` in the session's place; relative to the start URL or absolute.
    #[uniffi(default)]
    pub offer_url_template: Option<String>,
    /// STUN and TURN servers, used unless the connect parameters bring their own.
    #[uniffi(default)]
    pub ice_servers: Vec<FfiIceServer>,
    /// Whether to connect through TURN servers only.
    #[uniffi(default = false)]
    pub relay_only: bool,
    /// Whether the offer waits until all network candidates are known.
    #[uniffi(default = false)]
    pub wait_for_ice_gathering: bool,
    /// Whom to trust.
    #[uniffi(default)]
    pub tls: FfiTls,
    /// How long a server may give no sign of life until the connection counts as lost, in milliseconds; 5,750 when absent.
    #[uniffi(default)]
    pub stall_timeout_ms: Option<u32>,
}

/// A STUN or TURN server.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct FfiIceServer {
    /// Its URLs: `stun:host:port`, `turn:host:port`.
    pub urls: Vec<String>,
    /// The user's name at a TURN server.
    #[uniffi(default = "")]
    pub username: String,
    /// The password at a TURN server.
    #[uniffi(default = "")]
    pub credential: String,
}

/// What a transport of the app's own can carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct FfiCustomTransport {
    /// The largest message it takes, in bytes of JSON text; any when absent.
    #[uniffi(default)]
    pub max_message_size: Option<u32>,
    /// The rate of the audio it wants from the microphone, in Hz; without it, it carries none.
    #[uniffi(default)]
    pub capture_sample_rate: Option<u32>,
    /// The channels of that audio.
    #[uniffi(default = 1)]
    pub capture_channels: u16,
    /// The length of each piece of that audio, in milliseconds.
    #[uniffi(default = 20)]
    pub capture_frame_ms: u32,
}

/// A transport of the app's own.
#[uniffi::export(with_foreign)]
#[async_trait::async_trait]
pub trait FfiTransport: Send + Sync {
    /// Opens one connection and runs it to its end, by the rules of [`FfiConnection`]. What it throws before it has opened is the reason why
    /// it could not be opened, and afterwards why it was lost. The task is cancelled when the connection must end at once.
    async fn run(&self, connection: Arc<FfiConnection>) -> Result<FfiConnectionEnd, FfiError>;
}

impl FfiTransportChoice {
    pub(crate) fn into_core(self) -> Result<Arc<dyn TransportFactory>, Error> {
        match self {
            Self::WebSocket { options } => Ok(Arc::new(options.into_transport()?)),
            Self::SmallWebRtc { options } => options.into_transport(),
            Self::Custom { facts, transport } => {
                Ok(Arc::new(Custom { facts: facts.into_core()?, transport }))
            }
        }
    }
}

fn millis(given: Option<u32>, default: Duration) -> Duration {
    given.map_or(default, |millis| Duration::from_millis(millis.into()))
}

impl FfiWebSocketOptions {
    fn into_transport(self) -> Result<WebSocketTransport, Error> {
        let default = WebSocketTransportOptions::default();
        Ok(WebSocketTransport::new(WebSocketTransportOptions {
            url: self.url,
            headers: self.headers.into_iter().collect(),
            sample_rate: self.sample_rate.unwrap_or(default.sample_rate),
            tls: self.tls.into_core()?,
            stall_timeout: millis(self.stall_timeout_ms, default.stall_timeout),
        }))
    }
}

#[cfg(feature = "webrtc")]
impl FfiSmallWebRtcOptions {
    fn into_transport(self) -> Result<Arc<dyn TransportFactory>, Error> {
        Ok(Arc::new(SmallWebRtcTransport::new(self.into_core()?)))
    }

    fn into_core(self) -> Result<SmallWebRtcTransportOptions, Error> {
        let default = SmallWebRtcTransportOptions::default();
        let server = |server: FfiIceServer| IceServer {
            urls: server.urls,
            username: server.username,
            credential: server.credential,
        };
        Ok(SmallWebRtcTransportOptions {
            offer: self.offer.map(FfiStartRequest::into_core),
            offer_url_template: self.offer_url_template,
            ice_servers: self.ice_servers.into_iter().map(server).collect(),
            relay_only: self.relay_only,
            wait_for_ice_gathering: self.wait_for_ice_gathering,
            tls: self.tls.into_core()?,
            stall_timeout: millis(self.stall_timeout_ms, default.stall_timeout),
            ..default
        })
    }
}

#[cfg(not(feature = "webrtc"))]
impl FfiSmallWebRtcOptions {
    fn into_transport(self) -> Result<Arc<dyn TransportFactory>, Error> {
        let text = "this library was built without the SmallWebRTC transport";
        Err(Error::new(ErrorKind::UnsupportedFeature, text))
    }
}

impl FfiCustomTransport {
    fn into_core(self) -> Result<TransportFacts, Error> {
        let capture = self.capture_sample_rate.map(|sample_rate| CaptureFormat {
            format: AudioFormat { sample_rate, channels: self.capture_channels },
            frame: Duration::from_millis(self.capture_frame_ms.into()),
        });
        if let Some(capture) = capture
            && (!capture.format.is_supported() || capture.frame.is_zero())
        {
            let text = format!("can't capture {} in pieces of {} ms", capture.format, self.capture_frame_ms);
            return Err(Error::new(ErrorKind::InvalidArgument, text));
        }
        let max_message_size = self.max_message_size.map_or(usize::MAX, |size| size as usize);
        Ok(TransportFacts { max_message_size, capture })
    }
}

/// Makes the connections of an app's transport.
struct Custom {
    facts: TransportFacts,
    transport: Arc<dyn FfiTransport>,
}

impl TransportFactory for Custom {
    fn name(&self) -> &'static str {
        "custom"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Transport>, Error> {
        let (facts, transport) = (self.facts.clone(), Arc::clone(&self.transport));
        Ok(Box::new(Attempt { facts, transport, opening: Opening::new(request) }))
    }
}

/// One connection of an app's transport, ready to be opened.
struct Attempt {
    facts: TransportFacts,
    transport: Arc<dyn FfiTransport>,
    opening: Opening,
}

impl Transport for Attempt {
    fn facts(&self) -> TransportFacts {
        self.facts.clone()
    }

    fn run(self: Box<Self>, port: TransportPort) -> BoxFuture<'static, Closed> {
        Box::pin(connection::run(self.transport, self.opening, port))
    }
}

#[cfg(all(test, feature = "webrtc"))]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_offer_is_a_whole_request() {
        let offer = FfiStartRequest {
            endpoint: "https://bots.example/offer".to_owned(),
            headers: HashMap::from([("authorization".to_owned(), "Bearer x".to_owned())]),
            request_data: Some(json!({"bot": 7})),
            timeout_ms: Some(1_500),
        };
        let options = FfiSmallWebRtcOptions { offer: Some(offer.clone()), ..Default::default() };
        let request = options.into_core().unwrap().offer.unwrap();
        assert_eq!(FfiStartRequest::from(&request), offer);
        assert_eq!(request.timeout, Some(Duration::from_millis(1_500)));
    }
}
