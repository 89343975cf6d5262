//! SmallWebRTC: offers over HTTP, audio over RTP, messages on a data channel the client opens.
//!
//! Behaves as pipecat-ai 1.14.0 on aiortc: answers carry all candidates, the bot sends audio all
//! the time, and a client that ever sent a `ping` counts as away after 3 s without one. Reaches the
//! conversation only through [`Link`](crate::link::Link).

mod avatar;
mod body;
mod calls;
mod ear;
mod feedback;
mod link;
mod mirror;
mod network;
mod offer;
mod peer;
mod sdp;
mod signalling;
mod speaker;

pub(crate) use calls::Calls;
pub(crate) use offer::{candidates, offer, session_candidates, session_offer};
