//! The numbers of the events.
//!
//! Printed by `cargo xtask bindings` from the core's types.

use rtvi_core::ffi::RtviEvent;

/// What happened; ignore what you don't know.
///
/// The names are those of the other Pipecat SDKs. The data of each are read by the function with its name, such as
/// `rtvi_event_bot_output`, or as JSON by `rtvi_event_data`.
///
/// Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_event_kind {
    /// An event that this interface has no number for; it has a name.
    RTVI_EVENT_OTHER = 0,
    /// The client changed its state.
    RTVI_EVENT_TRANSPORT_STATE_CHANGED = 1,
    /// The transport is open; the bot is not ready yet.
    RTVI_EVENT_CONNECTED = 2,
    /// The session is over. The last event of every session.
    RTVI_EVENT_DISCONNECTED = 3,
    /// The start endpoint answered. Holds the complete answer.
    RTVI_EVENT_BOT_STARTED = 4,
    /// The bot joined the session. A bot that returns to a room is reported once more, and
    /// then its bot-ready.
    RTVI_EVENT_BOT_CONNECTED = 5,
    /// The bot has left.
    RTVI_EVENT_BOT_DISCONNECTED = 6,
    /// Somebody joined the session: the bot or another participant of its room.
    RTVI_EVENT_PARTICIPANT_CONNECTED = 7,
    /// Somebody left the session: the bot or another participant of its room.
    RTVI_EVENT_PARTICIPANT_LEFT = 8,
    /// The connection was lost and is being restored.
    RTVI_EVENT_RECONNECTING = 9,
    /// An error occurred that no call can return. Fatal errors end the session.
    RTVI_EVENT_ERROR = 10,
    /// The server answered a message with an error.
    RTVI_EVENT_MESSAGE_ERROR = 11,
    /// The client could not read a message from the server and dropped it.
    RTVI_EVENT_PROTOCOL_ERROR = 12,
    /// An option requests something that is not supported here.
    RTVI_EVENT_UNSUPPORTED_FEATURE = 13,
    /// Audio or video of the user or the bot started to flow.
    RTVI_EVENT_TRACK_STARTED = 14,
    /// Audio or video of the user or the bot ended.
    RTVI_EVENT_TRACK_STOPPED = 15,
    /// The state of a device changed, or the server muted the microphone.
    RTVI_EVENT_MEDIA_STATE_UPDATED = 16,
    /// The microphone in use.
    RTVI_EVENT_MIC_UPDATED = 17,
    /// The speaker in use.
    RTVI_EVENT_SPEAKER_UPDATED = 18,
    /// A microphone, speaker or camera failed or was disconnected. If another device replaces it,
    /// an event about the new device follows.
    RTVI_EVENT_DEVICE_ERROR = 19,
    /// The loudness of the microphone after its processing, 0 to 1, about ten times a
    /// second unless an option sets another period. Skipped while the app is slow.
    RTVI_EVENT_LOCAL_AUDIO_LEVEL = 20,
    /// The loudness of the bot's audio as played, 0 to 1, about ten times a second. Skipped
    /// while the app is slow.
    RTVI_EVENT_REMOTE_AUDIO_LEVEL = 21,
    /// The quality of the connection, once a second, from transports that measure it.
    /// Skipped while the app is slow.
    RTVI_EVENT_TRANSPORT_STATS = 22,
    /// The available microphones: reported once, then whenever a microphone is added or
    /// removed. Not reported for app-provided audio. This and the other device events also
    /// arrive outside sessions.
    RTVI_EVENT_AVAILABLE_MICS_UPDATED = 23,
    /// The available speakers, reported as for microphones.
    RTVI_EVENT_AVAILABLE_SPEAKERS_UPDATED = 24,
    /// The playback of an utterance of the bot ended or was cut off. Reports how much of it
    /// was heard. Follows the server's message that the bot stopped speaking or was
    /// interrupted.
    RTVI_EVENT_BOT_AUDIO_HEARD = 25,
    /// The user started speaking, as detected on this device. Reported only if the option
    /// for voice activity is set.
    RTVI_EVENT_LOCAL_SPEECH_STARTED = 26,
    /// The user stopped speaking, as detected on this device.
    RTVI_EVENT_LOCAL_SPEECH_STOPPED = 27,
    /// Audio was dropped that somebody would have heard. For each reason, the event is
    /// reported once when it begins, then once a second while it lasts, with the audio
    /// dropped since the last report. Losses in the network are in the transport
    /// statistics. Audio that the app flushes, or that an interruption discards, is in the
    /// audio statistics.
    RTVI_EVENT_AUDIO_DROPPED = 28,
    /// The bot is ready. This is the answer to client-ready.
    RTVI_EVENT_BOT_READY = 100,
    /// The bot's answer to a client-message. It carries that message's id.
    RTVI_EVENT_SERVER_RESPONSE = 101,
    /// A piece of what the bot says or writes, with how far it has been spoken.
    RTVI_EVENT_BOT_OUTPUT = 102,
    /// A sentence from the bot. Deprecated in favour of bot-output.
    RTVI_EVENT_BOT_TRANSCRIPT = 103,
    /// A chunk of the LLM's text. Deprecated in favour of llm-raw-text.
    RTVI_EVENT_BOT_LLM_TEXT = 104,
    /// The LLM started to answer.
    RTVI_EVENT_BOT_LLM_STARTED = 105,
    /// The LLM finished its answer.
    RTVI_EVENT_BOT_LLM_STOPPED = 106,
    /// Text that the bot is speaking; `tts-text` from the oldest servers. Deprecated in
    /// favour of tts-raw-text.
    RTVI_EVENT_BOT_TTS_TEXT = 107,
    /// Speech synthesis started.
    RTVI_EVENT_BOT_TTS_STARTED = 108,
    /// Speech synthesis finished.
    RTVI_EVENT_BOT_TTS_STOPPED = 109,
    /// Synthesized speech inside a message. The protocol defines it, but no known server
    /// sends it.
    RTVI_EVENT_BOT_TTS_AUDIO = 110,
    /// The bot started speaking.
    RTVI_EVENT_BOT_STARTED_SPEAKING = 111,
    /// The bot stopped speaking.
    RTVI_EVENT_BOT_STOPPED_SPEAKING = 112,
    /// The bot was interrupted: it does not say the rest.
    RTVI_EVENT_BOT_INTERRUPTED = 113,
    /// The user started a turn.
    RTVI_EVENT_USER_STARTED_SPEAKING = 114,
    /// The user ended a turn.
    RTVI_EVENT_USER_STOPPED_SPEAKING = 115,
    /// The server detected voice, whether or not a turn starts.
    RTVI_EVENT_VAD_USER_STARTED_SPEAKING = 116,
    /// The server no longer detects voice, whether or not the turn ends.
    RTVI_EVENT_VAD_USER_STOPPED_SPEAKING = 117,
    /// The bot now ignores the microphone. Keep sending audio.
    RTVI_EVENT_USER_MUTE_STARTED = 118,
    /// The bot listens to the microphone again.
    RTVI_EVENT_USER_MUTE_STOPPED = 119,
    /// What the user said, interim or final. Deprecated in favour of user-input.
    RTVI_EVENT_USER_TRANSCRIPT = 120,
    /// What the user said or typed.
    RTVI_EVENT_USER_INPUT = 121,
    /// The user's turn as the LLM receives it.
    RTVI_EVENT_USER_LLM_TEXT = 122,
    /// A transcription, exactly as the speech recognizer produced it.
    RTVI_EVENT_STT_RAW_TEXT = 123,
    /// A chunk of text, exactly as the LLM produced it.
    RTVI_EVENT_LLM_RAW_TEXT = 124,
    /// Text as the speech synthesizer speaks it.
    RTVI_EVENT_TTS_RAW_TEXT = 125,
    /// A marker that the LLM added to its text.
    RTVI_EVENT_BOT_LLM_MARKER = 126,
    /// The results of a web search by the LLM.
    RTVI_EVENT_BOT_LLM_SEARCH_RESPONSE = 127,
    /// The LLM calls a function of the client. Deprecated in favour of the three messages
    /// below.
    RTVI_EVENT_LLM_FUNCTION_CALL = 128,
    /// The LLM is about to call a function; `llm-function-call-start` from 1.x servers.
    RTVI_EVENT_LLM_FUNCTION_CALL_STARTED = 129,
    /// A function call is running. The client may have to answer it.
    RTVI_EVENT_LLM_FUNCTION_CALL_IN_PROGRESS = 130,
    /// A function call ended with a result or was cancelled.
    RTVI_EVENT_LLM_FUNCTION_CALL_STOPPED = 131,
    /// Measurements of the bot's services.
    RTVI_EVENT_METRICS = 132,
    /// The user's loudness at the bot; `localAudioLevel` measures it here.
    RTVI_EVENT_USER_AUDIO_LEVEL = 133,
    /// The bot's loudness as the bot sends it; `remoteAudioLevel` measures it here.
    RTVI_EVENT_BOT_AUDIO_LEVEL = 134,
    /// A line of the bot's log.
    RTVI_EVENT_SYSTEM_LOG = 135,
    /// The bot asks the user interface to do something.
    RTVI_EVENT_UI_COMMAND = 136,
    /// Progress of a group of jobs that the bot started for the user interface.
    RTVI_EVENT_UI_JOB_GROUP = 137,
    /// A message defined by the app: any JSON, or nothing.
    RTVI_EVENT_SERVER_MESSAGE = 138,
    /// A message whose type this version does not know, unchanged.
    RTVI_EVENT_UNKNOWN_MESSAGE = 139,
    /// The shared screen started to flow.
    RTVI_EVENT_SCREEN_TRACK_STARTED = 140,
    /// The shared screen ended.
    RTVI_EVENT_SCREEN_TRACK_STOPPED = 141,
    /// The screen can't be shared, or no longer can. It is off from now on.
    RTVI_EVENT_SCREEN_SHARE_ERROR = 142,
    /// The available cameras, reported as for microphones.
    RTVI_EVENT_AVAILABLE_CAMS_UPDATED = 143,
    /// The camera in use.
    RTVI_EVENT_CAM_UPDATED = 144,
}

