//! The RTVI protocol and Pipecat's wire framings: pure values, encoding and decoding.
//!
//! May depend on [`crate::Error`]. Must not use tokio, a clock or I/O, and must not know transports
//! or media.
//!
//! [`decode`] turns the bytes of one message into a [`ServerMessage`]; [`encode`] turns a
//! [`ClientMessage`] into JSON text. A new message is one line in the table of `server_message.rs`
//! or `client_message.rs`, its payload, and a conformance vector in `tests/conformance/`.

mod argument;
mod client_message;
mod envelope;
pub mod frame;
pub(crate) mod json_text;
mod lenient;
mod object_only;
mod open_enum;
mod payload;
#[cfg(test)]
mod property_tests;
mod server_message;
pub mod telephony;
mod usual;
mod version;
mod violation;

pub use argument::{object_from_text, object_from_value};
pub use client_message::ClientMessage;
pub use envelope::{Decoded, Incoming, MESSAGE_LABEL, decode, encode};
pub use payload::*;
pub use server_message::ServerMessage;
pub(crate) use server_message::server_message_table;
pub use version::{PROTOCOL_VERSION, Version};
pub use violation::Violation;

/// A JSON object whose members the app defines.
pub type JsonObject = serde_json::Map<String, serde_json::Value>;
