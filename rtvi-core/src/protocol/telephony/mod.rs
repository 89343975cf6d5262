//! Framings of telephone providers, for clients that act as the provider for a bot written for
//! phone calls.
//!
//! Pure; may depend on serde, base64 and [`crate::Error`]. Must not know sockets.

mod mulaw;
pub mod twilio;
