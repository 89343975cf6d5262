//! Transports by name, with their options as JSON, for bindings and configuration files.
//!
//! Depends on the transports. A new transport is one arm here.

use std::sync::Arc;

use serde::de::DeserializeOwned;

use crate::{
    error::{Error, ErrorKind},
    protocol::object_from_text,
};

use super::{AutoTransport, PhoneTransport, Transport, WebSocketTransport};
#[cfg(feature = "webrtc")]
use super::{LiveKitTransport, SmallWebRtcTransport};

/// The names of the transports that this library was built with.
pub const TRANSPORTS: &[&str] = if cfg!(feature = "webrtc") {
    &["websocket", "small-webrtc", "livekit", "phone", "auto"]
} else {
    &["websocket", "phone", "auto"]
};

/// Creates the transport with that name. `options` is JSON:
/// [`WebSocketTransportOptions`](super::WebSocketTransportOptions) for `websocket`,
/// [`SmallWebRtcTransportOptions`](super::SmallWebRtcTransportOptions) for `small-webrtc`,
/// [`LiveKitTransportOptions`](super::LiveKitTransportOptions) for `livekit`,
/// [`PhoneTransportOptions`](super::PhoneTransportOptions) for `phone`,
/// [`AutoTransportOptions`](super::AutoTransportOptions) for `auto`. An empty text is an empty
/// object.
///
/// # Errors
/// [`ErrorKind::InvalidArgument`] for another name and for unreadable options;
/// [`ErrorKind::UnsupportedFeature`] for a transport that this library was built without.
pub fn named(name: &str, options: &str) -> Result<Arc<dyn Transport>, Error> {
    match name {
        "websocket" => Ok(Arc::new(WebSocketTransport::new(read(options)?))),
        #[cfg(feature = "webrtc")]
        "small-webrtc" => Ok(Arc::new(SmallWebRtcTransport::new(read(options)?))),
        #[cfg(feature = "webrtc")]
        "livekit" => Ok(Arc::new(LiveKitTransport::new(read(options)?))),
        #[cfg(not(feature = "webrtc"))]
        "small-webrtc" | "livekit" => {
            let text = format!("{name}: the library is built without the feature `webrtc`");
            Err(Error::new(ErrorKind::UnsupportedFeature, text))
        }
        "phone" => Ok(Arc::new(PhoneTransport::new(read(options)?))),
        "auto" => Ok(Arc::new(AutoTransport::new(read(options)?))),
        other => {
            let text = format!("there is no transport {other:?}; available: {}", TRANSPORTS.join(", "));
            Err(Error::new(ErrorKind::InvalidArgument, text))
        }
    }
}

fn read<T: DeserializeOwned>(options: &str) -> Result<T, Error> {
    object_from_text("transport options", options)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_its_options() {
        for name in TRANSPORTS {
            assert_eq!(named(name, "").unwrap().name(), *name);
            assert!(named(name, r#"{"speed":1}"#).is_err_and(|error| error.message().contains("speed")));
        }
        for name in TRANSPORTS.iter().filter(|name| **name != "auto") {
            assert!(named(name, r#"{"tls":{"allowPlaintext":true},"stallTimeoutMs":1}"#).is_ok());
        }
        assert!(named("auto", r#"{"websocket":{"sampleRate":8000}}"#).is_ok());
        #[cfg(feature = "webrtc")]
        assert!(named("auto", r#"{"smallWebRtc":{"relayOnly":true},"liveKit":{"botIdentity":"b"}}"#).is_ok());
        assert!(named("auto", r#"{"websocket":{"relayOnly":true}}"#).is_err());
        assert!(named("websocket", "[]").is_err());
        assert!(named("pigeon", "").is_err_and(|error| error.message().contains("pigeon")));
    }
}
