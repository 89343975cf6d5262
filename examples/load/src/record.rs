//! What is known of one call: its course from the client's events.
//!
//! Pure. Time is passed in, counted from the beginning of the run.

use std::time::Duration;

use rtvi_core::{
    Error, Event, TransportState,
    client::{AudioStats, DisconnectReason},
    media::PlayoutStats,
    transport::TransportStats,
};

use crate::{
    functions::OpenFunctions,
    pace::FRAME,
    report::{Audio, Phases},
};

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum End {
    /// As planned.
    Planned,
    /// The bot never became ready.
    Failed(Error),
    /// The server has no room.
    Refused(Error),
    /// The session ended by itself.
    Dropped(String),
}

/// The HTTP status of a server that has no room.
const NO_ROOM: u16 = 429;

/// A call so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Record {
    pub(crate) state: Option<(TransportState, Duration)>,
    /// When the bot was ready first.
    pub(crate) ready: Option<Duration>,
    pub(crate) phases: Phases<Option<Duration>>,
    pub(crate) reconnects: u64,
    /// Why the session ended, if it did so by itself.
    pub(crate) ended: Option<String>,
    pub(crate) transport: Option<Box<TransportStats>>,
    pub(crate) functions: OpenFunctions,
}

impl Record {
    /// Takes an event. Returns what it means for the conversation.
    pub(crate) fn on_event(&mut self, now: Duration, event: Event) -> Meaning {
        match event {
            Event::TransportStateChanged(state) => return self.on_state(now, state),
            Event::Reconnecting { .. } => return Meaning::Lost,
            Event::Server(message) => self.functions.on_message(&message),
            Event::TransportStats(stats) => self.transport = Some(stats),
            Event::Disconnected(reason) => {
                self.ended = match reason {
                    DisconnectReason::Requested => None,
                    DisconnectReason::BotLeft { .. } => Some("botLeft".to_owned()),
                    DisconnectReason::Failed(error) => Some(kind(&error)),
                };
                return Meaning::Over;
            }
            _ => {}
        }
        Meaning::Nothing
    }

    fn on_state(&mut self, now: Duration, state: TransportState) -> Meaning {
        let before = self.state.replace((state, now));
        let is_first = self.ready.is_none();
        if let Some((before, since)) = before.filter(|_| is_first) {
            let phase = match (before, state) {
                (TransportState::Authenticating, TransportState::Authenticated) => &mut self.phases.start,
                (TransportState::Connecting, TransportState::Connected) => &mut self.phases.open,
                (TransportState::Connected, TransportState::Ready) => &mut self.phases.bot_ready,
                _ => return Meaning::Nothing,
            };
            *phase = Some(now.saturating_sub(since));
        }
        if state != TransportState::Ready {
            return Meaning::Nothing;
        }
        if is_first {
            self.ready = Some(now);
        } else {
            self.reconnects += 1;
        }
        Meaning::Ready { is_first }
    }

    /// How the call ended. `failure` is why connecting failed.
    pub(crate) fn end(&self, failure: Option<Error>) -> End {
        match (self.ready, failure, &self.ended) {
            (None, Some(error), _) if error.status() == Some(NO_ROOM) => End::Refused(error),
            (None, Some(error), _) => End::Failed(error),
            (Some(_), _, Some(kind)) => End::Dropped(kind.clone()),
            _ => End::Planned,
        }
    }

    /// The bot's audio.
    pub(crate) fn audio(&self, stats: &AudioStats, playout: &PlayoutStats) -> Audio {
        let (lost, by_transport) =
            self.transport.as_ref().map_or((0, 0), |stats| (stats.packets_lost, stats.frames_concealed));
        let by_transport = FRAME * u32::try_from(by_transport).unwrap_or(u32::MAX);
        let (received, dropped) = (stats.received, stats.receive_dropped);
        let heard = received.saturating_sub(dropped).saturating_sub(by_transport);
        Audio {
            received_seconds: received.as_secs_f64(),
            heard_seconds: heard.as_secs_f64(),
            concealed_seconds: (by_transport + playout.concealed).as_secs_f64(),
            gaps: playout.gaps,
            dropped_seconds: dropped.as_secs_f64(),
            packets_lost: lost,
            send_dropped_seconds: stats.send_dropped.as_secs_f64(),
        }
    }
}

/// What an event means for the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    Nothing,
    /// The bot is ready, for the first time or again.
    Ready {
        is_first: bool,
    },
    /// The connection was lost and is being restored.
    Lost,
    /// The session is over.
    Over,
}

/// The name of an error's kind.
pub(crate) fn kind(error: &Error) -> String {
    match serde_json::to_value(error.kind()) {
        Ok(serde_json::Value::String(kind)) => kind,
        _ => "internal".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use TransportState as S;
    use rtvi_core::ErrorKind;

    use super::*;

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    fn after(states: &[(u64, S)]) -> Record {
        let mut record = Record::default();
        for (at, state) in states {
            record.on_event(ms(*at), Event::TransportStateChanged(*state));
        }
        record
    }

    const UP: [(u64, S); 5] = [
        (0, S::Authenticating),
        (30, S::Authenticated),
        (31, S::Connecting),
        (80, S::Connected),
        (200, S::Ready),
    ];

    #[test]
    fn connecting_has_phases() {
        let record = after(&UP);
        assert_eq!(record.ready, Some(ms(200)));
        let Phases { start, open, bot_ready, .. } = record.phases;
        assert_eq!((start, open, bot_ready), (Some(ms(30)), Some(ms(49)), Some(ms(120))));
    }

    #[test]
    fn a_restored_session_is_counted_and_changes_no_phase() {
        let mut record = after(&UP);
        record.on_state(ms(5_000), S::Connecting);
        record.on_state(ms(5_900), S::Connected);
        assert_eq!(record.on_state(ms(6_000), S::Ready), Meaning::Ready { is_first: false });
        assert_eq!((record.reconnects, record.ready, record.phases.open), (1, Some(ms(200)), Some(ms(49))));
        assert_eq!(record.end(None), End::Planned);
    }

    #[test]
    fn calls_end_in_different_ways() {
        let error = |status| Error::new(ErrorKind::StartBotFailed, "no").with_status(status);
        let record = after(&UP[..2]);
        assert_eq!(record.end(Some(error(500))), End::Failed(error(500)));
        assert_eq!(record.end(Some(error(429))), End::Refused(error(429)));
        let mut record = after(&UP);
        let lost = Error::new(ErrorKind::ConnectionLost, "gone");
        assert_eq!(
            record.on_event(ms(900), Event::Disconnected(DisconnectReason::Failed(lost))),
            Meaning::Over
        );
        assert_eq!(record.end(None), End::Dropped("connectionLost".to_owned()));
        record.on_event(ms(900), Event::Disconnected(DisconnectReason::Requested));
        assert_eq!(record.end(None), End::Planned);
    }
}
