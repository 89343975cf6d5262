/*
 * RTVI client SDK: talk to a Pipecat voice bot from C.
 *
 * Generated from the crate rtvi-c; do not edit. These rules hold for every function:
 *
 * Errors    A function that returns `rtvi_error *` returns null on success. The caller owns an error
 *           that is not null: free it with `rtvi_error_free`.
 * Texts     Texts are UTF-8 with a length (`rtvi_str`). Where the protocol is open, they are JSON. A
 *           function that receives a text that is not UTF-8 fails as `RTVI_ERROR_INVALID_ARGUMENT`
 *           and does nothing.
 * Handles   A function that receives a null or freed client, call, microphone, speaker, video feed,
 *           video display, transport, connection or conversation returns an error or does nothing.
 *           Free errors, strings, events, JSON values, pictures, and PCM and frame ends once, and do
 *           not use them after that; the functions also accept null in their place.
 * Threads   You may call every function from every thread, and from every callback unless the
 *           documentation of that function says otherwise.
 * Callbacks A callback receives a `user_data` that the SDK never looks at. If you pass a
 *           `drop_user_data` to a function, the SDK calls it exactly once, on any thread, when no
 *           more callbacks follow. It does so even if that function fails. A callback must not
 *           throw or jump out.
 * Structs   Structs of options and functions begin with their own size. Set it to `sizeof` and the
 *           rest to zero, or call their init function. This lets them grow in later versions.
 * Views     Structs that the SDK returns, such as `rtvi_bot_output_data`, are read only. They point
 *           into the object that they belong to, such as the event. In later versions they may grow
 *           at their ends: never copy or create one. An absent number, struct or list is a null
 *           pointer; an absent text has null `data`.
 * Results   A function stores results through its last pointers, which may be null. It does so on
 *           success only.
 */

#ifndef RTVI_H
#define RTVI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32) && !defined(RTVI_STATIC)
#define RTVI_API __declspec(dllimport)
#elif defined(__GNUC__)
#define RTVI_API __attribute__((visibility("default")))
#else
#define RTVI_API
#endif

/// A JSON value. Values found inside another belong to it.
typedef struct rtvi_json rtvi_json;

/// The version of this interface. Functions, enum values and members at the end of structs may be
/// added without a new version.
#define RTVI_ABI_VERSION 0

/// The kinds of `rtvi_turn_content`.
///
/// Values never change; new ones may be added.
typedef enum {
    /// The user's.
    RTVI_TURN_CONTENT_USER = 0,
    /// The bot's.
    RTVI_TURN_CONTENT_BOT = 1,
} rtvi_turn_content_kind;

/// The kinds of `rtvi_bot_part`.
///
/// Values never change; new ones may be added.
typedef enum {
    /// Something said or written.
    RTVI_BOT_PART_SEGMENT = 0,
    /// A function call.
    RTVI_BOT_PART_FUNCTION_CALL = 1,
    /// A short acknowledgement of the user, such as "mhm", that neither interrupted the bot nor
    /// formed a turn.
    RTVI_BOT_PART_USER_BACKCHANNEL = 2,
} rtvi_bot_part_kind;

/// The progress of a segment.
///
/// Values never change; new ones may be added.
typedef enum {
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
} rtvi_segment_state;

/// The progress of a function call.
///
/// Values never change; new ones may be added.
typedef enum {
    /// It has no result yet.
    RTVI_FUNCTION_CALL_STATE_RUNNING = 0,
    /// It has its result.
    RTVI_FUNCTION_CALL_STATE_DONE = 1,
    /// It was cancelled.
    RTVI_FUNCTION_CALL_STATE_CANCELLED = 2,
} rtvi_function_call_state;

/// The state of a client, from disconnected to talking to a bot.
///
/// Values never change; new ones may be added.
typedef enum {
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
} rtvi_state;

/// What went wrong, as a stable kind that an app can act on.
///
/// New kinds may be added; treat an unknown kind as an internal error.
///
/// Values never change; new ones may be added.
typedef enum {
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
} rtvi_error_kind;

/// Why a microphone, speaker or camera can't be used, with the names that client-js uses.
///
/// Values never change; new ones may be added.
typedef enum {
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
} rtvi_device_error_kind;

/// The part of a session in which an error happened.
///
/// Values never change; new ones may be added.
typedef enum {
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
} rtvi_phase;

/// What happened; ignore what you don't know.
///
/// The names are those of the other Pipecat SDKs. The data of each are read by the function with its name, such as
/// `rtvi_event_bot_output`, or as JSON by `rtvi_event_data`.
///
/// Values never change; new ones may be added.
typedef enum {
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
} rtvi_event_kind;

/// The kinds of `rtvi_device_state`.
///
/// Values never change; new ones may be added.
typedef enum {
    /// The client has not requested it.
    RTVI_DEVICE_STATE_UNINITIALIZED = 0,
    /// It is being opened.
    RTVI_DEVICE_STATE_INITIALIZING = 1,
    /// It is available.
    RTVI_DEVICE_STATE_GRANTED = 2,
    /// It can't be used.
    RTVI_DEVICE_STATE_ERROR = 3,
} rtvi_device_state_kind;

/// The media that a track carries. New kinds may be added.
///
/// Values never change; new ones may be added.
typedef enum {
    /// One that this interface has no number for.
    RTVI_TRACK_OTHER = 0,
    /// Audio.
    RTVI_TRACK_AUDIO = 1,
    /// Video of a camera or of the bot.
    RTVI_TRACK_VIDEO = 2,
    /// Video of a shared screen.
    RTVI_TRACK_SCREEN_VIDEO = 3,
} rtvi_track_kind;

/// The type of a JSON value.
typedef enum {
    /// There is no value.
    RTVI_JSON_NONE = 0,
    /// `null`.
    RTVI_JSON_NULL = 1,
    /// `true` or `false`.
    RTVI_JSON_BOOL = 2,
    /// A number without a fraction that `int64_t` holds.
    RTVI_JSON_INTEGER = 3,
    /// Any other number.
    RTVI_JSON_NUMBER = 4,
    /// A text.
    RTVI_JSON_STRING = 5,
    /// A list.
    RTVI_JSON_ARRAY = 6,
    /// An object.
    RTVI_JSON_OBJECT = 7,
} rtvi_json_type;

/// The kinds of `rtvi_disconnect_reason`.
///
/// Values never change; new ones may be added.
typedef enum {
    /// The app ended it.
    RTVI_DISCONNECT_REASON_REQUESTED = 0,
    /// The bot ended it.
    RTVI_DISCONNECT_REASON_BOT_LEFT = 1,
    /// An error ended it.
    RTVI_DISCONNECT_REASON_FAILED = 2,
} rtvi_disconnect_reason_kind;

/// Why audio was dropped. The first four reasons concern the bot's audio, the others the user's.
///
/// Values never change; new ones may be added.
typedef enum {
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
} rtvi_audio_drop_reason;

/// Why a connection ended.
typedef enum {
    /// The client requested it.
    RTVI_CLOSE_REQUESTED = 0,
    /// The bot ended it.
    RTVI_CLOSE_BOT_LEFT = 1,
    /// The connection could not be opened. An immediate retry is pointless.
    RTVI_CLOSE_OPEN_FAILED = 2,
    /// The connection was lost. The client may connect again.
    RTVI_CLOSE_LOST = 3,
} rtvi_close_reason;

/// A part of the library that a build may leave out.
typedef enum {
    /// The computer's microphones and speakers.
    RTVI_FEATURE_DEVICES = 1,
    /// Echo cancellation, noise suppression, automatic gain and the high-pass filter.
    RTVI_FEATURE_PROCESSING = 2,
    /// The transports over WebRTC: SmallWebRTC and LiveKit.
    RTVI_FEATURE_WEBRTC = 3,
    /// Cameras, screens and displays of video, and VP8.
    RTVI_FEATURE_VIDEO = 4,
} rtvi_feature;

/// How much is logged. Message bodies, tokens, headers and URL queries are never logged.
typedef enum {
    /// Nothing.
    RTVI_LOG_NONE = 0,
    /// Errors that no function returned.
    RTVI_LOG_ERROR = 1,
    /// Also likely mistakes of the app or the server.
    RTVI_LOG_WARN = 2,
    /// Also connecting and disconnecting. The default.
    RTVI_LOG_INFO = 3,
    /// Also the type of every message.
    RTVI_LOG_DEBUG = 4,
} rtvi_log_level;

/// How pixels lie in memory. Values never change; new ones may be added.
typedef enum {
    /// Three planes Y, U and V with 8 bits per sample. U and V have half the width and height,
    /// rounded up.
    RTVI_PIXELS_I420 = 1,
    /// Two planes: Y, and alternating U and V, otherwise as in I420.
    RTVI_PIXELS_NV12 = 2,
    /// One plane with four bytes per pixel: blue, green, red and one that is ignored.
    RTVI_PIXELS_BGRA = 3,
} rtvi_pixel_format;

/// A way to compress pictures. Values never change; new ones may be added.
typedef enum {
    /// VP8.
    RTVI_VIDEO_VP8 = 1,
    /// H.264, constrained baseline profile.
    RTVI_VIDEO_H264 = 2,
} rtvi_video_codec;

/// Cancels the calls that were begun with it.
typedef struct rtvi_cancel rtvi_cancel;

/// A client of a Pipecat bot.
typedef struct rtvi_client rtvi_client;

/// One connection of the app's own transport. Its functions fail once the connection is over. The
/// app never frees it.
typedef struct rtvi_connection rtvi_connection;

/// The turns of a conversation, built from a client's events.
typedef struct rtvi_conversation rtvi_conversation;

/// An error: a kind, the phase and status if they are known, and a message for people.
typedef struct rtvi_error rtvi_error;

/// An event of a client.
typedef struct rtvi_event rtvi_event;

/// The input into which the app pushes the user's pictures or encoded frames. Any thread may use
/// it.
typedef struct rtvi_frame_input rtvi_frame_input;

/// The output from which the app reads pictures or encoded frames. Any thread may use it.
typedef struct rtvi_frame_output rtvi_frame_output;

/// A call of a function by the bot. Answer it once with `rtvi_function_call_resolve` or
/// `rtvi_function_call_reject`, now or later, from any thread. If the app does not answer in time,
/// the bot receives an error. The app never frees a call.
typedef struct rtvi_function_call rtvi_function_call;

/// A snapshot of the information that a client has.
typedef struct rtvi_info rtvi_info;

/// The source of the user's audio. Pass it to a client with the options, or free it with
/// `rtvi_microphone_free`.
typedef struct rtvi_microphone rtvi_microphone;

/// The input into which the app pushes the user's samples. Use it on one thread at a time: a push
/// during another push takes nothing.
typedef struct rtvi_pcm_input rtvi_pcm_input;

/// The output from which the app pulls the bot's samples. Use it on one thread at a time: a pull
/// during another pull returns nothing.
typedef struct rtvi_pcm_output rtvi_pcm_output;

/// The destination of the bot's audio. Pass it to a client with the options, or free it with
/// `rtvi_speaker_free`.
typedef struct rtvi_speaker rtvi_speaker;

/// UTF-8 text that the receiver owns and frees with `rtvi_string_free`.
typedef struct rtvi_string rtvi_string;

/// A way of the app's own to reach bots. Pass it to a client with the options, or free it with
/// `rtvi_transport_free`.
typedef struct rtvi_transport rtvi_transport;

/// The destination of the bot's video. Pass it to a client with the options, or free it with
/// `rtvi_video_display_free`.
typedef struct rtvi_video_display rtvi_video_display;

/// The source of the user's video. Pass it to a client with the options, as its camera or its
/// screen, or free it with `rtvi_video_feed_free`.
typedef struct rtvi_video_feed rtvi_video_feed;

/// A picture or an encoded frame, which does not change. Any thread may use it.
typedef struct rtvi_video_picture rtvi_video_picture;

/// UTF-8 text that somebody else owns: `len` bytes at `data`.
///
/// The SDK reads a text that you pass during the call only; null or empty means no text. A text
/// that the SDK passes is valid as long as the function or callback states. A zero byte follows it
/// only where the documentation says so; print it with `%.*s`.
typedef struct {
    /// The bytes; may be null when `len` is 0.
    const char *data;
    /// The number of bytes.
    size_t len;
} rtvi_str;

/// Called for every event, in order, one at a time, on the client's own thread. `event` is valid
/// during the callback only. The callback may call every function, and may free the client. No
/// further event arrives until it returns.
typedef void (*rtvi_event_fn)(void *user_data, rtvi_client *client, const rtvi_event *event);

/// Called once with the `user_data` that was passed beside it, when the SDK will never use that
/// again, whatever happened before.
typedef void (*rtvi_drop_fn)(void *user_data);

