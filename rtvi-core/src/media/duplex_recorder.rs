//! A recording of both sides of a conversation, aligned in time: a stereo WAV file with the user on
//! the left and the bot on the right.
//!
//! May depend on `media::wav_recorder` and `media::resample`. Never blocks while audio flows. Has
//! no clock: audio that is added between two calls of `align` happened at the same time.

use std::{path::Path, time::Duration};

use crate::error::Error;

use super::{AudioFormat, AudioFrame, AudioSink, RecorderStatus, Resampler, WavRecorder};

/// How far one side may lag behind the other before silence fills it up. Covers frames that come a
/// tick late.
const SLACK: Duration = Duration::from_millis(100);

/// Records the user's audio as sent and the bot's as played.
#[derive(Debug)]
pub struct DuplexRecorder {
    file: WavRecorder,
    user: Side,
    bot: Side,
    slack: usize,
    pairs: Vec<i16>,
}

impl DuplexRecorder {
    /// Creates the file, or truncates an existing one. Blocks on the file system.
    ///
    /// # Errors
    /// As [`WavRecorder::create`].
    pub fn create(path: impl AsRef<Path>, sample_rate: u32) -> Result<Self, Error> {
        let file = WavRecorder::create(path, AudioFormat { sample_rate, channels: 2 })?;
        let mono = AudioFormat::mono(sample_rate);
        let side = || Side { format: mono, converter: None, samples: Vec::new(), resume_at: None };
        Ok(Self { file, user: side(), bot: side(), slack: mono.samples_in(SLACK), pairs: Vec::new() })
    }

    /// The status of the recording.
    pub fn status(&self) -> RecorderStatus {
        self.file.status()
    }

    /// Adds a frame of the user.
    pub fn user(&mut self, frame: &AudioFrame) {
        self.user.add(&frame.samples, frame.format);
    }

    /// Adds samples that the bot's speaker plays.
    pub fn bot(&mut self, samples: &[i16], format: AudioFormat) {
        self.bot.add(samples, format);
    }

    /// Writes the audio that both sides have. Call it once a tick, after adding its audio.
    pub fn align(&mut self) {
        let longest = self.user.samples.len().max(self.bot.samples.len());
        let due = longest.saturating_sub(self.slack);
        let both = self.user.samples.len().min(self.bot.samples.len()).max(due);
        for side in [&mut self.user, &mut self.bot] {
            if side.samples.len() < due {
                side.fill_up(due);
                side.resume_at = Some(longest - both);
            }
        }
        self.write(both);
    }

    fn write(&mut self, count: usize) {
        self.pairs.clear();
        let sides = self.user.samples.drain(..count).zip(self.bot.samples.drain(..count));
        self.pairs.extend(sides.flat_map(|(user, bot)| [user, bot]));
        self.file.write(&self.pairs);
    }

    /// Completes the file and returns its duration. Blocks until everything is written.
    ///
    /// # Errors
    /// As [`WavRecorder::finish`].
    pub fn finish(mut self) -> Result<Duration, Error> {
        let longest = self.user.samples.len().max(self.bot.samples.len());
        self.user.fill_up(longest);
        self.bot.fill_up(longest);
        self.write(longest);
        self.file.finish()
    }
}

/// One side on its way into the file.
#[derive(Debug)]
struct Side {
    format: AudioFormat,
    converter: Option<Resampler>,
    samples: Vec<i16>,
    /// The position of the other side after silence has filled up this one.
    resume_at: Option<usize>,
}

impl Side {
    fn add(&mut self, samples: &[i16], format: AudioFormat) {
        if self.converter.as_ref().is_none_or(|converter| converter.from() != format) {
            self.converter = Resampler::new(format, self.format).ok();
        }
        if let Some(position) = self.resume_at.take() {
            self.fill_up(position);
        }
        if let Some(converter) = &mut self.converter {
            converter.process(samples, &mut self.samples);
        }
    }

    fn fill_up(&mut self, count: usize) {
        if self.samples.len() < count {
            self.samples.resize(count, 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(value: i16, samples: usize) -> AudioFrame {
        AudioFrame::new(AudioFormat::mono(16_000), vec![value; samples])
    }

    /// Both channels of the file.
    fn read(path: &Path) -> (Vec<i16>, Vec<i16>) {
        let mut file = hound::WavReader::open(path).unwrap();
        assert_eq!((file.spec().channels, file.spec().sample_rate), (2, 16_000));
        let samples: Vec<i16> = file.samples().map(Result::unwrap).collect();
        let channel = |c: usize| samples.iter().skip(c).step_by(2).copied().collect();
        (channel(0), channel(1))
    }

    #[test]
    fn both_sides_are_aligned() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("call.wav");
        let mut recorder = DuplexRecorder::create(&path, 16_000).unwrap();
        for tick in 0..50_i16 {
            recorder.bot(&[tick; 320], AudioFormat::mono(16_000));
            recorder.user(&frame(-tick, 320));
            recorder.align();
        }
        assert_eq!(recorder.finish().unwrap(), Duration::from_secs(1));
        let (user, bot) = read(&path);
        assert!(user.iter().zip(&bot).all(|(user, bot)| *user == -bot), "each moment on both sides");
        assert_eq!((bot[320], bot.len()), (1, 16_000));
    }

    #[test]
    fn a_silent_side_is_filled_up() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("call.wav");
        let mut recorder = DuplexRecorder::create(&path, 16_000).unwrap();
        for tick in 0..100_usize {
            recorder.bot(&[1, 3].repeat(480), AudioFormat { sample_rate: 24_000, channels: 2 });
            if tick >= 50 {
                recorder.user(&frame(9, 320));
            }
            recorder.align();
        }
        recorder.finish().unwrap();
        let (user, bot) = read(&path);
        let first = user.iter().position(|sample| *sample == 9).unwrap();
        assert!(first.abs_diff(16_000) <= 320, "the user begins at {first}");
        assert!(user.len().abs_diff(32_000) < 320 + 1_600 && bot[4_000..30_000].iter().all(|s| *s == 2));
    }

    #[test]
    fn says_why_there_is_no_file() {
        assert!(DuplexRecorder::create("/nowhere/call.wav", 16_000).is_err());
        assert!(DuplexRecorder::create("call.wav", 0).is_err());
    }
}
