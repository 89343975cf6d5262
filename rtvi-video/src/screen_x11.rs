//! The screen of an X server, by `x11rb`.
//!
//! The server writes each picture into memory that both share (MIT-SHM, a file without a name), from
//! which it is read once. A server without it, such as one on another machine, sends the picture.

use std::{
    fs::File,
    os::{fd::OwnedFd, unix::fs::FileExt},
    time::Duration,
};

use rtvi_core::{
    DeviceErrorKind, Error,
    media::video::{Plane, Rotation, VideoFormat, VideoFrame, VideoInput, VideoPixels, VideoSource},
};
use x11rb::{
    connection::Connection,
    protocol::{
        shm,
        xproto::{ConnectionExt, ImageFormat, ImageOrder, Window},
    },
    rust_connection::RustConnection,
};

use crate::capture::{Capture, CaptureStatus, Grab, Grabbed};

/// Shares the whole screen of an X server.
///
/// Pictures are BGRA in the screen's size, which may change; the client scales them to the size
/// that it sends. They do not contain the mouse pointer. The screens of Wayland are not visible to
/// X.
#[derive(Debug, Default)]
pub struct X11Screen {
    display: Option<String>,
    capture: Capture,
}

impl X11Screen {
    /// The display in the environment variable `DISPLAY`. Connects when started.
    pub fn new() -> Self {
        Self::default()
    }

    /// A display with a name such as `:1`.
    pub fn on_display(display: &str) -> Self {
        Self { display: Some(display.to_owned()), capture: Capture::default() }
    }

    /// What was captured, and what the client did not read.
    pub fn status(&self) -> CaptureStatus {
        self.capture.status()
    }
}

impl VideoSource for X11Screen {
    fn start(&mut self, wanted: VideoFormat) -> Result<(), Error> {
        let screen = Screen::open(self.display.as_deref())?;
        self.capture.start(screen, wanted.frame_rate)
    }

    fn read(&mut self) -> Option<VideoInput> {
        self.capture.read().map(VideoInput::Pixels)
    }

    fn failure(&self) -> Option<Error> {
        self.capture.failure()
    }

    fn stop(&mut self) {
        self.capture.stop();
    }
}

/// A connection to the server, and the memory shared with it.
struct Screen {
    connection: RustConnection,
    root: Window,
    size: (u16, u16),
    /// Absent when the server can't share memory.
    shared: Option<Shared>,
}

struct Shared {
    memory: File,
    segment: shm::Seg,
}

/// Bytes per pixel.
const PIXEL: usize = 4;

impl Screen {
    fn open(display: Option<&str>) -> Result<Self, Error> {
        let missing = |error: &dyn std::fmt::Display| {
            let name = display.map_or_else(|| std::env::var("DISPLAY").unwrap_or_default(), str::to_owned);
            Error::device(DeviceErrorKind::NotFound, format!("no screen at X display {name:?}: {error}"))
        };
        let (connection, at) = RustConnection::connect(display).map_err(|error| missing(&error))?;
        let setup = connection.setup();
        let root = setup.roots.get(at).ok_or_else(|| missing(&"it has no screen"))?;
        let is_bgra = setup.image_byte_order == ImageOrder::LSB_FIRST
            && setup
                .pixmap_formats
                .iter()
                .any(|format| format.depth == root.root_depth && format.bits_per_pixel == 32);
        if !is_bgra {
            let text =
                format!("the X screen has {} bits per pixel; only 24 and 32 are supported", root.root_depth);
            return Err(Error::device(DeviceErrorKind::Constraints, text));
        }
        let (root, size) = (root.root, (root.width_in_pixels, root.height_in_pixels));
        let shared = Shared::new(&connection, size);
        Ok(Self { connection, root, size, shared })
    }

    /// The screen's pixels now.
    fn pixels(&self) -> Result<Vec<u8>, x11rb::errors::ReplyError> {
        let (root, (width, height)) = (self.root, self.size);
        let Some(shared) = &self.shared else {
            let image = self.connection.get_image(ImageFormat::Z_PIXMAP, root, 0, 0, width, height, !0)?;
            return Ok(image.reply()?.data);
        };
        let format = ImageFormat::Z_PIXMAP.into();
        shm::get_image(&self.connection, root, 0, 0, width, height, !0, format, shared.segment, 0)?
            .reply()?;
        let mut pixels = vec![0; bytes(self.size)];
        shared.memory.read_exact_at(&mut pixels, 0).map_err(x11rb::errors::ConnectionError::from)?;
        Ok(pixels)
    }

    /// Follows a new size of the screen; false if it has not changed.
    fn resize(&mut self) -> Result<bool, x11rb::errors::ReplyError> {
        let now = self.connection.get_geometry(self.root)?.reply()?;
        if (now.width, now.height) == self.size {
            return Ok(false);
        }
        if let Some(old) = self.shared.take() {
            shm::detach(&self.connection, old.segment)?;
        }
        self.size = (now.width, now.height);
        self.shared = Shared::new(&self.connection, self.size);
        Ok(true)
    }
}

impl Shared {
    /// Memory for one picture; `None` when the server can't share it.
    fn new(connection: &RustConnection, size: (u16, u16)) -> Option<Self> {
        let version = shm::query_version(connection).ok()?.reply().ok()?;
        if (version.major_version, version.minor_version) < (1, 2) {
            return None;
        }
        let memory = rustix::fs::memfd_create("rtvi-screen", rustix::fs::MemfdFlags::CLOEXEC).ok()?;
        let memory = File::from(memory);
        memory.set_len(bytes(size) as u64).ok()?;
        let segment = connection.generate_id().ok()?;
        let servers = OwnedFd::from(memory.try_clone().ok()?);
        shm::attach_fd(connection, segment, servers, false).ok()?.check().ok()?;
        Some(Self { memory, segment })
    }
}

fn bytes((width, height): (u16, u16)) -> usize {
    usize::from(width) * usize::from(height) * PIXEL
}

impl Grab for Screen {
    fn grab(&mut self, at: Duration) -> Result<Grabbed, Error> {
        let lost = |error: x11rb::errors::ReplyError| {
            Error::device(DeviceErrorKind::Unknown, format!("the X screen can't be captured: {error}"))
        };
        let pixels = match self.pixels() {
            Ok(pixels) => pixels,
            // A screen that became smaller does not contain the old rectangle.
            Err(error) => match self.resize() {
                Ok(true) => return Ok(Grabbed::Nothing),
                _ => return Err(lost(error)),
            },
        };
        let (width, height) = self.size;
        Ok(Grabbed::Picture(VideoFrame {
            width: width.into(),
            height: height.into(),
            rotation: Rotation::Upright,
            timestamp: at,
            pixels: VideoPixels::Bgra(Plane { data: pixels.into(), stride: usize::from(width) * PIXEL }),
        }))
    }
}
