//! What the page draws: the rows of a trace as lanes of spans, marks and curves over time.
//!
//! Pure.

use std::{collections::HashMap, time::Duration};

use rtvi_core::client::trace::{Detail, Kind, NetworkReport, Row};

/// One line of the picture.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Lane {
    pub(super) title: &'static str,
    pub(super) spans: Vec<Span>,
    pub(super) marks: Vec<Mark>,
    pub(super) curves: Vec<Curve>,
    /// The unit of the curves, which are scaled to their highest value.
    pub(super) unit: &'static str,
}

/// Something that lasts.
#[derive(Debug, PartialEq)]
pub(super) struct Span {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) label: String,
    pub(super) class: String,
    /// The row that began it.
    pub(super) row: usize,
}

/// Something that happens.
#[derive(Debug, PartialEq)]
pub(super) struct Mark {
    pub(super) at: f64,
    pub(super) class: String,
    pub(super) row: usize,
}

/// A value over time.
#[derive(Debug, PartialEq)]
pub(super) struct Curve {
    pub(super) name: &'static str,
    pub(super) class: &'static str,
    pub(super) points: Vec<(f64, f64)>,
}

/// All lanes that have something to show.
pub(super) fn lanes(rows: &[Row]) -> Vec<Lane> {
    let network = Lane { marks: marks(rows, |row| is_plain(row, Kind::Network)), ..connections(rows) };
    let lanes = [
        states(rows),
        calls(rows),
        Lane { title: "client → bot", marks: marks(rows, |row| row.kind == Kind::Sent), ..Lane::default() },
        Lane {
            title: "bot → client",
            marks: marks(rows, |row| row.kind == Kind::Received),
            ..Lane::default()
        },
        user(rows),
        bot(rows),
        Lane { title: "audio", marks: marks(rows, is_audio), ..Lane::default() },
        Lane { title: "functions", marks: marks(rows, |row| row.kind == Kind::Function), ..Lane::default() },
        Lane { title: "devices", marks: marks(rows, |row| row.kind == Kind::Device), ..Lane::default() },
        network,
        delays(rows),
        losses(rows),
        bitrates(rows),
        Lane { title: "errors", marks: marks(rows, |row| row.kind == Kind::Error), ..Lane::default() },
    ];
    lanes.into_iter().filter(|lane| !lane.is_empty()).collect()
}

/// When the trace ends, in seconds; not zero.
pub(super) fn end(rows: &[Row]) -> f64 {
    rows.iter().map(|row| row.at.as_secs_f64()).fold(0.001, f64::max)
}

impl Lane {
    fn is_empty(&self) -> bool {
        self.spans.is_empty()
            && self.marks.is_empty()
            && self.curves.iter().all(|curve| curve.points.is_empty())
    }
}

/// Spans that are begun and ended by rows. Only one of each name is open at a time.
struct Spans<'a> {
    rows: &'a [Row],
    open: HashMap<String, (usize, String)>,
    done: Vec<Span>,
}

impl<'a> Spans<'a> {
    fn of(rows: &'a [Row]) -> Self {
        Self { rows, open: HashMap::new(), done: Vec::new() }
    }

    fn begin(&mut self, name: &str, row: usize, label: &str) {
        self.open.entry(name.to_owned()).or_insert_with(|| (row, label.to_owned()));
    }

    fn end(&mut self, name: &str, at: Duration, class: &str) {
        if let Some((row, label)) = self.open.remove(name) {
            let from = self.rows[row].at.as_secs_f64();
            self.done.push(Span { from, to: at.as_secs_f64(), label, class: class.to_owned(), row });
        }
    }

    /// All of them; what is still open lasts until the end.
    fn finish(mut self, class: &str) -> Vec<Span> {
        let end = Duration::from_secs_f64(end(self.rows));
        let open: Vec<String> = self.open.keys().cloned().collect();
        open.iter().for_each(|name| self.end(name, end, class));
        self.done.sort_by(|a, b| a.from.total_cmp(&b.from).then(a.row.cmp(&b.row)));
        self.done
    }
}

fn states(rows: &[Row]) -> Lane {
    let is_state = |row: &Row| row.kind == Kind::State && !row.what.contains(' ');
    let changes: Vec<usize> = (0..rows.len()).filter(|&index| is_state(&rows[index])).collect();
    let spans = changes.iter().enumerate().map(|(nth, &row)| {
        let to = changes.get(nth + 1).map_or(end(rows), |&next| rows[next].at.as_secs_f64());
        let label = rows[row].what.to_string();
        Span { from: rows[row].at.as_secs_f64(), to, class: format!("state {label}"), label, row }
    });
    Lane { title: "state", spans: spans.collect(), ..Lane::default() }
}

