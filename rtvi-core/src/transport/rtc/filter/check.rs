//! ICE connectivity checks of somebody else, which confuse the crate.
//!
//! Whoever had our port before us may still be sent checks, and anybody can send one. The crate
//! looks at the role that a check claims before it looks at whom the check is for: one with the
//! right claim makes it give up its own role, and when both sides have the same, nobody chooses a
//! path. Pure. Must never judge anything but a check.

use crate::transport::rtc::stun::{Message, USERNAME};

use super::ufrags::Ufrags;

/// The type of a check (RFC 8489 §5: a request of the method Binding).
const BINDING_REQUEST: u16 = 0x0001;

/// Whether the datagram is a check that is not for the connection with these user name fragments;
/// with none, every check is. A check names the one it is for first (RFC 8445 §7.2.2).
pub(crate) fn is_foreign(datagram: &[u8], ours: &Ufrags) -> bool {
    let Some(check) = Message::read(datagram).filter(|message| message.kind == BINDING_REQUEST) else {
        return false;
    };
    let names = check.attribute(USERNAME).unwrap_or_default();
    let addressee = names.split(|byte| *byte == b':').next().unwrap_or_default();
    !ours.include(addressee)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::transport::rtc::stun::message;

    const ROLE: (u16, &[u8]) = (0x802A, &[0xFF; 8]);

    fn check(name: &str) -> Vec<u8> {
        message(BINDING_REQUEST, 1, &[ROLE, (USERNAME, name.as_bytes())])
    }

    #[test]
    fn a_check_for_us_is_ours() {
        for (name, ours, expected) in [
            ("us:them", Some("us"), false),
            ("us:", Some("us"), false),
            ("us2:them", Some("us"), true),
            ("u:them", Some("us"), true),
            ("them:us", Some("us"), true),
            ("", Some("us"), true),
            ("us:them", None, true),
        ] {
            assert_eq!(is_foreign(&check(name), &ours.into()), expected, "{name} {ours:?}");
        }
        assert!(
            is_foreign(&message(BINDING_REQUEST, 1, &[ROLE]), &Some("us").into()),
            "a check without a name"
        );
    }

    #[test]
    fn what_is_no_check_is_not_judged() {
        let answer = message(0x0101, 1, &[(USERNAME, b"them:us")]);
        for datagram in [&answer[..], b"", b"audio", &[0x80; 200], &check("them:us")[..19]] {
            assert!(!is_foreign(datagram, &Some("us").into()), "{datagram:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_do_harm(bytes: Vec<u8>, cut in 0usize..60) {
            for mut datagram in [bytes.clone(), [check("us:them"), bytes].concat()] {
                datagram.truncate(cut);
                is_foreign(&datagram, &Some("us").into());
            }
        }
    }
}
