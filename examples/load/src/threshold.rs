//! Thresholds: `p95(answer) > 1500ms` is a reason for a run to fail.
//!
//! Pure. The grammar:
//!
//! ```text
//! threshold = quantity comparison value
//! quantity  = ("p50" | "p90" | "p95" | "p99" | "max" | "count") "(" ("connect" | "answer") ")"
//!           | "started" | "ready" | "failed" | "refused" | "dropped"      calls
//!           | "unanswered" | "reconnects" | "checks"                      how often
//!           | "heard"                                                     percent
//! comparison = ">" | ">=" | "<" | "<=" | "==" | "!="
//! value      = a number, then "ms" or "s" for times, "%" for heard and calls
//! ```

use std::{fmt, str::FromStr};

use crate::{
    counts::Percentiles,
    report::{Report, Verdict},
};

/// A reason for a run to fail.
#[derive(Clone, Debug, PartialEq)]
pub struct Threshold {
    text: String,
    quantity: Quantity,
    comparison: Comparison,
    value: f64,
    /// The value is a share of the started calls.
    of_started: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantity {
    Time(Figure, Times),
    Count(Times),
    Calls(Calls),
    Unanswered,
    Reconnects,
    Checks,
    Heard,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Times {
    Connect,
    Answer,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Figure {
    P50,
    P90,
    P95,
    P99,
    Max,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Calls {
    Started,
    Ready,
    Failed,
    Refused,
    Dropped,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comparison {
    Above,
    AtLeast,
    Below,
    AtMost,
    Equal,
    Unequal,
}

/// In this order: `>=` begins with `>`.
const COMPARISONS: [(&str, Comparison); 6] = [
    (">=", Comparison::AtLeast),
    ("<=", Comparison::AtMost),
    ("==", Comparison::Equal),
    ("!=", Comparison::Unequal),
    (">", Comparison::Above),
    ("<", Comparison::Below),
];

impl Threshold {
    /// Whether the run held it. A quantity of which nothing was measured holds nothing.
    pub fn judge(&self, report: &Report) -> Verdict {
        let measured = self.measured(report);
        let held = measured.is_some_and(|measured| !self.comparison.applies(measured, self.value));
        Verdict { fail_if: self.text.clone(), held, measured }
    }

    fn measured(&self, report: &Report) -> Option<f64> {
        let value = match self.quantity {
            Quantity::Time(figure, times) => return figure.of(&times.of(report)),
            Quantity::Heard => return report.heard_percent,
            Quantity::Count(times) => times.of(report).count,
            Quantity::Calls(calls) => calls.of(report),
            Quantity::Unanswered => report.turns.unanswered,
            Quantity::Reconnects => report.reconnects,
            Quantity::Checks => report.checks_failed,
        };
        let value = value as f64;
        match (self.of_started, report.calls.started) {
            (true, 0) => None,
            (true, started) => Some(value * 100.0 / started as f64),
            (false, _) => Some(value),
        }
    }
}

impl Comparison {
    fn applies(self, left: f64, right: f64) -> bool {
        let equal = (left - right).abs() < 1e-9;
        match self {
            Self::Above => left > right && !equal,
            Self::AtLeast => left > right || equal,
            Self::Below => left < right && !equal,
            Self::AtMost => left < right || equal,
            Self::Equal => equal,
            Self::Unequal => !equal,
        }
    }
}

impl Times {
    const fn of(self, report: &Report) -> Percentiles {
        match self {
            Self::Connect => report.connect_ms,
            Self::Answer => report.answer_ms,
        }
    }
}

impl Figure {
    const fn of(self, percentiles: &Percentiles) -> Option<f64> {
        match self {
            Self::P50 => percentiles.p50,
            Self::P90 => percentiles.p90,
            Self::P95 => percentiles.p95,
            Self::P99 => percentiles.p99,
            Self::Max => percentiles.max,
        }
    }
}

impl Calls {
    const fn of(self, report: &Report) -> u64 {
        match self {
            Self::Started => report.calls.started,
            Self::Ready => report.calls.ready,
            Self::Failed => report.calls.failed,
            Self::Refused => report.calls.refused,
            Self::Dropped => report.calls.dropped,
        }
    }
}

impl FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parts = COMPARISONS.iter().find_map(|(sign, comparison)| {
            text.split_once(sign).map(|(quantity, value)| (quantity, *comparison, value))
        });
        let (quantity, comparison, value) =
            parts.ok_or_else(|| format!("'{text}' compares nothing: write 'p95(answer) > 1500ms'"))?;
        let quantity = quantity.trim().parse()?;
        let (value, of_started) = value_of(quantity, value.trim())?;
        Ok(Self { text: text.trim().to_owned(), quantity, comparison, value, of_started })
    }
}

impl FromStr for Quantity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((function, rest)) = text.split_once('(') {
            let times = rest.strip_suffix(')').ok_or_else(|| format!("'{text}' lacks its ')'"))?;
            return called(function.trim(), times.trim());
        }
        Ok(match text {
            "started" => Self::Calls(Calls::Started),
            "ready" => Self::Calls(Calls::Ready),
            "failed" => Self::Calls(Calls::Failed),
            "refused" => Self::Calls(Calls::Refused),
            "dropped" => Self::Calls(Calls::Dropped),
            "unanswered" => Self::Unanswered,
            "reconnects" => Self::Reconnects,
            "checks" => Self::Checks,
            "heard" => Self::Heard,
            _ => {
                return Err(format!(
                    "'{text}' is not measured: use p95(answer), p95(connect), started, ready, failed, refused, dropped, \
                     unanswered, reconnects, checks or heard"
                ));
            }
        })
    }
}

fn called(function: &str, times: &str) -> Result<Quantity, String> {
    let times = match times {
        "connect" => Times::Connect,
        "answer" => Times::Answer,
        _ => return Err(format!("'{times}' is no time that is measured: use connect or answer")),
    };
    let figure = match function {
        "p50" => Figure::P50,
        "p90" => Figure::P90,
        "p95" => Figure::P95,
        "p99" => Figure::P99,
        "max" => Figure::Max,
        "count" => return Ok(Quantity::Count(times)),
        _ => return Err(format!("'{function}' is no function: use p50, p90, p95, p99, max or count")),
    };
    Ok(Quantity::Time(figure, times))
}

/// The value, in milliseconds for times, and whether it is a share of the started calls.
fn value_of(quantity: Quantity, text: &str) -> Result<(f64, bool), String> {
    let end = text.find(|char: char| !char.is_ascii_digit() && char != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let number: f64 = number.parse().map_err(|_| format!("'{text}' does not begin with a number"))?;
    match (quantity, unit.trim()) {
        (Quantity::Time(..), "" | "ms") => Ok((number, false)),
        (Quantity::Time(..), "s") => Ok((number * 1_000.0, false)),
        (Quantity::Time(..), unit) => Err(format!("'{unit}' is no unit of time: use ms or s")),
        (Quantity::Heard, "" | "%") | (_, "") => Ok((number, false)),
        (Quantity::Calls(_), "%") => Ok((number, true)),
        (_, unit) => Err(format!("'{unit}' does not belong to a count")),
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests;
