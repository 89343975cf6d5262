//! Rules for video: when the camera and the screen are on, and what is reported about them and about
//! the bot's pictures.
//!
//! Video never ends a session: what can't be shown is reported, and audio continues.

use crate::{
    client::{DeviceState, Event, MediaDevice, Track, TrackKind, TransportState},
    error::{Error, ErrorKind},
    protocol::BotReadyData,
    transport::Participant,
};

use super::{CallId, DeviceKind, Epoch, Machine, Output, Reply};

/// A stream of video.
#[cfg_attr(not(feature = "video"), allow(dead_code, reason = "nothing flows"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum VideoStream {
    Cam,
    Screen,
    Bot,
}

/// What kind of camera or screen the app has configured.
#[cfg_attr(not(feature = "video"), allow(dead_code, reason = "all are absent"))]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum VideoSourceKind {
    /// None.
    #[default]
    Absent,
    /// One that the app provides.
    OfApp,
    /// A device of the system, which reports its own state.
    OfSystem,
}

/// The camera and the screen: whether there are any, and whether the app wants them on.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct VideoConfig {
    pub(crate) cam: VideoSourceKind,
    pub(crate) screen: VideoSourceKind,
    pub(crate) cam_enabled: bool,
    pub(crate) screen_enabled: bool,
}

/// A source that the app turns on and off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shown {
    Cam,
    Screen,
}

impl VideoConfig {
    /// No source, whatever the app wants.
    #[cfg(not(feature = "video"))]
    pub(crate) const fn absent(cam_enabled: bool, screen_enabled: bool) -> Self {
        let absent = VideoSourceKind::Absent;
        Self { cam: absent, screen: absent, cam_enabled, screen_enabled }
    }
}

impl Shown {
    /// The name of the client's method, for errors.
    pub(crate) const fn method(self) -> &'static str {
        match self {
            Self::Cam => "enable_cam",
            Self::Screen => "enable_screen_share",
        }
    }

    /// Its name for people.
    pub(crate) const fn noun(self) -> &'static str {
        match self {
            Self::Cam => "camera",
            Self::Screen => "screen share",
        }
    }

    /// Checks that there is such a source, and that the bot, once it is known, can see it.
    pub(crate) fn check(self, config: VideoConfig, bot: Option<&BotReadyData>) -> Result<(), Error> {
        if self.source(config) == VideoSourceKind::Absent {
            return Err(self.refusal("the client has no source for it"));
        }
        match bot.map(|bot| self.capability(bot)) {
            Some((Some(false), name)) => Err(self.refusal(&format!("the bot reports {name} as false"))),
            _ => Ok(()),
        }
    }

    fn refusal(self, why: &str) -> Error {
        Error::new(ErrorKind::UnsupportedFeature, format!("{}: {why}", self.method()))
    }

    const fn source(self, config: VideoConfig) -> VideoSourceKind {
        match self {
            Self::Cam => config.cam,
            Self::Screen => config.screen,
        }
    }

    /// The bot's capability and its name; absent means that it may have it.
    fn capability(self, bot: &BotReadyData) -> (Option<bool>, &'static str) {
        let capabilities = bot.capabilities.as_ref();
        match self {
            Self::Cam => (capabilities.and_then(|can| can.video_in), "video_in"),
            Self::Screen => (capabilities.and_then(|can| can.screen_in), "screen_in"),
        }
    }
}

impl Machine {
    /// The options for sources that the app has not configured are reported when the devices open.
    pub(super) fn report_missing_sources(&mut self) {
        for shown in [Shown::Cam, Shown::Screen] {
            if *self.wish(shown) && shown.source(self.config.video) == VideoSourceKind::Absent {
                *self.wish(shown) = false;
                self.emit(Event::UnsupportedFeature(shown.noun().to_owned()));
            }
        }
    }

    /// The devices are open: a camera of the app's own is there.
    pub(super) fn report_app_camera(&mut self) {
        if self.config.video.cam == VideoSourceKind::OfApp && self.media.cam == DeviceState::Uninitialized {
            self.media.cam = DeviceState::Granted;
            self.emit(Event::MediaStateUpdated(self.media.clone()));
            let device = MediaDevice { device_id: "application".into(), label: "application video".into() };
            self.emit(Event::CamUpdated(device));
        }
    }

