//! The options with which an app creates a client.
//!
//! Depends on [`crate::transport`] and on the ends of audio and video. Values only.

use std::sync::Arc;

use rtvi_core::{Error, PipecatClientOptions, protocol::object_from_text};

use crate::{
    microphone::FfiMicrophone,
    runtime,
    speaker::FfiSpeaker,
    transport::FfiTransportChoice,
    video_display::{self, FfiVideoDisplay},
    video_input::FfiVideoInput,
};

/// The options with which an app creates a client.
#[derive(Clone, uniffi::Record)]
pub struct FfiClientOptions {
    /// The transport to the bot.
    pub transport: FfiTransportChoice,
    /// The source of the user's audio. If absent, no audio is sent.
    #[uniffi(default)]
    pub microphone: Option<FfiMicrophone>,
    /// The destination of the bot's audio. If absent, the audio is discarded in real time.
    #[uniffi(default)]
    pub speaker: Option<FfiSpeaker>,
    /// The camera. If absent, there is none. The client takes over the input.
    #[uniffi(default)]
    pub camera: Option<Arc<FfiVideoInput>>,
    /// The screen to share. If absent, there is none. The client takes over the input.
    #[uniffi(default)]
    pub screen: Option<Arc<FfiVideoInput>>,
    /// The destination of the bot's video. If absent, the client asks the bot for none.
    #[uniffi(default)]
    pub display: Option<Arc<dyn FfiVideoDisplay>>,
    /// All other options: the JSON object of the core's `ClientOptions`.
    pub options_json: String,
}

impl FfiClientOptions {
    /// Converts to the core's options. The ends of audio and video are used up even if another
    /// option is invalid.
    pub(crate) fn into_core(self) -> Result<PipecatClientOptions, Error> {
        let microphone = self.microphone.map(FfiMicrophone::into_core).transpose();
        let speaker = self.speaker.map(FfiSpeaker::into_core).transpose();
        let camera = self.camera.map(|input| input.take_source()).transpose();
        let screen = self.screen.map(|input| input.take_source()).transpose();
        let mut core = PipecatClientOptions::over(self.transport.into_core()?);
        core.microphone = microphone?;
        core.speaker = speaker?;
        core.camera = camera?;
        core.screen = screen?;
        core.video = self.display.map(video_display::sink);
        core.client = object_from_text("options_json", &self.options_json)?;
        core.client.about.library.get_or_insert_with(|| env!("CARGO_PKG_NAME").to_owned());
        core.runtime = Some(runtime::handle()?.clone());
        Ok(core)
    }
}

#[cfg(test)]
mod tests {
    use rtvi_core::client::ClientOptions;

    use super::*;
    use crate::{FfiPcmInput, tests::options};

    fn with(json: &str) -> Result<ClientOptions, Error> {
        let given = FfiClientOptions { options_json: json.to_owned(), ..options() };
        Ok(given.into_core()?.client)
    }

    #[test]
    fn what_is_absent_has_the_cores_defaults() {
        let (client, default) = (with("{}").unwrap(), ClientOptions::default());
        assert_eq!((client.timeouts, client.reconnect), (default.timeouts, default.reconnect));
        assert_eq!(client.about.library.as_deref(), Some("rtvi-uniffi"));
    }

    #[test]
    fn what_is_given_is_taken() {
        let client =
            with(r#"{"reconnect":{"maxAttempts":0},"about":{"platformDetails":{"model":"X"}}}"#).unwrap();
        assert_eq!(
            (client.reconnect.max_attempts, &client.about.platform_details["model"]),
            (0, &"X".into())
        );
        assert!(with(r#"{"magic":1}"#).is_err_and(|error| error.message().contains("magic")));
        assert!(
            with(r#"{"tls":{"pinnedKeys":["0f"]}}"#)
                .is_err_and(|error| error.message().contains("pinnedKeys"))
        );
    }

    #[test]
    fn an_input_belongs_to_one_client() {
        let input = FfiPcmInput::new(16_000, 1, false, None).unwrap();
        let mut given = options();
        given.microphone = Some(FfiMicrophone::Pcm { input });
        given.clone().into_core().unwrap();
        assert!(given.into_core().is_err_and(|error| error.message().contains("another client")));
    }
}
