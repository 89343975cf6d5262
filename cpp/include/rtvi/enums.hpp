/// \file
/// Enums.
///
/// Printed by `cargo xtask bindings` from the core's types. Depends on rtvi.h and namespace.hpp.
#pragma once

#include <rtvi.h>

#include <string_view>

#include "namespace.hpp"

RTVI_NAMESPACE_BEGIN

/// What happened. New kinds may be added: ignore those you don't know.
enum class EventKind {
    /// An event that this interface has no number for; it has a name.
    Other = RTVI_EVENT_OTHER,
    /// The client changed its state.
    TransportStateChanged = RTVI_EVENT_TRANSPORT_STATE_CHANGED,
    /// The transport is open; the bot is not ready yet.
    Connected = RTVI_EVENT_CONNECTED,
    /// The session is over. The last event of every session.
    Disconnected = RTVI_EVENT_DISCONNECTED,
    /// The start endpoint answered. Holds the complete answer.
    BotStarted = RTVI_EVENT_BOT_STARTED,
    /// The bot joined the session. A bot that returns to a room is reported once more, and
    /// then its bot-ready.
    BotConnected = RTVI_EVENT_BOT_CONNECTED,
    /// The bot has left.
    BotDisconnected = RTVI_EVENT_BOT_DISCONNECTED,
    /// Somebody joined the session: the bot or another participant of its room.
    ParticipantConnected = RTVI_EVENT_PARTICIPANT_CONNECTED,
    /// Somebody left the session: the bot or another participant of its room.
    ParticipantLeft = RTVI_EVENT_PARTICIPANT_LEFT,
    /// The connection was lost and is being restored.
    Reconnecting = RTVI_EVENT_RECONNECTING,
    /// An error occurred that no call can return. Fatal errors end the session.
    Error = RTVI_EVENT_ERROR,
    /// The server answered a message with an error.
    MessageError = RTVI_EVENT_MESSAGE_ERROR,
    /// The client could not read a message from the server and dropped it.
    ProtocolError = RTVI_EVENT_PROTOCOL_ERROR,
    /// An option requests something that is not supported here.
    UnsupportedFeature = RTVI_EVENT_UNSUPPORTED_FEATURE,
    /// Audio or video of the user or the bot started to flow.
    TrackStarted = RTVI_EVENT_TRACK_STARTED,
    /// Audio or video of the user or the bot ended.
    TrackStopped = RTVI_EVENT_TRACK_STOPPED,
    /// The shared screen started to flow.
    ScreenTrackStarted = RTVI_EVENT_SCREEN_TRACK_STARTED,
    /// The shared screen ended.
    ScreenTrackStopped = RTVI_EVENT_SCREEN_TRACK_STOPPED,
    /// The screen can't be shared, or no longer can. It is off from now on.
    ScreenShareError = RTVI_EVENT_SCREEN_SHARE_ERROR,
    /// The state of a device changed, or the server muted the microphone.
    MediaStateUpdated = RTVI_EVENT_MEDIA_STATE_UPDATED,
    /// The available microphones: reported once, then whenever a microphone is added or
    /// removed. Not reported for app-provided audio. This and the other device events also
    /// arrive outside sessions.
    AvailableMicsUpdated = RTVI_EVENT_AVAILABLE_MICS_UPDATED,
    /// The available speakers, reported as for microphones.
    AvailableSpeakersUpdated = RTVI_EVENT_AVAILABLE_SPEAKERS_UPDATED,
    /// The available cameras, reported as for microphones.
    AvailableCamsUpdated = RTVI_EVENT_AVAILABLE_CAMS_UPDATED,
    /// The microphone in use.
    MicUpdated = RTVI_EVENT_MIC_UPDATED,
    /// The speaker in use.
    SpeakerUpdated = RTVI_EVENT_SPEAKER_UPDATED,
    /// The camera in use.
    CamUpdated = RTVI_EVENT_CAM_UPDATED,
    /// A microphone, speaker or camera failed or was disconnected. If another device replaces it,
    /// an event about the new device follows.
    DeviceError = RTVI_EVENT_DEVICE_ERROR,
    /// The playback of an utterance of the bot ended or was cut off. Reports how much of it
    /// was heard. Follows the server's message that the bot stopped speaking or was
    /// interrupted.
    BotAudioHeard = RTVI_EVENT_BOT_AUDIO_HEARD,
    /// Audio was dropped that somebody would have heard. For each reason, the event is
    /// reported once when it begins, then once a second while it lasts, with the audio
    /// dropped since the last report. Losses in the network are in the transport
    /// statistics. Audio that the app flushes, or that an interruption discards, is in the
    /// audio statistics.
    AudioDropped = RTVI_EVENT_AUDIO_DROPPED,
    /// The user started speaking, as detected on this device. Reported only if the option
    /// for voice activity is set.
    LocalSpeechStarted = RTVI_EVENT_LOCAL_SPEECH_STARTED,
    /// The user stopped speaking, as detected on this device.
    LocalSpeechStopped = RTVI_EVENT_LOCAL_SPEECH_STOPPED,
    /// The loudness of the microphone after its processing, 0 to 1, about ten times a
    /// second unless an option sets another period. Skipped while the app is slow.
    LocalAudioLevel = RTVI_EVENT_LOCAL_AUDIO_LEVEL,
    /// The loudness of the bot's audio as played, 0 to 1, about ten times a second. Skipped
    /// while the app is slow.
    RemoteAudioLevel = RTVI_EVENT_REMOTE_AUDIO_LEVEL,
    /// The quality of the connection, once a second, from transports that measure it.
    /// Skipped while the app is slow.
    TransportStats = RTVI_EVENT_TRANSPORT_STATS,
    /// The bot is ready. This is the answer to client-ready.
    BotReady = RTVI_EVENT_BOT_READY,
    /// The bot's answer to a client-message. It carries that message's id.
    ServerResponse = RTVI_EVENT_SERVER_RESPONSE,
    /// A piece of what the bot says or writes, with how far it has been spoken.
    BotOutput = RTVI_EVENT_BOT_OUTPUT,
    /// A sentence from the bot. Deprecated in favour of bot-output.
    BotTranscript = RTVI_EVENT_BOT_TRANSCRIPT,
    /// A chunk of the LLM's text. Deprecated in favour of llm-raw-text.
    BotLlmText = RTVI_EVENT_BOT_LLM_TEXT,
    /// The LLM started to answer.
    BotLlmStarted = RTVI_EVENT_BOT_LLM_STARTED,
    /// The LLM finished its answer.
    BotLlmStopped = RTVI_EVENT_BOT_LLM_STOPPED,
    /// Text that the bot is speaking; `tts-text` from the oldest servers. Deprecated in
    /// favour of tts-raw-text.
    BotTtsText = RTVI_EVENT_BOT_TTS_TEXT,
    /// Speech synthesis started.
    BotTtsStarted = RTVI_EVENT_BOT_TTS_STARTED,
    /// Speech synthesis finished.
    BotTtsStopped = RTVI_EVENT_BOT_TTS_STOPPED,
    /// Synthesized speech inside a message. The protocol defines it, but no known server
    /// sends it.
    BotTtsAudio = RTVI_EVENT_BOT_TTS_AUDIO,
    /// The bot started speaking.
    BotStartedSpeaking = RTVI_EVENT_BOT_STARTED_SPEAKING,
    /// The bot stopped speaking.
    BotStoppedSpeaking = RTVI_EVENT_BOT_STOPPED_SPEAKING,
    /// The bot was interrupted: it does not say the rest.
    BotInterrupted = RTVI_EVENT_BOT_INTERRUPTED,
    /// The user started a turn.
    UserStartedSpeaking = RTVI_EVENT_USER_STARTED_SPEAKING,
    /// The user ended a turn.
    UserStoppedSpeaking = RTVI_EVENT_USER_STOPPED_SPEAKING,
    /// The server detected voice, whether or not a turn starts.
    VadUserStartedSpeaking = RTVI_EVENT_VAD_USER_STARTED_SPEAKING,
    /// The server no longer detects voice, whether or not the turn ends.
    VadUserStoppedSpeaking = RTVI_EVENT_VAD_USER_STOPPED_SPEAKING,
    /// The bot now ignores the microphone. Keep sending audio.
    UserMuteStarted = RTVI_EVENT_USER_MUTE_STARTED,
    /// The bot listens to the microphone again.
    UserMuteStopped = RTVI_EVENT_USER_MUTE_STOPPED,
    /// What the user said, interim or final. Deprecated in favour of user-input.
    UserTranscript = RTVI_EVENT_USER_TRANSCRIPT,
    /// What the user said or typed.
    UserInput = RTVI_EVENT_USER_INPUT,
    /// The user's turn as the LLM receives it.
    UserLlmText = RTVI_EVENT_USER_LLM_TEXT,
    /// A transcription, exactly as the speech recognizer produced it.
    SttRawText = RTVI_EVENT_STT_RAW_TEXT,
    /// A chunk of text, exactly as the LLM produced it.
    LlmRawText = RTVI_EVENT_LLM_RAW_TEXT,
    /// Text as the speech synthesizer speaks it.
    TtsRawText = RTVI_EVENT_TTS_RAW_TEXT,
    /// A marker that the LLM added to its text.
    BotLlmMarker = RTVI_EVENT_BOT_LLM_MARKER,
    /// The results of a web search by the LLM.
    BotLlmSearchResponse = RTVI_EVENT_BOT_LLM_SEARCH_RESPONSE,
    /// The LLM calls a function of the client. Deprecated in favour of the three messages
    /// below.
    LlmFunctionCall = RTVI_EVENT_LLM_FUNCTION_CALL,
    /// The LLM is about to call a function; `llm-function-call-start` from 1.x servers.
    LlmFunctionCallStarted = RTVI_EVENT_LLM_FUNCTION_CALL_STARTED,
    /// A function call is running. The client may have to answer it.
    LlmFunctionCallInProgress = RTVI_EVENT_LLM_FUNCTION_CALL_IN_PROGRESS,
    /// A function call ended with a result or was cancelled.
    LlmFunctionCallStopped = RTVI_EVENT_LLM_FUNCTION_CALL_STOPPED,
    /// Measurements of the bot's services.
    Metrics = RTVI_EVENT_METRICS,
    /// The user's loudness at the bot; `localAudioLevel` measures it here.
    UserAudioLevel = RTVI_EVENT_USER_AUDIO_LEVEL,
    /// The bot's loudness as the bot sends it; `remoteAudioLevel` measures it here.
    BotAudioLevel = RTVI_EVENT_BOT_AUDIO_LEVEL,
    /// A line of the bot's log.
    SystemLog = RTVI_EVENT_SYSTEM_LOG,
    /// The bot asks the user interface to do something.
    UiCommand = RTVI_EVENT_UI_COMMAND,
    /// Progress of a group of jobs that the bot started for the user interface.
    UiJobGroup = RTVI_EVENT_UI_JOB_GROUP,
    /// A message defined by the app: any JSON, or nothing.
    ServerMessage = RTVI_EVENT_SERVER_MESSAGE,
    /// A message whose type this version does not know, unchanged.
    UnknownMessage = RTVI_EVENT_UNKNOWN_MESSAGE,
};

