//! The payloads of events.
//!
//! Printed by `cargo xtask bindings` from the core's types.

use super::enums::*;
use crate::{error::rtvi_error, json::rtvi_json, text::rtvi_str};

/// Why a session ended.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_disconnect_reason {
    /// Which of them.
    pub kind: rtvi_disconnect_reason_kind,
    /// The close code, where the transport has one. Of `RTVI_DISCONNECT_REASON_BOT_LEFT` only. Null where it is absent.
    pub code: *const u16,
    /// What the server said; may be empty. Of `RTVI_DISCONNECT_REASON_BOT_LEFT` only. Its data are null where it is absent.
    pub reason: rtvi_str,
    /// The error. Of `RTVI_DISCONNECT_REASON_FAILED` only. Null where it is absent.
    pub error: *const rtvi_error,
}

/// What one device is doing.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_device_state {
    /// Which of them.
    pub kind: rtvi_device_state_kind,
    /// Why, to act on. Of `RTVI_DEVICE_STATE_ERROR` only. Null where it is absent.
    pub reason: *const rtvi_device_error_kind,
    /// Why, for people. Of `RTVI_DEVICE_STATE_ERROR` only. Its data are null where it is absent.
    pub message: rtvi_str,
}

/// Somebody in the session.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_participant {
    /// Unique in the session.
    pub id: rtvi_str,
    /// Name to show; may be empty.
    pub name: rtvi_str,
    /// Whether it is this client.
    pub local: bool,
}

/// A stream of audio of one participant.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_track {
    /// What it carries.
    pub kind: rtvi_track_kind,
    /// Whose it is.
    pub participant: *const rtvi_participant,
}

/// What a client's devices are doing.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_media_state {
    /// The microphone.
    pub mic: *const rtvi_device_state,
    /// The speaker.
    pub speaker: *const rtvi_device_state,
    /// The camera.
    pub cam: *const rtvi_device_state,
}

/// A microphone or speaker.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_media_device {
    /// Stable identifier.
    pub device_id: rtvi_str,
    /// Name to show.
    pub label: rtvi_str,
}

/// How much of an utterance of the bot reached the speaker.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_audio_heard {
    /// How much of its audio was given to the speaker. What the speaker itself still buffers counts as heard. In milliseconds.
    pub heard_ms: f64,
    /// How much of its audio arrived. In milliseconds.
    pub received_ms: f64,
    /// Whether it was cut off.
    pub interrupted: bool,
}

/// Audio that was dropped, as much as was dropped for one reason since it was reported last.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_audio_dropped {
    /// Why.
    pub reason: rtvi_audio_drop_reason,
    /// How much, in time; zero where nobody can tell, as of packets of an unknown codec. In milliseconds.
    pub time_ms: f64,
    /// In how many frames or packets.
    pub count: u64,
    /// What it was, for people, such as the number of the unknown stream; absent when the reason says all. Never what was said. Its data are null where it is absent.
    pub detail: rtvi_str,
}

/// How well a connection does. Counts are of this connection, from its beginning.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_transport_stats {
    /// How long a packet takes to the server and back; absent before it was measured. Null where it is absent.
    pub round_trip_ms: *const f64,
    /// How unevenly the bot's packets arrive (RFC 3550 §6.4.1). In milliseconds.
    pub jitter_ms: f64,
    /// Packets of the bot's audio that arrived.
    pub packets_received: u64,
    /// Packets of the bot's audio that did not arrive, or too late.
    pub packets_lost: u64,
    /// Packets of the bot's audio that arrived too late.
    pub packets_late: u64,
    /// Packets of the bot's audio that were lost, and came in time when the server was asked to send them again.
    pub packets_repeated: u64,
    /// Frames of 20 ms that were recovered or concealed in place of lost packets.
    pub frames_concealed: u64,
    /// Packets of the bot's audio that could not be decoded.
    pub packets_unreadable: u64,
    /// Packets of the bot's audio that arrived and are not played: of a stream that the server has not announced, of a second one at
    /// the same time, or more than there is room for. Each is reported by `TransportEvent::AudioDropped`, too.
    pub packets_dropped: u64,
    /// Packets of video, which is not played.
    pub video_packets_dropped: u64,
    /// Packets of the user's audio that were sent.
    pub packets_sent: u64,
    /// The bot's audio in the last second, in bits per second without headers.
    pub receive_bitrate: u64,
    /// The user's audio in the last second, in bits per second without headers.
    pub send_bitrate: u64,
    /// How much of the bot's audio waits in the jitter buffer. In milliseconds.
    pub buffer_depth_ms: f64,
    /// The delay the jitter buffer aims at. In milliseconds.
    pub buffer_target_ms: f64,
    /// Our end of the connection, as kind and address: `host 192.0.2.1:5000`. ` tcp` follows where ICE
    /// chose TCP. Its data are null where it is absent.
    pub local_candidate: rtvi_str,
    /// The server's end of the connection. Its data are null where it is absent.
    pub remote_candidate: rtvi_str,
}

