//! Function calls of the bot: each that is announced runs once and gets exactly one result.
//!
//! Pure bookkeeping, as `requests`. A call is announced in one form or in two, and ids may come
//! again: LLMs number their calls per round, or leave ids empty. So an id names a call only from
//! its announcement to its end.

use std::{
    collections::{VecDeque, hash_map::RandomState},
    hash::BuildHasher,
    time::Instant,
};

use crate::client::FunctionCall;

/// A hash of an id. Ids are the server's and can be long.
type Key = u64;

/// How many calls that have ended here are remembered, to recognise their other form and their end
/// on the server; the oldest is forgotten first.
const MAX_REMEMBERED: usize = 256;

/// How many calls may be open at once; further calls get an error result.
pub(super) const MAX_OPEN: usize = 64;

/// The form of an announcement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `llm-function-call-in-progress`.
    InProgress,
    /// `llm-function-call`, which older servers send, and some beside the other.
    Deprecated,
}

/// In which forms a call has been announced.
#[derive(Clone, Copy, Debug)]
struct Forms {
    in_progress: bool,
    deprecated: bool,
}

/// A call without a result yet. One whose id another open call has waits for that one's end.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) call: FunctionCall,
    pub(super) deadline: Instant,
    key: Key,
    forms: Forms,
    running: bool,
}

/// A call that has ended here.
#[derive(Debug)]
struct Ended {
    key: Key,
    forms: Forms,
}

/// What an announcement means.
#[derive(Debug, PartialEq)]
pub(super) enum Announced {
    /// A new call, to be run now.
    Runs(FunctionCall),
    /// A new call whose turn comes later.
    Waits,
    /// The other form of a call that is known.
    Known,
    /// A new call, but too many are open.
    TooMany(FunctionCall),
}

/// The calls of a session.
#[derive(Debug, Default)]
pub(super) struct Functions {
    /// Oldest first; of one id only the first runs.
    open: Vec<Open>,
    ended: VecDeque<Ended>,
    hasher: RandomState,
}

impl Functions {
    /// Handles an announcement.
    pub(super) fn announce(&mut self, call: FunctionCall, form: Form, deadline: Instant) -> Announced {
        let key = self.key(&call.tool_call_id);
        let ended = self.ended.iter_mut().filter(|ended| ended.key == key).map(|ended| &mut ended.forms);
        let open = self.open.iter_mut().filter(|open| open.key == key).map(|open| &mut open.forms);
        if let Some(forms) = ended.chain(open).find(|forms| !forms.has(form)) {
            forms.add(form);
            return Announced::Known;
        }
        if self.open.len() >= MAX_OPEN {
            self.remember(key, Forms::only(form));
            return Announced::TooMany(call);
        }
        let running = self.open.iter().all(|open| open.key != key);
        let announced = if running { Announced::Runs(call.clone()) } else { Announced::Waits };
        self.open.push(Open { call, deadline, key, forms: Forms::only(form), running });
        announced
    }

    /// Takes the call of this id that runs: it has ended here.
    pub(super) fn take_running(&mut self, tool_call_id: &str) -> Option<Open> {
        let is_it = |open: &Open| open.running && open.call.tool_call_id == tool_call_id;
        let open = self.open.remove(self.open.iter().position(is_it)?);
        self.remember(open.key, open.forms);
        Some(open)
    }

    /// The server reports that a call with this id has ended. Takes the one that runs, unless that
    /// end is known already.
    pub(super) fn take_stopped(&mut self, tool_call_id: &str) -> Option<Open> {
        let key = self.key(tool_call_id);
        if let Some(index) = self.ended.iter().position(|ended| ended.key == key) {
            self.ended.remove(index);
            return None;
        }
        let index = self.open.iter().position(|open| open.running && open.key == key)?;
        Some(self.open.remove(index))
    }

    /// Takes one call whose deadline has come.
    pub(super) fn take_expired(&mut self, now: Instant) -> Option<Open> {
        let open = self.open.remove(self.open.iter().position(|open| open.deadline <= now)?);
        self.remember(open.key, open.forms);
        Some(open)
    }

    /// The call that runs next, now that one of the same id has ended.
    pub(super) fn start_next(&mut self, ended: &Open) -> Option<FunctionCall> {
        if !ended.running {
            return None;
        }
        let next = self.open.iter_mut().find(|open| open.key == ended.key)?;
        next.running = true;
        Some(next.call.clone())
    }

    /// Ends the session and returns the ids of the calls that were running.
    pub(super) fn end_session(&mut self) -> Vec<String> {
        self.ended.clear();
        let running = self.open.drain(..).filter(|open| open.running);
        running.map(|open| open.call.tool_call_id).collect()
    }

    pub(super) fn next_deadline(&self) -> Option<Instant> {
        self.open.iter().map(|open| open.deadline).min()
    }

    fn key(&self, tool_call_id: &str) -> Key {
        self.hasher.hash_one(tool_call_id)
    }

    fn remember(&mut self, key: Key, forms: Forms) {
        if self.ended.len() == MAX_REMEMBERED {
            self.ended.pop_front();
        }
        self.ended.push_back(Ended { key, forms });
    }
}

impl Open {
    pub(super) const fn is_running(&self) -> bool {
        self.running
    }
}

impl Forms {
    const fn only(form: Form) -> Self {
        let in_progress = matches!(form, Form::InProgress);
        Self { in_progress, deprecated: !in_progress }
    }

    const fn has(self, form: Form) -> bool {
        match form {
            Form::InProgress => self.in_progress,
            Form::Deprecated => self.deprecated,
        }
    }

    const fn add(&mut self, form: Form) {
        match form {
            Form::InProgress => self.in_progress = true,
            Form::Deprecated => self.deprecated = true,
        }
    }
}