/// The state of a client, from disconnected to talking to a bot.
enum class TransportState {
    /// There is no session. This is the first and the last state.
    Disconnected = RTVI_STATE_DISCONNECTED,
    /// The microphone and speaker are being opened.
    Initializing = RTVI_STATE_INITIALIZING,
    /// The microphone and speaker are available; there is no session yet.
    Initialized = RTVI_STATE_INITIALIZED,
    /// The client has sent the start request.
    Authenticating = RTVI_STATE_AUTHENTICATING,
    /// The start endpoint has answered; the transport is not open yet.
    Authenticated = RTVI_STATE_AUTHENTICATED,
    /// The transport is being opened, for the first time or after a lost connection.
    Connecting = RTVI_STATE_CONNECTING,
    /// The transport is open; the bot is not ready yet.
    Connected = RTVI_STATE_CONNECTED,
    /// The bot is ready. Only in this state can messages be sent.
    Ready = RTVI_STATE_READY,
    /// The session is being closed.
    Disconnecting = RTVI_STATE_DISCONNECTING,
    /// Starting or connecting failed. The client passes through this state on the way to
    /// disconnected.
    Error = RTVI_STATE_ERROR,
};

/// The name that it has in JSON; empty for one that this version does not know.
inline std::string_view to_string(TransportState value) noexcept {
    switch (value) {
        case TransportState::Disconnected: return "disconnected";
        case TransportState::Initializing: return "initializing";
        case TransportState::Initialized: return "initialized";
        case TransportState::Authenticating: return "authenticating";
        case TransportState::Authenticated: return "authenticated";
        case TransportState::Connecting: return "connecting";
        case TransportState::Connected: return "connected";
        case TransportState::Ready: return "ready";
        case TransportState::Disconnecting: return "disconnecting";
        case TransportState::Error: return "error";
    }
    return {};
}

