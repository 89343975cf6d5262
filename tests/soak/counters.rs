//! The counters of all clients: how calls end, how long they take, and what should never happen.

use std::{
    future::Future,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU16, Ordering},
    },
    time::{Duration, Instant},
};

use rtvi_core::{Error, ErrorKind};
use tokio::time::timeout;

/// How much longer than its own deadline a call may take on a busy machine.
const SLACK: Duration = Duration::from_secs(15);

/// The counts since they were last taken.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) calls: usize,
    /// Calls that ended with an error, as some must with faults.
    pub(crate) failed: usize,
    /// Functions that bots called.
    pub(crate) functions: usize,
    /// How long each connect took, in milliseconds.
    pub(crate) connects: Vec<f64>,
    /// How long each answered request took, in milliseconds.
    pub(crate) requests: Vec<f64>,
    /// How often something happened that should never happen.
    pub(crate) problems: usize,
}

/// The counters that all clients share.
#[derive(Debug, Default)]
pub(crate) struct Counters {
    counts: Mutex<Counts>,
    resting: AtomicU16,
}

impl Counters {
    /// Awaits a call, which must end within its deadline. Returns its value and its duration in
    /// milliseconds.
    pub(crate) async fn settle<T>(
        &self,
        what: &str,
        deadline: Duration,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Option<(T, f64)> {
        let begun = Instant::now();
        let ended = timeout(deadline + SLACK, call).await;
        let took = begun.elapsed().as_secs_f64() * 1e3;
        self.count().calls += 1;
        match ended {
            Ok(Ok(value)) => return Some((value, took)),
            Ok(Err(error)) => {
                self.count().failed += 1;
                if error.kind() == ErrorKind::Internal {
                    self.problem(&format!("{what}: {error}"));
                }
            }
            Err(_) => self.problem(&format!("{what} did not end within {deadline:?}")),
        }
        None
    }

    /// Reports something that should never happen.
    pub(crate) fn problem(&self, what: &str) {
        println!("soak: problem: {what}");
        self.count().problems += 1;
    }

    /// The counts, to add to.
    pub(crate) fn count(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a client as resting until this future ends.
    pub(crate) async fn rest(&self, until: impl Future) {
        self.resting.fetch_add(1, Ordering::Relaxed);
        until.await;
        self.resting.fetch_sub(1, Ordering::Relaxed);
    }

    /// How many clients rest.
    pub(crate) fn resting(&self) -> u16 {
        self.resting.load(Ordering::Relaxed)
    }
}
