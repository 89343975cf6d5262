//! The system's audio through `cpal`: everything but the sound servers of Linux.
//!
//! The only place that knows `cpal`'s hosts, devices and streams. Runs on the device thread, since
//! some systems can't move streams to another thread. The callbacks only move samples to or from a
//! ring.

use std::{
    str::FromStr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use cpal::{
    BufferSize, DeviceId, FromSample, Host, HostId, SampleFormat, SizedSample, StreamConfig,
    SupportedBufferSize, SupportedStreamConfig,
    traits::{DeviceTrait, HostTrait, StreamTrait},
};

use rtvi_core::{
    DeviceErrorKind, Error,
    media::{AudioFormat, DeviceInfo},
};

use super::{
    backend::{Backend, Direction, OnEnd, StreamHandle},
    capture_ring::capture_ring,
    playback_ring::playback_ring,
};

/// How long a device may take to open.
const OPEN_LIMIT: Duration = Duration::from_secs(3);

/// How much audio a device records or plays at once, where that can be chosen. A shorter period
/// means less delay; a longer one copes better with a busy machine.
const PERIOD: Duration = Duration::from_millis(10);

/// The system's audio, initialized when first needed.
#[derive(Default)]
pub(super) struct CpalBackend {
    host: Option<Host>,
}

impl Backend for CpalBackend {
    type Stream = cpal::Stream;

    fn list(&mut self, direction: Direction) -> Result<Vec<DeviceInfo>, Error> {
        list(self.host(), direction)
    }

    fn open(
        &mut self,
        direction: Direction,
        device: &DeviceInfo,
        on_end: OnEnd,
    ) -> Result<(cpal::Stream, StreamHandle), Error> {
        let failed = |error: &cpal::Error| failure(direction, &device.label, error);
        let id = DeviceId::from_str(&device.id).map_err(|error| failed(&error))?;
        let found = self.host().device_by_id(&id);
        let found = found.ok_or_else(|| failed(&cpal::ErrorKind::DeviceNotAvailable.into()))?;
        let config = config(&found, direction).map_err(|error| failed(&error))?;
        open(&found, direction, &config, on_end).map_err(|error| failed(&error))
    }
}

impl CpalBackend {
    fn host(&mut self) -> &Host {
        self.host.get_or_insert_with(cpal::default_host)
    }
}

fn list(host: &Host, direction: Direction) -> Result<Vec<DeviceInfo>, Error> {
    let failed = |error: cpal::Error| failure(direction, "list", &error);
    let default = match direction {
        Direction::Capture => host.default_input_device(),
        Direction::Playback => host.default_output_device(),
    };
    let default = default.and_then(|device| device.id().ok());
    let devices: Vec<DeviceInfo> = match direction {
        Direction::Capture => {
            host.input_devices().map_err(failed)?.filter_map(|device| info(&device)).collect()
        }
        Direction::Playback => {
            host.output_devices().map_err(failed)?.filter_map(|device| info(&device)).collect()
        }
    };
    Ok(offered(host.id(), devices, default.map(|id| id.to_string())))
}

fn info(device: &cpal::Device) -> Option<DeviceInfo> {
    let id = device.id().ok()?.to_string();
    let label = device.description().map_or_else(|_| id.clone(), |about| about.name().to_owned());
    Some(DeviceInfo { id, label, is_default: false })
}

/// The devices of a host that an app can choose from, with the default marked.
fn offered(host: HostId, mut devices: Vec<DeviceInfo>, default: Option<String>) -> Vec<DeviceInfo> {
    if is_alsa(host) {
        devices.retain(|device| is_alsa_card(&device.id));
        // Without a card, ALSA still names a default, which can't be opened and complains on
        // stderr.
        if let (Some(id), false) = (&default, devices.is_empty()) {
            devices.insert(0, DeviceInfo { id: id.clone(), label: "Default".to_owned(), is_default: false });
        }
    }
    let default = devices.iter().position(|device| Some(&device.id) == default.as_ref()).unwrap_or(0);
    if let Some(device) = devices.get_mut(default) {
        device.is_default = true;
    }
    devices
}

fn is_alsa(host: HostId) -> bool {
    host.to_string() == "alsa"
}

/// ALSA lists each card a dozen times, once for each channel layout, and its plugins too. This
/// entry takes any format.
fn is_alsa_card(id: &str) -> bool {
    id.starts_with("alsa:sysdefault:CARD=")
}

/// The device's own format, or another one if that can't be converted.
fn config(device: &cpal::Device, direction: Direction) -> Result<SupportedStreamConfig, cpal::Error> {
    let (default, mut others) = match direction {
        Direction::Capture => (device.default_input_config()?, device.supported_input_configs()?.collect()),
        Direction::Playback => {
            (device.default_output_config()?, device.supported_output_configs()?.collect())
        }
    };
    if is_usable(&default) {
        return Ok(default);
    }
    let others: &mut Vec<cpal::SupportedStreamConfigRange> = &mut others;
    others.sort_by(|a, b| b.cmp_default_heuristics(a));
    let mut usable =
        others.iter().filter_map(|range| range.try_with_standard_sample_rate()).filter(is_usable);
    usable.next().ok_or_else(|| cpal::ErrorKind::UnsupportedConfig.into())
}

fn is_usable(config: &SupportedStreamConfig) -> bool {
    let format = audio_format(config);
    format.is_supported() && !config.sample_format().is_dsd()
}

fn audio_format(config: &SupportedStreamConfig) -> AudioFormat {
    AudioFormat { sample_rate: config.sample_rate(), channels: config.channels() }
}

/// Opens a device with our period, or with its own where ours is refused.
fn open(
    device: &cpal::Device,
    direction: Direction,
    config: &SupportedStreamConfig,
    on_end: OnEnd,
) -> Result<(cpal::Stream, StreamHandle), cpal::Error> {
    let end = EndSignal::new(on_end);
    let own = StreamConfig { buffer_size: BufferSize::Default, ..config.config() };
    let opened = match buffer_size(config) {
        BufferSize::Default => open_with(device, direction, config.sample_format(), own, &end),
        buffer_size => {
            let ours = StreamConfig { buffer_size, ..own };
            open_with(device, direction, config.sample_format(), ours, &end)
                .or_else(|_| open_with(device, direction, config.sample_format(), own, &end))
        }
    };
    let (stream, handle) = opened?;
    stream.play()?;
    Ok((stream, handle))
}

fn buffer_size(config: &SupportedStreamConfig) -> BufferSize {
    let wanted = AudioFormat::mono(config.sample_rate()).samples_in(PERIOD);
    match (config.buffer_size(), u32::try_from(wanted)) {
        (SupportedBufferSize::Range { min, max }, Ok(wanted)) if min <= max => {
            BufferSize::Fixed(wanted.clamp(*min, *max))
        }
        _ => BufferSize::Default,
    }
}

fn open_with(
    device: &cpal::Device,
    direction: Direction,
    format: SampleFormat,
    config: StreamConfig,
    end: &EndSignal,
) -> Result<(cpal::Stream, StreamHandle), cpal::Error> {
    match format {
        SampleFormat::I8 => open_as::<i8>(device, direction, config, end),
        SampleFormat::I16 => open_as::<i16>(device, direction, config, end),
        SampleFormat::I24 => open_as::<cpal::I24>(device, direction, config, end),
        SampleFormat::I32 => open_as::<i32>(device, direction, config, end),
        SampleFormat::I64 => open_as::<i64>(device, direction, config, end),
        SampleFormat::U8 => open_as::<u8>(device, direction, config, end),
        SampleFormat::U16 => open_as::<u16>(device, direction, config, end),
        SampleFormat::U24 => open_as::<cpal::U24>(device, direction, config, end),
        SampleFormat::U32 => open_as::<u32>(device, direction, config, end),
        SampleFormat::U64 => open_as::<u64>(device, direction, config, end),
        SampleFormat::F32 => open_as::<f32>(device, direction, config, end),
        SampleFormat::F64 => open_as::<f64>(device, direction, config, end),
        _ => Err(cpal::ErrorKind::UnsupportedConfig.into()),
    }
}

fn open_as<T>(
    device: &cpal::Device,
    direction: Direction,
    config: StreamConfig,
    end: &EndSignal,
) -> Result<(cpal::Stream, StreamHandle), cpal::Error>
where
    T: SizedSample + FromSample<i16> + FromSample<f32> + Send + 'static,
    i16: FromSample<T>,
    f32: FromSample<T>,
{
    let format = AudioFormat { sample_rate: config.sample_rate, channels: config.channels };
    let on_error = end.on_error();
    match direction {
        Direction::Capture => {
            let (mut producer, consumer) = capture_ring::<T>(format);
            let push = move |samples: &[T], _: &cpal::InputCallbackInfo| producer.push(samples);
            let stream = device.build_input_stream(config, push, on_error, Some(OPEN_LIMIT))?;
            Ok((stream, StreamHandle::Capture(consumer)))
        }
        Direction::Playback => {
            let (mut consumer, producer) = playback_ring::<T>(format);
            let fill = move |out: &mut [T], _: &cpal::OutputCallbackInfo| consumer.fill(out);
            let stream = device.build_output_stream(config, fill, on_error, Some(OPEN_LIMIT))?;
            Ok((stream, StreamHandle::Playback(producer)))
        }
    }
}

/// Signals once that a stream has ended, whichever attempt opened it.
struct EndSignal(Arc<Mutex<Option<OnEnd>>>);

impl EndSignal {
    fn new(on_end: OnEnd) -> Self {
        Self(Arc::new(Mutex::new(Some(on_end))))
    }

    /// The error callback of a stream. `cpal` may call it on the thread of the sample callback, so
    /// it takes the lock only when the stream has ended.
    fn on_error(&self) -> impl FnMut(cpal::Error) + Send + 'static {
        let signal = Arc::clone(&self.0);
        move |error| {
            if !is_fatal(error.kind()) {
                return;
            }
            let on_end = signal.lock().unwrap_or_else(PoisonError::into_inner).take();
            if let Some(on_end) = on_end {
                on_end();
            }
        }
    }
}

