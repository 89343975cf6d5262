//! The turns of conversations, and the information of a client.
//!
//! Printed by `cargo xtask bindings` from the core's types.

use super::{enums::*, structs::*};
use crate::{json::rtvi_json, text::rtvi_str};

/// A part of a bot's turn.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_part {
    /// The kind.
    pub kind: rtvi_bot_part_kind,
    /// The segment. Of `RTVI_BOT_PART_SEGMENT` only. Null where it is absent.
    pub segment: *const rtvi_segment,
    /// The function call. Of `RTVI_BOT_PART_FUNCTION_CALL` only. Null where it is absent.
    pub function_call: *const rtvi_function_call_entry,
    /// What the user said. Of `RTVI_BOT_PART_USER_BACKCHANNEL` only. Its data are null where it is absent.
    pub text: rtvi_str,
}

/// Whose turn it is, and what was said.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_turn_content {
    /// The kind.
    pub kind: rtvi_turn_content_kind,
    /// The user. Of `RTVI_TURN_CONTENT_USER` only. Null where it is absent.
    pub user: *const rtvi_user_turn,
    /// The bot. Of `RTVI_TURN_CONTENT_BOT` only. Null where it is absent.
    pub bot: *const rtvi_bot_turn,
}

/// How much audio a client has moved since it was created.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_audio_stats {
    /// The user's audio passed to the transport, silence included. In milliseconds.
    pub sent_ms: f64,
    /// The user's audio that was lost because the transport, its server or the client did not take
    /// it in time, or because it came too early before the bot was ready.
    /// The event `audioDropped` gives the reason. In milliseconds.
    pub send_dropped_ms: f64,
    /// The bot's audio that arrived. In milliseconds.
    pub received_ms: f64,
    /// The bot's audio passed to the speaker. In milliseconds.
    pub played_ms: f64,
    /// The bot's audio that was discarded because the bot was interrupted. In milliseconds.
    pub flushed_ms: f64,
    /// The bot's audio that was lost because too much of it was waiting, or because the speaker was
    /// too slow. The transport's statistics count the WebRTC packets that were dropped before
    /// decoding. In milliseconds.
    pub receive_dropped_ms: f64,
}

/// The effect of an event on the conversation.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_conversation_change {
    /// How many of the oldest turns were removed because there were too many. Every index decreased
    /// by this number.
    pub dropped: u32,
    /// The index of the first turn that may have been changed, added or removed; earlier turns are
    /// unchanged. It is nearly always the last turn or the one before it. If only the last turns
    /// were removed, it equals the number of turns.
    pub first: u32,
}

/// A piece of what the bot says or writes, such as a sentence.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_segment {
    /// The server's number for the segment; absent with 1.x servers. Null where it is absent.
    pub id: *const u64,
    /// Its form, such as a sentence, or one that the app defines.
    pub kind: rtvi_str,
    /// The complete text.
    pub text: rtvi_str,
    /// How far the segment has been spoken.
    pub state: rtvi_segment_state,
    /// What has been spoken so far: the beginning of the text.
    ///
    /// From protocol 2 on, this is exactly what the server reports. A 1.x server reports single
    /// words, and the client matches them with the text. After a word that does not match (such as
    /// a number spelled out), the words are joined with single spaces, and the result is no longer
    /// the beginning of the text.
    pub spoken_text: rtvi_str,
    /// Whether the bot is still writing it, so that the text grows.
    pub growing: bool,
}

/// A function call of the LLM. The server's report level decides how much of it is known.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_function_call_entry {
    /// The call's id.
    pub tool_call_id: rtvi_str,
    /// The function's name, if reported. Its data are null where it is absent.
    pub function_name: rtvi_str,
    /// The arguments, if reported: a JSON object. Null where it is absent.
    pub arguments: *const rtvi_json,
    /// The progress of the call. Calls in the form of 1.x servers are never reported as done.
    pub state: rtvi_function_call_state,
    /// The result, if reported. Null where it is absent.
    pub result: *const rtvi_json,
}

