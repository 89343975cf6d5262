//! The table of messages that the server sends.
//!
//! Pure; depends on the payloads. One line per message: variant, payload, wire type (with its older
//! names) and event name.

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::envelope::{any_json, payload};
use super::object_only::ObjectOnly;
use super::payload::*;

/// The messages that reach the app as separate events. The macro passes them to `$then`, after
/// `$before`.
macro_rules! server_message_table {
    ($then:ident! { $($before:tt)* }) => {
        $then! {
            $($before)*
            /// The bot is ready. This is the answer to client-ready.
            BotReady(data: BotReadyData) = "bot-ready" => "botReady",
            /// The bot's answer to a client-message. It carries that message's id.
            ServerResponse(data: ServerResponseData) = "server-response" => "serverResponse",

            /// A piece of what the bot says or writes, with how far it has been spoken.
            BotOutput(data: BotOutputData) = "bot-output" => "botOutput",
            /// A sentence from the bot. Deprecated in favour of bot-output.
            BotTranscript(data: TextData) = "bot-transcription" => "botTranscript",
            /// A chunk of the LLM's text. Deprecated in favour of llm-raw-text.
            BotLlmText(data: TextData) = "bot-llm-text" => "botLlmText",
            /// The LLM started to answer.
            BotLlmStarted = "bot-llm-started" => "botLlmStarted",
            /// The LLM finished its answer.
            BotLlmStopped = "bot-llm-stopped" => "botLlmStopped",
            /// Text that the bot is speaking; `tts-text` from the oldest servers. Deprecated in
            /// favour of tts-raw-text.
            BotTtsText(data: TextData) = "bot-tts-text" | "tts-text" => "botTtsText",
            /// Speech synthesis started.
            BotTtsStarted = "bot-tts-started" => "botTtsStarted",
            /// Speech synthesis finished.
            BotTtsStopped = "bot-tts-stopped" => "botTtsStopped",
            /// Synthesized speech inside a message. The protocol defines it, but no known server
            /// sends it.
            BotTtsAudio(data: BotTtsAudioData) = "bot-tts-audio" => "botTtsAudio",
            /// The bot started speaking.
            BotStartedSpeaking = "bot-started-speaking" => "botStartedSpeaking",
            /// The bot stopped speaking.
            BotStoppedSpeaking = "bot-stopped-speaking" => "botStoppedSpeaking",
            /// The bot was interrupted: it does not say the rest.
            BotInterrupted = "bot-interrupted" => "botInterrupted",

            /// The user started a turn.
            UserStartedSpeaking = "user-started-speaking" => "userStartedSpeaking",
            /// The user ended a turn.
            UserStoppedSpeaking = "user-stopped-speaking" => "userStoppedSpeaking",
            /// The server detected voice, whether or not a turn starts.
            VadUserStartedSpeaking = "vad-user-started-speaking" => "vadUserStartedSpeaking",
            /// The server no longer detects voice, whether or not the turn ends.
            VadUserStoppedSpeaking = "vad-user-stopped-speaking" => "vadUserStoppedSpeaking",
            /// The bot now ignores the microphone. Keep sending audio.
            UserMuteStarted = "user-mute-started" => "userMuteStarted",
            /// The bot listens to the microphone again.
            UserMuteStopped = "user-mute-stopped" => "userMuteStopped",
            /// What the user said, interim or final. Deprecated in favour of user-input.
            UserTranscript(data: TranscriptData) = "user-transcription" => "userTranscript",
            /// What the user said or typed.
            UserInput(data: UserInputData) = "user-input" => "userInput",
            /// The user's turn as the LLM receives it.
            UserLlmText(data: TextData) = "user-llm-text" => "userLlmText",

            /// A transcription, exactly as the speech recognizer produced it.
            SttRawText(data: TranscriptData) = "stt-raw-text" => "sttRawText",
            /// A chunk of text, exactly as the LLM produced it.
            LlmRawText(data: TextData) = "llm-raw-text" => "llmRawText",
            /// Text as the speech synthesizer speaks it.
            TtsRawText(data: TextData) = "tts-raw-text" => "ttsRawText",
            /// A marker that the LLM added to its text.
            BotLlmMarker(data: BotLlmMarkerData) = "bot-llm-marker" => "botLlmMarker",
            /// The results of a web search by the LLM.
            BotLlmSearchResponse(data: BotLlmSearchResponseData) = "bot-llm-search-response" => "botLlmSearchResponse",

            /// The LLM calls a function of the client. Deprecated in favour of the three messages
            /// below.
            LlmFunctionCall(data: FunctionCallData) = "llm-function-call" => "llmFunctionCall",
            /// The LLM is about to call a function; `llm-function-call-start` from 1.x servers.
            LlmFunctionCallStarted(data: FunctionCallStartedData) = "llm-function-call-started" | "llm-function-call-start" => "llmFunctionCallStarted",
            /// A function call is running. The client may have to answer it.
            LlmFunctionCallInProgress(data: FunctionCallInProgressData) = "llm-function-call-in-progress" => "llmFunctionCallInProgress",
            /// A function call ended with a result or was cancelled.
            LlmFunctionCallStopped(data: FunctionCallStoppedData) = "llm-function-call-stopped" => "llmFunctionCallStopped",

            /// Measurements of the bot's services.
            Metrics(data: Box<MetricsData>) = "metrics" => "metrics",
            /// The user's loudness at the bot; `localAudioLevel` measures it here.
            UserAudioLevel(data: AudioLevelData) = "user-audio-level" => "userAudioLevel",
            /// The bot's loudness as the bot sends it; `remoteAudioLevel` measures it here.
            BotAudioLevel(data: AudioLevelData) = "bot-audio-level" => "botAudioLevel",
            /// A line of the bot's log.
            SystemLog(data: TextData) = "system-log" => "systemLog",

            /// The bot asks the user interface to do something.
            UiCommand(data: UiCommandData) = "ui-command" => "uiCommand",
            /// Progress of a group of jobs that the bot started for the user interface.
            UiJobGroup(data: Box<UiJobGroupData>) = "ui-job-group" => "uiJobGroup",
        }
    };
}
pub(crate) use server_message_table;

