//! What carries a session: messages and audio in, outputs out.
//!
//! The seam between the one conversation and the ways to reach a client. A link knows sockets and codecs and no RTVI.

use rtvi_core::protocol::frame::AudioRawFrame;

#[cfg(feature = "webrtc")]
use crate::conversation::Note;
use crate::conversation::Output;

/// Whether the session goes on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Flow {
    /// It does.
    Continue,
    /// It is over.
    End,
}

/// Something that came in.
#[derive(Debug)]
pub(crate) enum Input {
    /// The text of a message.
    Text(String),
    /// The user's audio.
    Audio(AudioRawFrame),
    /// Something for the record.
    #[cfg(feature = "webrtc")]
    Note(Note),
    /// Nothing for the conversation.
    Nothing,
}

/// The way to one client.
pub(crate) trait Link: Send {
    /// Waits until the client is there. [`Flow::End`] when it never comes.
    fn open(&mut self) -> impl Future<Output = Flow> + Send;

    /// The next thing from the client; nothing once it has left. Dropping the future loses no input.
    fn receive(&mut self) -> impl Future<Output = Option<Input>> + Send;

    /// Carries out one output. It need not leave before [`Link::flush`].
    fn put(&mut self, output: Output) -> impl Future<Output = Flow> + Send;

    /// Sends what waits.
    fn flush(&mut self) -> impl Future<Output = Flow> + Send;

    /// The close code the client gave, on links that have such codes.
    fn close_code(&self) -> Option<u16>;
}
