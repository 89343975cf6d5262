//! Twilio Media Streams: JSON text over a WebSocket, audio as base64 of 8 kHz mono µ-law.
//!
//! Pure; depends on serde, base64, the µ-law codec and [`crate::Error`]. A client acts as Twilio:
//! it sends `connected`, `start`, `media` and `dtmf`, and receives `media`, `mark` and `clear`.
//! There are no RTVI messages here.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::mulaw;
use crate::protocol::json_text;
use crate::{Error, ErrorKind};

/// The sample rate of the audio, which has one channel.
pub const SAMPLE_RATE: u32 = 8000;

/// One message of a media stream, in either direction.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TwilioMessage {
    /// The first message of a stream.
    Connected,
    /// The second message: it identifies the call.
    Start {
        /// The stream. Media of both directions carry this id.
        stream_sid: String,
        /// The call.
        call_sid: String,
        /// Parameters for the bot, set by the app that started the stream.
        custom_parameters: Vec<(String, String)>,
    },
    /// Audio.
    Media {
        /// The stream.
        stream_sid: String,
        /// 16-bit PCM at [`SAMPLE_RATE`], mono.
        samples: Vec<i16>,
    },
    /// The caller pressed a key.
    Dtmf {
        /// The stream.
        stream_sid: String,
        /// `0`–`9`, `*` or `#`.
        digit: char,
    },
    /// A position in the audio. The bot sends it; return it when the audio before it has been
    /// played.
    Mark {
        /// The stream.
        stream_sid: String,
        /// The name of the position.
        name: String,
    },
    /// The bot was interrupted: discard audio that has not been played.
    Clear {
        /// The stream.
        stream_sid: String,
    },
    /// The stream has ended.
    Stop {
        /// The stream.
        stream_sid: String,
    },
    /// An event that this version does not know.
    Unknown {
        /// Its name.
        event: String,
    },
}

impl TwilioMessage {
    /// The message as JSON text.
    pub fn encode(&self) -> String {
        let value = match self {
            Self::Connected => json!({"event": "connected", "protocol": "Call", "version": "1.0.0"}),
            Self::Start { stream_sid, call_sid, custom_parameters } => {
                start(stream_sid, call_sid, custom_parameters)
            }
            Self::Media { stream_sid, samples } => {
                event("media", stream_sid, json!({"payload": payload(samples)}))
            }
            Self::Dtmf { stream_sid, digit } => event("dtmf", stream_sid, json!({"digit": digit})),
            Self::Mark { stream_sid, name } => event("mark", stream_sid, json!({"name": name})),
            Self::Clear { stream_sid } => json!({"event": "clear", "streamSid": stream_sid}),
            Self::Stop { stream_sid } => json!({"event": "stop", "streamSid": stream_sid}),
            Self::Unknown { event } => json!({"event": event}),
        };
        value.to_string()
    }

