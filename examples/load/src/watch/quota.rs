//! How much of the machine the system lets this process use: Linux's control groups.
//!
//! Reads files; everything that understands them is pure. Without such files there is no quota.

use std::{fs, path::Path};

/// Where control groups are mounted: version 2, then the two usual places of version 1.
const MOUNTS: [&str; 3] = ["/sys/fs/cgroup", "/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"];

/// What the groups of this process say.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Quota {
    /// How many cores the process may use; `None` without a limit.
    pub(super) cores: Option<f64>,
    /// How long it has been stopped so far, on all cores.
    pub(super) throttled_seconds: f64,
}

impl Quota {
    /// Reads the groups of this process and those around them.
    pub(super) fn read() -> Self {
        let own = fs::read_to_string("/proc/self/cgroup").unwrap_or_default();
        let mut quota = Self::default();
        for path in paths(&own) {
            for mount in MOUNTS {
                for group in Path::new(&path).ancestors() {
                    quota.add(&Path::new(mount).join(group));
                }
            }
        }
        quota
    }

    fn add(&mut self, folder: &Path) {
        let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
        let new = cores(&read("cpu.max"));
        let old = cores(&format!("{} {}", read("cpu.cfs_quota_us").trim(), read("cpu.cfs_period_us").trim()));
        for limit in [new, old].into_iter().flatten() {
            self.cores = Some(self.cores.map_or(limit, |cores| cores.min(limit)));
        }
        self.throttled_seconds = self.throttled_seconds.max(throttled(&read("cpu.stat")));
    }
}

/// The paths of the groups, relative to a mount.
fn paths(own: &str) -> Vec<String> {
    let path = |line: &str| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, path) = (parts.next()?, parts.next()?);
        let is_cpu = controllers.is_empty() || controllers.split(',').any(|name| name == "cpu");
        is_cpu.then(|| path.trim_start_matches('/').to_owned())
    };
    own.lines().filter_map(path).collect()
}

/// The cores of a quota and its period, both in microseconds; `None` if there is no limit.
fn cores(text: &str) -> Option<f64> {
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    let (quota, period) = (numbers.next()?.ok()?, numbers.next()?.ok()?);
    (quota > 0.0 && period > 0.0).then_some(quota / period)
}

/// The time for which a group was stopped, in seconds.
fn throttled(stat: &str) -> f64 {
    let value = |name: &str| {
        let line = stat.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().parse::<f64>().ok()
    };
    let (micros, nanos) = (value("throttled_usec "), value("throttled_time "));
    micros.map(|micros| micros / 1e6).or(nanos.map(|nanos| nanos / 1e9)).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotas_of_both_versions_are_read() {
        for (text, expected) in [
            ("20000 100000\n", Some(0.2)),
            ("max 100000\n", None),
            ("-1 100000", None),
            ("150000 50000", Some(3.0)),
            ("1 0", None),
            (" ", None),
            ("", None),
        ] {
            assert_eq!(cores(text), expected, "{text}");
        }
        assert_eq!(throttled("nr_periods 5\nthrottled_usec 1500000\n"), 1.5);
        assert_eq!(throttled("nr_throttled 5\nthrottled_time 2500000000\n"), 2.5);
        assert_eq!(throttled("throttled_usec many\n"), 0.0);
    }

    #[test]
    fn the_groups_of_the_cpu_count() {
        assert_eq!(paths("0::/a/b\n"), ["a/b"]);
        assert_eq!(paths("9:memory:/m\n4:cpu,cpuacct:/low\n1:name=systemd:/s\n0::/\n"), ["low", ""]);
        assert_eq!(paths("nonsense"), [""; 0]);
    }

    #[test]
    fn a_folder_with_a_limit_limits() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut quota = Quota::default();
        quota.add(folder.path());
        assert_eq!(quota, Quota::default());
        fs::write(folder.path().join("cpu.max"), "20000 100000\n").expect("written");
        fs::write(folder.path().join("cpu.stat"), "throttled_usec 500000\n").expect("written");
        quota.add(folder.path());
        assert_eq!(quota, Quota { cores: Some(0.2), throttled_seconds: 0.5 });
    }
}
