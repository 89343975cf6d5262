//! Lines for people: who said what and what happened. On a terminal, two live lines below show the
//! levels and the bot's words.
//!
//! Always writes colours; the stream below removes them where they are not wanted.

use std::{
    io::{self, Write},
    time::Duration,
};

use rtvi_core::{Error, Event};
use serde_json::Value;

use crate::{plan::Call, printable::printable, talk::Summary};

use super::{
    Output, What,
    live::Live,
    meter::Meter,
    turns::Turns,
    wording::{self, BOT, DIM, Line, PLAIN},
};

/// A terminal in raw mode needs both characters.
const NEW_LINE: &str = "\r\n";
/// Moves to the start of the line and clears it and those below.
const CLEAR: &str = "\r\x1b[J";
/// Moves to the start of the line above.
const UP: &str = "\x1b[1A\r";

/// Writes the log for people.
#[derive(Debug)]
pub(super) struct Human<W> {
    out: W,
    /// The content of the live lines; `None` if there are none.
    live: Option<Live>,
    /// Whether they are shown.
    shown: bool,
    turns: Turns,
    meter: Meter,
    /// The last fatal error; a call that fails because of it does not repeat it.
    last_fatal: Option<String>,
}

impl<W: Write> Human<W> {
    pub(super) fn new(out: W, live: Option<Live>) -> Self {
        Self { out, live, shown: false, turns: Turns::new(), meter: Meter::default(), last_fatal: None }
    }

    fn event(&mut self, at: Duration, event: &Event) -> io::Result<()> {
        if let Some(live) = &mut self.live {
            live.update(at, event);
        }
        match event {
            Event::LocalAudioLevel(level) => self.meter.you(*level),
            Event::RemoteAudioLevel(level) => self.meter.bot(*level),
            Event::Error { error, fatal: true } => self.last_fatal = Some(error.message().to_owned()),
            _ => {}
        }
        if let Event::LocalAudioLevel(_) | Event::RemoteAudioLevel(_) = event {
            return self.levels(at);
        }
        let said = self.turns.take(event);
        self.lines(at, said)?;
        self.lines(at, wording::event(event))
    }

    fn result(&mut self, at: Duration, call: &Call, result: &Result<Value, Error>) -> io::Result<()> {
        let told = |error: &Error| self.last_fatal.as_deref() == Some(error.message());
        if result.as_ref().is_err_and(told) {
            return Ok(());
        }
        self.lines(at, wording::result(call, result))
    }

    fn call(&mut self, at: Duration, call: &Call) -> io::Result<()> {
        if let Some(live) = &mut self.live {
            live.call(call);
        }
        self.lines(at, Some(wording::call(call)))
    }

    fn levels(&mut self, at: Duration) -> io::Result<()> {
        if self.live.is_some() {
            return Ok(());
        }
        let line = self.meter.line(at).map(|bars| Line::new("levels", DIM, bars));
        self.lines(at, line)
    }

    /// Draws the live lines.
    fn draw(&mut self) -> io::Result<()> {
        let Some(live) = &self.live else { return Ok(()) };
        let [head, foot] = live.lines(&self.meter.bars(), &printable(self.turns.being_said()));
        self.clear_live()?;
        write!(self.out, "{DIM}{head}{DIM:#}{NEW_LINE}{BOT}{foot}{BOT:#}{UP}")?;
        self.shown = true;
        Ok(())
    }

    /// Writes lines above the live ones.
    fn lines(&mut self, at: Duration, lines: impl IntoIterator<Item = Line>) -> io::Result<()> {
        for Line { label, style, text } in lines {
            self.clear_live()?;
            let seconds = at.as_secs_f64();
            let (text, new_line) = (printable(&text), self.new_line());
            write!(self.out, "{DIM}{seconds:8.3}{DIM:#}  {style}{label:<9} {text}{style:#}{new_line}")?;
        }
        Ok(())
    }

