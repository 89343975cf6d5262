//! The LiveKit transport: audio and messages in a room of a LiveKit server, where the bot is a
//! participant.
//!
//! Depends on the transport seam, the media seam and [`rtc`](super::rtc). Does not look into RTVI
//! messages and knows no client state.

mod join;
mod options;
mod params;
mod room;
mod wire;

pub use options::LiveKitTransportOptions;
