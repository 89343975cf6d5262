//! The fields of events that are no payload with a struct of its own.
//!
//! Printed by `cargo xtask bindings` from the core's types.

use super::structs::*;
use super::enums::*;
use crate::{error::rtvi_error, json::rtvi_json, text::rtvi_str};

/// The client is in another state.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_transport_state_changed_event {
    /// The state.
    pub state: rtvi_state,
}

/// The start endpoint answered; its whole answer.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_bot_started_event {
    /// The answer.
    pub answer: *const rtvi_json,
}

/// A connection was lost and is being restored.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_reconnecting_event {
    /// The attempt about to be made; the first is 1.
    pub attempt: u32,
    /// How many will be made.
    pub max_attempts: u32,
    /// Why the connection was lost.
    pub reason: *const rtvi_error,
}

/// Something went wrong that no call can report. `fatal` errors end the session.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_error_event {
    /// What.
    pub error: *const rtvi_error,
    /// Whether the session ends because of it.
    pub fatal: bool,
}

/// The server answered a message with an error.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_message_error_event {
    /// The id of the message it answers, if the server named one. Its data are null where it is absent.
    pub id: rtvi_str,
    /// The server's text.
    pub error: rtvi_str,
}

/// A message of the server could not be understood and was dropped.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_protocol_error_event {
    /// The message's type, if that much could be read. Its data are null where it is absent.
    pub wire_type: rtvi_str,
    /// What is wrong with it.
    pub reason: rtvi_str,
}

/// An option asks for something that is not supported here.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_unsupported_feature_event {
    /// The feature.
    pub feature: rtvi_str,
}

/// The microphones to choose from, at first and whenever one comes or goes. Not reported for app-provided audio. This and
/// the other events of devices come outside sessions, too.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_available_mics_updated_event {
    /// The mics.
    pub mics: *const *const rtvi_media_device,
    /// How many.
    pub mics_count: usize,
}

/// The speakers to choose from, as for microphones.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_available_speakers_updated_event {
    /// The speakers.
    pub speakers: *const *const rtvi_media_device,
    /// How many.
    pub speakers_count: usize,
}

/// A microphone or speaker failed or has gone. When another takes its place, an event for that follows.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_device_error_event {
    /// The error.
    pub error: *const rtvi_error,
}

/// Loudness of the microphone after its processing, 0 to 1, about ten times a second
/// unless an option sets another period. Skipped while the app is slow.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_local_audio_level_event {
    /// The level.
    pub level: f32,
}

/// Loudness of the bot as played, 0 to 1, about ten times a second. Skipped while the app is slow.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_remote_audio_level_event {
    /// The level.
    pub level: f32,
}

/// A message of the app's own: any JSON, or nothing.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_server_message_event {
    /// The message. Null where it is absent.
    pub data: *const rtvi_json,
}

/// A message that this version does not know, kept as it came.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_unknown_message_event {
    /// Its type.
    pub wire_type: rtvi_str,
    /// Its data, if any. Null where it is absent.
    pub data: *const rtvi_json,
}

