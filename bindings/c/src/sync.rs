//! The locks and threads of the modules that the model checker runs in every order of their steps.
//!
//! Here they come from std. `tests/models` compiles the same files with those of a scheduler. This
//! module must contain nothing of its own.

pub(crate) use std::{
    sync::{Condvar, Mutex, MutexGuard, RwLock},
    thread,
};
