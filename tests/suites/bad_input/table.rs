//! Servers that misbehave: while a connection opens, at the start endpoint, and in a session.

use rtvi_core::{
    ErrorKind::{self as K, *},
    Phase::{self, BotReady, StartRequest, TransportOpen},
};

use crate::row::{
    Expected,
    How::{Connect, Params, Session, Start, StartFault},
    Outcome::{self, Ends, Event, Leaves},
    Row,
};

const fn fails(kind: K, phase: Phase, says: &'static str) -> Outcome {
    Outcome::Fails(Expected::new(kind, Some(phase), says))
}

const fn answers(kind: K, phase: Phase, status: u16, says: &'static str) -> Outcome {
    Outcome::Fails(Expected::new(kind, Some(phase), says).with_status(status))
}

const fn lost(says: &'static str) -> Outcome {
    Ends(Expected::new(ConnectionLost, Some(Phase::Session), says))
}

const fn closed(status: u16, says: &'static str) -> Outcome {
    Ends(Expected::new(ConnectionLost, Some(Phase::Session), says).with_status(status))
}

/// Connect parameters and addresses.
#[rustfmt::skip]
pub(crate) const UNREACHABLE: &[Row] = &[
    Row::new("no `wsUrl`", Params("{}"), fails(InvalidTransportParams, TransportOpen, "no 'wsUrl'")),
    Row::new("`wsUrl` that is not a string", Params(r#"{"wsUrl": 7}"#), fails(InvalidTransportParams, TransportOpen, "'wsUrl' must be a string")),
    Row::new("text that is not a URL", Connect("bot, please"), fails(InvalidTransportParams, TransportOpen, "'bot, please' is not a URL")),
    Row::new("wrong URL scheme", Connect("ftp://{bot}/ws"), fails(InvalidTransportParams, TransportOpen, "must be ws or wss, not 'ftp'")),
    Row::new("user and password in a bad URL", Connect("ftp://me:s3cret@{bot}/ws"), fails(InvalidTransportParams, TransportOpen, "must be ws or wss")),
    Row::new("token that is not a string", Params(r#"{"wsUrl": "ws://{bot}/ws", "token": 7}"#), fails(InvalidTransportParams, TransportOpen, "'token'")),
    Row::new("header with a line break", Params(r#"{"wsUrl": "ws://{bot}/ws", "headers": {"x-key": "s3cret\n"}}"#), fails(InvalidTransportParams, TransportOpen, "header 'x-key'")),
    Row::new("header of the handshake itself", Params(r#"{"wsUrl": "ws://{bot}/ws", "headers": {"Upgrade": "h2c"}}"#), fails(InvalidTransportParams, TransportOpen, "'upgrade' belongs to the WebSocket handshake")),
    Row::new("host name that does not exist", Connect("wss://a-name-with-far-too-many-characters-to-exist-in-any-domain-name-system.invalid/ws"), fails(ConnectionFailed, TransportOpen, ".invalid' was not found")),
    Row::new("`ws` to a remote host", Connect("ws://bot.example/ws"), fails(Tls, TransportOpen, "ws://bot.example/ws is neither encrypted nor on this machine")),
    Row::new("connection refused", Connect("ws://{refused}/ws"), fails(ConnectionFailed, TransportOpen, "{refused} can't be reached")),
    Row::new("certificate of an unknown authority", Connect("wss://{theirs}/ws"), fails(Tls, TransportOpen, "{theirs}: its certificate is from an unknown authority")),
    Row::new("certificate for another host", Connect("wss://{other-name}/ws"), fails(Tls, TransportOpen, "its certificate is for another host name")),
    Row::new("expired certificate", Connect("wss://{expired}/ws"), fails(Tls, TransportOpen, "its certificate has expired")),
    Row::new("`wss` to a plain server", Connect("wss://{odd}/404"), fails(Tls, TransportOpen, "it does not speak TLS")),
    Row::new("`ws` to a TLS server", Connect("ws://{secure}/ws"), fails(ConnectionFailed, TransportOpen, "does not speak HTTP")),
    Row::new("trusted TLS server without a bot", Connect("wss://{secure}/404"), answers(ConnectionFailed, TransportOpen, 404, "404 Not Found: no such bot")),
];

/// Servers that answer the WebSocket request unlike a bot.
#[rustfmt::skip]
pub(crate) const NO_BOTS: &[Row] = &[
    Row::new("not a WebSocket: 404", Connect("ws://{odd}/404"), answers(ConnectionFailed, TransportOpen, 404, "answered 404 Not Found: no such bot")),
    Row::new("not a WebSocket: 200", Connect("ws://{odd}/200"), answers(ConnectionFailed, TransportOpen, 200, "answered 200 OK: an HTML page")),
    Row::new("not a WebSocket: 503", Connect("ws://{bot}/ws?fault=http-status"), answers(ConnectionFailed, TransportOpen, 503, "503 Service Unavailable")),
    Row::new("not HTTP", Connect("ws://{odd}/not-http"), fails(ConnectionFailed, TransportOpen, "does not speak HTTP")),
    Row::new("closes during the handshake", Connect("ws://{odd}/closes"), fails(ConnectionFailed, TransportOpen, "during the WebSocket handshake")),
    Row::new("never answers", Connect("ws://{odd}/silent"), fails(Timeout, TransportOpen, "the transport did not open within 2s")),
    Row::new("answers too slowly", Connect(r#"ws://{bot}/ws?fault={"kind":"slow-upgrade","ms":60000}"#), fails(Timeout, TransportOpen, "did not open within 2s")),
    Row::new("never ends its headers", Connect("ws://{odd}/endless-head"), fails(ConnectionFailed, TransportOpen, "sent too much during the WebSocket handshake")),
    Row::new("too many headers", Connect("ws://{odd}/large-head"), fails(ConnectionFailed, TransportOpen, "sent too much during the WebSocket handshake")),
    Row::new("wrong handshake key", Connect("ws://{odd}/ws/wrong-key"), fails(ConnectionFailed, TransportOpen, "does not speak WebSocket")),
    Row::new("opens and closes without a message", Connect("ws://{odd}/ws/gone"), fails(ConnectionLost, BotReady, "ended without a close frame")),
    Row::new("opens and ends within a frame", Connect("ws://{odd}/ws/half"), fails(ConnectionLost, BotReady, "ended without a close frame")),
    Row::new("opens and sends nothing", Connect("ws://{odd}/ws/silent"), fails(Timeout, BotReady, "the bot did not become ready within 2s")),
    Row::new("reserved bits and opcodes", Connect("ws://{odd}/ws/reserved"), fails(Protocol, BotReady, "violated the WebSocket protocol")),
    Row::new("masked frames", Connect("ws://{odd}/ws/masked"), fails(Protocol, BotReady, "violated the WebSocket protocol")),
    Row::new("frame that claims a terabyte", Connect("ws://{odd}/ws/huge"), fails(Protocol, BotReady, "the limit is 4194304")),
    Row::new("endless message in pieces", Connect("ws://{odd}/ws/fragments"), fails(Protocol, BotReady, "the limit is 4194304")),
    Row::new("text that is not UTF-8", Connect("ws://{odd}/ws/not-utf8"), fails(Protocol, BotReady, "text that is not UTF-8")),
    Row::new("bot that is never ready", Connect("ws://{bot}/ws?fault=no-bot-ready"), fails(Timeout, BotReady, "the bot did not become ready within 2s")),
    Row::new("bot that leaves before it is ready", Connect(r#"ws://{bot}/ws?fault={"kind":"close","code":1000,"reason":"no","at":"open"}"#), answers(ConnectionFailed, BotReady, 1000, "the bot left with close code 1000: no")),
    Row::new("bot that refuses with a close code", Connect(r#"ws://{bot}/ws?fault={"kind":"close","code":4401,"reason":"expired","at":"open"}"#), answers(ConnectionLost, BotReady, 4401, "code 4401: expired")),
    Row::new("bot that is ready late", Connect(r#"ws://{bot}/ws?fault={"kind":"late-bot-ready","ms":500}"#), Outcome::Succeeds),
    Row::new("bot that is ready twice", Connect("ws://{bot}/ws?fault=twice-bot-ready"), Outcome::Succeeds),
];

/// Start endpoints.
#[rustfmt::skip]
pub(crate) const START: &[Row] = &[
    Row::new("start endpoint: no URL", Start("start, please"), fails(InvalidArgument, StartRequest, "'start, please' is not usable")),
    Row::new("start endpoint: wrong scheme", Start("ws://{bot}/start"), fails(InvalidArgument, StartRequest, "must be http or https, not 'ws'")),
    Row::new("start endpoint: host name that does not exist", Start("https://a-name-with-far-too-many-characters-to-exist-in-any-domain-name-system.invalid/"), fails(ConnectionFailed, StartRequest, "can't be reached")),
    Row::new("start endpoint: `http` to a remote host", Start("http://bot.example/start"), fails(Tls, StartRequest, "use https, or allow plaintext")),
    Row::new("start endpoint: refused", Start("http://{refused}/start"), fails(ConnectionFailed, StartRequest, "{refused}/start can't be reached")),
    Row::new("start endpoint: unknown authority", Start("https://{theirs}/start"), fails(Tls, StartRequest, "{theirs}: its certificate is from an unknown authority")),
    Row::new("start endpoint: certificate for another host", Start("https://{other-name}/start"), fails(Tls, StartRequest, "for another host name")),
    Row::new("start endpoint: `https` to a plain server", Start("https://{odd}/404"), fails(Tls, StartRequest, "it does not speak TLS")),
    Row::new("start endpoint: not HTTP", Start("http://{odd}/not-http"), fails(ConnectionFailed, StartRequest, "disconnected or does not speak HTTP")),
    Row::new("start endpoint: 404", Start("http://{odd}/404"), answers(StartBotFailed, StartRequest, 404, "answered 404 Not Found: no such bot")),
    Row::new("start endpoint: 422 with FastAPI's list", Start("http://{odd}/422"), answers(StartBotFailed, StartRequest, 422, "body.agent: Field required")),
    Row::new("start endpoint: 429 with `info`", Start("http://{odd}/429"), answers(StartBotFailed, StartRequest, 429, "429 Too Many Requests: all bots are busy")),
    Row::new("start endpoint: 503", StartFault("start-status"), answers(StartBotFailed, StartRequest, 503, "The bot was asked to answer 503")),
    Row::new("start endpoint: HTML", StartFault("start-html"), answers(StartBotFailed, StartRequest, 200, "an HTML page, not a JSON object")),
    Row::new("start endpoint: empty", StartFault("start-empty"), answers(StartBotFailed, StartRequest, 200, "an empty body, not a JSON object")),
    Row::new("start endpoint: malformed JSON", Start("http://{odd}/not-json"), answers(StartBotFailed, StartRequest, 200, "not a JSON object")),
    Row::new("start endpoint: JSON that is not an object", Start("http://{odd}/array"), answers(StartBotFailed, StartRequest, 200, "a JSON array, not a JSON object")),
    Row::new("start endpoint: oversized", Start("http://{odd}/large"), answers(StartBotFailed, StartRequest, 200, "more than 1048576 bytes")),
    Row::new("start endpoint: cut off", Start("http://{odd}/cut"), fails(ConnectionFailed, StartRequest, "disconnected")),
    Row::new("start endpoint: never answers", Start("http://{odd}/silent"), fails(Timeout, StartRequest, "did not answer within 2")),
    Row::new("start endpoint: too slow", StartFault(r#"{"kind":"start","answer":"slow","ms":60000}"#), fails(Timeout, StartRequest, "did not answer within 2")),
    Row::new("start endpoint: endless", StartFault("start-endless"), fails(Timeout, StartRequest, "did not answer within 2")),
    Row::new("start endpoint: redirects in a circle", StartFault("start-redirect"), fails(StartBotFailed, StartRequest, "redirected more than 5 times")),
    Row::new("start endpoint: redirects to a file", Start("http://{odd}/to-file"), answers(StartBotFailed, StartRequest, 302, "the scheme 'file', which is not followed")),
    Row::new("start endpoint: redirects nowhere", Start("http://{odd}/to-nowhere"), answers(StartBotFailed, StartRequest, 302, "redirected without a target")),
    Row::new("start answer without `wsUrl`", Start("http://{odd}/no-url"), fails(InvalidTransportParams, TransportOpen, "no 'wsUrl'")),
    Row::new("start answer with a wrong type", Start("http://{odd}/wrong-type"), fails(InvalidTransportParams, TransportOpen, "'wsUrl' must be a string")),
    Row::new("start answer with a wrong URL", Start("http://{odd}/bad-url"), fails(InvalidTransportParams, TransportOpen, "not 'gopher'")),
    Row::new("start answer with a wrong token", Start("http://{odd}/bad-token"), fails(InvalidTransportParams, TransportOpen, "'token' must be a string")),
    Row::new("started bot that never opens", StartFault(r#"{"kind":"slow-upgrade","ms":60000}"#), fails(Timeout, TransportOpen, "did not open within 2s")),
    Row::new("started bot that is never ready", StartFault("no-bot-ready"), fails(Timeout, BotReady, "did not become ready within 2s")),
];

/// Bots that misbehave after they became ready.
#[rustfmt::skip]
pub(crate) const SESSIONS: &[Row] = &[
    Row::new("TCP ends without a close", Session("drop"), lost("the connection was lost")),
    Row::new("TCP reset", Session("reset"), lost("the connection was lost")),
    Row::new("frozen server", Session("freeze"), lost("has not answered for")),
    Row::new("close 1000", Session(r#"{"kind":"close","code":1000,"reason":"bye"}"#), Leaves { code: Some(1000), says: "bye" }),
    Row::new("close 1001", Session(r#"{"kind":"close","code":1001}"#), closed(1001, "code 1001: going away")),
    Row::new("close 1002", Session(r#"{"kind":"close","code":1002}"#), closed(1002, "code 1002: protocol error")),
    Row::new("close 1008", Session(r#"{"kind":"close","code":1008,"reason":"no credit"}"#), closed(1008, "policy violation: no credit")),
    Row::new("close 1009", Session(r#"{"kind":"close","code":1009}"#), closed(1009, "message too big")),
    Row::new("close 1011", Session(r#"{"kind":"close","code":1011,"reason":"out of memory"}"#), closed(1011, "internal error: out of memory")),
    Row::new("close 4000", Session(r#"{"kind":"close","code":4000,"reason":"own"}"#), closed(4000, "code 4000: own")),
    Row::new("malformed frame", Session(r#"{"kind":"malformed","what":"protobuf"}"#), Event { name: "protocolError", says: "a frame of 3 bytes is malformed" }),
    Row::new("unknown frame", Session(r#"{"kind":"unknown","what":"frame"}"#), Event { name: "protocolError", says: "a frame of unknown kind 15" }),
    Row::new("malformed JSON", Session(r#"{"kind":"malformed","what":"json"}"#), Event { name: "protocolError", says: "not a JSON object" }),
    Row::new("wrong types in a payload", Session(r#"{"kind":"malformed","what":"payload"}"#), Event { name: "protocolError", says: "text: expected a string, found integer" }),
    Row::new("unknown message type", Session(r#"{"kind":"unknown","what":"type"}"#), Event { name: "unknownMessage", says: "42" }),
    Row::new("wrong label", Session("wrong-label"), Event { name: "protocolError", says: "not-rtvi" }),
    Row::new("oversized message", Session(r#"{"kind":"oversized","n":5000000}"#), lost("the limit is 4194304")),
    Row::new("large message", Session(r#"{"kind":"oversized","n":2000000}"#), Event { name: "serverMessage", says: "xxxx" }),
    Row::new("flood of messages", Session("flood"), Event { name: "serverMessage", says: r#"{"i":9999}"# }),
];