const fn is_fatal(kind: cpal::ErrorKind) -> bool {
    use cpal::ErrorKind as K;
    !matches!(kind, K::Xrun | K::RealtimeDenied | K::DeviceChanged)
}

fn failure(direction: Direction, label: &str, error: &cpal::Error) -> Error {
    use cpal::ErrorKind as K;
    let reason = match error.kind() {
        K::PermissionDenied => DeviceErrorKind::Permissions,
        K::DeviceBusy => DeviceErrorKind::InUse,
        K::DeviceNotAvailable | K::HostUnavailable => DeviceErrorKind::NotFound,
        K::UnsupportedConfig | K::UnsupportedOperation | K::InvalidInput => DeviceErrorKind::Constraints,
        _ => DeviceErrorKind::Unknown,
    };
    Error::device(reason, format!("the {direction} {label:?} can't be used: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn devices(ids: &[&str]) -> Vec<DeviceInfo> {
        let device = |id: &&str| DeviceInfo { id: (*id).to_owned(), label: String::new(), is_default: false };
        ids.iter().map(device).collect()
    }

    fn seen(host: &str, ids: &[&str], default: &str) -> Vec<(String, bool)> {
        let host = HostId::from_str(host).unwrap();
        let offered = offered(host, devices(ids), Some(default.to_owned()));
        offered.into_iter().map(|device| (device.id, device.is_default)).collect()
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn alsa_is_offered_as_its_cards_and_a_default() {
        let names = ["alsa:null", "alsa:sysdefault:CARD=PCH", "alsa:surround51:CARD=PCH,DEV=0", "alsa:pulse"];
        let offered = seen("alsa", &names, "alsa:default");
        assert_eq!(
            offered,
            [("alsa:default".to_owned(), true), ("alsa:sysdefault:CARD=PCH".to_owned(), false)]
        );
        assert_eq!(seen("alsa", &["alsa:null", "alsa:pulse"], "alsa:default"), []);
    }

    #[test]
    fn errors_are_distinguished() {
        let failed = |kind: cpal::ErrorKind| failure(Direction::Capture, "Mic", &kind.into());
        let error = failed(cpal::ErrorKind::DeviceBusy);
        assert_eq!(error.device_kind(), Some(DeviceErrorKind::InUse));
        assert!(error.message().starts_with("the microphone \"Mic\" can't be used: "), "{error}");
        assert_eq!(
            failed(cpal::ErrorKind::PermissionDenied).device_kind(),
            Some(DeviceErrorKind::Permissions)
        );
        assert_eq!(failed(cpal::ErrorKind::Other).device_kind(), Some(DeviceErrorKind::Unknown));
        assert!(!is_fatal(cpal::ErrorKind::Xrun) && is_fatal(cpal::ErrorKind::StreamInvalidated));
    }
}
