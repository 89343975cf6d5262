//! What of a client's events is worth a line in the log.
//!
//! Depends on [`crate::log`]. Must never log what anyone said: states, kinds of errors and types of messages only.

use crate::{
    client::{
        DisconnectReason, Event,
        machine::{error_outline, wire_name},
    },
    log,
};

/// Logs an event: states and ends at info, types of messages at debug.
pub(super) fn note(event: &Event) {
    match event {
        Event::TransportStateChanged(state) => log::info!("the client is {}", state.as_str()),
        Event::Reconnecting { attempt, max_attempts, reason } => {
            log::info!(
                "the connection is lost ({}); attempt {attempt} of {max_attempts}",
                error_outline(reason)
            );
        }
        Event::Disconnected(reason) => log::info!("the session has ended: {}", ended(reason)),
        Event::Server(message) => {
            log::debug!("the server sent {}", message.known_type().unwrap_or("a message of an unknown type"));
        }
        Event::AudioDropped(dropped) => {
            let (reason, detail) =
                (wire_name(&dropped.reason), dropped.detail.as_deref().unwrap_or_default());
            let (time, count) = (dropped.time, dropped.count);
            log::warn!(?time, count, detail, "audio was dropped: {reason}");
        }
        _ => {}
    }
}

fn ended(reason: &DisconnectReason) -> String {
    match reason {
        DisconnectReason::Requested => "the app asked for it".to_owned(),
        DisconnectReason::BotLeft { code: Some(code), .. } => format!("the bot left with code {code}"),
        DisconnectReason::BotLeft { code: None, .. } => "the bot left".to_owned(),
        DisconnectReason::Failed(error) => error_outline(error),
    }
}
