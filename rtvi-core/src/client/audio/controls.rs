//! The device selection behind the app's source and sink, where they have one.
//!
//! Polled by the audio task. Must not touch audio or decide anything.

use std::time::Duration;

use crate::{
    client::machine::DeviceKind,
    media::{DeviceControl, DeviceEvent},
};

/// How often the controls are polled outside a session.
const PERIOD: Duration = Duration::from_millis(100);
/// The same while a call waits for the devices.
const SHORT_PERIOD: Duration = Duration::from_millis(5);

/// The controls of the microphone and the speaker.
pub(super) struct Controls {
    mic: Option<Control>,
    speaker: Option<Control>,
    watching: bool,
}

struct Control {
    control: Box<dyn DeviceControl>,
    /// Whether it has reported the device that it uses, or a failure.
    settled: bool,
}

impl Controls {
    pub(super) fn new(mic: Option<Box<dyn DeviceControl>>, speaker: Option<Box<dyn DeviceControl>>) -> Self {
        let control = |control| Control { control, settled: false };
        Self { mic: mic.map(control), speaker: speaker.map(control), watching: false }
    }

    /// Starts watching the devices.
    pub(super) fn watch(&mut self) {
        if std::mem::replace(&mut self.watching, true) {
            return;
        }
        for control in [&mut self.mic, &mut self.speaker].into_iter().flatten() {
            control.control.watch();
        }
    }

    /// Whether there are devices to poll.
    pub(super) const fn is_watching(&self) -> bool {
        self.watching && (self.mic.is_some() || self.speaker.is_some())
    }

    /// How long to wait before the next poll.
    pub(super) fn poll_period(&self) -> Duration {
        if self.is_settled() { PERIOD } else { SHORT_PERIOD }
    }

    /// Whether every control has reported its device.
    pub(super) fn is_settled(&self) -> bool {
        [&self.mic, &self.speaker].into_iter().flatten().all(|control| control.settled)
    }

    pub(super) const fn has(&self, device: DeviceKind) -> bool {
        match device {
            DeviceKind::Mic => self.mic.is_some(),
            DeviceKind::Speaker => self.speaker.is_some(),
            DeviceKind::Cam | DeviceKind::Screen => false,
        }
    }

    pub(super) fn select(&mut self, device: DeviceKind, id: &str) {
        let control = match device {
            DeviceKind::Mic => self.mic.as_mut(),
            DeviceKind::Speaker => self.speaker.as_mut(),
            DeviceKind::Cam | DeviceKind::Screen => None,
        };
        if let Some(control) = control {
            control.control.select(id);
        }
    }

    /// The next event of either device; `None` when there is none now.
    pub(super) fn next_event(&mut self) -> Option<(DeviceKind, DeviceEvent)> {
        let both = [(DeviceKind::Mic, &mut self.mic), (DeviceKind::Speaker, &mut self.speaker)];
        let next_event = |(device, control): (DeviceKind, &mut Option<Control>)| {
            let control = control.as_mut()?;
            let event = control.control.next_event()?;
            control.settled |= !matches!(event, DeviceEvent::Listed(_));
            Some((device, event))
        };
        both.into_iter().find_map(next_event)
    }
}
