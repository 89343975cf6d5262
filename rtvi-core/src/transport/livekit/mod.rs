//! The LiveKit transport: audio and messages in a room of a LiveKit server, where the bot is a
//! participant.
//!
//! Depends on the transport seam, the media seam and [`rtc`](super::rtc). Does not look into RTVI
//! messages and knows no client state.

mod join;
mod options;
mod params;
mod room;
mod session;
mod wire;

pub use options::LiveKitTransportOptions;

/// The largest RTVI message that may be sent, in bytes of JSON text. The bot's SDK takes packets of
/// 64,000 bytes and drops larger ones; the rest is for the packet around the message.
const MAX_OUTGOING: usize = 64_000 - 256;
