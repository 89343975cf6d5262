//! What this process has used.
//!
//! Depends on `rustix` for the CPU clock and on Linux's `/proc` for memory.

use rustix::time::{ClockId, clock_gettime};

/// CPU seconds of all threads since the process began, user and system.
pub(crate) fn cpu_seconds() -> f64 {
    seconds(ClockId::ProcessCPUTime)
}

/// CPU seconds of the calling thread. Unlike elapsed time they hardly depend on what else the machine does.
pub(crate) fn thread_cpu_seconds() -> f64 {
    seconds(ClockId::ThreadCPUTime)
}

fn seconds(clock: ClockId) -> f64 {
    let time = clock_gettime(clock);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Memory of the process in megabytes (10⁶ bytes); `None` where the system does not say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Memory {
    /// The most that was resident at any time, code included.
    pub(crate) peak: f64,
    /// What is resident now.
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