impl rtvi_event_kind {
    /// The number of an event.
    #[expect(clippy::too_many_lines, reason = "one arm an event")]
    pub(crate) const fn of(event: &RtviEvent) -> Self {
        match event {
            RtviEvent::TransportStateChanged { .. } => Self::RTVI_EVENT_TRANSPORT_STATE_CHANGED,
            RtviEvent::Connected { .. } => Self::RTVI_EVENT_CONNECTED,
            RtviEvent::Disconnected { .. } => Self::RTVI_EVENT_DISCONNECTED,
            RtviEvent::BotStarted { .. } => Self::RTVI_EVENT_BOT_STARTED,
            RtviEvent::BotConnected { .. } => Self::RTVI_EVENT_BOT_CONNECTED,
            RtviEvent::BotDisconnected { .. } => Self::RTVI_EVENT_BOT_DISCONNECTED,
            RtviEvent::ParticipantConnected { .. } => Self::RTVI_EVENT_PARTICIPANT_CONNECTED,
            RtviEvent::ParticipantLeft { .. } => Self::RTVI_EVENT_PARTICIPANT_LEFT,
            RtviEvent::Reconnecting { .. } => Self::RTVI_EVENT_RECONNECTING,
            RtviEvent::Error { .. } => Self::RTVI_EVENT_ERROR,
            RtviEvent::MessageError { .. } => Self::RTVI_EVENT_MESSAGE_ERROR,
            RtviEvent::ProtocolError { .. } => Self::RTVI_EVENT_PROTOCOL_ERROR,
            RtviEvent::UnsupportedFeature { .. } => Self::RTVI_EVENT_UNSUPPORTED_FEATURE,
            RtviEvent::TrackStarted { .. } => Self::RTVI_EVENT_TRACK_STARTED,
            RtviEvent::TrackStopped { .. } => Self::RTVI_EVENT_TRACK_STOPPED,
            RtviEvent::ScreenTrackStarted { .. } => Self::RTVI_EVENT_SCREEN_TRACK_STARTED,
            RtviEvent::ScreenTrackStopped { .. } => Self::RTVI_EVENT_SCREEN_TRACK_STOPPED,
            RtviEvent::ScreenShareError { .. } => Self::RTVI_EVENT_SCREEN_SHARE_ERROR,
            RtviEvent::MediaStateUpdated { .. } => Self::RTVI_EVENT_MEDIA_STATE_UPDATED,
            RtviEvent::AvailableMicsUpdated { .. } => Self::RTVI_EVENT_AVAILABLE_MICS_UPDATED,
            RtviEvent::AvailableSpeakersUpdated { .. } => Self::RTVI_EVENT_AVAILABLE_SPEAKERS_UPDATED,
            RtviEvent::AvailableCamsUpdated { .. } => Self::RTVI_EVENT_AVAILABLE_CAMS_UPDATED,
            RtviEvent::MicUpdated { .. } => Self::RTVI_EVENT_MIC_UPDATED,
            RtviEvent::SpeakerUpdated { .. } => Self::RTVI_EVENT_SPEAKER_UPDATED,
            RtviEvent::CamUpdated { .. } => Self::RTVI_EVENT_CAM_UPDATED,
            RtviEvent::DeviceError { .. } => Self::RTVI_EVENT_DEVICE_ERROR,
            RtviEvent::BotAudioHeard { .. } => Self::RTVI_EVENT_BOT_AUDIO_HEARD,
            RtviEvent::AudioDropped { .. } => Self::RTVI_EVENT_AUDIO_DROPPED,
            RtviEvent::LocalSpeechStarted { .. } => Self::RTVI_EVENT_LOCAL_SPEECH_STARTED,
            RtviEvent::LocalSpeechStopped { .. } => Self::RTVI_EVENT_LOCAL_SPEECH_STOPPED,
            RtviEvent::LocalAudioLevel { .. } => Self::RTVI_EVENT_LOCAL_AUDIO_LEVEL,
            RtviEvent::RemoteAudioLevel { .. } => Self::RTVI_EVENT_REMOTE_AUDIO_LEVEL,
            RtviEvent::TransportStats { .. } => Self::RTVI_EVENT_TRANSPORT_STATS,
            RtviEvent::BotReady { .. } => Self::RTVI_EVENT_BOT_READY,
            RtviEvent::ServerResponse { .. } => Self::RTVI_EVENT_SERVER_RESPONSE,
            RtviEvent::BotOutput { .. } => Self::RTVI_EVENT_BOT_OUTPUT,
            RtviEvent::BotTranscript { .. } => Self::RTVI_EVENT_BOT_TRANSCRIPT,
            RtviEvent::BotLlmText { .. } => Self::RTVI_EVENT_BOT_LLM_TEXT,
            RtviEvent::BotLlmStarted { .. } => Self::RTVI_EVENT_BOT_LLM_STARTED,
            RtviEvent::BotLlmStopped { .. } => Self::RTVI_EVENT_BOT_LLM_STOPPED,
            RtviEvent::BotTtsText { .. } => Self::RTVI_EVENT_BOT_TTS_TEXT,
            RtviEvent::BotTtsStarted { .. } => Self::RTVI_EVENT_BOT_TTS_STARTED,
            RtviEvent::BotTtsStopped { .. } => Self::RTVI_EVENT_BOT_TTS_STOPPED,
            RtviEvent::BotTtsAudio { .. } => Self::RTVI_EVENT_BOT_TTS_AUDIO,
            RtviEvent::BotStartedSpeaking { .. } => Self::RTVI_EVENT_BOT_STARTED_SPEAKING,
            RtviEvent::BotStoppedSpeaking { .. } => Self::RTVI_EVENT_BOT_STOPPED_SPEAKING,
            RtviEvent::BotInterrupted { .. } => Self::RTVI_EVENT_BOT_INTERRUPTED,
            RtviEvent::UserStartedSpeaking { .. } => Self::RTVI_EVENT_USER_STARTED_SPEAKING,
            RtviEvent::UserStoppedSpeaking { .. } => Self::RTVI_EVENT_USER_STOPPED_SPEAKING,
            RtviEvent::VadUserStartedSpeaking { .. } => Self::RTVI_EVENT_VAD_USER_STARTED_SPEAKING,
            RtviEvent::VadUserStoppedSpeaking { .. } => Self::RTVI_EVENT_VAD_USER_STOPPED_SPEAKING,
            RtviEvent::UserMuteStarted { .. } => Self::RTVI_EVENT_USER_MUTE_STARTED,
            RtviEvent::UserMuteStopped { .. } => Self::RTVI_EVENT_USER_MUTE_STOPPED,
            RtviEvent::UserTranscript { .. } => Self::RTVI_EVENT_USER_TRANSCRIPT,
            RtviEvent::UserInput { .. } => Self::RTVI_EVENT_USER_INPUT,
            RtviEvent::UserLlmText { .. } => Self::RTVI_EVENT_USER_LLM_TEXT,
            RtviEvent::SttRawText { .. } => Self::RTVI_EVENT_STT_RAW_TEXT,
            RtviEvent::LlmRawText { .. } => Self::RTVI_EVENT_LLM_RAW_TEXT,
            RtviEvent::TtsRawText { .. } => Self::RTVI_EVENT_TTS_RAW_TEXT,
            RtviEvent::BotLlmMarker { .. } => Self::RTVI_EVENT_BOT_LLM_MARKER,
            RtviEvent::BotLlmSearchResponse { .. } => Self::RTVI_EVENT_BOT_LLM_SEARCH_RESPONSE,
            RtviEvent::LlmFunctionCall { .. } => Self::RTVI_EVENT_LLM_FUNCTION_CALL,
            RtviEvent::LlmFunctionCallStarted { .. } => Self::RTVI_EVENT_LLM_FUNCTION_CALL_STARTED,
            RtviEvent::LlmFunctionCallInProgress { .. } => Self::RTVI_EVENT_LLM_FUNCTION_CALL_IN_PROGRESS,
            RtviEvent::LlmFunctionCallStopped { .. } => Self::RTVI_EVENT_LLM_FUNCTION_CALL_STOPPED,
            RtviEvent::Metrics { .. } => Self::RTVI_EVENT_METRICS,
            RtviEvent::UserAudioLevel { .. } => Self::RTVI_EVENT_USER_AUDIO_LEVEL,
            RtviEvent::BotAudioLevel { .. } => Self::RTVI_EVENT_BOT_AUDIO_LEVEL,
            RtviEvent::SystemLog { .. } => Self::RTVI_EVENT_SYSTEM_LOG,
            RtviEvent::UiCommand { .. } => Self::RTVI_EVENT_UI_COMMAND,
            RtviEvent::UiJobGroup { .. } => Self::RTVI_EVENT_UI_JOB_GROUP,
            RtviEvent::ServerMessage { .. } => Self::RTVI_EVENT_SERVER_MESSAGE,
            RtviEvent::UnknownMessage { .. } => Self::RTVI_EVENT_UNKNOWN_MESSAGE,
        }
    }
}
