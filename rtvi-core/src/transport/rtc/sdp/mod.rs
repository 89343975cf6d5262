//! Session descriptions: what a server's answer or offer says that matters to us, and what the crate gets instead of it.
//!
//! Pure. Knows nothing of sockets and of the call. A description may hold anything; nothing of it reaches the crate unread.

mod answer;
mod canonical;
mod description;
mod fingerprints;
mod media;
mod offer;
mod opus;
mod remote;
#[cfg(feature = "video")]
mod video;

pub(crate) use answer::{Accepted, read_answer};
pub(crate) use fingerprints::{Fingerprints, HASH_LENGTH};
pub(crate) use media::{Heard, MID_URI, Routing, Stream};
pub(crate) use offer::{first_mid, is_tcp, shown, ufrag};
pub(crate) use remote::{MAX_CANDIDATES, Remote, read_offer};
#[cfg(feature = "video")]
pub(crate) use video::{SEND_TIME_URI, VideoAnswer};
