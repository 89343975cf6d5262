//! What a run measured: the JSON report, and how several become one.
//!
//! Values only. Everything that is derived can be derived again from the counts in the report, so
//! merging loses nothing.

mod html;
mod junit;
mod merge;
mod plot;
mod text;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    counts::{Counts, Percentiles},
    threshold::Threshold,
};

pub use html::html;
pub use junit::junit;
pub use merge::{Unmergeable, merge};
pub use text::text;

/// The version of the report's form.
pub const VERSION: u32 = 1;

/// A run, or several that were merged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// The version of this form.
    pub rtvi_load: u32,
    /// Where the calls went, without anything secret.
    pub target: String,
    /// What the callers did.
    pub scenario: String,
    /// When the run began, in milliseconds since 1970.
    pub started_at_ms: u64,
    /// How long the run lasted.
    pub seconds: f64,
    /// The calls by how they fared.
    pub calls: Calls,
    /// From the planned beginning of a call until the bot was ready.
    pub connect_ms: Percentiles,
    /// From the end of the caller's speech until the answer was heard.
    pub answer_ms: Percentiles,
    /// The parts of connecting.
    pub phases_ms: Phases<Percentiles>,
    /// How much of the bot's audio was heard as it was sent, in percent. `None` without audio.
    pub heard_percent: Option<f64>,
    /// The same for the call that heard least.
    pub heard_percent_worst: Option<f64>,
    /// The turns of the callers.
    pub turns: Turns,
    /// How often a lost connection was restored.
    pub reconnects: u64,
    /// How many scripts did not find what they waited for.
    pub checks_failed: u64,
    /// The bot's audio.
    pub audio: Audio,
    /// What the generator says of itself.
    pub generator: Generator,
    /// Whether the generator was the bottleneck, so that nothing here says anything about the bot.
    pub void: bool,
    /// Why.
    pub void_reasons: Vec<String>,
    /// Errors by kind.
    pub errors: BTreeMap<String, u64>,
    /// The thresholds.
    pub thresholds: Vec<Verdict>,
    /// The calls that fared worst.
    pub worst: Vec<WorstCall>,
    /// What happened in each second of the run.
    pub timeline: Vec<Second>,
    /// Every measured time.
    pub counts: AllCounts,
}

/// The calls by how they fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calls {
    /// Calls that began.
    pub started: u64,
    /// Those whose bot became ready.
    pub ready: u64,
    /// Those whose bot did not, except for refused ones.
    pub failed: u64,
    /// Those that the server refused because it has no room (HTTP status 429).
    pub refused: u64,
    /// Those that were ready and then ended by themselves.
    pub dropped: u64,
}

/// The turns of the callers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turns {
    /// Turns whose answer was heard.
    pub answered: u64,
    /// Turns that no answer followed in time.
    pub unanswered: u64,
}

/// The parts of connecting.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Phases<T> {
    /// The start request.
    pub start: T,
    /// Opening the transport.
    pub open: T,
    /// From then until the bot is ready.
    pub bot_ready: T,
    /// From then until the bot is heard first.
    pub first_audio: T,
}

/// The bot's audio in all calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Audio {
    /// What arrived, or should have.
    pub received_seconds: f64,
    /// What of it was heard as it was sent.
    pub heard_seconds: f64,
    /// What was added where audio was missing.
    pub concealed_seconds: f64,
    /// How often a sound broke off because audio was missing.
    pub gaps: u64,
    /// How much was lost because too much was waiting.
    pub dropped_seconds: f64,
    /// How many packets the network lost.
    pub packets_lost: u64,
    /// The callers' audio that the transport did not take in time.
    pub send_dropped_seconds: f64,
}

/// What the generator says of itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Generator {
    /// How late its frames were.
    pub tick_lateness_p99_ms: f64,
    /// The CPU time that it used.
    pub cpu_seconds: f64,
    /// Frames that it did not move because it was too late for them.
    pub dropped_frames: u64,
    /// How many cores it could use.
    pub cores: f64,
    /// How long the system kept it from running because of a quota.
    pub throttled_seconds: f64,
    /// Its memory at most, in bytes; 0 if unknown.
    pub peak_memory_bytes: u64,
    /// How many generators there were.
    pub processes: u64,
}

