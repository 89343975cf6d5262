//! What a client and a bot say to each other, written once for every bot.

pub mod calls;
pub mod conversation;
pub mod messages;
pub mod session;
