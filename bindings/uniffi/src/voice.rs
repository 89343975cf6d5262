//! The user's and the bot's voice: audio processing, push-to-talk, volume and recordings.
//!
//! Depends on [`crate::client`]. Each method calls one of the core's.

use std::{sync::Arc, time::Duration};

use rtvi_core::protocol::object_from_value;
use serde_json::Value;

use crate::{FfiCancellation, FfiClient, error::FfiError};

#[uniffi::export]
impl FfiClient {
    /// Drops the bot's audio that has not been played yet, with a short fade.
    pub async fn flush_bot_audio(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.flush_bot_audio().await }).await
    }

    /// Drops the bot's audio that has not been played yet, and fades out within `fade_ms`, at most
    /// 100 ms.
    pub async fn fade_out_bot_audio(
        &self,
        fade_ms: u32,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        let fade = Duration::from_millis(fade_ms.into());
        self.call(cancellation, |client| async move { client.fade_out_bot_audio(fade).await }).await
    }

    /// Sets the volume of the bot from now on. The samples are multiplied by `gain`, 0 to 4, and
    /// limited.
    pub fn set_bot_gain(&self, gain: f32) -> Result<(), FfiError> {
        self.with(|client| {
            client.set_bot_gain(gain);
            Ok(())
        })
    }

    /// Selects the processing of the microphone's audio. `stages` is the object `audioProcessing`
    /// of the voice options.
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

    /// Presses the push-to-talk button. Does nothing unless the voice options contain `pushToTalk`.
    pub async fn press_to_talk(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.press_to_talk().await }).await
    }

    /// Releases the push-to-talk button.
    pub async fn release_to_talk(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.release_to_talk().await }).await
    }

    /// Records the conversation from now on in a stereo WAV file of 24 kHz. The left channel is the
    /// user as sent, the right channel the bot as played, aligned in time.
    pub async fn start_recording(
        &self,
        path: String,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.start_recording(path).await }).await
    }

    /// Completes the recording and returns its length; 0 if there was none.
    pub async fn stop_recording(
        &self,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<Duration, FfiError> {
        self.call(cancellation, |client| async move { client.stop_recording().await }).await
    }
}
