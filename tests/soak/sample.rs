//! A second of the run, and the file with all of them.
//!
//! Depends on [`crate::beat`] and [`crate::usage`].

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
};

use crate::{
    beat::{Beat, Phase},
    incident::Incident,
    usage::Usage,
};

/// What was found in one second.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    /// Seconds from the beginning.
    pub(crate) at: f64,
    /// What the clients were told.
    pub(crate) phase: Phase,
    /// What went wrong.
    pub(crate) incident: Option<Incident>,
    /// What the process used.
    pub(crate) usage: Usage,
    /// What the clients said.
    pub(crate) beat: Beat,
}

/// What was found when all clients had come to rest, once in each round: the least of each in that rest.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct RestPoint {
    /// Seconds from the beginning.
    pub(crate) at: f64,
    /// Resident memory in bytes.
    pub(crate) rss: u64,
    /// Bytes that are allocated.
    pub(crate) heap: usize,
    /// Open descriptors.
    pub(crate) descriptors: usize,
    /// Threads.
    pub(crate) threads: usize,
    /// Tasks of the runtime.
    pub(crate) tasks: usize,
}

impl RestPoint {
    /// This sample alone.
    pub(crate) fn of(sample: &Sample) -> Self {
        Self {
            at: sample.at,
            rss: sample.usage.rss,
            heap: sample.beat.heap,
            descriptors: sample.usage.descriptors,
            threads: sample.usage.threads,
            tasks: sample.beat.tasks,
        }
    }

    /// The least of both, at the later time.
    pub(crate) fn least(self, other: Self) -> Self {
        Self {
            at: self.at.max(other.at),
            rss: self.rss.min(other.rss),
            heap: self.heap.min(other.heap),
            descriptors: self.descriptors.min(other.descriptors),
            threads: self.threads.min(other.threads),
            tasks: self.tasks.min(other.tasks),
        }
    }

    /// Whether nothing is open or running that was not there at `first`, but for so many descriptors and tasks.
    pub(crate) const fn is_flat(&self, first: &Self, allowance: usize) -> bool {
        self.descriptors <= first.descriptors + allowance
            && self.threads <= first.threads
            && self.tasks <= first.tasks + allowance
    }
}

/// The middle one; of two the upper. Nothing of nothing.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// Writes them as comma-separated values, one line each.
pub(crate) fn write_csv(file: &Path, samples: &[Sample]) -> io::Result<()> {
    let mut out = io::BufWriter::new(File::create(file)?);
    writeln!(
        out,
        "seconds,phase,incident,rss_kib,pss_kib,heap_kib,descriptors,threads,tasks,calls,failed,functions,events,\
         connects,connect_median_ms,requests,request_median_ms"
    )?;
    for Sample { at, phase, incident, usage, beat } in samples {
        let incident = incident.map(|incident| incident.to_string()).unwrap_or_default();
        let (rss, pss, heap) = (usage.rss / 1024, usage.pss / 1024, beat.heap / 1024);
        let failed: u64 = beat.failures.values().sum();
        writeln!(
            out,
            "{at:.1},{},{incident},{rss},{pss},{heap},{},{},{},{},{failed},{},{},{},{},{},{}",
            phase.name(),
            usage.descriptors,
            usage.threads,
            beat.tasks,
            beat.calls,
            beat.functions,
            beat.events,
            beat.connects.len(),
            shown(&beat.connects),
            beat.requests.len(),
            shown(&beat.requests),
        )?;
    }
    out.flush()
}

fn shown(latencies: &[f64]) -> String {
    median(latencies.iter().copied()).map(|median| format!("{median:.2}")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 2.0]), Some(2.0));
        assert_eq!(median([]), None);
    }

    #[test]
    fn a_line_has_as_many_fields_as_the_heading() {
        let sample = Sample {
            at: 1.0,
            phase: Phase::Work,
            incident: Some(Incident::Dark),
            usage: Usage::default(),
            beat: Beat { connects: vec![1.5], ..Beat::default() },
        };
        let file = tempfile::NamedTempFile::new().unwrap();
        write_csv(file.path(), &[sample]).unwrap();
        let text = std::fs::read_to_string(file.path()).unwrap();
        let counts: Vec<usize> = text.lines().map(|line| line.split(',').count()).collect();
        assert_eq!(counts, [17, 17], "{text}");
    }
}