/// What the bot said, wrote and did.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_turn {
    /// The parts, in order.
    pub parts: *const *const rtvi_bot_part,
    /// How many.
    pub parts_count: usize,
    /// How much of the turn's audio was heard, summed over its utterances so far. Absent until one
    /// was heard, and without audio. Null where it is absent.
    pub audio: *const rtvi_bot_audio_heard,
}

/// What the user said or typed.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_user_turn {
    /// The confirmed text: the final transcriptions, or what was typed.
    pub final_text: rtvi_str,
    /// What the user is saying, as transcribed so far. It changes until it moves into the final
    /// text. Its data are null where it is absent.
    pub interim: rtvi_str,
    /// What the LLM received, which may differ. It is the only text if an app or a 1.x client's
    /// text started the turn. Its data are null where it is absent.
    pub llm_text: rtvi_str,
    /// Whether it was typed rather than spoken.
    pub typed: bool,
    /// Whether the user is speaking now.
    pub speaking: bool,
    /// The speaker, if the transport knows. Its data are null where it is absent.
    pub user_id: rtvi_str,
    /// When the first text arrived, as ISO 8601 by the server's clock. Its data are null where it is absent.
    pub timestamp: rtvi_str,
    /// For typed text, the id of the send-text message. Its data are null where it is absent.
    pub msg_id: rtvi_str,
    /// Short acknowledgements of the user that formed no turn and occurred when there was no bot
    /// turn to hold them.
    pub backchannels: *const rtvi_str,
    /// How many.
    pub backchannels_count: usize,
}

/// What one side said before the other took over.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_turn {
    /// The number of the turn, from 0. It is never reused in this conversation, so it can serve as
    /// a key for lists.
    pub id: u64,
    /// Everything said or written in the turn, and everything still to be said. A user's turn
    /// includes what is still being transcribed.
    pub text: rtvi_str,
    /// What reached the other side: what the user heard of the bot, or what the LLM received from
    /// the user.
    ///
    /// Text that is never spoken is not heard either.
    pub heard_text: rtvi_str,
    /// Whether something is missing because a limit was reached.
    pub truncated: bool,
    /// Whose turn it is, and what was said.
    pub content: *const rtvi_turn_content,
}

/// Measurements of the processing of the microphone's audio.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_processing_stats {
    /// How far the echo lags behind the speaker, as the echo canceller has measured. Null where it is absent.
    pub echo_delay_ms: *const f64,
    /// How much weaker the echo became, in decibels, as the echo canceller estimates (ERLE). Null where it is absent.
    pub echo_reduction_db: *const f32,
}

/// What a client knows of its bot, its devices and its audio at one moment.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_client_info {
    /// What the bot said when it became ready; absent without a session. Null where it is absent.
    pub bot: *const rtvi_bot_ready_data,
    /// What the devices are doing.
    pub media_state: *const rtvi_media_state,
    /// The audio and video that flows now, the user's and the bot's.
    pub tracks: *const *const rtvi_track,
    /// How many.
    pub tracks_count: usize,
    /// How much audio has been moved since the client was made.
    pub audio_stats: *const rtvi_audio_stats,
    /// How the processing of the microphone's audio does, as of the last report of levels.
    pub processing_stats: *const rtvi_processing_stats,
    /// The microphones to choose from.
    pub mics: *const *const rtvi_media_device,
    /// How many.
    pub mics_count: usize,
    /// The speakers to choose from.
    pub speakers: *const *const rtvi_media_device,
    /// How many.
    pub speakers_count: usize,
    /// The cameras to choose from.
    pub cams: *const *const rtvi_media_device,
    /// How many.
    pub cams_count: usize,
    /// The microphone in use. Null where it is absent.
    pub selected_mic: *const rtvi_media_device,
    /// The speaker in use. Null where it is absent.
    pub selected_speaker: *const rtvi_media_device,
    /// The camera in use. Null where it is absent.
    pub selected_cam: *const rtvi_media_device,
    /// Whether the microphone is on, or will be when a session begins.
    pub is_mic_enabled: bool,
    /// Whether the camera is on, or will be when a session begins.
    pub is_cam_enabled: bool,
    /// Whether pictures of the screen flow to the bot.
    pub is_sharing_screen: bool,
}

