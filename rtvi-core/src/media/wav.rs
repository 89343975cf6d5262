//! A WAV file instead of a microphone.
//!
//! The file is read ahead by a thread of its own into a bounded lock-free ring, so that the audio path never waits for a disk.

use std::{
    path::Path,
    thread::{self, Thread},
    time::Duration,
};

use rtrb::{Consumer, Producer, RingBuffer};

use crate::error::{Error, ErrorKind};

use super::{AudioFormat, AudioSource, wav_file::WavFile};

/// How much audio is read ahead. When full, the reading thread waits.
const AHEAD: Duration = Duration::from_secs(10);

/// At most this many samples (1 MiB) are read ahead, whatever the format: never under 0.1 s.
const AHEAD_SAMPLES: usize = 512 * 1024;

/// How often the reading thread looks for room by itself.
const LOOK: Duration = Duration::from_millis(500);

/// How many samples are read from the file at once.
const PIECE: usize = 4096;

/// Plays a WAV file as the user's voice: once, or over and over.
///
/// Any sample rate from 1 to 384 kHz and 1 to 8 channels; 8, 16, 24 and 32-bit integer and 32-bit float samples; also in the
/// extensible format. A file whose data are shorter than it says is played as far as it goes.
///
/// Reading never blocks. Files of up to 10 s (less if over 1 MiB as 16-bit samples) are held whole; longer ones are read by a
/// thread while they play. If the disk can't keep up, or the file turns out to be unreadable, the audio has a gap or ends
/// early. Stopping pauses: after another start it goes on from there.
#[derive(Debug)]
pub struct WavSource {
    format: AudioFormat,
    ring: Consumer<i16>,
    /// Absent when the whole file is in the ring.
    reader: Option<Thread>,
}

impl WavSource {
    /// Opens a file to be played once. Blocks while the first seconds are read.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] naming the path and the reason: missing, not WAV, cut within its header,
    /// an unsupported format, without audio.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        Self::from_file(WavFile::open(path.as_ref())?, false)
    }

    /// Opens a file to be played over and over without a gap. Blocks while the first seconds are read.
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
        // In this order: what is read before the thread ends must not be missed.
        self.ring.is_abandoned() && self.ring.slots() == 0
    }

    fn stop(&mut self) {}
}

/// The reading side.
struct Reader {
    file: WavFile,
    looped: bool,
    ring: Producer<i16>,
    /// Samples read and not yet in the ring.
    piece: Vec<i16>,
}

#[derive(PartialEq, Eq)]
enum Progress {
    /// The ring is full.
    Full,
    /// Nothing will follow.
    Ended,
}

impl Reader {
    /// Fills the ring as its reader empties it, until the file or the reader ends.
    fn run(mut self) {
        while !self.ring.is_abandoned() && self.fill() == Progress::Full {
            thread::park_timeout(LOOK);
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
            count = self
                .file
                .rewind()
                .map_err(|_| hound::Error::UnfinishedSample)
                .and_then(|()| self.file.read(&mut self.piece));
        }
        if let Err(error) = &count {
            tracing::warn!(path = %self.file.path().display(), %error, "WAV file can't be read further");
        }
        self.piece.truncate(count.unwrap_or(0));
        !self.piece.is_empty()
    }
}