/// What went wrong, as a stable kind that an app can act on.
///
/// New kinds may be added; treat an unknown kind as an internal error.
enum class ErrorKind {
    /// An argument or option is unusable (bad DTMF key, bad URL, unreadable file). Fix the call.
    InvalidArgument = RTVI_ERROR_INVALID_ARGUMENT,
    /// The connect parameters do not fit the transport. Fix the parameters or the start endpoint's
    /// answer.
    InvalidTransportParams = RTVI_ERROR_INVALID_TRANSPORT_PARAMS,
    /// The call is not possible in the client's current state. The message names the state.
    InvalidState = RTVI_ERROR_INVALID_STATE,
    /// The client is already starting, connecting or connected. Disconnect first.
    AlreadyStarted = RTVI_ERROR_ALREADY_STARTED,
    /// The bot is not ready yet, or no longer ready. Wait for bot-ready.
    NotReady = RTVI_ERROR_NOT_READY,
    /// The start endpoint refused the request or its answer is unusable. `status` has the HTTP
    /// status, if there was one.
    StartBotFailed = RTVI_ERROR_START_BOT_FAILED,
    /// The server could not be reached: its name was not found, it refused the connection, it was
    /// unreachable, or it does not speak the protocol.
    ConnectionFailed = RTVI_ERROR_CONNECTION_FAILED,
    /// TLS could not be established: unknown authority, wrong host name, expired certificate. Or
    /// the address is neither encrypted nor local.
    Tls = RTVI_ERROR_TLS,
    /// A deadline passed; `phase` says which one. A retry may help.
    Timeout = RTVI_ERROR_TIMEOUT,
    /// An established connection was lost and could not be restored.
    ConnectionLost = RTVI_ERROR_CONNECTION_LOST,
    /// The server answered a request with an error. The message is the server's.
    RequestFailed = RTVI_ERROR_REQUEST_FAILED,
    /// The message is larger than the transport can carry. Send less, or upload the content and
    /// send its URL.
    MessageTooLarge = RTVI_ERROR_MESSAGE_TOO_LARGE,
    /// Too much is waiting to be sent. Wait and retry.
    Busy = RTVI_ERROR_BUSY,
    /// This server version, transport or platform does not support the feature.
    UnsupportedFeature = RTVI_ERROR_UNSUPPORTED_FEATURE,
    /// The server violated the protocol.
    Protocol = RTVI_ERROR_PROTOCOL,
    /// The bot reported a fatal error and the session has ended.
    BotError = RTVI_ERROR_BOT_ERROR,
    /// A microphone, speaker or camera failed.
    Device = RTVI_ERROR_DEVICE,
    /// The call was cancelled: by `disconnect`, by dropping the client, or by dropping the call's
    /// future.
    Cancelled = RTVI_ERROR_CANCELLED,
    /// The app did not read its events for too long, so the client closed the session.
    ConsumerStalled = RTVI_ERROR_CONSUMER_STALLED,
    /// Something happened that should be impossible; please report it. This is always the last of
    /// the kinds.
    Internal = RTVI_ERROR_INTERNAL,
};

