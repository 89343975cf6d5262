//! What an app chooses when it makes a client.
//!
//! Depends on [`crate::microphone`], [`crate::speaker`] and [`crate::transport`]. Values only.

use std::{ffi::c_void, time::Duration};

use rtvi_core::{
    Error, ErrorKind, PipecatClientOptions,
    client::{AboutClient, Deadlines, ReconnectPolicy, VoiceOptions},
};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{
    callback::{UserData, rtvi_drop_fn},
    client::{UserEvents, rtvi_event_fn},
    memory::{self, SizedStruct},
    microphone::{self, rtvi_microphone},
    runtime::runtime,
    speaker::{self, rtvi_speaker},
    text::rtvi_str,
    tls::TlsJson,
    transport::{self, rtvi_transport},
};

/// Everything an app chooses when it makes a client. Fill it with `rtvi_client_options_init`, then set what differs.
///
/// Texts and structs are read by `rtvi_client_new`; times are in milliseconds.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_client_options {
    /// `sizeof(rtvi_client_options)`.
    pub size: usize,
    /// How to reach bots: `websocket`, which is the default, or `small-webrtc`.
    pub transport: rtvi_str,
    /// Options of that transport, a JSON object; for `websocket`: `url` and `headers` to use when the connect parameters have none,
    /// `sampleRate` of the audio sent (16000), `tls` as below where it differs, and `stallTimeoutMs` after which a silent connection counts as lost (5500); for `small-webrtc`: `offerUrl` and its `headers`, `offerUrlTemplate`, `iceServers`
    /// (a list of `urls`, `username`, `credential`), `relayOnly`, `waitForIceGathering`, `tls`, `stallTimeoutMs` (5750). Default:
    /// none.
    pub transport_options: rtvi_str,
    /// A transport of the app's own, instead of a named one; used up. Default: null.
    pub custom_transport: *mut rtvi_transport,
    /// Where the user's audio comes from; used up. Default: null, and then no audio is sent.
    pub microphone: *mut rtvi_microphone,
    /// Where the bot's audio goes; used up. Default: null, and then it is played into nothing in real time.
    pub speaker: *mut rtvi_speaker,
    /// Whether the microphone is on from the start. Default: true.
    pub enable_mic: bool,
    /// Whether the camera is on from the start. Default: false; no transport carries video.
    pub enable_cam: bool,
    /// Whether the screen is shared from the start. Default: false; no transport carries video.
    pub enable_screen_share: bool,
    /// Whether the session ends when the bot leaves a room that outlives it. Default: true.
    pub disconnect_on_bot_disconnect: bool,
    /// How long microphone and speaker may take to open. Default: 10 s.
    pub devices_timeout_ms: u32,
    /// How long the start endpoint may take to answer. Default: 30 s.
    pub start_timeout_ms: u32,
    /// How long a transport may take to open; the client is `connecting` meanwhile. Default: 0, which is 15 s, and 60 s after a start request to
    /// Pipecat Cloud, whose agents take up to 40 s to start.
    pub open_timeout_ms: u32,
    /// How long the bot may take to be ready. Default: 0, which is 30 s, and 60 s after a start request to Pipecat Cloud.
    pub bot_ready_timeout_ms: u32,
    /// How long a function of the app may take to answer the bot. Default: 30 s.
    pub function_call_timeout_ms: u32,
    /// How many attempts are made to restore a lost connection; 0 makes none. Default: 3.
    pub reconnect_attempts: u32,
    /// The wait before the first attempt, doubled for each further one. Default: 250 ms.
    pub reconnect_first_delay_ms: u32,
    /// The longest wait before an attempt. Default: 5 s.
    pub reconnect_max_delay_ms: u32,
    /// How voices are treated, a JSON object; what is absent is as by default. `audioProcessing`: what the microphone's audio is cleaned of,
    /// an object of `echoCancellation`, `noiseSuppression`, `gainControl` and `highPass`, all false where absent; without it all are on
    /// for a microphone of this machine and off for others. `voiceActivity`: report when the user speaks as heard here, with `threshold`
    /// (0.5), `startAfterMs` (64), `stopAfterMs` (500). `pushToTalk`: send only while the button is pressed, with `preRollMs` (200).
    /// `ducking`: make the bot quieter while the user speaks, with `gain` (0.25). `preConnectAudioMs`: keep so much of what is said
    /// before the bot is ready. `playout`: `targetDelayMs` (40), `maxDelayMs` (400), `fadeMs` (5), `gain` (1). `levelPeriodMs` (100): how
    /// often levels are reported. `micReleaseAfterMs` (10000): how long the microphone stays open after it was muted, 0 for not at all, null
    /// for until the session ends; with push-to-talk an enabled microphone is open whether the button is pressed or not.
    pub voice: rtvi_str,
    /// Whom to trust, for the start endpoint and the transport, a JSON object: `rootCertificates` of authorities to trust besides the
    /// system's (PEM); `pinnedKeys`, a list of SHA-256 hashes (hexadecimal) of the public keys of the only servers to accept;
    /// `allowPlaintext`: whether `http` and `ws` may go beyond loopback and private networks. Default: none and false.
    pub tls: rtvi_str,
    /// Who the client says it is, a JSON object: `library`, `libraryVersion`, `platform`, `platformVersion`, `platformDetails`. Default:
    /// this library on this system.
    pub about: rtvi_str,
    /// Told of every event. Default: null, and then the app takes them with `rtvi_client_next_event`.
    pub on_event: rtvi_event_fn,
    /// Given to `on_event`.
    pub user_data: *mut c_void,
    /// Called with `user_data` once the client is freed, or could not be made; may be null.
    pub drop_user_data: rtvi_drop_fn,
}

