//! A source that reads a WAV file.
//!
//! A thread reads the file ahead into a bounded lock-free ring, so the audio path never waits for a
//! disk.

use std::{
    path::Path,
    thread::{self, Thread},
    time::Duration,
};

use rtrb::{Consumer, Producer, RingBuffer};

use crate::{
    error::{Error, ErrorKind},
    log,
};

use super::{AudioFormat, AudioSource, wav_file::WavFile};

/// How much audio is read ahead. When full, the reading thread waits.
const AHEAD: Duration = Duration::from_secs(10);

/// How many samples (1 MiB) are read ahead in any format: at least 0.1 s.
const AHEAD_SAMPLES: usize = 512 * 1024;

/// How often the reading thread checks for room by itself.
const POLL: Duration = Duration::from_millis(500);

/// How many samples are read from the file at once.
const PIECE: usize = 4096;

/// Plays a WAV file as the user's voice, once or in a loop.
///
/// Any sample rate from 1 to 384 kHz and 1 to 8 channels; 8, 16, 24 and 32-bit integer and 32-bit
/// float samples; also in the extensible format. A file whose recorder did not know its length, as
/// when it was streamed, is played to its end; one that is shorter than its header claims, as far
/// as it goes. An incomplete last sample is ignored.
///
/// Reading never blocks. A file of up to 10 s (and up to 1 MiB as 16-bit samples) is loaded as a
/// whole; a thread reads a longer one while it plays. If the disk can't keep up or the file becomes
/// unreadable, the audio has a gap or ends early. Stopping pauses the file, and another start
/// resumes it. Once the source is dropped, its thread ends within half a second.
#[derive(Debug)]
pub struct WavSource {
    format: AudioFormat,
    ring: Consumer<i16>,
    /// Absent when the whole file is in the ring.
    reader: Option<Thread>,
}

impl WavSource {
    /// Opens a file to play once. Blocks while the first seconds are read.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] naming the path and the reason: missing, not WAV, cut within
    /// its header, an unsupported format, without audio.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::from_file(WavFile::open(path.as_ref())?, false)
    }

    /// Opens a file to play in a loop without a gap. Blocks while the first seconds are read.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn open_looped(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::from_file(WavFile::open(path.as_ref())?, true)
    }

    fn from_file(file: WavFile, looped: bool) -> Result<Self, Error> {
        let format = file.format();
        let (producer, ring) = RingBuffer::new(format.samples_in(AHEAD).min(AHEAD_SAMPLES));
        let mut reader = Reader { file, looped, ring: producer, piece: Vec::with_capacity(PIECE) };
        if reader.fill() == Progress::Ended {
            return Ok(Self { format, ring, reader: None });
        }
        let path = reader.file.path().display().to_string();
        let handle = thread::Builder::new().name("rtvi-wav-read".to_owned()).spawn(move || reader.run());
        let handle = handle.map_err(|e| {
            Error::new(ErrorKind::Internal, format!("can't start a thread to read WAV file {path}: {e}"))
        })?;
        Ok(Self { format, ring, reader: Some(handle.thread().clone()) })
    }
}

impl AudioSource for WavSource {
    fn format(&self) -> AudioFormat {
        self.format
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn available(&self) -> Option<usize> {
        None
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        let count = self.ring.pop_partial_slice(out).0.len();
        if let Some(reader) = &self.reader
            && self.ring.slots() < self.ring.buffer().capacity() / 2
        {
            reader.unpark();
        }
        count
    }

    fn is_finished(&self) -> bool {
        // In this order: samples read just before the thread ends must not be missed.
        self.ring.is_abandoned() && self.ring.slots() == 0
    }

    fn stop(&mut self) {}
}

/// The reading side.
struct Reader {
    file: WavFile,
    looped: bool,
    ring: Producer<i16>,
    /// Samples from the file that are not in the ring yet.
    piece: Vec<i16>,
}

#[derive(PartialEq, Eq)]
enum Progress {
    /// The ring is full.
    Full,
    /// The file has ended.
    Ended,
}

impl Reader {
    /// Refills the ring until the file ends or the source is dropped.
    fn run(mut self) {
        while !self.ring.is_abandoned() && self.fill() == Progress::Full {
            thread::park_timeout(POLL);
        }
    }

    fn fill(&mut self) -> Progress {
        loop {
            let taken = self.ring.push_partial_slice(&self.piece).0.len();
            self.piece.drain(..taken);
            if !self.piece.is_empty() {
                return Progress::Full;
            }
            if !self.read_piece() {
                return Progress::Ended;
            }
        }
    }

