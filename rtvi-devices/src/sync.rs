//! The atomics of the parts whose thread interleavings are model-checked.
//!
//! Here they are std's; `tests/models` compiles the same files with a checker's atomics. Must never
//! add anything of our own.

pub(crate) use std::sync::atomic::{AtomicU64, AtomicUsize};
