//! Records what the sessions of a bot received, for tests.
//!
//! The records are bounded: the newest [`MAX_SESSIONS`] sessions, [`MAX_MESSAGES`] messages each.
//! Locks are held only while values are copied.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

#[cfg(feature = "webrtc")]
use crate::conversation::Note;

/// The number of sessions that are kept. When another one begins, the oldest is removed.
const MAX_SESSIONS: usize = 256;

/// The number of messages that are kept per session. Later ones are only counted.
const MAX_MESSAGES: usize = 4096;

/// What one session has received so far.
#[derive(Clone, Debug, Default)]
pub struct SessionRecord {
    /// The number of the session, from 0 in order of their start.
    pub number: u64,
    /// The session's id, as reported by the client message `session`.
    pub id: String,
    /// The `version` of the last `client-ready`.
    pub client_version: Option<String>,
    /// RTVI messages, as received; the first 4096.
    pub messages: Vec<Value>,
    /// How many RTVI messages arrived in total.
    pub message_count: u64,
    /// Keys of valid `dtmf` messages in order.
    pub dtmf: String,
    /// Seconds of audio received.
    pub audio_seconds: f64,
    /// Audio frames received.
    pub audio_frames: u64,
    /// Sample rate of the last audio frame.
    pub audio_rate: u32,
    /// The turns that the voice activity detection detected.
    pub turns: u32,
    /// The client's close code: 1005 for a close without one; `None` if the client did not close
    /// the WebSocket.
    pub close_code: Option<u16>,
    /// The offer's `requestData`, or else the `body` of its start request; null if there is
    /// neither.
    pub body: Value,
    /// WebRTC: `ping`s received on the data channel.
    pub pings: u64,
    /// WebRTC: whether the client sends its microphone, according to its last `trackStatus`.
    pub microphone: Option<bool>,
    /// WebRTC: the number of data channels that the client opened.
    pub channels: u32,
    /// WebRTC: how often another peer connection took over (`restart_pc`).
    pub restarts: u32,
    /// True once the connection has ended.
    pub ended: bool,
}

#[cfg(feature = "webrtc")]
impl SessionRecord {
    /// Counts what a link reports.
    pub(crate) fn note(&mut self, note: Note) {
        match note {
            Note::Ping => self.pings += 1,
            Note::TrackStatus { receiver: 0, enabled } => self.microphone = Some(enabled),
            Note::TrackStatus { .. } => {}
            Note::ChannelOpen => self.channels += 1,
            Note::Restarted => self.restarts += 1,
        }
    }
}

/// The records of all sessions of a bot; clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log {
    sessions: Arc<Mutex<Sessions>>,
}

#[derive(Debug, Default)]
struct Sessions {
    started: u64,
    records: VecDeque<SessionRecord>,
}

impl Log {
    /// Begins the record of a session.
    pub(crate) fn open(&self, id: String, body: Value) -> SessionLog {
        let mut sessions = self.lock();
        let number = sessions.started;
        sessions.started += 1;
        if sessions.records.len() == MAX_SESSIONS {
            sessions.records.pop_front();
        }
        sessions.records.push_back(SessionRecord { number, id, body, ..SessionRecord::default() });
        SessionLog { log: self.clone(), number }
    }

    /// Copies of the records, oldest first.
    pub(crate) fn records(&self) -> Vec<SessionRecord> {
        self.lock().records.iter().cloned().collect()
    }

    fn lock(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The record of one session. Dropping it marks the session as ended.
#[derive(Debug)]
pub(crate) struct SessionLog {
    log: Log,
    number: u64,
}

impl SessionLog {
    /// Keeps a received message.
    pub(crate) fn message(&self, message: &Value) {
        self.update(|record| {
            record.message_count += 1;
            if record.messages.len() < MAX_MESSAGES {
                record.messages.push(message.clone());
            }
        });
    }

    /// Changes the record, unless it has been removed.
    pub(crate) fn update(&self, change: impl FnOnce(&mut SessionRecord)) {
        let mut sessions = self.log.lock();
        if let Some(record) = sessions.records.iter_mut().rev().find(|record| record.number == self.number) {
            change(record);
        }
    }
}

impl Drop for SessionLog {
    fn drop(&mut self) {
        self.update(|record| record.ended = true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_and_sessions_are_bounded() {
        let log = Log::default();
        let session = log.open("a".into(), Value::Null);
        for _ in 0..=MAX_MESSAGES {
            session.message(&Value::Null);
        }
        let record = log.records().remove(0);
        assert_eq!((record.messages.len(), record.message_count), (MAX_MESSAGES, MAX_MESSAGES as u64 + 1));
        for _ in 0..MAX_SESSIONS {
            log.open(String::new(), Value::Null);
        }
        session.message(&Value::Null);
        assert_eq!(log.records().len(), MAX_SESSIONS);
        assert_eq!(log.records()[0].number, 1);
    }

    #[test]
    fn a_dropped_session_has_ended() {
        let log = Log::default();
        let session = log.open("a".into(), Value::Null);
        assert!(!log.records()[0].ended);
        drop(session);
        assert!(log.records()[0].ended);
    }
}
