//! The trace as text: JSON Lines, a header and one line for each input.
//!
//! Pure. Reading takes nothing on trust: files come with bug reports.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    client::{
        AudioStats, TransportState,
        machine::{Nanos, Rest},
    },
    error::{Error, ErrorKind},
};

use super::{input_note::InputNote, recorder::Step};

/// The largest trace that is read, in bytes; more than four times what a client keeps.
pub const MAX_TRACE: usize = 16 * 1024 * 1024;

/// The version of the format. A reader takes its own only.
const FORMAT: u32 = 1;

/// A session's trace.
#[derive(Clone, Debug)]
pub struct SessionTrace {
    pub(super) header: Header,
    pub(super) lines: Vec<Line>,
}

/// The first line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Header {
    rtvi_trace: u32,
    #[serde(flatten)]
    pub(super) about: About,
    pub(super) lost: Lost,
    /// How many messages with levels came; they are not recorded.
    pub(super) levels: u64,
    /// How the machine was when the trace began.
    pub(super) begin: Rest,
}

/// Which client it is of, and how that did when the trace was taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::client) struct About {
    pub(in crate::client) sdk: String,
    pub(in crate::client) platform: String,
    pub(in crate::client) transport: String,
    pub(in crate::client) state: String,
    pub(in crate::client) audio: AudioEvent,
}

/// [`AudioStats`] in milliseconds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(in crate::client) struct AudioEvent {
    sent_ms: u64,
    send_dropped_ms: u64,
    received_ms: u64,
    played_ms: u64,
    flushed_ms: u64,
    receive_dropped_ms: u64,
}

/// What there was no room for.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Lost {
    /// Inputs that changed the machine: without them there is no replay.
    pub(super) inputs: u64,
    /// Messages that were only passed on.
    pub(super) messages: u64,
}

/// An input, and what came of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Line {
    at: Nanos,
    #[serde(rename = "in")]
    pub(super) input: InputNote,
    #[serde(rename = "out")]
    pub(super) wants: Vec<String>,
}

impl Line {
    /// Since the trace began.
    pub(super) fn at(&self) -> Duration {
        self.at.into()
    }
}

impl From<Step> for Line {
    fn from(step: Step) -> Self {
        Self { at: step.at.into(), input: step.input.clone(), wants: step.into_wants() }
    }
}

impl About {
    /// Of a client of this process.
    pub(in crate::client) fn new(transport: &str, state: TransportState, audio: AudioStats) -> Self {
        Self {
            sdk: env!("CARGO_PKG_VERSION").to_owned(),
            platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            transport: transport.to_owned(),
            state: state.to_string(),
            audio: AudioEvent::of(audio),
        }
    }
}

impl AudioEvent {
    fn of(audio: AudioStats) -> Self {
        let millis = |time: Duration| u64::try_from(time.as_millis()).unwrap_or(u64::MAX);
        Self {
            sent_ms: millis(audio.sent),
            send_dropped_ms: millis(audio.send_dropped),
            received_ms: millis(audio.received),
            played_ms: millis(audio.played),
            flushed_ms: millis(audio.flushed),
            receive_dropped_ms: millis(audio.receive_dropped),
        }
    }
}

/// The trace as text.
pub(in crate::client) fn write(recorder: &super::Recorder, about: About) -> String {
    let records = recorder.records();
    let header = Header {
        rtvi_trace: FORMAT,
        about,
        lost: Lost { inputs: records.lost_steps, messages: records.lost_messages },
        levels: records.counted,
        begin: records.rest.clone(),
    };
    let mut text = json(&header);
    for step in records.into_steps() {
        text.push_str(&json(&Line::from(step)));
    }
    text
}

/// A line. Writing to memory can't fail, and every map has string keys.
fn json(line: &impl Serialize) -> String {
    let mut text = serde_json::to_string(line).unwrap_or_default();
    text.push('\n');
    text
}

impl SessionTrace {
    /// Reads a trace as [`PipecatClient::session_trace`](crate::PipecatClient::session_trace) gives it; empty lines are skipped.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for what is no trace, one of another version, a broken line (the message has its number), or
    /// more than [`MAX_TRACE`] bytes.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_TRACE {
            let message = format!("a trace has at most {MAX_TRACE} bytes; this one has {}", text.len());
            return Err(Error::new(ErrorKind::InvalidArgument, message));
        }
        let numbered = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let mut numbered = numbered.map(|(number, line): (usize, &str)| (number, line));
        let Some((number, first)) = numbered.next() else {
            return Err(Error::new(ErrorKind::InvalidArgument, "the trace is empty"));
        };
        let header = parse_header(number, first)?;
        let mut lines: Vec<Line> = Vec::new();
        for (number, text) in numbered {
            let line: Line = serde_json::from_str(text).map_err(|cause| broken(number, &cause))?;
            if lines.last().is_some_and(|before| before.at > line.at) {
                return Err(broken(number, &"it is earlier than the one before"));
            }
            lines.push(line);
        }
        Ok(Self { header, lines })
    }

    /// What the header says, in one line for people.
    pub fn summary(&self) -> String {
        let About { sdk, platform, transport, state, .. } = &self.header.about;
        format!("rtvi-core {sdk} on {platform}, transport {transport}, {state} when the trace was taken")
    }

    /// How many inputs at the beginning are missing because there was no room for them.
    pub const fn missing(&self) -> u64 {
        self.header.lost.inputs
    }
}

fn parse_header(number: usize, line: &str) -> Result<Header, Error> {
    /// What every version has.
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Version {
        rtvi_trace: u32,
    }
    let Version { rtvi_trace } = serde_json::from_str(line).map_err(|_| {
        Error::new(ErrorKind::InvalidArgument, "this is no trace: its first line has no version (rtviTrace)")
    })?;
    if rtvi_trace != FORMAT {
        let text = format!("the trace has version {rtvi_trace}; this program reads version {FORMAT}");
        return Err(Error::new(ErrorKind::InvalidArgument, text));
    }
    serde_json::from_str(line).map_err(|cause| broken(number, &cause))
}

fn broken(number: usize, cause: &dyn std::fmt::Display) -> Error {
    Error::new(ErrorKind::InvalidArgument, format!("line {number} of the trace can't be read: {cause}"))
}
