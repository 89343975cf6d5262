//! The types of the core as C sees them, printed by `cargo xtask bindings` from what the core says of itself.
//!
//! Depends on [`crate::view`]. Never edited by hand; a test compares.

pub mod enums;
pub mod event_kind;
pub mod event_structs;
pub mod readers;
pub mod structs;
pub mod turn_structs;
mod turn_views;
mod views;
