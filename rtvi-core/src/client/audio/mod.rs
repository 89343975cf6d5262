//! Audio while a session lasts: the task that moves it, what it is told, and what it counts.
//!
//! Uses `media` for everything that touches samples. Knows the machine only by the events it reports.

mod controls;
mod drops;
mod guard;
mod heard;
mod messages;
mod mic_release;
mod pre_connect;
mod stats;
mod task;
mod voice;

pub use stats::AudioStats;

pub(super) use messages::{AudioCommand, AudioControl, AudioEvent, AudioHandle};
pub(super) use task::AudioTask;
