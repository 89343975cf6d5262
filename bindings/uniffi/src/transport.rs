//! The transport of a client: one of the core's, or one of the app's.
//!
//! Depends on [`crate::connection`].

use std::{sync::Arc, time::Duration};

use futures_util::future::BoxFuture;
use rtvi_core::{
    Error, ErrorKind,
    media::AudioFormat,
    transport::{
        self, CaptureFormat, Closed, Connection, OpenRequest, Transport, TransportCapabilities, TransportPort,
    },
};

use crate::{
    connection::{self, FfiConnection, FfiConnectionEnd, Opening},
    error::FfiError,
};

/// The transport to the bot.
#[derive(Clone, uniffi::Enum)]
pub enum FfiTransportChoice {
    /// One of the core's. Creating a client fails as `unsupportedFeature` if the library was built
    /// without it.
    Named {
        /// `websocket`, `small-webrtc`, `livekit`, `phone` or `auto`.
        name: String,
        /// Its options: the JSON object of the core's struct.
        options_json: String,
    },
    /// A transport of the app's own.
    Custom {
        /// What it can carry.
        capabilities: FfiCustomTransport,
        /// The transport.
        transport: Arc<dyn FfiTransport>,
    },
}

/// What a transport of the app's own can carry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct FfiCustomTransport {
    /// The largest message that it accepts, in bytes of JSON text. If absent, there is no limit.
    #[uniffi(default)]
    pub max_message_size: Option<u32>,
    /// The rate of the audio that it needs from the microphone, in Hz. If absent, it carries none.
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
    /// Opens one connection and runs it to its end, by the rules of [`FfiConnection`]. An exception
    /// before it has opened is the reason why it could not be opened; a later exception is the
    /// reason why it was lost. The task is cancelled when the connection must end at once.
    async fn run(&self, connection: Arc<FfiConnection>) -> Result<FfiConnectionEnd, FfiError>;
}

impl FfiTransportChoice {
    pub(crate) fn into_core(self) -> Result<Arc<dyn Transport>, Error> {
        match self {
            Self::Named { name, options_json } => transport::named(&name, &options_json),
            Self::Custom { capabilities, transport } => {
                Ok(Arc::new(Custom { capabilities: capabilities.into_core()?, transport }))
            }
        }
    }
}

impl FfiCustomTransport {
    fn into_core(self) -> Result<TransportCapabilities, Error> {
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
        Ok(TransportCapabilities { max_message_size, capture })
    }
}

/// Creates the connections of an app's transport.
struct Custom {
    capabilities: TransportCapabilities,
    transport: Arc<dyn FfiTransport>,
}

impl Transport for Custom {
    fn name(&self) -> &'static str {
        "custom"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        let (capabilities, transport) = (self.capabilities.clone(), Arc::clone(&self.transport));
        Ok(Box::new(Attempt { capabilities, transport, opening: Opening::new(request) }))
    }
}

/// One connection of an app's transport, ready to open.
struct Attempt {
    capabilities: TransportCapabilities,
    transport: Arc<dyn FfiTransport>,
    opening: Opening,
}

impl Connection for Attempt {
    fn capabilities(&self) -> TransportCapabilities {
        self.capabilities.clone()
    }

    fn run(self: Box<Self>, port: TransportPort) -> BoxFuture<'static, Closed> {
        Box::pin(connection::run(self.transport, self.opening, port))
    }
}
