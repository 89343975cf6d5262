//! An error without its message, which may hold what a server or an app said.
//!
//! Pure.

use serde::{Deserialize, Serialize};

use crate::error::{DeviceErrorKind, Error, ErrorKind, Phase};

use super::{Alias, Aliases};

/// An error without its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    kind: ErrorKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    device: Option<DeviceErrorKind>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    phase: Option<Phase>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// What stands for the message: a device that fails in another way changes its state.
    message: Alias,
}

impl Fault {
    pub(crate) fn of(error: &Error, aliases: &Aliases) -> Self {
        Self {
            kind: error.kind(),
            device: error.device_kind(),
            phase: error.phase(),
            status: error.status(),
            message: aliases.of(error.message()),
        }
    }

    /// An error that is the same to the machine.
    pub(crate) fn error(self) -> Error {
        let message = self.message.to_string();
        let mut error = match self.device {
            Some(reason) if self.kind == ErrorKind::Device => Error::device(reason, message),
            _ => Error::new(self.kind, message),
        };
        if let Some(phase) = self.phase {
            error = error.in_phase(phase);
        }
        match self.status {
            Some(status) => error.with_status(status),
            None => error,
        }
    }

    /// As [`error_outline`].
    pub(crate) fn outline(self) -> String {
        error_outline(&self.error())
    }
}

/// Kind, phase and status, as the logs in JSON name them.
pub(crate) fn error_outline(error: &Error) -> String {
    let mut text = wire_name(&error.kind());
    if let Some(reason) = error.device_kind() {
        text = format!("{text} {}", wire_name(&reason));
    }
    if let Some(phase) = error.phase() {
        text = format!("{text} in {}", wire_name(&phase));
    }
    if let Some(status) = error.status() {
        text = format!("{text} with status {status}");
    }
    text
}

/// The name that JSON has for a value that is a name.
pub(crate) fn wire_name(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_message_is_kept() {
        let error = Error::device(DeviceErrorKind::InUse, "secret").in_phase(Phase::Devices).with_status(7);
        let fault = Fault::of(&error, &Aliases::default());
        let json = serde_json::to_string(&fault).unwrap();
        assert!(!json.contains("secret"), "{json}");
        let again = serde_json::from_str::<Fault>(&json).unwrap().error();
        assert_eq!(error_outline(&again), error_outline(&error));
        assert_eq!(error_outline(&error), "device in-use in devices with status 7");
        assert_eq!(Fault::of(&again, &Aliases::Kept), fault);
    }
}
