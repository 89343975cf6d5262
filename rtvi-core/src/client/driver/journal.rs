//! Writes a client's events to the log.
//!
//! Depends on [`crate::log`]. Must never log what anyone said: states, kinds of errors and types of
//! messages only.

use crate::{
    client::{Event, outline},
    log,
};

/// Logs an event: states and ends at info, types of messages at debug.
pub(super) fn note(event: &Event) {
    match event {
        Event::TransportStateChanged(state) => log::info!("the client is {}", state.as_str()),
        Event::Reconnecting { attempt, max_attempts, reason } => {
            log::info!(
                "the connection is lost ({}); attempt {attempt} of {max_attempts}",
                outline::error(reason)
            );
        }
        Event::Disconnected(reason) => log::info!("the session has ended: {}", outline::end(reason)),
        Event::Server(message) => {
            log::debug!("the server sent {}", message.known_type().unwrap_or("a message of an unknown type"));
        }
        Event::AudioDropped(dropped) => {
            let (reason, detail) =
                (outline::wire_name(&dropped.reason), dropped.detail.as_deref().unwrap_or_default());
            let (time, count) = (dropped.time, dropped.count);
            log::warn!(?time, count, detail, "audio was dropped: {reason}");
        }
        _ => {}
    }
}
