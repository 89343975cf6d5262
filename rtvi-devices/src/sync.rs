//! The atomics of the code that is model-checked.
//!
//! Here they are those of std; `tests/models` compiles the same files with those of a model
//! checker. Must never contain code of its own.

pub(crate) use std::sync::atomic::{AtomicU64, AtomicUsize};
