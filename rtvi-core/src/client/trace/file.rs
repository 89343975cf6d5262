//! The trace as text: JSON Lines, a header and one line for each row.
//!
//! Pure. Reading takes nothing on trust: files come with bug reports.

use serde::{Deserialize, Serialize};

use crate::{
    client::{AudioStats, TransportState},
    error::{Error, ErrorKind},
};

use super::{Records, Row};

/// The largest trace that is read, in bytes; more than four times what a client keeps.
pub const MAX_TRACE: usize = 4 * 1024 * 1024;

/// The version of the format. A reader takes its own only.
const FORMAT: u32 = 1;

/// A session's trace.
#[derive(Clone, Debug)]
pub struct SessionTrace {
    header: Header,
    rows: Vec<Row>,
}

/// The first line: which client it is of, and how that did when the trace was taken.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Header {
    rtvi_trace: u32,
    sdk: String,
    platform: String,
    transport: String,
    state: String,
    /// How many rows there was no room for.
    dropped_rows: u64,
    audio: Audio,
}

/// [`AudioStats`] in seconds.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Audio {
    sent: f32,
    send_dropped: f32,
    received: f32,
    played: f32,
    flushed: f32,
    receive_dropped: f32,
}

impl Records {
    /// The trace as text, of a client of this process.
    pub(in crate::client) fn write(
        &self,
        transport: &str,
        state: TransportState,
        audio: AudioStats,
    ) -> String {
        let (rows, dropped_rows) = self.read();
        let audio = Audio {
            sent: audio.sent.as_secs_f32(),
            send_dropped: audio.send_dropped.as_secs_f32(),
            received: audio.received.as_secs_f32(),
            played: audio.played.as_secs_f32(),
            flushed: audio.flushed.as_secs_f32(),
            receive_dropped: audio.receive_dropped.as_secs_f32(),
        };
        let mut text = json(&Header {
            rtvi_trace: FORMAT,
            sdk: crate::VERSION.to_owned(),
            platform: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            transport: transport.to_owned(),
            state: state.to_string(),
            dropped_rows,
            audio,
        });
        rows.iter().for_each(|row| text.push_str(&json(row)));
        text
    }
}

/// A line. Writing to memory can't fail, and every map has string keys.
fn json(line: &impl Serialize) -> String {
    let mut text = serde_json::to_string(line).unwrap_or_default();
    text.push('\n');
    text
}

impl SessionTrace {
    /// Reads a trace as [`PipecatClient::session_trace`](crate::PipecatClient::session_trace)
    /// returns it; empty lines are skipped.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] for what is no trace, one of another version, a broken line
    /// (the message has its number), or more than [`MAX_TRACE`] bytes.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_TRACE {
            return Err(refused(format!(
                "a trace has at most {MAX_TRACE} bytes; this one has {}",
                text.len()
            )));
        }
        let mut lines = (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let (number, first) = lines.next().ok_or_else(|| refused("the trace is empty"))?;
        check_version(first)?;
        let header = parse_line(number, first)?;
        let rows = lines.map(|(number, line)| parse_line(number, line)).collect::<Result<_, _>>()?;
        Ok(Self { header, rows })
    }

    /// What the header says, for people: the client, and how much audio it has moved.
    pub fn summary(&self) -> String {
        let Header { sdk, platform, transport, state, audio, .. } = &self.header;
        format!(
            "rtvi-core {sdk} on {platform}, transport {transport}, {state} when the trace was taken; audio sent for \
             {:.1} s ({:.1} s dropped), received for {:.1} s ({:.1} s played, {:.1} s flushed, {:.1} s dropped)",
            audio.sent,
            audio.send_dropped,
            audio.received,
            audio.played,
            audio.flushed,
            audio.receive_dropped
        )
    }

    /// How many rows are missing because there was no room for them.
    pub const fn dropped_rows(&self) -> u64 {
        self.header.dropped_rows
    }

    /// All that happened, in order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

fn check_version(header: &str) -> Result<(), Error> {
    let header: serde_json::Value = serde_json::from_str(header).unwrap_or_default();
    match header["rtviTrace"].as_u64() {
        Some(version) if version == u64::from(FORMAT) => Ok(()),
        Some(version) => {
            Err(refused(format!("the trace has version {version}; this program reads version {FORMAT}")))
        }
        None => Err(refused("this is no trace: its first line has no version (rtviTrace)")),
    }
}

fn parse_line<'a, T: Deserialize<'a>>(number: usize, line: &'a str) -> Result<T, Error> {
    serde_json::from_str(line)
        .map_err(|cause| refused(format!("line {number} of the trace can't be read: {cause}")))
}

fn refused(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidArgument, text)
}
