//! Session descriptions: what a server's answer says that matters to us, and the answer that the crate gets instead of it.
//!
//! Pure. Knows nothing of sockets and of the call. An answer may hold anything; nothing of it reaches the crate unread.

mod answer;
mod canonical;
mod description;
mod fingerprints;
mod media;
mod offer;

pub(crate) use answer::{Accepted, read_answer};
pub(crate) use fingerprints::{Fingerprints, HASH_LENGTH};
pub(crate) use media::{MID_URI, Routing, Stream};
pub(crate) use offer::{first_mid, is_tcp, shown, ufrag};
