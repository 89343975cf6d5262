//! What an app can ask a client at any time, updated from its events.

use crate::protocol::{BotReadyData, ServerMessage};

use super::{Event, MediaDevice, MediaState, Track, TransportState};

/// The current status of a client.
#[derive(Clone, Debug)]
pub(super) struct Status {
    pub(super) state: TransportState,
    pub(super) media: MediaState,
    /// The available devices; `None` if none were reported, as with app-provided audio.
    pub(super) mics: Option<Vec<MediaDevice>>,
    pub(super) speakers: Option<Vec<MediaDevice>>,
    pub(super) cams: Option<Vec<MediaDevice>>,
    pub(super) mic: Option<MediaDevice>,
    pub(super) speaker: Option<MediaDevice>,
    pub(super) cam: Option<MediaDevice>,
    pub(super) tracks: Vec<Track>,
    pub(super) bot: Option<BotReadyData>,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            state: TransportState::Disconnected,
            media: MediaState::default(),
            mics: None,
            speakers: None,
            cams: None,
            mic: None,
            speaker: None,
            cam: None,
            tracks: Vec::new(),
            bot: None,
        }
    }
}

impl Status {
    /// Whether the status depends on the event. Most messages change nothing, and there are many.
    pub(super) const fn depends_on(event: &Event) -> bool {
        match event {
            Event::Server(message) => matches!(message, ServerMessage::BotReady(_)),
            _ => true,
        }
    }

    /// Updates the status from the event. Returns whether anything changed.
    pub(super) fn apply(&mut self, event: &Event) -> bool {
        match event {
            Event::TransportStateChanged(state) => self.state = *state,
            Event::MediaStateUpdated(media) => self.media = media.clone(),
            Event::AvailableMicsUpdated(devices) => {
                self.mic.take_if(|mic| !devices.contains(mic));
                self.mics = Some(devices.clone());
            }
            Event::AvailableSpeakersUpdated(devices) => {
                self.speaker.take_if(|speaker| !devices.contains(speaker));
                self.speakers = Some(devices.clone());
            }
            Event::AvailableCamsUpdated(devices) => {
                self.cam.take_if(|cam| !devices.contains(cam));
                self.cams = Some(devices.clone());
            }
            Event::MicUpdated(device) => self.mic = Some(device.clone()),
            Event::SpeakerUpdated(device) => self.speaker = Some(device.clone()),
            Event::CamUpdated(device) => self.cam = Some(device.clone()),
            Event::TrackStarted(track) | Event::ScreenTrackStarted(track) => self.tracks.push(track.clone()),
            Event::TrackStopped(track) | Event::ScreenTrackStopped(track) => {
                self.tracks.retain(|other| other != track);
            }
            Event::Server(ServerMessage::BotReady(bot)) => self.bot = Some(bot.clone()),
            Event::Disconnected(_) => self.bot = None,
            _ => return false,
        }
        true
    }
}
