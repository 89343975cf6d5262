//! Records what a client's machine is told and wants, within bounds.
//!
//! The driver writes; any thread may read. The lock is held for moments only, never while app code runs.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    Event,
    client::machine::{Heard, Input, Machine, Output, Rest},
    protocol::ServerMessage,
};

use super::{input_note::InputNote, wants};

/// How many inputs and wants are kept of what changes the machine. When there are more, the oldest inputs are forgotten and counted: the
/// trace can then be read, but not replayed.
pub(crate) const MAX_STEPS: usize = 2048;

/// How many messages are kept that were only passed on, and reports of how the connection does. When there are more, the oldest
/// are forgotten and counted; a replay does not miss them.
pub(crate) const MAX_PASSED_ON: usize = 1024;

/// Messages that come many times a second and tell little: only counted.
const COUNTED: [&str; 2] = ["user-audio-level", "bot-audio-level"];

/// An input, and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Step {
    /// Which one it is of all.
    pub(super) number: u64,
    /// Since the trace began.
    pub(super) at: Duration,
    pub(super) input: InputNote,
    /// Whether the message was passed on; it then comes first.
    pub(super) passed_on: bool,
    pub(super) wants: Vec<String>,
}

/// What is known of the present or the last session.
#[derive(Clone, Debug)]
pub(super) struct Records {
    /// How the machine was when the trace began.
    pub(super) rest: Rest,
    began: Instant,
    steps: VecDeque<Step>,
    /// How much of [`MAX_STEPS`] is taken.
    weight: usize,
    passed_on: VecDeque<Step>,
    next: u64,
    pub(super) lost_steps: u64,
    pub(super) lost_messages: u64,
    pub(super) counted: u64,
}

/// The records of a client, for those who read them.
#[derive(Clone, Debug)]
pub(in crate::client) struct Recorder(Arc<Mutex<Records>>);

/// An input that is being handled.
#[derive(Debug)]
pub(in crate::client) struct Handling {
    now: Instant,
    /// How the machine was before, if it was disconnected.
    rest: Option<Rest>,
    input: InputNote,
    passed_on: bool,
    wants: Vec<String>,
}

impl Recorder {
    /// Begins with a machine that is disconnected.
    pub(in crate::client) fn new(now: Instant, rest: Rest) -> Self {
        Self(Arc::new(Mutex::new(Records::new(now, rest))))
    }

    /// Notes the input that the machine is about to handle.
    pub(in crate::client) fn begin(now: Instant, machine: &Machine, input: &Input) -> Handling {
        Handling {
            now,
            rest: machine.is_at_rest().then(|| machine.rest()),
            input: InputNote::of(input, machine.ids(), machine.aliases()),
            passed_on: false,
            wants: Vec::new(),
        }
    }

    /// Keeps an input that the machine has handled, with all that came of it, before any of that is carried out. A session that began
    /// with it begins the trace anew.
    pub(in crate::client) fn keep(&self, mut handling: Handling, machine: &mut Machine) {
        handling.handled(machine);
        let mut records = self.lock();
        let Handling { now, rest, input, passed_on, wants } = handling;
        if let Some(rest) = rest.filter(|_| !machine.is_at_rest()) {
            *records = Records::new(now, rest);
        }
        records.add(now, input, passed_on, wants);
    }

    /// A copy of all that is kept.
    pub(super) fn records(&self) -> Records {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Records> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Handling {
    /// Notes what the machine looked at in a message, and what it wants.
    fn handled(&mut self, machine: &mut Machine) {
        if let InputNote::Message { heard, .. } = &mut self.input {
            *heard = machine.take_heard();
        }
        machine.outputs().for_each(|output| self.want(output, machine));
    }

    fn want(&mut self, output: &Output, machine: &Machine) {
        match output {
            Output::Emit(Event::Server(message)) if self.is_of(message) => self.passed_on = true,
            output => self.wants.push(wants::describe(output, machine.ids(), machine.aliases())),
        }
    }

    /// Whether the event is the message that was heard. Told without making a text of it: there are many.
    fn is_of(&self, message: &ServerMessage) -> bool {
        let InputNote::Message { heard: Some(Heard::PassedOn { wire_type }), .. } = &self.input else {
            return false;
        };
        self.wants.is_empty() && message.known_type().is_none_or(|known| known == wire_type.as_str())
    }
}

impl Records {
    fn new(now: Instant, rest: Rest) -> Self {
        Self {
            rest,
            began: now,
            steps: VecDeque::new(),
            weight: 0,
            passed_on: VecDeque::new(),
            next: 0,
            lost_steps: 0,
            lost_messages: 0,
            counted: 0,
        }
    }

    fn add(&mut self, now: Instant, input: InputNote, passed_on: bool, wants: Vec<String>) {
        if is_counted(&input) {
            self.counted += 1;
            return;
        }
        let changes_nothing = input.changes_nothing();
        let at = now.saturating_duration_since(self.began);
        let step = Step { number: self.next, at, input, passed_on, wants };
        self.next += 1;
        if changes_nothing {
            self.add_passed_on(step);
        } else {
            self.add_step(step);
        }
    }

    fn add_passed_on(&mut self, step: Step) {
        if self.passed_on.len() == MAX_PASSED_ON {
            self.passed_on.pop_front();
            self.lost_messages += 1;
        }
        self.passed_on.push_back(step);
    }

    fn add_step(&mut self, step: Step) {
        self.weight += step.weight();
        self.steps.push_back(step);
        while self.weight > MAX_STEPS {
            let Some(oldest) = self.steps.pop_front() else { return };
            self.weight -= oldest.weight();
            self.lost_steps += 1;
        }
    }

    /// All that is kept, in order.
    pub(super) fn into_steps(self) -> Vec<Step> {
        let mut steps: Vec<Step> = self.steps.into_iter().chain(self.passed_on).collect();
        steps.sort_by_key(|step| step.number);
        steps
    }
}

impl Step {
    fn weight(&self) -> usize {
        1 + self.wants.len()
    }

    /// What came of it, in order.
    pub(super) fn into_wants(self) -> Vec<String> {
        let message = match &self.input {
            InputNote::Message { heard: Some(heard), .. } if self.passed_on => {
                Some(wants::describe_message(heard.wire_type()))
            }
            _ => None,
        };
        message.into_iter().chain(self.wants).collect()
    }
}

fn is_counted(input: &InputNote) -> bool {
    match input {
        InputNote::Message { heard: Some(Heard::PassedOn { wire_type }), .. } => {
            COUNTED.contains(&wire_type.as_str())
        }
        _ => false,
    }
}
