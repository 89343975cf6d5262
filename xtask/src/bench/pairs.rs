//! The figures of both transports side by side.
//!
//! Depends on [`super::figure`]. Knows no figure by name, only how a WebRTC figure is named after
//! its WebSocket counterpart.

use super::figure::{Summary, rounded};

/// The end of the name of a WebRTC figure.
const WEBRTC: &str = "-webrtc";

/// The rows of the table, under a heading: each figure measured over both transports, and the ratio
/// of WebRTC to WebSocket.
pub(super) fn rows(summaries: &[Summary]) -> Vec<[String; 5]> {
    let heading = ["figure", "WebSocket", "WebRTC", "unit", "ratio"].map(str::to_owned);
    let find = |name: &str| summaries.iter().find(|summary| summary.name() == name);
    let pairs = summaries.iter().filter_map(|webrtc| {
        let name = webrtc.name().strip_suffix(WEBRTC)?;
        let (one, other) = (find(name)?.median()?, webrtc.median()?);
        let ratio = format!("{} ×", rounded(other / one));
        Some([name.to_owned(), rounded(one), rounded(other), webrtc.unit().to_owned(), ratio])
    });
    std::iter::once(heading).chain(pairs).collect()
}

#[cfg(test)]
mod tests {
    use super::super::figure::{Figure, summarize};
    use super::*;

    #[test]
    fn only_what_was_measured_over_both_is_compared() {
        let line = |name: &str, value: f64| {
            format!(r#"{{"name":"{name}","value":{value},"unit":"ms","better":"lower"}}"#)
        };
        let lines = [
            line("echo", 100.0),
            line("dispatch", 1.0),
            line("echo-webrtc", 150.0),
            line("new-webrtc", 1.0),
            line("real", 1.0),
            r#"{"name":"real-webrtc","skipped":"no Python"}"#.to_owned(),
        ];
        let figures: Vec<Figure> = lines.iter().map(|line| Figure::parse(line).unwrap()).collect();
        let rows = rows(&summarize(&figures));
        assert_eq!(rows[1..], [["echo", "100", "150", "ms", "1.50 ×"].map(str::to_owned)]);
    }
}
