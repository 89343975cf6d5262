//! The output of a benchmark.
//!
//! Depends on `serde_json`. `cargo xtask bench` reads this form.

use serde_json::json;

/// One measured value.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    name: String,
    value: f64,
    unit: &'static str,
    goal: Option<f64>,
    better: &'static str,
}

impl Figure {
    /// A value where lower is better.
    pub(crate) fn low(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, goal: None, better: "lower" }
    }

    /// A value where higher is better.
    pub(crate) fn high(name: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Self { name: name.into(), value, unit, goal: None, better: "higher" }
    }

    /// Sets the goal.
    pub(crate) const fn goal(mut self, goal: f64) -> Self {
        self.goal = Some(goal);
        self
    }

    /// Prints it.
    pub(crate) fn print(self) {
        let Self { name, value, unit, goal, better } = self;
        println!("{}", json!({"name": name, "value": value, "unit": unit, "goal": goal, "better": better}));
    }
}

/// Reports why a figure can't be measured here.
pub(crate) fn skip(name: &str, why: &str) {
    println!("{}", json!({"name": name, "skipped": why}));
}

/// The median of the values.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    *values.get(values.len() / 2).expect("something was measured")
}
