//! The telephone providers, and what each of them carries.
//!
//! Values only.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::PhoneEncoding;

/// A telephone provider that streams calls to a WebSocket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PhoneProvider {
    /// Twilio Media Streams.
    #[default]
    Twilio,
    /// Telnyx media streaming.
    Telnyx,
    /// Plivo audio streams.
    Plivo,
    /// Exotel Voicebot.
    Exotel,
    /// Vonage WebSockets and the Audio Connector.
    Vonage,
    /// Genesys `AudioHook`, version 2.
    Genesys,
}

impl PhoneProvider {
    /// All providers.
    pub const ALL: [Self; 6] =
        [Self::Twilio, Self::Telnyx, Self::Plivo, Self::Exotel, Self::Vonage, Self::Genesys];

    /// Its name in options and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Twilio => "twilio",
            Self::Telnyx => "telnyx",
            Self::Plivo => "plivo",
            Self::Exotel => "exotel",
            Self::Vonage => "vonage",
            Self::Genesys => "genesys",
        }
    }

    /// Its name for people.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Twilio => "Twilio",
            Self::Telnyx => "Telnyx",
            Self::Plivo => "Plivo",
            Self::Exotel => "Exotel",
            Self::Vonage => "Vonage",
            Self::Genesys => "Genesys",
        }
    }

    /// The provider with that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|provider| provider.name() == name)
    }

    /// The encodings of the caller's voice, the usual one first.
    pub const fn encodings(self) -> &'static [PhoneEncoding] {
        use PhoneEncoding as E;
        match self {
            Self::Twilio | Self::Genesys => &[E::MuLaw],
            Self::Telnyx => &[E::MuLaw, E::ALaw],
            Self::Plivo => &[E::MuLaw, E::Pcm8k, E::Pcm16k],
            Self::Exotel => &[E::Pcm8k],
            Self::Vonage => &[E::Pcm16k, E::Pcm8k, E::Pcm24k],
        }
    }
}

impl fmt::Display for PhoneProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.title())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_those_of_options() {
        for provider in PhoneProvider::ALL {
            assert_eq!(PhoneProvider::named(provider.name()), Some(provider));
            assert_eq!(serde_json::to_value(provider).unwrap(), provider.name());
            assert_eq!(provider.title().to_lowercase(), provider.name());
            assert!(!provider.encodings().is_empty());
        }
        assert_eq!(PhoneProvider::named("Twilio"), None);
    }
}
