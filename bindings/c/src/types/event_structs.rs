//! The fields of events that have no payload struct.
//!
//! Printed by `cargo xtask bindings` from the core's types.

use super::structs::*;
use super::enums::*;
use crate::{error::rtvi_error, json::rtvi_json, text::rtvi_str};

/// The client changed its state.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_transport_state_changed_event {
    /// The state.
    pub state: rtvi_state,
}

/// The start endpoint answered. Holds the complete answer.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_started_event {
    /// The answer.
    pub answer: *const rtvi_json,
}

/// The connection was lost and is being restored.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_reconnecting_event {
    /// The number of the next attempt; the first is 1.
    pub attempt: u32,
    /// The maximum number of attempts.
    pub max_attempts: u32,
    /// Why the connection was lost.
    pub reason: *const rtvi_error,
}

/// An error occurred that no call can return. Fatal errors end the session.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_error_event {
    /// The error.
    pub error: *const rtvi_error,
    /// Whether the error ends the session.
    pub fatal: bool,
}

/// The server answered a message with an error.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_message_error_event {
    /// The id of the message that caused the error, if the server named one. Its data are null where it is absent.
    pub id: rtvi_str,
    /// The server's text.
    pub error: rtvi_str,
}

/// The client could not read a message from the server and dropped it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_protocol_error_event {
    /// The message's type, if it could be read. Its data are null where it is absent.
    pub wire_type: rtvi_str,
    /// The problem with the message.
    pub reason: rtvi_str,
}

/// An option requests something that is not supported here.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_unsupported_feature_event {
    /// The feature.
    pub feature: rtvi_str,
}

/// The screen can't be shared, or no longer can. It is off from now on.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_screen_share_error_event {
    /// The error.
    pub error: *const rtvi_error,
}

/// The available microphones: reported once, then whenever a microphone is added or
/// removed. Not reported for app-provided audio. This and the other device events also
/// arrive outside sessions.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_available_mics_updated_event {
    /// The mics.
    pub mics: *const *const rtvi_media_device,
    /// How many.
    pub mics_count: usize,
}

/// The available speakers, reported as for microphones.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_available_speakers_updated_event {
    /// The speakers.
    pub speakers: *const *const rtvi_media_device,
    /// How many.
    pub speakers_count: usize,
}

/// The available cameras, reported as for microphones.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_available_cams_updated_event {
    /// The cams.
    pub cams: *const *const rtvi_media_device,
    /// How many.
    pub cams_count: usize,
}

/// A microphone, speaker or camera failed or was disconnected. If another device replaces it,
/// an event about the new device follows.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_device_error_event {
    /// The error.
    pub error: *const rtvi_error,
}

/// The loudness of the microphone after its processing, 0 to 1, about ten times a
/// second unless an option sets another period. Skipped while the app is slow.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_local_audio_level_event {
    /// The level.
    pub level: f32,
}

/// The loudness of the bot's audio as played, 0 to 1, about ten times a second. Skipped
/// while the app is slow.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_remote_audio_level_event {
    /// The level.
    pub level: f32,
}

/// A message defined by the app: any JSON, or nothing.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_server_message_event {
    /// The message. Null where it is absent.
    pub data: *const rtvi_json,
}

/// A message whose type this version does not know, unchanged.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_unknown_message_event {
    /// Its type.
    pub wire_type: rtvi_str,
    /// Its data, if any. Null where it is absent.
    pub data: *const rtvi_json,
}

