//! Framings of telephone providers, for clients that play the provider's part towards a bot written for phone calls.
//!
//! Pure; may depend on serde, base64 and [`crate::Error`]. Knows nothing of sockets.

mod mulaw;
pub mod twilio;
