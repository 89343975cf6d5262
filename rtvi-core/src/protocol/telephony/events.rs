//! What a bot sends to Twilio, Telnyx, Plivo and Exotel: JSON objects that name an event, with audio
//! as base64. They differ in names only.
//!
//! Pure.

use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::Deserialize;

use crate::{
    Error,
    protocol::{MESSAGE_LABEL, json_text},
};

use super::{
    PhoneEncoding, PhonePayload, PhoneProvider,
    stream::{BotSignal, refused},
};

/// The names that a provider uses.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) provider: PhoneProvider,
    pub(super) audio: &'static str,
    pub(super) clear: &'static str,
    pub(super) mark: &'static str,
}

/// An event of the bot, with the fields of all providers.
#[derive(Debug, Deserialize)]
struct Event<'a> {
    #[serde(default, borrow)]
    label: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    event: Option<Cow<'a, str>>,
    #[serde(
        default,
        borrow,
        alias = "streamSid",
        alias = "stream_sid",
        alias = "streamId",
        alias = "stream_id"
    )]
    stream: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    media: Option<Media<'a>>,
    #[serde(default, borrow)]
    mark: Option<Mark<'a>>,
    #[serde(default, borrow)]
    name: Option<Cow<'a, str>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Media<'a> {
    #[serde(borrow)]
    payload: Cow<'a, str>,
    #[serde(default, borrow)]
    content_type: Option<Cow<'a, str>>,
    #[serde(default)]
    sample_rate: Option<u32>,
}

#[derive(Debug, Deserialize)]
struct Mark<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
}

impl Names {
    /// Reads a payload of the stream `stream_id`, whose audio is in `encoding` unless it says
    /// otherwise.
    pub(super) fn read(
        &self,
        payload: PhonePayload,
        stream_id: &str,
        encoding: PhoneEncoding,
    ) -> Result<BotSignal, Error> {
        let PhonePayload::Text(text) = payload else {
            return Err(refused(self.provider, "binary data"));
        };
        if let Ok(event) = serde_json::from_slice(&text) {
            return self.signal(event, &text, stream_id, encoding);
        }
        let mended = json_text::read(&text)
            .map_err(|cause| refused(self.provider, format_args!("text that is not JSON: {cause}")))?
            .to_string();
        let event = serde_json::from_str(&mended)
            .map_err(|cause| refused(self.provider, format_args!("the message: {cause}")))?;
        self.signal(event, &text, stream_id, encoding)
    }

    fn signal(
        &self,
        event: Event<'_>,
        text: &Bytes,
        stream_id: &str,
        encoding: PhoneEncoding,
    ) -> Result<BotSignal, Error> {
        if event.label.as_deref() == Some(MESSAGE_LABEL) {
            return Ok(BotSignal::Rtvi(text.clone()));
        }
        let name = event.event.as_deref().unwrap_or_default();
        if let Some(other) = event.stream.as_deref().filter(|stream| *stream != stream_id) {
            let what = format_args!("{} of the stream {}: this is {stream_id}", shown(name), shown(other));
            return Err(refused(self.provider, what));
        }
        match name {
            name if name == self.audio => self.audio(event.media, encoding),
            name if name == self.clear => Ok(BotSignal::Clear),
            name if name == self.mark => self.mark(event.mark.map(|mark| mark.name).or(event.name)),
            "" => Err(refused(self.provider, "a message without an event")),
            other => Err(refused(self.provider, format_args!("the event {}", shown(other)))),
        }
    }

    fn audio(&self, media: Option<Media<'_>>, encoding: PhoneEncoding) -> Result<BotSignal, Error> {
        let media = media.ok_or_else(|| refused(self.provider, "audio without media"))?;
        let encoding = self.encoding_of(&media)?.unwrap_or(encoding);
        let bytes = STANDARD
            .decode(media.payload.as_bytes())
            .map_err(|cause| refused(self.provider, format_args!("a payload that is not base64: {cause}")))?;
        let samples = encoding.decode(&bytes).ok_or_else(|| {
            refused(self.provider, format_args!("{} bytes of {encoding}: half a sample", bytes.len()))
        })?;
        Ok(BotSignal::Audio { sample_rate: encoding.sample_rate(), samples })
    }

    /// The encoding that the audio itself names, as with Plivo.
    fn encoding_of(&self, media: &Media<'_>) -> Result<Option<PhoneEncoding>, Error> {
        let Some(content) = media.content_type.as_deref() else { return Ok(None) };
        match (content, media.sample_rate) {
            ("audio/x-mulaw", None | Some(8_000)) => Ok(Some(PhoneEncoding::MuLaw)),
            ("audio/x-l16", Some(8_000)) => Ok(Some(PhoneEncoding::Pcm8k)),
            ("audio/x-l16", Some(16_000)) => Ok(Some(PhoneEncoding::Pcm16k)),
            (content, rate) => {
                let rate = rate.map_or_else(|| "no rate".to_owned(), |rate| format!("{rate} Hz"));
                Err(refused(self.provider, format_args!("audio of the type {} and {rate}", shown(content))))
            }
        }
    }

    fn mark(&self, name: Option<Cow<'_, str>>) -> Result<BotSignal, Error> {
        let name = name.ok_or_else(|| refused(self.provider, "a mark without a name"))?;
        Ok(BotSignal::Mark(name.into_owned().into()))
    }
}

/// The bot's own words in an error.
pub(super) fn shown(text: &str) -> String {
    format!("{:?}", crate::error::excerpt(text))
}
