//! The app's controls of the user's and the bot's audio: processing, push-to-talk, volume and
//! recordings.
//!
//! Calls go directly to the audio task. They do not concern the session, and all of them work in
//! every state.

use std::{path::Path, time::Duration};

use tokio::{runtime::Handle, sync::oneshot};

use crate::{
    error::{Error, ErrorKind},
    media::{AudioProcessing, DuplexRecorder, ProcessingStats},
};

use super::{PipecatClient, audio::AudioCommand, awaited::shut_down};

/// The sample rate of a recording, in Hz.
pub const RECORDING_RATE: u32 = 24_000;

/// Audio controls.
impl PipecatClient {
    /// Switches the processing stages of the microphone's audio, in any state. Stages that stay on
    /// keep their adaptation.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`] for any stage in a build without the feature `processing`;
    /// [`ErrorKind::Cancelled`] if the runtime is shutting down.
    pub async fn update_audio_processing(&self, options: AudioProcessing) -> Result<(), Error> {
        if cfg!(not(feature = "processing")) && !options.is_off() {
            let message = "update_audio_processing: built without the feature `processing`";
            return Err(Error::new(ErrorKind::UnsupportedFeature, message));
        }
        self.send_command(AudioCommand::SetProcessing(options)).await
    }

    /// Returns the statistics of the audio processing, as of the last level report.
    pub fn processing_stats(&self) -> ProcessingStats {
        self.audio().counters.processing()
    }

    /// Presses the push-to-talk button. The client sends what the user says, starting shortly
    /// before the press, until [`release_to_talk`](Self::release_to_talk). Does nothing unless the
    /// option [`push_to_talk`](super::VoiceOptions::push_to_talk) is set. A disabled microphone
    /// stays silent.
    ///
    /// # Errors
    /// Only [`ErrorKind::Cancelled`], if the runtime is shutting down.
    pub async fn press_to_talk(&self) -> Result<(), Error> {
        self.send_command(AudioCommand::SetPressed(true)).await
    }

    /// Releases the push-to-talk button. The client sends silence for a few seconds, so that the
    /// bot notices the end of the turn.
    ///
    /// # Errors
    /// Only [`ErrorKind::Cancelled`], if the runtime is shutting down.
    pub async fn release_to_talk(&self) -> Result<(), Error> {
        self.send_command(AudioCommand::SetPressed(false)).await
    }

    /// Makes the bot louder or quieter from now on. The bot's samples are multiplied by `gain`, 0
    /// to 4 (other values are clamped), and limited. Default 1. The change takes up to 20 ms and
    /// causes no click.
    pub fn set_bot_gain(&self, gain: f32) {
        self.audio().playout.set_gain(gain);
    }

    /// Drops the bot's audio that has not been played yet, like
    /// [`flush_bot_audio`](Self::flush_bot_audio), but fades out over `fade`, at most 100 ms.
    ///
    /// # Errors
    /// Only [`ErrorKind::Cancelled`], if the runtime is shutting down.
    pub async fn fade_out_bot_audio(&self, fade: Duration) -> Result<(), Error> {
        self.audio().playout.flush_within(fade);
        self.send_command(AudioCommand::FlushSpeaker(Some(fade))).await
    }

    /// Records the conversation from now on to a stereo WAV file at [`RECORDING_RATE`]. The left
    /// channel is the user as sent, the right channel the bot as played, aligned in time. Time
    /// outside sessions is not recorded. If a recording is running, it is completed first.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] naming the path if the file can't be created; also those of
    /// [`stop_recording`](Self::stop_recording).
    pub async fn start_recording(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref().to_owned();
        let recorder = blocking(self.runtime(), move || DuplexRecorder::create(path, RECORDING_RATE)).await?;
        self.exchange_recorder(Some(Box::new(recorder))).await.map(|_| ())
    }

    /// Completes the recording and returns its length; zero if there was none.
    ///
    /// # Errors
    /// [`ErrorKind::Device`] naming the path if something could not be written;
    /// [`ErrorKind::Cancelled`] if the runtime is shutting down.
    pub async fn stop_recording(&self) -> Result<Duration, Error> {
        self.exchange_recorder(None).await
    }

    async fn exchange_recorder(&self, recorder: Option<Box<DuplexRecorder>>) -> Result<Duration, Error> {
        let (previous, old) = oneshot::channel();
        self.send_command(AudioCommand::Record { recorder, previous }).await?;
        match old.await.map_err(|_| shut_down())? {
            Some(old) => blocking(self.runtime(), move || old.finish()).await,
            None => Ok(Duration::ZERO),
        }
    }

    async fn send_command(&self, command: AudioCommand) -> Result<(), Error> {
        self.audio().commands.send(command).await.map_err(|_| shut_down())
    }
}

/// Runs blocking disk operations on a thread where they delay nothing else.
async fn blocking<T: Send + 'static>(
    runtime: &Handle,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    runtime.spawn_blocking(work).await.unwrap_or_else(|_| Err(shut_down()))
}