    /// Reads one message.
    ///
    /// # Errors
    /// [`ErrorKind::Protocol`] if the text is not a JSON object with an `event`, or lacks a field
    /// that the event needs. Some bots send RTVI messages on the same socket. They cause this
    /// error; drop them.
    pub fn decode(text: &str) -> Result<Self, Error> {
        let read = serde_json::from_str(text)
            .ok()
            .or_else(|| serde_json::from_value(json_text::mended(text.as_bytes())?).ok());
        let wire: Wire = read.ok_or_else(|| bad("not a JSON object with an event and its parts"))?;
        wire.into_message()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    event: String,
    #[serde(default)]
    stream_sid: Option<String>,
    #[serde(default)]
    start: Option<WireStart>,
    #[serde(default)]
    media: Option<WireMedia>,
    #[serde(default)]
    dtmf: Option<WireDtmf>,
    #[serde(default)]
    mark: Option<WireMark>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireStart {
    stream_sid: Option<String>,
    call_sid: String,
    #[serde(default)]
    custom_parameters: Option<serde_json::Map<String, Value>>,
}

#[derive(Deserialize)]
struct WireMedia {
    payload: String,
}

#[derive(Deserialize)]
struct WireDtmf {
    digit: char,
}

#[derive(Deserialize)]
struct WireMark {
    name: String,
}

impl Wire {
    fn into_message(self) -> Result<TwilioMessage, Error> {
        let stream_sid = self.stream_sid.unwrap_or_default();
        Ok(match self.event.as_str() {
            "connected" => TwilioMessage::Connected,
            "start" => self.start.ok_or_else(|| bad("start without its parts"))?.into_message(stream_sid),
            "media" => TwilioMessage::Media { stream_sid, samples: samples(self.media)? },
            "dtmf" => {
                let digit = self.dtmf.ok_or_else(|| bad("dtmf without a digit"))?.digit;
                TwilioMessage::Dtmf { stream_sid, digit }
            }
            "mark" => {
                let name = self.mark.ok_or_else(|| bad("mark without a name"))?.name;
                TwilioMessage::Mark { stream_sid, name }
            }
            "clear" => TwilioMessage::Clear { stream_sid },
            "stop" => TwilioMessage::Stop { stream_sid },
            _ => TwilioMessage::Unknown { event: self.event },
        })
    }
}

impl WireStart {
    fn into_message(self, outer_stream_sid: String) -> TwilioMessage {
        let parameters = self.custom_parameters.unwrap_or_default().into_iter();
        TwilioMessage::Start {
            stream_sid: self.stream_sid.unwrap_or(outer_stream_sid),
            call_sid: self.call_sid,
            custom_parameters: parameters.map(|(name, value)| (name, text(value))).collect(),
        }
    }
}

fn text(value: Value) -> String {
    if let Value::String(text) = value { text } else { value.to_string() }
}

fn start(stream_sid: &str, call_sid: &str, custom_parameters: &[(String, String)]) -> Value {
    let parameters: serde_json::Map<String, Value> =
        custom_parameters.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect();
    let format = json!({"encoding": "audio/x-mulaw", "sampleRate": SAMPLE_RATE, "channels": 1});
    event(
        "start",
        stream_sid,
        json!({
            "streamSid": stream_sid,
            "callSid": call_sid,
            "tracks": ["inbound"],
            "mediaFormat": format,
            "customParameters": parameters,
        }),
    )
}

/// An event whose fields are nested under its own name.
fn event(name: &str, stream_sid: &str, parts: Value) -> Value {
    json!({"event": name, "streamSid": stream_sid, name: parts})
}

fn payload(samples: &[i16]) -> String {
    let bytes: Vec<u8> = samples.iter().map(|sample| mulaw::encode(*sample)).collect();
    STANDARD.encode(bytes)
}

fn samples(media: Option<WireMedia>) -> Result<Vec<i16>, Error> {
    let media = media.ok_or_else(|| bad("media without a payload"))?;
    let bytes = STANDARD.decode(media.payload).map_err(|_| bad("media payload is not base64"))?;
    Ok(bytes.into_iter().map(mulaw::decode).collect())
}

fn bad(what: &str) -> Error {
    Error::new(ErrorKind::Protocol, format!("bad Twilio message: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sid() -> String {
        "MZ1".to_owned()
    }

    #[test]
    fn every_message_survives_a_round_trip() {
        let messages = [
            TwilioMessage::Connected,
            TwilioMessage::Start {
                stream_sid: sid(),
                call_sid: "CA1".to_owned(),
                custom_parameters: vec![("name".to_owned(), "Ada".to_owned())],
            },
            TwilioMessage::Media { stream_sid: sid(), samples: vec![0, 988, -988, 32124] },
            TwilioMessage::Dtmf { stream_sid: sid(), digit: '#' },
            TwilioMessage::Mark { stream_sid: sid(), name: "end".to_owned() },
            TwilioMessage::Clear { stream_sid: sid() },
            TwilioMessage::Stop { stream_sid: sid() },
            TwilioMessage::Unknown { event: "new".to_owned() },
        ];
        for message in messages {
            assert_eq!(TwilioMessage::decode(&message.encode()), Ok(message));
        }
    }

    #[test]
    fn media_has_the_shape_twilio_sends() {
        let text = TwilioMessage::Media { stream_sid: sid(), samples: vec![0, 0] }.encode();
        let value: Value = serde_json::from_str(&text).expect("JSON");
        assert_eq!(value, json!({"event": "media", "streamSid": "MZ1", "media": {"payload": "//8="}}));
    }

    #[test]
    fn the_bots_media_may_lack_a_stream() {
        let media = TwilioMessage::decode(r#"{"event":"media","media":{"payload":"/w==","track":"x"}}"#);
        assert_eq!(media, Ok(TwilioMessage::Media { stream_sid: String::new(), samples: vec![0] }));
    }

    #[test]
    fn bad_messages_are_typed_errors() {
        for text in [
            "",
            "[]",
            r#"{"label":"rtvi-ai","type":"bot-ready"}"#,
            r#"{"event":"media"}"#,
            r#"{"event":"media","media":{"payload":"*"}}"#,
            r#"{"event":"dtmf","dtmf":{"digit":"12"}}"#,
            r#"{"event":"start"}"#,
        ] {
            let error = TwilioMessage::decode(text).expect_err(text);
            assert_eq!(error.kind(), ErrorKind::Protocol, "{text}");
        }
    }
}