/// The name that it has in JSON; empty for one that this version does not know.
inline std::string_view to_string(ErrorKind value) noexcept {
    switch (value) {
        case ErrorKind::InvalidArgument: return "invalidArgument";
        case ErrorKind::InvalidTransportParams: return "invalidTransportParams";
        case ErrorKind::InvalidState: return "invalidState";
        case ErrorKind::AlreadyStarted: return "alreadyStarted";
        case ErrorKind::NotReady: return "notReady";
        case ErrorKind::StartBotFailed: return "startBotFailed";
        case ErrorKind::ConnectionFailed: return "connectionFailed";
        case ErrorKind::Tls: return "tls";
        case ErrorKind::Timeout: return "timeout";
        case ErrorKind::ConnectionLost: return "connectionLost";
        case ErrorKind::RequestFailed: return "requestFailed";
        case ErrorKind::MessageTooLarge: return "messageTooLarge";
        case ErrorKind::Busy: return "busy";
        case ErrorKind::UnsupportedFeature: return "unsupportedFeature";
        case ErrorKind::Protocol: return "protocol";
        case ErrorKind::BotError: return "botError";
        case ErrorKind::Device: return "device";
        case ErrorKind::Cancelled: return "cancelled";
        case ErrorKind::ConsumerStalled: return "consumerStalled";
        case ErrorKind::Internal: return "internal";
    }
    return {};
}

