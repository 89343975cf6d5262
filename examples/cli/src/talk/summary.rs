//! What is reported at the end of a run. Values.

use serde::Serialize;

use crate::outcome::Outcome;

/// The figures of a run, as in the last line of the JSON log.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    /// The outcome.
    pub(crate) outcome: Outcome,
    /// From the first call for connecting to the first bot-ready; null if there was none.
    pub(crate) bot_ready_ms: Option<f64>,
    /// Audio passed to the transport.
    pub(crate) audio_sent_seconds: f64,
    /// Audio sent by the bot.
    pub(crate) audio_received_seconds: f64,
    /// Frames of the camera that were sent. Like the next three, as the connections last reported,
    /// once a second.
    pub(crate) video_frames_sent: u64,
    /// Complete frames of the bot's video.
    pub(crate) video_frames_received: u64,
    /// Frames of the screen that were sent.
    pub(crate) screen_frames_sent: u64,
    /// Pauses of the bot's video that a person notices.
    pub(crate) video_freezes: u64,
    /// How often a lost connection was restored.
    pub(crate) reconnects: u32,
    /// CPU time of this process; null if the system does not report it.
    pub(crate) cpu_seconds: Option<f64>,
    /// Peak memory of this process; null if the system does not report it.
    pub(crate) peak_rss_bytes: Option<u64>,
}
