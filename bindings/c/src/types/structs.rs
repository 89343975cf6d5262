//! The payloads of events.
//!
//! Printed by `cargo xtask bindings` from the core's types.

use super::enums::*;
use crate::{error::rtvi_error, json::rtvi_json, text::rtvi_str};

/// Why a session ended.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_disconnect_reason {
    /// The kind.
    pub kind: rtvi_disconnect_reason_kind,
    /// The close code, if the transport has one. Of `RTVI_DISCONNECT_REASON_BOT_LEFT` only. Null where it is absent.
    pub code: *const u16,
    /// The server's reason; may be empty. Of `RTVI_DISCONNECT_REASON_BOT_LEFT` only. Its data are null where it is absent.
    pub reason: rtvi_str,
    /// The error. Of `RTVI_DISCONNECT_REASON_FAILED` only. Null where it is absent.
    pub error: *const rtvi_error,
}

/// The state of one device.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_device_state {
    /// The kind.
    pub kind: rtvi_device_state_kind,
    /// The reason, for the app to act on. Of `RTVI_DEVICE_STATE_ERROR` only. Null where it is absent.
    pub reason: *const rtvi_device_error_kind,
    /// The reason, as text for people. Of `RTVI_DEVICE_STATE_ERROR` only. Its data are null where it is absent.
    pub message: rtvi_str,
}

/// A participant of the session.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_participant {
    /// A unique identifier in the session.
    pub id: rtvi_str,
    /// A display name; may be empty.
    pub name: rtvi_str,
    /// Whether this is the client itself.
    pub local: bool,
}

/// A stream of one participant.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_track {
    /// The kind of media that it carries.
    pub kind: rtvi_track_kind,
    /// The participant whose media it carries.
    pub participant: *const rtvi_participant,
}

/// The state of each of a client's devices.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_media_state {
    /// The microphone.
    pub mic: *const rtvi_device_state,
    /// The speaker.
    pub speaker: *const rtvi_device_state,
    /// The camera.
    pub cam: *const rtvi_device_state,
    /// Whether the server has muted the microphone, so that the bot hears nothing of it. Ends when
    /// the server allows it, when the app turns the microphone on, or with the connection.
    pub mic_muted: bool,
}

/// A microphone, speaker or camera.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_media_device {
    /// A stable identifier.
    pub device_id: rtvi_str,
    /// A display name.
    pub label: rtvi_str,
}

/// How much of an utterance of the bot reached the speaker.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_audio_heard {
    /// How much of its audio went to the speaker. Audio in the speaker's own buffer counts as
    /// heard. In milliseconds.
    pub heard_ms: f64,
    /// How much of its audio arrived. In milliseconds.
    pub received_ms: f64,
    /// Whether the utterance was cut off.
    pub interrupted: bool,
}

/// The audio that was dropped for one reason since the last report.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_audio_dropped {
    /// Why it was dropped.
    pub reason: rtvi_audio_drop_reason,
    /// How much was dropped; zero when that is unknown, as for packets of an unknown codec. In milliseconds.
    pub time_ms: f64,
    /// How many frames or packets were dropped.
    pub count: u64,
    /// Details for people, such as the number of the unknown stream; absent if the reason is
    /// enough. Never contains speech. Its data are null where it is absent.
    pub detail: rtvi_str,
}

/// The statistics of one stream of video, sent or received.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_video_stream_stats {
    /// Frames that were sent, or that arrived completely.
    pub frames: u64,
    /// Frames that were dropped: not sent because they were too large or too many, or not shown
    /// because they were incomplete or needed a frame that was.
    pub frames_dropped: u64,
    /// Key frames among `frames`.
    pub key_frames: u64,
    /// Width of the last frame in pixels; 0 before it.
    pub width: u32,
    /// Height of the last frame in pixels; 0 before it.
    pub height: u32,
    /// Frames in the last second.
    pub frame_rate: u32,
    /// Bits in the last second, without headers.
    pub bitrate: u64,
    /// The bitrate that this stream may have now, in bits per second.
    pub target_bitrate: u64,
    /// Packets that were sent, or that arrived.
    pub packets: u64,
    /// Packets that were repeated because the receiver asked for them.
    pub packets_repeated: u64,
    /// Packets that the receiver asked to repeat.
    pub nacks: u64,
    /// Key frames that the receiver asked for.
    pub key_frame_requests: u64,
    /// Pauses of the shown picture that a person notices; received video only.
    pub freezes: u64,
    /// The total time of these pauses. In milliseconds.
    pub freeze_time_ms: f64,
}

