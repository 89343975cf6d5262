//! Versions of the RTVI protocol and what each of them can do.
//!
//! Pure; depends on serde only. Must not decide how the client uses the answer.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The protocol version that this client declares in client-ready.
pub const PROTOCOL_VERSION: Version = Version::new(2, 2, 0);

/// A version of the RTVI protocol, ordered by age.
///
/// The default, 0.0.0, stands for a bot that did not report its version. It counts as the oldest
/// version.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Incompatible changes.
    pub major: u32,
    /// Additions.
    pub minor: u32,
    /// Corrections.
    pub patch: u32,
}

impl Version {
    /// Creates the version `major.minor.patch`.
    pub const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { major, minor, patch }
    }

    /// Parses `2.1.0`. Also accepts `2` and `2.1`, and drops a pre-release or build suffix.
    ///
    /// Real servers write three numbers. Returns `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let numbers = text.split(['-', '+']).next()?;
        let mut parts = numbers.split('.');
        let major = number(parts.next()?)?;
        let minor = parts.next().map_or(Some(0), number)?;
        let patch = parts.next().map_or(Some(0), number)?;
        parts.next().is_none().then_some(Self { major, minor, patch })
    }

    /// Whether this is a 1.x (or older) bot: bot-output has its old form, and DTMF does not exist.
    pub const fn is_legacy(self) -> bool {
        self.major < 2
    }

    /// Whether the bot accepts DTMF key presses (2.0.0).
    pub const fn has_dtmf(self) -> bool {
        !self.is_legacy()
    }

    /// Whether one DTMF message may carry several keys (2.1.0). Before that, each key is a separate
    /// message.
    pub fn has_dtmf_sequences(self) -> bool {
        self >= Self::new(2, 1, 0)
    }

    /// Whether the bot accepts files (2.2.0).
    pub fn has_send_file(self) -> bool {
        self >= Self::new(2, 2, 0)
    }
}

/// Digits only: `u32::from_str` would also accept a sign.
fn number(text: &str) -> Option<u32> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl Serialize for Version {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Version {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("not a version like 2.2.0"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_forms_servers_write() {
        assert_eq!(Version::parse("2.1.0"), Some(Version::new(2, 1, 0)));
        assert_eq!(Version::parse("1.1"), Some(Version::new(1, 1, 0)));
        assert_eq!(Version::parse("2"), Some(Version::new(2, 0, 0)));
        assert_eq!(Version::parse("2.2.0-rc1"), Some(Version::new(2, 2, 0)));
    }

    #[test]
    fn refuses_what_is_no_version() {
        for text in ["", "v2", "2.", "2.1.0.0", "-1.0.0", "+2.0.0", "2.x", "99999999999.0.0", " 2.0.0"] {
            assert_eq!(Version::parse(text), None, "{text}");
        }
    }

    #[test]
    fn orders_by_number_and_prints_as_read() {
        assert!(Version::new(2, 10, 0) > Version::new(2, 9, 9));
        assert_eq!(PROTOCOL_VERSION.to_string(), "2.2.0");
        assert_eq!(serde_json::to_string(&PROTOCOL_VERSION).expect("a string"), "\"2.2.0\"");
        assert_eq!(serde_json::from_str::<Version>("\"2.2.0\"").expect("a version"), PROTOCOL_VERSION);
    }

    #[test]
    fn features_start_with_their_version() {
        let [old, two, two_one] = [Version::new(1, 9, 9), Version::new(2, 0, 0), Version::new(2, 1, 0)];
        assert!(old.is_legacy() && Version::default().is_legacy() && !two.is_legacy());
        assert!(
            !old.has_dtmf() && two.has_dtmf() && !two.has_dtmf_sequences() && two_one.has_dtmf_sequences()
        );
        assert!(!two_one.has_send_file() && PROTOCOL_VERSION.has_send_file());
    }
}
