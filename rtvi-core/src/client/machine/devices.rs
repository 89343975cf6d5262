//! Microphone, speaker and camera: their states, and the events about them.
//!
//! A missing or failed device never ends a session: text and the other device continue.

use std::time::Instant;

use crate::{
    client::{DeviceState, Event, MediaDevice},
    error::{Error, Phase},
    media::DeviceEvent,
};

use super::{Action, CallId, DeviceKind, Devices, Machine, Output, Reply, Trigger, after};

/// Facts about the microphone, the speaker or the camera besides its state.
#[derive(Debug, Default)]
pub(super) struct DeviceFacts {
    /// Whether it is a system device, which reports its own state.
    pub(super) reports: bool,
    /// Its error, if it has failed.
    pub(super) error: Option<Error>,
}

impl Machine {
    pub(super) fn open_devices(&mut self, now: Instant) {
        self.enter(Trigger::InitDevices);
        self.timer = Some((after(now, self.config.deadlines.devices), Phase::Devices));
        self.report_missing_sources();
        self.media.mic = DeviceState::Initializing;
        self.media.speaker = DeviceState::Initializing;
        self.emit(Event::MediaStateUpdated(self.media.clone()));
        self.outputs.push_back(Output::OpenDevices);
    }

    /// All devices have reported. Those that have not are provided by the app, or absent. Continues
    /// with the call that needed them.
    pub(super) fn on_devices_opened(&mut self, now: Instant, devices: Devices) {
        if self.look_up(Trigger::DevicesReady) != Action::Continue {
            return;
        }
        self.timer = None;
        self.devices_open = true;
        let of_app = |device: &Option<MediaDevice>, present: &DeviceState| match (device, present) {
            (Some(_), _) => DeviceState::Granted,
            (None, DeviceState::Initializing) => DeviceState::Uninitialized,
            (None, other) => other.clone(),
        };
        let (mic, speaker) =
            (of_app(&devices.mic, &self.media.mic), of_app(&devices.speaker, &self.media.speaker));
        if (&mic, &speaker) != (&self.media.mic, &self.media.speaker) {
            (self.media.mic, self.media.speaker) = (mic, speaker);
            self.emit(Event::MediaStateUpdated(self.media.clone()));
        }
        if let Some(mic) = devices.mic {
            self.emit(Event::MicUpdated(mic));
        }
        if let Some(speaker) = devices.speaker {
            self.emit(Event::SpeakerUpdated(speaker));
        }
        self.report_app_camera();
        self.enter(Trigger::DevicesReady);
        self.advance(now);
    }

    pub(super) fn on_device_event(&mut self, device: DeviceKind, event: DeviceEvent) {
        self.set_reports(device);
        match (event, device) {
            (DeviceEvent::Failed(error), _) => self.on_device_failed(device, error),
            (DeviceEvent::Using(used), _) => self.on_device_used(device, used.into()),
            (DeviceEvent::Listed(list), DeviceKind::Mic) => {
                self.emit(Event::AvailableMicsUpdated(list.into_iter().map(MediaDevice::from).collect()));
            }
            (DeviceEvent::Listed(list), DeviceKind::Speaker) => {
                self.emit(Event::AvailableSpeakersUpdated(list.into_iter().map(MediaDevice::from).collect()));
            }
            (DeviceEvent::Listed(list), DeviceKind::Cam) => {
                self.emit(Event::AvailableCamsUpdated(list.into_iter().map(MediaDevice::from).collect()));
            }
            // Screens have no list of their own.
            (DeviceEvent::Listed(_), DeviceKind::Screen) => {}
        }
    }

    fn on_device_used(&mut self, device: DeviceKind, used: MediaDevice) {
        let updated = match device {
            DeviceKind::Mic => Event::MicUpdated(used),
            DeviceKind::Speaker => Event::SpeakerUpdated(used),
            DeviceKind::Cam => Event::CamUpdated(used),
            DeviceKind::Screen => return,
        };
        self.set_error(device, None);
        self.set_device_state(device, DeviceState::Granted);
        self.emit(updated);
    }

    pub(super) fn on_device_failed(&mut self, device: DeviceKind, error: Error) {
        if device == DeviceKind::Screen {
            return self.on_screen_failed(error);
        }
        self.set_error(device, Some(error.clone()));
        self.set_device_state(device, DeviceState::failed(&error));
        self.emit(Event::DeviceError(error));
    }

    /// The microphone's audio flows, so an app-provided source has recovered. A system device
    /// reports that itself.
    pub(super) fn on_mic_flows(&mut self) {
        if !self.mic.reports {
            self.on_device_recovered(DeviceKind::Mic);
        }
    }

    pub(super) fn on_device_recovered(&mut self, device: DeviceKind) {
        if self.facts_mut(device).is_some_and(|facts| facts.error.take().is_some()) {
            self.set_device_state(device, DeviceState::Granted);
        }
    }

    pub(super) fn on_select_device(&mut self, call: CallId, device: DeviceKind, id: String) {
        self.outputs.push_back(Output::SelectDevice { device, id });
        self.reply(call, Ok(Reply::Done));
    }

    /// The result of `init_devices`: the error of a system device that can't be used.
    pub(super) fn devices_result(&self) -> Result<Reply, Error> {
        let failed = [&self.mic, &self.speaker].into_iter().filter(|facts| facts.reports);
        match failed.filter_map(|facts| facts.error.clone()).next() {
            Some(error) => Err(error.in_phase(Phase::Devices)),
            None => Ok(Reply::Done),
        }
    }

    /// What is known of a device; nothing of a screen.
    const fn facts_mut(&mut self, device: DeviceKind) -> Option<&mut DeviceFacts> {
        match device {
            DeviceKind::Mic => Some(&mut self.mic),
            DeviceKind::Speaker => Some(&mut self.speaker),
            DeviceKind::Cam => Some(&mut self.cam),
            DeviceKind::Screen => None,
        }
    }

    const fn set_reports(&mut self, device: DeviceKind) {
        if let Some(facts) = self.facts_mut(device) {
            facts.reports = true;
        }
    }

    fn set_error(&mut self, device: DeviceKind, error: Option<Error>) {
        if let Some(facts) = self.facts_mut(device) {
            facts.error = error;
        }
    }

    fn set_device_state(&mut self, device: DeviceKind, state: DeviceState) {
        let present = match device {
            DeviceKind::Mic => &mut self.media.mic,
            DeviceKind::Speaker => &mut self.media.speaker,
            DeviceKind::Cam => &mut self.media.cam,
            DeviceKind::Screen => return,
        };
        if *present != state {
            *present = state;
            self.emit(Event::MediaStateUpdated(self.media.clone()));
        }
    }
}
