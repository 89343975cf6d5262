//! The session in virtual time.

mod bench;
mod joining;
mod properties;
mod resuming;
mod talking;
