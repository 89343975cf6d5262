//! What is read of TURN servers, as functions that a fuzzer can call.
//!
//! For tests only (feature `testing`). Each must return whatever it is given.

use bytes::{Bytes, BytesMut};

use super::{
    framing::{self, LARGEST},
    url::TurnUrl,
    watch::Watch,
};

/// The largest packet that a stream may hold, in bytes.
pub const LARGEST_PACKET: usize = LARGEST;

/// The packets of a stream that comes in these pieces, and why it was given up, if it was.
pub fn packets<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> (Vec<Bytes>, Option<String>) {
    let (mut buffer, mut taken) = (BytesMut::new(), Vec::new());
    for piece in pieces {
        buffer.extend_from_slice(piece);
        loop {
            match framing::take(&mut buffer) {
                Ok(Some(packet)) => taken.push(packet),
                Ok(None) => break,
                Err(malformed) => return (taken, Some(malformed.to_string())),
            }
        }
    }
    (taken, None)
}

/// How many bytes follow a packet on a stream; `None` for what is none.
pub fn padding(packet: &[u8]) -> Option<usize> {
    framing::padding(packet)
}

/// Why the server does not relay, if one of its packets says so after these were sent.
pub fn refusal(sent: &[Bytes], received: &[Bytes]) -> Option<String> {
    let mut watch = Watch::default();
    sent.iter().for_each(|packet| watch.sent(packet));
    received.iter().find_map(|packet| watch.received(packet)).map(|refusal| refusal.to_string())
}

/// The URL of a TURN server as it is written in logs.
///
/// # Errors
/// What is wrong with it.
pub fn url(text: &str) -> Result<String, &'static str> {
    TurnUrl::parse(text).map(|url| url.to_string())
}
