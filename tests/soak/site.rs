//! A bot in a process of its own and the gate before it.
//!
//! Depends on [`crate::incident`].

use rtvi_tests::{Answer, BotProcess, Gate, Mode};

use crate::incident::Incident;

/// A bot that clients come to through its gate.
#[derive(Debug)]
pub(crate) struct Site {
    bot: BotProcess,
    gate: Gate,
}

impl Site {
    /// Starts both.
    pub(crate) async fn open() -> Self {
        let bot = BotProcess::start(&[], 0);
        let address = bot.http_url().trim_start_matches("http://").parse().expect("it is an address");
        Self { gate: Gate::start(address).await, bot }
    }

    /// `HOST:PORT` of the gate.
    pub(crate) fn address(&self) -> String {
        self.gate.address().to_string()
    }

    /// Lets it begin.
    pub(crate) fn begin(&mut self, incident: Incident) {
        match incident {
            Incident::Reset => self.gate.set(Mode::Reset),
            Incident::Cut => self.gate.set(Mode::Cut),
            Incident::HalfOpen => self.gate.set(Mode::HalfOpen),
            Incident::Dark => self.gate.set(Mode::Dark),
            Incident::Refused => self.gate.set(Mode::Refusing),
            Incident::Garbage => self.gate.set(Mode::Answering(Answer::Garbage)),
            Incident::Slow => self.gate.set(Mode::Slow),
            Incident::Frozen => self.bot.stop(),
            Incident::Killed => self.bot.kill(),
        }
    }

    /// Lets it end.
    pub(crate) fn end(&mut self, incident: Incident) {
        match incident {
            Incident::Frozen => self.bot.go_on(),
            Incident::Killed => self.bot = BotProcess::start(&[], self.bot.port()),
            _ => self.gate.set(Mode::Open),
        }
    }
}
