//! What the exchange between the peer connection and a TURN server says about whether it relays. Pure.
//!
//! Only looks on: the requests are made, and their answers understood, by the crate `webrtc`, which does not say why one fails.

use std::fmt;

use crate::transport::rtc::stun::{Message, USERNAME};

const ALLOCATE_REQUEST: u16 = 0x0003;
const ALLOCATE_SUCCESS: u16 = 0x0103;
const ALLOCATE_ERROR: u16 = 0x0113;
const ERROR_CODE: u16 = 0x0009;
/// The request was made without a password, or with a wrong one.
const UNAUTHORIZED: u16 = 401;
/// The server's nonce is too old; the request is made again with the new one.
const STALE_NONCE: u16 = 438;
/// The longest reason that is kept, in characters (RFC 8489 §14.8).
const LONGEST_REASON: usize = 127;

/// Why the server does not relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub(super) code: u16,
    pub(super) reason: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.reason)?;
        if self.code == UNAUTHORIZED { write!(f, " (wrong username or credential)") } else { Ok(()) }
    }
}

/// What is known so far.
#[derive(Debug, Default)]
pub(super) struct Watch {
    /// The last request to relay that was made with a password.
    signed: Option<[u8; 12]>,
    /// Whether the server relays.
    pub(super) allocated: bool,
}

impl Watch {
    /// The peer connection sent something to the server.
    pub(super) fn sent(&mut self, datagram: &[u8]) {
        let Some(message) = Message::read(datagram) else { return };
        if message.kind == ALLOCATE_REQUEST && message.attribute(USERNAME).is_some() {
            self.signed = Some(message.transaction);
        }
    }

    /// The server sent something; the refusal, if it is a final one.
    pub(super) fn received(&mut self, datagram: &[u8]) -> Option<Refusal> {
        let message = Message::read(datagram)?;
        self.allocated |= message.kind == ALLOCATE_SUCCESS;
        if message.kind != ALLOCATE_ERROR {
            return None;
        }
        let refusal = read_error(message.attribute(ERROR_CODE)?)?;
        match refusal.code {
            UNAUTHORIZED if self.signed != Some(message.transaction) => None,
            STALE_NONCE => None,
            _ => Some(refusal),
        }
    }
}

fn read_error(value: &[u8]) -> Option<Refusal> {
    let (&[_, _, class, number], reason) = value.split_first_chunk()?;
    let code = u16::from(class & 7) * 100 + u16::from(number);
    let reason = String::from_utf8_lossy(reason);
    let reason = reason.trim_end_matches('\0').chars().take(LONGEST_REASON);
    Some(Refusal { code, reason: reason.collect::<String>().escape_debug().to_string() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::transport::rtc::stun::message;

    fn refused(transaction: u8, class: u8, number: u8) -> Vec<u8> {
        let code = [&[0, 0, class, number], &b"No\n"[..]].concat();
        message(ALLOCATE_ERROR, transaction, &[(0x8022, b"odd"), (ERROR_CODE, &code)])
    }

    #[test]
    fn the_first_demand_for_a_password_is_no_refusal() {
        let mut watch = Watch::default();
        watch.sent(&message(ALLOCATE_REQUEST, 1, &[]));
        assert_eq!(watch.received(&refused(1, 4, 1)), None);
        watch.sent(&message(ALLOCATE_REQUEST, 2, &[(USERNAME, b"me")]));
        assert_eq!(watch.received(&refused(2, 4, 38)), None, "a stale nonce");
        assert_eq!(watch.received(&refused(1, 4, 1)), None, "repeated");
        let refusal = watch.received(&refused(2, 4, 1)).unwrap();
        assert_eq!(refusal.to_string(), "401 No\\n (wrong username or credential)");
        assert!(!watch.allocated);
    }

    #[test]
    fn other_errors_are_final_at_once() {
        let refusal = Watch::default().received(&refused(1, 4, 86)).unwrap();
        assert_eq!(refusal.to_string(), "486 No\\n");
    }

    #[test]
    fn success_is_noted() {
        let mut watch = Watch::default();
        assert_eq!(watch.received(&message(0x0101, 1, &[])), None, "of another method");
        assert!(!watch.allocated);
        assert_eq!(watch.received(&message(ALLOCATE_SUCCESS, 1, &[])), None);
        assert!(watch.allocated);
    }

    proptest! {
        #[test]
        fn no_bytes_do_harm(bytes: Vec<u8>, cut in 0usize..60) {
            let mut watch = Watch::default();
            for mut datagram in [bytes.clone(), [refused(1, 4, 1), bytes].concat()] {
                datagram.truncate(cut);
                watch.sent(&datagram);
                let _ = watch.received(&datagram);
            }
        }
    }
}
