//! What it means that the server wants the client to leave. Pure.

use crate::{
    error::{Error, ErrorKind},
    transport::{
        CloseReason,
        livekit::wire::{DisconnectReason, LeaveAction, LeaveRequest},
    },
};

/// What follows from a `leave`.
#[derive(Debug, PartialEq)]
pub(super) enum Outcome {
    /// The session goes on over a new socket.
    Resume,
    /// The connection ends.
    End(CloseReason),
}

/// A participant or a room that was removed, and a participant who joined a second time, end the
/// session for good: to join once more would undo what somebody wanted. Everything else may be worth
/// another join.
pub(super) fn outcome(leave: &LeaveRequest) -> Outcome {
    let text = format!("the server ended the connection: {}", said(leave.reason()));
    match leave.action() {
        LeaveAction::Resume => Outcome::Resume,
        LeaveAction::Disconnect if is_final(leave.reason()) => {
            Outcome::End(CloseReason::BotLeft { code: None, reason: said(leave.reason()).to_owned() })
        }
        LeaveAction::Disconnect | LeaveAction::Reconnect => {
            Outcome::End(CloseReason::Lost(Error::new(ErrorKind::ConnectionLost, text)))
        }
    }
}

const fn is_final(reason: DisconnectReason) -> bool {
    matches!(
        reason,
        DisconnectReason::ClientInitiated
            | DisconnectReason::DuplicateIdentity
            | DisconnectReason::ParticipantRemoved
            | DisconnectReason::RoomDeleted
            | DisconnectReason::RoomClosed
    )
}

const fn said(reason: DisconnectReason) -> &'static str {
    match reason {
        DisconnectReason::Unknown => "no reason was given",
        DisconnectReason::ClientInitiated => "the participant left",
        DisconnectReason::DuplicateIdentity => "a participant with the same identity joined the room",
        DisconnectReason::ServerShutdown => "the server shuts down",
        DisconnectReason::ParticipantRemoved => "the participant was removed from the room",
        DisconnectReason::RoomDeleted => "the room was deleted",
        DisconnectReason::StateMismatch => "the session can't be resumed",
        DisconnectReason::JoinFailure => "the participant could not join",
        DisconnectReason::Migration => "the room moves to another server",
        DisconnectReason::SignalClose => "the signalling connection was closed",
        DisconnectReason::RoomClosed => "the room was closed",
        DisconnectReason::UserUnavailable => "the user is unavailable",
        DisconnectReason::UserRejected => "the user rejected the call",
        DisconnectReason::SipTrunkFailure => "the telephone line failed",
        DisconnectReason::ConnectionTimeout => "the participant was silent for too long",
        DisconnectReason::MediaFailure => "the media connection failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(action: LeaveAction, reason: DisconnectReason) -> Outcome {
        outcome(&LeaveRequest { reason: reason.into(), action: action.into() })
    }

    #[test]
    fn what_somebody_wanted_ends_the_session_and_the_rest_is_a_loss() {
        for number in 0..=15 {
            let reason = DisconnectReason::try_from(number).unwrap();
            let expected = [1, 2, 4, 5, 10].contains(&number);
            let end = of(LeaveAction::Disconnect, reason);
            assert_eq!(matches!(end, Outcome::End(CloseReason::BotLeft { .. })), expected, "{reason:?}");
            let end = of(LeaveAction::Reconnect, reason);
            assert!(matches!(end, Outcome::End(CloseReason::Lost(_))), "{reason:?}");
            assert_eq!(of(LeaveAction::Resume, reason), Outcome::Resume);
        }
    }

    #[test]
    fn numbers_of_later_versions_are_a_loss() {
        let end = outcome(&LeaveRequest { reason: 99, action: 99 });
        let Outcome::End(CloseReason::Lost(error)) = end else { panic!("{end:?}") };
        assert_eq!(error.message(), "the server ended the connection: no reason was given");
    }
}
