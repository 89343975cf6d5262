//! The machine's microphones and speakers.
//!
//! Depends on the crate `rtvi-devices`, if it is built in. Nothing here waits.

use rtvi_core::Error;
#[cfg(feature = "devices")]
use rtvi_devices::{DeviceMicrophone, DeviceSpeaker, Devices};

#[cfg(feature = "devices")]
pub(crate) fn microphone(id: &str) -> Result<DeviceMicrophone, Error> {
    Ok(Devices::shared()?.microphone(id))
}

#[cfg(feature = "devices")]
pub(crate) fn speaker(id: &str) -> Result<DeviceSpeaker, Error> {
    Ok(Devices::shared()?.speaker(id))
}

#[cfg(not(feature = "devices"))]
pub(crate) fn microphone(_: &str) -> Result<rtvi_core::media::SilenceSource, Error> {
    Err(absent())
}

#[cfg(not(feature = "devices"))]
pub(crate) fn speaker(_: &str) -> Result<rtvi_core::media::PcmSink, Error> {
    Err(absent())
}

#[cfg(not(feature = "devices"))]
fn absent() -> Error {
    let message = "this library is built without the machine's microphones and speakers (feature `devices`)";
    Error::new(rtvi_core::ErrorKind::UnsupportedFeature, message)
}
