//! The atomics of the parts that are checked in every order of their threads.
//!
//! Here they are std's; `tests/models` compiles the same files with those of a checker. Must never have anything of our own.

pub(crate) use std::sync::atomic::{AtomicU64, AtomicUsize};
