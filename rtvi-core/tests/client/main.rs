//! Tests of the client through its public API alone, in virtual time. The test plays the bot.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test fails by panicking")]

mod audio;
mod callbacks;
mod endings;
mod events;
mod formats;
mod functions;
mod messages;
mod reconnecting;
mod stage;
mod trace;
mod undoing;
mod voice;
