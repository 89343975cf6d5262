//! What can be seen of a DTLS handshake from outside: a `ClientHello` that the server repeats, which locks up the crate, and our
//! refusal of the server's certificate, which the crate tells nobody else.
//!
//! Pure. Must never keep anything but the first few hellos, and never judge a packet that it can't read.

/// Content type of a handshake record (RFC 5246 §6.2.1).
const HANDSHAKE: u8 = 22;
/// Content type of an alert, and the level of one that ends the handshake (RFC 5246 §7.2).
const ALERT: u8 = 21;
const FATAL: u8 = 2;
/// Message type of a `ClientHello` (RFC 5246 §7.4).
const CLIENT_HELLO: u8 = 1;
/// Length of a record's header, and where its epoch and the handshake message in it are (RFC 6347 §4.1).
const RECORD_HEADER: usize = 13;
/// Length of the header of a TURN channel's message (RFC 8656 §12.4), and its first bytes.
const CHANNEL_HEADER: usize = 4;
const CHANNEL: std::ops::RangeInclusive<u8> = 0x40..=0x4F;
/// How many different hellos are kept: the fragments of one. Further ones all count as new.
const KEPT: usize = 4;
/// A longer one is not kept; no network carries it in one packet.
const MAX_HELLO: usize = 2_048;

/// Remembers the hellos of one peer connection.
///
/// A server whose `ClientHello` was answered sends it again when the answer, or a part of it, got lost (RFC 6347 §4.2.4). Our
/// own timer repeats the answer at about the same time; but the crate stops that timer for good when it reads the repeated
/// hello, and reads nothing new in it. So the hello is kept from the crate, and its timer goes on.
#[derive(Debug, Default)]
pub(in crate::transport) struct RepeatedHello {
    seen: Vec<Box<[u8]>>,
}

impl RepeatedHello {
    /// Whether the datagram is a hello that was there before. Only one that answers our cookie counts (its message number is
    /// not 0): the crate handles a repeated first one well.
    pub(in crate::transport) fn is_repeat(&mut self, datagram: &[u8]) -> bool {
        let Some(hello) = second_hello(datagram) else { return false };
        if self.seen.iter().any(|seen| **seen == *hello) {
            return true;
        }
        if self.seen.len() < KEPT && hello.len() <= MAX_HELLO {
            self.seen.push(hello.into());
        }
        false
    }
}

/// The handshake message without the record's own number, which differs each time.
fn second_hello(datagram: &[u8]) -> Option<&[u8]> {
    let message = plain_content(datagram, HANDSHAKE)?;
    let number = message.get(4..6)?;
    (message.first() == Some(&CLIENT_HELLO) && number != [0, 0]).then_some(message)
}

/// Whether the datagram ends the handshake with an error.
pub(in crate::transport) fn is_fatal_alert(datagram: &[u8]) -> bool {
    plain_content(datagram, ALERT).is_some_and(|alert| alert.first() == Some(&FATAL))
}

/// What a record of this type holds, if it is not encrypted; also within a TURN channel.
fn plain_content(datagram: &[u8], kind: u8) -> Option<&[u8]> {
    let record = match datagram.first()? {
        first if CHANNEL.contains(first) => datagram.get(CHANNEL_HEADER..)?,
        _ => datagram,
    };
    let is_plain = record.first() == Some(&kind) && record.get(3..5) == Some(&[0, 0]);
    record.get(RECORD_HEADER..).filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(kind: u8, epoch: u8, record_number: u8, message: &[u8]) -> Vec<u8> {
        let mut record = vec![kind, 254, 253, 0, epoch, 0, 0, 0, 0, 0, record_number, 0, 0];
        record.extend_from_slice(message);
        record
    }

    fn hello(record_number: u8, message_number: u8, fragment: u8) -> Vec<u8> {
        let header = [CLIENT_HELLO, 0, 0, 3, 0, message_number, 0, 0, fragment, 0, 0, 3];
        record(HANDSHAKE, 0, record_number, &[&header[..], b"abc"].concat())
    }

    fn through_turn(datagram: &[u8]) -> Vec<u8> {
        [&[0x40, 0, 0, 28][..], datagram].concat()
    }

    #[test]
    fn a_second_hello_passes_once() {
        let mut hellos = RepeatedHello::default();
        assert!(!hellos.is_repeat(&hello(1, 1, 0)));
        assert!(hellos.is_repeat(&hello(2, 1, 0)));
        assert!(hellos.is_repeat(&through_turn(&hello(3, 1, 0))));
        assert!(!hellos.is_repeat(&hello(4, 1, 8)), "another fragment");
        assert!(hellos.is_repeat(&hello(5, 1, 8)));
    }

    #[test]
    fn all_else_passes_always() {
        let first = hello(0, 0, 0);
        let finished = record(HANDSHAKE, 1, 0, &[20, 0, 0, 12, 0, 5, 0, 0]);
        let key = record(HANDSHAKE, 0, 3, &[16, 0, 0, 12, 0, 3, 0, 0]);
        let renegotiation = record(HANDSHAKE, 1, 3, &hello(0, 1, 0)[RECORD_HEADER..]);
        let data = record(23, 0, 3, &hello(0, 1, 0)[RECORD_HEADER..]);
        let mut hellos = RepeatedHello::default();
        for datagram in [first, finished, key, renegotiation, data, vec![0x80; 200], vec![HANDSHAKE], vec![]]
        {
            assert!(!hellos.is_repeat(&datagram), "{datagram:?}");
            assert!(!hellos.is_repeat(&datagram), "{datagram:?}");
        }
    }

    #[test]
    fn only_a_plain_fatal_alert_ends_a_handshake() {
        let alert = |epoch, level| record(ALERT, epoch, 6, &[level, 42]);
        assert!(is_fatal_alert(&alert(0, FATAL)) && is_fatal_alert(&through_turn(&alert(0, FATAL))));
        for other in [alert(0, 1), alert(1, FATAL), hello(0, 1, 0), record(ALERT, 0, 6, &[]), vec![]] {
            assert!(!is_fatal_alert(&other), "{other:?}");
        }
    }

    #[test]
    fn little_is_kept() {
        let mut hellos = RepeatedHello::default();
        (0..200).for_each(|fragment| assert!(!hellos.is_repeat(&hello(0, 1, fragment))));
        assert_eq!(hellos.seen.len(), KEPT);
        let mut long = hello(0, 1, 0);
        long.resize(MAX_HELLO + 100, 0);
        let mut hellos = RepeatedHello::default();
        assert!(!hellos.is_repeat(&long) && !hellos.is_repeat(&long));
    }

    proptest::proptest! {
        #[test]
        fn nothing_makes_it_panic(datagram in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..40)) {
            RepeatedHello::default().is_repeat(&datagram);
            is_fatal_alert(&datagram);
        }
    }
}
