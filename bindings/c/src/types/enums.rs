//! The enums of the core.
//!
//! Printed by `cargo xtask bindings` from the core's types.

use crate::view::numbered;

/// The state of a client, from disconnected to talking to a bot.
///
/// Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_state {
    /// There is no session. This is the first and the last state.
    RTVI_STATE_DISCONNECTED = 0,
    /// The microphone and speaker are being opened.
    RTVI_STATE_INITIALIZING = 1,
    /// The microphone and speaker are available; there is no session yet.
    RTVI_STATE_INITIALIZED = 2,
    /// The client has sent the start request.
    RTVI_STATE_AUTHENTICATING = 3,
    /// The start endpoint has answered; the transport is not open yet.
    RTVI_STATE_AUTHENTICATED = 4,
    /// The transport is being opened, for the first time or after a lost connection.
    RTVI_STATE_CONNECTING = 5,
    /// The transport is open; the bot is not ready yet.
    RTVI_STATE_CONNECTED = 6,
    /// The bot is ready. Only in this state can messages be sent.
    RTVI_STATE_READY = 7,
    /// The session is being closed.
    RTVI_STATE_DISCONNECTING = 8,
    /// Starting or connecting failed. The client passes through this state on the way to
    /// disconnected.
    RTVI_STATE_ERROR = 9,
}

numbered! {
    rtvi_state for rtvi_core::client::TransportState, else RTVI_STATE_DISCONNECTED;
    Disconnected = RTVI_STATE_DISCONNECTED,
    Initializing = RTVI_STATE_INITIALIZING,
    Initialized = RTVI_STATE_INITIALIZED,
    Authenticating = RTVI_STATE_AUTHENTICATING,
    Authenticated = RTVI_STATE_AUTHENTICATED,
    Connecting = RTVI_STATE_CONNECTING,
    Connected = RTVI_STATE_CONNECTED,
    Ready = RTVI_STATE_READY,
    Disconnecting = RTVI_STATE_DISCONNECTING,
    Error = RTVI_STATE_ERROR,
}

/// What went wrong, as a stable kind that an app can act on.
///
/// New kinds may be added; treat an unknown kind as an internal error.
///
/// Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_error_kind {
    /// No error.
    RTVI_ERROR_NONE = 0,
    /// An argument or option is unusable (bad DTMF key, bad URL, unreadable file). Fix the call.
    RTVI_ERROR_INVALID_ARGUMENT = 1,
    /// The connect parameters do not fit the transport. Fix the parameters or the start endpoint's
    /// answer.
    RTVI_ERROR_INVALID_TRANSPORT_PARAMS = 2,
    /// The call is not possible in the client's current state. The message names the state.
    RTVI_ERROR_INVALID_STATE = 3,
    /// The client is already starting, connecting or connected. Disconnect first.
    RTVI_ERROR_ALREADY_STARTED = 4,
    /// The bot is not ready yet, or no longer ready. Wait for bot-ready.
    RTVI_ERROR_NOT_READY = 5,
    /// The start endpoint refused the request or its answer is unusable. `status` has the HTTP
    /// status, if there was one.
    RTVI_ERROR_START_BOT_FAILED = 6,
    /// The server could not be reached: its name was not found, it refused the connection, it was
    /// unreachable, or it does not speak the protocol.
    RTVI_ERROR_CONNECTION_FAILED = 7,
    /// TLS could not be established: unknown authority, wrong host name, expired certificate. Or
    /// the address is neither encrypted nor local.
    RTVI_ERROR_TLS = 8,
    /// A deadline passed; `phase` says which one. A retry may help.
    RTVI_ERROR_TIMEOUT = 9,
    /// An established connection was lost and could not be restored.
    RTVI_ERROR_CONNECTION_LOST = 10,
    /// The server answered a request with an error. The message is the server's.
    RTVI_ERROR_REQUEST_FAILED = 11,
    /// The message is larger than the transport can carry. Send less, or upload the content and
    /// send its URL.
    RTVI_ERROR_MESSAGE_TOO_LARGE = 12,
    /// Too much is waiting to be sent. Wait and retry.
    RTVI_ERROR_BUSY = 13,
    /// This server version, transport or platform does not support the feature.
    RTVI_ERROR_UNSUPPORTED_FEATURE = 14,
    /// The server violated the protocol.
    RTVI_ERROR_PROTOCOL = 15,
    /// The bot reported a fatal error and the session has ended.
    RTVI_ERROR_BOT_ERROR = 16,
    /// A microphone, speaker or camera failed.
    RTVI_ERROR_DEVICE = 17,
    /// The call was cancelled: by `disconnect`, by dropping the client, or by dropping the call's
    /// future.
    RTVI_ERROR_CANCELLED = 18,
    /// The app did not read its events for too long, so the client closed the session.
    RTVI_ERROR_CONSUMER_STALLED = 19,
    /// Something happened that should be impossible; please report it. This is always the last of
    /// the kinds.
    RTVI_ERROR_INTERNAL = 20,
}

