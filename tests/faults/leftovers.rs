//! What a cell leaves behind: tasks, threads and descriptors.

use std::{
    collections::BTreeSet,
    fs,
    time::{Duration, Instant},
};

use tokio::runtime::Handle;

/// How long everything may take to disappear on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// How often to check.
const GLANCE: Duration = Duration::from_millis(10);

/// What existed before.
#[derive(Debug)]
pub(crate) struct Before {
    descriptors: BTreeSet<String>,
    threads: usize,
}

impl Before {
    /// What exists now.
    pub(crate) fn now() -> Self {
        Self { descriptors: descriptors(), threads: threads().len() }
    }

    /// Waits until nothing exists that did not exist before.
    ///
    /// # Errors
    /// Names what remains after the time limit.
    pub(crate) fn wait_for_again(&self, runtime: &Handle) -> Result<(), String> {
        let until = Instant::now() + PATIENCE;
        loop {
            let Some(problem) = self.left(runtime) else { return Ok(()) };
            if Instant::now() > until {
                return Err(problem);
            }
            std::thread::sleep(GLANCE);
        }
    }

    fn left(&self, runtime: &Handle) -> Option<String> {
        let tasks = runtime.metrics().num_alive_tasks();
        if tasks > 0 {
            return Some(format!("{tasks} tasks are left"));
        }
        let new: Vec<_> = descriptors().difference(&self.descriptors).cloned().collect();
        if !new.is_empty() {
            return Some(format!("descriptors are left: {}", new.join(", ")));
        }
        let threads = threads();
        let more = threads.len() > self.threads;
        more.then(|| format!("threads are left, {} were there before: {}", self.threads, threads.join(", ")))
    }
}

/// The number and target of every open descriptor, except the one that lists them. The number of a
/// socket's inode is never used again.
fn descriptors() -> BTreeSet<String> {
    let entries = fs::read_dir("/proc/self/fd").expect("there is /proc").flatten();
    let named = entries.filter_map(|entry| {
        let target = fs::read_link(entry.path()).ok()?;
        let number = entry.file_name();
        Some(format!("{} {}", number.to_string_lossy(), target.to_string_lossy()))
    });
    named.filter(|name| !name.contains("/proc/")).collect()
}

/// The names of all threads.
fn threads() -> Vec<String> {
    let tasks = fs::read_dir("/proc/self/task").expect("there is /proc").flatten();
    let names = tasks.filter_map(|task| fs::read_to_string(task.path().join("comm")).ok());
    names.map(|name| name.trim().to_owned()).collect()
}