// SAFETY: `repr(C)`, `size` first, and zeros are null, false or a number.
unsafe impl SizedStruct for rtvi_client_options {}

impl Default for rtvi_client_options {
    fn default() -> Self {
        let (deadlines, reconnect) = (Deadlines::default(), ReconnectPolicy::default());
        Self {
            size: size_of::<Self>(),
            transport: rtvi_str::unended("websocket"),
            transport_options: rtvi_str::EMPTY,
            custom_transport: std::ptr::null_mut(),
            microphone: std::ptr::null_mut(),
            speaker: std::ptr::null_mut(),
            enable_mic: true,
            enable_cam: false,
            enable_screen_share: false,
            disconnect_on_bot_disconnect: true,
            devices_timeout_ms: millis(deadlines.devices),
            start_timeout_ms: millis(deadlines.start),
            open_timeout_ms: deadlines.open.map_or(0, millis),
            bot_ready_timeout_ms: deadlines.bot_ready.map_or(0, millis),
            function_call_timeout_ms: millis(deadlines.function_call),
            reconnect_attempts: reconnect.max_attempts,
            reconnect_first_delay_ms: millis(reconnect.first_delay),
            reconnect_max_delay_ms: millis(reconnect.max_delay),
            voice: rtvi_str::EMPTY,
            tls: rtvi_str::EMPTY,
            about: rtvi_str::EMPTY,
            on_event: None,
            user_data: std::ptr::null_mut(),
            drop_user_data: None,
        }
    }
}

fn millis(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

const fn time(millis: u32) -> Duration {
    Duration::from_millis(millis as u64)
}

/// 0 leaves the choice to the core.
fn some_time(millis: u32) -> Option<Duration> {
    (millis > 0).then(|| time(millis))
}

/// Fills options with the defaults. `size` is `sizeof(rtvi_client_options)`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_options_init(options: *mut rtvi_client_options, size: usize) {
    memory::write_sized(options, size, &rtvi_client_options { size, ..Default::default() });
}

/// The options as the core wants them, and who is told of events.
pub(crate) struct Taken {
    pub(crate) core: PipecatClientOptions,
    pub(crate) events: UserEvents,
}

