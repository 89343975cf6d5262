//! Reads WAV files.
//!
//! Blocking file I/O: used when a [`WavSource`](super::WavSource) is opened and on its thread,
//! never in the audio path. `hound` reads the format and the samples, from a header without the
//! chunks and lengths that it does not accept.

use std::{
    fs::File,
    io::{BufReader, Chain, Cursor, Read},
    path::{Path, PathBuf},
};

use hound::{SampleFormat, WavReader};

use crate::error::{Error, ErrorKind};

use super::{AudioFormat, wav_header};

/// A file behind a header of our own.
type Samples = WavReader<Chain<Cursor<Vec<u8>>, BufReader<File>>>;

/// An open WAV file with a supported format and at least one sample.
pub(super) struct WavFile {
    path: PathBuf,
    samples: Samples,
}

impl WavFile {
    /// Opens a file and checks that it can be read.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] naming the path and the reason.
    pub(super) fn open(path: &Path) -> Result<Self, Error> {
        let opened = open_samples(path).and_then(|samples| {
            let mut opened = Self { path: path.to_owned(), samples };
            // Some formats show only at the first sample that they make no sense.
            match opened.read(&mut [0])? {
                0 => Err("it holds no audio".to_owned()),
                _ => opened.rewind().map(|()| opened),
            }
        });
        opened.map_err(|reason| {
            let text = format!("can't read WAV file {}: {reason}", path.display());
            Error::new(ErrorKind::InvalidArgument, text)
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn format(&self) -> AudioFormat {
        format_of(&self.samples)
    }

    /// Reads the next samples and returns their number; 0 at the end.
    pub(super) fn read(&mut self, out: &mut [i16]) -> Result<usize, String> {
        let spec = self.samples.spec();
        if spec.sample_format == SampleFormat::Float {
            let to_16 = |sample: f32| (sample * 32_768.0).round() as i16;
            return fill(out, self.samples.samples::<f32>().map(|sample| sample.map(to_16)));
        }
        let to_16 = |sample| shift_to_16(sample, spec.bits_per_sample);
        fill(out, self.samples.samples::<i32>().map(|sample| sample.map(to_16)))
    }

    /// Goes back to the first sample.
    pub(super) fn rewind(&mut self) -> Result<(), String> {
        self.samples = open_samples(&self.path)?;
        Ok(())
    }
}

fn fill(out: &mut [i16], samples: impl Iterator<Item = hound::Result<i16>>) -> Result<usize, String> {
    let mut count = 0;
    for (slot, sample) in out.iter_mut().zip(samples) {
        *slot = sample.map_err(|error| text_of(&error))?;
        count += 1;
    }
    Ok(count)
}

const fn shift_to_16(sample: i32, bits: u16) -> i16 {
    match bits {
        8 => (sample << 8) as i16,
        24 => (sample >> 8) as i16,
        32 => (sample >> 16) as i16,
        _ => sample as i16,
    }
}

fn open_samples(path: &Path) -> Result<Samples, String> {
    if !std::fs::metadata(path).map_err(|error| error.to_string())?.is_file() {
        return Err("not a regular file".to_owned());
    }
    let mut file = BufReader::new(File::open(path).map_err(|error| error.to_string())?);
    let header = wav_header::read(&mut file).map_err(|error| text_of(&error))?;
    let samples = WavReader::new(Cursor::new(header).chain(file)).map_err(|error| text_of(&error))?;
    let (spec, format) = (samples.spec(), format_of(&samples));
    if !format.is_supported() {
        return Err(format!("unsupported format, {format}"));
    }
    match (spec.sample_format, spec.bits_per_sample) {
        (SampleFormat::Int, 8 | 16 | 24 | 32) | (SampleFormat::Float, 32) => Ok(samples),
        (SampleFormat::Int, bits) => Err(format!("unsupported format, {bits}-bit integer samples")),
        (SampleFormat::Float, bits) => Err(format!("unsupported format, {bits}-bit float samples")),
    }
}

fn format_of(samples: &Samples) -> AudioFormat {
    AudioFormat { sample_rate: samples.spec().sample_rate, channels: samples.spec().channels }
}

fn text_of(error: &hound::Error) -> String {
    match error {
        hound::Error::IoError(_) => "it ends before its audio".to_owned(),
        hound::Error::FormatError(text) => format!("not a WAV file that can be read, {text}"),
        _ => "unsupported format".to_owned(),
    }
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
    fn skips_other_chunks() {
        let file = riff(&[
            chunk(b"JUNK", &[1, 2, 3, 4]),
            mono16(),
            chunk(b"LIST", &[0; 8]),
            chunk(b"data", &[5, 0, 6, 0]),
            chunk(b"id3 ", &[1; 9]),
        ]);
        assert_eq!(open(&file).unwrap().1, [5, 6]);
    }

    #[test]
    fn skips_chunks_of_odd_size_with_and_without_their_pad_byte() {
        let odd = chunk(b"LIST", b"abc");
        assert_eq!(odd.len(), 12, "with a pad byte");
        for before in [odd.clone(), odd[..11].to_vec()] {
            let file = riff(&[mono16(), before, chunk(b"fact", &[0; 4]), chunk(b"data", &[5, 0, 6, 0])]);
            assert_eq!(open(&file).unwrap().1, [5, 6]);
        }
    }

    #[test]
    fn plays_streamed_and_cut_files_as_far_as_they_go() {
        for length in [5, 6, 1_000_000, 0x7fff_f000, u32::MAX] {
            let file = riff(&[mono16(), chunk_of_length(b"data", length, &[5, 0, 6, 0, 7])]);
            assert_eq!(open(&file).unwrap().1, [5, 6], "{length}");
        }
        // The recorder ended before it could write the lengths.
        let mut file = riff(&[mono16(), chunk_of_length(b"data", 0, &[5, 0, 6, 0])]);
        file[4..8].fill(0);
        assert_eq!(open(&file).unwrap().1, [5, 6]);
    }

    #[test]
    fn ignores_samples_that_are_not_whole() {
        let cut = riff(&[mono16(), chunk(b"data", &[5, 0, 6]), chunk(b"id3 ", &[1; 9])]);
        assert_eq!(open(&cut).unwrap().1, [5]);
        let stereo = chunk(b"fmt ", &format_chunk(PCM, 2, 16_000, 16));
        assert_eq!(open(&riff(&[stereo, chunk(b"data", &[1, 0, 2, 0, 3, 0])])).unwrap().1, [1, 2]);
    }

    #[test]
    fn refuses_what_is_not_wav() {
        assert!(refusal(b"").contains("ends before its audio"));
        assert!(refusal(b"RIFF").contains("ends before its audio"));
        assert!(refusal(&[b'x'; 100]).contains("no RIFF tag"));
        assert!(refusal(b"RIFF\x04\0\0\0AVI LIST\0\0\0\0").contains("no WAVE tag"));
    }

    #[test]
    fn refuses_headers_that_are_cut_or_in_disorder() {
        let whole = riff(&[mono16(), chunk(b"data", &[1, 0])]);
        for length in 12..whole.len() - 1 {
            let message = refusal(&whole[..length]);
            assert!(message.contains("ends") || message.contains("no audio"), "{length}: {message}");
        }
        assert!(refusal(&riff(&[chunk(b"data", &[1, 0]), mono16()])).contains("missing fmt chunk"));
        assert!(refusal(&riff(&[mono16()])).contains("ends before its audio"));
        assert!(
            refusal(&riff(&[chunk(b"fmt ", &[1, 0, 1, 0]), chunk(b"data", &[1, 0])]))
                .contains("invalid fmt chunk size")
        );
        assert!(refusal(&riff(&[chunk_of_length(b"JUNK", u32::MAX, &[])])).contains("ends before its audio"));
    }

    #[test]
    fn refuses_files_without_audio() {
        assert!(refusal(&riff(&[mono16(), chunk(b"data", &[])])).contains("holds no audio"));
    }

    #[test]
    fn refuses_formats_it_does_not_know() {
        let with = |format: Vec<u8>| refusal(&riff(&[chunk(b"fmt ", &format), chunk(b"data", &[0; 144])]));
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
