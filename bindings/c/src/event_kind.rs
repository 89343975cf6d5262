//! The numbers of the events, for `switch` in C.
//!
//! Depends on nothing. A new event needs a line in the enum and one in the table; the tests say so.

/// What happened. Values never change; new ones may be added: ignore those you don't know.
///
/// The names and the data are those of the other Pipecat SDKs; the fields of a message's data are those on the wire.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_event_kind {
    /// An event that this interface has no number for; it has a name.
    RTVI_EVENT_OTHER = 0,
    /// The client is in another state; see `rtvi_event_state`. Data: its name.
    RTVI_EVENT_TRANSPORT_STATE_CHANGED = 1,
    /// The transport is open; the bot is not ready yet.
    RTVI_EVENT_CONNECTED = 2,
    /// The session is over; the last event of every session. Data: `reason`, which is `requested`, `botLeft` or `failed`, and more on it.
    RTVI_EVENT_DISCONNECTED = 3,
    /// The start endpoint answered. Data: its whole answer.
    RTVI_EVENT_BOT_STARTED = 4,
    /// The bot's side of the connection is there. Data: `id`, `name`, `local`.
    RTVI_EVENT_BOT_CONNECTED = 5,
    /// The bot has left. Data: `id`, `name`, `local`.
    RTVI_EVENT_BOT_DISCONNECTED = 6,
    /// Somebody joined the session. Data: `id`, `name`, `local`.
    RTVI_EVENT_PARTICIPANT_CONNECTED = 7,
    /// Somebody left the session. Data: `id`, `name`, `local`.
    RTVI_EVENT_PARTICIPANT_LEFT = 8,
    /// The connection was lost and is being restored. Data: `attempt`, `maxAttempts`, `reason`.
    RTVI_EVENT_RECONNECTING = 9,
    /// Something failed that no call can report, here or in the bot. Data: `error`, `fatal`, `kind`.
    RTVI_EVENT_ERROR = 10,
    /// The server answered a message with an error. Data: `id`, `error`.
    RTVI_EVENT_MESSAGE_ERROR = 11,
    /// A message of the server could not be understood and was dropped. Data: `type`, `reason`.
    RTVI_EVENT_PROTOCOL_ERROR = 12,
    /// An option asks for something that is not supported here. Data: `feature`.
    RTVI_EVENT_UNSUPPORTED_FEATURE = 13,
    /// A microphone's or the bot's audio began to flow. Data: `kind`, `participant`.
    RTVI_EVENT_TRACK_STARTED = 14,
    /// A microphone's or the bot's audio ended. Data: `kind`, `participant`.
    RTVI_EVENT_TRACK_STOPPED = 15,
    /// A device's state changed. Data: `mic`, `speaker`, `cam`.
    RTVI_EVENT_MEDIA_STATE_UPDATED = 16,
    /// The microphone in use. Data: `deviceId`, `label`.
    RTVI_EVENT_MIC_UPDATED = 17,
    /// The speaker in use. Data: `deviceId`, `label`.
    RTVI_EVENT_SPEAKER_UPDATED = 18,
    /// A microphone or speaker failed. Data: `kind`, `message`.
    RTVI_EVENT_DEVICE_ERROR = 19,
    /// Loudness of the microphone, 0 to 1, about ten times a second; see `rtvi_event_level`.
    RTVI_EVENT_LOCAL_AUDIO_LEVEL = 20,
    /// Loudness of the bot as played, 0 to 1, about ten times a second; see `rtvi_event_level`.
    RTVI_EVENT_REMOTE_AUDIO_LEVEL = 21,
    /// Figures of the connection, now and then; the transport says which.
    RTVI_EVENT_TRANSPORT_STATS = 22,
    /// The microphones that there are, at first and whenever that changes. Data: a list of `deviceId`, `label`.
    RTVI_EVENT_AVAILABLE_MICS_UPDATED = 23,
    /// The speakers that there are, at first and whenever that changes. Data: a list of `deviceId`, `label`.
    RTVI_EVENT_AVAILABLE_SPEAKERS_UPDATED = 24,
    /// How much of what the bot said was heard. Data: `heardMs`, `receivedMs`, `interrupted`.
    RTVI_EVENT_BOT_AUDIO_HEARD = 25,
    /// The user began to speak, as heard here; only with the voice option `voiceActivity`.
    RTVI_EVENT_LOCAL_SPEECH_STARTED = 26,
    /// The user stopped speaking, as heard here.
    RTVI_EVENT_LOCAL_SPEECH_STOPPED = 27,
    /// Audio was dropped that somebody would have heard: at once, then once a second for each reason while it lasts. Data: `reason`
    /// (`unknownStream`, `unreadable`, `playoutFull`, `speakerFull` of the bot's audio; `microphoneFull`, `microphoneBacklog`,
    /// `preConnectFull` of the user's; new ones may be added), `droppedMs`, `count` in frames or packets, `detail` or null.
    RTVI_EVENT_AUDIO_DROPPED = 28,
    /// The bot is ready; the answer to client-ready. Message `bot-ready`.
    RTVI_EVENT_BOT_READY = 100,
    /// The app's answer to a client-message; its id is that message's. Message `server-response`.
    RTVI_EVENT_SERVER_RESPONSE = 101,
    /// What the bot says or writes, piece by piece, with how far it has been spoken. Message `bot-output`.
    RTVI_EVENT_BOT_OUTPUT = 102,
    /// A sentence of the bot. Deprecated in favour of bot-output. Message `bot-transcription`.
    RTVI_EVENT_BOT_TRANSCRIPT = 103,
    /// A chunk of the LLM's text. Deprecated in favour of llm-raw-text. Message `bot-llm-text`.
    RTVI_EVENT_BOT_LLM_TEXT = 104,
    /// The LLM began to answer. Message `bot-llm-started`.
    RTVI_EVENT_BOT_LLM_STARTED = 105,
    /// The LLM finished its answer. Message `bot-llm-stopped`.
    RTVI_EVENT_BOT_LLM_STOPPED = 106,
    /// Text the bot is saying; `tts-text` from the oldest servers. Deprecated in favour of tts-raw-text. Message `bot-tts-text`.
    RTVI_EVENT_BOT_TTS_TEXT = 107,
    /// Speech synthesis began. Message `bot-tts-started`.
    RTVI_EVENT_BOT_TTS_STARTED = 108,
    /// Speech synthesis finished. Message `bot-tts-stopped`.
    RTVI_EVENT_BOT_TTS_STOPPED = 109,
    /// Synthesised speech in a message; defined by the protocol, sent by no known server. Message `bot-tts-audio`.
    RTVI_EVENT_BOT_TTS_AUDIO = 110,
    /// The bot began to speak. Message `bot-started-speaking`.
    RTVI_EVENT_BOT_STARTED_SPEAKING = 111,
    /// The bot stopped speaking. Message `bot-stopped-speaking`.
    RTVI_EVENT_BOT_STOPPED_SPEAKING = 112,
    /// The bot was interrupted: what it has not said yet is void. Message `bot-interrupted`.
    RTVI_EVENT_BOT_INTERRUPTED = 113,
    /// The user began a turn. Message `user-started-speaking`.
    RTVI_EVENT_USER_STARTED_SPEAKING = 114,
    /// The user ended a turn. Message `user-stopped-speaking`.
    RTVI_EVENT_USER_STOPPED_SPEAKING = 115,
    /// Voice was detected, whether or not it begins a turn. Message `vad-user-started-speaking`.
    RTVI_EVENT_VAD_USER_STARTED_SPEAKING = 116,
    /// Voice is no longer detected, whether or not that ends a turn. Message `vad-user-stopped-speaking`.
    RTVI_EVENT_VAD_USER_STOPPED_SPEAKING = 117,
    /// The bot ignores the microphone from now on; keep sending. Message `user-mute-started`.
    RTVI_EVENT_USER_MUTE_STARTED = 118,
    /// The bot listens to the microphone again. Message `user-mute-stopped`.
    RTVI_EVENT_USER_MUTE_STOPPED = 119,
    /// What the user said, interim or final. Deprecated in favour of user-input. Message `user-transcription`.
    RTVI_EVENT_USER_TRANSCRIPT = 120,
    /// What the user said or typed. Message `user-input`.
    RTVI_EVENT_USER_INPUT = 121,
    /// The user's turn as the LLM gets it. Message `user-llm-text`.
    RTVI_EVENT_USER_LLM_TEXT = 122,
    /// A transcription as the speech recogniser gave it. Message `stt-raw-text`.
    RTVI_EVENT_STT_RAW_TEXT = 123,
    /// A chunk of text as the LLM gave it. Message `llm-raw-text`.
    RTVI_EVENT_LLM_RAW_TEXT = 124,
    /// Text as the speech synthesiser speaks it. Message `tts-raw-text`.
    RTVI_EVENT_TTS_RAW_TEXT = 125,
    /// A marker the LLM put beside its text. Message `bot-llm-marker`.
    RTVI_EVENT_BOT_LLM_MARKER = 126,
    /// What a web search of the LLM found. Message `bot-llm-search-response`.
    RTVI_EVENT_BOT_LLM_SEARCH_RESPONSE = 127,
    /// The LLM calls a function of the client. Deprecated in favour of the three messages below. Message `llm-function-call`.
    RTVI_EVENT_LLM_FUNCTION_CALL = 128,
    /// The LLM is about to call a function; `llm-function-call-start` from 1.x servers. Message `llm-function-call-started`.
    RTVI_EVENT_LLM_FUNCTION_CALL_STARTED = 129,
    /// A function call runs; the client may be the one to answer it. Message `llm-function-call-in-progress`.
    RTVI_EVENT_LLM_FUNCTION_CALL_IN_PROGRESS = 130,
    /// A function call ended, with a result or cancelled. Message `llm-function-call-stopped`.
    RTVI_EVENT_LLM_FUNCTION_CALL_STOPPED = 131,
    /// Measurements of the bot's services. Message `metrics`.
    RTVI_EVENT_METRICS = 132,
    /// Loudness of the user's audio as the bot gets it. Message `user-audio-level`.
    RTVI_EVENT_USER_AUDIO_LEVEL = 133,
    /// Loudness of the bot's audio as it sends it. Message `bot-audio-level`.
    RTVI_EVENT_BOT_AUDIO_LEVEL = 134,
    /// A line of the bot's log. Message `system-log`.
    RTVI_EVENT_SYSTEM_LOG = 135,
    /// The bot asks the user interface to do something. Message `ui-command`.
    RTVI_EVENT_UI_COMMAND = 136,
    /// Progress of work that the bot started for the user interface. Message `ui-job-group`.
    RTVI_EVENT_UI_JOB_GROUP = 137,
    /// A message of the app's own; the data are the app's. Message `server-message`.
    RTVI_EVENT_SERVER_MESSAGE = 138,
    /// A message of a type that this version does not know. Data: as it came.
    RTVI_EVENT_UNKNOWN_MESSAGE = 139,
}

