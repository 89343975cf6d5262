//! The plain-data options that an app sets when it creates a client.
//!
//! Values with documented defaults; no behaviour. [`ClientOptions`] is printed into every language.
//! Its documentation therefore names no Rust type and states each default as `Default: …`, which a
//! test checks.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{media::millis, transport::TlsOptions};

use super::{VideoOptions, VoiceOptions};

/// The deadline for the start endpoint's answer, unless the request sets another.
pub const START_TIMEOUT: Duration = Duration::from_secs(30);
/// The deadline for opening a transport.
pub const OPEN_TIMEOUT: Duration = Duration::from_secs(15);
/// The same deadline for a session that Pipecat Cloud started: an agent that is not running takes
/// up to 40 s to start.
pub const CLOUD_OPEN_TIMEOUT: Duration = Duration::from_secs(60);
/// The deadline from client-ready to bot-ready. Bots load models when the first client connects.
pub const BOT_READY_TIMEOUT: Duration = Duration::from_secs(30);
/// The same deadline for a session that Pipecat Cloud started.
pub const CLOUD_BOT_READY_TIMEOUT: Duration = Duration::from_secs(60);
/// The deadline for the answer to a client request, unless the call sets another (as in client-js).
pub const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// The deadline for a function-call handler. After it, the client sends the bot an error result.
pub const FUNCTION_TIMEOUT: Duration = Duration::from_secs(30);
/// How long an app may leave its event queue full. After that, the client closes the session.
pub const STALL_LIMIT: Duration = Duration::from_secs(10);
/// The deadline for a graceful disconnect. After it, the connection is dropped.
pub const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// The deadline for opening the microphone and speaker.
pub const DEVICES_TIMEOUT: Duration = Duration::from_secs(10);

/// The plain-data options that an app sets when it creates a client. Transport, microphone and
/// speaker are not among them.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct ClientOptions {
    /// Whether the microphone is on from the start. Default: true.
    pub enable_mic: bool,
    /// Whether the camera is on from the start. Without a camera, or if the bot or the transport
    /// takes no video, the client reports an unsupported feature. Default: false.
    pub enable_cam: bool,
    /// Whether the screen is shared from the start, with the same limitation as the camera.
    /// Default: false.
    pub enable_screen_share: bool,
    /// Whether the session ends when the bot leaves a room that outlives it. A transport whose
    /// connection is the bot (WebSocket) always ends the session. Default: true.
    pub disconnect_on_bot_disconnect: bool,
    /// The deadlines.
    pub timeouts: Timeouts,
    /// The rules for restoring lost connections.
    pub reconnect: ReconnectPolicy,
    /// The trust settings for start endpoints, and for transports whose own options do not set any.
    pub tls: TlsOptions,
    /// The audio options: processing, push-to-talk, ducking and playout.
    pub voice: VoiceOptions,
    /// The video options: what camera, screen and bot send at most.
    pub video: VideoOptions,
    /// The name, version and platform that the client reports to the bot.
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
            video: VideoOptions::default(),
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
    /// The deadline for opening the microphone and speaker. Default: 10 s.
    #[serde(rename = "devicesMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub devices: Duration,
    /// The deadline for the start request, unless the request sets another. Default: 30 s.
    #[serde(rename = "startMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub start: Duration,
    /// The deadline for opening the transport; the client is connecting meanwhile. If the app's own
    /// server starts agents on Pipecat Cloud, set it to 60 s. A connection that is restored without
    /// a start request always has 15 s, because its bot is already running. Default: none, which
    /// means 15 s, or 60 s after a start request to Pipecat Cloud (any URL that ends in
    /// `/v1/public/AGENT/start`), whose agents take up to 40 s to start.
    #[serde(rename = "openMs", with = "millis::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<u32>"))]
    pub open: Option<Duration>,
    /// The deadline from client-ready to bot-ready; the client is connected meanwhile. Bots load
    /// models when the first client connects. Default: none, which means 30 s, or 60 s where the
    /// deadline for opening is 60 s by default.
    #[serde(rename = "botReadyMs", with = "millis::option")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<u32>"))]
    pub bot_ready: Option<Duration>,
    /// The deadline for a function of the app that the bot calls. After it, the client sends the
    /// bot an error result. Default: 30 s.
    #[serde(rename = "functionCallMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub function_call: Duration,
}

impl Timeouts {
    /// The deadline for opening a transport. `is_cold` is true if a bot on Pipecat Cloud may have
    /// to start first.
    pub(crate) fn open_timeout(&self, is_cold: bool) -> Duration {
        self.open.unwrap_or(if is_cold { CLOUD_OPEN_TIMEOUT } else { OPEN_TIMEOUT })
    }

    /// The deadline for the bot to become ready, with the same `is_cold`.
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

/// The rules for restoring a lost connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct ReconnectPolicy {
    /// The number of attempts before the session ends; 0 turns reconnecting off. The count restarts
    /// once a restored session has held for 10 s. Default: 3.
    pub max_attempts: u32,
    /// The wait before the first attempt. It doubles with each further attempt. Default: 250 ms.
    #[serde(rename = "firstDelayMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub first_delay: Duration,
    /// The longest wait between attempts. Default: 5 s.
    #[serde(rename = "maxDelayMs", with = "millis")]
    #[cfg_attr(feature = "schema", schemars(with = "u32"))]
    pub max_delay: Duration,
}

impl ReconnectPolicy {
    /// How long a session must be ready before its attempts count from zero again.
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

/// The name, version and platform that the client reports to the bot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct AboutClient {
    /// The name of the library. Default: none, which means this library's name.
    pub library: Option<String>,
    /// The version of the library. Default: none, which means this library's version.
    pub library_version: Option<String>,
    /// The operating system. Default: none, which means the system that the library was built for.
    pub platform: Option<String>,
    /// The version of the operating system. Default: none, which means the version that the library
    /// knows, if any.
    pub platform_version: Option<String>,
    /// Further details, as an object. Default: none.
    pub platform_details: Map<String, Value>,
}
