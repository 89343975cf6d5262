//! `rtvi load`: callers by the hundred, and what each of them hears.
//!
//! A [`Run`] begins calls when its [`Arrivals`] say so, lets each talk as its [`Voice`] and
//! [`Manners`] say, and ends with a [`Report`]. Each caller is a real client of the SDK: this crate
//! only gives it a microphone and a speaker, and measures on their samples. It also measures
//! itself: a run in which the generator was the bottleneck is void.
//!
//! Depends on `rtvi-core`. Must never decide how to reach a bot, which is up to a [`Caller`], nor
//! write to files or terminals.
#![forbid(unsafe_code)]

mod arrivals;
mod call;
mod counts;
mod devices;
mod ear;
mod functions;
mod pace;
mod record;
pub mod report;
mod run;
mod talk;
mod tally;
mod threshold;
mod voice;
mod watch;

pub use arrivals::{Arrivals, MAX_CALLS};
pub use call::{Act, Caller};
pub use counts::{Counts, Percentiles};
pub use report::{Outcome, Report};
pub use run::{Progress, Run, Stop};
pub use talk::{Manners, TurnResult};
pub use threshold::Threshold;
pub use voice::{TONE, Turn, Voice};
