//! A WAV file instead of a speaker.
//!
//! Samples go through a bounded lock-free ring to a thread of its own that writes them, so that the audio path never waits for
//! a disk.

use std::{
    fs::File,
    io::BufWriter,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use hound::{SampleFormat, WavSpec, WavWriter};
use rtrb::{Consumer, Producer, RingBuffer};

use crate::error::{Error, ErrorKind};

use super::{AudioFormat, AudioSink};

/// How much audio may wait for the disk. When full, what comes next is dropped and counted.
const WAITING: Duration = Duration::from_secs(10);

/// At most this many samples (1 MiB) wait for the disk, whatever the format. When full, what comes next is dropped and counted.
const WAITING_SAMPLES: usize = 512 * 1024;

/// How often the thread writes what has come and makes the header fit.
const WRITE_EVERY: Duration = Duration::from_millis(500);

/// The most samples a WAV file can hold, as its length is a 32-bit number of bytes. Then the recording ends with an error.
const FILE_LIMIT: u32 = (u32::MAX - 4096) / 2;

/// Records the bot's audio as a 16-bit WAV file.
///
/// Writing never blocks: the file lags by up to half a second, and the audio that comes while 10 s are waiting for a slow disk is
/// dropped and counted. The header is made to fit each half second, so the file is readable even if the process is
/// killed. [`flush`](AudioSink::flush) changes nothing: what was written counts as played. [`stop`](AudioSink::stop) does not
/// block; a later start goes on with the same file. The file is completed by [`finish`](Self::finish) or on drop, which both wait for
/// the disk.
#[derive(Debug)]
pub struct WavRecorder {
    format: AudioFormat,
    /// Absent once completed.
    ring: Option<Producer<i16>>,
    thread: Option<JoinHandle<()>>,
    status: RecorderStatus,
}

/// What became of a recording; stays readable when the recorder was given away. Cheap to clone.
#[derive(Clone, Debug)]
pub struct RecorderStatus {
    format: AudioFormat,
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    written: AtomicU64,
    dropped: AtomicU64,
    error: Mutex<Option<Error>>,
}

impl RecorderStatus {
    /// How much audio is in the file.
    pub fn written(&self) -> Duration {
        self.time(&self.shared.written)
    }

    /// How much audio was dropped: the disk was too slow or the recording has failed.
    pub fn dropped(&self) -> Duration {
        self.time(&self.shared.dropped)
    }

    /// Why the recording has failed, if it has. Names the path.
    pub fn error(&self) -> Option<Error> {
        self.shared.error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn time(&self, samples: &AtomicU64) -> Duration {
        self.format.duration_of(usize::try_from(samples.load(Ordering::Acquire)).unwrap_or(usize::MAX))
    }
}

impl WavRecorder {
    /// Makes the file, or empties the one that is there, and starts the writing thread. Blocks on the file system.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] naming the path and the reason: it can't be made, or the format is not
    /// [supported](AudioFormat::is_supported).
    pub fn create(path: impl AsRef<Path>, format: AudioFormat) -> Result<Self, Error> {
        let path = path.as_ref();
        if !format.is_supported() {
            return Err(failure(path, ErrorKind::InvalidArgument, format!("unsupported format, {format}")));
        }
        let file = open(path, format).map_err(|e| failure(path, ErrorKind::InvalidArgument, e))?;
        let (producer, consumer) = RingBuffer::new(format.samples_in(WAITING).min(WAITING_SAMPLES));
        let shared = Arc::new(Shared::default());
        let writer = Writer { path: path.to_owned(), file, ring: consumer, shared: Arc::clone(&shared) };
        let thread = thread::Builder::new()
            .name("rtvi-wav-write".to_owned())
            .spawn(move || writer.run())
            .map_err(|e| failure(path, ErrorKind::Internal, e))?;
        let status = RecorderStatus { format, shared };
        Ok(Self { format, ring: Some(producer), thread: Some(thread), status })
    }

    /// What became of the recording; keep it to look after the recorder was given away.
    pub fn status(&self) -> RecorderStatus {
        self.status.clone()
    }

    /// Completes the file and says how much audio is in it. Blocks until all is written.
    ///
    /// # Errors
    /// [`ErrorKind::Device`] naming the path when something could not be written.
    pub fn finish(mut self) -> Result<Duration, Error> {
        self.complete();
        match self.status.error() {
            Some(error) => Err(error),
            None => Ok(self.status.written()),
        }
    }

    fn complete(&mut self) {
        drop(self.ring.take());
        if let Some(thread) = self.thread.take() {
            thread.thread().unpark();
            if thread.join().is_err() {
                tracing::error!("the thread that writes a WAV file has panicked");
            }
        }
    }

    fn wake(&self) {
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }
}

impl Drop for WavRecorder {
    fn drop(&mut self) {
        self.complete();
    }
}

impl AudioSink for WavRecorder {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn start(&mut self) -> Result<(), Error> {
        self.status.error().map_or(Ok(()), Err)
    }

    fn wanted(&self) -> Option<usize> {
        None
    }

    fn write(&mut self, samples: &[i16]) {
        let Some(ring) = &mut self.ring else { return };
        let free = if ring.is_abandoned() { 0 } else { ring.slots().min(samples.len()) };
        let whole = free - free % usize::from(self.format.channels);
        let taken = ring.push_partial_slice(samples.get(..whole).unwrap_or_default()).0.len();
        self.status.shared.dropped.fetch_add((samples.len() - taken) as u64, Ordering::Release);
        if ring.slots() < ring.buffer().capacity() / 2 {
            self.wake();
        }
    }

    fn flush(&mut self) {}

    fn stop(&mut self) {
        self.wake();
    }
}

/// The writing side.
struct Writer {
    path: PathBuf,
    file: WavWriter<BufWriter<File>>,
    ring: Consumer<i16>,
    shared: Arc<Shared>,
}

impl Writer {
    fn run(mut self) {
        let written = self.write_until_closed();
        let outcome = written.and_then(|()| self.file.finalize().map_err(|e| e.to_string()));
        if let Err(reason) = outcome {
            let error = failure(&self.path, ErrorKind::Device, reason);
            tracing::warn!(%error, "recording has failed");
            *self.shared.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        }
    }

    fn write_until_closed(&mut self) -> Result<(), String> {
        loop {
            // Asked first: what was pushed before the other end went must not be missed.
            let last = self.ring.is_abandoned();
            if self.write_waiting()? {
                self.file.flush().map_err(|e| e.to_string())?;
                self.shared.written.store(self.file.len().into(), Ordering::Release);
            }
            if last {
                return Ok(());
            }
            thread::park_timeout(WRITE_EVERY);
        }
    }

    /// Writes what is in the ring; false if nothing was.
    fn write_waiting(&mut self) -> Result<bool, String> {
        let count = self.ring.slots();
        let Ok(chunk) = self.ring.read_chunk(count) else { return Ok(false) };
        if count == 0 {
            return Ok(false);
        }
        let count = u32::try_from(count).unwrap_or(u32::MAX);
        if self.file.len().saturating_add(count) > FILE_LIMIT {
            return Err("a WAV file can't be larger than 4 GiB".to_owned());
        }
        let mut block = self.file.get_i16_writer(count);
        let (first, second) = chunk.as_slices();
        first.iter().chain(second).for_each(|&sample| block.write_sample(sample));
        block.flush().map_err(|e| e.to_string())?;
        chunk.commit_all();
        Ok(true)
    }
}

/// Makes the file with a header that is valid at once.
fn open(path: &Path, format: AudioFormat) -> hound::Result<WavWriter<BufWriter<File>>> {
    let spec = WavSpec {
        channels: format.channels,
        sample_rate: format.sample_rate,
        bits_per_sample: 16,
        sample_format: SampleFormat::Int,
    };
    let mut file = WavWriter::create(path, spec)?;
    file.flush()?;
    Ok(file)
}

fn failure(path: &Path, kind: ErrorKind, reason: impl std::fmt::Display) -> Error {
    Error::new(kind, format!("can't write WAV file {}: {reason}", path.display()))
}
