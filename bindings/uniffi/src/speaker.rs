//! The destination of the bot's audio: a device, the app, or a file.
//!
//! Depends on [`crate::pcm`], [`crate::system_audio`] and the core's sinks.

use std::sync::{Arc, Mutex, PoisonError};

use rtvi_core::{
    Error, ErrorKind,
    media::{AudioFormat, AudioSink, PcmOutput, PcmSink, WavRecorder},
};

use crate::{
    error::{FfiError, guard},
    failure::Failure,
    pcm, system_audio,
};

/// The largest number of bytes in one pull. An output never holds more.
const MAX_PULL: u32 = 1 << 20;

/// The destination of the bot's audio.
#[derive(Clone, uniffi::Enum)]
pub enum FfiSpeaker {
    /// A speaker of this machine. The id works as for a microphone.
    Device {
        /// A `deviceId`, or `default` for the system's default.
        id: String,
    },
    /// Samples that the app pulls. The client takes over the output.
    Pcm {
        /// The output that the app pulls from.
        output: Arc<FfiPcmOutput>,
    },
    /// A recording as a 16-bit WAV file, complete when the client is closed. Creates the file, or
    /// empties an existing one.
    Wav {
        /// Its path.
        path: String,
        /// Its sample rate in Hz.
        sample_rate: u32,
        /// Its number of channels.
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

/// Controls the device behind an [`FfiPcmOutput`], so that it is open only while it is needed.
///
/// Called on a thread of the SDK, one call at a time. A call must return at once: do the work on a
/// thread of the app's own.
#[uniffi::export(with_foreign)]
pub trait FfiSpeakerControl: Send + Sync {
    /// Called when the client needs the speaker: begin to pull. May be called again after `stop`.
    /// An exception is the reason why the device failed.
    fn start(&self) -> Result<(), FfiError>;
    /// Called when the bot is interrupted: drop the samples that were pulled and are not heard yet.
    fn flush(&self) -> Result<(), FfiError>;
    /// Called when the client no longer needs the speaker: release the device.
    fn stop(&self) -> Result<(), FfiError>;
}

/// The output from which the app pulls the bot's samples: 16-bit little-endian PCM, channels
/// interleaved.
#[derive(uniffi::Object)]
pub struct FfiPcmOutput {
    output: Mutex<PcmOutput>,
    failure: Arc<Failure>,
    /// Absent once a client has taken it.
    sink: Mutex<Option<Box<dyn AudioSink>>>,
}

#[uniffi::export]
impl FfiPcmOutput {
    /// Creates an output of 1,000 to 384,000 Hz and 1 to 8 channels. The app sets the pace. The
    /// output keeps 100 ms ready.
    #[uniffi::constructor]
    pub fn new(
        sample_rate: u32,
        channels: u16,
        control: Option<Arc<dyn FfiSpeakerControl>>,
    ) -> Result<Arc<Self>, FfiError> {
        guard(|| {
            let (sink, output) = PcmSink::new(AudioFormat { sample_rate, channels })?;
            let failure = Arc::new(Failure::default());
            let sink = ControlledSink { sink, control, failure: Arc::clone(&failure) };
            let sink = Mutex::new(Some(Box::new(sink) as Box<dyn AudioSink>));
            Ok(Arc::new(Self { output: Mutex::new(output), failure, sink }))
        })
    }

    /// Returns up to `max_bytes` bytes, at most 1 MiB. They are fewer when the client has no more
    /// or is not connected: play silence for the rest. Always returns whole groups of channels.
    /// Never waits. Use it on one thread at a time: a pull during another pull returns nothing.
    pub fn pull(&self, max_bytes: u32) -> Vec<u8> {
        let Ok(mut output) = self.output.try_lock() else { return Vec::new() };
        let mut samples = vec![0; (max_bytes.min(MAX_PULL) / 2) as usize];
        let count = output.pull(&mut samples);
        pcm::bytes(samples.get(..count).unwrap_or_default())
    }

    /// Reports that the device failed while it was in use. The client emits a `deviceError`,
    /// discards the bot's audio, and starts the device again in the next session.
    pub fn fail(&self, error: Error) {
        self.failure.report(error);
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

/// The core's end, which informs the app when it is needed.
struct ControlledSink {
    sink: PcmSink,
    control: Option<Arc<dyn FfiSpeakerControl>>,
    failure: Arc<Failure>,
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

    fn failure(&self) -> Option<Error> {
        self.failure.take()
    }

    fn start(&mut self) -> Result<(), Error> {
        self.failure.take();
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
