//! The selection among devices behind the app's source and sink, where there is one.
//!
//! Polled by the audio task. Knows nothing of audio and decides nothing.

use std::time::Duration;

use crate::{
    client::machine::Device,
    media::{DeviceControl, DeviceEvent},
};

/// How often news is looked for outside sessions.
const PERIOD: Duration = Duration::from_millis(100);
/// The same while a call waits for it.
const HURRIED_PERIOD: Duration = Duration::from_millis(5);

/// The controls of microphone and speaker.
pub(super) struct Controls {
    mic: Option<Control>,
    speaker: Option<Control>,
    watching: bool,
}

struct Control {
    control: Box<dyn DeviceControl>,
    /// Whether it has said which device it uses, or that it can't.
    settled: bool,
}

impl Controls {
    pub(super) fn new(mic: Option<Box<dyn DeviceControl>>, speaker: Option<Box<dyn DeviceControl>>) -> Self {
        let control = |control| Control { control, settled: false };
        Self { mic: mic.map(control), speaker: speaker.map(control), watching: false }
    }

    /// Looks at the devices from now on.
    pub(super) fn watch(&mut self) {
        if std::mem::replace(&mut self.watching, true) {
            return;
        }
        for control in [&mut self.mic, &mut self.speaker].into_iter().flatten() {
            control.control.watch();
        }
    }

    /// Whether there is anything to look at.
    pub(super) const fn is_watching(&self) -> bool {
        self.watching && (self.mic.is_some() || self.speaker.is_some())
    }

    /// How long to wait before looking for news again.
    pub(super) fn pause(&self) -> Duration {
        if self.is_settled() { PERIOD } else { HURRIED_PERIOD }
    }

    /// Whether every control has said what its device is.
    pub(super) fn is_settled(&self) -> bool {
        [&self.mic, &self.speaker].into_iter().flatten().all(|control| control.settled)
    }

    pub(super) const fn has(&self, device: Device) -> bool {
        match device {
            Device::Mic => self.mic.is_some(),
            Device::Speaker => self.speaker.is_some(),
        }
    }

    pub(super) fn select(&mut self, device: Device, id: &str) {
        let control = match device {
            Device::Mic => &mut self.mic,
            Device::Speaker => &mut self.speaker,
        };
        if let Some(control) = control {
            control.control.select(id);
        }
    }

    /// The next piece of news of either; `None` when there is none now.
    pub(super) fn news(&mut self) -> Option<(Device, DeviceEvent)> {
        let both = [(Device::Mic, &mut self.mic), (Device::Speaker, &mut self.speaker)];
        let news = |(device, control): (Device, &mut Option<Control>)| {
            let control = control.as_mut()?;
            let news = control.control.news()?;
            control.settled |= !matches!(news, DeviceEvent::Listed(_));
            Some((device, news))
        };
        both.into_iter().find_map(news)
    }
}
