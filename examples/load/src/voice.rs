//! What the callers say: one recording in memory, shared by all of them.
//!
//! Depends on the core's sources and its resampler. Must not depend on a call.

use std::{path::Path, sync::Arc, time::Duration};

use rtvi_core::{
    Error, ErrorKind,
    media::{AudioFormat, AudioSource, Resampler, ToneSource, WavSource},
};

use crate::ear::{WINDOW, is_loud};

/// The amplitude of a tone, relative to full scale.
const TONE_AMPLITUDE: f64 = 0.3;
/// How long a tone of a turn is.
pub const TONE: Duration = Duration::from_secs(1);
/// The longest turn. A longer recording is refused: it is no turn of a conversation.
const MAX_TURN: Duration = Duration::from_secs(600);
/// How long to wait for more of a file that is read from a disk.
const POLL: Duration = Duration::from_millis(2);

/// One turn of the user: audio that begins and ends with speech.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Turn(Arc<[i16]>);

impl Turn {
    /// A recording, without the silence before and after the speech. Reads the whole file; blocks
    /// meanwhile.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`]: the file can't be read, is not WAV, contains no speech, or
    /// is longer than ten minutes.
    pub fn wav(path: &Path, format: AudioFormat) -> Result<Self, Error> {
        let mut source = WavSource::open(path)?;
        let samples = read_all(&mut source, path, format)?;
        let speech = trimmed(&samples, format);
        if speech.is_empty() {
            let text = format!("{}: contains no speech: all of it is quieter than -40 dBFS", path.display());
            return Err(Error::new(ErrorKind::InvalidArgument, text));
        }
        Ok(Self(speech.into()))
    }

    /// A tone of this frequency.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] if the frequency is not possible in this format.
    pub fn tone(hertz: f64, length: Duration, format: AudioFormat) -> Result<Self, Error> {
        let mut samples = vec![0; format.samples_in(length)];
        ToneSource::new(format, hertz, TONE_AMPLITUDE)?.read(&mut samples);
        Ok(Self(samples.into()))
    }

    /// Its samples.
    pub fn samples(&self) -> &[i16] {
        &self.0
    }
}

/// The turns of a conversation, in the format in which they are sent.
#[derive(Clone, Debug)]
pub struct Voice {
    /// Their format: mono.
    pub format: AudioFormat,
    /// The turns; the callers are silent if there is none.
    pub turns: Vec<Turn>,
}

fn read_all(source: &mut WavSource, path: &Path, format: AudioFormat) -> Result<Vec<i16>, Error> {
    let from = source.format();
    let (mut resampler, limit) = (Resampler::new(from, format)?, format.samples_in(MAX_TURN));
    let (mut piece, mut samples) = (vec![0; 4096], Vec::new());
    while !source.is_finished() {
        match source.read(&mut piece) {
            0 => wait(),
            count => resampler.process(piece.get(..count).unwrap_or_default(), &mut samples),
        }
        if samples.len() > limit {
            let text = format!("{}: longer than {} s", path.display(), MAX_TURN.as_secs());
            return Err(Error::new(ErrorKind::InvalidArgument, text));
        }
    }
    resampler.finish(&mut samples);
    Ok(samples)
}

#[expect(clippy::disallowed_methods, reason = "files are read before the runtime has anything to do")]
fn wait() {
    std::thread::sleep(POLL);
}

/// The samples from the first loud window to the last.
fn trimmed(samples: &[i16], format: AudioFormat) -> &[i16] {
    let window = format.samples_in(WINDOW).max(1);
    let loud = |window: &[i16]| is_loud(window);
    let first = samples.chunks(window).position(loud);
    let last = samples.chunks(window).rposition(loud);
    match first.zip(last) {
        Some((first, last)) => {
            samples.get(first * window..((last + 1) * window).min(samples.len())).unwrap_or_default()
        }
        None => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMAT: AudioFormat = AudioFormat::mono(16_000);

    fn write(path: &Path, rate: u32, parts: &[(u32, i16)]) {
        let spec = hound::WavSpec {
            channels: 1,
            sample_rate: rate,
            bits_per_sample: 16,
            sample_format: hound::SampleFormat::Int,
        };
        let mut file = hound::WavWriter::create(path, spec).expect("a file");
        for (millis, level) in parts {
            for index in 0..rate / 1000 * millis {
                let sign = if index % 40 < 20 { 1 } else { -1 };
                file.write_sample(level * sign).expect("written");
            }
        }
        file.finalize().expect("closed");
    }

    #[test]
    fn silence_around_a_turn_does_not_count() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.wav");
        write(&path, 16_000, &[(300, 0), (400, 9_000), (200, 10), (100, 9_000), (700, 20)]);
        let turn = Turn::wav(&path, FORMAT).expect("speech");
        assert_eq!(turn.samples().len(), FORMAT.samples_in(Duration::from_millis(700)));
        write(&path, 48_000, &[(300, 0), (400, 9_000), (12_000, 0)]);
        let turn = Turn::wav(&path, FORMAT).expect("speech of another rate, in a longer file");
        let length = FORMAT.duration_of(turn.samples().len());
        assert!(length.abs_diff(Duration::from_millis(400)) <= WINDOW * 2, "{length:?}");
    }

    #[test]
    fn what_is_no_turn_is_refused_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("quiet.wav");
        write(&path, 16_000, &[(500, 3)]);
        for (path, why) in [(path.clone(), "no speech"), (folder.path().join("none.wav"), "none.wav")] {
            let error = Turn::wav(&path, FORMAT).expect_err("no turn");
            assert!(error.message().contains(why) && error.kind() == ErrorKind::InvalidArgument, "{error}");
        }
        write(&path, 8_000, &[(600_100, 9_000)]);
        assert!(Turn::wav(&path, FORMAT).is_err_and(|error| error.message().contains("600 s")));
    }

    #[test]
    fn a_tone_is_loud_throughout() {
        let turn = Turn::tone(440.0, TONE, FORMAT).expect("possible");
        assert_eq!(trimmed(turn.samples(), FORMAT).len(), 16_000);
        assert!(Turn::tone(f64::NAN, TONE, FORMAT).is_err());
    }
}
