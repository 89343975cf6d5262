//! The carrier of a session: messages and audio in, outputs out.
//!
//! The seam between the one conversation and the ways to reach a client. A link knows sockets and
//! codecs, but no RTVI.

use rtvi_core::protocol::frame::AudioRawFrame;

#[cfg(feature = "webrtc")]
use crate::conversation::Note;
use crate::conversation::Output;

/// Whether the session continues.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// It continues.
    Continue,
    /// It is over.
    End,
}

/// An input from the client.
#[derive(Debug)]
pub(crate) enum Input {
    /// The text of a message.
    Text(String),
    /// The user's audio.
    Audio(AudioRawFrame),
    /// Something to record.
    #[cfg(feature = "webrtc")]
    Note(Note),
    /// Nothing for the conversation.
    Nothing,
}

/// The connection to one client.
pub(crate) trait Link: Send {
    /// Waits until the client is connected. Returns [`Flow::End`] if it never connects.
    fn open(&mut self) -> impl Future<Output = Flow> + Send;

    /// The next input from the client; `None` once it has left. Dropping the future loses no input.
    fn receive(&mut self) -> impl Future<Output = Option<Input>> + Send;

    /// Executes one output. It need not be sent before [`Link::flush`].
    fn put(&mut self, output: Output) -> impl Future<Output = Flow> + Send;

    /// Sends the queued outputs.
    fn flush(&mut self) -> impl Future<Output = Flow> + Send;

    /// The client's close code, on links that have such codes.
    fn close_code(&self) -> Option<u16>;
}
