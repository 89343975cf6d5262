//! What an app chooses when it makes a client, as far as it is plain data.
//!
//! Values with documented defaults; no behaviour. [`ClientOptions`] is printed into every language: its documentation names no type of
//! Rust's, and says each default as `Default: …`, which a test compares.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{media::millis, transport::TlsOptions};

use super::VoiceOptions;

/// How long the start endpoint may take to answer, unless the request says otherwise.
pub const START_TIMEOUT: Duration = Duration::from_secs(30);
/// How long a transport may take to open.
pub const OPEN_TIMEOUT: Duration = Duration::from_secs(15);
/// The same for a session that Pipecat Cloud began: an agent that is not running takes up to 40 s to start.
pub const CLOUD_OPEN_TIMEOUT: Duration = Duration::from_secs(60);
/// How long the bot may take from client-ready to bot-ready. Bots load models when the first client comes.
pub const BOT_READY_TIMEOUT: Duration = Duration::from_secs(30);
/// The same for a session that Pipecat Cloud began.
pub const CLOUD_BOT_READY_TIMEOUT: Duration = Duration::from_secs(60);
/// How long a client request waits for its answer, unless the call says otherwise (as in client-js).
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a function-call handler may run before the bot is sent an error result in its place.
pub const FUNCTION_TIMEOUT: Duration = Duration::from_secs(30);
/// How long an app may leave its event queue full before the session is closed.
pub const STALL_LIMIT: Duration = Duration::from_secs(10);
/// How long a graceful disconnect may take before the connection is dropped.
pub const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long the microphone and speaker may take to open.
pub const DEVICES_TIMEOUT: Duration = Duration::from_secs(10);

/// Everything an app chooses when it makes a client, but for what is no plain data, such as transport, microphone and speaker.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct ClientOptions {
    /// Whether the microphone is on from the start. Default: true.
    pub enable_mic: bool,
    /// Whether the camera is on from the start. No transport here carries video yet: true makes the client report an unsupported feature.
    /// Default: false.
    pub enable_cam: bool,
    /// Whether the screen is shared from the start; as for the camera. Default: false.
    pub enable_screen_share: bool,
    /// Whether the session ends when the bot leaves a room that outlives it. A transport whose connection *is* the bot (WebSocket) always
    /// ends. Default: true.
    pub disconnect_on_bot_disconnect: bool,
    /// The deadlines.
    pub timeouts: Timeouts,
    /// How lost connections are restored.
    pub reconnect: ReconnectPolicy,
    /// Whom to trust of servers: start endpoints, and those of a transport whose own options say nothing of it.
    pub tls: TlsOptions,
    /// How voices are treated.
    pub voice: VoiceOptions,
    /// Who the client says it is.
    pub about: AboutClient,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            enable_mic: true,
            enable_cam: false,
            enable_screen_share: false,
            disconnect_on_bot_disconnect: true,
            timeouts: Timeouts::default(),
            reconnect: ReconnectPolicy::default(),
            tls: TlsOptions::default(),
            voice: VoiceOptions::default(),
            about: AboutClient::default(),
        }
    }
}

/// The deadlines of a session. Every call settles within them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Timeouts {
    /// Opening microphone and speaker. Default: 10 s.
    #[serde(rename = "devicesMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub devices: Duration,
    /// The start request, unless it brings its own. Default: 30 s.
    #[serde(rename = "startMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub start: Duration,
    /// Opening the transport; the client is connecting meanwhile. An app whose own server starts agents on Pipecat Cloud sets 60 s. A
    /// connection that is restored without a start request finds a bot that runs, and has 15 s. Default: none, which is 15 s, and 60 s after
    /// a start request to Pipecat Cloud (any URL that ends in `/v1/public/AGENT/start`), whose agents take up to 40 s to start.
    #[serde(rename = "openMs", with = "millis::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<u32>"))]
    pub open: Option<Duration>,
    /// From client-ready to bot-ready; the client is connected meanwhile. Bots load models when the first client comes. Default: none, which
    /// is 30 s, and 60 s where opening has 60 s by default.
    #[serde(rename = "botReadyMs", with = "millis::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<u32>"))]
    pub bot_ready: Option<Duration>,
    /// A function of the app that the bot calls: then the bot is sent an error result in its place. Default: 30 s.
    #[serde(rename = "functionCallMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub function_call: Duration,
}

impl Timeouts {
    /// How long opening a transport may take, if a bot of Pipecat Cloud may have to start first or not.
    pub(crate) fn open_timeout(&self, is_cold: bool) -> Duration {
        self.open.unwrap_or(if is_cold { CLOUD_OPEN_TIMEOUT } else { OPEN_TIMEOUT })
    }

    /// The same for the bot to be ready.
    pub(crate) fn bot_ready_timeout(&self, is_cold: bool) -> Duration {
        self.bot_ready.unwrap_or(if is_cold { CLOUD_BOT_READY_TIMEOUT } else { BOT_READY_TIMEOUT })
    }
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            devices: DEVICES_TIMEOUT,
            start: START_TIMEOUT,
            open: None,
            bot_ready: None,
            function_call: FUNCTION_TIMEOUT,
        }
    }
}

/// How a lost connection is restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ReconnectPolicy {
    /// How many attempts are made before the session ends; 0 turns reconnecting off. The count starts again once a restored session has held
    /// for 10 s. Default: 3.
    pub max_attempts: u32,
    /// The wait before the first attempt; doubled for each further one. Default: 250 ms.
    #[serde(rename = "firstDelayMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub first_delay: Duration,
    /// The longest wait. Default: 5 s.
    #[serde(rename = "maxDelayMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub max_delay: Duration,
}

impl ReconnectPolicy {
    /// How long a session must be ready for its attempts to count from zero again.
    pub const STABLE_AFTER: Duration = Duration::from_secs(10);

    /// The wait before `attempt` (the first is 1).
    pub fn delay(&self, attempt: u32) -> Duration {
        let doublings = attempt.saturating_sub(1).min(16);
        self.first_delay.saturating_mul(1 << doublings).min(self.max_delay)
    }
}

impl Default for ReconnectPolicy {
    fn default() -> Self {
        Self { max_attempts: 3, first_delay: Duration::from_millis(250), max_delay: Duration::from_secs(5) }
    }
}

/// Who the client says it is, to the bot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct AboutClient {
    /// Name of the library. Default: none, which is this one's.
    pub library: Option<String>,
    /// Its version. Default: none, which is this one's.
    pub library_version: Option<String>,
    /// Operating system. Default: none, which is the one built for.
    pub platform: Option<String>,
    /// Version of the operating system. Default: none, and then nothing is said of it unless the library knows it.
    pub platform_version: Option<String>,
    /// Anything else, an object. Default: none.
    pub platform_details: Map<String, Value>,
}
