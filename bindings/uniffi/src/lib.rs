//! The interface of the RTVI client SDK from which Swift and Kotlin code is generated.
//!
//! These are thin objects over [`rtvi_core`]: they translate and decide nothing themselves. Apps
//! see hand-written Swift and Kotlin on top of the generated code. Names begin with `Ffi` so that
//! those packages can use the plain ones.
//!
//! These rules hold everywhere:
//!
//! * Events, payloads, errors and statistics are the core's own types, which UniFFI knows through
//!   the core's feature `uniffi`. Open JSON crosses as one `Value`.
//! * Every method fails with [`FfiError`] or can't fail. A panic becomes an error of the kind
//!   `internal`.
//! * Methods that are not `async` never wait, unless they say so. Every `async` method that waits
//!   for the network takes an [`FfiCancellation`], because not every language drops a future when
//!   its task is cancelled.
//! * Code of the app is called in these places only: [`FfiFunctionHandler`], [`FfiTransport`], the
//!   device controls ([`FfiMicrophoneControl`], [`FfiSpeakerControl`], [`FfiVideoControl`]), a
//!   [`FfiVideoDisplay`], and the log sink on a
//!   thread of its own. All may throw.

#[cfg(target_os = "android")]
pub mod android;
mod cancellation;
mod client;
mod connection;
mod conversation;
mod devices;
mod error;
mod events;
mod failure;
mod functions;
mod log;
mod messages;
mod microphone;
mod options;
mod pcm;
mod runtime;
mod session;
mod speaker;
mod system_audio;
#[cfg(test)]
mod tests;
mod transport;
mod video_devices;
mod video_display;
mod video_input;
mod voice;

use rtvi_core::{Error, ErrorKind, protocol::JsonObject};
use serde_json::Value;

pub use cancellation::FfiCancellation;
pub use client::FfiClient;
pub use connection::{FfiConnection, FfiConnectionEnd};
pub use conversation::FfiConversation;
pub use error::FfiError;
pub use events::{FfiEventStream, event_data};
pub use functions::{FfiFunctionHandler, FfiFunctionResult};
pub use log::{FfiLogSink, log_error, set_log, set_log_level};
pub use microphone::{FfiMicrophone, FfiMicrophoneControl, FfiPcmInput};
pub use options::FfiClientOptions;
pub use session::{FfiHeader, FfiStartRequest, pipecat_cloud_request, protocol_version};
pub use speaker::{FfiPcmOutput, FfiSpeaker, FfiSpeakerControl};
pub use transport::{FfiCustomTransport, FfiTransport, FfiTransportChoice};
pub use video_display::FfiVideoDisplay;
pub use video_input::{FfiVideoControl, FfiVideoInput};

uniffi::setup_scaffolding!();
rtvi_core::uniffi_reexport_scaffolding!();
uniffi::use_remote_type!(rtvi_core::Value);
uniffi::use_remote_type!(rtvi_core::JsonObject);

/// Reads JSON text, for a language whose own reader does not keep integers exact.
#[uniffi::export]
pub fn parse_json(text: &str) -> Result<Value, FfiError> {
    let invalid = |error| Error::new(ErrorKind::InvalidArgument, format!("not JSON: {error}"));
    error::guard(|| serde_json::from_str(text).map_err(invalid))
}

/// The version of this library, as in `1.2.3`.
#[uniffi::export]
pub fn library_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
