//! A sink that writes a WAV file.
//!
//! Samples go through a bounded lock-free ring to a thread that writes them, so the audio path
//! never waits for a disk.

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

use crate::{
    error::{Error, ErrorKind},
    log,
};

use super::{AudioFormat, AudioSink};

/// How much audio may wait for the disk. When full, new audio is dropped and counted.
const WAITING: Duration = Duration::from_secs(10);

/// How many samples (1 MiB) may wait for the disk in any format. When full, new audio is dropped
/// and counted.
const WAITING_SAMPLES: usize = 512 * 1024;

/// How often the thread writes the samples and updates the header.
const WRITE_EVERY: Duration = Duration::from_millis(500);

/// How many samples a WAV file can hold, since its length in bytes has 32 bits. Beyond it the
/// recording ends with an error.
const FILE_LIMIT: u32 = (u32::MAX - 4096) / 2;

/// Records the bot's audio as a 16-bit WAV file.
///
/// Writing never blocks: the file lags by up to half a second, and audio is dropped and counted
/// while 10 s wait for a slow disk. The header is updated every half second, so the file is
/// readable even if the process is killed. [`flush`](AudioSink::flush) does nothing, since written
/// audio counts as played. [`stop`](AudioSink::stop) does not block; a later start continues the
/// same file. [`finish`](Self::finish) and drop complete the file and wait for the disk.
#[derive(Debug)]
pub struct WavRecorder {
    format: AudioFormat,
    /// Absent once the file is completed.
    ring: Option<Producer<i16>>,
    thread: Option<JoinHandle<()>>,
    status: RecorderStatus,
}

/// The status of a recording, which stays readable after the recorder was passed on. Cheap to
/// clone.
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

    /// How much audio was dropped because the disk was too slow or the recording has failed.
    pub fn dropped(&self) -> Duration {
        self.time(&self.shared.dropped)
    }

    /// Why the recording has failed, if it has. The error names the path.
    pub fn error(&self) -> Option<Error> {
        self.shared.error.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn time(&self, samples: &AtomicU64) -> Duration {
        self.format.duration_of(usize::try_from(samples.load(Ordering::Acquire)).unwrap_or(usize::MAX))
    }
}

impl WavRecorder {
    /// Creates the file or truncates an existing one, and starts the writing thread. Blocks on the
    /// file system.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] naming the path, when the file can't be created or the format
    /// is not [supported](AudioFormat::is_supported).
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

    /// The status of the recording. Keep it when the recorder is passed on.
    pub fn status(&self) -> RecorderStatus {
        self.status.clone()
    }

    /// Completes the file and returns its duration. Blocks until everything is written.
    ///
    /// # Errors
    /// [`ErrorKind::Device`] naming the path, when writing failed.
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
                log::error!("the thread that writes a WAV file has panicked");
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
            log::warn!(%error, "recording has failed");
            *self.shared.error.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        }
    }

    fn write_until_closed(&mut self) -> Result<(), String> {
        loop {
            // In this order: samples pushed just before the other side is dropped must not be
            // missed.
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

    /// Writes the samples in the ring. Returns false if there were none.
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

#[cfg(test)]
mod tests {
    use super::*;

    const FORMAT: AudioFormat = AudioFormat { sample_rate: 8_000, channels: 2 };

    fn read(path: &Path) -> (AudioFormat, Vec<i16>) {
        let mut reader = hound::WavReader::open(path).unwrap();
        let spec = reader.spec();
        assert_eq!((spec.bits_per_sample, spec.sample_format), (16, SampleFormat::Int));
        let samples = reader.samples::<i16>().map(Result::unwrap).collect();
        (AudioFormat { sample_rate: spec.sample_rate, channels: spec.channels }, samples)
    }

    /// Lets the writing thread work until `done`.
    fn wait(done: impl Fn() -> bool) {
        for _ in 0..50_000_000 {
            if done() {
                return;
            }
            thread::yield_now();
        }
        panic!("the writing thread did not do its work");
    }

    #[test]
    fn records_what_was_written() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("bot.wav");
        let mut recorder = WavRecorder::create(&path, FORMAT).unwrap();
        let status = recorder.status();
        recorder.start().unwrap();
        assert!(recorder.wanted().is_none());
        let samples: Vec<i16> = (0..16_000).collect();
        samples.chunks(320).for_each(|piece| recorder.write(piece));
        recorder.flush();
        recorder.stop();
        assert_eq!(recorder.finish().unwrap(), Duration::from_secs(1));
        assert_eq!(read(&path), (FORMAT, samples));
        assert_eq!((status.written(), status.dropped()), (Duration::from_secs(1), Duration::ZERO));
        assert!(status.error().is_none());
    }

    #[test]
    fn the_file_is_readable_while_recording() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("killed.wav");
        let mut recorder = WavRecorder::create(&path, FORMAT).unwrap();
        assert_eq!(read(&path), (FORMAT, vec![]));
        for second in 1..=3 {
            recorder.write(&[second; 16_000]);
            recorder.stop();
            let status = recorder.status();
            wait(|| status.written() == Duration::from_secs(second as u64));
            let (_, samples) = read(&path);
            assert_eq!((samples.len(), samples.last()), (16_000 * second as usize, Some(&second)));
        }
    }

    #[test]
    fn dropping_completes_the_file() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("dropped.wav");
        let mut recorder = WavRecorder::create(&path, FORMAT).unwrap();
        recorder.write(&[4; 100]);
        drop(recorder);
        assert_eq!(read(&path).1, [4; 100]);
    }

    #[test]
    fn drops_and_counts_what_does_not_fit() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("full.wav");
        let mut recorder = WavRecorder::create(&path, FORMAT).unwrap();
        recorder.write(&vec![1; 16_000 * 11 + 1]);
        let status = recorder.status();
        assert_eq!(status.dropped(), FORMAT.duration_of(16_001));
        assert_eq!(recorder.finish().unwrap(), WAITING);
    }

    #[test]
    fn whole_groups_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("groups.wav");
        let mut recorder = WavRecorder::create(&path, FORMAT).unwrap();
        recorder.write(&[1, 2, 3]);
        recorder.finish().unwrap();
        assert_eq!(read(&path).1, [1, 2]);
    }

    #[test]
    fn says_why_a_file_cannot_be_made() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("no/such/folder.wav");
        let error = WavRecorder::create(&path, FORMAT).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().contains("folder.wav"), "{error}");
        let error = WavRecorder::create(directory.path().join("x.wav"), AudioFormat::mono(0)).unwrap_err();
        assert!(error.message().contains("0 Hz"), "{error}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn says_when_the_disk_is_full() {
        let error = WavRecorder::create("/dev/full", FORMAT).unwrap_err();
        assert!(error.message().contains("/dev/full"), "{error}");
    }

    #[test]
    fn a_failed_recording_drops_and_tells() {
        let directory = tempfile::tempdir().unwrap();
        let mut recorder = WavRecorder::create(directory.path().join("failed.wav"), FORMAT).unwrap();
        let status = recorder.status();
        let error = failure(Path::new("failed.wav"), ErrorKind::Device, "no space left");
        *status.shared.error.lock().unwrap() = Some(error.clone());
        assert_eq!(recorder.start().unwrap_err(), error);
        recorder.write(&[1; 10]);
        assert_eq!(recorder.finish().unwrap_err(), error);
    }
}
