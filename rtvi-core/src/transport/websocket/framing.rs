//! What the payloads of a WebSocket mean.
//!
//! A pump moves payloads and knows the socket; a framing knows what they mean. Pure: a framing has
//! no socket and no clock, and asks for what is to be done.

use std::time::Duration;

use tokio::time::Instant;
use tokio_tungstenite::tungstenite::Message;

use crate::{
    media::{AudioFrame, Playout},
    transport::{CloseReason, TransportEvent},
};

/// Something for the pump to do, in order.
#[derive(Debug, PartialEq)]
pub(in crate::transport) enum Act {
    /// Send this payload, in order with all others but audio.
    Send(Message),
    /// Send this payload with microphone audio of this length. It may be dropped when the server is
    /// slow.
    SendAudio(Message, Duration),
    /// Report this event.
    Report(TransportEvent),
    /// Play this audio of the bot.
    Play(AudioFrame),
    /// Drop the bot's audio that has not been played.
    Flush,
    /// Send what waits, without audio, then close the socket. The connection ends with this reason.
    Close(CloseReason),
}

/// Turns commands and audio of the client into payloads, and payloads into events and audio.
/// Everything to do is appended to `acts`.
pub(in crate::transport) trait Framing: Send {
    /// How often [`Self::beat`] is called; never without one.
    const BEAT: Option<Duration>;

    /// The socket is open.
    fn open(&mut self, now: Instant, acts: &mut Vec<Act>);

    /// The client sends an RTVI message.
    fn message(&mut self, json: String, acts: &mut Vec<Act>);

    /// The microphone has audio.
    fn audio(&mut self, frame: &AudioFrame, acts: &mut Vec<Act>);

    /// A text or binary payload arrived. `playout` has not got its audio yet.
    ///
    /// # Errors
    /// A text that says what can't be read and why.
    fn payload(&mut self, payload: Message, playout: &Playout, acts: &mut Vec<Act>) -> Result<(), String>;

    /// Time passed.
    fn beat(&mut self, now: Instant, playout: &Playout, acts: &mut Vec<Act>);

    /// The server or the network ended the connection for this reason. Returns the reason that the
    /// client learns.
    fn ended(&self, reason: CloseReason) -> CloseReason {
        reason
    }

    /// The client closes the connection. The framing ends with [`Act::Close`], at once or when the
    /// server has answered.
    fn close(&mut self, acts: &mut Vec<Act>);
}
