//! A source that plays a Y4M file.

use std::{
    fs::File,
    io::{BufRead, BufReader, Seek},
    path::{Path, PathBuf},
    time::Duration,
};

use rtvi_core::{
    Error, ErrorKind,
    media::video::{MAX_VIDEO_SIDE, VideoFormat, VideoInput, VideoSource},
};
use y4m::{Colorspace, Decoder};

use super::failure;
use crate::{
    capture::{Capture, CaptureStatus, Grab, Grabbed},
    i420::{I420, packed_size},
};

/// How much of a file may belong to its header.
const HEADER: usize = 1024;

/// Plays a Y4M file (YUV4MPEG2) as a camera or screen, once or in a loop, at the file's own rate.
///
/// 8-bit 4:2:0 only, up to the core's largest size. A thread reads the file; a picture that the
/// client does not read in time is replaced by the next one. A start after a stop begins again. A
/// file that ends within a picture ends before it.
#[derive(Debug)]
pub struct Y4mSource {
    path: PathBuf,
    is_looped: bool,
    capture: Capture,
}

impl Y4mSource {
    /// Opens a file to play once. Blocks while its header is read.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] naming the path and the reason: missing, not Y4M, or of an
    /// unsupported form.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::new(path.as_ref(), false)
    }

    /// Opens a file to play in a loop.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_looped(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::new(path.as_ref(), true)
    }

    fn new(path: &Path, is_looped: bool) -> Result<Self, Error> {
        open(path)?;
        Ok(Self { path: path.to_owned(), is_looped, capture: Capture::default() })
    }

    /// What was read from the file, and what the client did not read.
    pub fn status(&self) -> CaptureStatus {
        self.capture.status()
    }
}

impl VideoSource for Y4mSource {
    fn start(&mut self, _: VideoFormat) -> Result<(), Error> {
        let decoder = open(&self.path)?;
        let rate = decoder.get_framerate();
        let reader = Reader { path: self.path.clone(), is_looped: self.is_looped, decoder, read: 0 };
        let frame_rate = rate.num.div_ceil(rate.den.max(1));
        self.capture.start(reader, u32::try_from(frame_rate).unwrap_or(u32::MAX))
    }

    fn read(&mut self) -> Option<VideoInput> {
        self.capture.read().map(VideoInput::Pixels)
    }

    fn is_finished(&self) -> bool {
        self.capture.is_finished()
    }

    fn failure(&self) -> Option<Error> {
        self.capture.failure()
    }

    fn stop(&mut self) {
        self.capture.stop();
    }
}

struct Reader {
    path: PathBuf,
    is_looped: bool,
    decoder: Decoder<BufReader<File>>,
    /// The pictures read since the file's beginning.
    read: u64,
}

impl Grab for Reader {
    fn grab(&mut self, at: Duration) -> Result<Grabbed, Error> {
        let (width, height) = (self.decoder.get_width() as u32, self.decoder.get_height() as u32);
        match self.decoder.read_frame() {
            Ok(frame) => {
                self.read += 1;
                let mut data = Vec::with_capacity(packed_size(width, height));
                for plane in [frame.get_y_plane(), frame.get_u_plane(), frame.get_v_plane()] {
                    data.extend_from_slice(plane);
                }
                Ok(Grabbed::Picture(I420::packed(width, height, data).into_frame(at)))
            }
            Err(y4m::Error::EOF) if self.is_looped && self.read > 0 => {
                self.decoder = open(&self.path)?;
                self.read = 0;
                self.grab(at)
            }
            Err(y4m::Error::EOF) => Ok(Grabbed::End),
            Err(error) => Err(failure(&self.path, ErrorKind::Internal, error)),
        }
    }
}

fn open(path: &Path) -> Result<Decoder<BufReader<File>>, Error> {
    let refused = |error: &dyn std::fmt::Display| failure(path, ErrorKind::InvalidArgument, error);
    let file = File::open(path).map_err(|error| refused(&error))?;
    let mut reader = BufReader::new(file);
    check_size(reader.fill_buf().map_err(|error| refused(&error))?).map_err(|text| refused(&text))?;
    reader.rewind().map_err(|error| refused(&error))?;
    let decoder = Decoder::new(reader).map_err(|error| refused(&error))?;
    match decoder.get_colorspace() {
        Colorspace::C420 | Colorspace::C420jpeg | Colorspace::C420paldv | Colorspace::C420mpeg2 => {
            Ok(decoder)
        }
        other => Err(refused(&format!("unsupported pixels, {other:?}; only 8-bit 4:2:0"))),
    }
}

/// Checks the size in a header before the decoder multiplies it.
fn check_size(start: &[u8]) -> Result<(), String> {
    let header = start.get(..start.len().min(HEADER)).unwrap_or_default();
    let line = header.split(|byte| *byte == b'\n').next().unwrap_or_default();
    for field in String::from_utf8_lossy(line).split(' ') {
        if let Some(side) = field.strip_prefix(['W', 'H'])
            && !side.parse().is_ok_and(|side: u32| (1..=MAX_VIDEO_SIDE).contains(&side))
        {
            return Err(format!("a side of {side:?} pixels; at most {MAX_VIDEO_SIDE}"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), bytes).unwrap();
        file
    }

    #[test]
    fn unusable_files_are_named() {
        for (bytes, reason) in [
            (&b""[..], "video file"),
            (b"RIFF", "video file"),
            (b"YUV4MPEG2 W4294967295000 H2 F25:1\n", "at most 8192"),
            (b"YUV4MPEG2 W9000 H2 F25:1\n", "at most 8192"),
            (b"YUV4MPEG2 W0 H2 F25:1\n", "at most 8192"),
            (b"YUV4MPEG2 W2 H2 F25:1 C444\n", "only 8-bit 4:2:0"),
            (b"YUV4MPEG2 W2 H2 F25:1 C420p10\n", "only 8-bit 4:2:0"),
        ] {
            let file = file(bytes);
            let error = Y4mSource::open(file.path()).unwrap_err();
            let path = file.path().display().to_string();
            assert!(error.message().contains(reason) && error.message().contains(&path), "{error}");
        }
        assert!(Y4mSource::open("/does/not/exist.y4m").is_err());
    }

    #[test]
    fn a_file_without_pictures_ends_also_in_a_loop() {
        let file = file(b"YUV4MPEG2 W2 H2 F25:1\n");
        let mut source = Y4mSource::open_looped(file.path()).unwrap();
        source.start(VideoFormat { width: 2, height: 2, frame_rate: 25 }).unwrap();
        while !source.is_finished() {
            std::thread::yield_now();
        }
        assert!(source.read().is_none() && source.failure().is_none());
    }
}
