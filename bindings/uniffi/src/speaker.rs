//! Where the bot's audio goes: to a device, the app's own hands, or a file.
//!
//! Depends on [`crate::pcm`], [`crate::system_audio`] and the core's sinks.

use std::sync::{Arc, Mutex, PoisonError};

use rtvi_core::{
    Error, ErrorKind,
    media::{AudioFormat, AudioSink, PcmOutput, PcmSink, WavRecorder},
};

use crate::{
    error::{FfiError, guard},
    pcm, system_audio,
};

/// The most bytes of one pull: what an output holds at most never is more.
const MAX_PULL: u32 = 1 << 20;

/// Where the bot's audio goes.
#[derive(Clone, uniffi::Enum)]
pub enum FfiSpeaker {
    /// A speaker of this machine, chosen as a microphone is.
    Device {
        /// A `deviceId`, or `default` for the system's default.
        id: String,
    },
    /// What the app pulls. An output is used up by its client.
    Pcm {
        /// Where it is pulled.
        output: Arc<FfiPcmOutput>,
    },
    /// A recording as a 16-bit WAV file, complete when the client is closed. Makes the file, or empties the one that is there.
    Wav {
        /// Its path.
        path: String,
        /// Its rate in Hz.
        sample_rate: u32,
        /// Its channels.
        channels: u16,
    },
}

impl FfiSpeaker {
    pub(crate) fn into_core(self) -> Result<Box<dyn AudioSink>, Error> {
        match self {
            Self::Device { id } => Ok(Box::new(system_audio::speaker(&id)?)),
            Self::Pcm { output } => output.take_sink(),
            Self::Wav { path, sample_rate, channels } => {
                Ok(Box::new(WavRecorder::create(path, AudioFormat { sample_rate, channels })?))
            }
        }
    }
}

/// The device behind an [`FfiPcmOutput`], so that it is open only while it is wanted.
///
/// Called on a thread of the SDK, one call at a time. A call must return at once: do the work on a thread of the app's own.
#[uniffi::export(with_foreign)]
pub trait FfiSpeakerControl: Send + Sync {
    /// The speaker is wanted: begin to pull. May come again after `stop`. What it throws is the reason for a failed device.
    fn start(&self) -> Result<(), FfiError>;
    /// The bot was interrupted: drop what was pulled and is not heard yet.
    fn flush(&self) -> Result<(), FfiError>;
    /// It is not wanted any more: release the device.
    fn stop(&self) -> Result<(), FfiError>;
}

/// Where the app pulls the bot's samples: 16-bit little-endian PCM, channels interleaved.
#[derive(uniffi::Object)]
pub struct FfiPcmOutput {
    output: Mutex<PcmOutput>,
    /// Absent once a client has it.
    sink: Mutex<Option<Box<dyn AudioSink>>>,
}

#[uniffi::export]
impl FfiPcmOutput {
    /// An output of 1,000 to 384,000 Hz and 1 to 8 channels. It is paced by the app: 100 ms are kept ready.
    #[uniffi::constructor]
    pub fn new(
        sample_rate: u32,
        channels: u16,
        control: Option<Arc<dyn FfiSpeakerControl>>,
    ) -> Result<Arc<Self>, FfiError> {
        guard(|| {
            let (sink, output) = PcmSink::new(AudioFormat { sample_rate, channels })?;
            let sink = ControlledSink { sink, control };
            Ok(Arc::new(Self { output: Mutex::new(output), sink: Mutex::new(Some(Box::new(sink))) }))
        })
    }

    /// Gives up to `max_bytes` bytes, at most 1 MiB: fewer when the client has no more or is not connected; play silence for the rest.
    /// Always whole groups of channels. Never waits. For one thread at a time: a pull beside another gives nothing.
    pub fn pull(&self, max_bytes: u32) -> Vec<u8> {
        let Ok(mut output) = self.output.try_lock() else { return Vec::new() };
        let mut samples = vec![0; (max_bytes.min(MAX_PULL) / 2) as usize];
        let count = output.pull(&mut samples);
        pcm::bytes(samples.get(..count).unwrap_or_default())
    }
}

impl FfiPcmOutput {
    fn take_sink(&self) -> Result<Box<dyn AudioSink>, Error> {
        let sink = self.sink.lock().unwrap_or_else(PoisonError::into_inner).take();
        sink.ok_or_else(|| {
            Error::new(ErrorKind::InvalidArgument, "this PCM output belongs to another client")
        })
    }
}

/// The core's end, with the app told when it is wanted.
struct ControlledSink {
    sink: PcmSink,
    control: Option<Arc<dyn FfiSpeakerControl>>,
}

impl ControlledSink {
    fn tell(&self, what: &str, call: impl FnOnce(&dyn FfiSpeakerControl) -> Result<(), FfiError>) {
        if let Some(Err(error)) = self.control.as_deref().map(call) {
            tracing::warn!(target: "rtvi", "the app's speaker could not {what}: {error}");
        }
    }
}

impl AudioSink for ControlledSink {
    fn format(&self) -> AudioFormat {
        self.sink.format()
    }

    fn start(&mut self) -> Result<(), Error> {
        let started = self.control.as_ref().map_or(Ok(()), |control| control.start());
        started.map_err(|error| error.into_core(ErrorKind::Device))?;
        self.sink.start()
    }

    fn wanted(&self) -> Option<usize> {
        self.sink.wanted()
    }

    fn write(&mut self, samples: &[i16]) {
        self.sink.write(samples);
    }

    fn dropped(&self) -> u64 {
        self.sink.dropped()
    }

    fn flush(&mut self) {
        self.sink.flush();
        self.tell("flush", |control| control.flush());
    }

    fn stop(&mut self) {
        self.sink.stop();
        self.tell("stop", |control| control.stop());
    }
}
