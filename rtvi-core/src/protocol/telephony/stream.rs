//! The media stream of a call, whatever the provider.
//!
//! Pure. Values, the trait, and the choice of the provider.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use serde_json::Value;

use crate::{Error, ErrorKind};

use super::{
    PhoneCall, PhoneProvider, exotel::Exotel, genesys::Genesys, plivo::Plivo, telnyx::Telnyx, twilio::Twilio,
    vonage::Vonage,
};

/// One message of the WebSocket.
#[derive(Clone, PartialEq, Eq)]
pub enum PhonePayload {
    /// Text: UTF-8.
    Text(Bytes),
    /// Binary data.
    Binary(Bytes),
}

impl fmt::Debug for PhonePayload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "Text({})", String::from_utf8_lossy(text)),
            Self::Binary(bytes) => write!(f, "Binary({} bytes)", bytes.len()),
        }
    }
}

/// What the bot sent.
#[derive(Clone, Debug, PartialEq)]
pub enum BotSignal {
    /// The bot's voice: 16-bit mono.
    Audio {
        /// Samples per second.
        sample_rate: u32,
        /// The samples.
        samples: Arc<[i16]>,
    },
    /// The bot was interrupted: drop its audio that has not been played.
    Clear,
    /// A position in the bot's audio. When it has been played, send
    /// [`PhoneStream::mark_played`] with it.
    Mark(Value),
    /// An RTVI message, as JSON text. Some bots send RTVI beside the provider's own messages.
    Rtvi(Bytes),
    /// The bot took the call.
    Opened,
    /// The bot hangs up. The stream has answered; the call ends with [`Self::Closed`].
    HangUp {
        /// Why; may be empty.
        reason: String,
        /// What the bot returns to the provider; null for nothing.
        result: Value,
    },
    /// The bot confirmed the end of the call.
    Closed,
    /// Nothing for the caller.
    Nothing,
}

/// The provider's side of a call: writes what the provider sends and reads what the bot sends.
///
/// Written payloads reuse the stream's buffers. Send them in the order in which they were written:
/// they are numbered.
pub trait PhoneStream: fmt::Debug + Send {
    /// Appends the messages that open the call.
    fn open(&mut self, out: &mut Vec<PhonePayload>);

    /// Whether the bot has to take the call, with [`BotSignal::Opened`].
    fn waits_for_bot(&self) -> bool {
        false
    }

    /// Whether the bot takes audio now.
    fn takes_audio(&self) -> bool {
        true
    }

    /// The caller's voice, in the call's encoding and rate.
    fn audio(&mut self, samples: &[i16]) -> PhonePayload;

    /// The caller pressed a key: `0`–`9`, `*` or `#`.
    fn key(&mut self, key: char) -> PhonePayload;

    /// The bot's audio before a mark was played or dropped.
    fn mark_played(&mut self, _mark: &Value) -> Option<PhonePayload> {
        None
    }

    /// The bot's audio was dropped, as the bot asked.
    fn cleared(&mut self) -> Option<PhonePayload> {
        None
    }

    /// The bot's audio began or ceased to play.
    fn playing(&mut self, _started: bool) -> Option<PhonePayload> {
        None
    }

    /// Asks whether the bot is there; providers that do so ask every 5 seconds.
    fn ping(&mut self) -> Option<PhonePayload> {
        None
    }

    /// The caller hangs up.
    fn hang_up(&mut self) -> Option<PhonePayload>;

    /// Reads what the bot sent. Answers of the provider itself are appended to `answers`.
    ///
    /// # Errors
    /// [`ErrorKind::Protocol`] for what the provider would not accept;
    /// the text names the provider, the field and the value.
    fn read(&mut self, payload: PhonePayload, answers: &mut Vec<PhonePayload>) -> Result<BotSignal, Error>;
}

/// The stream of a call.
///
/// # Errors
/// As [`PhoneCall::check`].
pub fn phone_stream(call: PhoneCall) -> Result<Box<dyn PhoneStream>, Error> {
    call.check()?;
    Ok(match call.provider {
        PhoneProvider::Twilio => Box::new(Twilio::new(call)),
        PhoneProvider::Telnyx => Box::new(Telnyx::new(call)),
        PhoneProvider::Plivo => Box::new(Plivo::new(call)),
        PhoneProvider::Exotel => Box::new(Exotel::new(call)),
        PhoneProvider::Vonage => Box::new(Vonage::new(call)),
        PhoneProvider::Genesys => Box::new(Genesys::new(call)),
    })
}

/// The error for what a provider would not accept.
pub(super) fn refused(provider: PhoneProvider, what: impl fmt::Display) -> Error {
    Error::new(ErrorKind::Protocol, format!("{provider} does not accept {what}"))
}

#[cfg(test)]
mod tests;
