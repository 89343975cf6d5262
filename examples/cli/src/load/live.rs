//! The line at the bottom of a terminal while calls are in progress. Without a terminal, nothing.

use std::io::{IsTerminal, Write};

use rtvi_load::Progress;

/// The line, which is on stderr.
pub(super) struct Live {
    is_terminal: bool,
}

impl Default for Live {
    fn default() -> Self {
        Self { is_terminal: std::io::stderr().is_terminal() }
    }
}

impl Live {
    pub(super) fn show(&mut self, progress: &Progress) {
        if self.is_terminal {
            self.write(&format!("\r\x1b[2K{}", line(progress)));
        }
    }

    pub(super) fn clear(&mut self) {
        if self.is_terminal {
            self.write("\r\x1b[2K");
        }
    }

    /// A terminal that is gone is no reason to end the run.
    fn write(&mut self, text: &str) {
        let mut out = std::io::stderr().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }
}

fn line(progress: &Progress) -> String {
    let calls = progress.calls;
    let lost = calls.failed + calls.refused + calls.dropped;
    let time = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.0}"));
    format!(
        "{:>4} s  {}/{} calls, {} in progress, {lost} lost   answers {}: p50 {} p95 {} ms   own delay {:.1} ms",
        progress.elapsed.as_secs(),
        calls.started,
        progress.planned,
        progress.in_progress,
        progress.answers.count,
        time(progress.answers.p50),
        time(progress.answers.p95),
        progress.late_ms
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rtvi_load::{Percentiles, report::Calls};

    use super::*;

    #[test]
    fn the_line_tells_how_it_stands() {
        let progress = Progress {
            elapsed: Duration::from_millis(12_900),
            calls: Calls { started: 40, ready: 38, failed: 1, refused: 1, dropped: 2 },
            in_progress: 34,
            planned: 100,
            answers: Percentiles { p50: Some(811.6), p95: None, count: 71, ..Percentiles::default() },
            late_ms: 1.25,
        };
        let text =
            "  12 s  40/100 calls, 34 in progress, 4 lost   answers 71: p50 812 p95 - ms   own delay 1.2 ms";
        assert_eq!(line(&progress), text);
    }
}