numbered! {
    rtvi_error_kind for rtvi_core::ErrorKind, else RTVI_ERROR_INTERNAL;
    InvalidArgument = RTVI_ERROR_INVALID_ARGUMENT,
    InvalidTransportParams = RTVI_ERROR_INVALID_TRANSPORT_PARAMS,
    InvalidState = RTVI_ERROR_INVALID_STATE,
    AlreadyStarted = RTVI_ERROR_ALREADY_STARTED,
    NotReady = RTVI_ERROR_NOT_READY,
    StartBotFailed = RTVI_ERROR_START_BOT_FAILED,
    ConnectionFailed = RTVI_ERROR_CONNECTION_FAILED,
    Tls = RTVI_ERROR_TLS,
    Timeout = RTVI_ERROR_TIMEOUT,
    ConnectionLost = RTVI_ERROR_CONNECTION_LOST,
    RequestFailed = RTVI_ERROR_REQUEST_FAILED,
    MessageTooLarge = RTVI_ERROR_MESSAGE_TOO_LARGE,
    Busy = RTVI_ERROR_BUSY,
    UnsupportedFeature = RTVI_ERROR_UNSUPPORTED_FEATURE,
    Protocol = RTVI_ERROR_PROTOCOL,
    BotError = RTVI_ERROR_BOT_ERROR,
    Device = RTVI_ERROR_DEVICE,
    Cancelled = RTVI_ERROR_CANCELLED,
    ConsumerStalled = RTVI_ERROR_CONSUMER_STALLED,
    Internal = RTVI_ERROR_INTERNAL,
}

/// Why a microphone, speaker or camera can't be used, with the names that client-js uses.
///
/// Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_device_error_kind {
    /// No error of a device.
    RTVI_DEVICE_ERROR_NONE = 0,
    /// The system or the user denies access to it.
    RTVI_DEVICE_ERROR_PERMISSIONS = 1,
    /// Another program uses it, and it can't be shared.
    RTVI_DEVICE_ERROR_IN_USE = 2,
    /// It is not connected, or there is none at all.
    RTVI_DEVICE_ERROR_NOT_FOUND = 3,
    /// It supports no usable format.
    RTVI_DEVICE_ERROR_CONSTRAINTS = 4,
    /// Any other reason.
    RTVI_DEVICE_ERROR_UNKNOWN = 5,
}

numbered! {
    rtvi_device_error_kind for rtvi_core::DeviceErrorKind, else RTVI_DEVICE_ERROR_UNKNOWN;
    Permissions = RTVI_DEVICE_ERROR_PERMISSIONS,
    InUse = RTVI_DEVICE_ERROR_IN_USE,
    NotFound = RTVI_DEVICE_ERROR_NOT_FOUND,
    Constraints = RTVI_DEVICE_ERROR_CONSTRAINTS,
    Unknown = RTVI_DEVICE_ERROR_UNKNOWN,
}

