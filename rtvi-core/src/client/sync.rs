//! The lock of the parts that are checked in every order of their threads.
//!
//! Here it is std's; `tests/models` compiles the same files with that of a scheduler. Must never have anything of our own.

pub(super) use std::sync::{Mutex, MutexGuard};
