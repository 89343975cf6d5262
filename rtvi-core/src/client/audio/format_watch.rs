//! Notices that a running source or sink has changed to a format that can't be used, and back.

use crate::{
    client::machine::DeviceKind,
    error::{DeviceErrorKind, Error},
    media::AudioFormat,
};

use super::messages::AudioEvent;

/// The format of a running device, as last reported.
#[derive(Debug)]
pub(super) struct FormatWatch {
    device: DeviceKind,
    is_unusable: bool,
}

impl FormatWatch {
    pub(super) const fn new(device: DeviceKind) -> Self {
        Self { device, is_unusable: false }
    }

    /// Compares the present format with the last one.
    pub(super) fn follow(&mut self, format: AudioFormat) -> Option<AudioEvent> {
        let (device, is_unusable) = (self.device, !format.is_supported());
        match (std::mem::replace(&mut self.is_unusable, is_unusable), is_unusable) {
            (false, true) => {
                let message = format!("the {} uses an unsupported format: {format}", device.noun());
                let error = Error::device(DeviceErrorKind::Constraints, message);
                Some(AudioEvent::Failed { device, error })
            }
            (true, false) => Some(AudioEvent::Recovered { device }),
            _ => None,
        }
    }
}
