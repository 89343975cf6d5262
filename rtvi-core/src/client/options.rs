//! What an app chooses when it makes a client.
//!
//! Values with documented defaults; no behaviour.

use std::{fmt, sync::Arc, time::Duration};

use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::runtime::Handle;

use crate::{
    media::{AudioProcessing, AudioSink, AudioSource, PlayoutOptions, VoiceActivityOptions, from_millis},
    transport::{TlsOptions, TransportFactory},
};

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
/// How long a graceful disconnect may take before the connection is dropped.
pub const DISCONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// How long the microphone and speaker may take to open.
pub const DEVICES_TIMEOUT: Duration = Duration::from_secs(10);

/// The deadlines of a session. Every call settles within them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deadlines {
    /// Opening microphone and speaker; default [`DEVICES_TIMEOUT`].
    pub devices: Duration,
    /// Start request; default [`START_TIMEOUT`].
    pub start: Duration,
    /// Opening the transport; the client is `connecting` meanwhile. `None`, the default, is [`OPEN_TIMEOUT`], and [`CLOUD_OPEN_TIMEOUT`] after a
    /// start request to Pipecat Cloud ([`ApiRequest::pipecat_cloud`](crate::ApiRequest::pipecat_cloud), or any URL that ends in
    /// `/v1/public/AGENT/start`). An app whose own server starts agents there sets 60 s. A connection that is restored without a start
    /// request finds a bot that runs, and has [`OPEN_TIMEOUT`] by default.
    pub open: Option<Duration>,
    /// From client-ready to bot-ready; the client is `connected` meanwhile. `None`, the default, is [`BOT_READY_TIMEOUT`], and
    /// [`CLOUD_BOT_READY_TIMEOUT`] where `open` has [`CLOUD_OPEN_TIMEOUT`].
    pub bot_ready: Option<Duration>,
    /// A function-call handler; default [`FUNCTION_TIMEOUT`].
    pub function_call: Duration,
}

impl Deadlines {
    /// How long opening a transport may take, if a bot of Pipecat Cloud may have to start first or not.
    pub(crate) fn open_timeout(&self, is_cold: bool) -> Duration {
        self.open.unwrap_or(if is_cold { CLOUD_OPEN_TIMEOUT } else { OPEN_TIMEOUT })
    }

    /// The same for the bot to be ready.
    pub(crate) fn bot_ready_timeout(&self, is_cold: bool) -> Duration {
        self.bot_ready.unwrap_or(if is_cold { CLOUD_BOT_READY_TIMEOUT } else { BOT_READY_TIMEOUT })
    }
}

impl Default for Deadlines {
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ReconnectPolicy {
    /// How many attempts are made before the session ends. 0 turns reconnecting off. Default 3. The count starts anew
    /// once a restored session has held for [`Self::STABLE_AFTER`].
    pub max_attempts: u32,
    /// The wait before the first attempt; doubled for each further one. Default 250 ms.
    pub first_delay: Duration,
    /// The longest wait. Default 5 s.
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

/// Who the client says it is, in client-ready's `about`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AboutClient {
    /// Name of the library; default `rtvi-core`.
    pub library: String,
    /// Its version; default this crate's.
    pub library_version: String,
    /// Operating system; default the one built for.
    pub platform: String,
    /// Version of the operating system, if the app or binding knows it.
    pub platform_version: Option<String>,
    /// Anything else; sent when not empty.
    pub platform_details: Map<String, Value>,
}

impl Default for AboutClient {
    fn default() -> Self {
        Self {
            library: env!("CARGO_PKG_NAME").to_owned(),
            library_version: env!("CARGO_PKG_VERSION").to_owned(),
            platform: std::env::consts::OS.to_owned(),
            platform_version: None,
            platform_details: Map::new(),
        }
    }
}

/// How often levels are reported, unless the app chooses.
pub const LEVEL_PERIOD: Duration = Duration::from_millis(100);
/// The most that is kept of what the user says before the session is ready.
pub const MAX_PRE_CONNECT: Duration = Duration::from_secs(30);

/// How long a muted microphone stays open, unless the app chooses: long enough for a cough or a word aside.
pub const MIC_RELEASE: Duration = Duration::from_secs(10);

/// Talking only while a button is pressed. See [`press_to_talk`](super::PipecatClient::press_to_talk).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PushToTalk {
    /// How much of what was said before the press is sent, too; default 200 ms, at most [`MAX_PRE_ROLL`](crate::media::MAX_PRE_ROLL).
    /// People begin to speak a little before they press.
    #[serde(rename = "preRollMs", deserialize_with = "from_millis")]
    pub pre_roll: Duration,
}

impl Default for PushToTalk {
    fn default() -> Self {
        Self { pre_roll: Duration::from_millis(200) }
    }
}

/// Making the bot quieter while the user speaks.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ducking {
    /// What the bot's samples are multiplied by meanwhile; default 0.25 (12 dB quieter).
    pub gain: f32,
}

impl Default for Ducking {
    fn default() -> Self {
        Self { gain: 0.25 }
    }
}

