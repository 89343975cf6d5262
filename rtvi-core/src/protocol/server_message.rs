//! The table of messages the server sends.
//!
//! Pure; depends on the payloads. One line per message: variant, payload, wire type (and older names for it), event name.

use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::envelope::{any_json, payload};
use super::payload::*;

/// The messages that reach the app as events of their own, given to the macro `$then` behind `$before`.
macro_rules! server_message_table {
    ($then:ident! { $($before:tt)* }) => {
        $then! {
            $($before)*
            /// The bot is ready; the answer to client-ready.
            BotReady(data: BotReadyData) = "bot-ready" => "botReady",
            /// The app's answer to a client-message; its id is that message's.
            ServerResponse(data: ServerResponseData) = "server-response" => "serverResponse",

            /// What the bot says or writes, piece by piece, with how far it has been spoken.
            BotOutput(data: BotOutputData) = "bot-output" => "botOutput",
            /// A sentence of the bot. Deprecated in favour of bot-output.
            BotTranscript(data: TextData) = "bot-transcription" => "botTranscript",
            /// A chunk of the LLM's text. Deprecated in favour of llm-raw-text.
            BotLlmText(data: TextData) = "bot-llm-text" => "botLlmText",
            /// The LLM began to answer.
            BotLlmStarted = "bot-llm-started" => "botLlmStarted",
            /// The LLM finished its answer.
            BotLlmStopped = "bot-llm-stopped" => "botLlmStopped",
            /// Text the bot is saying; `tts-text` from the oldest servers. Deprecated in favour of tts-raw-text.
            BotTtsText(data: TextData) = "bot-tts-text" | "tts-text" => "botTtsText",
            /// Speech synthesis began.
            BotTtsStarted = "bot-tts-started" => "botTtsStarted",
            /// Speech synthesis finished.
            BotTtsStopped = "bot-tts-stopped" => "botTtsStopped",
            /// Synthesised speech in a message; defined by the protocol, sent by no known server.
            BotTtsAudio(data: BotTtsAudioData) = "bot-tts-audio" => "botTtsAudio",
            /// The bot began to speak.
            BotStartedSpeaking = "bot-started-speaking" => "botStartedSpeaking",
            /// The bot stopped speaking.
            BotStoppedSpeaking = "bot-stopped-speaking" => "botStoppedSpeaking",
            /// The bot was interrupted: what it has not said yet is void.
            BotInterrupted = "bot-interrupted" => "botInterrupted",

            /// The user began a turn.
            UserStartedSpeaking = "user-started-speaking" => "userStartedSpeaking",
            /// The user ended a turn.
            UserStoppedSpeaking = "user-stopped-speaking" => "userStoppedSpeaking",
            /// Voice was detected, whether or not it begins a turn.
            VadUserStartedSpeaking = "vad-user-started-speaking" => "vadUserStartedSpeaking",
            /// Voice is no longer detected, whether or not that ends a turn.
            VadUserStoppedSpeaking = "vad-user-stopped-speaking" => "vadUserStoppedSpeaking",
            /// The bot ignores the microphone from now on; keep sending.
            UserMuteStarted = "user-mute-started" => "userMuteStarted",
            /// The bot listens to the microphone again.
            UserMuteStopped = "user-mute-stopped" => "userMuteStopped",
            /// What the user said, interim or final. Deprecated in favour of user-input.
            UserTranscript(data: TranscriptData) = "user-transcription" => "userTranscript",
            /// What the user said or typed.
            UserInput(data: UserInputData) = "user-input" => "userInput",
            /// The user's turn as the LLM gets it.
            UserLlmText(data: TextData) = "user-llm-text" => "userLlmText",

            /// A transcription as the speech recogniser gave it.
            SttRawText(data: TranscriptData) = "stt-raw-text" => "sttRawText",
            /// A chunk of text as the LLM gave it.
            LlmRawText(data: TextData) = "llm-raw-text" => "llmRawText",
            /// Text as the speech synthesiser speaks it.
            TtsRawText(data: TextData) = "tts-raw-text" => "ttsRawText",
            /// A marker the LLM put beside its text.
            BotLlmMarker(data: BotLlmMarkerData) = "bot-llm-marker" => "botLlmMarker",
            /// What a web search of the LLM found.
            BotLlmSearchResponse(data: BotLlmSearchResponseData) = "bot-llm-search-response" => "botLlmSearchResponse",

            /// The LLM calls a function of the client. Deprecated in favour of the three messages below.
            LlmFunctionCall(data: FunctionCallData) = "llm-function-call" => "llmFunctionCall",
            /// The LLM is about to call a function; `llm-function-call-start` from 1.x servers.
            LlmFunctionCallStarted(data: FunctionCallStartedData) = "llm-function-call-started" | "llm-function-call-start" => "llmFunctionCallStarted",
            /// A function call runs; the client may be the one to answer it.
            LlmFunctionCallInProgress(data: FunctionCallInProgressData) = "llm-function-call-in-progress" => "llmFunctionCallInProgress",
            /// A function call ended, with a result or cancelled.
            LlmFunctionCallStopped(data: FunctionCallStoppedData) = "llm-function-call-stopped" => "llmFunctionCallStopped",

            /// Measurements of the bot's services.
            Metrics(data: MetricsData) = "metrics" => "metrics",
            /// Loudness of the user's audio as the bot receives it; `localAudioLevel` measures it here.
            UserAudioLevel(data: AudioLevelData) = "user-audio-level" => "userAudioLevel",
            /// Loudness of the bot's audio as the bot sends it; `remoteAudioLevel` measures it here.
            BotAudioLevel(data: AudioLevelData) = "bot-audio-level" => "botAudioLevel",
            /// A line of the bot's log.
            SystemLog(data: TextData) = "system-log" => "systemLog",

            /// The bot asks the user interface to do something.
            UiCommand(data: UiCommandData) = "ui-command" => "uiCommand",
            /// Progress of work that the bot started for the user interface.
            UiJobGroup(data: UiJobGroupData) = "ui-job-group" => "uiJobGroup",
        }
    };
}
pub(crate) use server_message_table;

