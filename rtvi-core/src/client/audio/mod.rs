//! Audio while a session lasts: the task that moves it, what it is told, and what it counts.
//!
//! Uses `media` for everything that touches samples. Knows the machine only by the facts it reports.

mod controls;
mod messages;
mod stats;
mod task;

pub use stats::AudioStats;

pub(super) use messages::{AudioCommand, AudioHandle, AudioNote, Levels};
pub(super) use stats::AudioCounters;
pub(super) use task::AudioTask;
