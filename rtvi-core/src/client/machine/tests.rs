//! The machine against scripts of inputs, in virtual time.

mod bench;
mod heard;
mod invariants;
mod network_change;
mod scripts;
