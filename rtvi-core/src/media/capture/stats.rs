//! What a capture has moved and lost.

use std::time::Duration;

/// Counters of a [`Capture`](super::Capture).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaptureStats {
    /// How much audio the frames contained, including silence.
    pub delivered: Duration,
    /// How much audio of a live source was too old, or was lost by the source itself.
    pub dropped: Duration,
}
