//! What an app does with the user's and the bot's voice: cleaning, push-to-talk, volume, recordings.
//!
//! Depends on [`crate::client`]. Each method is one of the core's.

use std::{sync::Arc, time::Duration};

use rtvi_core::protocol::object_from_value;
use serde_json::Value;

use crate::{FfiCancellation, FfiClient, error::FfiError};

#[uniffi::export]
impl FfiClient {
    /// Drops what the bot has said and was not played yet, with a short fade.
    pub async fn flush_bot_audio(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.flush_bot_audio().await }).await
    }

    /// Drops what the bot has said and was not played yet, fading out within `fade_ms`, at most 100 ms.
    pub async fn fade_out_bot_audio(
        &self,
        fade_ms: u32,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        let fade = Duration::from_millis(fade_ms.into());
        self.call(cancellation, |client| async move { client.fade_out_bot_audio(fade).await }).await
    }

    /// Makes the bot louder or quieter from now on: its samples are multiplied by `gain`, 0 to 4, and limited.
    pub fn set_bot_gain(&self, gain: f32) -> Result<(), FfiError> {
        self.with(|client| {
            client.set_bot_gain(gain);
            Ok(())
        })
    }

    /// Switches what the microphone's audio is cleaned of: `stages` is the object `audioProcessing` of the voice options.
    pub async fn update_audio_processing(
        &self,
        stages: Value,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move {
            client.update_audio_processing(object_from_value("stages", &stages)?).await
        })
        .await
    }

    /// Presses the button of push-to-talk. Does nothing unless the voice options have `pushToTalk`.
    pub async fn press_to_talk(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.press_to_talk().await }).await
    }

    /// Releases the button of push-to-talk.
    pub async fn release_to_talk(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.release_to_talk().await }).await
    }

    /// Records the conversation from now on in a stereo WAV file of 24 kHz: left the user as sent, right the bot as played, aligned in time.
    pub async fn start_recording(
        &self,
        path: String,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.start_recording(path).await }).await
    }

    /// Completes the recording and says how long it is; 0 if there was none.
    pub async fn stop_recording(
        &self,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<Duration, FfiError> {
        self.call(cancellation, |client| async move { client.stop_recording().await }).await
    }
}
