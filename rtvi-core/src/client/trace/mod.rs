//! The trace of a session: what a client was told, when, and what it made of it, without what anyone said.
//!
//! A bug report that can be run again. A client keeps the trace of its present or last session
//! ([`PipecatClient::session_trace`](super::PipecatClient::session_trace)); [`SessionTrace`] reads it back, shows it, and replays it
//! against a state machine of this version. `docs/trace.md` describes the format.
//!
//! Pure but for the lock on the records: the driver brings the time. Everything here holds notes from which what was said can't be told:
//! no token, header, URL, request data, transcript, bot text, argument, address or password is ever in one.

mod command_note;
mod file;
mod input_note;
mod masked;
mod recorder;
mod replay;
mod rows;
mod wants;

pub(super) use file::{About, write};
pub use file::{MAX_TRACE, SessionTrace};
pub(super) use recorder::Recorder;
pub use replay::{Difference, Replay};
pub use rows::{Row, Side};

#[cfg(test)]
mod tests;
