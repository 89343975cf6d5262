//! The source of the user's audio: a device, the app's samples, a file, a tone or silence.
//!
//! Depends on [`crate::pcm`], [`crate::system_audio`] and the core's sources.

use std::sync::{Arc, Mutex, PoisonError};

use rtvi_core::{
    Error, ErrorKind,
    media::{AudioFormat, AudioSource, PcmInput, PcmPace, PcmSource, SilenceSource, ToneSource, WavSource},
};

use crate::{
    error::{FfiError, guard},
    failure::Failure,
    pcm, system_audio,
};

/// The sample rate of silence, in Hz. Nobody hears it.
const SILENCE_RATE: u32 = 16_000;

/// The source of the user's audio.
#[derive(Clone, uniffi::Enum)]
pub enum FfiMicrophone {
    /// A microphone of this machine. The device need not exist yet. Creating a client fails as
    /// `unsupportedFeature` if the library was built without device support, as for phones.
    Device {
        /// A `deviceId`, or `default` for the system's default.
        id: String,
    },
    /// Samples that the app pushes. The client takes over the input.
    Pcm {
        /// The input that the app pushes into.
        input: Arc<FfiPcmInput>,
    },
    /// A WAV file.
    Wav {
        /// Its path.
        path: String,
        /// Whether the file starts again at its end. Otherwise silence follows.
        repeat: bool,
    },
    /// An endless tone, mono.
    Tone {
        /// In Hz: above 0, at most half the sample rate.
        frequency: f64,
        /// Its peaks, 0 to 1 of full scale.
        amplitude: f64,
        /// In Hz, 1,000 to 384,000.
        sample_rate: u32,
    },
    /// Endless silence, as from a microphone in a quiet room.
    Silence,
}

impl FfiMicrophone {
    pub(crate) fn into_core(self) -> Result<Box<dyn AudioSource>, Error> {
        match self {
            Self::Device { id } => Ok(Box::new(system_audio::microphone(&id)?)),
            Self::Pcm { input } => input.take_source(),
            Self::Wav { path, repeat: true } => Ok(Box::new(WavSource::open_looped(path)?)),
            Self::Wav { path, repeat: false } => Ok(Box::new(WavSource::open(path)?)),
            Self::Tone { frequency, amplitude, sample_rate } => {
                Ok(Box::new(ToneSource::new(AudioFormat::mono(sample_rate), frequency, amplitude)?))
            }
            Self::Silence => Ok(Box::new(SilenceSource::new(AudioFormat::mono(SILENCE_RATE)))),
        }
    }
}

/// Controls the device behind an [`FfiPcmInput`], so that it is open only while it is needed.
///
/// Called on a thread of the SDK, one call at a time. A call must return at once: do the work on a
/// thread of the app's own.
#[uniffi::export(with_foreign)]
pub trait FfiMicrophoneControl: Send + Sync {
    /// Called when the client needs the microphone: begin to push. May be called again after
    /// `stop`. An exception is the reason why the device failed.
    fn start(&self) -> Result<(), FfiError>;
    /// Called when the client no longer needs the microphone: release the device.
    fn stop(&self) -> Result<(), FfiError>;
}

/// The input into which the app pushes the user's samples: 16-bit little-endian PCM, channels
/// interleaved.
#[derive(uniffi::Object)]
pub struct FfiPcmInput {
    /// Absent once ended.
    input: Mutex<Option<PcmInput>>,
    failure: Arc<Failure>,
    /// Absent once a client has taken it.
    source: Mutex<Option<Box<dyn AudioSource>>>,
}

#[uniffi::export]
impl FfiPcmInput {
    /// Creates an input of 1,000 to 384,000 Hz and 1 to 8 channels.
    ///
    /// If `paced` is false, the app pushes in real time, as from a device of its own, and the
    /// client catches up after late samples. If it is true, the app pushes whenever there is room,
    /// and the client reads in real time.
    #[uniffi::constructor]
    pub fn new(
        sample_rate: u32,
        channels: u16,
        paced: bool,
        control: Option<Arc<dyn FfiMicrophoneControl>>,
    ) -> Result<Arc<Self>, FfiError> {
        guard(|| {
            let pace = if paced { PcmPace::Paced } else { PcmPace::Live };
            let (input, source) = PcmSource::new(AudioFormat { sample_rate, channels }, pace)?;
            let failure = Arc::new(Failure::default());
            let source = ControlledSource { source, control, failure: Arc::clone(&failure) };
            let source = Mutex::new(Some(Box::new(source) as Box<dyn AudioSource>));
            Ok(Arc::new(Self { input: Mutex::new(Some(input)), failure, source }))
        })
    }

    /// Appends samples to the queue and returns how many bytes it took. It takes fewer than given
    /// when two seconds of audio are queued or after [`end`](Self::end), and always whole groups of
    /// channels. Never waits or allocates. Use it on one thread at a time: a push during another
    /// push takes nothing.
    pub fn push(&self, pcm: &[u8]) -> u32 {
        let Ok(mut slot) = self.input.try_lock() else { return 0 };
        let Some(input) = slot.as_mut() else { return 0 };
        let taken = pcm::for_each_piece(pcm, |samples| input.push(samples));
        u32::try_from(taken).unwrap_or(u32::MAX)
    }

    /// Returns how many bytes there is room for.
    pub fn free_space(&self) -> u32 {
        let input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = input.as_ref().map_or(0, |input| input.free() * 2);
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }

    /// Reports that the device failed while it was in use. The client emits a `deviceError`, sends
    /// silence, and starts the device again in the next session, or when the microphone is enabled
    /// after it was released.
    pub fn fail(&self, error: Error) {
        self.failure.report(error);
    }

    /// Ends the audio. Silence follows the samples that were pushed.
    pub fn end(&self) {
        self.input.lock().unwrap_or_else(PoisonError::into_inner).take();
    }
}

impl FfiPcmInput {
    fn take_source(&self) -> Result<Box<dyn AudioSource>, Error> {
        let source = self.source.lock().unwrap_or_else(PoisonError::into_inner).take();
        source
            .ok_or_else(|| Error::new(ErrorKind::InvalidArgument, "this PCM input belongs to another client"))
    }
}

/// The core's end, which informs the app when it is needed.
struct ControlledSource {
    source: PcmSource,
    control: Option<Arc<dyn FfiMicrophoneControl>>,
    failure: Arc<Failure>,
}

impl AudioSource for ControlledSource {
    fn format(&self) -> AudioFormat {
        self.source.format()
    }

    fn failure(&self) -> Option<Error> {
        self.failure.take()
    }

    fn start(&mut self) -> Result<(), Error> {
        self.failure.take();
        let started = self.control.as_ref().map_or(Ok(()), |control| control.start());
        started.map_err(|error| error.into_core(ErrorKind::Device))?;
        self.source.start()
    }

    fn available(&self) -> Option<usize> {
        self.source.available()
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        self.source.read(out)
    }

    fn is_finished(&self) -> bool {
        self.source.is_finished()
    }

    fn stop(&mut self) {
        self.source.stop();
        if let Some(Err(error)) = self.control.as_ref().map(|control| control.stop()) {
            tracing::warn!(target: "rtvi", "the app's microphone could not be stopped: {error}");
        }
    }
}