/// Everything an app chooses when it makes a client. Start from [`PipecatClientOptions::new`] and set what differs.
#[non_exhaustive]
pub struct PipecatClientOptions {
    /// How to reach bots.
    pub transport: Arc<dyn TransportFactory>,
    /// Where the user's audio comes from; none by default, and then silence is never sent either.
    pub microphone: Option<Box<dyn AudioSource>>,
    /// Where the bot's audio goes; none by default, and then it is played into nothing in real time.
    pub speaker: Option<Box<dyn AudioSink>>,
    /// Whether the microphone is on from the start; default true.
    pub enable_mic: bool,
    /// How long the microphone stays open after it was muted by [`enable_mic(false)`](super::PipecatClient::enable_mic); default
    /// [`MIC_RELEASE`]. Then it is released (its source is stopped, and the machine shows it as off), and unmuting opens it again: a
    /// device takes some tenths of a second for that. Zero releases it at once. With `None` it stays open until the session ends, and
    /// unmuting never waits. One that can't be opened again is a [`DeviceError`](super::Event::DeviceError), and the session goes on.
    ///
    /// Only muting counts: with [`push_to_talk`](Self::push_to_talk) an enabled microphone is open whether the button is pressed or not,
    /// because what was said before a press is sent with it. A muted microphone is released then too, and a press does not open it.
    pub mic_release_after: Option<Duration>,
    /// What is done with the microphone's audio before it is sent. `None`, the default, lets the microphone decide: all stages for one
    /// that hears the room ([`AudioSource::needs_processing`]), none for audio that the app provides. Can be switched by
    /// [`update_audio_processing`](super::PipecatClient::update_audio_processing).
    pub audio_processing: Option<AudioProcessing>,
    /// Listens for the user's speech here and reports it as [`Event::LocalSpeechStarted`](super::Event::LocalSpeechStarted) and
    /// `LocalSpeechStopped`; default `None`. Costs about 1 ms of CPU a second.
    pub voice_activity: Option<VoiceActivityOptions>,
    /// Sends audio only while a button is pressed; default `None`.
    pub push_to_talk: Option<PushToTalk>,
    /// Makes the bot quieter while the user speaks, as heard here; default `None`.
    pub ducking: Option<Ducking>,
    /// Records from the call that begins a session on, and sends that when the bot is ready, at five times the speed: the newest of it,
    /// at most this much (and at most [`MAX_PRE_CONNECT`]). Default `None`. A disabled microphone is not recorded.
    pub pre_connect_audio: Option<Duration>,
    /// How the bot's audio is buffered and played.
    pub playout: PlayoutOptions,
    /// How often the levels of microphone and bot are reported; default [`LEVEL_PERIOD`], at least 20 ms.
    pub level_period: Duration,
    /// Whether the camera is on from the start; default false. No transport here carries video yet: true makes
    /// the client report an unsupported feature.
    pub enable_cam: bool,
    /// Whether the screen is shared from the start; default false; as `enable_cam`.
    pub enable_screen_share: bool,
    /// Whether the session ends when the bot leaves a room that outlives it; default true. A transport whose connection
    /// *is* the bot (WebSocket) always ends.
    pub disconnect_on_bot_disconnect: bool,
    /// The deadlines.
    pub deadlines: Deadlines,
    /// How lost connections are restored.
    pub reconnect: ReconnectPolicy,
    /// Whom to trust when the start endpoint has an `https` URL, and whether `http` is allowed outside private networks; default the
    /// platform's authorities, and no.
    pub tls: TlsOptions,
    /// Who the client says it is.
    pub about: AboutClient,
    /// The most that this process's clients log, through `tracing`; `None` (the default) leaves it as it is.
    pub log_level: Option<crate::LogLevel>,
    /// The tokio runtime to run on; default the one that [`PipecatClient::new`](super::PipecatClient::new) is called in.
    pub runtime: Option<Handle>,
}

impl PipecatClientOptions {
    /// Defaults with the given transport, without microphone and speaker.
    pub fn new(transport: impl TransportFactory) -> Self {
        Self {
            transport: Arc::new(transport),
            microphone: None,
            speaker: None,
            enable_mic: true,
            mic_release_after: Some(MIC_RELEASE),
            audio_processing: None,
            voice_activity: None,
            push_to_talk: None,
            ducking: None,
            pre_connect_audio: None,
            playout: PlayoutOptions::default(),
            level_period: LEVEL_PERIOD,
            enable_cam: false,
            enable_screen_share: false,
            disconnect_on_bot_disconnect: true,
            deadlines: Deadlines::default(),
            reconnect: ReconnectPolicy::default(),
            tls: TlsOptions::default(),
            about: AboutClient::default(),
            log_level: None,
            runtime: None,
        }
    }
}

impl fmt::Debug for PipecatClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PipecatClientOptions")
            .field("transport", &self.transport.name())
            .field("enable_mic", &self.enable_mic)
            .field("deadlines", &self.deadlines)
            .field("reconnect", &self.reconnect)
            .finish_non_exhaustive()
    }
}
