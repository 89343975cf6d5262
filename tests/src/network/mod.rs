//! A bad network between client and server, and a TURN server, for the WebRTC suites.
//!
//! The network is a relay in this process, because namespaces with `tc netem` need a kernel module
//! that virtual machines lack. Depends on nothing else in this crate. Must never need root for the
//! relay, nor a network beyond this machine.

mod counters;
mod forward;
mod hostile;
mod impairment;
mod link;
mod meddler;
mod relay;
mod sdp;
mod stranger;
mod turn;

pub use counters::Counts;
pub use hostile::HostileNetwork;
pub use impairment::{Conditions, Impairment};
pub use meddler::{Changes, Meddler};
pub use turn::TurnServer;
