//! What another process uses, as Linux's `/proc` says.
//!
//! Depends on nothing else here.

use std::{fs, io, path::PathBuf};

/// Memory, descriptors and threads of a process.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Resident memory in bytes.
    pub(crate) rss: u64,
    /// The same, with pages that are shared counted in part; 0 where the system does not say.
    pub(crate) pss: u64,
    /// Open descriptors.
    pub(crate) descriptors: usize,
    /// Threads.
    pub(crate) threads: usize,
}

impl Usage {
    /// Reads it.
    ///
    /// # Errors
    /// When there is no such process, or no `/proc`.
    pub(crate) fn of(process: u32) -> io::Result<Self> {
        let folder = PathBuf::from(format!("/proc/{process}"));
        let status = fs::read_to_string(folder.join("status"))?;
        let shared = fs::read_to_string(folder.join("smaps_rollup")).unwrap_or_default();
        Ok(Self {
            rss: bytes(&status, "VmRSS:"),
            pss: bytes(&shared, "Pss:"),
            descriptors: fs::read_dir(folder.join("fd"))?.count(),
            threads: fs::read_dir(folder.join("task"))?.count(),
        })
    }
}

fn bytes(text: &str, field: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(field));
    let kibibytes: Option<u64> = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
    kibibytes.unwrap_or(0) * 1024
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_uses_something() {
        let usage = Usage::of(std::process::id()).unwrap();
        assert!(usage.rss > 100_000 && usage.descriptors >= 3 && usage.threads >= 1, "{usage:?}");
        assert!(Usage::of(u32::MAX).is_err());
    }

    #[test]
    fn fields_are_in_kibibytes() {
        assert_eq!(bytes("Rss: 5 kB\nPss:   12 kB\n", "Pss:"), 12 * 1024);
        assert_eq!(bytes("Rss: 5 kB\n", "Pss:"), 0);
    }
}