/// The options of a client. Fill them with `rtvi_client_options_init`, then set the members that
/// differ.
///
/// `rtvi_client_new` reads texts and structs during the call only. Times are in milliseconds.
typedef struct {
    /// `sizeof(rtvi_client_options)`.
    size_t size;
    /// The name of the transport: `websocket`, which is the default, `small-webrtc`, `livekit`,
    /// `phone`, or `auto`, which selects the transport that the connect parameters describe.
    rtvi_str transport;
    /// The options of that transport: a JSON object such as `{"sampleRate":24000}`. docs/options.md
    /// lists them with their defaults. Default: none.
    rtvi_str transport_options;
    /// A transport of the app's own, which replaces a named one. The client takes it over. Default:
    /// null.
    rtvi_transport *custom_transport;
    /// The source of the user's audio. The client takes it over. Default: null, which sends no
    /// audio.
    rtvi_microphone *microphone;
    /// The destination of the bot's audio. The client takes it over. Default: null, which discards
    /// the audio in real time.
    rtvi_speaker *speaker;
    /// All other options: a JSON object such as
    /// `{"enableMic":false,"reconnect":{"maxAttempts":5}}`. docs/options.md lists them with their
    /// defaults, which apply to absent options. An unknown name is an invalid argument.
    /// `rtvi_json_new` and `rtvi_json_set_…` build such an object. Default: none.
    rtvi_str options;
    /// Called for every event. Default: null; the app then takes events with
    /// `rtvi_client_next_event`.
    rtvi_event_fn on_event;
    /// Passed to `on_event`.
    void *user_data;
    /// Called with `user_data` when the client is freed or could not be created. May be null.
    rtvi_drop_fn drop_user_data;
    /// The camera. The client takes it over. Default: null, which sends no video.
    rtvi_video_feed *camera;
    /// The screen to share. The client takes it over. Default: null.
    rtvi_video_feed *screen;
    /// The destination of the bot's video. The client takes it over. Default: null, and the client
    /// asks the bot for no video.
    rtvi_video_display *display;
} rtvi_client_options;

/// The format of 16-bit samples.
typedef struct {
    /// Samples per second in each channel: 1000 to 384000.
    uint32_t sample_rate;
    /// The number of interleaved channels: 1 to 8.
    uint16_t channels;
} rtvi_audio_format;

/// The effect of an event on the conversation.
typedef struct {
    /// How many of the oldest turns were removed because there were too many. Every index decreased
    /// by this number.
    uint32_t dropped;
    /// The index of the first turn that may have been changed, added or removed; earlier turns are
    /// unchanged. It is nearly always the last turn or the one before it. If only the last turns
    /// were removed, it equals the number of turns.
    uint32_t first;
} rtvi_conversation_change;

/// What the user said or typed.
typedef struct {
    /// The confirmed text: the final transcriptions, or what was typed.
    rtvi_str final_text;
    /// What the user is saying, as transcribed so far. It changes until it moves into the final
    /// text. Its data are null where it is absent.
    rtvi_str interim;
    /// What the LLM received, which may differ. It is the only text if an app or a 1.x client's
    /// text started the turn. Its data are null where it is absent.
    rtvi_str llm_text;
    /// Whether it was typed rather than spoken.
    bool typed;
    /// Whether the user is speaking now.
    bool speaking;
    /// The speaker, if the transport knows. Its data are null where it is absent.
    rtvi_str user_id;
    /// When the first text arrived, as ISO 8601 by the server's clock. Its data are null where it is absent.
    rtvi_str timestamp;
    /// For typed text, the id of the send-text message. Its data are null where it is absent.
    rtvi_str msg_id;
    /// Short acknowledgements of the user that formed no turn and occurred when there was no bot
    /// turn to hold them.
    const rtvi_str *backchannels;
    /// How many.
    size_t backchannels_count;
} rtvi_user_turn;

/// A piece of what the bot says or writes, such as a sentence.
typedef struct {
    /// The server's number for the segment; absent with 1.x servers. Null where it is absent.
    const uint64_t *id;
    /// Its form, such as a sentence, or one that the app defines.
    rtvi_str kind;
    /// The complete text.
    rtvi_str text;
    /// How far the segment has been spoken.
    rtvi_segment_state state;
    /// What has been spoken so far: the beginning of the text.
    ///
    /// From protocol 2 on, this is exactly what the server reports. A 1.x server reports single
    /// words, and the client matches them with the text. After a word that does not match (such as
    /// a number spelled out), the words are joined with single spaces, and the result is no longer
    /// the beginning of the text.
    rtvi_str spoken_text;
    /// Whether the bot is still writing it, so that the text grows.
    bool growing;
} rtvi_segment;

/// A function call of the LLM. The server's report level decides how much of it is known.
typedef struct {
    /// The call's id.
    rtvi_str tool_call_id;
    /// The function's name, if reported. Its data are null where it is absent.
    rtvi_str function_name;
    /// The arguments, if reported: a JSON object. Null where it is absent.
    const rtvi_json *arguments;
    /// The progress of the call. Calls in the form of 1.x servers are never reported as done.
    rtvi_function_call_state state;
    /// The result, if reported. Null where it is absent.
    const rtvi_json *result;
} rtvi_function_call_entry;

/// A part of a bot's turn.
typedef struct {
    /// The kind.
    rtvi_bot_part_kind kind;
    /// The segment. Of `RTVI_BOT_PART_SEGMENT` only. Null where it is absent.
    const rtvi_segment *segment;
    /// The function call. Of `RTVI_BOT_PART_FUNCTION_CALL` only. Null where it is absent.
    const rtvi_function_call_entry *function_call;
    /// What the user said. Of `RTVI_BOT_PART_USER_BACKCHANNEL` only. Its data are null where it is absent.
    rtvi_str text;
} rtvi_bot_part;

/// How much of an utterance of the bot reached the speaker.
typedef struct {
    /// How much of its audio went to the speaker. Audio in the speaker's own buffer counts as
    /// heard. In milliseconds.
    double heard_ms;
    /// How much of its audio arrived. In milliseconds.
    double received_ms;
    /// Whether the utterance was cut off.
    bool interrupted;
} rtvi_bot_audio_heard;

/// What the bot said, wrote and did.
typedef struct {
    /// The parts, in order.
    const rtvi_bot_part *const *parts;
    /// How many.
    size_t parts_count;
    /// How much of the turn's audio was heard, summed over its utterances so far. Absent until one
    /// was heard, and without audio. Null where it is absent.
    const rtvi_bot_audio_heard *audio;
} rtvi_bot_turn;

/// Whose turn it is, and what was said.
typedef struct {
    /// The kind.
    rtvi_turn_content_kind kind;
    /// The user. Of `RTVI_TURN_CONTENT_USER` only. Null where it is absent.
    const rtvi_user_turn *user;
    /// The bot. Of `RTVI_TURN_CONTENT_BOT` only. Null where it is absent.
    const rtvi_bot_turn *bot;
} rtvi_turn_content;

/// What one side said before the other took over.
typedef struct {
    /// The number of the turn, from 0. It is never reused in this conversation, so it can serve as
    /// a key for lists.
    uint64_t id;
    /// Everything said or written in the turn, and everything still to be said. A user's turn
    /// includes what is still being transcribed.
    rtvi_str text;
    /// What reached the other side: what the user heard of the bot, or what the LLM received from
    /// the user.
    ///
    /// Text that is never spoken is not heard either.
    rtvi_str heard_text;
    /// Whether something is missing because a limit was reached.
    bool truncated;
    /// Whose turn it is, and what was said.
    const rtvi_turn_content *content;
} rtvi_turn;

/// The functions of an app's own transport. Set `size`, and set absent functions to null.
///
/// Each connection has a thread that calls them one at a time, `open` first and `released` last.
/// The app reports events with the functions of `rtvi_connection`. It calls them in these functions
/// or on threads of its own, not in other callbacks.
typedef struct {
    /// `sizeof(rtvi_transport_functions)`.
    size_t size;
    /// The largest message that the transport accepts, in bytes; 0 for no limit.
    size_t max_message_size;
    /// The audio format that the transport needs from the microphone; a rate of 0 for none.
    rtvi_audio_format capture;
    /// The length of each piece of that audio, in milliseconds; 0 means 20.
    uint32_t capture_frame_ms;
    /// Begins to open a connection. `params` are those of `rtvi_client_connect`. `attempt` is 0 or
    /// the number of the reconnect attempt. Required.
    void (*open)(void *user_data, rtvi_connection *connection, rtvi_str params, uint32_t attempt);
    /// Sends an RTVI message, which is JSON text. Required.
    void (*send)(void *user_data, rtvi_connection *connection, rtvi_str message);
    /// Sends audio of the microphone in the format of `capture`. May be null.
    void (*send_audio)(void *user_data, rtvi_connection *connection, const int16_t *samples, size_t count);
    /// Called when the microphone is turned on or off. May be null.
    void (*mic_enabled)(void *user_data, rtvi_connection *connection, bool enabled);
    /// Begins to close gracefully. `rtvi_connection_closed` must follow within two seconds. If
    /// null, the connection closes at once.
    void (*close)(void *user_data, rtvi_connection *connection);
    /// Called when the connection is over, however it ended. Release its resources here. May be
    /// null.
    void (*released)(void *user_data, rtvi_connection *connection);
    /// Called when the device has moved to another network. A connection that can't follow should
    /// end as `RTVI_CLOSE_LOST`; the client then restores it at once. May be null.
    void (*network_changed)(void *user_data, rtvi_connection *connection);
} rtvi_transport_functions;

/// Called exactly once when a call that runs in the background has ended, on the thread that
/// receives events. `error` is null if the call succeeded. `result` is then its result as JSON, or
/// empty if it has none. Both are valid during the callback only.
typedef void (*rtvi_done_fn)(void *user_data, const rtvi_error *error, rtvi_str result);

/// How to run a call. Set `size` to `sizeof(rtvi_call)` and the rest to zero, and then set the
/// members that you need. If you pass null instead, the function waits for the end, can't be
/// cancelled, and drops the result.
///
/// With `on_done` the call runs in the background and the function returns at once. It returns an
/// error only if the call could not begin; then `on_done` is not called. Without `on_done` the
/// function waits for the end. Functions of audio sources, sinks or transports must not do that.
typedef struct {
    /// `sizeof(rtvi_call)`.
    size_t size;
    /// Cancels the call, from any thread. May be null. It must stay alive until the call has begun.
    rtvi_cancel *cancel;
    /// Where a waiting call stores its result as JSON; null if it has none. The pointer may be
    /// null. Free the result with `rtvi_string_free`.
    rtvi_string **result;
    /// Called at the end. If set, the call runs in the background.
    rtvi_done_fn on_done;
    /// Passed to `on_done`.
    void *user_data;
    /// Called with `user_data` at the end, whether or not the call has begun. May be null.
    rtvi_drop_fn drop_user_data;
} rtvi_call;

/// Called when the bot calls a function, on the thread that receives events. `tool_call_id`, `name`
/// and `arguments`, a JSON object, are valid during the callback only. `call` is valid until it is
/// answered.
typedef void (*rtvi_function_fn)(void *user_data,
                                 rtvi_function_call *call,
                                 rtvi_str tool_call_id,
                                 rtvi_str name,
                                 const rtvi_json *arguments);

/// The capabilities of a bot in a session. If one is absent, the bot did not report it: show the
/// usual user interface. If it is false, hide that part of the interface.
typedef struct {
    /// The bot hears the user. Null where it is absent.
    const bool *audio_in;
    /// The bot speaks. Null where it is absent.
    const bool *audio_out;
    /// The bot sees the user's camera. Null where it is absent.
    const bool *video_in;
    /// The bot sees the user's screen. Null where it is absent.
    const bool *screen_in;
    /// The bot sends video. Null where it is absent.
    const bool *video_out;
    /// The bot reports metrics. Null where it is absent.
    const bool *metrics;
} rtvi_bot_capabilities;

/// What the bot reports about itself when it is ready.
typedef struct {
    /// The protocol version, as written by the server. Its data are null where it is absent.
    rtvi_str version;
    /// The bot's library and further details. Any JSON; by default an object `{library,
    /// library_version}`. Null where it is absent.
    const rtvi_json *about;
    /// The bot's capabilities in this session (since 2.2.0). Null where it is absent.
    const rtvi_bot_capabilities *capabilities;
    /// The service configuration, which only servers before 1.0 send. Null where it is absent.
    const rtvi_json *config;
} rtvi_bot_ready_data;

/// The state of one device.
typedef struct {
    /// The kind.
    rtvi_device_state_kind kind;
    /// The reason, for the app to act on. Of `RTVI_DEVICE_STATE_ERROR` only. Null where it is absent.
    const rtvi_device_error_kind *reason;
    /// The reason, as text for people. Of `RTVI_DEVICE_STATE_ERROR` only. Its data are null where it is absent.
    rtvi_str message;
} rtvi_device_state;

/// The state of each of a client's devices.
typedef struct {
    /// The microphone.
    const rtvi_device_state *mic;
    /// The speaker.
    const rtvi_device_state *speaker;
    /// The camera.
    const rtvi_device_state *cam;
    /// Whether the server has muted the microphone, so that the bot hears nothing of it. Ends when
    /// the server allows it, when the app turns the microphone on, or with the connection.
    bool mic_muted;
} rtvi_media_state;

/// A participant of the session.
typedef struct {
    /// A unique identifier in the session.
    rtvi_str id;
    /// A display name; may be empty.
    rtvi_str name;
    /// Whether this is the client itself.
    bool local;
} rtvi_participant;

/// A stream of one participant.
typedef struct {
    /// The kind of media that it carries.
    rtvi_track_kind kind;
    /// The participant whose media it carries.
    const rtvi_participant *participant;
} rtvi_track;

