//! The client's state and devices.
//!
//! Depends on [`crate::client`] and [`crate::call`]. Nothing here waits, except where a call is made.

use std::time::Duration;

use rtvi_core::{Error, PipecatClient, client::AudioStats, media::ProcessingStats};
use serde_json::{Value, json};

use crate::{
    call::{self, rtvi_call},
    client::{self, rtvi_client},
    error::rtvi_error,
    panic::{Outcome, guard, guard_or},
    text::{rtvi_str, rtvi_string},
    types::enums::rtvi_state,
    view::Numbered,
};

/// The present state; disconnected for what is no client.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_get_state(client: *const rtvi_client) -> rtvi_state {
    let state = || client::get(client).map(|client| rtvi_state::of(client.core().state()));
    guard_or(rtvi_state::RTVI_STATE_DISCONNECTED, || state().unwrap_or(rtvi_state::RTVI_STATE_DISCONNECTED))
}

/// What can be asked of a client at any time.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_info {
    /// What the bot said when it became ready; null without a session.
    RTVI_INFO_BOT = 0,
    /// What the devices are doing: `mic`, `speaker`, `cam`, each with a `state`.
    RTVI_INFO_MEDIA_STATE = 1,
    /// The audio that flows now: a list of `kind` and `participant`.
    RTVI_INFO_TRACKS = 2,
    /// How much audio was moved since the client was made, in milliseconds: `sent`, `sendDropped`, `received`, `played`, `flushed`,
    /// `receiveDropped`.
    RTVI_INFO_AUDIO_STATS = 3,
    /// The microphones to choose from: a list of `deviceId` and `label`.
    RTVI_INFO_MICS = 4,
    /// The speakers to choose from: a list of `deviceId` and `label`.
    RTVI_INFO_SPEAKERS = 5,
    /// The cameras to choose from: none.
    RTVI_INFO_CAMS = 6,
    /// The microphone in use: `deviceId` and `label`, or null.
    RTVI_INFO_SELECTED_MIC = 7,
    /// The speaker in use: `deviceId` and `label`, or null.
    RTVI_INFO_SELECTED_SPEAKER = 8,
    /// The camera in use: null.
    RTVI_INFO_SELECTED_CAM = 9,
    /// Whether the microphone is on, or will be when a session begins.
    RTVI_INFO_MIC_ENABLED = 10,
    /// Whether the camera is on: false.
    RTVI_INFO_CAM_ENABLED = 11,
    /// Whether the screen is shared: false.
    RTVI_INFO_SHARING_SCREEN = 12,
    /// How the cleaning of the microphone's audio does: `echoDelayMs`, by which the echo lags behind the speaker, and `echoReductionDb`;
    /// null while not known.
    RTVI_INFO_PROCESSING_STATS = 13,
}

type Ask = fn(&PipecatClient) -> Value;

/// How each is asked, in the order of [`rtvi_info`].
const ASKS: [Ask; 14] = [
    |client| json!(client.bot()),
    |client| json!(client.media_state()),
    |client| json!(client.tracks()),
    |client| stats(client.audio_stats()),
    |client| json!(client.get_all_mics()),
    |client| json!(client.get_all_speakers()),
    |client| json!(client.get_all_cams()),
    |client| json!(client.selected_mic()),
    |client| json!(client.selected_speaker()),
    |client| json!(client.selected_cam()),
    |client| json!(client.is_mic_enabled()),
    |client| json!(client.is_cam_enabled()),
    |client| json!(client.is_sharing_screen()),
    |client| processing(client.processing_stats()),
];

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn processing(stats: ProcessingStats) -> Value {
    json!({ "echoDelayMs": stats.echo_delay.map(millis), "echoReductionDb": stats.echo_reduction_db })
}

fn stats(stats: AudioStats) -> Value {
    json!({
        "sent": millis(stats.sent),
        "sendDropped": millis(stats.send_dropped),
        "received": millis(stats.received),
        "played": millis(stats.played),
        "flushed": millis(stats.flushed),
        "receiveDropped": millis(stats.receive_dropped),
    })
}

/// What the client knows about `info` (a `rtvi_info`), as JSON. Null for what is no client or no such question. Free it with
/// `rtvi_string_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_get_info(client: *const rtvi_client, info: i32) -> Option<Box<rtvi_string>> {
    guard_or(None, || {
        let ask = ASKS.get(usize::try_from(info).ok()?)?;
        let client = client::get(client).ok()?;
        Some(Box::new(rtvi_string::new(ask(client.core()).to_string())))
    })
}

/// The trace of the present session, or of the last one, for a bug report: what happened and when, as JSON
/// Lines that `rtvi trace` shows. It holds no token, header, URL or address and nothing that was said or
/// sent. In every state; takes up to a few milliseconds. Null for what is no client. Free it with
/// `rtvi_string_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_get_session_trace(client: *const rtvi_client) -> Option<Box<rtvi_string>> {
    guard_or(None, || {
        let client = client::get(client).ok()?;
        Some(Box::new(rtvi_string::new(client.core().session_trace())))
    })
}

/// Turns the microphone on or off, in any state. Off, it is muted at once, and closed after the time that the voice options say.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_enable_mic(
    client: *mut rtvi_client,
    enable: bool,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.enable_mic(enable).await.map(|()| None) }))
}

/// Uses the microphone with this `deviceId`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_update_mic(
    client: *mut rtvi_client,
    device_id: rtvi_str,
) -> Option<Box<rtvi_error>> {
    with_id(client, device_id, PipecatClient::update_mic)
}

/// Uses the speaker with this `deviceId`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_update_speaker(
    client: *mut rtvi_client,
    device_id: rtvi_str,
) -> Option<Box<rtvi_error>> {
    with_id(client, device_id, PipecatClient::update_speaker)
}

/// Uses the camera with this `deviceId`: fails, as no transport carries video.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_update_cam(
    client: *mut rtvi_client,
    device_id: rtvi_str,
) -> Option<Box<rtvi_error>> {
    with_id(client, device_id, PipecatClient::update_cam)
}

/// Turns the camera on or off: on fails, as no transport carries video.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_enable_cam(client: *mut rtvi_client, enable: bool) -> Option<Box<rtvi_error>> {
    guard(|| client::get(client)?.core().enable_cam(enable))
}

/// Shares the screen or stops sharing it: sharing fails, as no transport carries video.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_enable_screen_share(
    client: *mut rtvi_client,
    enable: bool,
) -> Option<Box<rtvi_error>> {
    guard(|| client::get(client)?.core().enable_screen_share(enable))
}

fn with_id(
    client: *mut rtvi_client,
    device_id: rtvi_str,
    update: fn(&PipecatClient, &str) -> Result<(), Error>,
) -> Outcome {
    guard(|| update(client::get(client)?.core(), device_id.text("device_id")?))
}
