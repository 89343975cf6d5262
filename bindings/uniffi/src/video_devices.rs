//! The devices behind a camera of the app, as the core selects among them.
//!
//! Keeps the newest list and the newest device only, so that it stays small however often they
//! change.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rtvi_core::{
    ErrorKind,
    client::MediaDevice,
    media::{DeviceControl, DeviceEvent, DeviceInfo},
};

use crate::video_input::FfiVideoControl;

/// What the app has reported of its devices and the client has not read yet.
#[derive(Debug, Default)]
pub(crate) struct VideoDevices {
    reported: Mutex<Reported>,
}

#[derive(Debug, Default)]
struct Reported {
    list: Option<Vec<DeviceInfo>>,
    used: Option<DeviceEvent>,
}

impl VideoDevices {
    /// These are the devices now.
    pub(crate) fn list(&self, devices: Vec<MediaDevice>) {
        self.lock().list = Some(devices.into_iter().map(info).collect());
    }

    /// This device is in use, or can't be used.
    pub(crate) fn report(&self, used: DeviceEvent) {
        self.lock().used = Some(used);
    }

    fn lock(&self) -> MutexGuard<'_, Reported> {
        self.reported.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The core's form of a device.
pub(crate) fn info(device: MediaDevice) -> DeviceInfo {
    DeviceInfo { id: device.device_id, label: device.label, is_default: false }
}

/// The core's end.
pub(crate) struct DeviceSelection {
    pub(crate) control: Arc<dyn FfiVideoControl>,
    pub(crate) devices: Arc<VideoDevices>,
}

impl DeviceControl for DeviceSelection {
    /// The app reports its devices whenever they change.
    fn watch(&mut self) {}

    fn select(&mut self, id: &str) {
        if let Err(error) = self.control.select(id.to_owned()) {
            self.devices.report(DeviceEvent::Failed(error.into_core(ErrorKind::Device)));
        }
    }

    fn next_event(&mut self) -> Option<DeviceEvent> {
        let mut reported = self.devices.lock();
        reported.list.take().map(DeviceEvent::Listed).or_else(|| reported.used.take())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn device(id: &str) -> MediaDevice {
        MediaDevice { device_id: id.to_owned(), label: id.to_uppercase() }
    }

    #[test]
    fn only_the_newest_report_is_kept() {
        let control = crate::video_input::tests::Recorded::new();
        let devices = Arc::new(VideoDevices::default());
        let mut selection = DeviceSelection { control, devices: Arc::clone(&devices) };
        selection.watch();
        for id in ["front", "back"] {
            devices.list(vec![device(id)]);
            devices.report(DeviceEvent::Using(info(device(id))));
        }
        assert_eq!(selection.next_event(), Some(DeviceEvent::Listed(vec![info(device("back"))])));
        assert_eq!(selection.next_event(), Some(DeviceEvent::Using(info(device("back")))));
        assert_eq!(selection.next_event(), None);
        selection.select("broken");
        assert!(
            matches!(selection.next_event(), Some(DeviceEvent::Failed(error)) if error.message() == "no")
        );
    }
}
