//! Where the user's audio comes from: a device, the app's own hands, or a file.
//!
//! Depends on [`crate::pcm`], [`crate::system_audio`] and the core's sources.

use std::sync::{Arc, Mutex, PoisonError};

use rtvi_core::{
    Error, ErrorKind,
    media::{AudioFormat, AudioSource, PcmInput, PcmPace, PcmSource, WavSource},
};

use crate::{
    error::{FfiError, guard},
    pcm, system_audio,
};

/// Where the user's audio comes from.
#[derive(Clone, uniffi::Enum)]
pub enum FfiMicrophone {
    /// A microphone of this machine, which need not be there yet. Making a client fails as `unsupportedFeature` where the library was
    /// built without, as for phones.
    Device {
        /// A `deviceId`, or `default` for the system's default.
        id: String,
    },
    /// What the app pushes. An input is used up by its client.
    Pcm {
        /// Where it is pushed.
        input: Arc<FfiPcmInput>,
    },
    /// A WAV file.
    Wav {
        /// Its path.
        path: String,
        /// Whether it begins anew at its end; silence follows otherwise.
        repeat: bool,
    },
}

impl FfiMicrophone {
    pub(crate) fn into_core(self) -> Result<Box<dyn AudioSource>, Error> {
        match self {
            Self::Device { id } => Ok(Box::new(system_audio::microphone(&id)?)),
            Self::Pcm { input } => input.take_source(),
            Self::Wav { path, repeat: true } => Ok(Box::new(WavSource::open_looped(path)?)),
            Self::Wav { path, repeat: false } => Ok(Box::new(WavSource::open(path)?)),
        }
    }
}

/// The device behind an [`FfiPcmInput`], so that it is open only while it is wanted.
///
/// Called on a thread of the SDK, one call at a time. A call must return at once: do the work on a thread of the app's own.
#[uniffi::export(with_foreign)]
pub trait FfiMicrophoneControl: Send + Sync {
    /// The microphone is wanted: begin to push. May come again after `stop`. What it throws is the reason for a failed device.
    fn start(&self) -> Result<(), FfiError>;
    /// It is not wanted any more: release the device.
    fn stop(&self) -> Result<(), FfiError>;
}

/// Where the app pushes the user's samples: 16-bit little-endian PCM, channels interleaved.
#[derive(uniffi::Object)]
pub struct FfiPcmInput {
    /// Absent once ended.
    input: Mutex<Option<PcmInput>>,
    /// Absent once a client has it.
    source: Mutex<Option<Box<dyn AudioSource>>>,
}

#[uniffi::export]
impl FfiPcmInput {
    /// An input of 1,000 to 384,000 Hz and 1 to 8 channels.
    ///
    /// `paced` false: the app pushes in real time, as from a device of its own; what comes late is caught up with. True: it pushes whenever
    /// there is room, and the client takes it in real time.
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
            let source = ControlledSource { source, control };
            Ok(Arc::new(Self { input: Mutex::new(Some(input)), source: Mutex::new(Some(Box::new(source))) }))
        })
    }

    /// Puts samples behind those that wait and says how many bytes were taken: fewer than given when two seconds wait already or after
    /// [`end`](Self::end), and always whole groups of channels. Never waits or allocates. For one thread at a time: a push beside
    /// another takes nothing.
    pub fn push(&self, pcm: &[u8]) -> u32 {
        let Ok(mut slot) = self.input.try_lock() else { return 0 };
        let Some(input) = slot.as_mut() else { return 0 };
        let taken = pcm::for_each_piece(pcm, |samples| input.push(samples));
        u32::try_from(taken).unwrap_or(u32::MAX)
    }

    /// How many bytes there is room for.
    pub fn free_space(&self) -> u32 {
        let input = self.input.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = input.as_ref().map_or(0, |input| input.free() * 2);
        u32::try_from(bytes).unwrap_or(u32::MAX)
    }

    /// Ends the audio: silence follows what was pushed.
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

/// The core's end, with the app told when it is wanted.
struct ControlledSource {
    source: PcmSource,
    control: Option<Arc<dyn FfiMicrophoneControl>>,
}

impl AudioSource for ControlledSource {
    fn format(&self) -> AudioFormat {
        self.source.format()
    }

    fn start(&mut self) -> Result<(), Error> {
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
