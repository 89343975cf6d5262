//! What the sessions of a bot received, kept for tests.
//!
//! Records are bounded: the newest [`MAX_SESSIONS`] sessions, [`MAX_MESSAGES`] messages each. Locks are held only to
//! copy values in or out.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

#[cfg(feature = "webrtc")]
use crate::conversation::Note;

/// Sessions remembered; the oldest is forgotten when another one begins.
const MAX_SESSIONS: usize = 256;

/// Messages remembered of one session; later ones are only counted.
const MAX_MESSAGES: usize = 4096;

/// What one session received so far.
#[derive(Clone, Debug, Default)]
pub struct SessionRecord {
    /// Number of the session, from 0 in the order they began.
    pub number: u64,
    /// The session's id, as the client message `session` tells it.
    pub id: String,
    /// The `version` of the last `client-ready`.
    pub client_version: Option<String>,
    /// RTVI messages, as received; the first 4096.
    pub messages: Vec<Value>,
    /// How many RTVI messages came in all.
    pub message_count: u64,
    /// Keys of valid `dtmf` messages in order.
    pub dtmf: String,
    /// Seconds of audio received.
    pub audio_seconds: f64,
    /// Audio frames received.
    pub audio_frames: u64,
    /// Sample rate of the last audio frame.
    pub audio_rate: u32,
    /// Turns the voice activity detection heard.
    pub turns: u32,
    /// The client's close code; 1005 for a close without one, `None` when it did not close the WebSocket.
    pub close_code: Option<u16>,
    /// What the offer's `requestData`, or else the `body` of its start request, said; null without.
    pub body: Value,
    /// WebRTC: `ping`s received on the data channel.
    pub pings: u64,
    /// WebRTC: whether the client sends its microphone, as its last `trackStatus` says.
    pub microphone: Option<bool>,
    /// WebRTC: data channels opened by the client.
    pub channels: u32,
    /// WebRTC: how often another peer connection took over (`restart_pc`).
    pub restarts: u32,
    /// True once the connection has ended.
    pub ended: bool,
}

#[cfg(feature = "webrtc")]
impl SessionRecord {
    /// Counts what a link tells.
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

    /// Copies of the remembered records, oldest first.
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

    /// Changes the record, unless it is forgotten.
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
