//! Microphones, speakers and cameras.
//!
//! Depends on [`crate::client`]. Each method is one of the core's.

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

    /// Turns the camera on or off: on fails as `unsupportedFeature`.
    pub fn enable_cam(&self, enable: bool) -> Result<(), FfiError> {
        self.with(|client| client.enable_cam(enable))
    }

    /// Shares the screen or stops to: sharing fails as `unsupportedFeature`.
    pub fn enable_screen_share(&self, enable: bool) -> Result<(), FfiError> {
        self.with(|client| client.enable_screen_share(enable))
    }

    /// Everything that can be asked at any time.
    pub fn info(&self) -> Result<ClientInfo, FfiError> {
        self.with(|client| Ok(client.info()))
    }

    /// Uses the microphone with this `deviceId`.
    pub fn update_mic(&self, device_id: String) -> Result<(), FfiError> {
        self.with(|client| client.update_mic(&device_id))
    }

    /// Uses the speaker with this `deviceId`.
    pub fn update_speaker(&self, device_id: String) -> Result<(), FfiError> {
        self.with(|client| client.update_speaker(&device_id))
    }

    /// Uses the camera with this `deviceId`.
    pub fn update_cam(&self, device_id: String) -> Result<(), FfiError> {
        self.with(|client| client.update_cam(&device_id))
    }
}