fn calls(rows: &[Row]) -> Lane {
    let mut spans = Spans::of(rows);
    for (index, row) in rows.iter().enumerate() {
        let Some(Detail::Call(call)) = row.detail else { continue };
        let (name, what) = (call.to_string(), row.what.split_once(": ").map_or("", |(_, what)| what));
        if spans.open.contains_key(&name) {
            let is_bad = what.starts_with("failed") || what == "dropped";
            spans.end(&name, row.at, if is_bad { "bad" } else { "call" });
        } else if what != "dropped" {
            // A call that is dropped after its reply was undone; it ended before.
            spans.begin(&name, index, what);
        }
    }
    Lane { title: "calls", spans: spans.finish("call"), ..Lane::default() }
}

/// Where connections open, stand and end.
fn connections(rows: &[Row]) -> Lane {
    let mut spans = Spans::of(rows);
    for (index, row) in rows.iter().enumerate() {
        let text = row.what.strip_prefix("connection ").filter(|_| row.kind == Kind::Network);
        let Some((name, what)) = text.and_then(|text| text.split_once(' ')) else { continue };
        if what.starts_with("opens") {
            spans.begin(name, index, "opening");
        } else if what == "is open" {
            spans.end(name, row.at, "opening");
            spans.begin(name, index, &format!("connection {name}"));
        } else if what.starts_with("closed") || what.starts_with("lost") {
            spans.end(name, row.at, "good");
        } else if what.starts_with("did not open") {
            spans.end(name, row.at, "bad");
        }
    }
    Lane { title: "connection", spans: spans.finish("good"), ..Lane::default() }
}

/// What the server says of the user's speech, and the level.
fn user(rows: &[Row]) -> Lane {
    let mut spans = Spans::of(rows);
    for (index, row) in rows.iter().enumerate() {
        match row.what.as_ref() {
            "user-started-speaking" => spans.begin("server", index, "user speaks"),
            "user-stopped-speaking" => spans.end("server", row.at, "user"),
            "localSpeechStarted" => spans.begin("local", index, "speech heard here"),
            "localSpeechStopped" => spans.end("local", row.at, "local"),
            _ => {}
        }
    }
    let level = |row: &Row| match row.detail {
        Some(Detail::Levels { user, .. }) => Some(user.into()),
        _ => None,
    };
    let curves = vec![curve(rows, "level", "user", level)];
    Lane { title: "user speaking", spans: spans.finish("user"), curves, ..Lane::default() }
}

/// What the server says of the bot's speech, and the level.
fn bot(rows: &[Row]) -> Lane {
    let mut spans = Spans::of(rows);
    for (index, row) in rows.iter().enumerate() {
        match row.what.as_ref() {
            "bot-started-speaking" => spans.begin("bot", index, "bot speaks"),
            "bot-stopped-speaking" => spans.end("bot", row.at, "bot"),
            "bot-interrupted" => spans.end("bot", row.at, "bad"),
            _ => {}
        }
    }
    let level = |row: &Row| match row.detail {
        Some(Detail::Levels { bot, .. }) => Some(bot.into()),
        _ => None,
    };
    Lane {
        title: "bot speaking",
        spans: spans.finish("bot"),
        curves: vec![curve(rows, "level", "bot", level)],
        ..Lane::default()
    }
}

fn delays(rows: &[Row]) -> Lane {
    let curves = vec![
        curve(rows, "round trip", "first", |row| report(row)?.round_trip_ms),
        curve(rows, "jitter", "second", |row| Some(report(row)?.jitter_ms)),
        curve(rows, "buffer", "third", |row| Some(report(row)?.buffer_depth_ms)),
    ];
    Lane { title: "delay", curves, unit: "ms", ..Lane::default() }
}

fn losses(rows: &[Row]) -> Lane {
    let curves = vec![
        growth(rows, "lost", "bad", |report| report.packets_lost.saturating_add(report.packets_dropped)),
        growth(rows, "concealed", "second", |report| report.frames_concealed),
    ];
    let is_lossy = curves.iter().any(|curve| curve.points.iter().any(|(_, value)| *value > 0.0));
    Lane {
        title: "loss",
        curves: if is_lossy { curves } else { Vec::new() },
        unit: "packets",
        ..Lane::default()
    }
}

