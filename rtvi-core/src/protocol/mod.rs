//! The RTVI protocol and Pipecat's wire framings: pure values, encoding and decoding.
//!
//! May depend on [`crate::Error`]. No tokio, no clock, no I/O, no knowledge of transports or media.
//!
//! [`decode`] turns the bytes of one message into a [`ServerMessage`], [`encode`] a [`ClientMessage`] into JSON text.
//! A new message is one line in the table of `server_message.rs` or `client_message.rs`, its payload, and a
//! conformance vector under `tests/conformance/`.

mod argument;
mod client_message;
mod envelope;
pub mod frame;
pub(crate) mod json_text;
mod lenient;
mod open_enum;
mod payload;
#[cfg(test)]
mod property_tests;
mod server_message;
pub mod telephony;
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

/// A JSON object whose members are the app's own business.
pub type JsonObject = serde_json::Map<String, serde_json::Value>;