/// The statistics of a connection's video, one part for each stream. All counts are for this
/// connection, since its start.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_video_stats {
    /// The camera's stream.
    pub camera: *const rtvi_video_stream_stats,
    /// The screen's stream.
    pub screen: *const rtvi_video_stream_stats,
    /// The bot's stream.
    pub bot: *const rtvi_video_stream_stats,
}

/// The quality of a connection. All counts are for this connection, since its start.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_transport_stats {
    /// The round-trip time of a packet; absent until it is measured. Null where it is absent.
    pub round_trip_ms: *const f64,
    /// The jitter of the bot's packets (RFC 3550 §6.4.1). In milliseconds.
    pub jitter_ms: f64,
    /// Packets of the bot's audio that arrived.
    pub packets_received: u64,
    /// Packets of the bot's audio that did not arrive or arrived too late.
    pub packets_lost: u64,
    /// Packets of the bot's audio that arrived too late.
    pub packets_late: u64,
    /// Packets of the bot's audio that were lost, but arrived in time after the server was asked to
    /// repeat them.
    pub packets_repeated: u64,
    /// Frames of 20 ms that were recovered or concealed in place of lost packets.
    pub frames_concealed: u64,
    /// Packets of the bot's audio that could not be decoded.
    pub packets_unreadable: u64,
    /// Packets of the bot's audio that arrived but are not played: they belong to a stream that the
    /// server has not announced, or to a second stream at the same time, or there is no room for
    /// them. The event `audioDropped` also reports each of them.
    pub packets_dropped: u64,
    /// Packets of video, which are not played.
    pub video_packets_dropped: u64,
    /// Packets of the user's audio that were sent.
    pub packets_sent: u64,
    /// The bitrate of the bot's audio in the last second, in bits per second without headers.
    pub receive_bitrate: u64,
    /// The bitrate of the user's audio in the last second, in bits per second without headers.
    pub send_bitrate: u64,
    /// The amount of the bot's audio in the jitter buffer. In milliseconds.
    pub buffer_depth_ms: f64,
    /// The target delay of the jitter buffer. In milliseconds.
    pub buffer_target_ms: f64,
    /// The client's end of the connection, as kind and address: `host 192.0.2.1:5000`. With ICE
    /// over TCP, ` tcp` follows. Its data are null where it is absent.
    pub local_candidate: rtvi_str,
    /// The server's end of the connection. Its data are null where it is absent.
    pub remote_candidate: rtvi_str,
    /// The video; absent if the connection carries none. Null where it is absent.
    pub video: *const rtvi_video_stats,
}

/// The capabilities of a bot in a session. If one is absent, the bot did not report it: show the
/// usual user interface. If it is false, hide that part of the interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_capabilities {
    /// The bot hears the user. Null where it is absent.
    pub audio_in: *const bool,
    /// The bot speaks. Null where it is absent.
    pub audio_out: *const bool,
    /// The bot sees the user's camera. Null where it is absent.
    pub video_in: *const bool,
    /// The bot sees the user's screen. Null where it is absent.
    pub screen_in: *const bool,
    /// The bot sends video. Null where it is absent.
    pub video_out: *const bool,
    /// The bot reports metrics. Null where it is absent.
    pub metrics: *const bool,
}

/// What the bot reports about itself when it is ready.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_ready_data {
    /// The protocol version, as written by the server. Its data are null where it is absent.
    pub version: rtvi_str,
    /// The bot's library and further details. Any JSON; by default an object `{library,
    /// library_version}`. Null where it is absent.
    pub about: *const rtvi_json,
    /// The bot's capabilities in this session (since 2.2.0). Null where it is absent.
    pub capabilities: *const rtvi_bot_capabilities,
    /// The service configuration, which only servers before 1.0 send. Null where it is absent.
    pub config: *const rtvi_json,
}