use rtvi_event_kind as Kind;

/// Every numbered event by its name.
const KINDS: [(&str, Kind); 68] = [
    ("transportStateChanged", Kind::RTVI_EVENT_TRANSPORT_STATE_CHANGED),
    ("connected", Kind::RTVI_EVENT_CONNECTED),
    ("disconnected", Kind::RTVI_EVENT_DISCONNECTED),
    ("botStarted", Kind::RTVI_EVENT_BOT_STARTED),
    ("botConnected", Kind::RTVI_EVENT_BOT_CONNECTED),
    ("botDisconnected", Kind::RTVI_EVENT_BOT_DISCONNECTED),
    ("participantConnected", Kind::RTVI_EVENT_PARTICIPANT_CONNECTED),
    ("participantLeft", Kind::RTVI_EVENT_PARTICIPANT_LEFT),
    ("reconnecting", Kind::RTVI_EVENT_RECONNECTING),
    ("error", Kind::RTVI_EVENT_ERROR),
    ("messageError", Kind::RTVI_EVENT_MESSAGE_ERROR),
    ("protocolError", Kind::RTVI_EVENT_PROTOCOL_ERROR),
    ("unsupportedFeature", Kind::RTVI_EVENT_UNSUPPORTED_FEATURE),
    ("trackStarted", Kind::RTVI_EVENT_TRACK_STARTED),
    ("trackStopped", Kind::RTVI_EVENT_TRACK_STOPPED),
    ("mediaStateUpdated", Kind::RTVI_EVENT_MEDIA_STATE_UPDATED),
    ("micUpdated", Kind::RTVI_EVENT_MIC_UPDATED),
    ("speakerUpdated", Kind::RTVI_EVENT_SPEAKER_UPDATED),
    ("deviceError", Kind::RTVI_EVENT_DEVICE_ERROR),
    ("localAudioLevel", Kind::RTVI_EVENT_LOCAL_AUDIO_LEVEL),
    ("remoteAudioLevel", Kind::RTVI_EVENT_REMOTE_AUDIO_LEVEL),
    ("transportStats", Kind::RTVI_EVENT_TRANSPORT_STATS),
    ("availableMicsUpdated", Kind::RTVI_EVENT_AVAILABLE_MICS_UPDATED),
    ("availableSpeakersUpdated", Kind::RTVI_EVENT_AVAILABLE_SPEAKERS_UPDATED),
    ("botAudioHeard", Kind::RTVI_EVENT_BOT_AUDIO_HEARD),
    ("localSpeechStarted", Kind::RTVI_EVENT_LOCAL_SPEECH_STARTED),
    ("localSpeechStopped", Kind::RTVI_EVENT_LOCAL_SPEECH_STOPPED),
    ("audioDropped", Kind::RTVI_EVENT_AUDIO_DROPPED),
    ("botReady", Kind::RTVI_EVENT_BOT_READY),
    ("serverResponse", Kind::RTVI_EVENT_SERVER_RESPONSE),
    ("botOutput", Kind::RTVI_EVENT_BOT_OUTPUT),
    ("botTranscript", Kind::RTVI_EVENT_BOT_TRANSCRIPT),
    ("botLlmText", Kind::RTVI_EVENT_BOT_LLM_TEXT),
    ("botLlmStarted", Kind::RTVI_EVENT_BOT_LLM_STARTED),
    ("botLlmStopped", Kind::RTVI_EVENT_BOT_LLM_STOPPED),
    ("botTtsText", Kind::RTVI_EVENT_BOT_TTS_TEXT),
    ("botTtsStarted", Kind::RTVI_EVENT_BOT_TTS_STARTED),
    ("botTtsStopped", Kind::RTVI_EVENT_BOT_TTS_STOPPED),
    ("botTtsAudio", Kind::RTVI_EVENT_BOT_TTS_AUDIO),
    ("botStartedSpeaking", Kind::RTVI_EVENT_BOT_STARTED_SPEAKING),
    ("botStoppedSpeaking", Kind::RTVI_EVENT_BOT_STOPPED_SPEAKING),
    ("botInterrupted", Kind::RTVI_EVENT_BOT_INTERRUPTED),
    ("userStartedSpeaking", Kind::RTVI_EVENT_USER_STARTED_SPEAKING),
    ("userStoppedSpeaking", Kind::RTVI_EVENT_USER_STOPPED_SPEAKING),
    ("vadUserStartedSpeaking", Kind::RTVI_EVENT_VAD_USER_STARTED_SPEAKING),
    ("vadUserStoppedSpeaking", Kind::RTVI_EVENT_VAD_USER_STOPPED_SPEAKING),
    ("userMuteStarted", Kind::RTVI_EVENT_USER_MUTE_STARTED),
    ("userMuteStopped", Kind::RTVI_EVENT_USER_MUTE_STOPPED),
    ("userTranscript", Kind::RTVI_EVENT_USER_TRANSCRIPT),
    ("userInput", Kind::RTVI_EVENT_USER_INPUT),
    ("userLlmText", Kind::RTVI_EVENT_USER_LLM_TEXT),
    ("sttRawText", Kind::RTVI_EVENT_STT_RAW_TEXT),
    ("llmRawText", Kind::RTVI_EVENT_LLM_RAW_TEXT),
    ("ttsRawText", Kind::RTVI_EVENT_TTS_RAW_TEXT),
    ("botLlmMarker", Kind::RTVI_EVENT_BOT_LLM_MARKER),
    ("botLlmSearchResponse", Kind::RTVI_EVENT_BOT_LLM_SEARCH_RESPONSE),
    ("llmFunctionCall", Kind::RTVI_EVENT_LLM_FUNCTION_CALL),
    ("llmFunctionCallStarted", Kind::RTVI_EVENT_LLM_FUNCTION_CALL_STARTED),
    ("llmFunctionCallInProgress", Kind::RTVI_EVENT_LLM_FUNCTION_CALL_IN_PROGRESS),
    ("llmFunctionCallStopped", Kind::RTVI_EVENT_LLM_FUNCTION_CALL_STOPPED),
    ("metrics", Kind::RTVI_EVENT_METRICS),
    ("userAudioLevel", Kind::RTVI_EVENT_USER_AUDIO_LEVEL),
    ("botAudioLevel", Kind::RTVI_EVENT_BOT_AUDIO_LEVEL),
    ("systemLog", Kind::RTVI_EVENT_SYSTEM_LOG),
    ("uiCommand", Kind::RTVI_EVENT_UI_COMMAND),
    ("uiJobGroup", Kind::RTVI_EVENT_UI_JOB_GROUP),
    ("serverMessage", Kind::RTVI_EVENT_SERVER_MESSAGE),
    ("unknownMessage", Kind::RTVI_EVENT_UNKNOWN_MESSAGE),
];

