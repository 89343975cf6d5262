//! Video with a real bot: recordings, and calls over the WebRTC transport that send and receive
//! encoded frames. A script of the bots makes and decodes them; pictures of the test pattern go through
//! whole clients.

mod bot;
mod call;
mod lips;
mod numbers;
mod recording;

pub use bot::{Seen, VideoBot};
pub use call::{Source, VideoCall, plan};
pub use lips::{Ear, Eye, Moments};
pub use numbers::{NumberedCamera, NumberedDisplay, Times};
pub use recording::VideoRecording;