    /// Reads on, from the beginning again if looped; false when there is no more.
    fn read_piece(&mut self) -> bool {
        self.piece.resize(PIECE, 0);
        let mut count = self.file.read(&mut self.piece);
        if self.looped && matches!(count, Ok(0)) {
            count = self.file.rewind().and_then(|()| self.file.read(&mut self.piece));
        }
        if let Err(error) = &count {
            log::warn!(path = %self.file.path().display(), %error, "WAV file can't be read further");
        }
        self.piece.truncate(count.unwrap_or(0));
        !self.piece.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use hound::{SampleFormat, WavSpec, WavWriter};

    fn write(path: &Path, rate: u32, samples: impl Iterator<Item = i16>) {
        let spec =
            WavSpec { channels: 1, sample_rate: rate, bits_per_sample: 16, sample_format: SampleFormat::Int };
        let mut writer = WavWriter::create(path, spec).unwrap();
        samples.for_each(|sample| writer.write_sample(sample).unwrap());
        writer.finalize().unwrap();
    }

    /// Reads until the end or until there are `most` samples. Waits for the reading thread by
    /// yielding to it.
    fn read_all(source: &mut WavSource, most: usize) -> Vec<i16> {
        let mut all = Vec::new();
        let mut piece = [0; 317];
        while all.len() < most && !source.is_finished() {
            let count = source.read(&mut piece);
            all.extend_from_slice(&piece[..count]);
            thread::yield_now();
        }
        all
    }

    #[test]
    fn a_short_file_needs_no_thread() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("short.wav");
        write(&path, 8_000, 0..8_000);
        let mut source = WavSource::open(&path).unwrap();
        assert_eq!(source.format(), AudioFormat::mono(8_000));
        assert!(source.reader.is_none() && source.available().is_none() && !source.is_finished());
        source.start().unwrap();
        let mut out = vec![0; 9_000];
        assert_eq!(source.read(&mut out), 8_000);
        assert!(out[..8_000].iter().copied().eq(0..8_000));
        assert!(source.is_finished());
        assert_eq!(source.read(&mut out), 0);
    }

    #[test]
    fn a_long_file_is_read_while_it_plays() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("long.wav");
        let samples = || (0..400_000).map(|n| (n % 31_013) as i16);
        write(&path, 8_000, samples());
        let mut source = WavSource::open(&path).unwrap();
        assert!(source.reader.is_some());
        assert_eq!(source.ring.slots(), 80_000);
        assert!(read_all(&mut source, usize::MAX).into_iter().eq(samples()));
    }

    #[test]
    fn stopping_pauses() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("pause.wav");
        write(&path, 8_000, 0..100);
        let mut source = WavSource::open(&path).unwrap();
        source.read(&mut [0; 40]);
        source.stop();
        source.start().unwrap();
        let mut out = [0];
        source.read(&mut out);
        assert_eq!(out, [40]);
    }

    #[test]
    fn a_looped_file_never_ends() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("loop.wav");
        write(&path, 8_000, 0..5_000);
        let mut source = WavSource::open_looped(&path).unwrap();
        let read = read_all(&mut source, 200_000);
        let count = read.len();
        assert!(count >= 200_000 && read.into_iter().eq((0..5_000).cycle().take(count)));
        assert!(!source.is_finished());
    }

    #[test]
    fn a_looped_file_that_goes_away_ends() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("gone.wav");
        write(&path, 8_000, 0..5_000);
        let mut source = WavSource::open_looped(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        let read = read_all(&mut source, usize::MAX);
        assert!(read.len() >= 80_000 && read.len().is_multiple_of(5_000), "{}", read.len());
    }

    #[test]
    fn the_thread_ends_with_the_source() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("dropped.wav");
        write(&path, 8_000, (0..8_000).cycle().take(100_000));
        let file = WavFile::open(&path).unwrap();
        let (producer, ring) = RingBuffer::new(1_000);
        let mut reader = Reader { file, looped: true, ring: producer, piece: Vec::new() };
        assert!(reader.fill() == Progress::Full);
        drop(ring);
        reader.run();
    }

    #[test]
    fn reading_ahead_is_bounded() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("rich.wav");
        write(&path, 384_000, (0..1_000).cycle().take(600_000));
        let source = WavSource::open(&path).unwrap();
        assert_eq!(source.ring.buffer().capacity(), AHEAD_SAMPLES);
    }

    #[test]
    fn says_what_is_wrong() {
        let error = WavSource::open("no/such/file.wav").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().contains("no/such/file.wav"), "{error}");
    }
}
