//! What was measured in one second, and the file with all of them.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    time::Duration,
};

use stats_alloc::Stats;
use tokio::runtime::Handle;

use crate::{client::Phase, counters::Counts};

/// What this process holds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Held {
    /// Resident memory in bytes.
    pub(crate) rss: usize,
    /// Bytes that are allocated.
    pub(crate) heap: usize,
    pub(crate) descriptors: usize,
    pub(crate) threads: usize,
    /// Tasks of the runtime.
    pub(crate) tasks: usize,
}

impl Held {
    /// What it holds now, as Linux's `/proc`, the allocator and the runtime say.
    pub(crate) fn now() -> io::Result<Self> {
        let status = fs::read_to_string("/proc/self/status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok()).unwrap_or(0);
        let Stats { bytes_allocated, bytes_deallocated, .. } = crate::HEAP.stats();
        Ok(Self {
            rss: 1024 * kibibytes,
            heap: bytes_allocated.saturating_sub(bytes_deallocated),
            descriptors: fs::read_dir("/proc/self/fd")?.count(),
            threads: fs::read_dir("/proc/self/task")?.count(),
            tasks: Handle::current().metrics().num_alive_tasks(),
        })
    }

    /// The least of each.
    pub(crate) fn least(self, other: Self) -> Self {
        Self {
            rss: self.rss.min(other.rss),
            heap: self.heap.min(other.heap),
            descriptors: self.descriptors.min(other.descriptors),
            threads: self.threads.min(other.threads),
            tasks: self.tasks.min(other.tasks),
        }
    }

    /// Whether nothing is open or running that was not there at `first`, except for so many descriptors and tasks.
    pub(crate) const fn is_within(&self, first: &Self, allowance: usize) -> bool {
        self.descriptors <= first.descriptors + allowance
            && self.threads <= first.threads
            && self.tasks <= first.tasks + allowance
    }
}

/// One second of the run.
#[derive(Clone, Debug)]
pub(crate) struct Second {
    pub(crate) at: Duration,
    pub(crate) phase: Phase,
    /// What is wrong with one of the bots.
    pub(crate) fault: &'static str,
    pub(crate) held: Held,
    pub(crate) counts: Counts,
}

/// The middle value; of an even number the upper one.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Writes a line for each second.
pub(crate) fn write_csv(file: &Path, seconds: &[Second]) -> io::Result<()> {
    let mut out = io::BufWriter::new(fs::File::create(file)?);
    writeln!(
        out,
        "seconds,phase,fault,rss_kib,heap_kib,descriptors,threads,tasks,calls,failed,functions,connects,\
         connect_median_ms,requests,request_median_ms"
    )?;
    let shown =
        |values: &[f64]| median(values.iter().copied()).map_or(String::new(), |it| format!("{it:.2}"));
    for Second { at, phase, fault, held, counts } in seconds {
        let Held { rss, heap, descriptors, threads, tasks } = held;
        let Counts { calls, failed, functions, connects, requests, .. } = counts;
        writeln!(
            out,
            "{:.1},{phase:?},{fault},{},{},{descriptors},{threads},{tasks},{calls},{failed},{functions},{},{},{},{}",
            at.as_secs_f64(),
            rss / 1024,
            heap / 1024,
            connects.len(),
            shown(connects),
            requests.len(),
            shown(requests),
        )?;
    }
    out.flush()
}
