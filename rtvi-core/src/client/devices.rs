//! Microphones, speakers and cameras, as apps see them.
//!
//! The options provide the devices; this module lists and selects them.

use crate::{
    error::{DeviceErrorKind, Error, ErrorKind},
    media::DEFAULT_DEVICE,
};

use super::{
    MediaDevice, PipecatClient,
    machine::{Command, DeviceKind},
};

/// Devices. [`init_devices`](PipecatClient::init_devices), or the call that starts or connects,
/// fills the lists. From then on they are kept up to date, outside sessions too.
impl PipecatClient {
    /// The available microphones. With app-provided audio, the list has one entry.
    pub fn get_all_mics(&self) -> Vec<MediaDevice> {
        let listed = self.status().mics.clone();
        listed.unwrap_or_else(|| self.selected_mic().into_iter().collect())
    }

    /// The available speakers. With app-provided audio, the list has one entry.
    pub fn get_all_speakers(&self) -> Vec<MediaDevice> {
        let listed = self.status().speakers.clone();
        listed.unwrap_or_else(|| self.selected_speaker().into_iter().collect())
    }

    /// The available cameras: none, because no transport carries video.
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

    /// The camera in use: none, because no transport carries video.
    pub const fn selected_cam(&self) -> Option<MediaDevice> {
        None
    }

    /// Switches to another microphone, also during a session. [`DEFAULT_DEVICE`] follows the
    /// system's default device. Returns at once. [`Event::MicUpdated`](super::Event::MicUpdated)
    /// then reports success, or [`Event::DeviceError`](super::Event::DeviceError) reports why the
    /// switch failed.
    ///
    /// # Errors
    /// [`ErrorKind::Device`] if no entry of [`get_all_mics`](Self::get_all_mics) has this id;
    /// [`ErrorKind::Busy`].
    pub fn update_mic(&self, device_id: &str) -> Result<(), Error> {
        let is_listed = self.status().mics.is_some();
        self.select(DeviceKind::Mic, device_id, &self.get_all_mics(), is_listed)
    }

    /// Switches to another speaker, as [`update_mic`](Self::update_mic) does for microphones.
    ///
    /// # Errors
    /// [`ErrorKind::Device`] if no entry of [`get_all_speakers`](Self::get_all_speakers) has this
    /// id; [`ErrorKind::Busy`].
    pub fn update_speaker(&self, device_id: &str) -> Result<(), Error> {
        let is_listed = self.status().speakers.is_some();
        self.select(DeviceKind::Speaker, device_id, &self.get_all_speakers(), is_listed)
    }

    /// Switches to another camera.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`]: no transport carries video.
    pub fn update_cam(&self, _device_id: &str) -> Result<(), Error> {
        Err(no_video("update_cam"))
    }

    /// Turns the camera on or off. It is always off, so turning it off does nothing.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`] when turning it on: no transport carries video.
    pub fn enable_cam(&self, enable: bool) -> Result<(), Error> {
        if enable { Err(no_video("enable_cam")) } else { Ok(()) }
    }

    /// Whether the camera is on: always false, because no transport carries video.
    pub const fn is_cam_enabled(&self) -> bool {
        false
    }

    /// Starts or stops sharing the screen. The screen is never shared, so stopping does nothing.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`] when starting: no transport carries video.
    pub fn enable_screen_share(&self, enable: bool) -> Result<(), Error> {
        if enable { Err(no_video("enable_screen_share")) } else { Ok(()) }
    }

    /// Whether the screen is shared: always false, because no transport carries video.
    pub const fn is_sharing_screen(&self) -> bool {
        false
    }

    /// Selecting app-provided audio again is allowed and changes nothing.
    fn select(
        &self,
        device: DeviceKind,
        id: &str,
        there: &[MediaDevice],
        is_listed: bool,
    ) -> Result<(), Error> {
        let is_there = there.iter().any(|other| other.device_id == id);
        if is_listed && (is_there || id == DEFAULT_DEVICE) {
            return self.order(Command::SelectDevice { device, id: id.to_owned() });
        }
        if is_there {
            return Ok(());
        }
        let text = format!("there is no {} with the id {id:?}", device.noun());
        Err(Error::device(DeviceErrorKind::NotFound, text))
    }
}

fn no_video(method: &str) -> Error {
    Error::new(ErrorKind::UnsupportedFeature, format!("{method}: no transport carries video"))
}