/// The part of a session in which an error happened.
///
/// Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_phase {
    /// Not known, or none.
    RTVI_PHASE_NONE = 0,
    /// Opening microphones and speakers.
    RTVI_PHASE_DEVICES = 1,
    /// The HTTP request to the start endpoint.
    RTVI_PHASE_START_REQUEST = 2,
    /// Opening the transport: name look-up, TCP, TLS, WebSocket or WebRTC negotiation.
    RTVI_PHASE_TRANSPORT_OPEN = 3,
    /// Waiting for bot-ready after client-ready was sent.
    RTVI_PHASE_BOT_READY = 4,
    /// In a session that is ready.
    RTVI_PHASE_SESSION = 5,
    /// A client request waiting for its answer.
    RTVI_PHASE_REQUEST = 6,
    /// A function call running in the app.
    RTVI_PHASE_FUNCTION_CALL = 7,
    /// Restoring a lost connection.
    RTVI_PHASE_RECONNECT = 8,
    /// Closing the connection.
    RTVI_PHASE_DISCONNECT = 9,
}

numbered! {
    rtvi_phase for rtvi_core::Phase, else RTVI_PHASE_NONE;
    Devices = RTVI_PHASE_DEVICES,
    StartRequest = RTVI_PHASE_START_REQUEST,
    TransportOpen = RTVI_PHASE_TRANSPORT_OPEN,
    BotReady = RTVI_PHASE_BOT_READY,
    Session = RTVI_PHASE_SESSION,
    Request = RTVI_PHASE_REQUEST,
    FunctionCall = RTVI_PHASE_FUNCTION_CALL,
    Reconnect = RTVI_PHASE_RECONNECT,
    Disconnect = RTVI_PHASE_DISCONNECT,
}

/// The media that a track carries. New kinds may be added.
///
/// Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_track_kind {
    /// One that this interface has no number for.
    RTVI_TRACK_OTHER = 0,
    /// Audio.
    RTVI_TRACK_AUDIO = 1,
    /// Video of a camera or of the bot.
    RTVI_TRACK_VIDEO = 2,
    /// Video of a shared screen.
    RTVI_TRACK_SCREEN_VIDEO = 3,
}

numbered! {
    rtvi_track_kind for rtvi_core::client::TrackKind, else RTVI_TRACK_OTHER;
    Audio = RTVI_TRACK_AUDIO,
    Video = RTVI_TRACK_VIDEO,
    ScreenVideo = RTVI_TRACK_SCREEN_VIDEO,
}

/// Why audio was dropped. The first four reasons concern the bot's audio, the others the user's.
///
/// Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_audio_drop_reason {
    /// One that this interface has no number for.
    RTVI_AUDIO_DROP_REASON_OTHER = 0,
    /// The audio belongs to a stream that the server has not announced.
    RTVI_AUDIO_DROP_REASON_UNKNOWN_STREAM = 1,
    /// The audio can't be decoded, or its format is not supported.
    RTVI_AUDIO_DROP_REASON_UNREADABLE = 2,
    /// The buffer of the bot's audio is full.
    RTVI_AUDIO_DROP_REASON_PLAYOUT_FULL = 3,
    /// The speaker is slower than real time.
    RTVI_AUDIO_DROP_REASON_SPEAKER_FULL = 4,
    /// The client did not take the microphone's audio in time.
    RTVI_AUDIO_DROP_REASON_MICROPHONE_FULL = 5,
    /// The server or the network did not take the microphone's audio in time.
    RTVI_AUDIO_DROP_REASON_MICROPHONE_BACKLOG = 6,
    /// The user spoke longer before the bot was ready than the client keeps.
    RTVI_AUDIO_DROP_REASON_PRE_CONNECT_FULL = 7,
}

