//! The locks and threads of the parts that are checked in every order of their steps.
//!
//! Here they are std's; `tests/models` compiles the same files with those of a scheduler. Must never have anything of our own.

pub(crate) use std::{
    sync::{Condvar, Mutex, MutexGuard, RwLock},
    thread,
};
