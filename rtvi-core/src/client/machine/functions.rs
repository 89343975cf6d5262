//! Function calls that run in the app: each call id runs once and gets exactly one result.
//!
//! Pure bookkeeping, as `requests`.

use std::{collections::VecDeque, time::Instant};

use serde_json::{Map, Value};

/// How many call ids are remembered to recognise a call announced twice; the oldest is forgotten first.
const MAX_REMEMBERED: usize = 256;

/// How many handlers may run at once; further calls get an error result.
pub(super) const MAX_RUNNING: usize = 64;

/// A call whose handler is running.
#[derive(Debug)]
pub(super) struct Running {
    pub(super) function_name: String,
    pub(super) arguments: Map<String, Value>,
    pub(super) deadline: Instant,
}

/// The calls of a session.
#[derive(Debug, Default)]
pub(super) struct Functions {
    /// Oldest first.
    running: Vec<(String, Running)>,
    seen: VecDeque<String>,
}

impl Functions {
    /// Whether the call is new; remembers it.
    pub(super) fn is_new(&mut self, tool_call_id: &str) -> bool {
        if self.seen.iter().any(|seen| seen == tool_call_id) {
            return false;
        }
        if self.seen.len() == MAX_REMEMBERED {
            self.seen.pop_front();
        }
        self.seen.push_back(tool_call_id.to_owned());
        true
    }

    pub(super) fn is_full(&self) -> bool {
        self.running.len() >= MAX_RUNNING
    }

    pub(super) fn run(&mut self, tool_call_id: String, running: Running) {
        self.running.push((tool_call_id, running));
    }

    /// Takes a running call that ended, was cancelled or has no handler.
    pub(super) fn take(&mut self, tool_call_id: &str) -> Option<Running> {
        let index = self.running.iter().position(|(id, _)| id == tool_call_id)?;
        Some(self.running.remove(index).1)
    }

    /// Takes one call whose deadline has come.
    pub(super) fn take_expired(&mut self, now: Instant) -> Option<(String, Running)> {
        let index = self.running.iter().position(|(_, running)| running.deadline <= now)?;
        Some(self.running.remove(index))
    }

    /// Forgets the session and gives back the ids of the calls that were running.
    pub(super) fn end_session(&mut self) -> Vec<String> {
        self.seen.clear();
        self.running.drain(..).map(|(id, _)| id).collect()
    }

    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.running.iter().map(|(_, running)| running.deadline).min()
    }
}
