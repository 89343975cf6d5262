//! The interface of the RTVI client SDK that Swift and Kotlin are generated from.
//!
//! Thin objects over [`rtvi_core`]: translates and decides nothing itself. What apps see is written by hand, in Swift and in
//! Kotlin, on top of what is generated from here; names begin with `Ffi` so that those packages can have the plain ones.
//!
//! What holds everywhere:
//!
//! * JSON where the protocol is open: texts named `…_json`, read and written by the core's own rules.
//! * Every method fails with [`FfiError`] or can't fail. A panic becomes an error of the kind `internal`.
//! * Methods that are not `async` never wait, except where they say so. Every `async` method that waits for the network takes an
//!   [`FfiCancellation`], because not every language drops a future when its task is cancelled.
//! * Code of the app is called in three places only: [`FfiFunctionHandler`], [`FfiTransport`] and the controls of devices
//!   ([`FfiMicrophoneControl`], [`FfiSpeakerControl`]); and the log sink on a thread of its own. All may throw.

#[cfg(target_os = "android")]
pub mod android;
mod cancellation;
mod client;
mod connection;
mod devices;
mod error;
mod events;
mod functions;
mod json;
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
mod voice;

pub use cancellation::FfiCancellation;
pub use client::FfiClient;
pub use connection::{FfiConnection, FfiConnectionEnd, FfiParticipant, FfiTransportCommand};
pub use error::{FfiError, error_kinds};
pub use events::{FfiEvent, FfiEventStream};
pub use functions::{FfiFunctionCall, FfiFunctionHandler};
pub use log::{FfiLogLevel, FfiLogSink, set_log, set_log_level};
pub use microphone::{FfiMicrophone, FfiMicrophoneControl, FfiPcmInput};
pub use options::FfiClientOptions;
pub use session::{
    FfiAudioStats, FfiHeader, FfiSessionAnswer, FfiStartRequest, pipecat_cloud_request, protocol_version,
    transport_states,
};
pub use speaker::{FfiPcmOutput, FfiSpeaker, FfiSpeakerControl};
pub use transport::{FfiCustomTransport, FfiTransport, FfiTransportChoice};
pub use voice::FfiProcessingStats;

uniffi::setup_scaffolding!();

/// The version of this library, as in `1.2.3`.
#[uniffi::export]
pub fn library_version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}