/// How much audio a client has moved since it was created.
typedef struct {
    /// The user's audio passed to the transport, silence included. In milliseconds.
    double sent_ms;
    /// The user's audio that was lost because the transport, its server or the client did not take
    /// it in time, or because it came too early before the bot was ready.
    /// The event `audioDropped` gives the reason. In milliseconds.
    double send_dropped_ms;
    /// The bot's audio that arrived. In milliseconds.
    double received_ms;
    /// The bot's audio passed to the speaker. In milliseconds.
    double played_ms;
    /// The bot's audio that was discarded because the bot was interrupted. In milliseconds.
    double flushed_ms;
    /// The bot's audio that was lost because too much of it was waiting, or because the speaker was
    /// too slow. The transport's statistics count the WebRTC packets that were dropped before
    /// decoding. In milliseconds.
    double receive_dropped_ms;
} rtvi_audio_stats;

/// Measurements of the processing of the microphone's audio.
typedef struct {
    /// How far the echo lags behind the speaker, as the echo canceller has measured. Null where it is absent.
    const double *echo_delay_ms;
    /// How much weaker the echo became, in decibels, as the echo canceller estimates (ERLE). Null where it is absent.
    const float *echo_reduction_db;
} rtvi_processing_stats;

/// A microphone, speaker or camera.
typedef struct {
    /// A stable identifier.
    rtvi_str device_id;
    /// A display name.
    rtvi_str label;
} rtvi_media_device;

/// What a client knows of its bot, its devices and its audio at one moment.
typedef struct {
    /// What the bot said when it became ready; absent without a session. Null where it is absent.
    const rtvi_bot_ready_data *bot;
    /// What the devices are doing.
    const rtvi_media_state *media_state;
    /// The audio and video that flows now, the user's and the bot's.
    const rtvi_track *const *tracks;
    /// How many.
    size_t tracks_count;
    /// How much audio has been moved since the client was made.
    const rtvi_audio_stats *audio_stats;
    /// How the processing of the microphone's audio does, as of the last report of levels.
    const rtvi_processing_stats *processing_stats;
    /// The microphones to choose from.
    const rtvi_media_device *const *mics;
    /// How many.
    size_t mics_count;
    /// The speakers to choose from.
    const rtvi_media_device *const *speakers;
    /// How many.
    size_t speakers_count;
    /// The cameras to choose from.
    const rtvi_media_device *const *cams;
    /// How many.
    size_t cams_count;
    /// The microphone in use. Null where it is absent.
    const rtvi_media_device *selected_mic;
    /// The speaker in use. Null where it is absent.
    const rtvi_media_device *selected_speaker;
    /// The camera in use. Null where it is absent.
    const rtvi_media_device *selected_cam;
    /// Whether the microphone is on, or will be when a session begins.
    bool is_mic_enabled;
    /// Whether the camera is on, or will be when a session begins.
    bool is_cam_enabled;
    /// Whether pictures of the screen flow to the bot.
    bool is_sharing_screen;
} rtvi_client_info;

/// Called for every line, one at a time, on a thread of its own. `level` is a `rtvi_log_level`.
/// `line` is valid during the callback only.
typedef void (*rtvi_log_fn)(void *user_data, int32_t level, rtvi_str line);

/// The functions of an app's own microphone. Set `size`, and set absent functions to null. Threads
/// of the SDK call them, one at a time. They must not wait or call functions that wait.
typedef struct {
    /// `sizeof(rtvi_microphone_functions)`.
    size_t size;
    /// Starts to capture. May be called again after `stop`. Returns null, or an error if it can't
    /// start (`rtvi_error_new`). May be null.
    rtvi_error *(*start)(void *user_data);
    /// Returns how many samples are captured and not yet read. Null for a source without a clock of
    /// its own: the client then reads in real time.
    size_t (*available)(void *user_data);
    /// Moves up to `count` samples to `samples` and returns how many. Required.
    size_t (*read)(void *user_data, int16_t *samples, size_t count);
    /// Returns whether the source has ended; the client then sends silence. If null, it never ends.
    bool (*is_finished)(void *user_data);
    /// Stops capturing, because the microphone was muted for long enough or the session has ended.
    /// May be null.
    void (*stop)(void *user_data);
    /// Returns what has gone wrong since the last call: null, or an error (`rtvi_error_new`).
    /// Called after each of the other functions. An error becomes the event `deviceError`, and the
    /// microphone counts as failed: it is stopped as usual, and before the next start only `stop`
    /// is called. May be null.
    rtvi_error *(*failure)(void *user_data);
} rtvi_microphone_functions;

/// A request to an HTTP endpoint that starts a bot. Set `size`, set the rest to zero, and then set
/// the members that you need.
typedef struct {
    /// `sizeof(rtvi_start_request)`.
    size_t size;
    /// The `http` or `https` URL. With `agent` it may be empty; the request then goes to Pipecat
    /// Cloud.
    rtvi_str endpoint;
    /// Extra request headers, sent in this order: a JSON list of objects with `name` and `value`.
    /// May be empty.
    rtvi_str headers;
    /// The JSON body; may be empty.
    rtvi_str data;
    /// The time limit for the whole request, in milliseconds. 0 means `timeouts.startMs` of the
    /// client's options.
    uint32_t timeout_ms;
    /// The name of the Pipecat Cloud agent to start. Empty for other servers. Then `data` holds the
    /// request: `transport` and `body`. `body` is limited to 1 MiB, and to 4 KiB for the transport
    /// `websocket`.
    rtvi_str agent;
    /// The public key for that agent, `pk_…`. It is sent as a header and never shown. Without
    /// `agent` it is an invalid argument.
    rtvi_str public_key;
} rtvi_start_request;

/// The functions of an app's own speaker. Set `size`, and set absent functions to null. Threads of
/// the SDK call them, one at a time. They must not wait or call functions that wait.
typedef struct {
    /// `sizeof(rtvi_speaker_functions)`.
    size_t size;
    /// Starts to play. May be called again after `stop`. Returns null, or an error if it can't
    /// start (`rtvi_error_new`). May be null.
    rtvi_error *(*start)(void *user_data);
    /// Returns how many samples the speaker needs now to stay filled. Null for a sink without a
    /// clock of its own: the client then writes in real time.
    size_t (*wanted)(void *user_data);
    /// Receives samples to play after those it has. Required.
    void (*write)(void *user_data, const int16_t *samples, size_t count);
    /// Drops the samples that are not played yet, because the bot was interrupted. May be null.
    void (*flush)(void *user_data);
    /// Stops playing. May be null.
    void (*stop)(void *user_data);
    /// Returns what has gone wrong since the last call: null, or an error (`rtvi_error_new`).
    /// Called after each of the other functions. An error becomes the event `deviceError`, and the
    /// speaker counts as failed: it is stopped as usual, and before the next start only `stop` is
    /// called. May be null.
    rtvi_error *(*failure)(void *user_data);
} rtvi_speaker_functions;

/// The client changed its state.
typedef struct {
    /// The state.
    rtvi_state state;
} rtvi_transport_state_changed_event;

/// Why a session ended.
typedef struct {
    /// The kind.
    rtvi_disconnect_reason_kind kind;
    /// The close code, if the transport has one. Of `RTVI_DISCONNECT_REASON_BOT_LEFT` only. Null where it is absent.
    const uint16_t *code;
    /// The server's reason; may be empty. Of `RTVI_DISCONNECT_REASON_BOT_LEFT` only. Its data are null where it is absent.
    rtvi_str reason;
    /// The error. Of `RTVI_DISCONNECT_REASON_FAILED` only. Null where it is absent.
    const rtvi_error *error;
} rtvi_disconnect_reason;

/// The start endpoint answered. Holds the complete answer.
typedef struct {
    /// The answer.
    const rtvi_json *answer;
} rtvi_bot_started_event;

/// The connection was lost and is being restored.
typedef struct {
    /// The number of the next attempt; the first is 1.
    uint32_t attempt;
    /// The maximum number of attempts.
    uint32_t max_attempts;
    /// Why the connection was lost.
    const rtvi_error *reason;
} rtvi_reconnecting_event;

/// An error occurred that no call can return. Fatal errors end the session.
typedef struct {
    /// The error.
    const rtvi_error *error;
    /// Whether the error ends the session.
    bool fatal;
} rtvi_error_event;

/// The server answered a message with an error.
typedef struct {
    /// The id of the message that caused the error, if the server named one. Its data are null where it is absent.
    rtvi_str id;
    /// The server's text.
    rtvi_str error;
} rtvi_message_error_event;

/// The client could not read a message from the server and dropped it.
typedef struct {
    /// The message's type, if it could be read. Its data are null where it is absent.
    rtvi_str wire_type;
    /// The problem with the message.
    rtvi_str reason;
} rtvi_protocol_error_event;

/// An option requests something that is not supported here.
typedef struct {
    /// The feature.
    rtvi_str feature;
} rtvi_unsupported_feature_event;

/// The screen can't be shared, or no longer can. It is off from now on.
typedef struct {
    /// The error.
    const rtvi_error *error;
} rtvi_screen_share_error_event;

/// The available microphones: reported once, then whenever a microphone is added or
/// removed. Not reported for app-provided audio. This and the other device events also
/// arrive outside sessions.
typedef struct {
    /// The mics.
    const rtvi_media_device *const *mics;
    /// How many.
    size_t mics_count;
} rtvi_available_mics_updated_event;

/// The available speakers, reported as for microphones.
typedef struct {
    /// The speakers.
    const rtvi_media_device *const *speakers;
    /// How many.
    size_t speakers_count;
} rtvi_available_speakers_updated_event;

/// The available cameras, reported as for microphones.
typedef struct {
    /// The cams.
    const rtvi_media_device *const *cams;
    /// How many.
    size_t cams_count;
} rtvi_available_cams_updated_event;

/// A microphone, speaker or camera failed or was disconnected. If another device replaces it,
/// an event about the new device follows.
typedef struct {
    /// The error.
    const rtvi_error *error;
} rtvi_device_error_event;

/// The audio that was dropped for one reason since the last report.
typedef struct {
    /// Why it was dropped.
    rtvi_audio_drop_reason reason;
    /// How much was dropped; zero when that is unknown, as for packets of an unknown codec. In milliseconds.
    double time_ms;
    /// How many frames or packets were dropped.
    uint64_t count;
    /// Details for people, such as the number of the unknown stream; absent if the reason is
    /// enough. Never contains speech. Its data are null where it is absent.
    rtvi_str detail;
} rtvi_audio_dropped;

/// The loudness of the microphone after its processing, 0 to 1, about ten times a
/// second unless an option sets another period. Skipped while the app is slow.
typedef struct {
    /// The level.
    float level;
} rtvi_local_audio_level_event;

/// The loudness of the bot's audio as played, 0 to 1, about ten times a second. Skipped
/// while the app is slow.
typedef struct {
    /// The level.
    float level;
} rtvi_remote_audio_level_event;

/// The statistics of one stream of video, sent or received.
typedef struct {
    /// Frames that were sent, or that arrived completely.
    uint64_t frames;
    /// Frames that were dropped: not sent because they were too large or too many, or not shown
    /// because they were incomplete or needed a frame that was.
    uint64_t frames_dropped;
    /// Key frames among `frames`.
    uint64_t key_frames;
    /// Width of the last frame in pixels; 0 before it.
    uint32_t width;
    /// Height of the last frame in pixels; 0 before it.
    uint32_t height;
    /// Frames in the last second.
    uint32_t frame_rate;
    /// Bits in the last second, without headers.
    uint64_t bitrate;
    /// The bitrate that this stream may have now, in bits per second.
    uint64_t target_bitrate;
    /// Packets that were sent, or that arrived.
    uint64_t packets;
    /// Packets that were repeated because the receiver asked for them.
    uint64_t packets_repeated;
    /// Packets that the receiver asked to repeat.
    uint64_t nacks;
    /// Key frames that the receiver asked for.
    uint64_t key_frame_requests;
    /// Pauses of the shown picture that a person notices; received video only.
    uint64_t freezes;
    /// The total time of these pauses. In milliseconds.
    double freeze_time_ms;
} rtvi_video_stream_stats;

/// The statistics of a connection's video, one part for each stream. All counts are for this
/// connection, since its start.
typedef struct {
    /// The camera's stream.
    const rtvi_video_stream_stats *camera;
    /// The screen's stream.
    const rtvi_video_stream_stats *screen;
    /// The bot's stream.
    const rtvi_video_stream_stats *bot;
} rtvi_video_stats;

