//! What an app does with the user's and the bot's voice: processing, push-to-talk, volume, recordings.
//!
//! Goes to the audio task directly: none of it concerns the session, and all of it works in every state.

use std::{path::Path, time::Duration};

use tokio::{runtime::Handle, sync::oneshot};

use crate::{
    error::{Error, ErrorKind},
    media::{AudioProcessing, DuplexRecorder, ProcessingStats},
};

use super::{PipecatClient, audio::AudioCommand, awaited::shut_down};

/// Samples a second of a recording.
pub const RECORDING_RATE: u32 = 24_000;

/// Voice.
impl PipecatClient {
    /// Switches the stages that the microphone's audio goes through, in any state; what stays on keeps what it has learned.
    ///
    /// # Errors
    /// [`ErrorKind::UnsupportedFeature`] for any stage when built without the feature `processing`; [`ErrorKind::Cancelled`] when the
    /// runtime is shutting down.
    pub async fn update_audio_processing(&self, options: AudioProcessing) -> Result<(), Error> {
        if cfg!(not(feature = "processing")) && !options.is_off() {
            let message = "update_audio_processing: built without the feature `processing`";
            return Err(Error::new(ErrorKind::UnsupportedFeature, message));
        }
        self.tell(AudioCommand::SetProcessing(options)).await
    }

    /// How the processing does, as of the last report of levels.
    pub fn processing_stats(&self) -> ProcessingStats {
        self.audio().counters.processing()
    }

    /// Presses the button of push-to-talk: what the user says from just before now on is sent, until
    /// [`release_to_talk`](Self::release_to_talk). Does nothing unless the option
    /// [`push_to_talk`](super::VoiceOptions::push_to_talk) is set. A disabled microphone stays silent.
    ///
    /// # Errors
    /// None but [`ErrorKind::Cancelled`] when the runtime is shutting down.
    pub async fn press_to_talk(&self) -> Result<(), Error> {
        self.tell(AudioCommand::SetPressed(true)).await
    }

    /// Releases the button of push-to-talk. Silence is sent for a few seconds, so that the bot notices the end of the turn.
    ///
    /// # Errors
    /// None but [`ErrorKind::Cancelled`] when the runtime is shutting down.
    pub async fn release_to_talk(&self) -> Result<(), Error> {
        self.tell(AudioCommand::SetPressed(false)).await
    }

    /// Makes the bot louder or quieter from now on: its samples are multiplied by `gain`, 0 to 4 (values beyond are brought into
    /// that range), and limited. Default 1. Changes within 20 ms, without a click.
    pub fn set_bot_gain(&self, gain: f32) {
        self.audio().playout.set_gain(gain);
    }

    /// Drops what the bot has said and was not played yet, as [`flush_bot_audio`](Self::flush_bot_audio), but fading out within `fade`, at
    /// most 100 ms.
    ///
    /// # Errors
    /// None but [`ErrorKind::Cancelled`] when the runtime is shutting down.
    pub async fn fade_out_bot_audio(&self, fade: Duration) -> Result<(), Error> {
        self.audio().playout.flush_within(fade);
        self.tell(AudioCommand::FlushSpeaker(Some(fade))).await
    }

    /// Records the conversation from now on in a stereo WAV file of [`RECORDING_RATE`]: left the user as sent, right the bot as played, aligned
    /// in time. Time without a session is not recorded. A present recording is completed first.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] naming the path when the file can't be made; as [`stop_recording`](Self::stop_recording).
    pub async fn start_recording(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        let path = path.as_ref().to_owned();
        let recorder = blocking(self.runtime(), move || DuplexRecorder::create(path, RECORDING_RATE)).await?;
        self.exchange_recorder(Some(Box::new(recorder))).await.map(|_| ())
    }

    /// Completes the recording and says how long it is; zero if there was none.
    ///
    /// # Errors
    /// [`ErrorKind::Device`] naming the path when something could not be written; [`ErrorKind::Cancelled`] when the runtime is
    /// shutting down.
    pub async fn stop_recording(&self) -> Result<Duration, Error> {
        self.exchange_recorder(None).await
    }

    async fn exchange_recorder(&self, recorder: Option<Box<DuplexRecorder>>) -> Result<Duration, Error> {
        let (previous, old) = oneshot::channel();
        self.tell(AudioCommand::Record { recorder, previous }).await?;
        match old.await.map_err(|_| shut_down())? {
            Some(old) => blocking(self.runtime(), move || old.finish()).await,
            None => Ok(Duration::ZERO),
        }
    }

    async fn tell(&self, command: AudioCommand) -> Result<(), Error> {
        self.audio().commands.send(command).await.map_err(|_| shut_down())
    }
}

/// Does what waits for a disk where it holds up nothing.
async fn blocking<T: Send + 'static>(
    runtime: &Handle,
    work: impl FnOnce() -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    runtime.spawn_blocking(work).await.unwrap_or_else(|_| Err(shut_down()))
}
