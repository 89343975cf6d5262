//! The resources that this process has used: CPU time and memory. `None` if the system does not
//! report them.

/// The resources used so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Usage {
    /// CPU time of all threads, user and system, in seconds.
    pub(crate) cpu_seconds: Option<f64>,
    /// Peak resident memory, in bytes.
    pub(crate) peak_rss_bytes: Option<u64>,
}

impl Usage {
    /// Asks the system.
    pub(crate) fn now() -> Self {
        Self { cpu_seconds: cpu_seconds(), peak_rss_bytes: peak_rss_bytes() }
    }
}

#[cfg(unix)]
fn resources() -> Option<nix::sys::resource::Usage> {
    nix::sys::resource::getrusage(nix::sys::resource::UsageWho::RUSAGE_SELF).ok()
}

#[cfg(unix)]
fn cpu_seconds() -> Option<f64> {
    let resources = resources()?;
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + f64::from(time.tv_usec() as i32) / 1e6;
    Some(seconds(resources.user_time()) + seconds(resources.system_time()))
}

/// From `/proc`: the figure of `getrusage` includes what ran in this process before the program was
/// loaded.
#[cfg(any(target_os = "linux", target_os = "android"))]
fn peak_rss_bytes() -> Option<u64> {
    peak_in(&std::fs::read_to_string("/proc/self/status").ok()?)
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn peak_in(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    kibibytes.checked_mul(1024)
}

#[cfg(all(unix, not(any(target_os = "linux", target_os = "android"))))]
fn peak_rss_bytes() -> Option<u64> {
    /// `ru_maxrss` is in bytes on Apple's systems and in kibibytes on the others.
    const UNIT: u64 = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    u64::try_from(resources()?.max_rss()).ok()?.checked_mul(UNIT)
}

#[cfg(not(unix))]
fn cpu_seconds() -> Option<f64> {
    None
}

#[cfg(not(unix))]
fn peak_rss_bytes() -> Option<u64> {
    None
}

#[cfg(all(test, any(target_os = "linux", target_os = "android")))]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_in_bytes() {
        assert_eq!(peak_in("Name:\trtvi\nVmHWM:\t   10240 kB\nVmRSS:\t 1 kB\n"), Some(10_485_760));
        assert_eq!(peak_in("VmRSS:\t 1 kB\n"), None);
        assert_eq!(peak_in("VmHWM:\t lots\n"), None);
    }

    #[test]
    fn this_process_uses_something() {
        let usage = Usage::now();
        assert!(usage.cpu_seconds.is_some_and(|seconds| seconds >= 0.0));
        assert!(usage.peak_rss_bytes.is_some_and(|bytes| bytes > 500_000));
    }
}