/// The quality of a connection. All counts are for this connection, since its start.
typedef struct {
    /// The round-trip time of a packet; absent until it is measured. Null where it is absent.
    const double *round_trip_ms;
    /// The jitter of the bot's packets (RFC 3550 §6.4.1). In milliseconds.
    double jitter_ms;
    /// Packets of the bot's audio that arrived.
    uint64_t packets_received;
    /// Packets of the bot's audio that did not arrive or arrived too late.
    uint64_t packets_lost;
    /// Packets of the bot's audio that arrived too late.
    uint64_t packets_late;
    /// Packets of the bot's audio that were lost, but arrived in time after the server was asked to
    /// repeat them.
    uint64_t packets_repeated;
    /// Frames of 20 ms that were recovered or concealed in place of lost packets.
    uint64_t frames_concealed;
    /// Packets of the bot's audio that could not be decoded.
    uint64_t packets_unreadable;
    /// Packets of the bot's audio that arrived but are not played: they belong to a stream that the
    /// server has not announced, or to a second stream at the same time, or there is no room for
    /// them. The event `audioDropped` also reports each of them.
    uint64_t packets_dropped;
    /// Packets of video, which are not played.
    uint64_t video_packets_dropped;
    /// Packets of the user's audio that were sent.
    uint64_t packets_sent;
    /// The bitrate of the bot's audio in the last second, in bits per second without headers.
    uint64_t receive_bitrate;
    /// The bitrate of the user's audio in the last second, in bits per second without headers.
    uint64_t send_bitrate;
    /// The amount of the bot's audio in the jitter buffer. In milliseconds.
    double buffer_depth_ms;
    /// The target delay of the jitter buffer. In milliseconds.
    double buffer_target_ms;
    /// The client's end of the connection, as kind and address: `host 192.0.2.1:5000`. With ICE
    /// over TCP, ` tcp` follows. Its data are null where it is absent.
    rtvi_str local_candidate;
    /// The server's end of the connection. Its data are null where it is absent.
    rtvi_str remote_candidate;
    /// The video; absent if the connection carries none. Null where it is absent.
    const rtvi_video_stats *video;
} rtvi_transport_stats;

/// The bot's answer to a client-message.
typedef struct {
    /// The type of the client-message.
    rtvi_str t;
    /// The answer. An explicit null is the same as no answer. Null where it is absent.
    const rtvi_json *d;
} rtvi_server_response_data;

/// How much of a segment has been spoken.
typedef struct {
    /// The text up to and including the word being spoken.
    rtvi_str accumulated_text;
    /// The text that has not been spoken yet.
    rtvi_str remaining_text;
} rtvi_spoken_progress;

/// A piece of what the bot says or writes.
///
/// From protocol 2 on, the messages of one segment share a segment id and report its progress. A
/// 1.x server sends each piece twice: once when it is written and once when it is spoken. The field
/// `spoken` distinguishes the two. On output, the type is written under all three names that
/// protocol 2 servers use: `output_type`, `text_type` and `aggregated_by`.
typedef struct {
    /// The text of the piece.
    rtvi_str text;
    /// Its form; a sentence if the server does not report it.
    rtvi_str output_type;
    /// The segment that it belongs to. Null where it is absent.
    const uint64_t *segment_id;
    /// Whether it has been spoken. 1.x servers send it; protocol 2 servers send it with a segment's
    /// first message. Null where it is absent.
    const bool *spoken;
    /// Whether it will be spoken. Null where it is absent.
    const bool *will_be_spoken;
    /// How far the segment has been spoken. Its data are null where it is absent.
    rtvi_str spoken_status;
    /// What has been spoken and what has not. Null where it is absent.
    const rtvi_spoken_progress *spoken_progress;
} rtvi_bot_output_data;

/// A text, and no other field.
typedef struct {
    /// The text.
    rtvi_str text;
} rtvi_text_data;

/// Synthesized speech.
typedef struct {
    /// 16-bit little-endian PCM, channels interleaved; base64 on the wire.
    const uint8_t *audio;
    /// How many.
    size_t audio_count;
    /// Samples per second and channel.
    uint32_t sample_rate;
    /// Number of channels.
    uint32_t num_channels;
} rtvi_bot_tts_audio_data;

/// What the user said, as transcribed so far.
typedef struct {
    /// The text.
    rtvi_str text;
    /// The speaker; empty if the transport does not know. Its data are null where it is absent.
    rtvi_str user_id;
    /// The time by the server's clock, as ISO 8601. Its data are null where it is absent.
    rtvi_str timestamp;
    /// False for an interim transcription; `final` on the wire. A transcription without this field
    /// is final.
    bool is_final;
} rtvi_transcript_data;

/// What the user said or typed.
typedef struct {
    /// The text.
    rtvi_str text;
    /// How the input reached the bot.
    rtvi_str input_type;
    /// The time by the server's clock, as ISO 8601. Its data are null where it is absent.
    rtvi_str timestamp;
    /// False for an interim transcription; `final` on the wire. Input without this field is final.
    bool is_final;
    /// The user who spoke or typed, if the transport knows. Its data are null where it is absent.
    rtvi_str user_id;
    /// For typed input, the id of the client's send-text message. Its data are null where it is absent.
    rtvi_str msg_id;
} rtvi_user_input_data;

/// A marker that the LLM added to its text. The bot does not speak it.
typedef struct {
    /// The marker; empty if the answer has none.
    rtvi_str text;
    /// Its meaning, as described by the bot's author. Its data are null where it is absent.
    rtvi_str kind;
    /// The LLM's complete answer with its markers.
    rtvi_str raw;
    /// All markers that the bot knows.
    const rtvi_str *markers;
    /// How many.
    size_t markers_count;
} rtvi_bot_llm_marker_data;

/// A part of an answer, with how well its site supports it.
typedef struct {
    /// The text of the part.
    rtvi_str text;
    /// Confidences from 0 to 1; 0 where the server has no number, such as `NaN`.
    const double *confidence;
    /// How many.
    size_t confidence_count;
} rtvi_search_result;

/// A site that a search result comes from.
typedef struct {
    /// Its URL. Its data are null where it is absent.
    rtvi_str site_uri;
    /// Its title. Its data are null where it is absent.
    rtvi_str site_title;
    /// The parts of the answer that it supports.
    const rtvi_search_result *const *results;
    /// How many.
    size_t results_count;
} rtvi_search_origin;

/// The results of a web search by the LLM.
typedef struct {
    /// The answer. Its data are null where it is absent.
    rtvi_str search_result;
    /// HTML to show with the answer, as the search service requires. Its data are null where it is absent.
    rtvi_str rendered_content;
    /// The sites that the answer is based on.
    const rtvi_search_origin *const *origins;
    /// How many.
    size_t origins_count;
} rtvi_bot_llm_search_response_data;

/// A call of a client's function, in the deprecated form.
typedef struct {
    /// The function's name.
    rtvi_str function_name;
    /// The call's id; the result must carry it. Empty if the LLM assigned no id. Not unique,
    /// because LLMs number the calls of each round.
    rtvi_str tool_call_id;
    /// The arguments; this message calls them `args` on the wire.
    const rtvi_json *arguments;
} rtvi_function_call_data;

/// A call that is about to happen.
typedef struct {
    /// The function's name, if the server's report level includes it. Its data are null where it is absent.
    rtvi_str function_name;
} rtvi_function_call_started_data;

/// A call that is running.
typedef struct {
    /// The call's id.
    rtvi_str tool_call_id;
    /// The function's name, if the server's report level includes it. Its data are null where it is absent.
    rtvi_str function_name;
    /// The arguments, if the server's report level includes them. Null where it is absent.
    const rtvi_json *arguments;
} rtvi_function_call_in_progress_data;

/// A call that ended.
typedef struct {
    /// The call's id.
    rtvi_str tool_call_id;
    /// Whether it was cancelled rather than completed.
    bool cancelled;
    /// The function's name, if the server's report level includes it. Its data are null where it is absent.
    rtvi_str function_name;
    /// The result, if the server's report level includes it. Servers omit empty, false and zero
    /// results. Null where it is absent.
    const rtvi_json *result;
} rtvi_function_call_stopped_data;

/// One measurement.
typedef struct {
    /// The part of the bot that was measured, if the server names it. Its data are null where it is absent.
    rtvi_str processor;
    /// The model that it uses, if any. Its data are null where it is absent.
    rtvi_str model;
    /// The measured value in seconds or characters, if it is one number. Null where it is absent.
    const double *value;
    /// All fields as the server sent them, including those above.
    const rtvi_json *fields;
} rtvi_metric_entry;

/// Measurements, by kind. Times are in seconds.
typedef struct {
    /// Time to first byte: `value`.
    const rtvi_metric_entry *const *ttfb;
    /// How many.
    size_t ttfb_count;
    /// Processing time: `value`.
    const rtvi_metric_entry *const *processing;
    /// How many.
    size_t processing_count;
    /// Characters spoken: `value`.
    const rtvi_metric_entry *const *characters;
    /// How many.
    size_t characters_count;
    /// Time to first audible audio: `ttfa` = `ttfb` + `leading_silence`.
    const rtvi_metric_entry *const *ttfa;
    /// How many.
    size_t ttfa_count;
    /// Time to the first token of the answer: `ttfat` = `ttfb` + `thinking_time`.
    const rtvi_metric_entry *const *ttfat;
    /// How many.
    size_t ttfat_count;
    /// Tokens of the LLM: `prompt_tokens`, `completion_tokens`, `total_tokens` and more; without
    /// `processor`.
    const rtvi_metric_entry *const *tokens;
    /// How many.
    size_t tokens_count;
    /// Audio transcribed since the last report: `value` is `{audio_seconds}`.
    const rtvi_metric_entry *const *stt_usage;
    /// How many.
    size_t stt_usage_count;
    /// Kinds that this version does not know, unchanged.
    const rtvi_json *other;
} rtvi_metrics_data;

/// Loudness.
typedef struct {
    /// From 0 (silence) to 1; 0 where the server has no number, such as `NaN`.
    double value;
} rtvi_audio_level_data;

/// A command for the user interface.
typedef struct {
    /// The command: a built-in name such as `toast` or `scroll_to`, or one that the app defines.
    rtvi_str command;
    /// Its arguments. Null where it is absent.
    const rtvi_json *payload;
} rtvi_ui_command_data;

/// A step of a group of jobs. `kind` identifies the step, and so which fields are set.
typedef struct {
    /// The kind of step.
    rtvi_str kind;
    /// The group's id.
    rtvi_str job_id;
    /// The time of the step by the server's clock, in milliseconds since 1970; 0 if the server does
    /// not report it.
    int64_t at;
    /// Group started: the names of the workers.
    const rtvi_str *workers;
    /// How many.
    size_t workers_count;
    /// Group started: a display name. Its data are null where it is absent.
    rtvi_str label;
    /// Group started: whether the user may cancel it; true if absent. Null where it is absent.
    const bool *cancellable;
    /// Job update and job completed: the name of the worker. Its data are null where it is absent.
    rtvi_str worker_name;
    /// Job update: what the worker reports. Null where it is absent.
    const rtvi_json *data;
    /// Job completed: how the job ended. Its data are null where it is absent.
    rtvi_str status;
    /// Job completed: the job's result. Null where it is absent.
    const rtvi_json *response;
} rtvi_ui_job_group_data;

/// A message defined by the app: any JSON, or nothing.
typedef struct {
    /// The message. Null where it is absent.
    const rtvi_json *data;
} rtvi_server_message_event;

/// A message whose type this version does not know, unchanged.
typedef struct {
    /// Its type.
    rtvi_str wire_type;
    /// Its data, if any. Null where it is absent.
    const rtvi_json *data;
} rtvi_unknown_message_event;

/// The functions of an app that shows the bot's video. Set `size`, and set absent functions to
/// null. Threads of the SDK call them, one at a time. They must not call functions that wait.
typedef struct {
    /// `sizeof(rtvi_video_display_functions)`.
    size_t size;
    /// Takes a picture or an encoded frame to show now. It is valid during the call;
    /// `rtvi_video_picture_share` keeps it. May wait for less than the time of a frame. Required.
    void (*write)(void *user_data, const rtvi_video_picture *picture);
    /// Returns whether encoded frames can't be shown without a key frame. Called after each frame.
    /// May be null.
    bool (*needs_key_frame)(void *user_data);
    /// The bot's video has ended. Another one may follow. May be null.
    void (*stop)(void *user_data);
    /// Returns what has gone wrong since the last call: null, or an error (`rtvi_error_new`).
    /// Called after each frame. An error becomes the event `deviceError`, and the display takes no
    /// more video. May be null.
    rtvi_error *(*failure)(void *user_data);
} rtvi_video_display_functions;

/// The size and rate of a stream of pictures.
typedef struct {
    /// Width in pixels.
    uint32_t width;
    /// Height in pixels.
    uint32_t height;
    /// Pictures per second.
    uint32_t frame_rate;
} rtvi_video_format;

/// What a source of encoded frames must deliver from now on. It may grow at its end.
typedef struct {
    /// The largest size, and the rate. A picture keeps its proportions.
    rtvi_video_format format;
    /// Bits per second.
    uint32_t bitrate;
    /// The largest size of one frame in bytes, also of a key frame. A larger frame is dropped.
    size_t max_frame_size;
} rtvi_video_target;

/// The functions of an app that feeds a camera or a screen. Set `size`, and set absent functions to
/// null. Threads of the SDK call them, one at a time. They must not call functions that wait.
typedef struct {
    /// `sizeof(rtvi_video_feed_functions)`.
    size_t size;
    /// The client takes frames from now on, as close to `wanted` as possible. Called again after
    /// `stop`. May wait while a device opens. Returns null, or an error if there are no frames
    /// (`rtvi_error_new`), which becomes the event `deviceError`, for a screen `screenShareError`.
    rtvi_error *(*start)(void *user_data, const rtvi_video_format *wanted);
    /// What to deliver from now on. An app that encodes follows it; one with pictures may lower its
    /// rate. Must not wait.
    void (*set_target)(void *user_data, const rtvi_video_target *target);
    /// The next encoded frame must be a key frame. Not called for pictures. Must not wait.
    void (*request_key_frame)(void *user_data);
    /// The client takes no more frames.
    void (*stop)(void *user_data);
} rtvi_video_feed_functions;

