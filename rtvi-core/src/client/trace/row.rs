//! One row of a trace.
//!
//! Values only.

use std::{borrow::Cow, fmt, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::{client::outline, transport::TransportStats};

/// Something that happened in a session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Row {
    /// When, since the trace began.
    #[serde(serialize_with = "as_micros", deserialize_with = "from_micros")]
    pub at: Duration,
    /// What it is about.
    pub kind: Kind,
    /// What happened, in a few words: of a state its name, of a message its type.
    pub what: Cow<'static, str>,
    /// The numbers that belong to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<Detail>,
}

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Kind {
    /// The client's state.
    State,
    /// A call of the app, or its reply.
    Call,
    /// A message to the bot.
    Sent,
    /// A message of the bot.
    Received,
    /// Microphone, speech and playback.
    Audio,
    /// Connections, and requests to HTTP endpoints.
    Network,
    /// Microphones and speakers as devices.
    Device,
    /// A function that the bot calls.
    Function,
    /// An error.
    Error,
}

/// The numbers of a row.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Detail {
    /// The size of a message.
    Bytes(usize),
    /// The number of a call.
    Call(u64),
    /// The loudest since the last such row, 0 to 1.
    Levels {
        /// Of the user, after processing.
        user: f32,
        /// Of the bot, as played.
        bot: f32,
    },
    /// How the connection does.
    Network(Box<NetworkReport>),
}

/// Some of [`TransportStats`], without addresses. Counts are totals of the connection.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(missing_docs, reason = "as in `TransportStats`")]
pub struct NetworkReport {
    pub round_trip_ms: Option<f64>,
    pub jitter_ms: f64,
    pub packets_received: u64,
    pub packets_lost: u64,
    pub packets_repeated: u64,
    pub packets_dropped: u64,
    pub frames_concealed: u64,
    pub receive_bitrate: u64,
    pub send_bitrate: u64,
    pub buffer_depth_ms: f64,
    /// The kind of candidate: `host`, `srflx`, `prflx` or `relay`.
    pub local_candidate: Option<Cow<'static, str>>,
    pub remote_candidate: Option<Cow<'static, str>>,
}

impl Row {
    /// A row without time and numbers.
    pub(super) fn new(kind: Kind, what: impl Into<Cow<'static, str>>) -> Self {
        Self { at: Duration::ZERO, kind, what: what.into(), detail: None }
    }

    /// The same with these numbers.
    pub(super) fn with(self, detail: Detail) -> Self {
        Self { detail: Some(detail), ..self }
    }

    /// Whether every session has many such rows.
    pub(super) const fn is_traffic(&self) -> bool {
        matches!(self.detail, Some(Detail::Bytes(_) | Detail::Levels { .. } | Detail::Network(_)))
    }
}

/// What happened, and the numbers.
impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match &self.detail {
            Some(Detail::Bytes(bytes)) => write!(f, ", {bytes} bytes"),
            Some(Detail::Levels { user, bot }) => write!(f, ": user {user}, bot {bot}"),
            Some(Detail::Network(report)) => write!(f, ": {report}"),
            Some(Detail::Call(_)) | None => Ok(()),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&outline::wire_name(self))
    }
}

impl NetworkReport {
    pub(super) fn of(stats: &TransportStats) -> Self {
        let candidate = |text: &Option<String>| text.as_deref().and_then(candidate_kind).map(Cow::Borrowed);
        Self {
            round_trip_ms: stats.round_trip.map(millis),
            jitter_ms: millis(stats.jitter),
            packets_received: stats.packets_received,
            packets_lost: stats.packets_lost,
            packets_repeated: stats.packets_repeated,
            packets_dropped: stats.packets_dropped,
            frames_concealed: stats.frames_concealed,
            receive_bitrate: stats.receive_bitrate,
            send_bitrate: stats.send_bitrate,
            buffer_depth_ms: millis(stats.buffer_depth),
            local_candidate: candidate(&stats.local_candidate),
            remote_candidate: candidate(&stats.remote_candidate),
        }
    }
}

impl fmt::Display for NetworkReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(time) = self.round_trip_ms {
            write!(f, "round trip {time} ms, ")?;
        }
        write!(f, "jitter {} ms, buffer {} ms, ", self.jitter_ms, self.buffer_depth_ms)?;
        write!(f, "{} packets received, {} lost, ", self.packets_received, self.packets_lost)?;
        write!(f, "{} repeated, {} dropped, ", self.packets_repeated, self.packets_dropped)?;
        write!(f, "{} frames concealed, ", self.frames_concealed)?;
        write!(f, "{} bit/s in, {} bit/s out", self.receive_bitrate, self.send_bitrate)?;
        match (&self.local_candidate, &self.remote_candidate) {
            (Some(local), Some(remote)) => write!(f, ", {local} to {remote}"),
            _ => Ok(()),
        }
    }
}

/// The kind of a candidate, which stands before its address.
fn candidate_kind(candidate: &str) -> Option<&'static str> {
    let first = candidate.split(' ').next();
    ["host", "srflx", "prflx", "relay"].into_iter().find(|kind| first == Some(kind))
}

/// Milliseconds, to a tenth.
fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

fn as_micros<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX).serialize(serializer)
}

fn from_micros<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    u64::deserialize(deserializer).map(Duration::from_micros)
}
