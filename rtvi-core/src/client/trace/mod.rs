//! The trace of a session: what happened and when, without what anyone said.
//!
//! For bug reports. A client keeps the rows of its present or last session
//! ([`PipecatClient::session_trace`](super::PipecatClient::session_trace)); [`SessionTrace`] reads
//! them. `docs/trace.md` describes the format.
//!
//! Pure but for the lock on the rows: the driver brings the time. Must never hold a token, header,
//! URL, address, request data, transcript, bot text, function name, argument or the text of an
//! error.

mod describe;
mod file;
mod recorder;
mod row;

pub use file::{MAX_TRACE, SessionTrace};
pub(super) use recorder::{Recorder, Records};
pub use row::{Detail, Kind, NetworkReport, Row};

#[cfg(test)]
mod tests;