/// A picture. Set `size`, and set planes that the format does not have to zero.
typedef struct {
    /// `sizeof(rtvi_video_frame)`.
    size_t size;
    /// Width of the pixels as stored, before the rotation: 1 to 8192.
    uint32_t width;
    /// Height of the pixels as stored, before the rotation: 1 to 8192.
    uint32_t height;
    /// An `rtvi_pixel_format`.
    int32_t format;
    /// By how many degrees the picture must be turned clockwise for display: 0, 90, 180 or 270.
    int32_t rotation;
    /// When it was captured, in microseconds from an origin of the source's choice.
    uint64_t timestamp_us;
    /// The planes, top row first. The last row of a plane may end after its last pixel.
    const uint8_t *data[3];
    /// The distance from one row of a plane to the next, in bytes.
    size_t stride[3];
} rtvi_video_frame;

/// A compressed picture. Set `size`.
typedef struct {
    /// `sizeof(rtvi_encoded_frame)`.
    size_t size;
    /// An `rtvi_video_codec`.
    int32_t codec;
    /// Width in pixels: 1 to 8192.
    uint32_t width;
    /// Height in pixels: 1 to 8192.
    uint32_t height;
    /// Whether it can be decoded without an earlier frame.
    bool is_key;
    /// When it was captured, in microseconds from an origin of the source's choice.
    uint64_t timestamp_us;
    /// The compressed picture. VP8: one frame. H.264: one access unit in Annex B form, of which a
    /// key frame begins with its parameter sets.
    const uint8_t *data;
    /// The number of bytes at `data`: 1 to 1048576.
    size_t length;
} rtvi_encoded_frame;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/// Creates an object that cancels calls. Free it with `rtvi_cancel_free`.
RTVI_API rtvi_cancel *rtvi_cancel_new(void);

/// Cancels all calls that were begun with `cancel`, and all that begin with it later. They end as
/// `RTVI_ERROR_CANCELLED` unless they have already ended. The client undoes what starting or
/// connecting has begun. Call it on any thread.
RTVI_API rtvi_error *rtvi_cancel_now(rtvi_cancel *cancel);

/// Frees the object without cancelling anything. Null is ignored.
RTVI_API void rtvi_cancel_free(rtvi_cancel *cancel);

/// Creates a client and stores it in `*client`. It opens nothing and does not wait. Free the client
/// with `rtvi_client_free`.
///
/// With `on_event`, a thread of the client calls the app: for events, for ends of calls, and for
/// functions that the bot calls. Without it, the app receives all of these through
/// `rtvi_client_next_event`. The client takes over the microphone, the speaker, the video and the
/// transport in the options, even if this function fails.
RTVI_API rtvi_error *rtvi_client_new(const rtvi_client_options *options, rtvi_client **client);

/// Frees a client. It ends the session at once, cancels the client's calls, and waits until their
/// callbacks have returned. No callback follows. No events arrive while it waits. It also waits for
/// the microphone, the speaker and the video: none of their functions is called later, and files
/// are complete. For a graceful end, disconnect first.
///
/// Callbacks of the client may call this function. It then does not wait for callbacks, and those
/// of calls that are under way follow later. Functions of audio and video sources and sinks must not
/// call it. Null is ignored, and so is a handle that was already freed.
RTVI_API void rtvi_client_free(rtvi_client *client);

/// Takes the next event of a client that was created without `on_event`, and stores it in `*event`.
/// Stores null if no event arrives within `timeout_ms`. 0 does not wait; -1 waits without a limit.
/// Free the event with `rtvi_event_free`.
///
/// This function also runs the callbacks of ended calls and of functions that the bot calls. They
/// run on the calling thread, before the events that arrived after them. They do not end the wait:
/// the function keeps waiting for an event.
///
/// Fails as `RTVI_ERROR_INVALID_STATE` for a client with `on_event`. Fails as
/// `RTVI_ERROR_CONSUMER_STALLED` when the app did not take events for too long and some were lost;
/// no more events follow.
RTVI_API rtvi_error *rtvi_client_next_event(rtvi_client *client, int64_t timeout_ms, rtvi_event **event);

/// Stores a file descriptor in `*descriptor` that `poll` or `select` reports as readable while the
/// app should call `rtvi_client_next_event`. Call that function with a timeout of 0 until it
/// returns no event. Never read from the descriptor or close it. It is valid until the client is
/// freed. Not available on Windows, which has `rtvi_client_event_handle`.
RTVI_API rtvi_error *rtvi_client_event_fd(rtvi_client *client, int32_t *descriptor);

/// Stores an event handle (`HANDLE`) in `*handle` for `WaitForSingleObject` and similar functions.
/// Use it like the descriptor of `rtvi_client_event_fd`. Never set, reset or close it. Available on
/// Windows only.
RTVI_API rtvi_error *rtvi_client_event_handle(rtvi_client *client, void **handle);

/// Returns the start request that the connect parameters answer, as a JSON object of `endpoint`,
/// `headers` (a list of `name` and `value`), `requestData` and `timeoutMs`. Returns null if there
/// was none, or if the connection is over. The request contains the app's keys. Free it with
/// `rtvi_string_free`.
RTVI_API rtvi_string *rtvi_connection_start_request(rtvi_connection *connection);

/// Returns whether the microphone was on when the connection began to open. The function
/// `mic_enabled` reports later changes. Returns false once the connection is over.
RTVI_API bool rtvi_connection_is_mic_enabled(rtvi_connection *connection);

/// Reports that the connection is open for messages and audio. Call it once. `bot_id` and
/// `bot_name` identify the other end.
RTVI_API rtvi_error *rtvi_connection_opened(rtvi_connection *connection, rtvi_str bot_id, rtvi_str bot_name);

/// Reports a message of the server: JSON text, unchanged. If the bytes are not UTF-8, the app
/// receives a `protocolError`, because the fault is the server's. Waits while the app does not take
/// its events.
RTVI_API rtvi_error *rtvi_connection_message(rtvi_connection *connection, rtvi_str message);

/// Reports audio of the bot: `count` interleaved samples.
RTVI_API
rtvi_error *rtvi_connection_audio(rtvi_connection *connection,
                                  rtvi_audio_format format,
                                  const int16_t *samples,
                                  size_t count);

/// Reports that the server interrupted the bot. The client drops the bot's audio that it has not
/// played yet.
RTVI_API rtvi_error *rtvi_connection_interrupted(rtvi_connection *connection);

/// Reports that the bot left a room that stays open.
RTVI_API rtvi_error *rtvi_connection_bot_left(rtvi_connection *connection);

/// Reports that a bot joined a room that the bot had left. The client stays ready; the bot is
/// greeted and reports that it is ready.
RTVI_API
rtvi_error *rtvi_connection_bot_joined(rtvi_connection *connection,
                                       rtvi_str bot_id,
                                       rtvi_str bot_name);

/// Reports that somebody other than the client and the bot is in the room. The client remembers 256
/// participants and ignores any others.
RTVI_API
rtvi_error *rtvi_connection_participant_connected(rtvi_connection *connection,
                                                  rtvi_str id,
                                                  rtvi_str name);

/// Reports that somebody other than the client and the bot left the room. Those who are there when
/// the connection ends need no report.
RTVI_API rtvi_error *rtvi_connection_participant_left(rtvi_connection *connection, rtvi_str id);

/// Reports that the server muted the user's audio, or ended that. While it is muted, send none. It
/// also ends when the function `mic_enabled` is called with true, or with the connection.
RTVI_API rtvi_error *rtvi_connection_mic_muted(rtvi_connection *connection, bool muted);

/// Reports that something arrived that can't be read and was dropped. The app receives a
/// `protocolError`. `what` names the item and the reason.
RTVI_API rtvi_error *rtvi_connection_unreadable(rtvi_connection *connection, rtvi_str what);

/// Reports dropped audio that somebody would have heard. The app receives an `audioDropped` at most
/// once a second for each `reason`, which is a `rtvi_audio_drop_reason`. `dropped_ms` is the
/// duration of the audio; 0 means unknown. `count` is the number of frames or packets. `detail`
/// describes the audio for people and may be empty. You may call this function for each packet; ten
/// times a second is enough.
RTVI_API
rtvi_error *rtvi_connection_audio_dropped(rtvi_connection *connection,
                                          int32_t reason,
                                          double dropped_ms,
                                          uint64_t count,
                                          rtvi_str detail);

/// Reports that the connection has ended. `reason` is a `rtvi_close_reason`. `code` is the close
/// code, or 0. `message` is any further information.
RTVI_API
rtvi_error *rtvi_connection_closed(rtvi_connection *connection,
                                   int32_t reason,
                                   uint16_t code,
                                   rtvi_str message);

/// Reports that the connection has failed. `reason` is `RTVI_CLOSE_OPEN_FAILED` or
/// `RTVI_CLOSE_LOST`. `error` says why; the function takes and frees it. An error of the kind
/// `RTVI_ERROR_INTERNAL` takes the kind of the reason.
RTVI_API rtvi_error *rtvi_connection_failed(rtvi_connection *connection, int32_t reason, rtvi_error *error);

/// Creates an empty conversation. It keeps `max_turns` turns and drops the oldest when another one
/// begins. It keeps `max_turn_text` bytes of text in each turn. 0 means the default: 1000 turns and
/// 64 KiB. Free it with `rtvi_conversation_free`.
RTVI_API
rtvi_error *rtvi_conversation_new(uint32_t max_turns,
                                  uint32_t max_turn_text,
                                  rtvi_conversation **conversation);

/// Applies the next event of a client. Sets `*change` to the change that it caused, or to null if
/// it changed no turn. The struct is valid until the next event is applied or the conversation is
/// freed.
///
/// You may pass every event, in order. Events that concern no turn cost next to nothing.
RTVI_API
rtvi_error *rtvi_conversation_apply(rtvi_conversation *conversation,
                                    const rtvi_event *event,
                                    const rtvi_conversation_change **change);

/// Returns the number of turns; 0 for null or a freed conversation.
RTVI_API size_t rtvi_conversation_turn_count(const rtvi_conversation *conversation);

/// Returns a turn, counted from 0, the oldest first; null if there is none. The turn is valid until
/// an event changes the conversation, or the conversation is cleared or freed. Use it on the thread
/// that does these things.
RTVI_API const rtvi_turn *rtvi_conversation_turn(const rtvi_conversation *conversation, size_t index);

/// Removes all turns. If the session continues, its next turn is the first.
RTVI_API rtvi_error *rtvi_conversation_clear(rtvi_conversation *conversation);

/// Frees a conversation. Null is ignored.
RTVI_API void rtvi_conversation_free(rtvi_conversation *conversation);

/// Creates a transport from functions. `drop_user_data` is called when the client no longer needs
/// it, or if this function fails.
RTVI_API
rtvi_error *rtvi_transport_custom(const rtvi_transport_functions *functions,
                                  void *user_data,
                                  rtvi_drop_fn drop_user_data,
                                  rtvi_transport **transport);

/// Frees a transport that was not passed to a client. Null is ignored, and so is a transport that a
/// client has taken over.
RTVI_API void rtvi_transport_free(rtvi_transport *transport);

/// Returns the current state; disconnected if `client` is null or freed.
RTVI_API rtvi_state rtvi_client_get_state(const rtvi_client *client);

/// Returns the trace of the current session, or of the last one, for a bug report: what happened
/// and when, as JSON Lines that `rtvi trace` shows. The trace contains no token, header, URL or
/// address, and nothing that anyone said or sent. Allowed in every state. Takes up to a few
/// milliseconds. Returns null if `client` is null or freed. Free the trace with `rtvi_string_free`.
RTVI_API rtvi_string *rtvi_client_get_session_trace(const rtvi_client *client);

/// Turns the microphone on or off, in any state. Turning it off mutes it at once, and closes it
/// after the time set in the voice options.
RTVI_API rtvi_error *rtvi_client_enable_mic(rtvi_client *client, bool enable, const rtvi_call *call);

/// Switches to the microphone with this `deviceId`.
RTVI_API rtvi_error *rtvi_client_update_mic(rtvi_client *client, rtvi_str device_id);

/// Switches to the speaker with this `deviceId`.
RTVI_API rtvi_error *rtvi_client_update_speaker(rtvi_client *client, rtvi_str device_id);

/// Switches to the camera with this `deviceId`. Fails unless the client has a camera of the machine.
RTVI_API rtvi_error *rtvi_client_update_cam(rtvi_client *client, rtvi_str device_id);

/// Turns the camera on or off, in any state. The client opens the camera when it turns on and
/// releases it when it turns off. Turning it on fails if the client has none, or if the bot sees no
/// video.
RTVI_API rtvi_error *rtvi_client_enable_cam(rtvi_client *client, bool enable);

/// Starts or stops sharing the screen. Starting fails if the client has no screen, or if the bot sees
/// no screens.
RTVI_API rtvi_error *rtvi_client_enable_screen_share(rtvi_client *client, bool enable);

/// Creates an error, for functions of the app that return one. An unknown `kind` counts as
/// internal. A `message` that is not UTF-8 is omitted.
RTVI_API rtvi_error *rtvi_error_new(int32_t kind, rtvi_str message);

