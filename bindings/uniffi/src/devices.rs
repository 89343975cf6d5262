//! Microphones, speakers and cameras.
//!
//! Depends on [`crate::client`]. Each method calls one of the core's.

use std::sync::Arc;

use rtvi_core::client::ClientInfo;

use crate::{FfiCancellation, FfiClient, error::FfiError};

#[uniffi::export]
impl FfiClient {
    /// Turns the microphone on or off, in any state.
    pub async fn enable_mic(
        &self,
        enable: bool,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.enable_mic(enable).await }).await
    }

    /// Turns the camera on or off, in any state. Turning it on fails as `unsupportedFeature` without a
    /// camera in the options, or if the bot reports that it takes no video.
    pub fn enable_cam(&self, enable: bool) -> Result<(), FfiError> {
        self.with(|client| client.enable_cam(enable))
    }

    /// Starts or stops sharing the screen, in any state. Starting fails as `unsupportedFeature`
    /// without a screen in the options, or if the bot reports that it takes no screen.
    pub fn enable_screen_share(&self, enable: bool) -> Result<(), FfiError> {
        self.with(|client| client.enable_screen_share(enable))
    }

    /// Returns everything that a client knows now of its bot, its devices and its audio.
    pub fn info(&self) -> Result<ClientInfo, FfiError> {
        self.with(|client| Ok(client.info()))
    }

    /// Whether the microphone is on, or will be when a session begins; false once closed.
    pub fn is_mic_enabled(&self) -> bool {
        self.core().is_ok_and(|client| client.is_mic_enabled())
    }

    /// Whether the camera is on, or will be when a session begins; false once closed.
    pub fn is_cam_enabled(&self) -> bool {
        self.core().is_ok_and(|client| client.is_cam_enabled())
    }

    /// Whether pictures of the screen flow to the bot; false once closed.
    pub fn is_sharing_screen(&self) -> bool {
        self.core().is_ok_and(|client| client.is_sharing_screen())
    }

    /// Switches to the microphone with this `deviceId`.
    pub fn update_mic(&self, device_id: String) -> Result<(), FfiError> {
        self.with(|client| client.update_mic(&device_id))
    }

    /// Switches to the speaker with this `deviceId`.
    pub fn update_speaker(&self, device_id: String) -> Result<(), FfiError> {
        self.with(|client| client.update_speaker(&device_id))
    }

    /// Switches to the camera with this `deviceId`.
    pub fn update_cam(&self, device_id: String) -> Result<(), FfiError> {
        self.with(|client| client.update_cam(&device_id))
    }
}
