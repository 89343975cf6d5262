//! One event as C sees it.
//!
//! Depends on [`crate::json`], [`crate::text`], [`crate::types`] and [`crate::view`]. Data become
//! JSON or structs only on request.

use std::{ptr, sync::OnceLock};

use rtvi_core::{
    Error, ErrorKind, Event,
    ffi::RtviEvent,
    protocol::{Decoded, decode},
};
use serde_json::Value;

use crate::{
    error::rtvi_error,
    json::rtvi_json,
    memory,
    panic::{guard, guard_or},
    text::{rtvi_str, rtvi_string},
    types::{enums::rtvi_state, event_kind::rtvi_event_kind},
    view::{Arena, Numbered, View},
};

/// An event of a client.
#[derive(Debug)]
pub struct rtvi_event {
    core: RtviEvent,
    kind: rtvi_event_kind,
    data: OnceLock<Option<Value>>,
    text: OnceLock<rtvi_string>,
    /// The struct that the event's reader returns.
    view: OnceLock<View>,
}

impl From<Event> for rtvi_event {
    fn from(core: Event) -> Self {
        Self::new(core.into())
    }
}

impl rtvi_event {
    /// The event as the core has it.
    pub(crate) fn core(&self) -> Event {
        self.core.clone().into()
    }

    fn new(core: RtviEvent) -> Self {
        let kind = rtvi_event_kind::of(&core);
        Self { core, kind, data: OnceLock::new(), text: OnceLock::new(), view: OnceLock::new() }
    }

    /// Returns the struct of this kind of event, and builds it at the first call. C keeps the event
    /// alive and in place as long as it uses the struct.
    pub(crate) fn read<T>(
        event: Option<&Self>,
        kind: rtvi_event_kind,
        make: impl FnOnce(&RtviEvent, &Arena) -> *const T,
    ) -> *const T {
        let Some(event) = event.filter(|event| event.kind == kind) else { return ptr::null() };
        guard_or(ptr::null(), || {
            event.view.get_or_init(|| View::new(|arena| make(&event.core, arena))).payload()
        })
    }

    fn data(&self) -> Option<&Value> {
        self.data.get_or_init(|| Event::from(self.core.clone()).data()).as_ref()
    }

    fn text(&self) -> rtvi_str {
        let make = || rtvi_string::new(self.data().map(Value::to_string).unwrap_or_default());
        self.text.get_or_init(make).view()
    }
}

/// Returns the kind of an event; `RTVI_EVENT_OTHER` for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_get_kind(event: Option<&rtvi_event>) -> rtvi_event_kind {
    event.map_or(rtvi_event_kind::RTVI_EVENT_OTHER, |event| event.kind)
}

/// Returns the event's name, such as `botReady`. Always valid.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_name(event: Option<&rtvi_event>) -> rtvi_str {
    event.map_or(rtvi_str::EMPTY, |event| rtvi_str::unended(event.core.name()))
}

/// Returns the event's data; null if it has none. Valid as long as the event.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_data(event: Option<&rtvi_event>) -> Option<&rtvi_json> {
    guard_or(None, || event.and_then(rtvi_event::data).map(rtvi_json::of))
}

/// Returns the event's data as JSON text; empty if it has none. Valid as long as the event.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_json(event: Option<&rtvi_event>) -> rtvi_str {
    guard_or(rtvi_str::EMPTY, || event.map_or(rtvi_str::EMPTY, rtvi_event::text))
}

/// Copies an event, to keep it beyond a callback; null for null. Free the copy with
/// `rtvi_event_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_clone(event: Option<&rtvi_event>) -> Option<Box<rtvi_event>> {
    guard_or(None, || event.map(|event| Box::new(rtvi_event::new(event.core.clone()))))
}

/// Creates the event that a server message causes, for tests and recordings. `message` is its JSON
/// text. The client's own events have no message. Free the event with `rtvi_event_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_from_message(
    message: rtvi_str,
    event: *mut Option<Box<rtvi_event>>,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let broken = |why: String| Err(Error::new(ErrorKind::Protocol, why));
        let message = match decode(memory::bytes(message.data, message.len)) {
            Decoded::Message(incoming) => incoming.message,
            Decoded::Invalid(violation) => return broken(violation.to_string()),
            Decoded::Foreign { .. } => return broken("no RTVI message".to_owned()),
        };
        memory::write(event, Some(Box::new(rtvi_event::from(Event::Server(message)))));
        Ok(())
    })
}

