//! Real LiveKit servers, bots in their rooms, and what can happen to a room.

mod room;
mod server;
mod site;
mod token;

pub use room::Room;
pub use server::{LiveKitServer, Shape};
pub(crate) use site::start_bot;
pub use site::{Guest, Site, two_connections};
pub use token::Token;
