//! What the end of a WebSocket connection means.
//!
//! Pure. The codes are those of RFC 6455 §7.4.1 and the IANA registry.

use tokio_tungstenite::tungstenite::{
    Error as SocketError,
    error::{CapacityError, ProtocolError},
    protocol::CloseFrame,
};

use crate::{
    error::{Error, ErrorKind, excerpt},
    transport::CloseReason,
};

/// Why the server closed.
///
/// 1000, or a close without a code, ends the session normally: the bot left. Everything else may be
/// worth another attempt, so it is a loss with the code as status. Examples are 1001 and 1012 (the
/// server shuts down or restarts), 1011 (it failed), 1013 (it is busy), 1008 and the 3000s and
/// 4000s (its own decision; the reason explains it). Codes that complain about the client's data
/// are protocol errors.
pub(super) fn by_server(frame: Option<CloseFrame>) -> CloseReason {
    let Some(frame) = frame else {
        return CloseReason::BotLeft { code: None, reason: String::new() };
    };
    let code = u16::from(frame.code);
    let reason = frame.reason.as_str();
    if code == 1000 {
        return CloseReason::BotLeft { code: Some(code), reason: reason.to_owned() };
    }
    let kind = match code {
        1002 | 1003 | 1007 | 1009 | 1010 => ErrorKind::Protocol,
        _ => ErrorKind::ConnectionLost,
    };
    let mut text = format!("the server closed the connection with code {code}");
    for part in [meaning(code), &excerpt(reason)].into_iter().filter(|part| !part.is_empty()) {
        text.push_str(": ");
        text.push_str(part);
    }
    CloseReason::Lost(Error::new(kind, text).with_status(code))
}

const fn meaning(code: u16) -> &'static str {
    match code {
        1001 => "going away",
        1002 => "protocol error",
        1003 => "unsupported data",
        1007 => "invalid data",
        1008 => "policy violation",
        1009 => "message too big",
        1010 => "extension required",
        1011 => "internal error",
        1012 => "service restart",
        1013 => "try again later",
        1014 => "bad gateway",
        _ => "",
    }
}

/// Why reading or writing failed, and the close code to send to the server, if any.
pub(super) fn by_failure(error: &SocketError) -> (CloseReason, Option<u16>) {
    match error {
        SocketError::Capacity(CapacityError::MessageTooLong { size, max_size }) => {
            let text = format!("the server sent a message of {size} bytes; the limit is {max_size}");
            (protocol(text), Some(1009))
        }
        SocketError::Utf8(_) => (protocol("the server sent text that is not UTF-8".to_owned()), Some(1007)),
        SocketError::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
            (lost("the connection ended without a close frame".to_owned()), None)
        }
        SocketError::Protocol(cause) => {
            (protocol(format!("the server violated the WebSocket protocol: {cause}")), Some(1002))
        }
        SocketError::Io(cause) => (lost(format!("the connection broke: {cause}")), None),
        other => (lost(format!("the connection broke: {other}")), None),
    }
}

fn protocol(text: String) -> CloseReason {
    CloseReason::Lost(Error::new(ErrorKind::Protocol, text))
}

/// A loss with this text.
pub(super) fn lost(text: String) -> CloseReason {
    CloseReason::Lost(Error::new(ErrorKind::ConnectionLost, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closed(code: u16, reason: &'static str) -> CloseReason {
        by_server(Some(CloseFrame { code: code.into(), reason: reason.into() }))
    }

    #[test]
    fn a_normal_end_is_the_bot_leaving() {
        assert_eq!(closed(1000, "bye"), CloseReason::BotLeft { code: Some(1000), reason: "bye".into() });
        assert_eq!(by_server(None), CloseReason::BotLeft { code: None, reason: String::new() });
    }

    #[test]
    fn every_other_code_is_a_loss_with_code_and_reason() {
        for code in [1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 4000, 4401, 4999]
        {
            let CloseReason::Lost(error) = closed(code, "because") else { panic!("{code} is not a loss") };
            assert_eq!(error.status(), Some(code));
            assert!(error.message().contains(&code.to_string()) && error.message().ends_with(": because"));
            let ours = matches!(code, 1002 | 1003 | 1007 | 1009 | 1010);
            assert_eq!(error.kind(), if ours { ErrorKind::Protocol } else { ErrorKind::ConnectionLost });
        }
        let CloseReason::Lost(error) = closed(1012, "") else { panic!("no loss") };
        assert_eq!(error.message(), "the server closed the connection with code 1012: service restart");
    }

    #[test]
    fn failures_are_distinguished() {
        let reset = SocketError::Protocol(ProtocolError::ResetWithoutClosingHandshake);
        assert!(
            matches!(by_failure(&reset), (CloseReason::Lost(e), None) if e.kind() == ErrorKind::ConnectionLost)
        );
        let masked = SocketError::Protocol(ProtocolError::MaskedFrameFromServer);
        assert!(
            matches!(by_failure(&masked), (CloseReason::Lost(e), Some(1002)) if e.kind() == ErrorKind::Protocol)
        );
        let text = SocketError::Utf8("x".into());
        assert!(
            matches!(by_failure(&text), (CloseReason::Lost(e), Some(1007)) if e.kind() == ErrorKind::Protocol)
        );
    }
}
