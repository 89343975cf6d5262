//! The two lines at the bottom of a terminal: state, microphone, levels, delay and loss, and the
//! bot's current sentence. Pure.

use std::time::Duration;

use rtvi_core::{Event, TransportState, protocol::ServerMessage, transport::TransportStats};

use crate::plan::Call;

/// The width of the lines; no terminal in use is narrower.
const WIDTH: usize = 78;

/// The content of the lines besides the levels.
#[derive(Debug)]
pub(super) struct Live {
    state: TransportState,
    mic_on: bool,
    /// Whether the button is pressed; always true without push-to-talk.
    pressed: bool,
    /// When the user stopped speaking; reset when the bot answers.
    asked: Option<Duration>,
    /// How long the bot's last answer took to begin.
    delay: Option<Duration>,
    stats: Option<TransportStats>,
}

impl Live {
    /// Not connected yet.
    pub(super) const fn new(push_to_talk: bool) -> Self {
        Self {
            state: TransportState::Disconnected,
            mic_on: true,
            pressed: !push_to_talk,
            asked: None,
            delay: None,
            stats: None,
        }
    }

    /// Applies a call.
    pub(super) const fn call(&mut self, call: &Call) {
        match call {
            Call::EnableMic { enable } => self.mic_on = *enable,
            Call::PressToTalk => self.pressed = true,
            Call::ReleaseToTalk => self.pressed = false,
            _ => {}
        }
    }

    /// Applies an event.
    pub(super) fn update(&mut self, at: Duration, event: &Event) {
        match event {
            Event::TransportStateChanged(state) => self.state = *state,
            Event::TransportStats(stats) => self.stats = Some((**stats).clone()),
            Event::Disconnected(_) => (self.asked, self.stats) = (None, None),
            Event::Server(ServerMessage::UserStoppedSpeaking) => self.asked = Some(at),
            Event::Server(ServerMessage::BotStartedSpeaking) => self.answered(at),
            _ => {}
        }
    }

    fn answered(&mut self, at: Duration) {
        if let Some(asked) = self.asked.take() {
            self.delay = Some(at.saturating_sub(asked));
        }
    }

    /// The lines, with these level bars and this text of the bot.
    pub(super) fn lines(&self, bars: &str, said: &str) -> [String; 2] {
        let mut parts = vec![self.state.as_str().to_owned(), bars.to_owned()];
        if !(self.mic_on && self.pressed) {
            parts.push("mic off".to_owned());
        }
        if let Some(delay) = self.delay {
            parts.push(format!("answer {} ms", delay.as_millis()));
        }
        if let Some(stats) = &self.stats {
            parts.extend(stats.round_trip.map(|time| format!("net {} ms", time.as_millis())));
            parts.push(format!("loss {:.1} %", loss(stats)));
        }
        [cut_end(&parts.join("  ")), cut_start(said)]
    }
}

/// The percentage of the server's packets that were lost.
fn loss(stats: &TransportStats) -> f64 {
    let lost = stats.packets_lost as f64;
    100.0 * lost / (stats.packets_received as f64 + lost).max(1.0)
}

fn cut_end(text: &str) -> String {
    text.chars().take(WIDTH).collect()
}

/// The end of a long text, which is what the bot is saying.
fn cut_start(text: &str) -> String {
    let too_many = text.chars().count().saturating_sub(WIDTH);
    text.chars().skip(too_many).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_foot_tells_how_the_call_does() {
        let mut live = Live::new(false);
        let at = Duration::from_millis;
        live.update(at(0), &Event::TransportStateChanged(TransportState::Ready));
        assert_eq!(live.lines("bars", "Hi"), ["ready  bars", "Hi"]);
        live.update(at(100), &Event::Server(ServerMessage::UserStoppedSpeaking));
        live.update(at(350), &Event::Server(ServerMessage::BotStartedSpeaking));
        live.update(at(900), &Event::Server(ServerMessage::BotStartedSpeaking));
        let mut stats = TransportStats::default();
        (stats.packets_received, stats.packets_lost) = (95, 5);
        live.update(at(950), &Event::TransportStats(Box::new(stats)));
        live.call(&Call::EnableMic { enable: false });
        assert_eq!(live.lines("bars", "")[0], "ready  bars  mic off  answer 250 ms  loss 5.0 %");
        live.update(at(999), &Event::Disconnected(rtvi_core::client::DisconnectReason::Requested));
        assert_eq!(live.lines("bars", "")[0], "ready  bars  mic off  answer 250 ms");
    }

    #[test]
    fn with_a_button_the_microphone_is_on_while_that_is_pressed() {
        let mut live = Live::new(true);
        let mut off_after = |call: Call| {
            live.call(&call);
            live.lines("bars", "")[0].contains("mic off")
        };
        let calls = [
            (Call::ReleaseToTalk, true),
            (Call::PressToTalk, false),
            (Call::EnableMic { enable: false }, true),
            (Call::EnableMic { enable: true }, false),
            (Call::ReleaseToTalk, true),
        ];
        calls.into_iter().for_each(|(call, off)| assert_eq!(off_after(call.clone()), off, "{call:?}"));
    }

    #[test]
    fn long_lines_are_cut() {
        let text = format!("{}end", "x".repeat(100));
        let [head, foot] = Live::new(false).lines(&text, &text);
        assert_eq!((head.len(), foot.len(), foot.ends_with("end")), (WIDTH, WIDTH, true));
    }
}