/// What a bot does in a session. absent means that it did not say: show the usual user interface; `false`: hide it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_capabilities {
    /// Hears the user. Null where it is absent.
    pub audio_in: *const bool,
    /// Speaks. Null where it is absent.
    pub audio_out: *const bool,
    /// Sees the user's camera. Null where it is absent.
    pub video_in: *const bool,
    /// Sees the user's screen. Null where it is absent.
    pub screen_in: *const bool,
    /// Sends video. Null where it is absent.
    pub video_out: *const bool,
    /// Reports metrics. Null where it is absent.
    pub metrics: *const bool,
}

/// What the bot says of itself when it is ready.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_ready_data {
    /// The protocol version, as written by the server; see `protocol_version`. Its data are null where it is absent.
    pub version: rtvi_str,
    /// The bot's library and whatever else it tells; any JSON, an object `{library, library_version}` by default. Null where it is absent.
    pub about: *const rtvi_json,
    /// What the bot does in this session (since 2.2.0). Null where it is absent.
    pub capabilities: *const rtvi_bot_capabilities,
    /// The service configuration that servers older than 1.0 sent. Null where it is absent.
    pub config: *const rtvi_json,
}

/// The app's answer to a client-message.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_server_response_data {
    /// The type of the client-message.
    pub t: rtvi_str,
    /// The answer; an explicit null is the same as none. Null where it is absent.
    pub d: *const rtvi_json,
}

/// How much of a segment has been spoken.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_spoken_progress {
    /// The text up to and with the word being spoken.
    pub accumulated_text: rtvi_str,
    /// The text still to be spoken.
    pub remaining_text: rtvi_str,
}

/// A piece of what the bot says or writes.
///
/// From protocol 2 on, the messages of one segment share a `segment_id` and tell its progress. A 1.x server sends each piece
/// once when written and once when spoken, told apart by `spoken`. On output the type is written under all three names
/// that protocol 2 servers use: `output_type`, `text_type` and `aggregated_by`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_output_data {
    /// The text of the piece.
    pub text: rtvi_str,
    /// Its form; a sentence if the server does not say.
    pub output_type: rtvi_str,
    /// Which segment it belongs to. Null where it is absent.
    pub segment_id: *const u64,
    /// Whether it has been spoken (1.x; protocol 2 servers send it with a segment's first message). Null where it is absent.
    pub spoken: *const bool,
    /// Whether it will be spoken. Null where it is absent.
    pub will_be_spoken: *const bool,
    /// How far it is. Its data are null where it is absent.
    pub spoken_status: rtvi_str,
    /// What has been spoken and what not. Null where it is absent.
    pub spoken_progress: *const rtvi_spoken_progress,
}

/// A text and nothing else.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_text_data {
    /// The text.
    pub text: rtvi_str,
}

/// Synthesised speech.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_tts_audio_data {
    /// 16-bit little-endian PCM, channels interleaved; base64 on the wire.
    pub audio: *const u8,
    /// How many.
    pub audio_count: usize,
    /// Samples per second and channel.
    pub sample_rate: u32,
    /// Number of channels.
    pub num_channels: u32,
}

/// What the user said, as transcribed so far.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_transcript_data {
    /// The text.
    pub text: rtvi_str,
    /// Who spoke; empty where the transport does not know. Its data are null where it is absent.
    pub user_id: rtvi_str,
    /// When, as ISO 8601 by the server's clock. Its data are null where it is absent.
    pub timestamp: rtvi_str,
    /// `final` on the wire: false for an interim transcription. A server that does not say sends final ones.
    pub is_final: bool,
}

/// What the user said or typed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_user_input_data {
    /// The text.
    pub text: rtvi_str,
    /// How it came.
    pub input_type: rtvi_str,
    /// When, as ISO 8601 by the server's clock. Its data are null where it is absent.
    pub timestamp: rtvi_str,
    /// `final` on the wire: false for an interim transcription. A server that does not say sends final ones.
    pub is_final: bool,
    /// Who spoke or typed, where the transport knows. Its data are null where it is absent.
    pub user_id: rtvi_str,
    /// For typed input, the id of the client's send-text message. Its data are null where it is absent.
    pub msg_id: rtvi_str,
}

/// A marker that the LLM put beside its text, kept out of what is spoken.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_llm_marker_data {
    /// The marker; empty if the answer had none.
    pub text: rtvi_str,
    /// What it means, in the words of the bot's author. Its data are null where it is absent.
    pub kind: rtvi_str,
    /// The LLM's whole answer with its markers.
    pub raw: rtvi_str,
    /// All markers the bot knows.
    pub markers: *const rtvi_str,
    /// How many.
    pub markers_count: usize,
}

/// A part of an answer with how well its origin supports it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_search_result {
    /// The part.
    pub text: rtvi_str,
    /// Confidences from 0 to 1; 0 where the server has no number, as `NaN`.
    pub confidence: *const f64,
    /// How many.
    pub confidence_count: usize,
}

/// A site that a search result came from.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_search_origin {
    /// Its address. Its data are null where it is absent.
    pub site_uri: rtvi_str,
    /// Its title. Its data are null where it is absent.
    pub site_title: rtvi_str,
    /// The parts of the answer it supports.
    pub results: *const *const rtvi_search_result,
    /// How many.
    pub results_count: usize,
}

