//! What is kept from the crate `webrtc`, and what is read off a handshake that passes by.

pub(crate) mod check;
pub(crate) mod handshake;
