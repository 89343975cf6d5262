//! HTTP requests to the endpoints that start bots.
//!
//! Depends on [`crate::error`], [`crate::protocol`] for JSON, and the parts that all transports
//! share: addresses, cookies, TLS. Never puts a URL's query or a header's value into an error.
//! Reads no proxy settings from the environment, because a WebSocket could not use them.

mod answer;
mod client;
mod coding;
mod details;
pub(super) mod redirect;
mod secrets;
mod session_request;

#[cfg(feature = "testing")]
pub(super) use answer::json_object;
pub(super) use answer::refusal;
#[cfg(feature = "webrtc")]
pub(super) use client::send_json;
pub(crate) use client::start_session;
pub use client::{HttpClient, start_bot};
pub(super) use coding::unpack_tail;
pub(super) use details::Details;
pub(super) use secrets::Secrets;
pub use session_request::SessionAnswer;
pub(crate) use session_request::{SessionRequest, session_request};

#[cfg(test)]
mod tests;
