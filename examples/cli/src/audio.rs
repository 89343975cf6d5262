//! `--mic` and `--speaker`: their values, and the sources and sinks that these mean.
//!
//! Depends on the media seam, and for devices on [`crate::devices`].

use std::{path::PathBuf, str::FromStr, time::Duration};

use rtvi_core::{
    Error,
    media::{
        AudioFormat, AudioSink, AudioSource, DEFAULT_DEVICE, DeviceControl, RecorderStatus, SilenceSource,
        ToneSource, WavRecorder, WavSource,
    },
};
use tokio::sync::watch;

use crate::devices::Machine;

/// The format of synthetic audio, which transports send by default.
const MADE_UP: AudioFormat = AudioFormat::mono(16_000);
/// The format of recordings, which Pipecat bots send by default.
const RECORDING: AudioFormat = AudioFormat::mono(24_000);
/// The amplitude of a tone, relative to full scale.
const TONE_AMPLITUDE: f64 = 0.3;

/// The value of `--mic`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Microphone {
    /// Sends no audio.
    None,
    /// A file, played once.
    Wav(PathBuf),
    /// An endless tone of this frequency in Hz.
    Tone(f64),
    /// A tone of this frequency in Hz for a while, in place of a sentence.
    Hum(f64, Duration),
    /// Endless silence.
    Silence,
    /// The machine's microphone with this id.
    Device(String),
}

impl Microphone {
    /// Whether it continues until the session ends.
    pub(crate) const fn is_endless(&self) -> bool {
        matches!(self, Self::Tone(_) | Self::Silence | Self::Device(_))
    }

    /// Opens the microphone; reads nothing before a session needs it. Blocks while it reads the
    /// start of a file or lists devices.
    pub(crate) fn open(&self, machine: &mut Machine) -> Result<Option<OpenMicrophone>, Error> {
        let source: Box<dyn AudioSource> = match self {
            Self::None => return Ok(None),
            Self::Wav(path) => Box::new(WavSource::open(path)?),
            Self::Tone(hertz) => Box::new(ToneSource::new(MADE_UP, *hertz, TONE_AMPLITUDE)?),
            Self::Hum(hertz, length) => {
                let tone = ToneSource::new(MADE_UP, *hertz, TONE_AMPLITUDE)?;
                Box::new(Limited { source: tone, left: MADE_UP.samples_in(*length) })
            }
            Self::Silence => Box::new(SilenceSource::new(MADE_UP)),
            Self::Device(id) => machine.microphone(id)?,
        };
        Ok(Some(OpenMicrophone::new(source)))
    }
}

impl FromStr for Microphone {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "none" => Ok(Self::None),
            None if text == "silence" => Ok(Self::Silence),
            None if text == DEFAULT_DEVICE => Ok(Self::Device(text.to_owned())),
            Some(("wav", path)) if !path.is_empty() => Ok(Self::Wav(path.into())),
            Some(("tone", hertz)) => {
                let hertz = hertz.parse().ok().filter(|hertz: &f64| *hertz > 0.0 && hertz.is_finite());
                hertz.map(Self::Tone).ok_or_else(|| "a tone is written tone:HZ, as in tone:440".to_owned())
            }
            Some((kind, _)) if is_host(kind) => Ok(Self::Device(text.to_owned())),
            _ => Err("use none, default, a device's ID, wav:FILE, tone:HZ or silence".to_owned()),
        }
    }
}

/// The value of `--speaker`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Speaker {
    /// Discards the audio.
    None,
    /// Records to a file.
    Wav(PathBuf),
    /// The machine's speaker with this id.
    Device(String),
}

impl Speaker {
    /// Opens the speaker; creates or truncates a file at once. Blocks while it lists devices.
    pub(crate) fn open(&self, machine: &mut Machine) -> Result<Option<OpenSpeaker>, Error> {
        match self {
            Self::None => Ok(None),
            Self::Wav(path) => {
                let recorder = WavRecorder::create(path, RECORDING)?;
                let recording = Some(recorder.status());
                Ok(Some(OpenSpeaker { sink: Box::new(recorder), recording }))
            }
            Self::Device(id) => Ok(Some(OpenSpeaker { sink: machine.speaker(id)?, recording: None })),
        }
    }
}

/// Whether this names a sound system, like the first part of a device's id.
fn is_host(kind: &str) -> bool {
    matches!(kind, "aaudio" | "alsa" | "coreaudio" | "pulseaudio" | "wasapi")
}

impl FromStr for Speaker {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "none" => Ok(Self::None),
            None if text == DEFAULT_DEVICE => Ok(Self::Device(text.to_owned())),
            Some(("wav", path)) if !path.is_empty() => Ok(Self::Wav(path.into())),
            Some((kind, _)) if is_host(kind) => Ok(Self::Device(text.to_owned())),
            _ => Err("use none, default, a device's ID or wav:FILE".to_owned()),
        }
    }
}

