//! A sink that records the bot's video.
//!
//! A thread writes, so the client never waits for a disk.

use std::{
    fs::File,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use rtvi_core::{
    Error, ErrorKind,
    media::video::{VideoAccepts, VideoCodec, VideoOutput, VideoSink},
};
use y4m::{Encoder, Ratio};

use super::{
    failure,
    ivf::{Header, Packet},
};
use crate::{
    i420::{I420, packed_rows},
    upright::Upright,
};

/// How many pictures may wait for the disk. When full, the newest is dropped and counted.
const WAITING: usize = 16;

/// Records the bot's video to a file: pictures as Y4M, or encoded frames as IVF.
///
/// The first picture sets the size of a Y4M file; later ones are scaled to it. Each is written once,
/// at the rate given, whenever it came. IVF keeps the frames' times, and the bot's video is not
/// decoded at all. Writing never blocks: pictures are dropped and counted while 16 wait for a slow
/// disk. [`VideoSink::stop`] does nothing. Drop completes the file and waits for the disk.
#[derive(Debug)]
pub struct VideoRecorder {
    accepts: VideoAccepts,
    /// Absent only during drop.
    queue: Option<SyncSender<VideoOutput>>,
    thread: Option<JoinHandle<()>>,
    status: RecordingStatus,
}

/// The status of a recording, which stays readable after the recorder was passed on. Cheap to
/// clone.
#[derive(Clone, Debug, Default)]
pub struct RecordingStatus {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    written: AtomicU64,
    dropped: AtomicU64,
    error: Mutex<Option<Error>>,
}

impl RecordingStatus {
    /// How many pictures are in the file.
    pub fn written(&self) -> u64 {
        self.shared.written.load(Ordering::Acquire)
    }

    /// How many were dropped because the disk was too slow or the recording has failed.
    pub fn dropped(&self) -> u64 {
        self.shared.dropped.load(Ordering::Acquire)
    }

    /// Why the recording has failed, if it has. The error names the path.
    pub fn error(&self) -> Option<Error> {
        self.shared.error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl VideoRecorder {
    /// Creates a Y4M file, or truncates an existing one, for so many pictures a second (30 is what
    /// Pipecat bots send).
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] naming the path, when the file can't be created.
    pub fn y4m(path: impl AsRef<Path>, frame_rate: u32) -> Result<Self, Error> {
        let upright = Upright::default();
        let start =
            move |file| Box::new(Y4mWriter { file: Some(file), frame_rate, upright, open: None }) as _;
        Self::create(path.as_ref(), VideoAccepts::Pixels, start)
    }

    /// Creates an IVF file, or truncates an existing one, for the bot's VP8 frames.
    ///
    /// # Errors
    /// As [`y4m`](Self::y4m).
    pub fn ivf(path: impl AsRef<Path>) -> Result<Self, Error> {
        let accepts = VideoAccepts::Encoded(vec![VideoCodec::Vp8]);
        Self::create(path.as_ref(), accepts, |file| Box::new(IvfWriter { file, has_header: false }) as _)
    }

    fn create(
        path: &Path,
        accepts: VideoAccepts,
        writer: impl FnOnce(File) -> Box<dyn Writer>,
    ) -> Result<Self, Error> {
        let file = File::create(path).map_err(|error| failure(path, ErrorKind::InvalidArgument, error))?;
        let writer = writer(file);
        let (queue, waiting) = sync_channel(WAITING);
        let status = RecordingStatus::default();
        let job = Job { path: path.to_owned(), writer, status: status.clone() };
        let thread = thread::Builder::new()
            .name("rtvi-video-write".to_owned())
            .spawn(move || job.run(&waiting))
            .map_err(|error| failure(path, ErrorKind::Internal, error))?;
        Ok(Self { accepts, queue: Some(queue), thread: Some(thread), status })
    }

    /// The status of the recording. Keep it when the recorder is passed on.
    pub fn status(&self) -> RecordingStatus {
        self.status.clone()
    }
}

impl VideoSink for VideoRecorder {
    fn accepts(&self) -> VideoAccepts {
        self.accepts.clone()
    }

    fn write(&mut self, output: VideoOutput) {
        let taken = self.queue.as_ref().is_some_and(|queue| queue.try_send(output).is_ok());
        if !taken {
            self.status.shared.dropped.fetch_add(1, Ordering::AcqRel);
        }
    }

    fn stop(&mut self) {}

    fn failure(&self) -> Option<Error> {
        self.status.error()
    }
}

impl Drop for VideoRecorder {
    fn drop(&mut self) {
        self.queue.take();
        if let Some(thread) = self.thread.take() {
            // A writer that panicked has nothing left to complete.
            let _ = thread.join();
        }
    }
}

/// A container.
trait Writer: Send {
    /// Writes a picture; false if it is not one that the container takes.
    fn write(&mut self, output: VideoOutput) -> Result<bool, String>;
}

struct Job {
    path: PathBuf,
    writer: Box<dyn Writer>,
    status: RecordingStatus,
}

impl Job {
    /// Writes until the recorder is dropped. After an error it only counts.
    fn run(mut self, waiting: &Receiver<VideoOutput>) {
        for output in waiting {
            let has_failed = self.status.error().is_some();
            match if has_failed { Ok(false) } else { self.writer.write(output) } {
                Ok(true) => self.status.shared.written.fetch_add(1, Ordering::AcqRel),
                Ok(false) => self.status.shared.dropped.fetch_add(1, Ordering::AcqRel),
                Err(error) => {
                    self.fail(&error);
                    self.status.shared.dropped.fetch_add(1, Ordering::AcqRel)
                }
            };
        }
    }

    fn fail(&self, error: &dyn std::fmt::Display) {
        let error = failure(&self.path, ErrorKind::Internal, error);
        *self.status.shared.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

struct Y4mWriter {
    /// The file until the first picture, whose size the header needs.
    file: Option<File>,
    frame_rate: u32,
    upright: Upright,
    open: Option<OpenY4m>,
}

struct OpenY4m {
    encoder: Encoder<File>,
    width: u32,
    height: u32,
}

impl Writer for Y4mWriter {
    fn write(&mut self, output: VideoOutput) -> Result<bool, String> {
        let VideoOutput::Pixels(frame) = output else { return Ok(false) };
        let most = self.open.as_ref().map_or((u32::MAX, u32::MAX), |open| (open.width, open.height));
        let mut picture = self.upright.prepare(&frame, most).map_err(|error| error.to_string())?;
        if let Some(file) = self.file.take() {
            let size = (picture.width as usize, picture.height as usize);
            let encoder = y4m::encode(size.0, size.1, Ratio::new(self.frame_rate as usize, 1));
            let encoder = encoder.write_header(file).map_err(|error| error.to_string())?;
            self.open = Some(OpenY4m { encoder, width: picture.width, height: picture.height });
        }
        let Some(open) = &mut self.open else { return Ok(false) };
        if (picture.width, picture.height) != (open.width, open.height) {
            picture =
                self.upright.scaled(&picture, open.width, open.height).map_err(|error| error.to_string())?;
        }
        write_y4m(&mut open.encoder, &picture).map_err(|error| error.to_string())?;
        Ok(true)
    }
}

fn write_y4m(encoder: &mut Encoder<File>, picture: &I420) -> Result<(), y4m::Error> {
    let planes: Vec<_> =
        picture.sized_planes().map(|(plane, row, rows)| packed_rows(plane, row, rows)).collect();
    match planes.as_slice() {
        [y, u, v] => encoder.write_frame(&y4m::Frame::new([y, u, v], None)),
        _ => Ok(()),
    }
}

struct IvfWriter {
    file: File,
    has_header: bool,
}

impl Writer for IvfWriter {
    fn write(&mut self, output: VideoOutput) -> Result<bool, String> {
        let VideoOutput::Encoded(frame) = output else { return Ok(false) };
        if !self.has_header {
            let side = |side: u32| u16::try_from(side).unwrap_or(u16::MAX);
            let (width, height) = (side(frame.width), side(frame.height));
            let header = Header { codec: frame.codec, width, height, rate: 1000, scale: 1 };
            header.write(&mut self.file).map_err(|error| error.to_string())?;
            self.has_header = true;
        }
        let time = u64::try_from(frame.timestamp.as_millis()).unwrap_or(u64::MAX);
        Packet::write(time, &frame.data, &mut self.file).map_err(|error| error.to_string())?;
        Ok(true)
    }
}
