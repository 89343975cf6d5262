//! What an app chooses when it makes a client.
//!
//! Depends on [`crate::transport`], [`crate::microphone`] and [`crate::speaker`]. Values only; whatever is absent has the core's default.

use std::time::Duration;

use rtvi_core::{
    Error, PipecatClientOptions,
    client::{AboutClient, Deadlines, ReconnectPolicy, VoiceOptions},
    transport::WebSocketTransport,
};

use rtvi_core::protocol::JsonObject;
use serde_json::Value;

use crate::{
    json, microphone::FfiMicrophone, runtime, speaker::FfiSpeaker, tls::FfiTls, transport::FfiTransportChoice,
};

/// Everything an app chooses when it makes a client.
#[derive(Clone, uniffi::Record)]
pub struct FfiClientOptions {
    /// How to reach bots.
    pub transport: FfiTransportChoice,
    /// Where the user's audio comes from; without it no audio is sent.
    #[uniffi(default)]
    pub microphone: Option<FfiMicrophone>,
    /// Where the bot's audio goes; without it, it is played into nothing in real time.
    #[uniffi(default)]
    pub speaker: Option<FfiSpeaker>,
    /// Whether the microphone is on from the start.
    #[uniffi(default = true)]
    pub enable_mic: bool,
    /// Whether the camera is on from the start; no transport carries video.
    #[uniffi(default = false)]
    pub enable_cam: bool,
    /// Whether the screen is shared from the start; no transport carries video.
    #[uniffi(default = false)]
    pub enable_screen_share: bool,
    /// Whether the session ends when the bot leaves a room that outlives it.
    #[uniffi(default = true)]
    pub disconnect_on_bot_disconnect: bool,
    /// The deadlines.
    #[uniffi(default)]
    pub timeouts: FfiTimeouts,
    /// How lost connections are restored.
    #[uniffi(default)]
    pub reconnect: FfiReconnect,
    /// Whom to trust of start endpoints.
    #[uniffi(default)]
    pub tls: FfiTls,
    /// How voices are treated, the JSON object of the core's voice options.
    #[uniffi(default)]
    pub voice: Option<Value>,
    /// Who the client says it is.
    #[uniffi(default)]
    pub about: FfiAbout,
}

/// The deadlines of a session, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct FfiTimeouts {
    /// Opening microphone and speaker; 10 s when absent.
    #[uniffi(default)]
    pub devices_ms: Option<u32>,
    /// The start request; 30 s when absent.
    #[uniffi(default)]
    pub start_ms: Option<u32>,
    /// Opening the transport; when absent 15 s, and 60 s after a start request to Pipecat Cloud.
    #[uniffi(default)]
    pub open_ms: Option<u32>,
    /// From client-ready to bot-ready; when absent 30 s, and 60 s after a start request to Pipecat Cloud.
    #[uniffi(default)]
    pub bot_ready_ms: Option<u32>,
    /// A function of the app; 30 s when absent.
    #[uniffi(default)]
    pub function_call_ms: Option<u32>,
}

/// How a lost connection is restored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct FfiReconnect {
    /// How many attempts are made; 0 turns it off; 3 when absent.
    #[uniffi(default)]
    pub max_attempts: Option<u32>,
    /// The wait before the first attempt in milliseconds, doubled for each further one; 250 when absent.
    #[uniffi(default)]
    pub first_delay_ms: Option<u32>,
    /// The longest wait in milliseconds; 5,000 when absent.
    #[uniffi(default)]
    pub max_delay_ms: Option<u32>,
}

/// Who the client says it is, to the bot.
#[derive(Clone, Debug, Default, PartialEq, Eq, uniffi::Record)]
pub struct FfiAbout {
    /// Name of the library; this one's when absent.
    #[uniffi(default)]
    pub library: Option<String>,
    /// Its version; this one's when absent.
    #[uniffi(default)]
    pub library_version: Option<String>,
    /// Operating system; the one built for when absent.
    #[uniffi(default)]
    pub platform: Option<String>,
    /// Its version.
    #[uniffi(default)]
    pub platform_version: Option<String>,
    /// Anything else, a JSON object.
    #[uniffi(default)]
    pub platform_details: Option<JsonObject>,
}

