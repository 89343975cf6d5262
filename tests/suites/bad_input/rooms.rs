//! LiveKit: rooms that can't be joined, or in which nobody is.

use rtvi_core::{
    ErrorKind::{self as K, *},
    Phase::TransportOpen,
};

use crate::row::{
    Expected,
    How::{Room, RoomParams},
    Outcome, Row,
};

const fn fails(kind: K, says: &'static str) -> Outcome {
    Outcome::Fails(Expected::new(kind, Some(TransportOpen), says))
}

const fn answers(kind: K, status: u16, says: &'static str) -> Outcome {
    Outcome::Fails(Expected::new(kind, Some(TransportOpen), says).with_status(status))
}

/// Rooms.
#[rustfmt::skip]
pub(crate) const ROOMS: &[Row] = &[
    Row::new("LiveKit: no `url`", RoomParams(r#"{"token": "s3cret"}"#), fails(InvalidTransportParams, "no 'url'")),
    Row::new("LiveKit: text that is not a URL", Room("the room, please"), fails(InvalidTransportParams, "is not a URL")),
    Row::new("LiveKit: wrong URL scheme", Room("ftp://{room}"), fails(InvalidTransportParams, "must be ws, wss, http or https, not 'ftp'")),
    Row::new("LiveKit: user and password in the URL", Room("ws://me:s3cret@{room}"), fails(InvalidTransportParams, "takes a token, not a user name")),
    Row::new("LiveKit: `ws` to a remote host", Room("ws://rooms.example"), fails(Tls, "ws://rooms.example/ is neither encrypted nor on this machine")),
    Row::new("LiveKit: no token", RoomParams(r#"{"url": "ws://{room}"}"#), fails(InvalidTransportParams, "no 'token'")),
    Row::new("LiveKit: token that is not a string", RoomParams(r#"{"url": "ws://{room}", "token": 7}"#), fails(InvalidTransportParams, "'token' must be a string")),
    Row::new("LiveKit: token with a line break", RoomParams(r#"{"url": "ws://{room}", "token": "s3\ncret"}"#), fails(InvalidTransportParams, "characters that a header can't carry")),
    Row::new("LiveKit: refused", Room("ws://{refused}"), fails(ConnectionFailed, "{refused} can't be reached")),
    Row::new("LiveKit: refused token, which the server repeats", Room("ws://{locked-room}"), answers(ConnectionFailed, 401, "error: token is expired")),
    Row::new("LiveKit: 404 everywhere", Room("ws://{odd}/404"), answers(ConnectionFailed, 404, "answered 404 Not Found: no such bot")),
    Row::new("LiveKit: not a WebSocket: 200", Room("ws://{odd}/200"), answers(ConnectionFailed, 200, "answered 200 OK: an HTML page")),
    Row::new("LiveKit: never answers", Room("ws://{odd}/silent"), fails(Timeout, "the LiveKit server does not answer")),
    Row::new("LiveKit: join without a participant", Room("ws://{nameless-room}"), fails(Protocol, "participant")),
    Row::new("LiveKit: no bot in the room", Room("ws://{empty-room}"), fails(Timeout, "no bot is in the room, and nobody else")),
];