/// The bot's answer to a client-message.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_server_response_data {
    /// The type of the client-message.
    pub t: rtvi_str,
    /// The answer. An explicit null is the same as no answer. Null where it is absent.
    pub d: *const rtvi_json,
}

/// How much of a segment has been spoken.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_spoken_progress {
    /// The text up to and including the word being spoken.
    pub accumulated_text: rtvi_str,
    /// The text that has not been spoken yet.
    pub remaining_text: rtvi_str,
}

/// A piece of what the bot says or writes.
///
/// From protocol 2 on, the messages of one segment share a segment id and report its progress. A
/// 1.x server sends each piece twice: once when it is written and once when it is spoken. The field
/// `spoken` distinguishes the two. On output, the type is written under all three names that
/// protocol 2 servers use: `output_type`, `text_type` and `aggregated_by`.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_output_data {
    /// The text of the piece.
    pub text: rtvi_str,
    /// Its form; a sentence if the server does not report it.
    pub output_type: rtvi_str,
    /// The segment that it belongs to. Null where it is absent.
    pub segment_id: *const u64,
    /// Whether it has been spoken. 1.x servers send it; protocol 2 servers send it with a segment's
    /// first message. Null where it is absent.
    pub spoken: *const bool,
    /// Whether it will be spoken. Null where it is absent.
    pub will_be_spoken: *const bool,
    /// How far the segment has been spoken. Its data are null where it is absent.
    pub spoken_status: rtvi_str,
    /// What has been spoken and what has not. Null where it is absent.
    pub spoken_progress: *const rtvi_spoken_progress,
}

/// A text, and no other field.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_text_data {
    /// The text.
    pub text: rtvi_str,
}

/// Synthesized speech.
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
    /// The speaker; empty if the transport does not know. Its data are null where it is absent.
    pub user_id: rtvi_str,
    /// The time by the server's clock, as ISO 8601. Its data are null where it is absent.
    pub timestamp: rtvi_str,
    /// False for an interim transcription; `final` on the wire. A transcription without this field
    /// is final.
    pub is_final: bool,
}

/// What the user said or typed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_user_input_data {
    /// The text.
    pub text: rtvi_str,
    /// How the input reached the bot.
    pub input_type: rtvi_str,
    /// The time by the server's clock, as ISO 8601. Its data are null where it is absent.
    pub timestamp: rtvi_str,
    /// False for an interim transcription; `final` on the wire. Input without this field is final.
    pub is_final: bool,
    /// The user who spoke or typed, if the transport knows. Its data are null where it is absent.
    pub user_id: rtvi_str,
    /// For typed input, the id of the client's send-text message. Its data are null where it is absent.
    pub msg_id: rtvi_str,
}

/// A marker that the LLM added to its text. The bot does not speak it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_llm_marker_data {
    /// The marker; empty if the answer has none.
    pub text: rtvi_str,
    /// Its meaning, as described by the bot's author. Its data are null where it is absent.
    pub kind: rtvi_str,
    /// The LLM's complete answer with its markers.
    pub raw: rtvi_str,
    /// All markers that the bot knows.
    pub markers: *const rtvi_str,
    /// How many.
    pub markers_count: usize,
}

/// A part of an answer, with how well its site supports it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_search_result {
    /// The text of the part.
    pub text: rtvi_str,
    /// Confidences from 0 to 1; 0 where the server has no number, such as `NaN`.
    pub confidence: *const f64,
    /// How many.
    pub confidence_count: usize,
}

/// A site that a search result comes from.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_search_origin {
    /// Its URL. Its data are null where it is absent.
    pub site_uri: rtvi_str,
    /// Its title. Its data are null where it is absent.
    pub site_title: rtvi_str,
    /// The parts of the answer that it supports.
    pub results: *const *const rtvi_search_result,
    /// How many.
    pub results_count: usize,
}

