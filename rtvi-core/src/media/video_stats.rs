//! The statistics of a connection's video.
//!
//! Values only.

use std::time::Duration;

use serde::Serialize;

use super::millis;

/// The statistics of a connection's video, one part for each stream. All counts are for this
/// connection, since its start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[non_exhaustive]
pub struct VideoStats {
    /// The camera's stream.
    pub camera: VideoStreamStats,
    /// The screen's stream.
    pub screen: VideoStreamStats,
    /// The bot's stream.
    pub bot: VideoStreamStats,
}

/// The statistics of one stream of video, sent or received.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VideoStreamStats {
    /// Frames that were sent, or that arrived completely.
    pub frames: u64,
    /// Frames that were dropped: not sent because they were too large or too many, or not shown
    /// because they were incomplete or needed a frame that was.
    pub frames_dropped: u64,
    /// Key frames among `frames`.
    pub key_frames: u64,
    /// Width of the last frame in pixels; 0 before it.
    pub width: u32,
    /// Height of the last frame in pixels; 0 before it.
    pub height: u32,
    /// Frames in the last second.
    pub frame_rate: u32,
    /// Bits in the last second, without headers.
    pub bitrate: u64,
    /// The bitrate that this stream may have now, in bits per second.
    pub target_bitrate: u64,
    /// Packets that were sent, or that arrived.
    pub packets: u64,
    /// Packets that were repeated because the receiver asked for them.
    pub packets_repeated: u64,
    /// Packets that the receiver asked to repeat.
    pub nacks: u64,
    /// Key frames that the receiver asked for.
    pub key_frame_requests: u64,
    /// Pauses of the shown picture that a person notices; received video only.
    pub freezes: u64,
    /// The total time of these pauses.
    #[serde(rename = "freezeMs", serialize_with = "millis::as_fraction")]
    pub freeze_time: Duration,
}