/// Takes over what the options hold; the handles in them are used up even if something is wrong.
pub(crate) fn take(options: *const rtvi_client_options) -> Result<Taken, Error> {
    let given = memory::read_sized(options, "rtvi_client_options")?;
    let given = given.ok_or_else(|| Error::new(ErrorKind::InvalidArgument, "the options are null"))?;
    let data = UserData::new(given.user_data, given.drop_user_data);
    let microphone = microphone::take(given.microphone);
    let speaker = speaker::take(given.speaker);
    let tls = given.tls.read::<TlsJson>("tls").and_then(TlsJson::read);
    let clients = tls.clone().unwrap_or_default();
    let transport =
        transport::take(given.custom_transport, given.transport, given.transport_options, clients);
    let mut core = PipecatClientOptions::new(rtvi_core::transport::WebSocketTransport::default());
    core.transport = transport?;
    core.microphone = microphone?;
    core.speaker = speaker?;
    core.runtime = Some(runtime()?.handle().clone());
    core.tls = tls?;
    given.voice.read::<VoiceOptions>("voice")?.apply(&mut core);
    core.about = given.about.read::<About>("about")?.into();
    set_values(&mut core, &given);
    Ok(Taken { core, events: UserEvents { on_event: given.on_event, data } })
}

fn set_values(core: &mut PipecatClientOptions, given: &rtvi_client_options) {
    core.enable_mic = given.enable_mic;
    core.enable_cam = given.enable_cam;
    core.enable_screen_share = given.enable_screen_share;
    core.disconnect_on_bot_disconnect = given.disconnect_on_bot_disconnect;
    core.deadlines.devices = time(given.devices_timeout_ms);
    core.deadlines.start = time(given.start_timeout_ms);
    core.deadlines.open = some_time(given.open_timeout_ms);
    core.deadlines.bot_ready = some_time(given.bot_ready_timeout_ms);
    core.deadlines.function_call = time(given.function_call_timeout_ms);
    core.reconnect.max_attempts = given.reconnect_attempts;
    core.reconnect.first_delay = time(given.reconnect_first_delay_ms);
    core.reconnect.max_delay = time(given.reconnect_max_delay_ms);
}

/// [`AboutClient`] as JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct About {
    library: Option<String>,
    library_version: Option<String>,
    platform: Option<String>,
    platform_version: Option<String>,
    #[serde(default)]
    platform_details: Map<String, Value>,
}

impl From<About> for AboutClient {
    fn from(about: About) -> Self {
        let default = Self::default();
        Self {
            library: about.library.unwrap_or_else(|| env!("CARGO_PKG_NAME").to_owned()),
            library_version: about.library_version.unwrap_or(default.library_version),
            platform: about.platform.unwrap_or(default.platform),
            platform_version: about.platform_version,
            platform_details: about.platform_details,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_core() {
        let given = rtvi_client_options::default();
        let taken = take(&raw const given).unwrap().core;
        assert_eq!(taken.deadlines, Deadlines::default());
        assert_eq!(taken.reconnect, ReconnectPolicy::default());
        assert!(taken.enable_mic && taken.disconnect_on_bot_disconnect && !taken.enable_cam);
        assert_eq!(taken.about.library, "rtvi-c");
        assert_eq!(taken.transport.name(), "websocket");
    }

    #[test]
    fn deadlines_that_are_given_are_taken() {
        let default = rtvi_client_options::default();
        let given = rtvi_client_options { open_timeout_ms: 45_000, bot_ready_timeout_ms: 7, ..default };
        let taken = take(&raw const given).unwrap().core.deadlines;
        assert_eq!((taken.open, taken.bot_ready), (Some(time(45_000)), Some(time(7))));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let complaint = |options: rtvi_client_options| match take(&raw const options) {
            Err(error) => error.message().to_owned(),
            Ok(_) => panic!("no complaint"),
        };
        let default = rtvi_client_options::default();
        let bad = rtvi_client_options { transport: rtvi_str::unended("pigeon"), ..default };
        assert!(complaint(bad).contains("pigeon"));
        let bad = rtvi_client_options { transport_options: rtvi_str::unended("{\"speed\":1}"), ..default };
        assert!(complaint(bad).contains("speed"));
        let bad = rtvi_client_options { about: rtvi_str::unended("{\"librarian\":1}"), ..default };
        assert!(complaint(bad).contains("librarian"));
        let bad = rtvi_client_options { voice: rtvi_str::unended("{\"volume\":1}"), ..default };
        assert!(complaint(bad).contains("volume"));
        let bad = rtvi_client_options { tls: rtvi_str::unended("{\"rootCertificates\":\"no\"}"), ..default };
        assert!(complaint(bad).contains("PEM"));
        assert!(take(std::ptr::null()).is_err_and(|error| error.message().contains("null")));
    }
}
