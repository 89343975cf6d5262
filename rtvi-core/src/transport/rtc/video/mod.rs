//! Video over a peer connection: the user's camera and screen out, the bot's video in.

mod feedback;
mod tap;

pub(crate) use feedback::Feedback;
pub(crate) use tap::{VideoArrival, VideoTap};