/// What a web search of the LLM found.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_llm_search_response_data {
    /// The answer. Its data are null where it is absent.
    pub search_result: rtvi_str,
    /// HTML to show with it, as the search service demands. Its data are null where it is absent.
    pub rendered_content: rtvi_str,
    /// Where it was found.
    pub origins: *const *const rtvi_search_origin,
    /// How many.
    pub origins_count: usize,
}

/// A call of a client's function, in the deprecated form.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_function_call_data {
    /// The function.
    pub function_name: rtvi_str,
    /// The call; the result must carry it. Empty where the LLM gave it no id, and not unique: LLMs number calls per round.
    pub tool_call_id: rtvi_str,
    /// The arguments, called `args` on the wire of this message.
    pub arguments: *const rtvi_json,
}

/// A call that is about to happen.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_function_call_started_data {
    /// The function, if the server's report level tells it. Its data are null where it is absent.
    pub function_name: rtvi_str,
}

/// A call that is running.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_function_call_in_progress_data {
    /// The call.
    pub tool_call_id: rtvi_str,
    /// The function, if the server's report level tells it. Its data are null where it is absent.
    pub function_name: rtvi_str,
    /// The arguments, if the server's report level tells them. Null where it is absent.
    pub arguments: *const rtvi_json,
}

/// A call that ended.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_function_call_stopped_data {
    /// The call.
    pub tool_call_id: rtvi_str,
    /// Whether it was cancelled rather than completed.
    pub cancelled: bool,
    /// The function, if the server's report level tells it. Its data are null where it is absent.
    pub function_name: rtvi_str,
    /// The result, if the server's report level tells it. Servers leave out empty, false and zero results. Null where it is absent.
    pub result: *const rtvi_json,
}

/// One measurement.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_metric_entry {
    /// The part of the bot that was measured, if the server names it. Its data are null where it is absent.
    pub processor: rtvi_str,
    /// The model it uses, if it has one. Its data are null where it is absent.
    pub model: rtvi_str,
    /// What was measured, in seconds or characters, where it is one number. Null where it is absent.
    pub value: *const f64,
    /// All fields as the server sent them, those above among them.
    pub fields: *const rtvi_json,
}

/// Measurements, by kind. Times are in seconds.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_metrics_data {
    /// Time to first byte: `value`.
    pub ttfb: *const *const rtvi_metric_entry,
    /// How many.
    pub ttfb_count: usize,
    /// Processing time: `value`.
    pub processing: *const *const rtvi_metric_entry,
    /// How many.
    pub processing_count: usize,
    /// Characters spoken: `value`.
    pub characters: *const *const rtvi_metric_entry,
    /// How many.
    pub characters_count: usize,
    /// Time to first audible audio: `ttfa` = `ttfb` + `leading_silence`.
    pub ttfa: *const *const rtvi_metric_entry,
    /// How many.
    pub ttfa_count: usize,
    /// Time to the first token of the answer: `ttfat` = `ttfb` + `thinking_time`.
    pub ttfat: *const *const rtvi_metric_entry,
    /// How many.
    pub ttfat_count: usize,
    /// Tokens of the LLM: `prompt_tokens`, `completion_tokens`, `total_tokens` and more; no `processor`.
    pub tokens: *const *const rtvi_metric_entry,
    /// How many.
    pub tokens_count: usize,
    /// Audio transcribed since the last report: `value` is `{audio_seconds}`.
    pub stt_usage: *const *const rtvi_metric_entry,
    /// How many.
    pub stt_usage_count: usize,
    /// Kinds this version does not know, as they came.
    pub other: *const rtvi_json,
}

/// Loudness.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_audio_level_data {
    /// From 0 (silence) to 1; 0 where the server has no number, as `NaN`.
    pub value: f64,
}

/// Something the user interface shall do.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_ui_command_data {
    /// What to do: a built-in name such as `toast` or `scroll_to`, or one of the app's own.
    pub command: rtvi_str,
    /// With what. Null where it is absent.
    pub payload: *const rtvi_json,
}

/// A step in the life of a group of jobs; `kind` says which step and so which fields are set.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_ui_job_group_data {
    /// Which step.
    pub kind: rtvi_str,
    /// The group.
    pub job_id: rtvi_str,
    /// When, in milliseconds since 1970 by the server's clock; 0 if it does not say.
    pub at: i64,
    /// Group started: the workers.
    pub workers: *const rtvi_str,
    /// How many.
    pub workers_count: usize,
    /// Group started: a name for people. Its data are null where it is absent.
    pub label: rtvi_str,
    /// Group started: whether the user may cancel it; yes if absent. Null where it is absent.
    pub cancellable: *const bool,
    /// Job update and job completed: the worker. Its data are null where it is absent.
    pub worker_name: rtvi_str,
    /// Job update: what it reports. Null where it is absent.
    pub data: *const rtvi_json,
    /// Job completed: how it ended. Its data are null where it is absent.
    pub status: rtvi_str,
    /// Job completed: its result. Null where it is absent.
    pub response: *const rtvi_json,
}

