//! The lock of the components whose thread interleavings are checked exhaustively.
//!
//! Here it is the lock of std. `tests/models` compiles the same files with a scheduler's lock. Must
//! never contain an implementation of its own.

pub(super) use std::sync::{Mutex, MutexGuard};