/// Why a microphone, speaker or camera can't be used, with the names that client-js uses.
enum class DeviceErrorKind {
    /// The system or the user denies access to it.
    Permissions = RTVI_DEVICE_ERROR_PERMISSIONS,
    /// Another program uses it, and it can't be shared.
    InUse = RTVI_DEVICE_ERROR_IN_USE,
    /// It is not connected, or there is none at all.
    NotFound = RTVI_DEVICE_ERROR_NOT_FOUND,
    /// It supports no usable format.
    Constraints = RTVI_DEVICE_ERROR_CONSTRAINTS,
    /// Any other reason.
    Unknown = RTVI_DEVICE_ERROR_UNKNOWN,
};

/// The name that it has in JSON; empty for one that this version does not know.
inline std::string_view to_string(DeviceErrorKind value) noexcept {
    switch (value) {
        case DeviceErrorKind::Permissions: return "permissions";
        case DeviceErrorKind::InUse: return "in-use";
        case DeviceErrorKind::NotFound: return "not-found";
        case DeviceErrorKind::Constraints: return "constraints";
        case DeviceErrorKind::Unknown: return "unknown";
    }
    return {};
}

/// The part of a session in which an error happened.
enum class Phase {
    /// Not known, or none.
    None = RTVI_PHASE_NONE,
    /// Opening microphones and speakers.
    Devices = RTVI_PHASE_DEVICES,
    /// The HTTP request to the start endpoint.
    StartRequest = RTVI_PHASE_START_REQUEST,
    /// Opening the transport: name look-up, TCP, TLS, WebSocket or WebRTC negotiation.
    TransportOpen = RTVI_PHASE_TRANSPORT_OPEN,
    /// Waiting for bot-ready after client-ready was sent.
    BotReady = RTVI_PHASE_BOT_READY,
    /// In a session that is ready.
    Session = RTVI_PHASE_SESSION,
    /// A client request waiting for its answer.
    Request = RTVI_PHASE_REQUEST,
    /// A function call running in the app.
    FunctionCall = RTVI_PHASE_FUNCTION_CALL,
    /// Restoring a lost connection.
    Reconnect = RTVI_PHASE_RECONNECT,
    /// Closing the connection.
    Disconnect = RTVI_PHASE_DISCONNECT,
};

/// The name that it has in JSON; empty for one that this version does not know.
inline std::string_view to_string(Phase value) noexcept {
    switch (value) {
        case Phase::None: return {};
        case Phase::Devices: return "devices";
        case Phase::StartRequest: return "startRequest";
        case Phase::TransportOpen: return "transportOpen";
        case Phase::BotReady: return "botReady";
        case Phase::Session: return "session";
        case Phase::Request: return "request";
        case Phase::FunctionCall: return "functionCall";
        case Phase::Reconnect: return "reconnect";
        case Phase::Disconnect: return "disconnect";
    }
    return {};
}

/// The media that a track carries. New kinds may be added.
enum class TrackKind {
    /// One that this interface has no number for.
    Other = RTVI_TRACK_OTHER,
    /// Audio.
    Audio = RTVI_TRACK_AUDIO,
    /// Video of a camera or of the bot.
    Video = RTVI_TRACK_VIDEO,
    /// Video of a shared screen.
    ScreenVideo = RTVI_TRACK_SCREEN_VIDEO,
};