#[expect(clippy::cast_precision_loss, reason = "a picture needs no more")]
fn bitrates(rows: &[Row]) -> Lane {
    let kilobits = |bits: u64| Some(bits as f64 / 1000.0);
    let curves = vec![
        curve(rows, "received", "first", |row| kilobits(report(row)?.receive_bitrate)),
        curve(rows, "sent", "second", |row| kilobits(report(row)?.send_bitrate)),
    ];
    Lane { title: "bitrate", curves, unit: "kbit/s", ..Lane::default() }
}

fn report(row: &Row) -> Option<&NetworkReport> {
    match &row.detail {
        Some(Detail::Network(report)) => Some(report),
        _ => None,
    }
}

fn curve(
    rows: &[Row],
    name: &'static str,
    class: &'static str,
    value: impl Fn(&Row) -> Option<f64>,
) -> Curve {
    let points = rows.iter().filter_map(|row| Some((row.at.as_secs_f64(), value(row)?))).collect();
    Curve { name, class, points }
}

/// By how much a count of the connection has grown with each report. A new connection begins at
/// zero.
#[expect(clippy::cast_precision_loss, reason = "a picture needs no more")]
fn growth(
    rows: &[Row],
    name: &'static str,
    class: &'static str,
    count: impl Fn(&NetworkReport) -> u64,
) -> Curve {
    let mut last = 0;
    let mut points = Vec::new();
    for row in rows {
        let Some(count) = report(row).map(&count) else { continue };
        let before = if count < last { 0 } else { last };
        points.push((row.at.as_secs_f64(), (count - before) as f64));
        last = count;
    }
    Curve { name, class, points }
}

fn is_plain(row: &Row, kind: Kind) -> bool {
    row.kind == kind && row.detail.is_none()
}

/// Whether the row belongs to the lane of audio: speech and levels have lanes of their own.
fn is_audio(row: &Row) -> bool {
    is_plain(row, Kind::Audio) && !row.what.starts_with("localSpeech")
}

fn marks(rows: &[Row], belongs: impl Fn(&Row) -> bool) -> Vec<Mark> {
    let those = rows.iter().enumerate().filter(|(_, row)| belongs(row));
    those.map(|(index, row)| Mark { at: row.at.as_secs_f64(), class: class(row), row: index }).collect()
}

/// How a mark looks: messages by what they are about, what went wrong in red.
fn class(row: &Row) -> String {
    const GROUPS: [(&str, &str); 6] = [
        ("llm-function", "function"),
        ("user-", "user"),
        ("bot-llm", "llm"),
        ("bot-", "bot"),
        ("dropped", "bad"),
        ("error", "bad"),
    ];
    let group = GROUPS.into_iter().find(|(prefix, _)| row.what.starts_with(prefix)).map(|(_, class)| class);
    let is_bad = ["failed", "lost", "did not open", "reconnect"].iter().any(|word| row.what.contains(word));
    if is_bad { "bad".to_owned() } else { group.map_or_else(|| row.kind.to_string(), str::to_owned) }
}

#[cfg(test)]
mod tests {
    use rtvi_core::client::trace::SessionTrace;

    use super::*;

    #[test]
    fn a_call_ends_once_even_if_it_is_dropped_later() {
        let header = r#"{"rtviTrace":1,"sdk":"0","platform":"p","transport":"t","state":"s","droppedRows":0,"audio":{"sent":0,"sendDropped":0,"received":0,"played":0,"flushed":0,"receiveDropped":0}}"#;
        let row = |at: u32, call: u32, what: &str| {
            format!(r#"{{"at":{at},"kind":"call","what":"call {call}: {what}","detail":{{"call":{call}}}}}"#)
        };
        let rows = [
            header.to_owned(),
            row(0, 1, "connect"),
            row(1_000, 2, "sendText"),
            row(2_000, 1, "done"),
            row(3_000, 2, "dropped"),
            row(4_000, 1, "dropped"),
            row(5_000, 3, "disconnect"),
        ];
        let trace = SessionTrace::parse(&rows.join("\n")).expect("a trace");
        let lanes = lanes(trace.rows());
        let [calls] = &lanes[..] else { panic!("{lanes:?}") };
        let spans: Vec<_> =
            calls.spans.iter().map(|span| (span.label.as_str(), span.class.as_str(), span.row)).collect();
        assert_eq!(spans, [("connect", "call", 0), ("sendText", "bad", 1), ("disconnect", "call", 5)]);
        assert_eq!(calls.spans[0].to, trace.rows()[2].at.as_secs_f64(), "it ended with its reply");
    }
}
