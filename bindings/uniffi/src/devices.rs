//! Microphones, speakers and cameras.
//!
//! Depends on [`crate::client`]. Each method is one of the core's.

use std::sync::Arc;

use rtvi_core::client::{MediaDevice, MediaState, Track};

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

    /// Whether the microphone is on, or will be when a session begins.
    pub fn is_mic_enabled(&self) -> bool {
        self.core().is_ok_and(|client| client.is_mic_enabled())
    }

    /// Turns the camera on or off: on fails as `unsupportedFeature`.
    pub fn enable_cam(&self, enable: bool) -> Result<(), FfiError> {
        self.with(|client| client.enable_cam(enable))
    }

    /// Whether the camera is on.
    pub fn is_cam_enabled(&self) -> bool {
        self.core().is_ok_and(|client| client.is_cam_enabled())
    }

    /// Shares the screen or stops to: sharing fails as `unsupportedFeature`.
    pub fn enable_screen_share(&self, enable: bool) -> Result<(), FfiError> {
        self.with(|client| client.enable_screen_share(enable))
    }

    /// Whether the screen is shared.
    pub fn is_sharing_screen(&self) -> bool {
        self.core().is_ok_and(|client| client.is_sharing_screen())
    }

    /// What the devices are doing: `mic`, `speaker`, `cam`, each with a `state`.
    pub fn media_state(&self) -> Result<MediaState, FfiError> {
        self.with(|client| Ok(client.media_state()))
    }

    /// The audio that flows now: a list of `kind` and `participant`.
    pub fn tracks(&self) -> Result<Vec<Track>, FfiError> {
        self.with(|client| Ok(client.tracks()))
    }

    /// The microphones to choose from: a list of `deviceId` and `label`.
    pub fn all_mics(&self) -> Result<Vec<MediaDevice>, FfiError> {
        self.with(|client| Ok(client.get_all_mics()))
    }

    /// The speakers to choose from: a list of `deviceId` and `label`.
    pub fn all_speakers(&self) -> Result<Vec<MediaDevice>, FfiError> {
        self.with(|client| Ok(client.get_all_speakers()))
    }

    /// The cameras to choose from: a list of `deviceId` and `label`.
    pub fn all_cams(&self) -> Result<Vec<MediaDevice>, FfiError> {
        self.with(|client| Ok(client.get_all_cams()))
    }

    /// The microphone in use: `deviceId` and `label`.
    pub fn selected_mic(&self) -> Result<Option<MediaDevice>, FfiError> {
        self.with(|client| Ok(client.selected_mic()))
    }

    /// The speaker in use: `deviceId` and `label`.
    pub fn selected_speaker(&self) -> Result<Option<MediaDevice>, FfiError> {
        self.with(|client| Ok(client.selected_speaker()))
    }

    /// The camera in use: `deviceId` and `label`.
    pub fn selected_cam(&self) -> Result<Option<MediaDevice>, FfiError> {
        self.with(|client| Ok(client.selected_cam()))
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
