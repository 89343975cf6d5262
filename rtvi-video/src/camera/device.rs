//! One open camera: its form of pictures, and how they are taken.

use std::{io, sync::Arc, time::Duration};

use moq_v4l::{
    Device, Format, FourCC,
    buffer::Type,
    io::{mmap::Stream, traits::CaptureStream},
    video::{Capture as _, capture::Parameters},
};
use rtvi_core::{
    DeviceErrorKind, Error,
    media::{
        DeviceInfo,
        video::{Plane, Rotation, VideoFormat, VideoFrame, VideoPixels},
    },
};

use super::{control::Selection, list};
use crate::{
    capture::{Grab, Grabbed},
    convert::yuyv_to_i420,
    i420::{I420, packed_size},
};

/// Buffers that the driver fills in turn.
const BUFFERS: u32 = 4;

/// How long a camera may take to its first picture.
const FIRST: Duration = Duration::from_secs(3);

/// How long one attempt waits for a picture, in milliseconds.
const WAIT: i32 = 100;

/// How many attempts in a row may bring nothing: five seconds.
const MAX_EMPTY: u32 = 50;

/// What `poll` waits for: something to read.
const POLLIN: i16 = 1;

/// The forms that need no decoder, the best first.
const FORMS: [&[u8; 4]; 3] = [b"YU12", b"NV12", b"YUYV"];

/// The selected camera, which may change while it runs.
pub(super) struct Camera {
    selection: Arc<Selection>,
    wanted: VideoFormat,
    open: Open,
}

impl Camera {
    /// Opens the selected camera.
    pub(super) fn open(selection: Arc<Selection>, wanted: VideoFormat) -> Result<Self, Error> {
        let (id, turn) = selection.wanted();
        let open = Open::new(&id, turn, wanted).inspect_err(|error| selection.failed(error.clone()))?;
        selection.opened(open.info.clone());
        Ok(Self { selection, wanted, open })
    }
}

impl Grab for Camera {
    fn grab(&mut self, at: Duration) -> Result<Grabbed, Error> {
        let (id, turn) = self.selection.wanted();
        if turn != self.open.turn {
            match Open::new(&id, turn, self.wanted) {
                Ok(open) => {
                    self.open = open;
                    self.selection.opened(self.open.info.clone());
                }
                // The old one goes on.
                Err(error) => {
                    self.open.turn = turn;
                    self.selection.failed(error);
                }
            }
        }
        self.open.grab(at)
    }
}

struct Open {
    info: DeviceInfo,
    /// Which selection it follows.
    turn: u64,
    format: Format,
    device: Device,
    stream: Stream<'static>,
    has_begun: bool,
    empty: u32,
    /// The time between the pictures that are wanted, and when the last one was taken.
    interval: Duration,
    last: Option<Duration>,
}

impl Open {
    fn new(id: &str, turn: u64, wanted: VideoFormat) -> Result<Self, Error> {
        let info = list::find(id)?;
        let number = list::number(&info.id).unwrap_or_default();
        let failed = |error: io::Error| failure(&info, &error);
        let device = Device::new(number).map_err(failed)?;
        let format = negotiate(&device, wanted).map_err(failed)?;
        if !FORMS.iter().any(|form| FourCC::new(form) == format.fourcc) {
            let text =
                format!("camera {} delivers only {}, which is not supported", info.label, format.fourcc);
            return Err(Error::device(DeviceErrorKind::Constraints, text));
        }
        // Cameras without a choice of rates refuse; pictures above the rate are left out anyway.
        let _ = device.set_params(&Parameters::with_fps(wanted.frame_rate));
        let mut stream = Stream::with_buffers(&device, Type::VideoCapture, BUFFERS).map_err(failed)?;
        stream.set_timeout(FIRST);
        let interval = Duration::from_secs(1) / wanted.frame_rate.clamp(1, 240);
        Ok(Self { info, turn, format, device, stream, has_begun: false, empty: 0, interval, last: None })
    }

    fn grab(&mut self, at: Duration) -> Result<Grabbed, Error> {
        let failed = |info: &DeviceInfo, error: &io::Error| failure(info, error);
        if self.has_begun {
            let ready =
                self.device.handle().poll(POLLIN, WAIT).map_err(|error| failed(&self.info, &error))?;
            if ready == 0 {
                self.empty += 1;
                let text = || format!("camera {} delivers no pictures", self.info.label);
                let is_dead = self.empty >= MAX_EMPTY;
                return if is_dead {
                    Err(Error::device(DeviceErrorKind::Unknown, text()))
                } else {
                    Ok(Grabbed::Nothing)
                };
            }
        }
        let (data, meta) = self.stream.next().map_err(|error| failed(&self.info, &error))?;
        let data = data.get(..meta.bytesused as usize).unwrap_or(data);
        (self.has_begun, self.empty) = (true, 0);
        // A tenth of tolerance: cameras are not exact.
        let is_early = self.last.is_some_and(|last| at < last + self.interval * 9 / 10);
        if is_early {
            return Ok(Grabbed::Nothing);
        }
        let frame = picture(&self.format, data, at)?;
        // A picture cut short by the bus is left out.
        if frame.check().is_err() {
            return Ok(Grabbed::Nothing);
        }
        self.last = Some(at);
        Ok(Grabbed::Picture(frame))
    }
}

/// Sets the form and size nearest to what is wanted.
fn negotiate(device: &Device, wanted: VideoFormat) -> io::Result<Format> {
    let offered = device.enum_formats()?;
    let form = FORMS.into_iter().find(|form| offered.iter().any(|format| format.fourcc == FourCC::new(form)));
    device.set_format(&Format::new(wanted.width, wanted.height, FourCC::new(form.unwrap_or(b"YUYV"))))
}

/// The picture in a buffer of the driver, copied out of it once.
fn picture(format: &Format, data: &[u8], at: Duration) -> Result<VideoFrame, Error> {
    let (width, height) = (format.width, format.height);
    match &format.fourcc.repr {
        b"YU12" if format.stride == width => {
            Ok(I420::packed(width, height, data.get(..packed_size(width, height)).unwrap_or(data).to_vec())
                .into_frame(at))
        }
        b"NV12" => {
            let stride = format.stride as usize;
            let data = bytes::Bytes::copy_from_slice(data);
            let luma = (stride * height as usize).min(data.len());
            let planes =
                [(0..luma), (luma..data.len())].map(|range| Plane { data: data.slice(range), stride });
            let pixels = VideoPixels::Nv12(planes);
            Ok(VideoFrame { width, height, rotation: Rotation::Upright, timestamp: at, pixels })
        }
        _ => Ok(yuyv_to_i420(width, height, data, format.stride)?.into_frame(at)),
    }
}

fn failure(info: &DeviceInfo, error: &io::Error) -> Error {
    let kind = match (error.kind(), error.raw_os_error()) {
        (io::ErrorKind::PermissionDenied, _) => DeviceErrorKind::Permissions,
        (io::ErrorKind::NotFound, _) => DeviceErrorKind::NotFound,
        // EBUSY, and ENODEV when it was unplugged.
        (_, Some(16)) => DeviceErrorKind::InUse,
        (_, Some(19)) => DeviceErrorKind::NotFound,
        _ => DeviceErrorKind::Unknown,
    };
    Error::device(kind, format!("camera {}: {error}", info.label))
}