macro_rules! server_messages {
    ($($(#[$doc:meta])* $variant:ident $(($field:ident: $data:ty))? = $wire:literal $(| $old:literal)* => $event:literal,)+) => {
        /// A message from the server. New messages may be added.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum ServerMessage {
            $($(#[$doc])* $variant $(($data))?,)+
            /// A message defined by the app: any JSON, or nothing.
            ServerMessage(Option<Value>),
            /// A message whose type this version does not know, unchanged.
            Unknown {
                /// Its type.
                wire_type: String,
                /// Its data, if any.
                data: Option<Value>,
            },
        }

        impl ServerMessage {
            /// The types of all known messages, as on the wire.
            pub const WIRE_TYPES: &'static [&'static str] = &[$($wire,)+ "server-message"];

            /// The message's type on the wire: the current name, even if the message arrived under
            /// an older one.
            pub fn wire_type(&self) -> &str {
                match self {
                    Self::Unknown { wire_type, .. } => wire_type,
                    known => known.known_type().unwrap_or_default(),
                }
            }

            /// The message's type on the wire, if this version knows the message.
            pub(crate) const fn known_type(&self) -> Option<&'static str> {
                match self {
                    $(Self::$variant { .. } => Some($wire),)+
                    Self::ServerMessage(_) => Some("server-message"),
                    Self::Unknown { .. } => None,
                }
            }

            /// The name of the event for the app: that of client-js's `RTVIEvent`, where it has
            /// one.
            pub const fn event_name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $event,)+
                    Self::ServerMessage(_) => "serverMessage",
                    Self::Unknown { .. } => "unknownMessage",
                }
            }

            /// Reads the data of a message of the given type. The error describes what does not
            /// fit.
            pub(super) fn from_wire(wire_type: &str, data: Option<&RawValue>) -> Result<Self, String> {
                Ok(match wire_type {
                    $($wire $(| $old)* => Self::$variant $((payload::<$data>(data)?))?,)+
                    "server-message" => Self::ServerMessage(any_json(data)?),
                    _ => Self::Unknown { wire_type: wire_type.to_owned(), data: any_json(data)? },
                })
            }

            /// Reads the data of a message of a known type straight from a deserializer. Fails for
            /// all that [`Self::from_wire`] would mend or describe.
            pub(super) fn deserialize_data<'de, D: Deserializer<'de>>(wire_type: &str, data: D) -> Result<Self, D::Error> {
                match wire_type {
                    $($wire $(| $old)* => server_messages!(@read $variant data $($data)?),)+
                    "server-message" => Deserialize::deserialize(data).map(Self::ServerMessage),
                    _ => Err(D::Error::custom("unknown")),
                }
            }

            /// The message's data in wire form, with current field names and without absent fields.
            /// `None` if it has no data. A message of an unknown type returns `{"type", "data"}`.
            pub fn data(&self) -> Option<Value> {
                match self {
                    $(Self::$variant $(($field))? => server_messages!(@wire $($field)?),)+
                    Self::ServerMessage(data) => data.clone(),
                    Self::Unknown { wire_type, data } => Some(json!({"type": wire_type, "data": data})),
                }
            }
        }
    };
    (@read $variant:ident $data:ident) => {
        IgnoredAny::deserialize($data).map(|_| Self::$variant)
    };
    (@read $variant:ident $data:ident $payload:ty) => {
        <$payload>::deserialize(ObjectOnly($data)).map(Self::$variant)
    };
    (@wire) => { None };
    (@wire $field:ident) => { serde_json::to_value($field).ok() };
}

server_message_table!(server_messages! {
    /// The bot reported an error. If it is fatal, the session is over.
    Error(data: BotErrorData) = "error" => "error",
    /// The bot refused a message of the client. It carries that message's id.
    ErrorResponse(data: ErrorResponseData) = "error-response" => "messageError",
});
