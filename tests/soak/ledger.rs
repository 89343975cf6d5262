//! What all clients write down: how calls end, how long they take, and what should never happen.
//!
//! Depends on [`crate::beat`].

use std::{
    future::Future,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use rtvi_core::{Error, ErrorKind};
use tokio::time::timeout;

use crate::beat::Beat;

/// What a call may take beyond its own deadline, on a machine that is very busy.
const SLACK: Duration = Duration::from_secs(15);
/// How many problems are kept of a second; one is enough for a bad verdict.
const MOST_PROBLEMS: usize = 20;

/// The book.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    beat: Mutex<Beat>,
    resting: AtomicUsize,
}

impl Ledger {
    /// Waits for the end of a call, which must come within its deadline, whatever it is. How long it took, if it was a success.
    pub(crate) async fn settle<T>(
        &self,
        what: &str,
        deadline: Duration,
        call: impl Future<Output = Result<T, Error>>,
    ) -> Option<(T, Duration)> {
        let begun = Instant::now();
        let ended = timeout(deadline + SLACK, call).await;
        self.beat().calls += 1;
        match ended {
            Ok(Ok(value)) => Some((value, begun.elapsed())),
            Ok(Err(error)) => {
                self.failed(what, &error);
                None
            }
            Err(_) => {
                self.problem(format!("{what} did not end within {deadline:?}"));
                None
            }
        }
    }

    fn failed(&self, what: &str, error: &Error) {
        *self.beat().failures.entry(format!("{:?}", error.kind())).or_default() += 1;
        if error.kind() == ErrorKind::Internal {
            self.problem(format!("{what}: {error}"));
        }
    }

    /// A client has connected.
    pub(crate) fn connected(&self, took: Duration) {
        self.beat().connects.push(took.as_secs_f64() * 1e3);
    }

    /// A request was answered.
    pub(crate) fn answered(&self, took: Duration) {
        self.beat().requests.push(took.as_secs_f64() * 1e3);
    }

    /// A bot has called a function.
    pub(crate) fn function(&self) {
        self.beat().functions += 1;
    }

    /// An app has read events.
    pub(crate) fn events(&self, count: usize) {
        self.beat().events += count as u64;
    }

    /// Something should never happen.
    pub(crate) fn problem(&self, what: String) {
        let mut beat = self.beat();
        if beat.problems.len() < MOST_PROBLEMS {
            beat.problems.push(what);
        }
    }

    /// One more rests, until the guard is dropped.
    pub(crate) fn rest(&self) -> Resting<'_> {
        self.resting.fetch_add(1, Ordering::Relaxed);
        Resting(&self.resting)
    }

    /// How many rest.
    pub(crate) fn resting(&self) -> usize {
        self.resting.load(Ordering::Relaxed)
    }

    /// All that was written down since the last time.
    pub(crate) fn turn_page(&self) -> Beat {
        std::mem::take(&mut *self.beat())
    }

    fn beat(&self) -> MutexGuard<'_, Beat> {
        self.beat.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Somebody rests.
#[derive(Debug)]
pub(crate) struct Resting<'a>(&'a AtomicUsize);

impl Drop for Resting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