/// Creates a device error with its reason, for microphones and speakers of the app. An unknown
/// `kind` counts as `RTVI_DEVICE_ERROR_UNKNOWN`. Otherwise like `rtvi_error_new`.
RTVI_API rtvi_error *rtvi_error_new_device(int32_t kind, rtvi_str message);

/// Sets the phase, a `rtvi_phase`, of an error of the app. Ignores an unknown phase. Does nothing
/// for null.
RTVI_API void rtvi_error_set_phase(rtvi_error *error, int32_t phase);

/// Sets the HTTP status or WebSocket close code of an error of the app. Does nothing for null.
RTVI_API void rtvi_error_set_status(rtvi_error *error, uint16_t status);

/// Sets the server's own code of an error of the app. Ignores a code that is empty, longer than 64
/// characters, not UTF-8 or has control characters. Does nothing for null.
RTVI_API void rtvi_error_set_code(rtvi_error *error, rtvi_str code);

/// Sets how long to wait before the next request to the server, in milliseconds, a day at most.
/// Ignores a negative time. Does nothing for null.
RTVI_API void rtvi_error_set_retry_after_ms(rtvi_error *error, int64_t retry_after_ms);

/// Returns the kind of an error; `RTVI_ERROR_NONE` for null.
RTVI_API rtvi_error_kind rtvi_error_get_kind(const rtvi_error *error);

/// Returns why a microphone or speaker can't be used; `RTVI_DEVICE_ERROR_NONE` if the error is not
/// of the kind `RTVI_ERROR_DEVICE`.
RTVI_API rtvi_device_error_kind rtvi_error_get_device_kind(const rtvi_error *error);

/// Returns the phase of the session in which the error occurred.
RTVI_API rtvi_phase rtvi_error_get_phase(const rtvi_error *error);

/// Returns the HTTP status or WebSocket close code of the error; 0 if there is none.
RTVI_API uint16_t rtvi_error_get_status(const rtvi_error *error);

/// Returns the server's own code for the error, such as `PCC-1004` or `PCC-AGENT-AT-CAPACITY` of
/// Pipecat Cloud; empty if the server sent none. A zero byte follows it. Valid until the error is
/// freed.
RTVI_API rtvi_str rtvi_error_get_code(const rtvi_error *error);

/// Returns how long the server asks clients to wait before the next request, in milliseconds, a day
/// at most; -1 if it did not say.
RTVI_API int64_t rtvi_error_get_retry_after_ms(const rtvi_error *error);

/// Returns the message for people. A zero byte follows it. Valid until the error is freed. The text
/// is not stable: never parse it.
RTVI_API rtvi_str rtvi_error_get_message(const rtvi_error *error);

/// Frees an error. Null is ignored.
RTVI_API void rtvi_error_free(rtvi_error *error);

/// Returns the kind of an event; `RTVI_EVENT_OTHER` for null.
RTVI_API rtvi_event_kind rtvi_event_get_kind(const rtvi_event *event);

/// Returns the event's name, such as `botReady`. Always valid.
RTVI_API rtvi_str rtvi_event_name(const rtvi_event *event);

/// Returns the event's data; null if it has none. Valid as long as the event.
RTVI_API const rtvi_json *rtvi_event_data(const rtvi_event *event);

/// Returns the event's data as JSON text; empty if it has none. Valid as long as the event.
RTVI_API rtvi_str rtvi_event_json(const rtvi_event *event);

/// Copies an event, to keep it beyond a callback; null for null. Free the copy with
/// `rtvi_event_free`.
RTVI_API rtvi_event *rtvi_event_clone(const rtvi_event *event);

/// Creates the event that a server message causes, for tests and recordings. `message` is its JSON
/// text. The client's own events have no message. Free the event with `rtvi_event_free`.
RTVI_API rtvi_error *rtvi_event_from_message(rtvi_str message, rtvi_event **event);

/// Frees an event that `rtvi_client_next_event` or `rtvi_event_clone` returned. Null is ignored.
RTVI_API void rtvi_event_free(rtvi_event *event);

/// Returns the name of a state, such as `ready`. Always valid. Empty for an unknown state.
RTVI_API rtvi_str rtvi_state_name(int32_t state);

/// Returns whether the loaded library contains a part; `feature` is a `rtvi_feature`. False for a
/// number that this version does not know. Using a part that is missing fails as
/// `RTVI_ERROR_UNSUPPORTED_FEATURE`.
RTVI_API bool rtvi_has_feature(int32_t feature);

/// Lets the bot call a function of the app. A second function of the same name replaces the first.
/// `drop_user_data` is called, on any thread, when the function is removed or replaced, or could
/// not be registered.
RTVI_API
rtvi_error *rtvi_client_register_function(rtvi_client *client,
                                          rtvi_str name,
                                          rtvi_function_fn function,
                                          void *user_data,
                                          rtvi_drop_fn drop_user_data);

/// Removes a function, or all functions if the name is empty. Calls that are under way continue.
RTVI_API rtvi_error *rtvi_client_unregister_function(rtvi_client *client, rtvi_str name);

/// Answers a call with its result, which is JSON. An empty result means null. Fails if the call was
/// already answered, passed its deadline, or was cancelled by the bot.
RTVI_API rtvi_error *rtvi_function_call_resolve(rtvi_function_call *call, rtvi_str result);

/// Answers a call with an error. Otherwise like `rtvi_function_call_resolve`.
RTVI_API rtvi_error *rtvi_function_call_reject(rtvi_function_call *call, rtvi_str message);

/// Returns what a client knows now about its bot, its devices and its audio. Returns null if
/// `client` is null or freed. Free the info with `rtvi_info_free`.
RTVI_API rtvi_info *rtvi_client_get_info(const rtvi_client *client);

/// Returns the content of an info. It is valid until the info is freed. Null for null.
RTVI_API const rtvi_client_info *rtvi_info_read(const rtvi_info *info);

/// Frees an info. Null is ignored.
RTVI_API void rtvi_info_free(rtvi_info *info);

/// Parses a JSON text. Free the value with `rtvi_json_free`.
RTVI_API rtvi_error *rtvi_json_parse(rtvi_str text, rtvi_json **value);

/// Frees a value that `rtvi_json_parse` or `rtvi_json_new` created. Null is ignored.
RTVI_API void rtvi_json_free(rtvi_json *value);

/// Returns the type of a value; `RTVI_JSON_NONE` for null.
RTVI_API rtvi_json_type rtvi_json_get_type(const rtvi_json *value);

/// Returns the value at a JSON pointer (RFC 6901), such as `/file/name` or `/workers/0`. The empty
/// pointer means the value itself. Null if there is none.
RTVI_API const rtvi_json *rtvi_json_at(const rtvi_json *value, rtvi_str pointer);

/// Returns how many members an object has or how many elements an array has; 0 for everything else.
RTVI_API size_t rtvi_json_count(const rtvi_json *value);

/// Returns an element of an array, or the value of an object's member, counted from 0. Null if
/// there is none. Members are sorted by name.
RTVI_API const rtvi_json *rtvi_json_item(const rtvi_json *value, size_t index);

/// Returns the name of an object's member, counted from 0, as an owned string. Null if there is
/// none.
RTVI_API rtvi_string *rtvi_json_key(const rtvi_json *value, size_t index);

/// Stores the text, if the value is one, and returns whether it is. The text is valid as long as
/// the value.
RTVI_API bool rtvi_json_string(const rtvi_json *value, rtvi_str *text);

/// Stores the number, if the value is one, and returns whether it is.
RTVI_API bool rtvi_json_number(const rtvi_json *value, double *number);

/// Stores the number, if `int64_t` holds it exactly, and returns whether it does.
RTVI_API bool rtvi_json_integer(const rtvi_json *value, int64_t *integer);

/// Stores the truth value, if the value is one, and returns whether it is.
RTVI_API bool rtvi_json_bool(const rtvi_json *value, bool *truth);

/// Returns the value as JSON text, without spaces; null for null. Free it with `rtvi_string_free`.
RTVI_API rtvi_string *rtvi_json_text(const rtvi_json *value);

/// Creates an empty object, to fill with `rtvi_json_set_…`. Free it with `rtvi_json_free`.
///
/// Those functions put a value at a JSON pointer (RFC 6901), such as `/reconnect/maxAttempts` or
/// `/headers/0/name`. They replace the value that is there. They create the objects and lists on
/// the way that are missing or null. The part `-` or the list's length appends to a list. Where
/// there is nothing yet, `-` or `0` creates a list, and any other part an object. The empty pointer
/// replaces the whole value. A pointer has at most 32 parts, and a text at most 16 MiB. Do not use
/// values that you found inside the value before. If a function fails, the value is unchanged.
RTVI_API rtvi_json *rtvi_json_new(void);

/// Puts a text at the pointer.
RTVI_API rtvi_error *rtvi_json_set_string(rtvi_json *json, rtvi_str pointer, rtvi_str text);

/// Puts a whole number at the pointer.
RTVI_API rtvi_error *rtvi_json_set_integer(rtvi_json *json, rtvi_str pointer, int64_t integer);

/// Puts a number at the pointer. It must be finite.
RTVI_API rtvi_error *rtvi_json_set_number(rtvi_json *json, rtvi_str pointer, double number);

/// Puts true or false at the pointer.
RTVI_API rtvi_error *rtvi_json_set_bool(rtvi_json *json, rtvi_str pointer, bool truth);

/// Puts null at the pointer.
RTVI_API rtvi_error *rtvi_json_set_null(rtvi_json *json, rtvi_str pointer);

/// Puts the value of a JSON text at the pointer, such as `{}` or `[]`.
RTVI_API rtvi_error *rtvi_json_set_json(rtvi_json *json, rtvi_str pointer, rtvi_str text);

/// Sets how much is logged in this process (a `rtvi_log_level`) and the function that receives the
/// lines; null for none. This replaces the previous function: its `drop_user_data` is called,
/// possibly a moment later.
///
/// Fails if Rust code in the app has set another log receiver for the process.
RTVI_API
rtvi_error *rtvi_set_log(int32_t level,
                         rtvi_log_fn on_line,
                         void *user_data,
                         rtvi_drop_fn drop_user_data);

/// Sends an app-defined message. `data` is JSON and may be empty. The bot need not answer.
RTVI_API
rtvi_error *rtvi_client_send_client_message(rtvi_client *client,
                                            rtvi_str kind,
                                            rtvi_str data,
                                            const rtvi_call *call);

/// Sends an app-defined request and waits for the bot's answer up to `timeout_ms`; 0 means 10
/// seconds. `data` is JSON and may be empty. Result: the data of the answer, if it has any.
RTVI_API
rtvi_error *rtvi_client_send_client_request(rtvi_client *client,
                                            rtvi_str kind,
                                            rtvi_str data,
                                            uint32_t timeout_ms,
                                            const rtvi_call *call);

/// Sends text as if the user had spoken it. `options` is a JSON object and may be empty:
/// `run_immediately` (interrupt the bot and answer at once) and `audio_response` (speak the
/// answer). Both are true by default.
RTVI_API
rtvi_error *rtvi_client_send_text(rtvi_client *client,
                                  rtvi_str content,
                                  rtvi_str options,
                                  const rtvi_call *call);

/// Sends a file, inline or by its URL. `file` is the data of the message `send-file`: `content` (a
/// text that accompanies the file), `file` (`format`, `name`, `source`) and `options`. A source is
/// `{"type": "url", "url": …}` or `{"type": "bytes", "bytes": base64}`.
RTVI_API rtvi_error *rtvi_client_send_file(rtvi_client *client, rtvi_str file, const rtvi_call *call);

/// Sends telephone keys (DTMF): `0` to `9`, `*` and `#`, at least one.
RTVI_API rtvi_error *rtvi_client_send_dtmf(rtvi_client *client, rtvi_str keys, const rtvi_call *call);

/// Reports an event of the app's user interface; `payload` is JSON and may be empty.
RTVI_API
rtvi_error *rtvi_client_send_ui_event(rtvi_client *client,
                                      rtvi_str event,
                                      rtvi_str payload,
                                      const rtvi_call *call);

/// Sends a snapshot of the app's user interface: the data of the message `ui-snapshot`, which has
/// the member `tree`.
RTVI_API
rtvi_error *rtvi_client_send_ui_snapshot(rtvi_client *client,
                                         rtvi_str snapshot,
                                         const rtvi_call *call);

/// Asks the bot to cancel a group of jobs; `reason` may be empty.
RTVI_API
rtvi_error *rtvi_client_cancel_ui_job_group(rtvi_client *client,
                                            rtvi_str job_id,
                                            rtvi_str reason,
                                            const rtvi_call *call);

/// Adds a message to the bot's context: the data of the message `append-to-context`. Deprecated:
/// current servers refuse it. Send a text with `run_immediately` false instead.
RTVI_API
rtvi_error *rtvi_client_append_to_context(rtvi_client *client,
                                          rtvi_str message,
                                          const rtvi_call *call);

/// Creates a microphone of this machine: the one with this id, or for `default` the system's
/// default, which may change at any time. The device need not exist yet. It is open only while it
/// is needed. The client removes echo and noise from its audio unless the voice options say
/// otherwise. Once a client has the microphone, `rtvi_client_get_info` lists the others and
/// `rtvi_client_update_mic` switches to one of them.
RTVI_API rtvi_error *rtvi_microphone_device(rtvi_str device_id, rtvi_microphone **microphone);

