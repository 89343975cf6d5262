//! `rtvi devices`, and the machine's devices for `--mic` and `--speaker`.
//!
//! Depends on `rtvi-devices`, which the feature `devices` enables. Without it, every device is an
//! error that says so.

use std::process::ExitCode;

use rtvi_core::{
    Error,
    media::{AudioSink, AudioSource, DeviceInfo},
};
use serde_json::{Value, json};

use crate::{complain, outcome::Outcome};

#[cfg(feature = "devices")]
pub(crate) use present::Machine;

#[cfg(not(feature = "devices"))]
pub(crate) use absent::Machine;

/// Runs `rtvi devices`.
pub(crate) fn run(json: bool) -> ExitCode {
    let mut machine = Machine::default();
    let listed = machine.microphones().and_then(|mics| Ok((mics, machine.speakers()?)));
    match listed {
        Ok((mics, speakers)) if json => {
            anstream::println!("{}", json!({"mics": values(&mics), "speakers": values(&speakers)}));
        }
        Ok((mics, speakers)) => {
            anstream::print!("{}{}", table("microphone", &mics), table("speaker", &speakers));
        }
        Err(error) => {
            complain(error.message());
            return Outcome::Failed.into();
        }
    }
    Outcome::Done.into()
}

fn values(devices: &[DeviceInfo]) -> Vec<Value> {
    let value = |device: &DeviceInfo| json!({"deviceId": device.id, "label": device.label, "isDefault": device.is_default});
    devices.iter().map(value).collect()
}

fn table(what: &str, devices: &[DeviceInfo]) -> String {
    if devices.is_empty() {
        return format!("There is no {what}.\n");
    }
    let width = devices.iter().map(|device| device.id.chars().count()).max().unwrap_or_default();
    let line = |device: &DeviceInfo| {
        let mark = if device.is_default { '*' } else { ' ' };
        format!("{mark} {:<width$}  {}\n", device.id, device.label)
    };
    format!("{}s\n{}", capitalized(what), devices.iter().map(line).collect::<String>())
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(feature = "devices")]
mod present {
    //! With devices.

    use rtvi_core::{DeviceErrorKind, media::DEFAULT_DEVICE};
    use rtvi_devices::Devices;

    use super::{AudioSink, AudioSource, DeviceInfo, Error};

    /// The machine's devices, listed on first use.
    #[derive(Debug, Default)]
    pub(crate) struct Machine {
        devices: Option<Devices>,
    }

    impl Machine {
        pub(crate) fn microphones(&mut self) -> Result<Vec<DeviceInfo>, Error> {
            self.devices()?.microphones()
        }

        pub(crate) fn speakers(&mut self) -> Result<Vec<DeviceInfo>, Error> {
            self.devices()?.speakers()
        }

        /// The microphone with this id, which must exist.
        pub(crate) fn microphone(&mut self, id: &str) -> Result<Box<dyn AudioSource>, Error> {
            must_be_there("microphone", id, &self.microphones()?)?;
            Ok(Box::new(self.devices()?.microphone(id)))
        }

        /// The speaker with this id, which must exist.
        pub(crate) fn speaker(&mut self, id: &str) -> Result<Box<dyn AudioSink>, Error> {
            must_be_there("speaker", id, &self.speakers()?)?;
            Ok(Box::new(self.devices()?.speaker(id)))
        }

        fn devices(&mut self) -> Result<Devices, Error> {
            if let Some(devices) = &self.devices {
                return Ok(devices.clone());
            }
            Ok(self.devices.insert(Devices::new()?).clone())
        }
    }

    fn must_be_there(what: &str, id: &str, devices: &[DeviceInfo]) -> Result<(), Error> {
        let is_meant = |device: &DeviceInfo| device.id == id || (id == DEFAULT_DEVICE && device.is_default);
        if devices.iter().any(is_meant) {
            return Ok(());
        }
        let text = match devices {
            [] => format!("there is no {what}"),
            _ if id == DEFAULT_DEVICE => {
                format!("there is no default {what}; `rtvi devices` lists all devices")
            }
            _ => format!("there is no {what} {id}; `rtvi devices` lists all devices"),
        };
        Err(Error::device(DeviceErrorKind::NotFound, text))
    }
}

#[cfg(not(feature = "devices"))]
mod absent {
    //! Without devices.

    use rtvi_core::ErrorKind;

    use super::{AudioSink, AudioSource, DeviceInfo, Error};

    /// No devices.
    #[derive(Debug, Default)]
    pub(crate) struct Machine {}

    impl Machine {
        pub(crate) fn microphones(&mut self) -> Result<Vec<DeviceInfo>, Error> {
            Err(unsupported())
        }

        pub(crate) fn speakers(&mut self) -> Result<Vec<DeviceInfo>, Error> {
            Err(unsupported())
        }

        pub(crate) fn microphone(&mut self, _id: &str) -> Result<Box<dyn AudioSource>, Error> {
            Err(unsupported())
        }

        pub(crate) fn speaker(&mut self, _id: &str) -> Result<Box<dyn AudioSink>, Error> {
            Err(unsupported())
        }
    }

    fn unsupported() -> Error {
        Error::new(ErrorKind::UnsupportedFeature, "this rtvi was built without the feature `devices`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_is_marked_and_labels_stand_below_each_other() {
        let device =
            |id: &str, is_default| DeviceInfo { id: id.into(), label: id.to_uppercase(), is_default };
        let devices = [device("a:long", false), device("b", true)];
        assert_eq!(table("speaker", &devices), "Speakers\n  a:long  A:LONG\n* b       B\n");
        assert_eq!(table("microphone", &[]), "There is no microphone.\n");
    }
}
