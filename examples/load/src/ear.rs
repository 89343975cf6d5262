//! When somebody is loud: where speech begins and ends in samples.
//!
//! Pure. Time is passed in as the time of each block's first sample.

use std::time::Duration;

use rtvi_core::media::AudioFormat;

/// The length of the pieces that are judged loud or quiet.
pub(crate) const WINDOW: Duration = Duration::from_millis(5);
/// The root mean square of the quietest sound that counts: -40 dBFS.
const LOUD: f64 = 327.68;
/// How long it is quiet between two sounds that begin separately. Shorter silences are within words.
const BETWEEN: Duration = Duration::from_millis(200);
/// How many loud windows in a row make a sound; a single one is a click.
const WINDOWS: u32 = 2;

/// Whether this piece of audio is loud.
pub(crate) fn is_loud(window: &[i16]) -> bool {
    let energy: f64 = window.iter().map(|sample| f64::from(*sample).powi(2)).sum();
    energy > LOUD * LOUD * window.len() as f64
}

/// Listens to audio.
#[derive(Clone, Debug)]
pub(crate) struct Ear {
    window: usize,
    format: AudioFormat,
    /// How many windows in a row have been loud, and when the first of them began.
    run: u32,
    run_began: Duration,
    sound: Option<Sound>,
}

/// The last sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sound {
    /// When it began.
    pub(crate) began: Duration,
    /// The end of its last loud window so far.
    pub(crate) ended: Duration,
}

impl Ear {
    pub(crate) fn new(format: AudioFormat) -> Self {
        let window = format.samples_in(WINDOW).max(1);
        Self { window, format, run: 0, run_began: Duration::ZERO, sound: None }
    }

    /// Hears a block whose first sample plays at `at`.
    pub(crate) fn hear(&mut self, at: Duration, samples: &[i16]) {
        let mut begin = at;
        for window in samples.chunks(self.window) {
            let end = begin + self.format.duration_of(window.len());
            if is_loud(window) {
                self.loud(begin + self.quiet_start(window), end);
            } else {
                self.run = 0;
            }
            begin = end;
        }
    }

    /// The last sound; `None` if there was none.
    pub(crate) const fn sound(&self) -> Option<Sound> {
        self.sound
    }

    /// How long nothing has been heard at `now`; since ever if there was no sound.
    pub(crate) fn quiet_for(&self, now: Duration) -> Duration {
        self.sound.map_or(Duration::MAX, |sound| now.saturating_sub(sound.ended))
    }

    /// How much of a loud window passes before its first loud sample, for a sound that begins.
    fn quiet_start(&self, window: &[i16]) -> Duration {
        let quiet = window.iter().position(|sample| f64::from(*sample).abs() >= LOUD).unwrap_or(0);
        self.format.duration_of(quiet)
    }

    fn loud(&mut self, begin: Duration, end: Duration) {
        if self.run == 0 {
            self.run_began = begin;
        }
        self.run = self.run.saturating_add(1);
        if self.run < WINDOWS {
            return;
        }
        let continues = self.sound.filter(|sound| self.run_began < sound.ended + BETWEEN);
        let began = continues.map_or(self.run_began, |sound| sound.began);
        self.sound = Some(Sound { began, ended: end });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FORMAT: AudioFormat = AudioFormat::mono(24_000);

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// Hears parts of a length in milliseconds and a level, in blocks of 20 ms from 1 s on.
    fn heard(parts: &[(u64, i16)]) -> Ear {
        let mut samples = Vec::new();
        for (length, level) in parts {
            samples.extend(
                (0..FORMAT.samples_in(ms(*length))).map(|i| if i % 20 < 10 { *level } else { -level }),
            );
        }
        let mut ear = Ear::new(FORMAT);
        for (index, block) in samples.chunks(480).enumerate() {
            ear.hear(ms(1_000 + 20 * index as u64), block);
        }
        ear
    }

    #[test]
    fn sounds_begin_and_end_where_they_do() {
        let sound = |parts: &[(u64, i16)]| heard(parts).sound().map(|sound| (sound.began, sound.ended));
        assert_eq!(sound(&[(500, 0)]), None);
        assert_eq!(sound(&[(500, 200)]), None, "noise");
        assert_eq!(sound(&[(100, 0), (5, 9_000), (100, 0)]), None, "a click");
        assert_eq!(sound(&[(100, 0), (300, 9_000), (60, 0)]), Some((ms(1_100), ms(1_400))));
        assert_eq!(sound(&[(100, 0), (300, 9_000), (150, 0), (50, 9_000)]), Some((ms(1_100), ms(1_600))));
        assert_eq!(sound(&[(100, 0), (300, 9_000), (250, 0), (50, 9_000)]), Some((ms(1_650), ms(1_700))));
        let (began, _) = sound(&[(103, 0), (300, 9_000)]).expect("a sound");
        assert!(began.abs_diff(ms(1_103)) <= ms(1), "{began:?}");
    }

    #[test]
    fn quiet_lasts_from_the_last_sound() {
        assert_eq!(heard(&[(100, 9_000), (40, 0)]).quiet_for(ms(1_140)), ms(40));
        assert_eq!(heard(&[(100, 0)]).quiet_for(ms(1_100)), Duration::MAX);
    }
}
