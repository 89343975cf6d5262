//! One measured figure, and its summary over several runs.
//!
//! Depends on `serde_json`. Must never round a value: only the table does.

use serde_json::{Value, json};

/// One line of output from one run of a benchmark.
#[derive(Debug, Clone)]
pub(super) struct Figure {
    name: String,
    unit: String,
    goal: Option<f64>,
    /// Whether a higher value is better.
    higher: bool,
    /// The value, or why there is none.
    value: Result<f64, String>,
}

/// A figure over all runs.
#[derive(Debug)]
pub(super) struct Summary {
    figure: Figure,
    /// All values in ascending order; empty if there is none.
    values: Vec<f64>,
}

impl Figure {
    /// Reads `{"name","value","unit","goal","better":"lower|higher"}` (`goal` may be null) or
    /// `{"name","skipped":WHY}`.
    pub(super) fn parse(line: &str) -> Result<Self, String> {
        let json: Value = serde_json::from_str(line).map_err(|error| format!("invalid JSON ({error})"))?;
        let text = |field: &str| json.get(field).and_then(Value::as_str).map(str::to_owned);
        let missing = |field: &str| format!("no `{field}`");
        let name = text("name").ok_or_else(|| missing("name"))?;
        if let Some(why) = text("skipped") {
            return Ok(Self { name, unit: String::new(), goal: None, higher: false, value: Err(why) });
        }
        let higher = match text("better").as_deref() {
            Some("higher") => true,
            Some("lower") => false,
            _ => return Err("no `better` with `lower` or `higher`".to_owned()),
        };
        let value = json.get("value").and_then(Value::as_f64).ok_or_else(|| missing("value"))?;
        let unit = text("unit").ok_or_else(|| missing("unit"))?;
        Ok(Self { name, unit, goal: json.get("goal").and_then(Value::as_f64), higher, value: Ok(value) })
    }
}

/// One summary per name, in the order of their first figures.
pub(super) fn summarize(figures: &[Figure]) -> Vec<Summary> {
    let mut summaries: Vec<Summary> = Vec::new();
    for figure in figures {
        let value = figure.value.as_ref().ok().copied();
        match summaries.iter_mut().find(|summary| summary.figure.name == figure.name) {
            Some(summary) => summary.values.extend(value),
            None => summaries.push(Summary { figure: figure.clone(), values: value.into_iter().collect() }),
        }
    }
    for summary in &mut summaries {
        summary.values.sort_by(f64::total_cmp);
    }
    summaries
}

impl Summary {
    /// The name of the figure.
    pub(super) fn name(&self) -> &str {
        &self.figure.name
    }

    /// The unit of its values.
    pub(super) fn unit(&self) -> &str {
        &self.figure.unit
    }

    /// The median of the values.
    pub(super) fn median(&self) -> Option<f64> {
        self.values.get(self.values.len() / 2).copied()
    }

    /// Whether the median reaches the goal; `None` without a goal or a value.
    fn met(&self) -> Option<bool> {
        let (median, goal) = (self.median()?, self.figure.goal?);
        Some(if self.figure.higher { median >= goal } else { median <= goal })
    }

    /// The cells of the table.
    pub(super) fn row(&self) -> [String; 6] {
        let Figure { name, unit, goal, higher, value } = &self.figure;
        let range = match self.values.as_slice() {
            [lowest, .., highest] => format!("{} – {}", rounded(*lowest), rounded(*highest)),
            _ => String::new(),
        };
        let median = self.median().map_or_else(|| "–".to_owned(), rounded);
        let sign = if *higher { "≥" } else { "≤" };
        let goal = goal.map_or_else(String::new, |goal| format!("{sign} {}", rounded(goal)));
        let met = match (value, self.met()) {
            (Err(why), _) => format!("not run: {why}"),
            (_, Some(true)) => "yes".to_owned(),
            (_, Some(false)) => "no".to_owned(),
            (_, None) => String::new(),
        };
        [name.clone(), median, range, unit.clone(), goal, met]
    }

    /// The same as JSON.
    pub(super) fn json(&self) -> Value {
        let Figure { name, unit, goal, higher, value } = &self.figure;
        if let Err(why) = value {
            return json!({"name": name, "skipped": why});
        }
        let better = if *higher { "higher" } else { "lower" };
        json!({
            "name": name, "value": self.median(), "min": self.values.first(), "max": self.values.last(),
            "runs": self.values.len(), "unit": unit, "goal": goal, "better": better, "met": self.met(),
        })
    }
}

/// Three significant digits or a whole number, whichever is more precise.
pub(super) fn rounded(value: f64) -> String {
    match value.abs() {
        size if size >= 100.0 => format!("{value:.0}"),
        size if size >= 10.0 => format!("{value:.1}"),
        size if size >= 1.0 => format!("{value:.2}"),
        _ => format!("{value:.3}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(values: &[f64], better: &str) -> Vec<Summary> {
        let line = |value| {
            json!({"name": "n", "value": value, "unit": "ms", "goal": 12, "better": better}).to_string()
        };
        summarize(&values.iter().map(|value| Figure::parse(&line(value)).unwrap()).collect::<Vec<_>>())
    }

    #[test]
    fn the_median_is_compared_with_the_goal() {
        let summaries = figures(&[30.0, 9.5, 11.25], "lower");
        assert_eq!(summaries[0].row(), ["n", "11.2", "9.50 – 30.0", "ms", "≤ 12.0", "yes"]);
        assert_eq!(summaries[0].json()["met"], true);
        assert_eq!(figures(&[30.0, 9.5, 11.25], "higher")[0].json()["met"], false);
    }

    #[test]
    fn a_benchmark_that_can_not_run_says_why() {
        let summaries = summarize(&[Figure::parse(r#"{"name":"real","skipped":"no Python"}"#).unwrap()]);
        assert_eq!(summaries[0].row()[5], "not run: no Python");
        assert_eq!(summaries[0].json(), json!({"name": "real", "skipped": "no Python"}));
    }

    #[test]
    fn a_wrong_line_is_named() {
        assert_eq!(Figure::parse(r#"{"name":"n","better":"lower"}"#).unwrap_err(), "no `value`");
        assert!(Figure::parse("hello").unwrap_err().starts_with("invalid JSON"));
    }
}
