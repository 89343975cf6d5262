//! What is told at the end of a run. Values.

use serde::Serialize;

use crate::outcome::Outcome;

/// The figures of a run, as in the JSON log's last line.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Summary {
    /// How it ended.
    pub(crate) outcome: Outcome,
    /// From the first call on the way up to the first bot-ready; null when there was none.
    pub(crate) bot_ready_ms: Option<f64>,
    /// Audio given to the transport.
    pub(crate) audio_sent_seconds: f64,
    /// Audio the bot has sent.
    pub(crate) audio_received_seconds: f64,
    /// How often a lost connection was restored.
    pub(crate) reconnects: u32,
    /// Processor time of this process; null where the system does not tell.
    pub(crate) cpu_seconds: Option<f64>,
    /// The most memory this process had; null where the system does not tell.
    pub(crate) peak_rss_bytes: Option<u64>,
}
