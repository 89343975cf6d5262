//! What a client knows at any time, as one value.
//!
//! Depends on [`PipecatClient`] only.

use super::{AudioStats, MediaDevice, MediaState, PipecatClient, Track};
use crate::{media::ProcessingStats, protocol::BotReadyData};

/// What a client knows of its bot, its devices and its audio at one moment.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct ClientInfo {
    /// What the bot said when it became ready; absent without a session.
    pub bot: Option<BotReadyData>,
    /// What the devices are doing.
    pub media_state: MediaState,
    /// The audio and video that flows now, the user's and the bot's.
    pub tracks: Vec<Track>,
    /// How much audio has been moved since the client was made.
    pub audio_stats: AudioStats,
    /// How the processing of the microphone's audio does, as of the last report of levels.
    pub processing_stats: ProcessingStats,
    /// The microphones to choose from.
    pub mics: Vec<MediaDevice>,
    /// The speakers to choose from.
    pub speakers: Vec<MediaDevice>,
    /// The cameras to choose from.
    pub cams: Vec<MediaDevice>,
    /// The microphone in use.
    pub selected_mic: Option<MediaDevice>,
    /// The speaker in use.
    pub selected_speaker: Option<MediaDevice>,
    /// The camera in use.
    pub selected_cam: Option<MediaDevice>,
    /// Whether the microphone is on, or will be when a session begins.
    pub is_mic_enabled: bool,
    /// Whether the camera is on, or will be when a session begins.
    pub is_cam_enabled: bool,
    /// Whether pictures of the screen flow to the bot.
    pub is_sharing_screen: bool,
}

impl PipecatClient {
    /// What the client knows now. Parts may differ in age by a moment.
    pub fn info(&self) -> ClientInfo {
        ClientInfo {
            bot: self.bot(),
            media_state: self.media_state(),
            tracks: self.tracks(),
            audio_stats: self.audio_stats(),
            processing_stats: self.processing_stats(),
            mics: self.get_all_mics(),
            speakers: self.get_all_speakers(),
            cams: self.get_all_cams(),
            selected_mic: self.selected_mic(),
            selected_speaker: self.selected_speaker(),
            selected_cam: self.selected_cam(),
            is_mic_enabled: self.is_mic_enabled(),
            is_cam_enabled: self.is_cam_enabled(),
            is_sharing_screen: self.is_sharing_screen(),
        }
    }
}
