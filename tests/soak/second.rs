//! The measurements of one second, as a line of the file with all of them.

use std::{fmt, fs, io};

use stats_alloc::Stats;
use tokio::runtime::Handle;

/// The resources that this process holds.
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
    /// The current resources, as Linux's `/proc`, the allocator and the runtime report them.
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

    /// The minimum of each.
    pub(crate) fn least(self, other: Self) -> Self {
        Self {
            rss: self.rss.min(other.rss),
            heap: self.heap.min(other.heap),
            descriptors: self.descriptors.min(other.descriptors),
            threads: self.threads.min(other.threads),
            tasks: self.tasks.min(other.tasks),
        }
    }

    /// Whether nothing is open or running that was not there at `first`, except for this many
    /// descriptors and tasks.
    pub(crate) const fn is_within(&self, first: &Self, allowance: usize) -> bool {
        self.descriptors <= first.descriptors + allowance
            && self.threads <= first.threads
            && self.tasks <= first.tasks + allowance
    }
}

/// One second of the run. It is written to the file at once, so that measuring does not use more
/// and more memory.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Second {
    /// Seconds from the beginning.
    pub(crate) at: u64,
    /// What is wrong with one of the bots.
    pub(crate) fault: String,
    pub(crate) held: Held,
    pub(crate) calls: usize,
    /// Calls that ended with an error.
    pub(crate) failed: usize,
    pub(crate) functions: usize,
    pub(crate) connects: usize,
    /// The median time to connect, in milliseconds; not a number without any connect.
    pub(crate) connect_ms: f64,
    pub(crate) requests: usize,
    /// The same for answered requests.
    pub(crate) request_ms: f64,
    /// How often something happened that should never happen.
    pub(crate) problems: usize,
}

/// The first line of the file.
pub(crate) const HEADING: &str = "seconds,fault,rss,heap,descriptors,threads,tasks,calls,failed,functions,connects,\
    connect_median_ms,requests,request_median_ms,problems";

impl fmt::Display for Second {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { at, fault, calls, failed, functions, connects, requests, problems, .. } = self;
        let Held { rss, heap, descriptors, threads, tasks } = self.held;
        let (connect_ms, request_ms) = (self.connect_ms, self.request_ms);
        write!(f, "{at},{fault},{rss},{heap},{descriptors},{threads},{tasks},{calls},{failed},{functions},")?;
        write!(f, "{connects},{connect_ms:.2},{requests},{request_ms:.2},{problems}")
    }
}

impl Second {
    /// Reads a line of the file.
    pub(crate) fn read(line: &str) -> Option<Self> {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |at: usize| fields.get(at)?.parse().ok();
        let millis = |at: usize| fields.get(at)?.parse().ok();
        let held = Held {
            rss: number(2)?,
            heap: number(3)?,
            descriptors: number(4)?,
            threads: number(5)?,
            tasks: number(6)?,
        };
        Some(Self {
            at: fields.first()?.parse().ok()?,
            fault: (*fields.get(1)?).to_owned(),
            held,
            calls: number(7)?,
            failed: number(8)?,
            functions: number(9)?,
            connects: number(10)?,
            connect_ms: millis(11)?,
            requests: number(12)?,
            request_ms: millis(13)?,
            problems: number(14)?,
        })
    }
}

/// The middle value, or the upper one of the two middle values. Not a number without any values.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().filter(|value| !value.is_nan()).collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

#[test]
fn a_line_is_read_as_it_was_written() {
    let held = Held { rss: 1, heap: 2, descriptors: 3, threads: 4, tasks: 5 };
    let second = Second {
        at: 6,
        fault: "killed".to_owned(),
        held,
        calls: 7,
        failed: 8,
        functions: 9,
        connects: 10,
        connect_ms: 11.5,
        requests: 12,
        request_ms: 13.25,
        problems: 14,
    };
    assert_eq!(Second::read(&second.to_string()), Some(second));
    assert_eq!(Second::read(HEADING), None);
}
