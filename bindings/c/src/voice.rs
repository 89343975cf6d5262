//! What an app does with the user's and the bot's voice: cleaning, push-to-talk, volume, recordings.
//!
//! Depends on [`crate::client`] and [`crate::call`]. Nothing here waits, except where a call is made.

use std::time::Duration;

use rtvi_core::media::AudioProcessing;
use serde_json::Value;

use crate::{
    call::{self, rtvi_call},
    client,
    error::rtvi_error,
    event_callback::rtvi_client,
    panic::guard,
    text::rtvi_str,
};

/// Drops what the bot has said and was not played yet, with a short fade.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_flush_bot_audio(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.flush_bot_audio().await.map(|()| None) }))
}

/// Drops what the bot has said and was not played yet, fading out within `fade_ms`, at most 100 ms.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_fade_out_bot_audio(
    client: *mut rtvi_client,
    fade_ms: u32,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    let fade = Duration::from_millis(fade_ms.into());
    call::run(client, call, |core| Ok(async move { core.fade_out_bot_audio(fade).await.map(|()| None) }))
}

/// Makes the bot louder or quieter from now on: its samples are multiplied by `gain`, 0 to 4, and limited.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_set_bot_gain(client: *mut rtvi_client, gain: f32) -> Option<Box<rtvi_error>> {
    guard(|| {
        client::get(client)?.core().set_bot_gain(gain);
        Ok(())
    })
}

/// Switches what the microphone's audio is cleaned of: `stages` is the object `audioProcessing` of the voice options; empty is all off.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_update_audio_processing(
    client: *mut rtvi_client,
    stages: rtvi_str,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let stages = stages.read::<AudioProcessing>("stages")?;
        Ok(async move { core.update_audio_processing(stages).await.map(|()| None) })
    })
}

/// Presses the button of push-to-talk. Does nothing unless the voice options have `pushToTalk`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_press_to_talk(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.press_to_talk().await.map(|()| None) }))
}

/// Releases the button of push-to-talk.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_release_to_talk(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.release_to_talk().await.map(|()| None) }))
}

/// Records the conversation from now on in a stereo WAV file of 24 kHz: left the user as sent, right the bot as played, aligned in time.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_start_recording(
    client: *mut rtvi_client,
    path: rtvi_str,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let path = path.text("path")?.to_owned();
        Ok(async move { core.start_recording(path).await.map(|()| None) })
    })
}

/// Completes the recording. The result is how long it is, in milliseconds; 0 if there was none.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_stop_recording(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    let millis = |length: Duration| Some(Value::from(u64::try_from(length.as_millis()).unwrap_or(u64::MAX)));
    call::run(client, call, move |core| Ok(async move { core.stop_recording().await.map(millis) }))
}
