//! The resources that this process has used.
//!
//! Depends on `rustix` for the CPU clock and on Linux's `/proc` for memory.

use rustix::time::{ClockId, clock_gettime};

/// The CPU seconds of all threads since the process started, user and system.
pub(crate) fn cpu_seconds() -> f64 {
    seconds(ClockId::ProcessCPUTime)
}

/// The CPU seconds of the calling thread. Unlike elapsed time, they hardly depend on other work of
/// the machine.
pub(crate) fn thread_cpu_seconds() -> f64 {
    seconds(ClockId::ThreadCPUTime)
}

fn seconds(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// The memory of the process in megabytes (10⁶ bytes); `None` if the system does not report it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    /// The maximum resident memory, code included.
    pub(crate) peak: f64,
    /// The current resident memory.
    pub(crate) present: f64,
}

impl Memory {
    /// Reads it.
    pub(crate) fn read() -> Option<Self> {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        Some(Self { peak: megabytes(&status, "VmHWM:")?, present: megabytes(&status, "VmRSS:")? })
    }
}

fn megabytes(status: &str, field: &str) -> Option<f64> {
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    let kibibytes: f64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024.0 / 1e6)
}
