//! Microphones, speakers and cameras as apps see them.
//!
//! The client uses what the options gave it; this module lists and selects among that.

use crate::error::{Error, ErrorKind};

use super::{MediaDevice, PipecatClient};

/// Devices. Lists are those of the moment; they are filled by [`init_devices`](PipecatClient::init_devices).
impl PipecatClient {
    /// The microphones to choose from.
    pub fn get_all_mics(&self) -> Vec<MediaDevice> {
        self.selected_mic().into_iter().collect()
    }

    /// The speakers to choose from.
    pub fn get_all_speakers(&self) -> Vec<MediaDevice> {
        self.selected_speaker().into_iter().collect()
    }

    /// The cameras to choose from: none, as no transport carries video.
    pub const fn get_all_cams(&self) -> Vec<MediaDevice> {
        Vec::new()
    }

    /// The microphone in use.
    pub fn selected_mic(&self) -> Option<MediaDevice> {
        self.status().mic.clone()
    }

    /// The speaker in use.
    pub fn selected_speaker(&self) -> Option<MediaDevice> {
        self.status().speaker.clone()
    }

    /// The camera in use: none, as no transport carries video.
    pub const fn selected_cam(&self) -> Option<MediaDevice> {
        None
    }

    /// Uses another microphone.
    ///
    /// # Errors
    /// [`ErrorKind::Device`] when none of [`get_all_mics`](Self::get_all_mics) has this id.
    pub fn update_mic(&self, device_id: &str) -> Result<(), Error> {
        select(device_id, &self.get_all_mics(), "microphone")
    }

    /// Uses another speaker.
    ///
    /// # Errors
    /// [`ErrorKind::Device`] when none of [`get_all_speakers`](Self::get_all_speakers) has this id.
    pub fn update_speaker(&self, device_id: &str) -> Result<(), Error> {
        select(device_id, &self.get_all_speakers(), "speaker")
    }

    /// Uses another camera.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`]: no transport carries video.
    pub fn update_cam(&self, _device_id: &str) -> Result<(), Error> {
        Err(no_video("update_cam"))
    }

    /// Turns the camera on or off. Off is what it always is.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`] for on: no transport carries video.
    pub fn enable_cam(&self, enable: bool) -> Result<(), Error> {
        if enable { Err(no_video("enable_cam")) } else { Ok(()) }
    }

    /// Whether the camera is on: never, as no transport carries video.
    pub const fn is_cam_enabled(&self) -> bool {
        false
    }

    /// Shares the screen or stops to. Not sharing is what it always does.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`] for sharing: no transport carries video.
    pub fn enable_screen_share(&self, enable: bool) -> Result<(), Error> {
        if enable { Err(no_video("enable_screen_share")) } else { Ok(()) }
    }

    /// Whether the screen is shared: never, as no transport carries video.
    pub const fn is_sharing_screen(&self) -> bool {
        false
    }
}

/// The only device there is may be selected again.
fn select(device_id: &str, devices: &[MediaDevice], what: &str) -> Result<(), Error> {
    if devices.iter().any(|device| device.device_id == device_id) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Device, format!("there is no {what} with the id {device_id:?}")))
}

fn no_video(method: &str) -> Error {
    Error::new(ErrorKind::UnsupportedFeature, format!("{method}: no transport carries video"))
}
