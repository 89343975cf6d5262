//! Replays a trace: tells a new machine the same at the same times, and compares what it wants.
//!
//! Pure, in virtual time.

use std::time::{Duration, Instant};

use crate::{
    client::machine::{Heard, Machine},
    error::{Error, ErrorKind},
};

use super::{SessionTrace, file::Line, input_note::InputNote, masked, rows, wants};

/// How many differences are told: after the first, the machines go different ways.
const MAX_DIFFERENCES: usize = 5;

/// The most that is made up for what was said in a session: a trace could ask for any amount of memory.
const MAX_MADE_UP: usize = 256 * 1024 * 1024;

/// What came of a replay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replay {
    /// How many inputs were replayed.
    pub inputs: usize,
    /// Where the machine of this version wanted something else than was recorded; the first five, and nothing is replayed after them.
    /// Empty: all was the same.
    pub differences: Vec<Difference>,
}

/// An input of which something else came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// When, since the trace began.
    pub at: Duration,
    /// The input, for people.
    pub input: String,
    /// What was wanted in the recording.
    pub recorded: Vec<String>,
    /// What is wanted now.
    pub replayed: Vec<String>,
}

impl SessionTrace {
    /// Replays the trace against a state machine of this version, without network, audio or waiting.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidState`] when the beginning of the trace is [missing](Self::missing), or when more than 256 MiB were sent in it.
    pub fn replay(&self) -> Result<Replay, Error> {
        self.check()?;
        let mut machine = Machine::resume(&self.header.begin);
        let mut replay = Replay { inputs: 0, differences: Vec::new() };
        let began = beginning();
        for line in &self.lines {
            feed(&mut machine, began + line.at(), &line.input);
            let replayed = drain(&mut machine);
            replay.inputs += 1;
            if replayed != line.wants {
                replay.differences.push(difference(line, replayed));
            }
            if replay.differences.len() == MAX_DIFFERENCES {
                break;
            }
        }
        Ok(replay)
    }

    fn check(&self) -> Result<(), Error> {
        let refused = |text: String| Err(Error::new(ErrorKind::InvalidState, text));
        if self.missing() > 0 {
            return refused(format!(
                "the first {} inputs of the session are missing, so the rest can't be replayed",
                self.missing()
            ));
        }
        let made_up: usize = self.lines.iter().map(|line| line.input.size().bytes()).sum();
        if made_up > MAX_MADE_UP {
            return refused(format!("{made_up} bytes were sent, more than can be replayed ({MAX_MADE_UP})"));
        }
        Ok(())
    }

    /// The same without what leaves the machine as it is, which a client forgets first.
    #[cfg(test)]
    pub(in crate::client) fn thinned(mut self) -> Self {
        self.lines.retain(|line| !line.input.changes_nothing());
        self
    }
}

#[expect(clippy::disallowed_methods, reason = "any instant will do as the beginning of virtual time")]
fn beginning() -> Instant {
    Instant::now()
}

fn feed(machine: &mut Machine, now: Instant, note: &InputNote) {
    if let InputNote::Message { epoch, heard, .. } = note {
        // One that was not listened to is nobody's now either.
        let message = heard.as_ref().unwrap_or(&Heard::Foreign).message(machine.ids());
        machine.hear(now, (*epoch).into(), message);
    } else if let Some(input) = masked::input(note, machine.ids()) {
        machine.handle(now, input);
    }
}

fn drain(machine: &mut Machine) -> Vec<String> {
    let mut replayed = Vec::new();
    while let Some(output) = machine.poll_output() {
        replayed.push(wants::describe(&output, machine.ids(), machine.aliases()));
    }
    replayed
}

fn difference(line: &Line, replayed: Vec<String>) -> Difference {
    Difference { at: line.at(), input: rows::describe(&line.input).1, recorded: line.wants.clone(), replayed }
}
