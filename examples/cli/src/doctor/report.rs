//! The report: each step with a mark, its duration and its finding. Writes to stdout.

use std::{fmt::Display, future::Future, io::Write};

use anstyle::{AnsiColor, Style};
use tokio::time::Instant;

use super::{Broken, Failure, Finding};

const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// Writes the steps as they complete.
pub(super) struct Report {
    out: Box<dyn Write>,
}

impl Report {
    pub(super) fn new(out: impl Write + 'static) -> Self {
        Self { out: Box::new(out) }
    }

    /// A section of the report.
    pub(super) fn heading(&mut self, text: &str) {
        self.line(&format_args!("{text}"));
    }

    /// Performs a step and reports its result.
    pub(super) async fn check<T>(
        &mut self,
        name: &str,
        step: impl Future<Output = Finding<T>>,
    ) -> Result<T, Broken> {
        let began = Instant::now();
        let finding = step.await;
        let millis = began.elapsed().as_secs_f64() * 1000.0;
        match finding {
            Ok((found, said)) => {
                self.line(&format_args!("  {GOOD}✓{GOOD:#} {name:<12} {DIM}{millis:7.1} ms{DIM:#}  {said}"));
                Ok(found)
            }
            Err(Failure { cause, hint }) => {
                self.line(&format_args!("  {BAD}✗{BAD:#} {name:<12} {DIM}{millis:7.1} ms{DIM:#}  {cause}"));
                if let Some(hint) = hint {
                    self.line(&format_args!("                            → {hint}"));
                }
                Err(Broken)
            }
        }
    }

    /// The last line.
    pub(super) fn conclusion(&mut self, good: bool) {
        if good {
            self.line(&format_args!("\n{GOOD}All is well:{GOOD:#} a client can talk to this bot."));
        } else {
            self.line(&format_args!("\n{BAD}No session is possible.{BAD:#} The step marked ✗ says why."));
        }
    }

    /// A reader that has gone away is no reason to stop: the exit code still reports the result.
    fn line(&mut self, text: &dyn Display) {
        let _ = writeln!(self.out, "{text}").and_then(|()| self.out.flush());
    }
}
