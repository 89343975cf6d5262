//! The client's state and devices.
//!
//! Depends on [`crate::client`] and [`crate::call`]. Only functions that make a call wait.

use rtvi_core::{Error, PipecatClient};

use crate::{
    call::{self, rtvi_call},
    client,
    error::rtvi_error,
    event_callback::rtvi_client,
    panic::{Outcome, guard, guard_or},
    text::{rtvi_str, rtvi_string},
    types::enums::rtvi_state,
    view::Numbered,
};

/// Returns the current state; disconnected if `client` is null or freed.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_get_state(client: *const rtvi_client) -> rtvi_state {
    let state = || client::get(client).map(|client| rtvi_state::of(client.core().state()));
    guard_or(rtvi_state::RTVI_STATE_DISCONNECTED, || state().unwrap_or(rtvi_state::RTVI_STATE_DISCONNECTED))
}

/// Returns the trace of the current session, or of the last one, for a bug report: what happened
/// and when, as JSON Lines that `rtvi trace` shows. The trace contains no token, header, URL or
/// address, and nothing that anyone said or sent. Allowed in every state. Takes up to a few
/// milliseconds. Returns null if `client` is null or freed. Free the trace with `rtvi_string_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_get_session_trace(client: *const rtvi_client) -> Option<Box<rtvi_string>> {
    guard_or(None, || {
        let client = client::get(client).ok()?;
        Some(Box::new(rtvi_string::new(client.core().session_trace())))
    })
}

/// Turns the microphone on or off, in any state. Turning it off mutes it at once, and closes it
/// after the time set in the voice options.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_enable_mic(
    client: *mut rtvi_client,
    enable: bool,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.enable_mic(enable).await.map(|()| None) }))
}

/// Switches to the microphone with this `deviceId`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_update_mic(
    client: *mut rtvi_client,
    device_id: rtvi_str,
) -> Option<Box<rtvi_error>> {
    with_id(client, device_id, PipecatClient::update_mic)
}

/// Switches to the speaker with this `deviceId`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_update_speaker(
    client: *mut rtvi_client,
    device_id: rtvi_str,
) -> Option<Box<rtvi_error>> {
    with_id(client, device_id, PipecatClient::update_speaker)
}

/// Switches to the camera with this `deviceId`. Fails unless the client has a camera of the machine.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_update_cam(
    client: *mut rtvi_client,
    device_id: rtvi_str,
) -> Option<Box<rtvi_error>> {
    with_id(client, device_id, PipecatClient::update_cam)
}

/// Turns the camera on or off, in any state. The client opens the camera when it turns on and
/// releases it when it turns off. Turning it on fails if the client has none, or if the bot sees no
/// video.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_enable_cam(client: *mut rtvi_client, enable: bool) -> Option<Box<rtvi_error>> {
    guard(|| client::get(client)?.core().enable_cam(enable))
}

/// Starts or stops sharing the screen. Starting fails if the client has no screen, or if the bot sees
/// no screens.
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
