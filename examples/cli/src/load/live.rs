//! The table at the bottom of a terminal while calls are in progress. Without a terminal, nothing.

use std::io::{IsTerminal, Write};

use rtvi_load::{Percentiles, Progress};

/// The table, which is on stderr.
pub(super) struct Live {
    is_terminal: bool,
    /// How many lines of it are shown.
    lines: usize,
}

impl Default for Live {
    fn default() -> Self {
        Self { is_terminal: std::io::stderr().is_terminal(), lines: 0 }
    }
}

impl Live {
    pub(super) fn show(&mut self, progress: &Progress) {
        if self.is_terminal {
            let table = table(progress);
            self.write(&format!("{}{table}", self.back()));
            self.lines = table.lines().count();
        }
    }

    pub(super) fn clear(&mut self) {
        if self.is_terminal {
            self.write(&self.back());
            self.lines = 0;
        }
    }

    /// Moves to where the table begins, and clears everything from there on.
    fn back(&self) -> String {
        let up = if self.lines > 0 { format!("\x1b[{}A", self.lines) } else { String::new() };
        format!("\r{up}\x1b[J")
    }

    /// A terminal that is gone is no reason to end the run.
    fn write(&self, text: &str) {
        let mut out = std::io::stderr().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}

/// Lines of less than 80 characters, so that no usual terminal wraps them.
fn table(progress: &Progress) -> String {
    let calls = progress.calls;
    let heard = progress.heard_percent.map_or("-".to_owned(), |percent| format!("{percent:.2} %"));
    [
        format!(
            "{:>5} s  {} of {} calls, {} in progress",
            progress.elapsed.as_secs(),
            calls.started,
            progress.planned,
            progress.in_progress
        ),
        format!(
            "   lost  {} failed, {} refused, {} dropped; {} reconnects",
            calls.failed, calls.refused, calls.dropped, progress.reconnects
        ),
        "     ms       p50      p95      max    count".to_owned(),
        row("connect", &progress.connects),
        format!("{}  {} unanswered", row("answer", &progress.answers), progress.unanswered),
        format!("  heard  {heard}   generator  p99 {:.1} ms late", progress.late_ms),
    ]
    .map(|line| line + "\n")
    .concat()
}

fn row(name: &str, times: &Percentiles) -> String {
    let time = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.0}"));
    let [p50, p95, max] = [times.p50, times.p95, times.max].map(time);
    format!("{name:>7} {p50:>9}{p95:>9}{max:>9}{:>9}", times.count)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rtvi_load::report::Calls;

    use super::*;

    fn progress(calls: u64) -> Progress {
        Progress {
            elapsed: Duration::from_millis(12_900),
            calls: Calls { started: calls, ready: 38, failed: 1, refused: 1, dropped: 2 },
            in_progress: 34,
            planned: 100,
            connects: Percentiles {
                p50: Some(35.2),
                p95: Some(61.0),
                max: Some(80.0),
                ..Percentiles::default()
            },
            answers: Percentiles { p50: Some(811.6), p95: None, count: 71, ..Percentiles::default() },
            unanswered: 3,
            reconnects: 0,
            heard_percent: Some(99.812),
            late_ms: 1.25,
        }
    }

    #[test]
    fn the_table_tells_how_it_stands() {
        let text = "   12 s  40 of 100 calls, 34 in progress
   lost  1 failed, 1 refused, 2 dropped; 0 reconnects
     ms       p50      p95      max    count
connect        35       61       80        0
 answer       812        -        -       71  3 unanswered
  heard  99.81 %   generator  p99 1.2 ms late
";
        assert_eq!(table(&progress(40)), text);
    }

    #[test]
    fn a_table_replaces_the_one_before() {
        let mut live = Live { is_terminal: false, lines: 0 };
        assert_eq!(live.back(), "\r\x1b[J");
        live.lines = 6;
        assert_eq!(live.back(), "\r\x1b[6A\x1b[J");
        assert!(table(&progress(100_000)).lines().all(|line| line.len() < 80));
    }
}
