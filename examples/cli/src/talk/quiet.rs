//! When a conversation has come to rest: nobody speaks, and nothing is awaited, for a while.
//!
//! Pure: it receives events and the time.

use std::time::Duration;

use rtvi_core::{Event, TransportState, protocol::ServerMessage};
use tokio::time::Instant;

/// How long an answer may be awaited before the bot counts as silent.
const REPLY_PATIENCE: Duration = Duration::from_secs(10);

/// Who is active.
#[derive(Debug)]
pub(super) struct Quiet {
    /// Whether the user's microphone never ends, so that its end can't be awaited.
    endless: bool,
    bot_speaks: bool,
    bot_thinks: bool,
    user_speaks: bool,
    /// The number of running function calls.
    calls: usize,
    /// The user said something that has not been answered yet.
    awaiting_reply: bool,
    last_activity: Instant,
}

impl Quiet {
    /// Nobody is active. With an `endless` microphone, the user's voice is ignored.
    pub(super) const fn new(now: Instant, endless: bool) -> Self {
        Self {
            endless,
            bot_speaks: false,
            bot_thinks: false,
            user_speaks: false,
            calls: 0,
            awaiting_reply: false,
            last_activity: now,
        }
    }

    /// The user said something that expects an answer.
    pub(super) const fn expect_reply(&mut self, now: Instant) {
        self.awaiting_reply = true;
        self.last_activity = now;
    }

    /// The microphone ended now.
    pub(super) const fn touch(&mut self, now: Instant) {
        self.last_activity = now;
    }

    /// Applies an event.
    pub(super) fn update(&mut self, now: Instant, event: &Event) {
        match event {
            Event::TransportStateChanged(TransportState::Ready) | Event::Disconnected(_) => {
                *self = Self::new(now, self.endless)
            }
            Event::Server(message) => self.update_from_server(now, message),
            _ => {}
        }
    }

    fn update_from_server(&mut self, now: Instant, message: &ServerMessage) {
        match message {
            ServerMessage::BotStartedSpeaking => (self.bot_speaks, self.awaiting_reply) = (true, false),
            ServerMessage::BotStoppedSpeaking => self.bot_speaks = false,
            ServerMessage::BotLlmStarted => (self.bot_thinks, self.awaiting_reply) = (true, false),
            ServerMessage::BotLlmStopped => self.bot_thinks = false,
            ServerMessage::BotInterrupted => (self.bot_speaks, self.bot_thinks) = (false, false),
            ServerMessage::UserStartedSpeaking => self.user_speaks = true,
            ServerMessage::UserStoppedSpeaking => (self.user_speaks, self.awaiting_reply) = (false, true),
            ServerMessage::LlmFunctionCallInProgress(_) => self.calls += 1,
            ServerMessage::LlmFunctionCallStopped(call) => {
                self.calls = self.calls.saturating_sub(1);
                self.awaiting_reply = !call.cancelled;
            }
            ServerMessage::BotOutput(_) => self.awaiting_reply = false,
            ServerMessage::BotTtsStarted | ServerMessage::BotTtsStopped => {}
            _ => return,
        }
        self.last_activity = now;
    }

    /// When the conversation counts as at rest, if nothing more happens; `None` while somebody is
    /// active.
    pub(super) fn due(&self, linger: Duration) -> Option<Instant> {
        let user_speaks = self.user_speaks && !self.endless;
        if self.bot_speaks || self.bot_thinks || user_speaks || self.calls > 0 {
            return None;
        }
        let wait = if self.awaiting_reply { linger.max(REPLY_PATIENCE) } else { linger };
        Some(self.last_activity + wait)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINGER: Duration = Duration::from_secs(2);

    /// How many seconds after the last of these messages, which are a second apart, the
    /// conversation is at rest.
    fn rest(messages: &[ServerMessage]) -> Option<u64> {
        rest_with(false, messages)
    }

    fn rest_with(endless: bool, messages: &[ServerMessage]) -> Option<u64> {
        let mut now = Instant::now();
        let mut quiet = Quiet::new(now, endless);
        for message in messages {
            now += Duration::from_secs(1);
            quiet.update(now, &Event::Server(message.clone()));
        }
        quiet.due(LINGER).map(|due| (due - now).as_secs())
    }

    #[tokio::test(start_paused = true)]
    async fn the_bot_is_waited_for() {
        use ServerMessage as M;
        assert_eq!(rest(&[]), Some(2));
        assert_eq!(rest(&[M::BotStartedSpeaking]), None);
        assert_eq!(rest(&[M::BotStartedSpeaking, M::BotStoppedSpeaking]), Some(2));
        assert_eq!(rest(&[M::UserStartedSpeaking]), None);
        assert_eq!(rest_with(true, &[M::UserStartedSpeaking]), Some(2), "a tone never ends");
        assert_eq!(rest(&[M::UserStartedSpeaking, M::UserStoppedSpeaking]), Some(10));
        assert_eq!(rest(&[M::UserStoppedSpeaking, M::BotLlmStarted]), None);
        assert_eq!(rest(&[M::UserStoppedSpeaking, M::BotLlmStarted, M::BotLlmStopped]), Some(2));
        assert_eq!(rest(&[M::BotStartedSpeaking, M::BotInterrupted]), Some(2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_text_wants_an_answer_and_a_new_session_nothing() {
        let now = Instant::now();
        let mut quiet = Quiet::new(now, false);
        quiet.expect_reply(now);
        assert_eq!(quiet.due(LINGER), Some(now + REPLY_PATIENCE));
        assert_eq!(quiet.due(REPLY_PATIENCE * 2), Some(now + REPLY_PATIENCE * 2));
        quiet.update(now, &Event::TransportStateChanged(TransportState::Ready));
        assert_eq!(quiet.due(LINGER), Some(now + LINGER));
    }
}
