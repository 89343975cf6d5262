//! Phones: bots that can't be called, or that answer a call oddly.

use rtvi_core::{
    ErrorKind::{self as K, *},
    Phase::{Session, TransportOpen},
};

use crate::row::{
    Expected,
    How::Dial,
    Outcome::{self, Ends, Event, Leaves},
    Row,
};

const TWILIO: &str = r#"{"provider": "twilio"}"#;
const GENESYS: &str = r#"{"provider": "genesys"}"#;

const fn fails(kind: K, says: &'static str) -> Outcome {
    Outcome::Fails(Expected::new(kind, Some(TransportOpen), says))
}

const fn odd(says: &'static str) -> Outcome {
    Event { name: "protocolError", says }
}

/// Phone calls.
#[rustfmt::skip]
pub(crate) const CALLS: &[Row] = &[
    Row::new("phone: no URL", Dial(TWILIO, ""), fails(InvalidTransportParams, "is not a URL")),
    Row::new("phone: `ws` to a remote host", Dial(TWILIO, "ws://bot.example/ws"), fails(Tls, "ws://bot.example/ws is neither encrypted nor on this machine")),
    Row::new("phone: refused", Dial(TWILIO, "ws://{refused}/ws"), fails(ConnectionFailed, "{refused} can't be reached")),
    Row::new("phone: not a WebSocket", Dial(TWILIO, "ws://{odd}/404"), Outcome::Fails(Expected::new(ConnectionFailed, Some(TransportOpen), "404 Not Found: no such bot").with_status(404))),
    Row::new("phone: never answers", Dial(TWILIO, "ws://{odd}/silent"), fails(Timeout, "did not open within 2s")),
    Row::new("phone: bot that leaves", Dial(TWILIO, "ws://{phone}/busy"), Leaves { code: Some(1000), says: "busy" }),
    Row::new("phone: TCP ends without a close", Dial(TWILIO, "ws://{phone}/cut"), Ends(Expected::new(ConnectionLost, Some(Session), ""))),
    Row::new("phone: text that is not JSON", Dial(TWILIO, "ws://{phone}/garbage"), odd("Twilio does not accept text that is not JSON")),
    Row::new("phone: binary data in a call of Twilio", Dial(TWILIO, "ws://{phone}/binary"), odd("Twilio does not accept binary data")),
    Row::new("phone: message without an event", Dial(TWILIO, "ws://{phone}/no-event"), odd("Twilio does not accept a message without an event")),
    Row::new("phone: event of another provider", Dial(TWILIO, "ws://{phone}/other-event"), odd("Twilio does not accept the event")),
    Row::new("phone: audio without media", Dial(TWILIO, "ws://{phone}/no-media"), odd("Twilio does not accept audio without media")),
    Row::new("phone: audio that is not base64", Dial(TWILIO, "ws://{phone}/not-base64"), odd("a payload that is not base64")),
    Row::new("phone: audio of another stream", Dial(TWILIO, "ws://{phone}/other-stream"), odd("of the stream")),
    Row::new("Genesys: never opened", Dial(GENESYS, "ws://{phone}/silent"), fails(Timeout, "did not open within 2s")),
    Row::new("Genesys: TCP ends before opened", Dial(GENESYS, "ws://{phone}/cut"), fails(ConnectionLost, "")),
    Row::new("Genesys: text that is not JSON", Dial(GENESYS, "ws://{phone}/garbage"), fails(Protocol, "Genesys does not accept the message")),
    Row::new("Genesys: another version", Dial(GENESYS, "ws://{phone}/version"), fails(Protocol, r#"Genesys does not accept the version "1""#)),
    Row::new("Genesys: opened for another session", Dial(GENESYS, "ws://{phone}/other-session"), fails(Protocol, r#"of the session "7""#)),
    Row::new("Genesys: media that was not offered", Dial(GENESYS, "ws://{phone}/other-media"), fails(Protocol, "PCMU was offered")),
    Row::new("Genesys: audio before opened", Dial(GENESYS, "ws://{phone}/binary"), fails(Protocol, "Genesys does not accept audio before opened")),
    Row::new("Genesys: opened twice", Dial(GENESYS, "ws://{phone}/twice"), odd("Genesys does not accept a second opened")),
];
