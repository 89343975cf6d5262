//! Keeps the rows of a session, within bounds.
//!
//! The driver writes; any thread may read. The lock is held for moments only, never while app code
//! runs.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    Event,
    client::{
        TransportState,
        machine::{CallId, Input, Levels, Output, Reply},
    },
    error::Error,
    transport::TransportEvent,
};

use super::{Detail, Kind, Row, describe};

/// How many rows are kept of states, calls, connections, devices and errors, of which there are
/// few. When there are more, the oldest go and are counted.
pub(crate) const MAX_RARE: usize = 1024;

/// How many rows are kept of messages, levels and reports of the network, of which there are many.
/// When there are more, the oldest go and are counted.
pub(crate) const MAX_TRAFFIC: usize = 2048;

/// How often levels become a row at most.
const LEVELS_PERIOD: Duration = Duration::from_millis(500);

/// The rows of a client's present or last session, for those who read them.
#[derive(Clone, Debug)]
pub(in crate::client) struct Records(Arc<Mutex<Rows>>);

/// The driver's end: adds rows.
#[derive(Debug)]
pub(in crate::client) struct Recorder {
    records: Records,
    /// When the present input came.
    now: Instant,
    /// The size of the message that it brings.
    bytes: usize,
    /// The loudest of user and bot since the last row of levels, and when the next is due.
    levels: Levels,
    levels_due: Instant,
}

/// All that is kept. Rows have numbers, so that the two queues can be put in order.
#[derive(Clone, Debug)]
struct Rows {
    began: Instant,
    in_session: bool,
    rare: VecDeque<(u64, Row)>,
    traffic: VecDeque<(u64, Row)>,
    next: u64,
    dropped: u64,
}

impl Recorder {
    pub(in crate::client) fn new(now: Instant) -> Self {
        let (rare, traffic) = (VecDeque::new(), VecDeque::new());
        let rows = Rows { began: now, in_session: false, rare, traffic, next: 0, dropped: 0 };
        let records = Records(Arc::new(Mutex::new(rows)));
        Self { records, now, bytes: 0, levels: Levels::default(), levels_due: now }
    }

    pub(in crate::client) fn records(&self) -> Records {
        self.records.clone()
    }

    /// Adds what the machine is about to handle.
    pub(in crate::client) fn input(&mut self, now: Instant, input: &Input) {
        self.now = now;
        self.bytes = match input {
            Input::Transport { event: TransportEvent::Message(message), .. } => message.len(),
            _ => 0,
        };
        match input {
            Input::Levels(levels) => self.add_levels(*levels),
            input => self.add(describe::input(input)),
        }
    }

    /// Adds what the machine wants. Called before it is carried out, so that the trace has all that
    /// an app knows of.
    pub(in crate::client) fn output(&mut self, output: &Output) {
        match output {
            Output::Emit(event) => self.event(event),
            output => self.add(describe::output(output)),
        }
    }

    /// Adds how a call has ended.
    pub(in crate::client) fn reply(&mut self, call: CallId, result: &Result<Reply, Error>) {
        self.add(Some(describe::reply(call, result)));
    }

    fn event(&mut self, event: &Event) {
        if let Event::TransportStateChanged(state) = event {
            self.records.lock().follow(*state, self.now);
        }
        self.add(describe::event(event, self.bytes));
    }

    fn add_levels(&mut self, Levels { local, remote }: Levels) {
        let peak = &mut self.levels;
        *peak = Levels { local: peak.local.max(local), remote: peak.remote.max(remote) };
        if self.now >= self.levels_due {
            let Levels { local, remote } = std::mem::take(peak);
            self.levels_due = self.now + LEVELS_PERIOD;
            let detail = Detail::Levels { user: hundredths(local), bot: hundredths(remote) };
            self.add(Some(Row::new(Kind::Audio, "levels").with(detail)));
        }
    }

    fn add(&self, row: Option<Row>) {
        if let Some(row) = row {
            self.records.lock().add(self.now, row);
        }
    }
}

impl Records {
    /// All rows in order, and how many there was no room for.
    pub(super) fn read(&self) -> (Vec<Row>, u64) {
        let Rows { rare, traffic, dropped, .. } = self.lock().clone();
        let mut rows: Vec<(u64, Row)> = rare.into_iter().chain(traffic).collect();
        rows.sort_by_key(|(number, _)| *number);
        (rows.into_iter().map(|(_, row)| row).collect(), dropped)
    }

    fn lock(&self) -> MutexGuard<'_, Rows> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rows {
    fn add(&mut self, now: Instant, mut row: Row) {
        row.at = now.saturating_duration_since(self.began);
        let (rows, most) =
            if row.is_traffic() { (&mut self.traffic, MAX_TRAFFIC) } else { (&mut self.rare, MAX_RARE) };
        if rows.len() == most {
            rows.pop_front();
            self.dropped += 1;
        }
        rows.push_back((self.next, row));
        self.next += 1;
    }

    /// A session that begins forgets the last one; only the call that began it stays.
    fn follow(&mut self, state: TransportState, now: Instant) {
        let in_session = state != TransportState::Disconnected;
        if in_session && !self.in_session {
            let call = self.rare.pop_back();
            self.rare.clear();
            self.traffic.clear();
            (self.began, self.dropped) = (now, 0);
            call.into_iter().for_each(|(_, row)| self.add(now, row));
        }
        self.in_session = in_session;
    }
}

fn hundredths(level: f32) -> f32 {
    (level * 100.0).round() / 100.0
}
