//! The machine against scripts of inputs, in virtual time.

mod audio;
mod bench;
mod cloud;
mod connecting;
mod devices;
mod drops;
mod functions;
mod incoming;
mod interpreted;
mod invariants;
mod losing;
mod network_change;
mod room;
mod sending;
mod video;
