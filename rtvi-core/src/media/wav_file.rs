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
        let mut opened = Self { path: path.to_owned(), layout, samples };
        opened.try_first().map_err(invalid)?;
        Ok(opened)
    }

    /// Reads the first sample and goes back: some formats show only then that they make no sense.
    fn try_first(&mut self) -> Result<(), String> {
        match self.read(&mut [0])? {
            0 => Err("it holds no audio".to_owned()),
            _ => self.rewind(),
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn format(&self) -> AudioFormat {
        let spec = self.samples.spec();
        AudioFormat { sample_rate: spec.sample_rate, channels: spec.channels }
    }

    /// Reads the next samples and says how many; 0 at the end.
    pub(super) fn read(&mut self, out: &mut [i16]) -> Result<usize, String> {
        let spec = self.samples.spec();
        let mut count = 0;
        if spec.sample_format == SampleFormat::Float {
            for (slot, sample) in out.iter_mut().zip(self.samples.samples::<f32>()) {
                *slot = (sample.map_err(|e| e.to_string())? * 32_768.0).round() as i16;
                count += 1;
            }
        } else {
            for (slot, sample) in out.iter_mut().zip(self.samples.samples::<i32>()) {
                *slot = shift_to_16(sample.map_err(|e| e.to_string())?, spec.bits_per_sample);
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

#[cfg(test)]
mod tests {
    use super::*;

    const PCM: u16 = 1;
    const FLOAT: u16 = 3;

    fn format_chunk(tag: u16, channels: u16, rate: u32, bits: u16) -> Vec<u8> {
        let align = channels * bits.div_ceil(8);
        let mut chunk = Vec::new();
        for part in [&tag.to_le_bytes()[..], &channels.to_le_bytes(), &rate.to_le_bytes()] {
            chunk.extend_from_slice(part);
        }
        chunk.extend_from_slice(&rate.wrapping_mul(align.into()).to_le_bytes());
        chunk.extend_from_slice(&align.to_le_bytes());
        chunk.extend_from_slice(&bits.to_le_bytes());
        chunk
    }

    fn extensible(channels: u16, bits: u16, subtype: u16) -> Vec<u8> {
        let mut chunk = format_chunk(0xfffe, channels, 16_000, bits);
        for part in [22, bits, 3, 0, subtype] {
            chunk.extend_from_slice(&part.to_le_bytes());
        }
        chunk.extend_from_slice(&[0, 0, 0, 0, 16, 0, 0x80, 0, 0, 0xaa, 0, 0x38, 0x9b, 0x71]);
        chunk
    }

    /// A chunk as it should be, with its padding byte.
    fn chunk(name: &[u8; 4], content: &[u8]) -> Vec<u8> {
        let mut bytes = chunk_of_length(name, content.len() as u32, content);
        bytes.resize(bytes.len().next_multiple_of(2), 0);
        bytes
    }

    fn chunk_of_length(name: &[u8; 4], length: u32, content: &[u8]) -> Vec<u8> {
        [&name[..], &length.to_le_bytes(), content].concat()
    }

    fn riff(chunks: &[Vec<u8>]) -> Vec<u8> {
        let content = chunks.concat();
        [b"RIFF", &(content.len() as u32 + 4).to_le_bytes()[..], b"WAVE", &content].concat()
    }

    fn open(bytes: &[u8]) -> Result<(AudioFormat, Vec<i16>), Error> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("odd.wav");
        std::fs::write(&path, bytes).unwrap();
        let mut file = WavFile::open(&path)?;
        let mut samples = vec![0; 1_000];
        let count = file.read(&mut samples).unwrap();
        samples.truncate(count);
        file.rewind().unwrap();
        let mut again = vec![0; count];
        assert_eq!((file.read(&mut again).unwrap(), &again), (count, &samples));
        Ok((file.format(), samples))
    }

    fn samples_of(format: Vec<u8>, data: &[u8]) -> Vec<i16> {
        open(&riff(&[chunk(b"fmt ", &format), chunk(b"data", data)])).unwrap().1
    }

    fn refusal(bytes: &[u8]) -> String {
        let error = open(bytes).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidArgument);
        assert!(error.message().contains("odd.wav"), "{error}");
        error.message().to_owned()
    }

    fn mono16() -> Vec<u8> {
        chunk(b"fmt ", &format_chunk(PCM, 1, 16_000, 16))
    }

    #[test]
    fn reads_all_sample_formats() {
        assert_eq!(samples_of(format_chunk(PCM, 1, 8_000, 8), &[128, 255, 0]), [0, 127 << 8, i16::MIN]);
        assert_eq!(samples_of(format_chunk(PCM, 1, 8_000, 16), &[1, 2, 0, 0x80]), [0x201, i16::MIN]);
        assert_eq!(samples_of(format_chunk(PCM, 1, 8_000, 24), &[9, 1, 2, 0, 0, 0x80]), [0x201, i16::MIN]);
        assert_eq!(samples_of(format_chunk(PCM, 1, 8_000, 32), &[9, 9, 1, 2]), [0x201]);
        let floats: Vec<u8> =
            [0.5f32, -1.0, 7.0, f32::NAN, f32::NEG_INFINITY].iter().flat_map(|x| x.to_le_bytes()).collect();
        let wanted = [16_384, i16::MIN, i16::MAX, 0, i16::MIN];
        assert_eq!(samples_of(format_chunk(FLOAT, 1, 8_000, 32), &floats), wanted);
        assert_eq!(samples_of(extensible(2, 32, FLOAT), &floats[..16]), wanted[..4]);
        assert_eq!(samples_of(extensible(2, 16, PCM), &[1, 0, 2, 0]), [1, 2]);
        assert_eq!(samples_of(extensible(1, 24, PCM), &[0, 1, 0]), [1]);
    }

    #[test]
    fn reads_any_rate_and_up_to_eight_channels() {
        for (rate, channels) in [(1_000, 1), (11_025, 2), (44_100, 6), (384_000, 8)] {
            let format = chunk(b"fmt ", &format_chunk(PCM, channels, rate, 16));
            let data = chunk(b"data", &vec![1; usize::from(channels) * 2]);
            let (read, samples) = open(&riff(&[format, data])).unwrap();
            assert_eq!((read.sample_rate, read.channels), (rate, channels));
            assert_eq!(samples.len(), usize::from(channels));
        }
    }

    #[test]
    fn skips_other_chunks_with_their_padding() {
        let file = riff(&[
            chunk(b"JUNK", &[1, 2, 3]),
            mono16(),
            chunk(b"LIST", &[0; 7]),
            chunk(b"data", &[5, 0, 6, 0]),
            chunk(b"id3 ", &[1; 9]),
        ]);
        assert_eq!(open(&file).unwrap().1, [5, 6]);
    }

    #[test]
    fn plays_cut_files_and_untrue_lengths_as_far_as_they_go() {
        for length in [6, 7, 1_000_000, 0x7fff_f000, u32::MAX] {
            let file = riff(&[mono16(), chunk_of_length(b"data", length, &[5, 0, 6, 0, 7])]);
            assert_eq!(open(&file).unwrap().1, [5, 6], "{length}");
        }
        let odd = riff(&[mono16(), chunk_of_length(b"data", 3, &[5, 0, 6, 0])]);
        assert_eq!(open(&odd).unwrap().1, [5]);
        let stereo = chunk(b"fmt ", &format_chunk(PCM, 2, 16_000, 16));
        let half_group = riff(&[stereo, chunk(b"data", &[1, 0, 2, 0, 3, 0])]);
        assert_eq!(open(&half_group).unwrap().1, [1, 2]);
    }

    #[test]
    fn reads_formats_with_something_behind() {
        for extra in [&[0, 0][..], &[2, 0, 9, 9], &[0; 24], &[0; 40]] {
            let format = [&format_chunk(PCM, 1, 16_000, 32), extra].concat();
            let file = riff(&[chunk(b"fmt ", &format), chunk(b"data", &[0, 0, 5, 0])]);
            assert_eq!(open(&file).unwrap().1, [5], "{extra:?}");
        }
    }

    #[test]
    fn refuses_what_is_not_wav() {
        assert!(refusal(b"").contains("too short"));
        assert!(refusal(b"RIFF").contains("too short"));
        assert!(refusal(&[b'x'; 100]).contains("no RIFF/WAVE header"));
        assert!(refusal(b"RIFF\x04\0\0\0AVI LIST\0\0\0\0").contains("no RIFF/WAVE header"));
    }

    #[test]
    fn refuses_headers_that_are_cut_or_in_disorder() {
        let whole = riff(&[mono16(), chunk(b"data", &[1, 0])]);
        for length in 12..whole.len() - 1 {
            let message = refusal(&whole[..length]);
            assert!(message.contains("ends") || message.contains("no audio"), "{length}: {message}");
        }
        assert!(refusal(&riff(&[chunk(b"data", &[1, 0]), mono16()])).contains("before its format"));
        assert!(refusal(&riff(&[mono16()])).contains("ends before its data"));
        assert!(refusal(&riff(&[chunk(b"fmt ", &[1, 0, 1, 0])])).contains("only 4 bytes"));
        assert!(refusal(&riff(&[chunk_of_length(b"JUNK", u32::MAX, &[])])).contains("ends before its data"));
    }

    #[test]
    fn refuses_formats_it_does_not_know() {
        let with = |format: Vec<u8>| refusal(&riff(&[chunk(b"fmt ", &format), chunk(b"data", &[0; 64])]));
        for format in [
            format_chunk(PCM, 0, 16_000, 16),
            format_chunk(PCM, 1, 0, 16),
            format_chunk(PCM, 9, 16_000, 16),
            format_chunk(PCM, 1, 400_000, 16),
            format_chunk(PCM, 1, 16_000, 0),
            format_chunk(PCM, 1, 16_000, 12),
            format_chunk(PCM, 1, 16_000, 64),
            format_chunk(FLOAT, 1, 16_000, 64),
            format_chunk(FLOAT, 1, 16_000, 16),
            format_chunk(2, 1, 16_000, 16),
            format_chunk(7, 1, 8_000, 8),
            extensible(1, 16, 7),
        ] {
            with(format);
        }
        let mut too_wide = format_chunk(PCM, 1, 16_000, 16);
        too_wide[12] = 4;
        with(too_wide);
        assert!(with(format_chunk(PCM, 0, 16_000, 16)).contains("zero channels"));
        assert!(with(format_chunk(PCM, 1, 0, 16)).contains("0 Hz"));
        assert!(with(format_chunk(PCM, 9, 16_000, 16)).contains("9 channels"));
    }

    #[test]
    fn refuses_files_without_audio() {
        assert!(refusal(&riff(&[mono16(), chunk(b"data", &[])])).contains("holds no audio"));
        assert!(refusal(&riff(&[mono16(), chunk(b"data", &[1])])).contains("holds no audio"));
    }

    #[test]
    fn refuses_what_is_no_file() {
        let directory = tempfile::tempdir().unwrap();
        let missing = WavFile::open(&directory.path().join("missing.wav")).err().unwrap();
        assert_eq!(missing.kind(), ErrorKind::InvalidArgument);
        assert!(missing.message().contains("missing.wav"), "{missing}");
        let folder = WavFile::open(directory.path()).err().unwrap();
        assert!(folder.message().contains("not a regular file"), "{folder}");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200), at in 12usize..60) {
            let mut file = riff(&[mono16(), chunk(b"data", &[7; 50])]);
            file.splice(at.min(file.len())..(at + bytes.len() / 20).min(file.len()), bytes);
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("random.wav");
            std::fs::write(&path, &file).unwrap();
            if let Ok(mut file) = WavFile::open(&path) {
                proptest::prop_assert!(file.read(&mut [0; 1_000]).is_ok_and(|count| count <= 1_000));
            }
        }
    }
}