    pub(super) fn on_enable_video(&mut self, call: CallId, shown: Shown, enable: bool) {
        if enable && let Err(error) = self.allowed(shown) {
            // Nobody waits for the reply.
            self.emit(Event::UnsupportedFeature(error.message().to_owned()));
            return self.reply(call, Err(error));
        }
        *self.wish(shown) = enable;
        self.follow_wish(shown);
        self.reply(call, Ok(Reply::Done));
    }

    /// The connection carries video.
    pub(super) fn on_video_carried(&mut self, epoch: Epoch) {
        if let Some(connection) =
            self.session.connection.as_mut().filter(|connection| connection.epoch == epoch)
        {
            connection.carries_video = true;
        }
    }

    /// The bot is ready: shows it what the app wants it to see.
    pub(super) fn start_video(&mut self) {
        for shown in [Shown::Cam, Shown::Screen] {
            if !*self.wish(shown) {
                continue;
            }
            match self.allowed(shown) {
                Ok(()) => self.follow_wish(shown),
                Err(error) => self.emit(Event::UnsupportedFeature(error.message().to_owned())),
            }
        }
    }

    /// The session's work ends: nothing is shown any more.
    pub(super) fn end_video(&mut self) {
        for track in std::mem::take(&mut self.session.video_tracks) {
            self.emit_track(false, track);
        }
        for shown in [Shown::Cam, Shown::Screen] {
            if shown.source(self.config.video) != VideoSourceKind::Absent {
                self.outputs.push_back(Output::ShowVideo { shown, on: false });
            }
        }
    }

    /// The bot is gone, and its pictures with it.
    pub(super) fn end_bot_video(&mut self) {
        let is_bots = |track: &mut Track| !track.participant.local;
        let ended: Vec<Track> = self.session.video_tracks.extract_if(.., is_bots).collect();
        ended.into_iter().for_each(|track| self.emit_track(false, track));
    }

    /// A stream of video began or ended.
    pub(super) fn on_video_flow(&mut self, stream: VideoStream, flows: bool) {
        if self.state != TransportState::Ready {
            return;
        }
        let Some(track) = self.video_track(stream) else { return };
        let known = self.session.video_tracks.iter().position(|other| *other == track);
        match (known, flows) {
            (None, true) => self.session.video_tracks.push(track.clone()),
            (Some(index), false) => drop(self.session.video_tracks.remove(index)),
            _ => return,
        }
        if stream == VideoStream::Cam && flows && !self.cam.reports {
            self.on_device_recovered(DeviceKind::Cam);
        }
        self.emit_track(flows, track);
    }

    /// The screen can't be captured, or no longer can.
    pub(super) fn on_screen_failed(&mut self, error: Error) {
        self.config.video.screen_enabled = false;
        self.follow_wish(Shown::Screen);
        self.emit(Event::ScreenShareError(error));
    }

    fn emit_track(&mut self, started: bool, track: Track) {
        let is_screen = track.kind == TrackKind::ScreenVideo;
        self.emit(match (is_screen, started) {
            (true, true) => Event::ScreenTrackStarted(track),
            (true, false) => Event::ScreenTrackStopped(track),
            (false, true) => Event::TrackStarted(track),
            (false, false) => Event::TrackStopped(track),
        });
    }

    fn video_track(&self, stream: VideoStream) -> Option<Track> {
        let local = || Participant { id: "local".to_owned(), name: String::new(), local: true };
        let (kind, participant) = match stream {
            VideoStream::Cam => (TrackKind::Video, local()),
            VideoStream::Screen => (TrackKind::ScreenVideo, local()),
            VideoStream::Bot => (TrackKind::Video, self.session.connection.as_ref()?.bot.clone()?),
        };
        Some(Track { kind, participant })
    }

    /// Whether the source may be turned on: there is one, and the session's bot can see it.
    fn allowed(&self, shown: Shown) -> Result<(), Error> {
        shown.check(self.config.video, self.session.bot.as_ref())?;
        let is_ready = self.state == TransportState::Ready;
        match &self.session.connection {
            Some(connection) if is_ready && !connection.carries_video => {
                Err(shown.refusal("this connection carries no video"))
            }
            _ => Ok(()),
        }
    }

    fn follow_wish(&mut self, shown: Shown) {
        if self.state == TransportState::Ready {
            let on = *self.wish(shown);
            self.outputs.push_back(Output::ShowVideo { shown, on });
        }
    }

    const fn wish(&mut self, shown: Shown) -> &mut bool {
        match shown {
            Shown::Cam => &mut self.config.video.cam_enabled,
            Shown::Screen => &mut self.config.video.screen_enabled,
        }
    }
}
