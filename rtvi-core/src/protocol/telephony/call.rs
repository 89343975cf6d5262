//! What identifies a call, and what the bot learns about it.
//!
//! Pure: identifiers are made of bytes that the caller provides.

use std::fmt::Write;

use crate::{Error, ErrorKind};

use super::{PhoneEncoding, PhoneProvider};

/// One call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneCall {
    /// The provider that carries it.
    pub provider: PhoneProvider,
    /// The media stream, as the provider names it. Genesys: the session.
    pub stream_id: String,
    /// The call, as the provider names it. Genesys: the conversation.
    pub call_id: String,
    /// The account with the provider. Genesys: the organization.
    pub account_id: String,
    /// The caller's number; may be empty.
    pub from: String,
    /// The number that was called; may be empty.
    pub to: String,
    /// The app's own parameters, in order.
    pub parameters: Vec<(String, String)>,
    /// The encoding of the caller's voice.
    pub encoding: PhoneEncoding,
}

impl PhoneCall {
    /// A call without numbers and parameters, in the provider's usual encoding. `random` makes its
    /// identifiers unique, in the form that the provider uses.
    pub fn new(provider: PhoneProvider, random: [u8; 16]) -> Self {
        let [stream_id, call_id, account_id] = match provider {
            PhoneProvider::Twilio => ["MZ", "CA", "AC"].map(|prefix| prefix.to_owned() + &hex(random)),
            PhoneProvider::Telnyx => [uuid(random), format!("v3:{}", hex(random)), uuid(random)],
            PhoneProvider::Exotel => [hex(random), hex(random), "emulated1".to_owned()],
            PhoneProvider::Plivo | PhoneProvider::Vonage | PhoneProvider::Genesys => {
                [0, 1, 2].map(|last| uuid(ending_in(random, last)))
            }
        };
        Self {
            provider,
            stream_id,
            call_id,
            account_id,
            from: String::new(),
            to: String::new(),
            parameters: Vec::new(),
            encoding: provider.encodings().first().copied().unwrap_or(PhoneEncoding::MuLaw),
        }
    }

    /// Checks what the provider can carry.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidTransportParams`] for another encoding than the provider has, and for a
    /// parameter without a name.
    pub fn check(&self) -> Result<(), Error> {
        let Self { provider, encoding, .. } = self;
        let encodings = provider.encodings();
        if !encodings.contains(encoding) {
            let known = encodings.iter().map(|known| known.name()).collect::<Vec<_>>().join(", ");
            return Err(invalid(format!("{provider} does not carry {encoding}, only {known}")));
        }
        if self.parameters.iter().any(|(name, _)| name.is_empty()) {
            return Err(invalid(format!("a parameter of the {provider} call has no name")));
        }
        Ok(())
    }

    /// The app's parameters, and before them the numbers, for providers that do not announce
    /// numbers: under the names that Pipecat's bots read.
    pub(super) fn parameters_with_numbers(&self) -> impl Iterator<Item = (&str, &str)> {
        let own = |name: &str| self.parameters.iter().any(|(own, _)| own == name);
        let numbers = [("from_number", self.from.as_str()), ("to_number", self.to.as_str())];
        let numbers = numbers.into_iter().filter(move |(name, number)| !number.is_empty() && !own(name));
        numbers.chain(self.app_parameters())
    }

    /// The app's parameters.
    pub(super) fn app_parameters(&self) -> impl Iterator<Item = (&str, &str)> {
        self.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn invalid(text: String) -> Error {
    Error::new(ErrorKind::InvalidTransportParams, text)
}

fn hex(bytes: [u8; 16]) -> String {
    bytes.iter().fold(String::with_capacity(32), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn uuid(bytes: [u8; 16]) -> String {
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

const fn ending_in(mut bytes: [u8; 16], last: u8) -> [u8; 16] {
    bytes[15] = bytes[15].wrapping_add(last);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_have_the_providers_form() {
        let call = |provider| PhoneCall::new(provider, [0xAB; 16]);
        let twilio = call(PhoneProvider::Twilio);
        assert_eq!(twilio.stream_id, format!("MZ{}", "ab".repeat(16)));
        assert_eq!(twilio.call_id.len(), 34);
        assert!(call(PhoneProvider::Telnyx).call_id.starts_with("v3:"));
        assert_eq!(call(PhoneProvider::Genesys).stream_id, "abababab-abab-4bab-abab-abababababab");
        assert_ne!(call(PhoneProvider::Plivo).stream_id, call(PhoneProvider::Plivo).call_id);
        assert_ne!(call(PhoneProvider::Twilio), PhoneCall::new(PhoneProvider::Twilio, [1; 16]));
    }

    #[test]
    fn what_a_provider_cant_carry_is_named() {
        for provider in PhoneProvider::ALL {
            let mut call = PhoneCall::new(provider, [0; 16]);
            assert_eq!(call.check(), Ok(()));
            call.parameters.push((String::new(), "x".into()));
            assert!(call.check().unwrap_err().message().contains("no name"));
        }
        let mut call = PhoneCall::new(PhoneProvider::Twilio, [0; 16]);
        call.encoding = PhoneEncoding::Pcm16k;
        let error = call.check().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidTransportParams);
        assert_eq!(error.message(), "Twilio does not carry l16-16000, only pcmu");
    }

    #[test]
    fn numbers_join_the_parameters_unless_the_app_has_them() {
        let mut call = PhoneCall::new(PhoneProvider::Twilio, [0; 16]);
        call.from = "+1".into();
        call.to = "+2".into();
        call.parameters = vec![("to_number".into(), "+3".into())];
        let all: Vec<_> = call.parameters_with_numbers().collect();
        assert_eq!(all, [("from_number", "+1"), ("to_number", "+3")]);
    }
}
