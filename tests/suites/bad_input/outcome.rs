//! Compares the outcome with the expectation.

use rtvi_core::{Error, Event, client::DisconnectReason};
use rtvi_tests::{Session, misbehaving::Servers};

use crate::row::Expected;

/// Part of every URL's query, token, header and body; it must not appear in any output.
pub(crate) const SECRET: &str = "s3cret";

/// Compares an error.
pub(crate) fn error(servers: &Servers, expected: &Expected, got: &Error) -> Result<(), String> {
    let wanted = (expected.kind, expected.phase, expected.status);
    let found = (got.kind(), got.phase(), got.status());
    if wanted != found {
        return Err(format!("expected {wanted:?}, got {found:?}: {got}"));
    }
    says(&servers.fill(expected.says), got.message())
}

/// Checks that a text contains another.
pub(crate) fn says(wanted: &str, text: &str) -> Result<(), String> {
    if text.contains(wanted) { Ok(()) } else { Err(format!("'{wanted}' is not in '{text}'")) }
}

/// How a session ended.
pub(crate) fn reason(session: &Session) -> Option<DisconnectReason> {
    session.heard().into_iter().rev().find_map(|heard| match heard.event {
        Event::Disconnected(reason) => Some(reason),
        _ => None,
    })
}

/// No event may contain a secret.
pub(crate) fn is_discreet(session: &Session) -> Result<(), String> {
    for heard in session.heard() {
        // The app receives the complete answer of its own start endpoint.
        if matches!(heard.event, Event::BotStarted(_)) {
            continue;
        }
        let text = format!("{:?}", heard.event);
        if text.contains(SECRET) {
            return Err(format!("a secret is given away: {text}"));
        }
    }
    Ok(())
}
