//! Video with a real bot: recordings, and calls over the WebRTC transport that send and receive
//! encoded frames. There is no codec here; a script of the bots makes and decodes them.

mod bot;
mod call;
mod recording;

pub use bot::{Seen, VideoBot};
pub use call::{Source, VideoCall, plan};
pub use recording::VideoRecording;
