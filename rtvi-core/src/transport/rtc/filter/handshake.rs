//! What can be seen of a DTLS handshake from outside: a `ClientHello` that the server repeats, which locks up the crate, and the alert
//! with which one side gives up, which the crate tells nobody else.
//!
//! Pure. Must never keep anything but the first few hellos, and never judge a packet that it can't read.

use crate::error::{Error, ErrorKind};

/// Content type of a handshake record (RFC 5246 §6.2.1).
const HANDSHAKE: u8 = 22;
/// Content type of an alert, and the level of one that ends the handshake (RFC 5246 §7.2).
const ALERT: u8 = 21;
const FATAL: u8 = 2;
/// The alert of a side that does not accept the other's certificate.
const BAD_CERTIFICATE: u8 = 42;
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
pub(crate) struct RepeatedHello {
    seen: Vec<Box<[u8]>>,
}

impl RepeatedHello {
    /// Whether the datagram is a hello that was there before. Only one that answers our cookie counts (its message number is
    /// not 0): the crate handles a repeated first one well.
    pub(crate) fn is_repeat(&mut self, datagram: &[u8]) -> bool {
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

/// The alert by which the datagram ends the handshake with an error, if it does.
pub(crate) fn fatal_alert(datagram: &[u8]) -> Option<u8> {
    match plain_content(datagram, ALERT)? {
        [FATAL, description, ..] => Some(*description),
        _ => None,
    }
}

/// Why a DTLS handshake failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alert {
    /// The number of the alert (RFC 5246 §7.2).
    pub description: u8,
    /// Whether it was the server that gave up. The crate sends an alert of the server back to it.
    pub by_server: bool,
}

impl Alert {
    /// The error for the app. The crate says `bad_certificate` of a certificate without the fingerprint, and of nothing else.
    pub(crate) fn error(self) -> Error {
        let Self { description, by_server } = self;
        if description == BAD_CERTIFICATE && !by_server {
            let text = "the server's certificate does not have the fingerprint that its answer names";
            return Error::new(ErrorKind::Tls, text);
        }
        let who = if by_server { "the server" } else { "this client" };
        let text = format!(
            "the DTLS handshake failed: {who} gave up with alert {description} ({})",
            name(description)
        );
        let is_about_certificate = (41..=46).contains(&description) || description == 48;
        let kind = if is_about_certificate { ErrorKind::Tls } else { ErrorKind::ConnectionFailed };
        Error::new(kind, text)
    }
}

/// What an alert is called (RFC 5246 §7.2, RFC 4279 §2, RFC 7301 §3.2).
const fn name(description: u8) -> &'static str {
    match description {
        10 => "unexpected_message",
        20 => "bad_record_mac",
        21 => "decryption_failed",
        22 => "record_overflow",
        30 => "decompression_failure",
        40 => "handshake_failure",
        41 => "no_certificate",
        BAD_CERTIFICATE => "bad_certificate",
        43 => "unsupported_certificate",
        44 => "certificate_revoked",
        45 => "certificate_expired",
        46 => "certificate_unknown",
        47 => "illegal_parameter",
        48 => "unknown_ca",
        49 => "access_denied",
        50 => "decode_error",
        51 => "decrypt_error",
        60 => "export_restriction",
        70 => "protocol_version",
        71 => "insufficient_security",
        80 => "internal_error",
        86 => "inappropriate_fallback",
        90 => "user_canceled",
        100 => "no_renegotiation",
        110 => "unsupported_extension",
        115 => "unknown_psk_identity",
        120 => "no_application_protocol",
        _ => "unknown",
    }
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
        let alert = |epoch, level| record(ALERT, epoch, 6, &[level, 71]);
        for datagram in [alert(0, FATAL), through_turn(&alert(0, FATAL))] {
            assert_eq!(fatal_alert(&datagram), Some(71));
        }
        for other in [alert(0, 1), alert(1, FATAL), hello(0, 1, 0), record(ALERT, 0, 6, &[FATAL]), vec![]] {
            assert_eq!(fatal_alert(&other), None, "{other:?}");
        }
    }

    /// Only our own `bad_certificate` is about the fingerprint.
    #[test]
    fn an_alert_is_said_by_its_name() {
        for (description, by_server, kind, said) in [
            (42, false, ErrorKind::Tls, "does not have the fingerprint that its answer names"),
            (42, true, ErrorKind::Tls, "the server gave up with alert 42 (bad_certificate)"),
            (46, true, ErrorKind::Tls, "the server gave up with alert 46 (certificate_unknown)"),
            (
                40,
                true,
                ErrorKind::ConnectionFailed,
                "handshake failed: the server gave up with alert 40 (handshake_failure)",
            ),
            (
                71,
                false,
                ErrorKind::ConnectionFailed,
                "this client gave up with alert 71 (insufficient_security)",
            ),
            (70, false, ErrorKind::ConnectionFailed, "alert 70 (protocol_version)"),
            (255, true, ErrorKind::ConnectionFailed, "alert 255 (unknown)"),
        ] {
            let error = Alert { description, by_server }.error();
            assert_eq!(error.kind(), kind, "{error}");
            assert!(error.message().contains(said), "{error}");
            assert_eq!(error.message().contains("fingerprint"), (description, by_server) == (42, false));
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
            fatal_alert(&datagram);
        }
    }
}
