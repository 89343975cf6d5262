//! Reads WAV files, also odd ones.
//!
//! Blocking file I/O: used when a [`WavSource`](super::WavSource) is opened and on its thread, never in the audio path. Walks the
//! chunks itself, because files in the wild have padding, lengths that are not true and a broken last sample; the
//! format and the samples are then read by `hound`.

use std::{
    fs::File,
    io::{BufReader, Chain, Cursor, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use hound::{SampleFormat, WavReader};

use crate::error::{Error, ErrorKind};

use super::AudioFormat;

/// How much of a format chunk matters: the length of the extensible one. More is ignored.
const FORMAT_CHUNK_MAX: u32 = 40;

/// The data of the file behind a header of our own in which all lengths are true.
type Samples = WavReader<Chain<Cursor<Vec<u8>>, BufReader<File>>>;

/// An open WAV file with a supported format and at least one sample.
pub(super) struct WavFile {
    path: PathBuf,
    layout: Layout,
    samples: Samples,
}

/// Where things are in a file.
struct Layout {
    /// A header whose data length is that of the whole samples which are there.
    header: Vec<u8>,
    /// Where the samples begin.
    data: u64,
}

impl WavFile {
    /// Opens a file and checks that it can be read.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] naming the path and the reason.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let invalid = |reason: String| {
            Error::new(
                ErrorKind::InvalidArgument,
                format!("can't read WAV file {}: {reason}", path.display()),
            )
        };
        let mut file = open_regular(path).map_err(invalid)?;
        let layout = find_samples(&mut file).map_err(invalid)?;
        let samples = read_samples(file, &layout).map_err(invalid)?;
        Ok(Self { path: path.to_owned(), layout, samples })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn format(&self) -> AudioFormat {
        let spec = self.samples.spec();
        AudioFormat { sample_rate: spec.sample_rate, channels: spec.channels }
    }

    /// Reads the next samples and says how many; 0 at the end.
    pub(super) fn read(&mut self, out: &mut [i16]) -> Result<usize, hound::Error> {
        let spec = self.samples.spec();
        let mut count = 0;
        if spec.sample_format == SampleFormat::Float {
            for (slot, sample) in out.iter_mut().zip(self.samples.samples::<f32>()) {
                *slot = (sample? * 32_768.0).round() as i16;
                count += 1;
            }
        } else {
            for (slot, sample) in out.iter_mut().zip(self.samples.samples::<i32>()) {
                *slot = shift_to_16(sample?, spec.bits_per_sample);
                count += 1;
            }
        }
        Ok(count)
    }

    /// Goes back to the first sample.
    pub(super) fn rewind(&mut self) -> Result<(), String> {
        let file = File::open(&self.path).map_err(|e| e.to_string())?;
        self.samples = read_samples(file, &self.layout)?;
        Ok(())
    }
}

const fn shift_to_16(sample: i32, bits: u16) -> i16 {
    match bits {
        8 => (sample << 8) as i16,
        24 => (sample >> 8) as i16,
        32 => (sample >> 16) as i16,
        _ => sample as i16,
    }
}

fn open_regular(path: &Path) -> Result<File, String> {
    let facts = std::fs::metadata(path).map_err(|e| e.to_string())?;
    if !facts.is_file() {
        return Err("not a regular file".to_owned());
    }
    File::open(path).map_err(|e| e.to_string())
}

/// Puts our header before the file's data and checks the format.
fn read_samples(mut file: File, layout: &Layout) -> Result<Samples, String> {
    file.seek(SeekFrom::Start(layout.data)).map_err(|e| e.to_string())?;
    let reader = Cursor::new(layout.header.clone()).chain(BufReader::new(file));
    let samples = WavReader::new(reader).map_err(|e| e.to_string())?;
    let spec = samples.spec();
    let format = AudioFormat { sample_rate: spec.sample_rate, channels: spec.channels };
    if !format.is_supported() {
        return Err(format!("unsupported format, {format}"));
    }
    match (spec.sample_format, spec.bits_per_sample) {
        (SampleFormat::Int, 8 | 16 | 24 | 32) | (SampleFormat::Float, 32) => Ok(samples),
        (SampleFormat::Int, bits) => Err(format!("unsupported format, {bits}-bit integer samples")),
        (SampleFormat::Float, bits) => Err(format!("unsupported format, {bits}-bit float samples")),
    }
}

/// Walks the chunks up to the samples.
fn find_samples(file: &mut File) -> Result<Layout, String> {
    let size = file.metadata().map_err(|e| e.to_string())?.len();
    let mut reader = BufReader::new(file);
    let riff: [u8; 12] = take(&mut reader).map_err(|_| "not a WAV file, it is too short".to_owned())?;
    if !riff.starts_with(b"RIFF") || !riff.ends_with(b"WAVE") {
        return Err("not a WAV file, it has no RIFF/WAVE header".to_owned());
    }
    let mut format = None;
    loop {
        let (name, length) = chunk_header(&mut reader)?;
        match &name {
            b"data" => {
                let format = format.ok_or("its data come before its format")?;
                let data = reader.stream_position().map_err(|e| e.to_string())?;
                return layout(format, data, u64::from(length).min(size.saturating_sub(data)));
            }
            b"fmt " => format = Some(format_chunk(&mut reader, length)?),
            _ => skip(&mut reader, u64::from(length) + u64::from(length % 2))?,
        }
    }
}

fn chunk_header(reader: &mut impl Read) -> Result<([u8; 4], u32), String> {
    let ends = |_| "it ends before its data".to_owned();
    let name = take(reader).map_err(ends)?;
    let length = take(reader).map_err(ends)?;
    Ok((name, u32::from_le_bytes(length)))
}

/// Reads a format chunk as far as it matters.
fn format_chunk(reader: &mut (impl Read + Seek), length: u32) -> Result<Vec<u8>, String> {
    if length < 16 {
        return Err(format!("its format chunk has only {length} bytes"));
    }
    let mut chunk = vec![0; length.min(FORMAT_CHUNK_MAX) as usize];
    reader.read_exact(&mut chunk).map_err(|_| "it ends within its format".to_owned())?;
    skip(reader, u64::from(length.saturating_sub(FORMAT_CHUNK_MAX)) + u64::from(length % 2))?;
    // Only the extensible format needs what follows the first 16 bytes, and it needs all of it.
    if chunk.len() < FORMAT_CHUNK_MAX as usize || !chunk.starts_with(&[0xfe, 0xff]) {
        chunk.truncate(16);
    }
    Ok(chunk)
}

/// A header for whole groups of samples within `length` bytes at `data`.
fn layout(format: Vec<u8>, data: u64, length: u64) -> Result<Layout, String> {
    let align = format.get(12..14).and_then(|b| <[u8; 2]>::try_from(b).ok()).map_or(0, u16::from_le_bytes);
    let whole = length - length.checked_rem(align.into()).unwrap_or(0);
    if whole == 0 {
        return Err("it holds no audio".to_owned());
    }
    let mut header = Vec::with_capacity(28 + format.len());
    header.extend_from_slice(b"RIFF");
    header.extend_from_slice(&u32::MAX.to_le_bytes());
    header.extend_from_slice(b"WAVEfmt ");
    header.extend_from_slice(&(format.len() as u32).to_le_bytes());
    header.extend_from_slice(&format);
    header.extend_from_slice(b"data");
    header.extend_from_slice(&u32::try_from(whole).unwrap_or(u32::MAX).to_le_bytes());
    Ok(Layout { header, data })
}

fn take<const N: usize>(reader: &mut impl Read) -> std::io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn skip(reader: &mut impl Seek, length: u64) -> Result<(), String> {
    let offset = i64::try_from(length).unwrap_or(i64::MAX);
    reader.seek(SeekFrom::Current(offset)).map(|_| ()).map_err(|e| e.to_string())
}
