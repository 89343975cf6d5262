//! Microphones, speakers and cameras, as apps see them.
//!
//! The options provide the devices; this module lists and selects them.

use std::sync::atomic::Ordering;

use crate::{
    error::{DeviceErrorKind, Error},
    media::DEFAULT_DEVICE,
};

use super::{
    MediaDevice, PipecatClient, Track, TrackKind,
    machine::{Command, DeviceKind, Shown},
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

    /// The available cameras. With an app-provided camera, the list has one entry.
    pub fn get_all_cams(&self) -> Vec<MediaDevice> {
        let listed = self.status().cams.clone();
        listed.unwrap_or_else(|| self.selected_cam().into_iter().collect())
    }

    /// The microphone in use.
    pub fn selected_mic(&self) -> Option<MediaDevice> {
        self.status().mic.clone()
    }

    /// The speaker in use.
    pub fn selected_speaker(&self) -> Option<MediaDevice> {
        self.status().speaker.clone()
    }

    /// The camera in use.
    pub fn selected_cam(&self) -> Option<MediaDevice> {
        self.status().cam.clone()
    }

    /// Switches to another microphone, also during a session. [`DEFAULT_DEVICE`] follows the
    /// system's default device. Returns at once. [`Event::MicUpdated`](super::Event::MicUpdated)
    /// then reports success, or [`Event::DeviceError`](super::Event::DeviceError) reports why the
    /// switch failed.
    ///
    /// # Errors
    /// [`Device`](crate::ErrorKind::Device) if no entry of [`get_all_mics`](Self::get_all_mics) has this id;
    /// [`Busy`](crate::ErrorKind::Busy).
    pub fn update_mic(&self, device_id: &str) -> Result<(), Error> {
        let is_listed = self.status().mics.is_some();
        self.select(DeviceKind::Mic, device_id, &self.get_all_mics(), is_listed)
    }

    /// Switches to another speaker, as [`update_mic`](Self::update_mic) does for microphones.
    ///
    /// # Errors
    /// [`Device`](crate::ErrorKind::Device) if no entry of [`get_all_speakers`](Self::get_all_speakers) has this id;
    /// [`Busy`](crate::ErrorKind::Busy).
    pub fn update_speaker(&self, device_id: &str) -> Result<(), Error> {
        let is_listed = self.status().speakers.is_some();
        self.select(DeviceKind::Speaker, device_id, &self.get_all_speakers(), is_listed)
    }

    /// Switches to another camera, as [`update_mic`](Self::update_mic) does for microphones.
    /// [`Event::CamUpdated`](super::Event::CamUpdated) reports success.
    ///
    /// # Errors
    /// [`Device`](crate::ErrorKind::Device) if no entry of [`get_all_cams`](Self::get_all_cams) has this id;
    /// [`Busy`](crate::ErrorKind::Busy).
    pub fn update_cam(&self, device_id: &str) -> Result<(), Error> {
        let is_listed = self.status().cams.is_some();
        self.select(DeviceKind::Cam, device_id, &self.get_all_cams(), is_listed)
    }

    /// Turns the camera on or off, in any state. It is open only while it is on and the bot is
    /// ready. Returns at once. [`Event::TrackStarted`](super::Event::TrackStarted) reports the first
    /// picture, or [`Event::DeviceError`](super::Event::DeviceError) reports why there is none. If
    /// the connection carries no video,
    /// [`Event::UnsupportedFeature`](super::Event::UnsupportedFeature) reports it.
    ///
    /// # Errors
    /// When turning it on: [`UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) if the client
    /// has no camera or the bot reports that it takes no video; [`Busy`](crate::ErrorKind::Busy).
    pub fn enable_cam(&self, enable: bool) -> Result<(), Error> {
        self.enable_video(Shown::Cam, enable)?;
        self.cam_enabled().store(enable, Ordering::Relaxed);
        Ok(())
    }

    /// Whether the camera is on, or will be on when a session begins.
    pub fn is_cam_enabled(&self) -> bool {
        self.cam_enabled().load(Ordering::Relaxed)
    }

    /// Starts or stops sharing the screen, in any state, as [`enable_cam`](Self::enable_cam) does
    /// for the camera. [`Event::ScreenTrackStarted`](super::Event::ScreenTrackStarted) reports the
    /// first picture, or [`Event::ScreenShareError`](super::Event::ScreenShareError) reports why
    /// there is none.
    ///
    /// # Errors
    /// When starting: [`UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) if the client has no
    /// screen source or the bot reports that it takes no screen; [`Busy`](crate::ErrorKind::Busy).
    pub fn enable_screen_share(&self, enable: bool) -> Result<(), Error> {
        self.enable_video(Shown::Screen, enable)
    }

    /// Whether pictures of the screen flow to the bot.
    pub fn is_sharing_screen(&self) -> bool {
        let is_screen = |track: &Track| track.kind == TrackKind::ScreenVideo && track.participant.local;
        self.status().tracks.iter().any(is_screen)
    }

    fn enable_video(&self, shown: Shown, enable: bool) -> Result<(), Error> {
        if enable {
            shown.check(self.video(), self.status().bot.as_ref())?;
        }
        self.order(Command::EnableVideo { shown, enable })
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
