//! The machine's microphones and speakers.
//!
//! Depends on the crate `rtvi-devices`, if it is built in. Phones never have it, because there only
//! the app's own language can open a device. Nothing here waits.

#[cfg(all(
    feature = "devices",
    not(any(target_os = "android", target_os = "ios", target_os = "tvos", target_os = "visionos"))
))]
mod built_in {
    use rtvi_core::Error;
    use rtvi_devices::{DeviceMicrophone, DeviceSpeaker, Devices};

    pub(crate) fn microphone(id: &str) -> Result<DeviceMicrophone, Error> {
        Ok(Devices::shared()?.microphone(id))
    }

    pub(crate) fn speaker(id: &str) -> Result<DeviceSpeaker, Error> {
        Ok(Devices::shared()?.speaker(id))
    }
}

#[cfg(not(all(
    feature = "devices",
    not(any(target_os = "android", target_os = "ios", target_os = "tvos", target_os = "visionos"))
)))]
mod built_in {
    use rtvi_core::{
        Error, ErrorKind,
        media::{PcmSink, SilenceSource},
    };

    pub(crate) fn microphone(_: &str) -> Result<SilenceSource, Error> {
        Err(absent())
    }

    pub(crate) fn speaker(_: &str) -> Result<PcmSink, Error> {
        Err(absent())
    }

    fn absent() -> Error {
        let message =
            "this library is built without the machine's microphones and speakers (feature `devices`)";
        Error::new(ErrorKind::UnsupportedFeature, message)
    }
}

pub(crate) use built_in::{microphone, speaker};
