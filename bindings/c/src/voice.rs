//! The user's and the bot's voice: audio processing, push-to-talk, volume and recordings.
//!
//! Depends on [`crate::client`] and [`crate::call`]. Only functions that make a call wait.

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

/// Drops the bot's audio that has not been played yet, with a short fade.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_flush_bot_audio(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.flush_bot_audio().await.map(|()| None) }))
}

/// Drops the bot's audio that has not been played yet, and fades out within `fade_ms`, at most 100
/// ms.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_fade_out_bot_audio(
    client: *mut rtvi_client,
    fade_ms: u32,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    let fade = Duration::from_millis(fade_ms.into());
    call::run(client, call, |core| Ok(async move { core.fade_out_bot_audio(fade).await.map(|()| None) }))
}

/// Sets the volume of the bot from now on. The samples are multiplied by `gain`, 0 to 4, and
/// limited.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_set_bot_gain(client: *mut rtvi_client, gain: f32) -> Option<Box<rtvi_error>> {
    guard(|| {
        client::get(client)?.core().set_bot_gain(gain);
        Ok(())
    })
}

/// Selects the processing of the microphone's audio. `stages` is the object `audioProcessing` of
/// the voice options. An empty text turns all stages off.
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

/// Presses the push-to-talk button. Does nothing unless the voice options contain `pushToTalk`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_press_to_talk(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.press_to_talk().await.map(|()| None) }))
}

/// Releases the push-to-talk button.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_release_to_talk(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.release_to_talk().await.map(|()| None) }))
}

/// Records the conversation from now on in a stereo WAV file of 24 kHz. The left channel is the
/// user as sent, the right channel the bot as played, aligned in time.
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

/// Completes the recording. Result: its length in milliseconds; 0 if there was none.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_stop_recording(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    let millis = |length: Duration| Some(Value::from(u64::try_from(length.as_millis()).unwrap_or(u64::MAX)));
    call::run(client, call, move |core| Ok(async move { core.stop_recording().await.map(millis) }))
}