/// Plays a WAV file as the user's voice, once or repeatedly. Waits while it reads the first
/// seconds.
RTVI_API rtvi_error *rtvi_microphone_wav(rtvi_str path, bool repeat, rtvi_microphone **microphone);

/// Plays an endless tone of `frequency` Hz whose peaks reach `amplitude` (0 to 1) of full scale.
RTVI_API
rtvi_error *rtvi_microphone_tone(rtvi_audio_format format,
                                 double frequency,
                                 double amplitude,
                                 rtvi_microphone **microphone);

/// Sends endless silence.
RTVI_API rtvi_error *rtvi_microphone_silence(rtvi_audio_format format, rtvi_microphone **microphone);

/// Sends the samples that the app pushes into `*input`. Free the input with `rtvi_pcm_input_free`;
/// after that, silence is sent.
///
/// If `paced` is false, the app pushes in real time, as from a device of its own, and the client
/// catches up after late samples. If it is true, the app pushes whenever there is room, and the
/// client reads in real time.
RTVI_API
rtvi_error *rtvi_microphone_pcm(rtvi_audio_format format,
                                bool paced,
                                rtvi_microphone **microphone,
                                rtvi_pcm_input **input);

/// Creates a microphone from functions. `drop_user_data` is called when the client no longer needs
/// it, or if this function fails.
RTVI_API
rtvi_error *rtvi_microphone_custom(rtvi_audio_format format,
                                   const rtvi_microphone_functions *functions,
                                   void *user_data,
                                   rtvi_drop_fn drop_user_data,
                                   rtvi_microphone **microphone);

/// Frees a microphone that was not passed to a client. Null is ignored, and so is a microphone that
/// a client has taken over.
RTVI_API void rtvi_microphone_free(rtvi_microphone *microphone);

/// Fills options with the defaults. Pass `sizeof(rtvi_client_options)` as `size`.
RTVI_API void rtvi_client_options_init(rtvi_client_options *options, size_t size);

/// Appends interleaved samples to the queue and returns how many it took. It takes fewer than
/// `count` when two seconds of audio are queued, and always whole groups of channels. It never
/// waits, so that real-time audio callbacks may call it.
RTVI_API size_t rtvi_pcm_input_push(const rtvi_pcm_input *input, const int16_t *samples, size_t count);

/// Returns how many samples there is room for.
RTVI_API size_t rtvi_pcm_input_free_space(const rtvi_pcm_input *input);

/// Ends the audio and frees the input. Null is ignored. No push may be under way.
RTVI_API void rtvi_pcm_input_free(rtvi_pcm_input *input);

/// Moves up to `count` interleaved samples to `samples` and returns how many. They are fewer when
/// the client has no more or is not connected. The rest of `samples` is unchanged: play silence
/// instead. It never waits, so that real-time audio callbacks may call it.
RTVI_API size_t rtvi_pcm_output_pull(const rtvi_pcm_output *output, int16_t *samples, size_t count);

/// Frees the output. Null is ignored. The client's speaker then takes no more audio. No pull may be
/// under way.
RTVI_API void rtvi_pcm_output_free(rtvi_pcm_output *output);

/// Opens the microphone and the speaker. The other calls open them when needed.
RTVI_API rtvi_error *rtvi_client_init_devices(rtvi_client *client, const rtvi_call *call);

/// Requests a bot from the start endpoint. Result: the endpoint's answer, for
/// `rtvi_client_connect`.
RTVI_API
rtvi_error *rtvi_client_start_bot(rtvi_client *client,
                                  const rtvi_start_request *start,
                                  const rtvi_call *call);

/// Connects to a bot and waits until it is ready. `params` is a JSON object that tells the
/// transport how to reach the bot: usually the unchanged answer of the start endpoint; for
/// `websocket` at least `{"wsUrl": "…"}`. Result: the bot's description of itself.
RTVI_API rtvi_error *rtvi_client_connect(rtvi_client *client, rtvi_str params, const rtvi_call *call);

/// Requests a bot from the start endpoint, connects to it with the answer, and waits until it is
/// ready. Result: the bot's description of itself.
RTVI_API
rtvi_error *rtvi_client_start_bot_and_connect(rtvi_client *client,
                                              const rtvi_start_request *start,
                                              const rtvi_call *call);

/// Ends the session gracefully, within two seconds. Allowed in every state. Without a session it
/// does nothing.
RTVI_API rtvi_error *rtvi_client_disconnect(rtvi_client *client, const rtvi_call *call);

/// Asks the bot to leave. The session ends when the bot has left.
RTVI_API rtvi_error *rtvi_client_disconnect_bot(rtvi_client *client, const rtvi_call *call);

/// Reports that the device has moved to another network, or is online again. The client restores
/// the session at once instead of waiting to notice the loss. Without a session it does nothing.
RTVI_API rtvi_error *rtvi_client_network_changed(rtvi_client *client, const rtvi_call *call);

/// Sends a request to an HTTP endpoint of the bot itself (Pipecat Cloud's session API). `path` is
/// below the URL of the session. The session must have begun with a start request; its headers are
/// sent too. `method` is `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, `OPTIONS` or `HEAD`. `path` can't
/// leave the session. `body` is JSON and may be empty. Waits up to `timeout_ms`; 0 means 10
/// seconds. Result: an object with `status`, 200 to 299, and `body`, the JSON of the answer or
/// null. If the bot refuses the request, the call fails as `RTVI_ERROR_REQUEST_FAILED`.
RTVI_API
rtvi_error *rtvi_client_session_request(rtvi_client *client,
                                        rtvi_str method,
                                        rtvi_str path,
                                        rtvi_str body,
                                        uint32_t timeout_ms,
                                        const rtvi_call *call);

/// Creates a speaker of this machine. The id works as in `rtvi_microphone_device`.
RTVI_API rtvi_error *rtvi_speaker_device(rtvi_str device_id, rtvi_speaker **speaker);

/// Records the bot's audio as a 16-bit WAV file. The file is complete when the client is freed.
/// Creates the file, or empties an existing one.
RTVI_API rtvi_error *rtvi_speaker_wav(rtvi_str path, rtvi_audio_format format, rtvi_speaker **speaker);

/// Passes the bot's samples to the app, which pulls them from `*output`. Free the output with
/// `rtvi_pcm_output_free`.
RTVI_API
rtvi_error *rtvi_speaker_pcm(rtvi_audio_format format,
                             rtvi_speaker **speaker,
                             rtvi_pcm_output **output);

/// Creates a speaker from functions. `drop_user_data` is called when the client no longer needs it,
/// or if this function fails.
RTVI_API
rtvi_error *rtvi_speaker_custom(rtvi_audio_format format,
                                const rtvi_speaker_functions *functions,
                                void *user_data,
                                rtvi_drop_fn drop_user_data,
                                rtvi_speaker **speaker);

/// Frees a speaker that was not passed to a client. Null is ignored, and so is a speaker that a
/// client has taken over.
RTVI_API void rtvi_speaker_free(rtvi_speaker *speaker);

/// Returns the text of a string; empty for null. A zero byte follows it. Valid until the string is
/// freed.
RTVI_API rtvi_str rtvi_string_view(const rtvi_string *string);

/// Frees a string. Null is ignored.
RTVI_API void rtvi_string_free(rtvi_string *string);

/// The client changed its state. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_transport_state_changed_event *rtvi_event_transport_state_changed(const rtvi_event *event);

/// The session is over. The last event of every session. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_disconnect_reason *rtvi_event_disconnected(const rtvi_event *event);

/// The start endpoint answered. Holds the complete answer. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_bot_started_event *rtvi_event_bot_started(const rtvi_event *event);

/// The bot joined the session. A bot that returns to a room is reported once more, and
/// then its bot-ready. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_participant *rtvi_event_bot_connected(const rtvi_event *event);

/// The bot has left. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_participant *rtvi_event_bot_disconnected(const rtvi_event *event);

/// Somebody joined the session: the bot or another participant of its room. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_participant *rtvi_event_participant_connected(const rtvi_event *event);

/// Somebody left the session: the bot or another participant of its room. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_participant *rtvi_event_participant_left(const rtvi_event *event);

/// The connection was lost and is being restored. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_reconnecting_event *rtvi_event_reconnecting(const rtvi_event *event);

/// An error occurred that no call can return. Fatal errors end the session. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_error_event *rtvi_event_error(const rtvi_event *event);

/// The server answered a message with an error. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_message_error_event *rtvi_event_message_error(const rtvi_event *event);

/// The client could not read a message from the server and dropped it. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_protocol_error_event *rtvi_event_protocol_error(const rtvi_event *event);

/// An option requests something that is not supported here. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_unsupported_feature_event *rtvi_event_unsupported_feature(const rtvi_event *event);

/// Audio or video of the user or the bot started to flow. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_track *rtvi_event_track_started(const rtvi_event *event);

/// Audio or video of the user or the bot ended. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_track *rtvi_event_track_stopped(const rtvi_event *event);

/// The shared screen started to flow. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_track *rtvi_event_screen_track_started(const rtvi_event *event);

/// The shared screen ended. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_track *rtvi_event_screen_track_stopped(const rtvi_event *event);

/// The screen can't be shared, or no longer can. It is off from now on. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_screen_share_error_event *rtvi_event_screen_share_error(const rtvi_event *event);

/// The state of a device changed, or the server muted the microphone. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_media_state *rtvi_event_media_state_updated(const rtvi_event *event);

/// The available microphones: reported once, then whenever a microphone is added or
/// removed. Not reported for app-provided audio. This and the other device events also
/// arrive outside sessions. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_available_mics_updated_event *rtvi_event_available_mics_updated(const rtvi_event *event);

/// The available speakers, reported as for microphones. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_available_speakers_updated_event *rtvi_event_available_speakers_updated(const rtvi_event *event);

/// The available cameras, reported as for microphones. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_available_cams_updated_event *rtvi_event_available_cams_updated(const rtvi_event *event);

/// The microphone in use. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_media_device *rtvi_event_mic_updated(const rtvi_event *event);

/// The speaker in use. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_media_device *rtvi_event_speaker_updated(const rtvi_event *event);

/// The camera in use. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_media_device *rtvi_event_cam_updated(const rtvi_event *event);

/// A microphone, speaker or camera failed or was disconnected. If another device replaces it,
/// an event about the new device follows. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_device_error_event *rtvi_event_device_error(const rtvi_event *event);

/// The playback of an utterance of the bot ended or was cut off. Reports how much of it
/// was heard. Follows the server's message that the bot stopped speaking or was
/// interrupted. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_bot_audio_heard *rtvi_event_bot_audio_heard(const rtvi_event *event);

/// Audio was dropped that somebody would have heard. For each reason, the event is
/// reported once when it begins, then once a second while it lasts, with the audio
/// dropped since the last report. Losses in the network are in the transport
/// statistics. Audio that the app flushes, or that an interruption discards, is in the
/// audio statistics. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_audio_dropped *rtvi_event_audio_dropped(const rtvi_event *event);

/// The loudness of the microphone after its processing, 0 to 1, about ten times a
/// second unless an option sets another period. Skipped while the app is slow. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_local_audio_level_event *rtvi_event_local_audio_level(const rtvi_event *event);

/// The loudness of the bot's audio as played, 0 to 1, about ten times a second. Skipped
/// while the app is slow. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_remote_audio_level_event *rtvi_event_remote_audio_level(const rtvi_event *event);

/// The quality of the connection, once a second, from transports that measure it.
/// Skipped while the app is slow. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_transport_stats *rtvi_event_transport_stats(const rtvi_event *event);

/// The bot is ready. This is the answer to client-ready. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_bot_ready_data *rtvi_event_bot_ready(const rtvi_event *event);

/// The bot's answer to a client-message. It carries that message's id. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_server_response_data *rtvi_event_server_response(const rtvi_event *event);

/// A piece of what the bot says or writes, with how far it has been spoken. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_bot_output_data *rtvi_event_bot_output(const rtvi_event *event);

/// A sentence from the bot. Deprecated in favour of bot-output. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_text_data *rtvi_event_bot_transcript(const rtvi_event *event);

/// A chunk of the LLM's text. Deprecated in favour of llm-raw-text. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_text_data *rtvi_event_bot_llm_text(const rtvi_event *event);

/// Text that the bot is speaking; `tts-text` from the oldest servers. Deprecated in
/// favour of tts-raw-text. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_text_data *rtvi_event_bot_tts_text(const rtvi_event *event);

/// Synthesized speech inside a message. The protocol defines it, but no known server
/// sends it. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_bot_tts_audio_data *rtvi_event_bot_tts_audio(const rtvi_event *event);

/// What the user said, interim or final. Deprecated in favour of user-input. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_transcript_data *rtvi_event_user_transcript(const rtvi_event *event);

/// What the user said or typed. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_user_input_data *rtvi_event_user_input(const rtvi_event *event);

/// The user's turn as the LLM receives it. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_text_data *rtvi_event_user_llm_text(const rtvi_event *event);

/// A transcription, exactly as the speech recognizer produced it. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_transcript_data *rtvi_event_stt_raw_text(const rtvi_event *event);

/// A chunk of text, exactly as the LLM produced it. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_text_data *rtvi_event_llm_raw_text(const rtvi_event *event);

