//! Model checks of shared state: the SDK's own files, compiled with the locks and atomics of a
//! checker.
//!
//! Each such file imports them from a module `sync` next to it, which is std's in the SDK. Depends
//! on the checkers `shuttle` (locks; it tries many orders of the threads' steps) and `loom`
//! (atomics; it tries every order, and everything that the memory model allows). Must never contain
//! a copy of what it checks.
// The unit tests in those files do not run here.
#![cfg(not(test))]
#![expect(clippy::unwrap_used, reason = "a model fails by panicking")]

mod c_interface;
pub mod events;
pub mod freeing;
pub mod mailbox;
pub mod playback;