impl rtvi_event_kind {
    /// The number of the event with this name.
    pub(crate) fn of(name: &str) -> Self {
        KINDS.iter().find(|(known, _)| *known == name).map_or(Self::RTVI_EVENT_OTHER, |(_, kind)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use rtvi_core::protocol::{Decoded, ServerMessage, decode};

    use super::*;

    #[test]
    fn numbers_rise_and_names_differ() {
        for pair in KINDS.windows(2) {
            assert!((pair[0].1 as i32) < pair[1].1 as i32, "{pair:?}");
            assert_ne!(pair[0].0, pair[1].0);
        }
    }

    /// Every message of the server has a vector among the conformance vectors, which name the event.
    #[test]
    fn every_message_has_a_number() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/conformance/server");
        for wire_type in ServerMessage::WIRE_TYPES {
            let text = std::fs::read_to_string(format!("{folder}/{wire_type}.json")).unwrap();
            let vectors: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
            let names: Vec<&str> = vectors
                .iter()
                .filter(|vector| matches!(decode(vector["wire"].to_string().as_bytes()), Decoded::Message(_)))
                .filter_map(|vector| vector["event"]["name"].as_str())
                .collect();
            assert!(!names.is_empty(), "{wire_type}");
            for name in names {
                assert_ne!(Kind::of(name), Kind::RTVI_EVENT_OTHER, "{name}");
            }
        }
    }
}