/// Text as the speech synthesizer speaks it. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_text_data *rtvi_event_tts_raw_text(const rtvi_event *event);

/// A marker that the LLM added to its text. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_bot_llm_marker_data *rtvi_event_bot_llm_marker(const rtvi_event *event);

/// The results of a web search by the LLM. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_bot_llm_search_response_data *rtvi_event_bot_llm_search_response(const rtvi_event *event);

/// The LLM calls a function of the client. Deprecated in favour of the three messages
/// below. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_function_call_data *rtvi_event_llm_function_call(const rtvi_event *event);

/// The LLM is about to call a function; `llm-function-call-start` from 1.x servers. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_function_call_started_data *rtvi_event_llm_function_call_started(const rtvi_event *event);

/// A function call is running. The client may have to answer it. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_function_call_in_progress_data *rtvi_event_llm_function_call_in_progress(const rtvi_event *event);

/// A function call ended with a result or was cancelled. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_function_call_stopped_data *rtvi_event_llm_function_call_stopped(const rtvi_event *event);

/// Measurements of the bot's services. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_metrics_data *rtvi_event_metrics(const rtvi_event *event);

/// The user's loudness at the bot; `localAudioLevel` measures it here. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_audio_level_data *rtvi_event_user_audio_level(const rtvi_event *event);

/// The bot's loudness as the bot sends it; `remoteAudioLevel` measures it here. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_audio_level_data *rtvi_event_bot_audio_level(const rtvi_event *event);

/// A line of the bot's log. Null for an event of another kind; valid as long as the event.
RTVI_API const rtvi_text_data *rtvi_event_system_log(const rtvi_event *event);

/// The bot asks the user interface to do something. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_ui_command_data *rtvi_event_ui_command(const rtvi_event *event);

/// Progress of a group of jobs that the bot started for the user interface. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_ui_job_group_data *rtvi_event_ui_job_group(const rtvi_event *event);

/// A message defined by the app: any JSON, or nothing. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_server_message_event *rtvi_event_server_message(const rtvi_event *event);

/// A message whose type this version does not know, unchanged. Null for an event of another kind; valid as long as the event.
RTVI_API
const rtvi_unknown_message_event *rtvi_event_unknown_message(const rtvi_event *event);

/// Returns the interface version of the loaded library. It differs from `RTVI_ABI_VERSION` if
/// header and library do not match.
RTVI_API uint32_t rtvi_abi_version(void);

/// Returns the release of the loaded library, such as `0.1.0`. The text is always valid and a zero
/// byte follows it.
RTVI_API rtvi_str rtvi_version(void);

/// Records the bot's video as a Y4M file with `frame_rate` pictures a second (Pipecat bots send
/// 30). The file is complete when the client is freed. Creates the file, or empties an existing
/// one.
RTVI_API rtvi_error *rtvi_video_display_y4m(rtvi_str path, uint32_t frame_rate, rtvi_video_display **display);

/// Passes the bot's pictures to the app, which reads them from `*output`. Free the output with
/// `rtvi_frame_output_free`.
RTVI_API rtvi_error *rtvi_video_display_pictures(rtvi_video_display **display, rtvi_frame_output **output);

/// Passes the bot's frames to the app as they come, for the app to decode. `codecs` holds the
/// `count` codecs that it can decode (`rtvi_video_codec`), the preferred one first. Otherwise like
/// `rtvi_video_display_pictures`.
RTVI_API
rtvi_error *rtvi_video_display_encoded(const int32_t *codecs,
                                       size_t count,
                                       rtvi_video_display **display,
                                       rtvi_frame_output **output);

/// Creates a display from functions. With a `count` of 0 it takes pictures, otherwise encoded
/// frames of these codecs, as in `rtvi_video_display_encoded`. `drop_user_data` is called when the
/// client no longer needs it, or if this function fails.
RTVI_API
rtvi_error *rtvi_video_display_custom(const int32_t *codecs,
                                      size_t count,
                                      const rtvi_video_display_functions *functions,
                                      void *user_data,
                                      rtvi_drop_fn drop_user_data,
                                      rtvi_video_display **display);

/// Frees a display that was not passed to a client. Null is ignored, and so is a display that a
/// client has taken over.
RTVI_API void rtvi_video_display_free(rtvi_video_display *display);

/// Draws a moving pattern in the size and at the rate that the client sends. It carries the number
/// of each picture.
RTVI_API rtvi_error *rtvi_video_feed_pattern(rtvi_video_feed **feed);

/// Plays a Y4M file, once or repeatedly, at its own rate. Waits while it reads the file's header.
RTVI_API rtvi_error *rtvi_video_feed_y4m(rtvi_str path, bool repeat, rtvi_video_feed **feed);

/// Creates a camera of this machine: the one with this id, or for `default` the first one. It is
/// open only while it is on, and need not exist yet. Once a client has it, `rtvi_client_get_info`
/// lists the others and `rtvi_client_update_cam` switches to one of them. Linux only; an app on
/// another system feeds its camera itself.
RTVI_API rtvi_error *rtvi_video_feed_camera(rtvi_str device_id, rtvi_video_feed **feed);

/// Shares the screen of an X server with a name such as `:1`; empty means the one in the
/// environment variable `DISPLAY`. Linux only; an app on another system feeds its screen itself.
RTVI_API rtvi_error *rtvi_video_feed_screen(rtvi_str display, rtvi_video_feed **feed);

/// Sends the pictures that the app pushes into `*input`. Free the input with
/// `rtvi_frame_input_free`. `functions` and each of its functions may be null. `drop_user_data` is
/// called when the client no longer needs it, or if this function fails.
RTVI_API
rtvi_error *rtvi_video_feed_pictures(const rtvi_video_feed_functions *functions,
                                     void *user_data,
                                     rtvi_drop_fn drop_user_data,
                                     rtvi_video_feed **feed,
                                     rtvi_frame_input **input);

/// Sends the frames that the app encodes with `codec` (an `rtvi_video_codec`), upright, and pushes
/// into `*input`. Otherwise like `rtvi_video_feed_pictures`. The functions tell the app its
/// bitrate and when a key frame is needed.
RTVI_API
rtvi_error *rtvi_video_feed_encoded(int32_t codec,
                                    const rtvi_video_feed_functions *functions,
                                    void *user_data,
                                    rtvi_drop_fn drop_user_data,
                                    rtvi_video_feed **feed,
                                    rtvi_frame_input **input);

/// Shows the app what a feed sends: its newest picture, which the app reads from `*preview`. Copies
/// no pixels. A camera is read while a connection takes its pictures, so there is no preview before
/// that. Free the preview with `rtvi_frame_output_free`.
RTVI_API rtvi_error *rtvi_video_feed_preview(rtvi_video_feed *feed, rtvi_frame_output **preview);

/// Frees a feed that was not passed to a client. Null is ignored, and so is a feed that a client
/// has taken over.
RTVI_API void rtvi_video_feed_free(rtvi_video_feed *feed);

/// Passes a picture to the client and stores in `*taken` whether it took it: it drops pictures while
/// the feed is off. One picture waits: a newer one replaces it.
///
/// If `release` is null, the pixels are copied once and may change when the function returns.
/// Otherwise they are not copied: they must stay as they are until `release` is called with
/// `user_data`, on any thread. The client holds up to four pictures at a time.
///
/// Fails if the size is not supported, a plane is null, or rows would overlap, and if the feed is
/// one of encoded frames.
RTVI_API
rtvi_error *rtvi_frame_input_push(const rtvi_frame_input *input,
                                  const rtvi_video_frame *frame,
                                  rtvi_drop_fn release,
                                  void *user_data,
                                  bool *taken);

/// Passes an encoded frame to the client, which copies it, and stores in `*taken` whether it took
/// it. It drops frames while the feed is off, and frames that do not continue the ones before: the
/// first frame must be a key frame. Eight frames wait: a ninth drops them and all frames up to the
/// next key frame, which the client requests.
///
/// Fails if the size, the codec or the length is not supported, and if the feed is one of pictures.
RTVI_API
rtvi_error *rtvi_frame_input_push_encoded(const rtvi_frame_input *input,
                                          const rtvi_encoded_frame *frame,
                                          bool *taken);

/// Reports that there are no frames, for instance because a camera was unplugged, and takes over
/// the error (`rtvi_error_new_device`). The client turns the feed off and emits `deviceError`, for
/// a screen `screenShareError`. It starts the feed again when the app enables it again.
RTVI_API void rtvi_frame_input_fail(const rtvi_frame_input *input, rtvi_error *error);

/// Returns whether the client takes frames: the feed was started and not stopped.
RTVI_API bool rtvi_frame_input_is_on(const rtvi_frame_input *input);

/// Returns how many frames were dropped: pictures that newer ones replaced, encoded frames of a
/// full queue, and all frames that were pushed while the feed was off.
RTVI_API uint64_t rtvi_frame_input_dropped(const rtvi_frame_input *input);

/// Ends the video and frees the input. Null is ignored. No push may be under way.
RTVI_API void rtvi_frame_input_free(rtvi_frame_input *input);

/// Returns the newest picture since the last call, or the next encoded frame in order; null if
/// there is none. Free it with `rtvi_video_picture_free`.
///
/// One picture waits: a newer one replaces it. Eight encoded frames wait: a ninth drops them, and
/// the client asks the bot for a key frame.
RTVI_API rtvi_video_picture *rtvi_frame_output_read(const rtvi_frame_output *output);

/// Asks the bot for a key frame, because the app's decoder can't continue without one. Does nothing
/// for pictures.
RTVI_API void rtvi_frame_output_request_key_frame(const rtvi_frame_output *output);

/// Returns whether there is video: it has begun and not stopped.
RTVI_API bool rtvi_frame_output_is_on(const rtvi_frame_output *output);

/// Returns how many pictures or encoded frames the app did not read in time.
RTVI_API uint64_t rtvi_frame_output_dropped(const rtvi_frame_output *output);

/// Frees the output. Null is ignored. No read may be under way. Pictures that were read stay valid.
RTVI_API void rtvi_frame_output_free(rtvi_frame_output *output);

/// Returns the pixels of a picture; null for an encoded frame. Valid until the picture is freed.
RTVI_API const rtvi_video_frame *rtvi_video_picture_frame(const rtvi_video_picture *picture);

/// Returns an encoded frame; null for pixels. Valid until the picture is freed.
RTVI_API const rtvi_encoded_frame *rtvi_video_picture_encoded(const rtvi_video_picture *picture);

/// Returns another reference to a picture, which keeps it after a callback. Copies no pixels. Free
/// it with `rtvi_video_picture_free`. Null for null.
RTVI_API rtvi_video_picture *rtvi_video_picture_share(const rtvi_video_picture *picture);

/// Converts the pixels to BGRA: rows of four bytes per pixel (blue, green, red, 255) with `stride`
/// bytes from one to the next. `bgra` has room for the picture's height times `stride`. Does not
/// turn the picture.
RTVI_API
rtvi_error *rtvi_video_picture_to_bgra(const rtvi_video_picture *picture,
                                       uint8_t *bgra,
                                       size_t stride);

/// Frees a picture. Null is ignored.
RTVI_API void rtvi_video_picture_free(rtvi_video_picture *picture);

/// Drops the bot's audio that has not been played yet, with a short fade.
RTVI_API rtvi_error *rtvi_client_flush_bot_audio(rtvi_client *client, const rtvi_call *call);

/// Drops the bot's audio that has not been played yet, and fades out within `fade_ms`, at most 100
/// ms.
RTVI_API
rtvi_error *rtvi_client_fade_out_bot_audio(rtvi_client *client,
                                           uint32_t fade_ms,
                                           const rtvi_call *call);

/// Sets the volume of the bot from now on. The samples are multiplied by `gain`, 0 to 4, and
/// limited.
RTVI_API rtvi_error *rtvi_client_set_bot_gain(rtvi_client *client, float gain);

/// Selects the processing of the microphone's audio. `stages` is the object `audioProcessing` of
/// the voice options. An empty text turns all stages off.
RTVI_API
rtvi_error *rtvi_client_update_audio_processing(rtvi_client *client,
                                                rtvi_str stages,
                                                const rtvi_call *call);

/// Presses the push-to-talk button. Does nothing unless the voice options contain `pushToTalk`.
RTVI_API rtvi_error *rtvi_client_press_to_talk(rtvi_client *client, const rtvi_call *call);

/// Releases the push-to-talk button.
RTVI_API rtvi_error *rtvi_client_release_to_talk(rtvi_client *client, const rtvi_call *call);

/// Records the conversation from now on in a stereo WAV file of 24 kHz. The left channel is the
/// user as sent, the right channel the bot as played, aligned in time.
RTVI_API rtvi_error *rtvi_client_start_recording(rtvi_client *client, rtvi_str path, const rtvi_call *call);

/// Completes the recording. Result: its length in milliseconds; 0 if there was none.
RTVI_API rtvi_error *rtvi_client_stop_recording(rtvi_client *client, const rtvi_call *call);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

/// Converts a text that ends with a zero byte, such as a literal, for functions that take a
/// `rtvi_str`. Null means no text.
static inline rtvi_str rtvi_text(const char *text) {
    rtvi_str view;
    view.data = text;
    view.len = 0;
    while (text && text[view.len]) {
        view.len++;
    }
    return view;
}

#endif  /* RTVI_H */