    const fn new_line(&self) -> &'static str {
        if self.live.is_some() { NEW_LINE } else { "\n" }
    }

    fn clear_live(&mut self) -> io::Result<()> {
        if std::mem::take(&mut self.shown) {
            write!(self.out, "{CLEAR}")?;
        }
        Ok(())
    }
}

impl<W: Write> Output for Human<W> {
    fn tell(&mut self, at: Duration, what: &What<'_>) -> io::Result<()> {
        match what {
            What::Event(event) => self.event(at, event)?,
            What::Call(call) => self.call(at, call)?,
            What::Result(call, result) => self.result(at, call, result)?,
            What::Step(_) => {}
            What::StepResult(name, result) => {
                self.lines(at, result.as_ref().err().map(|error| wording::failed(name, error)))?;
            }
        }
        self.draw()?;
        self.out.flush()
    }

    fn summary(&mut self, summary: &Summary) -> io::Result<()> {
        self.clear_live()?;
        let (bold, new_line) = (PLAIN.bold(), self.new_line());
        write!(self.out, "{new_line}{bold}Summary{bold:#}{new_line}")?;
        for (label, figure) in figures(summary) {
            write!(self.out, "  {label:<16} {figure}{new_line}")?;
        }
        self.out.flush()
    }
}

fn figures(summary: &Summary) -> Vec<(&'static str, String)> {
    let or_unknown = |figure: Option<String>| figure.unwrap_or_else(|| "unknown".to_owned());
    let ready = summary.bot_ready_ms.map_or_else(|| "never".to_owned(), |ms| format!("after {ms} ms"));
    let memory = summary.peak_rss_bytes.map(|bytes| format!("{:.1} MB", bytes as f64 / 1e6));
    let video = [
        ("video sent", pictures(summary.video_frames_sent)),
        ("screen sent", pictures(summary.screen_frames_sent)),
        ("video received", pictures(summary.video_frames_received)),
    ];
    let mut figures = vec![
        ("outcome", summary.outcome.as_str().to_owned()),
        ("bot ready", ready),
        ("audio sent", format!("{:.1} s", summary.audio_sent_seconds)),
        ("audio received", format!("{:.1} s", summary.audio_received_seconds)),
    ];
    figures.extend(video.into_iter().filter_map(|(label, figure)| Some((label, figure?))));
    if summary.video_freezes > 0 {
        figures.push(("video freezes", summary.video_freezes.to_string()));
    }
    figures.extend([
        ("reconnects", summary.reconnects.to_string()),
        ("CPU time", or_unknown(summary.cpu_seconds.map(|seconds| format!("{seconds:.2} s")))),
        ("peak memory", or_unknown(memory)),
    ]);
    figures
}

/// A number of pictures; `None` if there was no video.
fn pictures(count: u64) -> Option<String> {
    (count > 0).then(|| format!("{count} pictures"))
}

#[cfg(test)]
mod tests {
    use rtvi_core::{ErrorKind, TransportState, client::DisconnectReason, protocol::ServerMessage};
    use serde_json::json;

    use super::*;
    use crate::outcome::Outcome;

