//! The files of the C interface in which threads of an app meet, with the locks and threads of
//! `shuttle`.

mod sync {
    pub(super) use shuttle::{
        sync::{Condvar, Mutex, MutexGuard, RwLock},
        thread,
    };
}

#[path = "../../../bindings/c/src/handle.rs"]
pub(crate) mod handle;
#[path = "../../../bindings/c/src/mailbox.rs"]
pub(crate) mod mailbox;
#[path = "../../../bindings/c/src/pump.rs"]
pub(crate) mod pump;
#[expect(dead_code, reason = "the C interface uses more of it")]
#[path = "../../../bindings/c/src/signal.rs"]
pub(crate) mod signal;
