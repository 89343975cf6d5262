//! The options with which an app creates a client.
//!
//! Depends on [`crate::transport`], [`crate::microphone`] and [`crate::speaker`]. Values only.

use rtvi_core::{Error, PipecatClientOptions, protocol::object_from_text};

use crate::{microphone::FfiMicrophone, runtime, speaker::FfiSpeaker, transport::FfiTransportChoice};

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
    /// All other options: the JSON object of the core's `ClientOptions`.
    pub options_json: String,
}

impl FfiClientOptions {
    /// Converts to the core's options. The microphone and the speaker are used up even if another
    /// option is invalid.
    pub(crate) fn into_core(self) -> Result<PipecatClientOptions, Error> {
        let microphone = self.microphone.map(FfiMicrophone::into_core).transpose();
        let speaker = self.speaker.map(FfiSpeaker::into_core).transpose();
        let mut core = PipecatClientOptions::over(self.transport.into_core()?);
        core.microphone = microphone?;
        core.speaker = speaker?;
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