numbered! {
    rtvi_audio_drop_reason for rtvi_core::media::AudioDropReason, else RTVI_AUDIO_DROP_REASON_OTHER;
    UnknownStream = RTVI_AUDIO_DROP_REASON_UNKNOWN_STREAM,
    Unreadable = RTVI_AUDIO_DROP_REASON_UNREADABLE,
    PlayoutFull = RTVI_AUDIO_DROP_REASON_PLAYOUT_FULL,
    SpeakerFull = RTVI_AUDIO_DROP_REASON_SPEAKER_FULL,
    MicrophoneFull = RTVI_AUDIO_DROP_REASON_MICROPHONE_FULL,
    MicrophoneBacklog = RTVI_AUDIO_DROP_REASON_MICROPHONE_BACKLOG,
    PreConnectFull = RTVI_AUDIO_DROP_REASON_PRE_CONNECT_FULL,
}

/// The progress of a segment.
///
/// Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_segment_state {
    /// It will be spoken; the server has not reported a start yet.
    RTVI_SEGMENT_STATE_PENDING = 0,
    /// It is being spoken.
    RTVI_SEGMENT_STATE_SPEAKING = 1,
    /// It has been spoken completely.
    RTVI_SEGMENT_STATE_SPOKEN = 2,
    /// It was cut off: only part of it was spoken.
    RTVI_SEGMENT_STATE_INTERRUPTED = 3,
    /// It is text only and is never spoken.
    RTVI_SEGMENT_STATE_UNSPOKEN = 4,
}

numbered! {
    rtvi_segment_state for rtvi_core::client::SegmentState, else RTVI_SEGMENT_STATE_PENDING;
    Pending = RTVI_SEGMENT_STATE_PENDING,
    Speaking = RTVI_SEGMENT_STATE_SPEAKING,
    Spoken = RTVI_SEGMENT_STATE_SPOKEN,
    Interrupted = RTVI_SEGMENT_STATE_INTERRUPTED,
    Unspoken = RTVI_SEGMENT_STATE_UNSPOKEN,
}

/// The progress of a function call.
///
/// Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_function_call_state {
    /// It has no result yet.
    RTVI_FUNCTION_CALL_STATE_RUNNING = 0,
    /// It has its result.
    RTVI_FUNCTION_CALL_STATE_DONE = 1,
    /// It was cancelled.
    RTVI_FUNCTION_CALL_STATE_CANCELLED = 2,
}

numbered! {
    rtvi_function_call_state for rtvi_core::client::FunctionCallState, else RTVI_FUNCTION_CALL_STATE_RUNNING;
    Running = RTVI_FUNCTION_CALL_STATE_RUNNING,
    Done = RTVI_FUNCTION_CALL_STATE_DONE,
    Cancelled = RTVI_FUNCTION_CALL_STATE_CANCELLED,
}

/// The kinds of `rtvi_disconnect_reason`.
///
/// Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_disconnect_reason_kind {
    /// The app ended it.
    RTVI_DISCONNECT_REASON_REQUESTED = 0,
    /// The bot ended it.
    RTVI_DISCONNECT_REASON_BOT_LEFT = 1,
    /// An error ended it.
    RTVI_DISCONNECT_REASON_FAILED = 2,
}

/// The kinds of `rtvi_device_state`.
///
/// Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_device_state_kind {
    /// The client has not requested it.
    RTVI_DEVICE_STATE_UNINITIALIZED = 0,
    /// It is being opened.
    RTVI_DEVICE_STATE_INITIALIZING = 1,
    /// It is available.
    RTVI_DEVICE_STATE_GRANTED = 2,
    /// It can't be used.
    RTVI_DEVICE_STATE_ERROR = 3,
}

/// The kinds of `rtvi_bot_part`.
///
/// Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_bot_part_kind {
    /// Something said or written.
    RTVI_BOT_PART_SEGMENT = 0,
    /// A function call.
    RTVI_BOT_PART_FUNCTION_CALL = 1,
    /// A short acknowledgement of the user, such as "mhm", that neither interrupted the bot nor
    /// formed a turn.
    RTVI_BOT_PART_USER_BACKCHANNEL = 2,
}

/// The kinds of `rtvi_turn_content`.
///
/// Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_turn_content_kind {
    /// The user's.
    RTVI_TURN_CONTENT_USER = 0,
    /// The bot's.
    RTVI_TURN_CONTENT_BOT = 1,
}