/// A threshold and whether it was held.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The threshold as it was written.
    pub fail_if: String,
    /// Whether the run held it.
    pub held: bool,
    /// What was measured, in milliseconds for times; `None` if nothing was.
    pub measured: Option<f64>,
}

/// A call that fared badly.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WorstCall {
    /// Its number in its run, from 0.
    pub call: u32,
    /// What was bad.
    pub what: String,
    /// Its longest wait for an answer.
    pub answer_ms: Option<f64>,
    /// The file with its session trace.
    pub trace: Option<String>,
    /// How bad it was, to compare calls: failed calls come first.
    pub badness: f64,
}

/// A second of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Second {
    /// Calls that began.
    pub started: u64,
    /// Calls that became ready.
    pub ready: u64,
    /// Calls that failed, were refused or dropped.
    pub lost: u64,
    /// Ready calls that ended, in whichever way.
    pub ended: u64,
    /// Answers to turns that ended in this second.
    pub answers: Counts,
    /// Turns that ended in this second and had no answer.
    pub unanswered: u64,
}

/// Every measured time: milliseconds and how often.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AllCounts {
    /// From the planned beginning of a call until the bot was ready.
    pub connect: Counts,
    /// From the end of speech until the answer.
    pub answer: Counts,
    /// The parts of connecting.
    pub phases: Phases<Counts>,
    /// How late frames were.
    pub tick_lateness: Counts,
}

impl Report {
    /// Derives the percentiles from the counts.
    pub(crate) fn derive(&mut self) {
        let counts = &self.counts;
        self.connect_ms = counts.connect.percentiles();
        self.answer_ms = counts.answer.percentiles();
        self.phases_ms = Phases {
            start: counts.phases.start.percentiles(),
            open: counts.phases.open.percentiles(),
            bot_ready: counts.phases.bot_ready.percentiles(),
            first_audio: counts.phases.first_audio.percentiles(),
        };
        self.generator.tick_lateness_p99_ms = counts.tick_lateness.percentile(99.0).unwrap_or(0.0);
        let audio = &self.audio;
        let heard = audio.heard_seconds / audio.received_seconds * 100.0;
        self.heard_percent = heard.is_finite().then_some(heard.clamp(0.0, 100.0));
    }

    /// Judges the run by these thresholds.
    pub fn judge(&mut self, thresholds: &[Threshold]) {
        self.thresholds = thresholds.iter().map(|threshold| threshold.judge(self)).collect();
    }

    /// How the run ended.
    pub fn outcome(&self) -> Outcome {
        if self.void {
            return Outcome::Void;
        }
        if self.calls.ready == 0 {
            return Outcome::NothingConnected;
        }
        if self.thresholds.iter().all(|verdict| verdict.held) { Outcome::Held } else { Outcome::Missed }
    }

    /// Reads a report.
    ///
    /// # Errors
    /// Why the text is not a report that this version can read.
    pub fn parse(json: &str) -> Result<Self, String> {
        let report: Self = serde_json::from_str(json).map_err(|error| format!("not a report: {error}"))?;
        if report.rtvi_load != VERSION {
            return Err(format!("a report of version {}, not {VERSION}", report.rtvi_load));
        }
        Ok(report)
    }

    /// The report as JSON.
    pub fn to_json(&self) -> String {
        // A report has only texts as keys, so this can't fail.
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}

/// How a run ended, by its exit code. If several apply, the last one counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// All thresholds were held.
    Held,
    /// A threshold was missed.
    Missed,
    /// No call became ready.
    NothingConnected,
    /// The generator was the bottleneck.
    Void,
}

impl Outcome {
    /// The exit code: 0 held, 1 missed, 3 nothing connected, 4 void.
    pub const fn code(self) -> u8 {
        match self {
            Self::Held => 0,
            Self::Missed => 1,
            Self::NothingConnected => 3,
            Self::Void => 4,
        }
    }
}

/// Text with everything replaced that markup or a terminal would read as a command.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            char if char.is_control() => escaped.push(' '),
            char => escaped.push(char),
        }
    }
    escaped
}

#[cfg(test)]
pub(crate) mod tests;
