//! Model checks of what threads share: the very files of the SDK, compiled with the locks and atomics of a checker.
//!
//! Each such file takes them from a module `sync` beside it, which is std's where the SDK is built. Depends on the checkers `shuttle`
//! (locks; it tries many orders of the threads' steps) and `loom` (atomics; it tries every order, and all that the memory model allows).
//! Must never have a copy of what it checks.
// The unit tests in those files are not meant here.
#![cfg(not(test))]
#![expect(clippy::unwrap_used, reason = "a model fails by panicking")]

mod c_interface;
pub mod events;
pub mod freeing;
pub mod mailbox;
pub mod playback;