/// The results of a web search by the LLM.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_llm_search_response_data {
    /// The answer. Its data are null where it is absent.
    pub search_result: rtvi_str,
    /// HTML to show with the answer, as the search service requires. Its data are null where it is absent.
    pub rendered_content: rtvi_str,
    /// The sites that the answer is based on.
    pub origins: *const *const rtvi_search_origin,
    /// How many.
    pub origins_count: usize,
}

/// A call of a client's function, in the deprecated form.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_function_call_data {
    /// The function's name.
    pub function_name: rtvi_str,
    /// The call's id; the result must carry it. Empty if the LLM assigned no id. Not unique,
    /// because LLMs number the calls of each round.
    pub tool_call_id: rtvi_str,
    /// The arguments; this message calls them `args` on the wire.
    pub arguments: *const rtvi_json,
}

/// A call that is about to happen.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_function_call_started_data {
    /// The function's name, if the server's report level includes it. Its data are null where it is absent.
    pub function_name: rtvi_str,
}

/// A call that is running.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_function_call_in_progress_data {
    /// The call's id.
    pub tool_call_id: rtvi_str,
    /// The function's name, if the server's report level includes it. Its data are null where it is absent.
    pub function_name: rtvi_str,
    /// The arguments, if the server's report level includes them. Null where it is absent.
    pub arguments: *const rtvi_json,
}

/// A call that ended.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_function_call_stopped_data {
    /// The call's id.
    pub tool_call_id: rtvi_str,
    /// Whether it was cancelled rather than completed.
    pub cancelled: bool,
    /// The function's name, if the server's report level includes it. Its data are null where it is absent.
    pub function_name: rtvi_str,
    /// The result, if the server's report level includes it. Servers omit empty, false and zero
    /// results. Null where it is absent.
    pub result: *const rtvi_json,
}

/// One measurement.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_metric_entry {
    /// The part of the bot that was measured, if the server names it. Its data are null where it is absent.
    pub processor: rtvi_str,
    /// The model that it uses, if any. Its data are null where it is absent.
    pub model: rtvi_str,
    /// The measured value in seconds or characters, if it is one number. Null where it is absent.
    pub value: *const f64,
    /// All fields as the server sent them, including those above.
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
    /// Tokens of the LLM: `prompt_tokens`, `completion_tokens`, `total_tokens` and more; without
    /// `processor`.
    pub tokens: *const *const rtvi_metric_entry,
    /// How many.
    pub tokens_count: usize,
    /// Audio transcribed since the last report: `value` is `{audio_seconds}`.
    pub stt_usage: *const *const rtvi_metric_entry,
    /// How many.
    pub stt_usage_count: usize,
    /// Kinds that this version does not know, unchanged.
    pub other: *const rtvi_json,
}

/// Loudness.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_audio_level_data {
    /// From 0 (silence) to 1; 0 where the server has no number, such as `NaN`.
    pub value: f64,
}

/// A command for the user interface.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_ui_command_data {
    /// The command: a built-in name such as `toast` or `scroll_to`, or one that the app defines.
    pub command: rtvi_str,
    /// Its arguments. Null where it is absent.
    pub payload: *const rtvi_json,
}

/// A step of a group of jobs. `kind` identifies the step, and so which fields are set.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_ui_job_group_data {
    /// The kind of step.
    pub kind: rtvi_str,
    /// The group's id.
    pub job_id: rtvi_str,
    /// The time of the step by the server's clock, in milliseconds since 1970; 0 if the server does
    /// not report it.
    pub at: i64,
    /// Group started: the names of the workers.
    pub workers: *const rtvi_str,
    /// How many.
    pub workers_count: usize,
    /// Group started: a display name. Its data are null where it is absent.
    pub label: rtvi_str,
    /// Group started: whether the user may cancel it; true if absent. Null where it is absent.
    pub cancellable: *const bool,
    /// Job update and job completed: the name of the worker. Its data are null where it is absent.
    pub worker_name: rtvi_str,
    /// Job update: what the worker reports. Null where it is absent.
    pub data: *const rtvi_json,
    /// Job completed: how the job ended. Its data are null where it is absent.
    pub status: rtvi_str,
    /// Job completed: the job's result. Null where it is absent.
    pub response: *const rtvi_json,
}

