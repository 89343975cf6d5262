//! Audio during a session: the task that moves it, its commands and events, and its counters.
//!
//! Uses `media` for everything that touches samples. Must not know the machine beyond the types in
//! its commands and events.

mod controls;
mod drop_report;
mod drops;
mod format_watch;
mod guard;
mod messages;
mod mic_release;
mod microphone;
mod orders;
mod pre_connect;
mod speaker;
mod stats;
mod task;
mod timer;
mod utterance;
mod voice;

use std::time::Duration;

pub use stats::AudioStats;

pub(super) use messages::{AudioCommand, AudioControl, AudioEvent, AudioHandle};
pub(super) use orders::AudioOrders;
pub(super) use task::AudioTask;

/// How often the audio task wakes outside a capture, which has the period of its frames.
const TICK: Duration = Duration::from_millis(20);
