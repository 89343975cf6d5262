//! Audio that nobody will hear, and why.
//!
//! Values only.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::millis;

/// Audio that was dropped, as much as was dropped for one reason since it was reported last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct AudioDropped {
    /// Why.
    pub reason: AudioDropReason,
    /// How much, in time; zero where nobody can tell, as of packets of an unknown codec.
    #[serde(rename = "droppedMs", serialize_with = "millis::as_fraction")]
    pub time: Duration,
    /// In how many frames or packets.
    pub count: u64,
    /// Details for people, such as the number of the unknown stream; absent if the reason says all.
    /// Never what was said.
    pub detail: Option<String>,
}

/// Why audio is dropped. The first four are about the bot's audio, the others about the user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum AudioDropReason {
    /// It belongs to a stream that the server has not announced.
    UnknownStream,
    /// It can't be decoded, or its format is impossible.
    Unreadable,
    /// More of the bot's audio waits to be played than there is room for.
    PlayoutFull,
    /// The speaker takes the audio slower than it is to be played.
    SpeakerFull,
    /// The microphone gave more than the client could take in time.
    MicrophoneFull,
    /// The server or the network could not take the microphone's audio in time.
    MicrophoneBacklog,
    /// The user said more before the bot was ready than is kept.
    PreConnectFull,
}

impl AudioDropReason {
    /// Whether it is about the user's audio, not the bot's.
    pub const fn is_of_user(self) -> bool {
        matches!(self, Self::MicrophoneFull | Self::MicrophoneBacklog | Self::PreConnectFull)
    }
}

impl AudioDropped {
    /// This much, for this reason.
    pub const fn new(reason: AudioDropReason, time: Duration, count: u64) -> Self {
        Self { reason, time, count, detail: None }
    }

    /// The same with a text for people that says what it was.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// Adds what was dropped later for the same reason. The newer text stays.
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
