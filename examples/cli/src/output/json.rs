//! One JSON object a line.
//!
//! The order of the members is fixed; times are milliseconds with one decimal.

use std::{
    io::{self, Write},
    time::Duration,
};

use rtvi_core::Error;
use serde::Serialize;
use serde_json::Value;

use crate::talk::Summary;

use super::{Output, What, millis};

/// Writes the log for programs.
#[derive(Debug)]
pub(super) struct Json<W> {
    out: W,
}

#[derive(Serialize)]
struct EventLine<'a> {
    ms: f64,
    event: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
}

#[derive(Serialize)]
struct CallLine<'a> {
    ms: f64,
    call: &'a str,
}

#[derive(Serialize)]
struct OkLine<'a> {
    ms: f64,
    result: &'a str,
    ok: &'a Value,
}

#[derive(Serialize)]
struct ErrorLine<'a> {
    ms: f64,
    result: &'a str,
    error: &'a Error,
}

#[derive(Serialize)]
struct SummaryLine<'a> {
    summary: &'a Summary,
}

impl<W: Write> Json<W> {
    pub(super) const fn new(out: W) -> Self {
        Self { out }
    }

    fn line(&mut self, line: &impl Serialize) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.out.write_all(&text)?;
        self.out.flush()
    }

    fn result(&mut self, ms: f64, name: &str, result: &Result<Value, Error>) -> io::Result<()> {
        match result {
            Ok(ok) => self.line(&OkLine { ms, result: name, ok }),
            Err(error) => self.line(&ErrorLine { ms, result: name, error }),
        }
    }
}

impl<W: Write> Output for Json<W> {
    fn tell(&mut self, at: Duration, what: &What<'_>) -> io::Result<()> {
        let ms = millis(at);
        match what {
            What::Event(event) => self.line(&EventLine { ms, event: event.name(), data: event.data() }),
            What::Call(call) => self.line(&CallLine { ms, call: call.name() }),
            What::Step(name) => self.line(&CallLine { ms, call: name }),
            What::Result(call, result) => self.result(ms, call.name(), result),
            What::StepResult(name, result) => self.result(ms, name, result),
        }
    }

    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        self.line(&SummaryLine { summary })
    }
}

#[cfg(test)]
mod tests {
    use rtvi_core::{ErrorKind, Event, Phase, TransportState};
    use serde_json::json;

    use super::*;
    use crate::{outcome::Outcome, plan::Call};

    fn told(what: &[What<'_>]) -> String {
        let mut json = Json::new(Vec::new());
        for what in what {
            json.tell(Duration::from_micros(12_345), what).expect("written");
        }
        String::from_utf8(json.out).expect("text")
    }

    #[test]
    fn every_line_has_its_shape() {
        let error =
            Error::new(ErrorKind::StartBotFailed, "no\nbot").in_phase(Phase::StartRequest).with_status(503);
        let lines = told(&[
            What::Event(&Event::TransportStateChanged(TransportState::Ready)),
            What::Event(&Event::Connected),
            What::Call(&Call::Connect),
            What::Result(&Call::Connect, &Ok(json!({"version": "2.2.0"}))),
            What::Result(&Call::StartBot, &Err(error)),
            What::Step("waitFor"),
            What::StepResult("waitFor", &Ok(Value::Null)),
        ]);
        let expected = concat!(
            r#"{"ms":12.3,"event":"transportStateChanged","data":"ready"}"#,
            "\n",
            r#"{"ms":12.3,"event":"connected"}"#,
            "\n",
            r#"{"ms":12.3,"call":"connect"}"#,
            "\n",
            r#"{"ms":12.3,"result":"connect","ok":{"version":"2.2.0"}}"#,
            "\n",
            r#"{"ms":12.3,"result":"startBot","error":{"kind":"startBotFailed","phase":"startRequest","status":503,"message":"no\nbot"}}"#,
            "\n",
            r#"{"ms":12.3,"call":"waitFor"}"#,
            "\n",
            r#"{"ms":12.3,"result":"waitFor","ok":null}"#,
            "\n",
        );
        assert_eq!(lines, expected);
    }

    #[test]
    fn the_summary_has_every_figure() {
        let mut json = Json::new(Vec::new());
        let summary = Summary {
            outcome: Outcome::NotConnected,
            bot_ready_ms: None,
            audio_sent_seconds: 0.0,
            audio_received_seconds: 1.5,
            video_frames_sent: 240,
            video_frames_received: 238,
            screen_frames_sent: 50,
            video_freezes: 1,
            reconnects: 2,
            cpu_seconds: Some(0.25),
            peak_rss_bytes: None,
        };
        json.summary(&summary).expect("written");
        let expected = concat!(
            r#"{"summary":{"outcome":"notConnected","botReadyMs":null,"audioSentSeconds":0.0,"audioReceivedSeconds":1.5,"#,
            r#""videoFramesSent":240,"videoFramesReceived":238,"screenFramesSent":50,"videoFreezes":1,"#,
            r#""reconnects":2,"cpuSeconds":0.25,"peakRssBytes":null}}"#,
            "\n",
        );
        assert_eq!(String::from_utf8(json.out).expect("text"), expected);
    }
}
