//! One event as C sees it.
//!
//! Depends on [`crate::event_kind`], [`crate::json`] and [`crate::text`]. Data become JSON only when they are asked for.

use std::sync::OnceLock;

use rtvi_core::{Event, TransportState};
use serde_json::Value;

use crate::{
    event_kind::rtvi_event_kind,
    json::rtvi_json,
    panic::guard_or,
    text::{rtvi_str, rtvi_string},
};

/// Where a client stands between disconnected and talking to a bot. Values never change.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_state {
    /// No session. The first state and the last.
    RTVI_STATE_DISCONNECTED = 0,
    /// Microphone and speaker are being opened.
    RTVI_STATE_INITIALIZING = 1,
    /// Microphone and speaker are there; no session yet.
    RTVI_STATE_INITIALIZED = 2,
    /// The start endpoint was asked for a bot.
    RTVI_STATE_AUTHENTICATING = 3,
    /// The start endpoint has answered.
    RTVI_STATE_AUTHENTICATED = 4,
    /// The transport is being opened, for the first time or again.
    RTVI_STATE_CONNECTING = 5,
    /// The transport is open; the bot is not ready yet.
    RTVI_STATE_CONNECTED = 6,
    /// The bot is ready: the only state in which messages can be sent.
    RTVI_STATE_READY = 7,
    /// The session is being closed.
    RTVI_STATE_DISCONNECTING = 8,
    /// Starting or connecting has failed. Passed through on the way to disconnected.
    RTVI_STATE_ERROR = 9,
}

impl From<TransportState> for rtvi_state {
    fn from(state: TransportState) -> Self {
        match state {
            TransportState::Disconnected => Self::RTVI_STATE_DISCONNECTED,
            TransportState::Initializing => Self::RTVI_STATE_INITIALIZING,
            TransportState::Initialized => Self::RTVI_STATE_INITIALIZED,
            TransportState::Authenticating => Self::RTVI_STATE_AUTHENTICATING,
            TransportState::Authenticated => Self::RTVI_STATE_AUTHENTICATED,
            TransportState::Connecting => Self::RTVI_STATE_CONNECTING,
            TransportState::Connected => Self::RTVI_STATE_CONNECTED,
            TransportState::Ready => Self::RTVI_STATE_READY,
            TransportState::Disconnecting => Self::RTVI_STATE_DISCONNECTING,
            TransportState::Error => Self::RTVI_STATE_ERROR,
        }
    }
}

/// Something that happened.
#[derive(Debug)]
pub struct rtvi_event {
    core: Event,
    kind: rtvi_event_kind,
    data: OnceLock<Option<Value>>,
    text: OnceLock<rtvi_string>,
}

impl From<Event> for rtvi_event {
    fn from(core: Event) -> Self {
        Self { kind: rtvi_event_kind::of(core.name()), core, data: OnceLock::new(), text: OnceLock::new() }
    }
}

impl rtvi_event {
    pub(crate) const fn core(&self) -> &Event {
        &self.core
    }

    fn data(&self) -> Option<&Value> {
        self.data.get_or_init(|| self.core.data()).as_ref()
    }

    fn text(&self) -> rtvi_str {
        let make = || rtvi_string::new(self.data().map(Value::to_string).unwrap_or_default());
        self.text.get_or_init(make).view()
    }
}

/// What happened; `RTVI_EVENT_OTHER` for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_get_kind(event: Option<&rtvi_event>) -> rtvi_event_kind {
    event.map_or(rtvi_event_kind::RTVI_EVENT_OTHER, |event| event.kind)
}

/// The event's name, such as `botReady`; valid for ever.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_name(event: Option<&rtvi_event>) -> rtvi_str {
    event.map_or(rtvi_str::EMPTY, |event| rtvi_str::unended(event.core.name()))
}

/// The event's data; null if it has none. Valid as long as the event.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_data(event: Option<&rtvi_event>) -> Option<&rtvi_json> {
    guard_or(None, || event.and_then(rtvi_event::data).map(rtvi_json::of))
}

/// The event's data as JSON text; empty if it has none. Valid as long as the event.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_json(event: Option<&rtvi_event>) -> rtvi_str {
    guard_or(rtvi_str::EMPTY, || event.map_or(rtvi_str::EMPTY, rtvi_event::text))
}

/// The new state of a `RTVI_EVENT_TRANSPORT_STATE_CHANGED`; -1 for other events.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_state(event: Option<&rtvi_event>) -> i32 {
    match event.map(|event| &event.core) {
        Some(Event::TransportStateChanged(state)) => rtvi_state::from(*state) as i32,
        _ => -1,
    }
}

/// The loudness of a `RTVI_EVENT_LOCAL_AUDIO_LEVEL` or `RTVI_EVENT_REMOTE_AUDIO_LEVEL`, 0 to 1; -1 for other events.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_level(event: Option<&rtvi_event>) -> f32 {
    match event.map(|event| &event.core) {
        Some(Event::LocalAudioLevel(level) | Event::RemoteAudioLevel(level)) => *level,
        _ => -1.0,
    }
}

/// A copy of an event, to be kept beyond a callback; null for null. Free it with `rtvi_event_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_clone(event: Option<&rtvi_event>) -> Option<Box<rtvi_event>> {
    guard_or(None, || event.map(|event| Box::new(rtvi_event::from(event.core.clone()))))
}

/// Frees an event that `rtvi_client_next_event` or `rtvi_event_clone` gave; does nothing for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_free(event: Option<Box<rtvi_event>>) {
    drop(event);
}

/// The name of a state, such as `ready`; valid for ever. Empty for what is no state.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_state_name(state: i32) -> rtvi_str {
    let found = TransportState::ALL.into_iter().find(|known| rtvi_state::from(*known) as i32 == state);
    found.map_or(rtvi_str::EMPTY, |state| rtvi_str::unended(state.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_tells_everything() {
        let event = rtvi_event::from(Event::TransportStateChanged(TransportState::Ready));
        assert_eq!(rtvi_event_get_kind(Some(&event)), rtvi_event_kind::RTVI_EVENT_TRANSPORT_STATE_CHANGED);
        assert_eq!(rtvi_event_name(Some(&event)).text("name").unwrap(), "transportStateChanged");
        assert_eq!(rtvi_event_json(Some(&event)).text("data").unwrap(), "\"ready\"");
        assert_eq!((rtvi_event_state(Some(&event)), rtvi_event_level(Some(&event))), (7, -1.0));
        let level = rtvi_event::from(Event::LocalAudioLevel(0.5));
        assert_eq!((rtvi_event_state(Some(&level)), rtvi_event_level(Some(&level))), (-1, 0.5));
        let connected = rtvi_event::from(Event::Connected);
        assert!(rtvi_event_data(Some(&connected)).is_none());
        assert_eq!((rtvi_event_json(Some(&connected)).len, rtvi_event_name(None).len), (0, 0));
    }

    #[test]
    fn states_have_names() {
        assert_eq!(rtvi_state_name(9).text("state").unwrap(), "error");
        assert_eq!((rtvi_state_name(10).len, rtvi_state_name(-1).len), (0, 0));
        for (index, state) in TransportState::ALL.into_iter().enumerate() {
            assert_eq!(rtvi_state::from(state) as usize, index);
        }
    }
}
