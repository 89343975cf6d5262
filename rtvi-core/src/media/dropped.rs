//! Dropped audio and its reasons.
//!
//! Values only.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::millis;

/// The audio that was dropped for one reason since the last report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AudioDropped {
    /// Why it was dropped.
    pub reason: AudioDropReason,
    /// How much was dropped; zero when that is unknown, as for packets of an unknown codec.
    #[serde(rename = "droppedMs", serialize_with = "millis::as_fraction")]
    pub time: Duration,
    /// How many frames or packets were dropped.
    pub count: u64,
    /// Details for people, such as the number of the unknown stream; absent if the reason is
    /// enough. Never contains speech.
    pub detail: Option<String>,
}

/// Why audio was dropped. The first four reasons concern the bot's audio, the others the user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum AudioDropReason {
    /// The audio belongs to a stream that the server has not announced.
    UnknownStream,
    /// The audio can't be decoded, or its format is not supported.
    Unreadable,
    /// The buffer of the bot's audio is full.
    PlayoutFull,
    /// The speaker is slower than real time.
    SpeakerFull,
    /// The client did not take the microphone's audio in time.
    MicrophoneFull,
    /// The server or the network did not take the microphone's audio in time.
    MicrophoneBacklog,
    /// The user spoke longer before the bot was ready than the client keeps.
    PreConnectFull,
}

impl AudioDropReason {
    /// Whether the reason concerns the user's audio rather than the bot's.
    pub const fn is_of_user(self) -> bool {
        matches!(self, Self::MicrophoneFull | Self::MicrophoneBacklog | Self::PreConnectFull)
    }
}

impl AudioDropped {
    /// An amount dropped for a reason.
    pub const fn new(reason: AudioDropReason, time: Duration, count: u64) -> Self {
        Self { reason, time, count, detail: None }
    }

    /// The same with details for people.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds audio that was dropped later for the same reason. Keeps the newer details.
    pub(crate) fn add(&mut self, later: Self) {
        self.time = self.time.saturating_add(later.time);
        self.count = self.count.saturating_add(later.count);
        self.detail = later.detail.or_else(|| self.detail.take());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn it_adds_up_and_is_written_as_the_event_has_it() {
        let mut all = AudioDropped::new(AudioDropReason::UnknownStream, Duration::ZERO, 1).with_detail("a");
        all.add(AudioDropped::new(AudioDropReason::UnknownStream, Duration::from_millis(20), 2));
        let wanted = json!({"reason": "unknownStream", "droppedMs": 20.0, "count": 3, "detail": "a"});
        assert_eq!(json!(all), wanted);
        all.add(AudioDropped::new(AudioDropReason::UnknownStream, Duration::MAX, u64::MAX).with_detail("b"));
        assert_eq!((all.time, all.count, all.detail.as_deref()), (Duration::MAX, u64::MAX, Some("b")));
    }
}