macro_rules! server_messages {
    ($($(#[$doc:meta])* $variant:ident $(($field:ident: $data:ty))? = $wire:literal $(| $old:literal)* => $event:literal,)+) => {
        /// A message of the server. New messages may be added.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum ServerMessage {
            $($(#[$doc])* $variant $(($data))?,)+
            /// A message of the app's own: any JSON, or nothing.
            ServerMessage(Option<Value>),
            /// A message this version does not know, kept as it came.
            Unknown {
                /// Its type.
                wire_type: String,
                /// Its data, if any.
                data: Option<Value>,
            },
        }

        impl ServerMessage {
            /// The types of all messages known here, as on the wire.
            pub const WIRE_TYPES: &'static [&'static str] = &[$($wire,)+ "server-message"];

            /// The message's type on the wire; today's name where it came under an older one.
            pub fn wire_type(&self) -> &str {
                match self {
                    Self::Unknown { wire_type, .. } => wire_type,
                    known => known.known_type().unwrap_or_default(),
                }
            }

            /// The message's type on the wire, if this version knows it.
            pub(crate) const fn known_type(&self) -> Option<&'static str> {
                match self {
                    $(Self::$variant { .. } => Some($wire),)+
                    Self::ServerMessage(_) => Some("server-message"),
                    Self::Unknown { .. } => None,
                }
            }

            /// The name of the event an app sees, as in client-js's `RTVIEvent` where that has one.
            pub const fn event_name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $event,)+
                    Self::ServerMessage(_) => "serverMessage",
                    Self::Unknown { .. } => "unknownMessage",
                }
            }

            /// Reads the data of a message of the given type; the error says what does not fit.
            pub(super) fn from_wire(wire_type: &str, data: Option<&RawValue>) -> Result<Self, String> {
                Ok(match wire_type {
                    $($wire $(| $old)* => Self::$variant $((payload::<$data>(data)?))?,)+
                    "server-message" => Self::ServerMessage(any_json(data)?),
                    _ => Self::Unknown { wire_type: wire_type.to_owned(), data: any_json(data)? },
                })
            }

            /// The message's data in wire form: today's field names, absent fields left out. `None` if it has no data.
            /// A message of an unknown type gives `{"type", "data"}`.
            pub fn data(&self) -> Option<Value> {
                match self {
                    $(Self::$variant $(($field))? => server_messages!(@wire $($field)?),)+
                    Self::ServerMessage(data) => data.clone(),
                    Self::Unknown { wire_type, data } => Some(json!({"type": wire_type, "data": data})),
                }
            }
        }
    };
    (@wire) => { None };
    (@wire $field:ident) => { serde_json::to_value($field).ok() };
}

server_message_table!(server_messages! {
    /// Something failed in the bot; if fatal, the session is over.
    Error(data: BotErrorData) = "error" => "error",
    /// A message of the client was refused; its id is that message's.
    ErrorResponse(data: ErrorResponseData) = "error-response" => "messageError",
});