impl FfiClientOptions {
    /// The options as the core wants them. Microphone and speaker are used up even if something else is wrong.
    pub(crate) fn into_core(self) -> Result<PipecatClientOptions, Error> {
        let microphone = self.microphone.map(FfiMicrophone::into_core).transpose();
        let speaker = self.speaker.map(FfiSpeaker::into_core).transpose();
        let mut core = PipecatClientOptions::new(WebSocketTransport::default());
        core.transport = self.transport.into_core()?;
        core.microphone = microphone?;
        core.speaker = speaker?;
        core.enable_mic = self.enable_mic;
        core.enable_cam = self.enable_cam;
        core.enable_screen_share = self.enable_screen_share;
        core.disconnect_on_bot_disconnect = self.disconnect_on_bot_disconnect;
        self.timeouts.set(&mut core.deadlines);
        self.reconnect.set(&mut core.reconnect);
        core.tls = self.tls.into_core()?;
        if let Some(voice) = self.voice {
            json::read::<VoiceOptions>("voice", voice)?.apply(&mut core);
        }
        core.about = self.about.into_core();
        core.runtime = Some(runtime::handle()?.clone());
        Ok(core)
    }
}

/// Puts a time that was given in the place of the default.
fn set(time: &mut Duration, given: Option<u32>) {
    if let Some(given) = given {
        *time = millis(given);
    }
}

fn millis(millis: u32) -> Duration {
    Duration::from_millis(millis.into())
}

impl FfiTimeouts {
    fn set(self, deadlines: &mut Deadlines) {
        set(&mut deadlines.devices, self.devices_ms);
        set(&mut deadlines.start, self.start_ms);
        deadlines.open = self.open_ms.map(millis);
        deadlines.bot_ready = self.bot_ready_ms.map(millis);
        set(&mut deadlines.function_call, self.function_call_ms);
    }
}

impl FfiReconnect {
    fn set(self, policy: &mut ReconnectPolicy) {
        policy.max_attempts = self.max_attempts.unwrap_or(policy.max_attempts);
        set(&mut policy.first_delay, self.first_delay_ms);
        set(&mut policy.max_delay, self.max_delay_ms);
    }
}

impl FfiAbout {
    fn into_core(self) -> AboutClient {
        let default = AboutClient::default();
        AboutClient {
            library: self.library.unwrap_or_else(|| env!("CARGO_PKG_NAME").to_owned()),
            library_version: self.library_version.unwrap_or(default.library_version),
            platform: self.platform.unwrap_or(default.platform),
            platform_version: self.platform_version,
            platform_details: self.platform_details.unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{FfiPcmInput, FfiWebSocketOptions, tests::options};

    #[test]
    fn what_is_absent_has_the_cores_defaults() {
        let core = options(FfiWebSocketOptions::default()).into_core().unwrap();
        assert_eq!((core.deadlines, core.reconnect), (Deadlines::default(), ReconnectPolicy::default()));
        assert_eq!((&*core.about.library, core.transport.name()), ("rtvi-uniffi", "websocket"));
    }

    #[test]
    fn what_is_given_is_taken() {
        let mut given = options(FfiWebSocketOptions::default());
        given.timeouts.open_ms = Some(45_000);
        given.timeouts.bot_ready_ms = Some(7);
        given.reconnect =
            FfiReconnect { max_attempts: Some(0), first_delay_ms: Some(1), max_delay_ms: Some(2) };
        given.about.platform_details = json!({"model": "X"}).as_object().cloned();
        let core = given.into_core().unwrap();
        assert_eq!((core.deadlines.open, core.deadlines.bot_ready), (Some(millis(45_000)), Some(millis(7))));
        assert_eq!((core.reconnect.max_attempts, core.reconnect.max_delay), (0, Duration::from_millis(2)));
        assert_eq!(core.about.platform_details["model"], "X");
    }

    #[test]
    fn voice_options_are_read() {
        let voice = |text: &str| {
            let mut given = options(FfiWebSocketOptions::default());
            given.voice = Some(serde_json::from_str(text).unwrap());
            given.into_core()
        };
        assert!(voice(r#"{"pushToTalk":{"preRollMs":150}}"#).unwrap().push_to_talk.is_some());
        assert!(voice(r#"{"magic":1}"#).is_err_and(|error| error.message().contains("voice")));
    }

    #[test]
    fn an_input_belongs_to_one_client() {
        let input = FfiPcmInput::new(16_000, 1, false, None).unwrap();
        let mut given = options(FfiWebSocketOptions::default());
        given.microphone = Some(FfiMicrophone::Pcm { input });
        given.clone().into_core().unwrap();
        assert!(given.into_core().is_err_and(|error| error.message().contains("another client")));
    }
}