/// Frees an event that `rtvi_client_next_event` or `rtvi_event_clone` returned. Null is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_event_free(event: Option<Box<rtvi_event>>) {
    drop(event);
}

/// Returns the name of a state, such as `ready`. Always valid. Empty for an unknown state.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_state_name(state: i32) -> rtvi_str {
    rtvi_state::core(state).map_or(rtvi_str::EMPTY, |state| rtvi_str::unended(state.as_str()))
}

#[cfg(test)]
mod tests {
    use rtvi_core::TransportState;

    use super::*;
    use crate::types::readers::{
        rtvi_event_bot_output, rtvi_event_metrics, rtvi_event_reconnecting, rtvi_event_user_input,
    };

    #[test]
    fn an_event_tells_everything() {
        let event = rtvi_event::from(Event::TransportStateChanged(TransportState::Ready));
        assert_eq!(rtvi_event_get_kind(Some(&event)), rtvi_event_kind::RTVI_EVENT_TRANSPORT_STATE_CHANGED);
        assert_eq!(rtvi_event_name(Some(&event)).text("name").unwrap(), "transportStateChanged");
        assert_eq!(rtvi_event_json(Some(&event)).text("data").unwrap(), "\"ready\"");
        let connected = rtvi_event::from(Event::Connected);
        assert!(rtvi_event_data(Some(&connected)).is_none());
        assert_eq!((rtvi_event_json(Some(&connected)).len, rtvi_event_name(None).len), (0, 0));
    }

    #[test]
    fn states_have_names() {
        assert_eq!(rtvi_state_name(9).text("state").unwrap(), "error");
        assert_eq!((rtvi_state_name(10).len, rtvi_state_name(-1).len), (0, 0));
    }

    /// The struct that a reader returns.
    fn shown<T>(_of: &rtvi_event, view: *const T) -> &T {
        // SAFETY: a view that is not null is valid as long as its event.
        unsafe { view.as_ref() }.expect("an event of this kind")
    }

    fn from(message: &str) -> Box<rtvi_event> {
        let mut event = None;
        assert!(rtvi_event_from_message(rtvi_str::unended(message), &raw mut event).is_none());
        event.unwrap()
    }

    #[test]
    fn views_stay_valid_when_the_event_is_handed_on() {
        let message = r#"{"label":"rtvi-ai","type":"user-input","data":{"text":"Hi","input_type":"chat","msg_id":"7"}}"#;
        let event = std::thread::spawn(|| from(message)).join().unwrap();
        let event = &*event;
        let read = || rtvi_event_user_input(Some(event)).addr();
        let (one, other) = std::thread::scope(|scope| {
            let (one, other) = (scope.spawn(read), scope.spawn(read));
            (one.join().unwrap(), other.join().unwrap())
        });
        assert_eq!(one, other);
        let input = shown(event, rtvi_event_user_input(Some(event)));
        assert_eq!((input.text.text("text").unwrap(), input.msg_id.text("id").unwrap()), ("Hi", "7"));
        assert!(input.user_id.data.is_null() && input.is_final);
        assert!(rtvi_event_bot_output(Some(event)).is_null());
    }

    #[test]
    fn what_owns_memory_lives_as_long_as_the_event() {
        let lost = Error::new(ErrorKind::ConnectionLost, "no cable").with_status(4000);
        let event = rtvi_event::from(Event::Reconnecting { attempt: 1, max_attempts: 3, reason: lost });
        let reconnecting = shown(&event, rtvi_event_reconnecting(Some(&event)));
        let reason = shown(&event, reconnecting.reason);
        assert_eq!((reconnecting.attempt, crate::error::rtvi_error_get_status(Some(reason))), (1, 4000));
        let event =
            from(r#"{"label":"rtvi-ai","type":"metrics","data":{"ttfb":[{"value":0.5,"x":1}],"new":[]}}"#);
        let metrics = shown(&event, rtvi_event_metrics(Some(&event)));
        assert_eq!((metrics.ttfb_count, metrics.tokens_count), (1, 0));
        let entry = shown(&event, *shown(&event, metrics.ttfb));
        assert!((shown(&event, entry.value) - 0.5).abs() < f64::EPSILON && entry.model.data.is_null());
        assert!(crate::json::rtvi_json_at(Some(shown(&event, entry.fields)), rtvi_str::of("/x\0")).is_some());
    }
}
