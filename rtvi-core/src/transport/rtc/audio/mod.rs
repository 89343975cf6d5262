//! Audio over a peer connection: the user's on its way out, the bot's on its way in, and the figures of both.

pub(crate) mod downlink;
pub(crate) mod drops;
mod splice;
pub(crate) mod stats;
pub(crate) mod uplink;