/// The name that it has in JSON; empty for one that this version does not know.
inline std::string_view to_string(TrackKind value) noexcept {
    switch (value) {
        case TrackKind::Other: return {};
        case TrackKind::Audio: return "audio";
        case TrackKind::Video: return "video";
        case TrackKind::ScreenVideo: return "screenVideo";
    }
    return {};
}

/// Why audio was dropped. The first four reasons concern the bot's audio, the others the user's.
enum class AudioDropReason {
    /// One that this interface has no number for.
    Other = RTVI_AUDIO_DROP_REASON_OTHER,
    /// The audio belongs to a stream that the server has not announced.
    UnknownStream = RTVI_AUDIO_DROP_REASON_UNKNOWN_STREAM,
    /// The audio can't be decoded, or its format is not supported.
    Unreadable = RTVI_AUDIO_DROP_REASON_UNREADABLE,
    /// The buffer of the bot's audio is full.
    PlayoutFull = RTVI_AUDIO_DROP_REASON_PLAYOUT_FULL,
    /// The speaker is slower than real time.
    SpeakerFull = RTVI_AUDIO_DROP_REASON_SPEAKER_FULL,
    /// The client did not take the microphone's audio in time.
    MicrophoneFull = RTVI_AUDIO_DROP_REASON_MICROPHONE_FULL,
    /// The server or the network did not take the microphone's audio in time.
    MicrophoneBacklog = RTVI_AUDIO_DROP_REASON_MICROPHONE_BACKLOG,
    /// The user spoke longer before the bot was ready than the client keeps.
    PreConnectFull = RTVI_AUDIO_DROP_REASON_PRE_CONNECT_FULL,
};

/// The name that it has in JSON; empty for one that this version does not know.
inline std::string_view to_string(AudioDropReason value) noexcept {
    switch (value) {
        case AudioDropReason::Other: return {};
        case AudioDropReason::UnknownStream: return "unknownStream";
        case AudioDropReason::Unreadable: return "unreadable";
        case AudioDropReason::PlayoutFull: return "playoutFull";
        case AudioDropReason::SpeakerFull: return "speakerFull";
        case AudioDropReason::MicrophoneFull: return "microphoneFull";
        case AudioDropReason::MicrophoneBacklog: return "microphoneBacklog";
        case AudioDropReason::PreConnectFull: return "preConnectFull";
    }
    return {};
}

/// The progress of a segment.
enum class SegmentState {
    /// It will be spoken; the server has not reported a start yet.
    Pending = RTVI_SEGMENT_STATE_PENDING,
    /// It is being spoken.
    Speaking = RTVI_SEGMENT_STATE_SPEAKING,
    /// It has been spoken completely.
    Spoken = RTVI_SEGMENT_STATE_SPOKEN,
    /// It was cut off: only part of it was spoken.
    Interrupted = RTVI_SEGMENT_STATE_INTERRUPTED,
    /// It is text only and is never spoken.
    Unspoken = RTVI_SEGMENT_STATE_UNSPOKEN,
};

/// The name that it has in JSON; empty for one that this version does not know.
inline std::string_view to_string(SegmentState value) noexcept {
    switch (value) {
        case SegmentState::Pending: return "pending";
        case SegmentState::Speaking: return "speaking";
        case SegmentState::Spoken: return "spoken";
        case SegmentState::Interrupted: return "interrupted";
        case SegmentState::Unspoken: return "unspoken";
    }
    return {};
}

/// The progress of a function call.
enum class FunctionCallState {
    /// It has no result yet.
    Running = RTVI_FUNCTION_CALL_STATE_RUNNING,
    /// It has its result.
    Done = RTVI_FUNCTION_CALL_STATE_DONE,
    /// It was cancelled.
    Cancelled = RTVI_FUNCTION_CALL_STATE_CANCELLED,
};

/// The name that it has in JSON; empty for one that this version does not know.
inline std::string_view to_string(FunctionCallState value) noexcept {
    switch (value) {
        case FunctionCallState::Running: return "running";
        case FunctionCallState::Done: return "done";
        case FunctionCallState::Cancelled: return "cancelled";
    }
    return {};
}

RTVI_NAMESPACE_END
