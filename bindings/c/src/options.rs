//! The options with which an app creates a client.
//!
//! Depends on [`crate::microphone`], [`crate::speaker`], [`crate::video`] and [`crate::transport`].
//! Values only.

use std::ffi::c_void;

use rtvi_core::{Error, ErrorKind, PipecatClientOptions, client::ClientOptions};

use crate::{
    callback::{UserData, rtvi_drop_fn},
    event_callback::{EventCallback, rtvi_event_fn},
    memory::{self, SizedStruct},
    microphone::{self, rtvi_microphone},
    runtime::runtime,
    speaker::{self, rtvi_speaker},
    text::rtvi_str,
    transport::{self, rtvi_transport},
    video::{self, display::rtvi_video_display, feed::rtvi_video_feed},
};

/// The options of a client. Fill them with `rtvi_client_options_init`, then set the members that
/// differ.
///
/// `rtvi_client_new` reads texts and structs during the call only. Times are in milliseconds.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_client_options {
    /// `sizeof(rtvi_client_options)`.
    pub size: usize,
    /// The name of the transport: `websocket`, which is the default, `small-webrtc`, `livekit`,
    /// `phone`, or `auto`, which selects the transport that the connect parameters describe.
    pub transport: rtvi_str,
    /// The options of that transport: a JSON object such as `{"sampleRate":24000}`. docs/options.md
    /// lists them with their defaults. Default: none.
    pub transport_options: rtvi_str,
    /// A transport of the app's own, which replaces a named one. The client takes it over. Default:
    /// null.
    pub custom_transport: *mut rtvi_transport,
    /// The source of the user's audio. The client takes it over. Default: null, which sends no
    /// audio.
    pub microphone: *mut rtvi_microphone,
    /// The destination of the bot's audio. The client takes it over. Default: null, which discards
    /// the audio in real time.
    pub speaker: *mut rtvi_speaker,
    /// All other options: a JSON object such as
    /// `{"enableMic":false,"reconnect":{"maxAttempts":5}}`. docs/options.md lists them with their
    /// defaults, which apply to absent options. An unknown name is an invalid argument.
    /// `rtvi_json_new` and `rtvi_json_set_…` build such an object. Default: none.
    pub options: rtvi_str,
    /// Called for every event. Default: null; the app then takes events with
    /// `rtvi_client_next_event`.
    pub on_event: rtvi_event_fn,
    /// Passed to `on_event`.
    pub user_data: *mut c_void,
    /// Called with `user_data` when the client is freed or could not be created. May be null.
    pub drop_user_data: rtvi_drop_fn,
    /// The camera. The client takes it over. Default: null, which sends no video.
    pub camera: *mut rtvi_video_feed,
    /// The screen to share. The client takes it over. Default: null.
    pub screen: *mut rtvi_video_feed,
    /// The destination of the bot's video. The client takes it over. Default: null, and the client
    /// asks the bot for no video.
    pub display: *mut rtvi_video_display,
}

// SAFETY: `repr(C)`, `size` first, and zeros are null, false or a number.
unsafe impl SizedStruct for rtvi_client_options {}

impl Default for rtvi_client_options {
    fn default() -> Self {
        Self {
            size: size_of::<Self>(),
            transport: rtvi_str::unended("websocket"),
            transport_options: rtvi_str::EMPTY,
            custom_transport: std::ptr::null_mut(),
            microphone: std::ptr::null_mut(),
            speaker: std::ptr::null_mut(),
            options: rtvi_str::EMPTY,
            on_event: None,
            user_data: std::ptr::null_mut(),
            drop_user_data: None,
            camera: std::ptr::null_mut(),
            screen: std::ptr::null_mut(),
            display: std::ptr::null_mut(),
        }
    }
}

/// Fills options with the defaults. Pass `sizeof(rtvi_client_options)` as `size`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_options_init(options: *mut rtvi_client_options, size: usize) {
    memory::write_sized(options, size, &rtvi_client_options { size, ..Default::default() });
}

/// The options of the core, and the receiver of events.
pub(crate) struct Taken {
    pub(crate) core: PipecatClientOptions,
    pub(crate) events: EventCallback,
}

/// Takes over what the options hold. The handles in them are used up even if an option is invalid.
pub(crate) fn take(options: *const rtvi_client_options) -> Result<Taken, Error> {
    let given = memory::read_sized(options, "rtvi_client_options")?;
    let given = given.ok_or_else(|| Error::new(ErrorKind::InvalidArgument, "the options are null"))?;
    let data = UserData::new(given.user_data, given.drop_user_data);
    let microphone = microphone::take(given.microphone);
    let speaker = speaker::take(given.speaker);
    let video = video::take(given.camera, given.screen, given.display);
    let transport = transport::take(given.custom_transport, given.transport, given.transport_options);
    let mut core = PipecatClientOptions::over(transport?);
    video?.fill(&mut core);
    core.microphone = microphone?;
    core.speaker = speaker?;
    core.runtime = Some(runtime()?.handle().clone());
    core.client = given.options.read::<ClientOptions>("options")?;
    core.client.about.library.get_or_insert_with(|| env!("CARGO_PKG_NAME").to_owned());
    Ok(Taken { core, events: EventCallback { on_event: given.on_event, data } })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_core() {
        let given = rtvi_client_options::default();
        let taken = take(&raw const given).unwrap().core;
        assert_eq!(taken.client.timeouts, ClientOptions::default().timeouts);
        assert_eq!(taken.client.reconnect, ClientOptions::default().reconnect);
        assert!(
            taken.client.enable_mic && taken.client.disconnect_on_bot_disconnect && !taken.client.enable_cam
        );
        assert_eq!(taken.client.about.library.as_deref(), Some("rtvi-c"));
        assert_eq!(taken.transport.name(), "websocket");
    }

    #[test]
    fn what_is_given_is_taken() {
        let options = r#"{"timeouts":{"openMs":45000,"botReadyMs":7},"about":{"library":"x"}}"#;
        let given = rtvi_client_options { options: rtvi_str::unended(options), ..Default::default() };
        let taken = take(&raw const given).unwrap().core.client;
        let (open, bot_ready) = (Some(Duration::from_secs(45)), Some(Duration::from_millis(7)));
        assert_eq!((taken.timeouts.open, taken.timeouts.bot_ready), (open, bot_ready));
        assert_eq!(taken.about.library.as_deref(), Some("x"));
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
        let of =
            |options: &'static str| rtvi_client_options { options: rtvi_str::unended(options), ..default };
        assert!(complaint(of("{\"about\":{\"librarian\":1}}")).contains("librarian"));
        assert!(complaint(of("{\"voice\":{\"volume\":1}}")).contains("volume"));
        assert!(complaint(of("{\"tls\":{\"rootCertificates\":\"no\"}}")).contains("PEM"));
        assert!(complaint(of("[]")).starts_with("options: "));
        assert!(take(std::ptr::null()).is_err_and(|error| error.message().contains("null")));
    }
}