    /// The visible text of these, without colours.
    fn seen(what: &[What<'_>]) -> String {
        let mut human = Human::new(Vec::new(), None);
        for what in what {
            human.tell(Duration::from_millis(1500), what).expect("written");
        }
        anstream::adapter::strip_str(&String::from_utf8(human.out).expect("text")).to_string()
    }

    fn transcript(text: &str) -> Event {
        let data = serde_json::from_value(json!({"text": text})).expect("a transcript");
        Event::Server(ServerMessage::UserTranscript(data))
    }

    #[test]
    fn a_conversation_reads_well() {
        let input = json!({"text": "Hello", "input_type": "transcription"});
        let input = Event::Server(ServerMessage::UserInput(serde_json::from_value(input).expect("input")));
        let output = json!({"text": "Hi.", "output_type": "sentence", "spoken_status": "completed"});
        let output = Event::Server(ServerMessage::BotOutput(serde_json::from_value(output).expect("output")));
        let refused = Err(Error::new(ErrorKind::InvalidArgument, "not a key: x"));
        let lines = seen(&[
            What::Event(&Event::TransportStateChanged(TransportState::Ready)),
            What::Event(&transcript("Hello")),
            What::Event(&input),
            What::Event(&output),
            What::Result(&Call::SendDtmf { keys: "x".into() }, &refused),
            What::Event(&Event::Disconnected(DisconnectReason::Requested)),
        ]);
        let expected = "   1.500  state     ready\n   1.500  you       Hello\n   1.500  bot       Hi.\n   \
                        1.500  failed    sendDtmf: not a key: x\n   1.500  ended     disconnected\n";
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_is_said_does_not_command_the_terminal() {
        let mut human = Human::new(Vec::new(), Some(Live::new(false)));
        let output = json!({"text": "\u{7}bell", "output_type": "sentence", "spoken_status": "not_spoken"});
        let output = Event::Server(ServerMessage::BotOutput(serde_json::from_value(output).expect("output")));
        for event in [transcript("red \x1b[31m\nline"), output] {
            human.tell(Duration::ZERO, &What::Event(&event)).expect("written");
        }
        let text = String::from_utf8(human.out).expect("text");
        assert!(text.contains("red \u{FFFD}[31m line"), "{text:?}");
        assert!(!text.contains("\x1b[31m") && !text.contains('\u{7}'), "{text:?}");
    }

    #[test]
    fn an_error_is_told_once() {
        let error = Error::new(ErrorKind::ConnectionFailed, "h:1 can't be reached");
        let failed = Event::Error { error: error.clone(), fatal: true };
        let ended = Event::Disconnected(DisconnectReason::Failed(error.clone()));
        let result = Err(error);
        let lines = seen(&[What::Event(&failed), What::Event(&ended), What::Result(&Call::Connect, &result)]);
        assert_eq!(
            lines,
            "   1.500  fatal     h:1 can't be reached\n   1.500  ended     the session has failed\n"
        );
    }

    #[test]
    fn the_live_lines_make_room() {
        let mut human = Human::new(Vec::new(), Some(Live::new(false)));
        let at = Duration::from_millis(1500);
        for event in [Event::LocalAudioLevel(1.0), transcript("Hello")] {
            human.tell(at, &What::Event(&event)).expect("written");
        }
        let text = String::from_utf8(human.out).expect("text");
        let (foot, rest) = text.split_once(CLEAR).expect("the live lines are taken away");
        assert!(
            foot.contains("disconnected  you ██████████ bot ··········") && foot.ends_with(UP),
            "{foot:?}"
        );
        let (above, below) = rest.split_once(NEW_LINE).expect("a line");
        assert_eq!(anstream::adapter::strip_str(above).to_string(), "   1.500  you       Hello");
        assert_eq!(below, foot, "they are shown again");
        assert!(!seen(&[What::Event(&Event::LocalAudioLevel(1.0))]).contains('\r'));
    }

    #[test]
    fn tokens_are_not_shown() {
        let answer = json!({"wsUrl": "ws://h", "token": "secret"});
        let lines = seen(&[
            What::Event(&Event::BotStarted(answer.clone())),
            What::Result(&Call::StartBot, &Ok(answer)),
            What::StepResult("waitFor", &Ok(Value::Null)),
        ]);
        assert_eq!(lines, "");
    }

    #[test]
    fn the_summary_names_what_is_not_known() {
        let summary = Summary {
            outcome: Outcome::Done,
            bot_ready_ms: Some(12.5),
            audio_sent_seconds: 1.04,
            audio_received_seconds: 0.0,
            video_frames_sent: 240,
            video_frames_received: 0,
            screen_frames_sent: 0,
            video_freezes: 1,
            reconnects: 0,
            cpu_seconds: None,
            peak_rss_bytes: Some(12_345_678),
        };
        let mut human = Human::new(Vec::new(), None);
        human.summary(&summary).expect("written");
        let text = String::from_utf8(human.out).expect("text");
        for part in ["after 12.5 ms", "1.0 s", "unknown", "12.3 MB", "240 pictures", "freezes"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("screen sent"), "{text}");
    }
}