/// A speaker and, if it records, the result of its recording.
pub(crate) struct OpenSpeaker {
    pub(crate) sink: Box<dyn AudioSink>,
    pub(crate) recording: Option<RecorderStatus>,
}

/// A microphone and the notification of its end.
pub(crate) struct OpenMicrophone {
    pub(crate) source: Box<dyn AudioSource>,
    /// True once all audio has been sent; never for endless sources.
    pub(crate) played: watch::Receiver<bool>,
}

impl OpenMicrophone {
    fn new(source: Box<dyn AudioSource>) -> Self {
        let (ended, played) = watch::channel(false);
        Self { source: Box::new(Watched { source, ended }), played }
    }
}

/// A source that reports its end.
struct Watched {
    source: Box<dyn AudioSource>,
    ended: watch::Sender<bool>,
}

impl AudioSource for Watched {
    fn format(&self) -> AudioFormat {
        self.source.format()
    }

    fn start(&mut self) -> Result<(), Error> {
        self.source.start()
    }

    fn available(&self) -> Option<usize> {
        self.source.available()
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        let count = self.source.read(out);
        if self.source.is_finished() {
            self.ended.send_if_modified(|ended| !std::mem::replace(ended, true));
        }
        count
    }

    fn is_finished(&self) -> bool {
        self.source.is_finished()
    }

    fn needs_processing(&self) -> bool {
        self.source.needs_processing()
    }

    fn dropped(&self) -> u64 {
        self.source.dropped()
    }

    fn failure(&self) -> Option<Error> {
        self.source.failure()
    }

    fn stop(&mut self) {
        self.source.stop();
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        self.source.control()
    }
}

/// The beginning of another source.
struct Limited<S> {
    source: S,
    /// How many samples may still be read.
    left: usize,
}

impl<S: AudioSource> AudioSource for Limited<S> {
    fn format(&self) -> AudioFormat {
        self.source.format()
    }

    fn start(&mut self) -> Result<(), Error> {
        self.source.start()
    }

    fn available(&self) -> Option<usize> {
        self.source.available().map(|available| available.min(self.left))
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        let wanted = out.len().min(self.left);
        let count = out.get_mut(..wanted).map_or(0, |out| self.source.read(out));
        self.left -= count.min(self.left);
        count
    }

    fn is_finished(&self) -> bool {
        self.left == 0 || self.source.is_finished()
    }

    fn stop(&mut self) {
        self.source.stop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_mic_and_speaker_may_say() {
        assert_eq!("none".parse(), Ok(Microphone::None));
        assert_eq!("silence".parse(), Ok(Microphone::Silence));
        assert_eq!("tone:440.5".parse(), Ok(Microphone::Tone(440.5)));
        assert_eq!("wav:C:\\a.wav".parse(), Ok(Microphone::Wav("C:\\a.wav".into())));
        assert_eq!("default".parse(), Ok(Microphone::Device("default".into())));
        assert_eq!("alsa:hw:0,0".parse(), Ok(Microphone::Device("alsa:hw:0,0".into())));
        for text in ["", "wav", "wav:", "tone", "tone:x", "tone:-1", "tone:nan", "loud", "none:1", ":x"] {
            assert!(text.parse::<Microphone>().is_err(), "{text}");
        }
        assert_eq!("wav:a.wav".parse(), Ok(Speaker::Wav("a.wav".into())));
        assert_eq!("pulseaudio:a.b".parse(), Ok(Speaker::Device("pulseaudio:a.b".into())));
        assert!("tone:1".parse::<Speaker>().is_err());
    }

    #[test]
    fn a_hum_ends_and_tells_so() {
        let hum = Microphone::Hum(220.0, Duration::from_millis(30));
        let mut open = hum.open(&mut Machine::default()).expect("opens").expect("a source");
        let mut out = [0; 320];
        assert_eq!(open.source.read(&mut out), 320);
        assert!(out.iter().any(|sample| *sample != 0) && !*open.played.borrow());
        assert_eq!(open.source.read(&mut out), 160);
        assert!(open.source.is_finished() && *open.played.borrow());
        assert_eq!(open.source.read(&mut out), 0);
    }

    #[test]
    fn endless_sources_do_not_end() {
        for mic in [Microphone::Silence, Microphone::Tone(440.0)] {
            assert!(mic.is_endless());
            let mut open = mic.open(&mut Machine::default()).expect("opens").expect("a source");
            assert_eq!(open.source.read(&mut [0; 16_000]), 16_000);
            assert!(!*open.played.borrow());
        }
    }

    #[test]
    fn an_unusable_file_is_named() {
        let error = Microphone::Wav("/does/not/exist.wav".into())
            .open(&mut Machine::default())
            .err()
            .expect("an error");
        assert!(error.message().contains("/does/not/exist.wav"), "{error}");
        assert!(Speaker::Wav("/does/not/exist/a.wav".into()).open(&mut Machine::default()).is_err());
    }
}
