//! The matrix.

use rtvi_core::{
    ErrorKind::{self as K, *},
    Phase::{self, BotReady, StartRequest, TransportOpen},
};

use crate::{
    app::Habit,
    cell::{
        Cell, Outcome,
        Outcome::{Closes, Ends, Fails, GoesOn, Leaves, LosesDevice, Recovers, Restored, Starves},
        Over,
        Over::{SecureWebSocket, WebRtc, WebSocket},
        Row, When,
        When::{
            BotSpeaking, Disconnecting, FunctionRunning, Handshake, Idle, Open, Reconnecting, RequestPending,
            Start, UserSpeaking,
        },
        cells,
    },
    devices::Defect,
    faults::{
        Answer::{Garbage, Status},
        Fault::{self, *},
    },
    names::Names,
};

/// All sections with their titles.
pub(crate) const SECTIONS: [(&str, &[Row]); 7] = [
    ("The way up", WAY_UP),
    ("Sessions over WebSocket", WEBSOCKET),
    ("Sessions over WebSocket with TLS", SECURE_WEBSOCKET),
    ("Sessions over WebRTC", WEBRTC),
    ("Apps", APPS),
    ("Machines that sleep long", LONG_SLEEP),
    ("Machines and devices", MACHINES),
];

/// Every cell there is.
pub(crate) fn all() -> impl Iterator<Item = Cell> {
    SECTIONS.into_iter().flat_map(|(_, rows)| cells(rows))
}

/// Every phase of a session that is ready.
const IN_SESSION: &[When] = &[Idle, UserSpeaking, BotSpeaking, RequestPending, FunctionRunning];

const fn fails(kind: K, phase: Phase) -> Outcome {
    Fails { kind, phase, status: None }
}

const fn answers(kind: K, phase: Phase, status: u16) -> Outcome {
    Fails { kind, phase, status: Some(status) }
}

/// The connection was lost and could not be restored.
const LOST: Outcome = Ends { kind: ConnectionLost, phase: Phase::Reconnect };

const fn server(name: &'static str, at: &'static str) -> Fault {
    Server { name, at }
}

const fn start(fault: Fault, outcome: Outcome, within: u64) -> Row {
    Row::new(WebSocket, fault, &[Start], outcome, within)
}

const fn open(over: Over, fault: Fault, outcome: Outcome, within: u64) -> Row {
    Row::new(over, fault, &[Open], outcome, within)
}

const fn handshake(over: Over, fault: &'static str, outcome: Outcome, within: u64) -> Row {
    Row::new(over, FromTheBeginning(fault), &[Handshake], outcome, within)
}

const fn breaks(over: Over, fault: Fault, outcome: Outcome, within: u64) -> Row {
    Row::new(over, fault, &[Handshake], outcome, within)
}

/// A name that no name server has to be asked for.
const NOBODY: &str = "tls:a-name-with-far-too-many-characters-to-exist-in-any-domain-name-system.invalid/";

/// Starting a bot, opening a transport, the handshake.
#[rustfmt::skip]
pub(crate) const WAY_UP: &[Row] = &[
    start(server("a name that does not exist", NOBODY), fails(ConnectionFailed, StartRequest), 1),
    start(Named(Names::Slow), GoesOn, 3),
    start(Named(Names::Silent), fails(Timeout, StartRequest), 2),
    start(Named(Names::Failing), fails(ConnectionFailed, StartRequest), 1),
    start(Named(Names::Ignorant), fails(ConnectionFailed, StartRequest), 1),
    start(Proxy, GoesOn, 1),
    start(server("refused", "{refused}/start"), fails(ConnectionFailed, StartRequest), 1),
    start(server("black-holed", "{hole}/start"), fails(Timeout, StartRequest), 2),
    start(server("reset", "{reset}/"), fails(ConnectionFailed, StartRequest), 1),
    start(server("closed", "{odd}/closes"), fails(ConnectionFailed, StartRequest), 1),
    start(server("stalled", "{odd}/silent"), fails(Timeout, StartRequest), 2),
    start(server("1 byte a second", "{odd}/slow"), fails(Timeout, StartRequest), 2),
    start(server("endless headers", "{odd}/endless-head"), fails(Timeout, StartRequest), 2),
    start(server("endless body", "{odd}/endless-body"), fails(Timeout, StartRequest), 2),
    start(server("garbage", "{odd}/garbage"), fails(ConnectionFailed, StartRequest), 1),
    start(server("a redirect to nowhere", "{odd}/to-nowhere"), answers(StartBotFailed, StartRequest, 302), 1),
    start(server("404", "{odd}/404"), answers(StartBotFailed, StartRequest, 404), 1),
    start(server("429", "{odd}/429"), answers(StartBotFailed, StartRequest, 429), 1),
    start(FromTheBeginning("start-status"), answers(StartBotFailed, StartRequest, 503), 1),
    start(server("a compressed bomb", "{odd}/bomb"), answers(StartBotFailed, StartRequest, 200), 1),
    start(server("HTML", "{odd}/200"), answers(StartBotFailed, StartRequest, 200), 1),
    start(server("TLS of another authority", "tls:{theirs}/start"), fails(Tls, StartRequest), 1),
    start(server("TLS to a plain server", "tls:{odd}/404"), fails(Tls, StartRequest), 1),
    start(server("TLS that breaks off", "tls:{reset}/start"), fails(ConnectionFailed, StartRequest), 1),
    start(server("TLS that breaks off after the server's first message", "tls:{half-secure}/start"), fails(ConnectionFailed, StartRequest), 1),
    start(Stopped, fails(Timeout, StartRequest), 2),
    start(Killed, fails(ConnectionFailed, StartRequest), 1),
    start(server("TLS that stalls", "tls:{mute}/start"), fails(Timeout, StartRequest), 2),
    start(server("stalled after the TLS handshake", "tls:{secure}/silent"), fails(Timeout, StartRequest), 2),
    start(server("1 byte a second after the TLS handshake", "tls:{secure}/slow"), fails(Timeout, StartRequest), 2),
    Row::new(SecureWebSocket, Slow, &[Start], fails(Timeout, StartRequest), 2),

    open(WebSocket, server("a name that does not exist", NOBODY), fails(ConnectionFailed, TransportOpen), 1),
    open(WebSocket, Named(Names::Slow), GoesOn, 3),
    open(WebSocket, Named(Names::Silent), fails(Timeout, TransportOpen), 4),
    open(WebSocket, Named(Names::Failing), fails(ConnectionFailed, TransportOpen), 1),
    open(WebSocket, Named(Names::Ignorant), fails(ConnectionFailed, TransportOpen), 1),
    open(WebSocket, Proxy, GoesOn, 1),
    open(WebSocket, PanickingFactory, fails(Internal, TransportOpen), 1),
    open(WebSocket, server("refused", "{refused}/ws"), fails(ConnectionFailed, TransportOpen), 1),
    open(WebSocket, server("black-holed", "{hole}/ws"), fails(Timeout, TransportOpen), 4),
    open(WebSocket, server("reset", "{reset}/"), fails(ConnectionFailed, TransportOpen), 1),
    open(WebSocket, server("closed", "{odd}/closes"), fails(ConnectionFailed, TransportOpen), 1),
    open(WebSocket, server("stalled", "{odd}/silent"), fails(Timeout, TransportOpen), 4),
    open(WebSocket, server("1 byte a second", "{odd}/slow"), fails(Timeout, TransportOpen), 4),
    open(WebSocket, server("endless headers", "{odd}/endless-head"), fails(ConnectionFailed, TransportOpen), 4),
    open(WebSocket, server("garbage", "{odd}/garbage"), fails(ConnectionFailed, TransportOpen), 1),
    open(WebSocket, server("a redirect", "{odd}/to-nowhere"), answers(ConnectionFailed, TransportOpen, 302), 1),
    open(WebSocket, server("404", "{odd}/404"), answers(ConnectionFailed, TransportOpen, 404), 1),
    open(WebSocket, FromTheBeginning("http-status"), answers(ConnectionFailed, TransportOpen, 503), 1),
    open(WebSocket, server("TLS of another authority", "tls:{theirs}/ws"), fails(Tls, TransportOpen), 1),
    open(WebSocket, server("TLS to a plain server", "tls:{odd}/404"), fails(Tls, TransportOpen), 1),
    open(WebSocket, server("TLS that breaks off", "tls:{reset}/ws"), fails(ConnectionFailed, TransportOpen), 1),
    open(WebSocket, server("TLS that breaks off after the server's first message", "tls:{half-secure}/ws"), fails(ConnectionFailed, TransportOpen), 1),
    open(WebSocket, Stopped, fails(Timeout, TransportOpen), 4),
    open(WebSocket, Killed, fails(ConnectionFailed, TransportOpen), 1),
    open(SecureWebSocket, Stopped, fails(Timeout, TransportOpen), 4),
    open(SecureWebSocket, Killed, fails(ConnectionFailed, TransportOpen), 1),
    open(SecureWebSocket, Slow, fails(Timeout, TransportOpen), 4),
    open(SecureWebSocket, server("1 byte a second after the TLS handshake", "tls:{secure}/slow"), fails(Timeout, TransportOpen), 4),
    open(SecureWebSocket, server("stalled after the TLS handshake", "tls:{secure}/silent"), fails(Timeout, TransportOpen), 4),
    open(SecureWebSocket, server("closed after the TLS handshake", "tls:{secure}/closes"), fails(ConnectionFailed, TransportOpen), 1),
    open(SecureWebSocket, server("garbage after the TLS handshake", "tls:{secure}/garbage"), fails(ConnectionFailed, TransportOpen), 1),
    open(SecureWebSocket, FromTheBeginning("http-status"), answers(ConnectionFailed, TransportOpen, 503), 1),
    open(WebSocket, server("TLS that stalls", "tls:{mute}/ws"), fails(Timeout, TransportOpen), 4),

    open(WebRtc, server("a name that does not exist", NOBODY), fails(ConnectionFailed, TransportOpen), 4),
    open(WebRtc, Named(Names::Slow), GoesOn, 3),
    open(WebRtc, Named(Names::Silent), fails(Timeout, TransportOpen), 4),
    open(WebRtc, Named(Names::Failing), fails(ConnectionFailed, TransportOpen), 4),
    open(WebRtc, Named(Names::Ignorant), fails(ConnectionFailed, TransportOpen), 4),
    open(WebRtc, Proxy, GoesOn, 1),
    open(WebRtc, PanickingFactory, fails(Internal, TransportOpen), 1),
    open(WebRtc, server("refused", "{refused}/api/offer"), fails(ConnectionFailed, TransportOpen), 4),
    open(WebRtc, server("black-holed", "{hole}/api/offer"), fails(Timeout, TransportOpen), 4),
    open(WebRtc, server("reset", "{reset}/"), fails(ConnectionFailed, TransportOpen), 4),
    open(WebRtc, server("stalled", "{odd}/silent"), fails(Timeout, TransportOpen), 4),
    open(WebRtc, server("1 byte a second", "{odd}/slow"), fails(Timeout, TransportOpen), 4),
    open(WebRtc, server("endless body", "{odd}/endless-body"), fails(Timeout, TransportOpen), 4),
    open(WebRtc, server("garbage", "{odd}/garbage"), fails(ConnectionFailed, TransportOpen), 4),
    open(WebRtc, server("a redirect to nowhere", "{odd}/to-nowhere"), answers(ConnectionFailed, TransportOpen, 302), 1),
    open(WebRtc, server("404", "{odd}/404"), answers(ConnectionFailed, TransportOpen, 404), 1),
    open(WebRtc, server("a compressed bomb", "{odd}/bomb"), answers(ConnectionFailed, TransportOpen, 200), 1),
    open(WebRtc, server("TLS of another authority", "tls:{theirs}/api/offer"), fails(Tls, TransportOpen), 1),
    open(WebRtc, server("TLS to a plain server", "tls:{odd}/404"), fails(Tls, TransportOpen), 1),
    open(WebRtc, server("TLS that breaks off", "tls:{reset}/api/offer"), fails(ConnectionFailed, TransportOpen), 4),
    open(WebRtc, server("TLS that breaks off after the server's first message", "tls:{half-secure}/api/offer"), fails(ConnectionFailed, TransportOpen), 4),
    open(WebRtc, Stopped, fails(Timeout, TransportOpen), 4),
    open(WebRtc, Killed, fails(ConnectionFailed, TransportOpen), 4),
    open(WebRtc, server("TLS that stalls", "tls:{mute}/api/offer"), fails(Timeout, TransportOpen), 4),
    open(WebRtc, FromTheBeginning(r#"{"kind":"drop","at":"open"}"#), fails(Timeout, TransportOpen), 4),
    open(WebRtc, FromTheBeginning(r#"{"kind":"freeze","at":"open"}"#), fails(Timeout, TransportOpen), 4),
    open(WebRtc, FromTheBeginning(r#"{"kind":"close","at":"open"}"#), fails(ConnectionFailed, TransportOpen), 1),
    open(WebRtc, FromTheBeginning("offer-bad-sdp"), fails(Protocol, TransportOpen), 1),
    open(WebRtc, FromTheBeginning("offer-no-audio"), fails(Protocol, TransportOpen), 1),
    open(WebRtc, FromTheBeginning("offer-wrong-fingerprint"), fails(Tls, TransportOpen), 1),

    handshake(WebSocket, "no-bot-ready", fails(Timeout, BotReady), 2),
    handshake(WebSocket, "late-bot-ready", GoesOn, 2),
    handshake(WebSocket, "twice-bot-ready", GoesOn, 1),
    handshake(WebSocket, r#"{"kind":"freeze","at":"open"}"#, fails(Timeout, BotReady), 2),
    handshake(WebSocket, r#"{"kind":"drop","at":"open"}"#, fails(ConnectionLost, BotReady), 1),
    handshake(WebSocket, r#"{"kind":"reset","at":"open"}"#, fails(ConnectionLost, BotReady), 1),
    handshake(WebSocket, r#"{"kind":"close","code":1000,"at":"open"}"#, answers(ConnectionFailed, BotReady, 1000), 1),
    handshake(WebSocket, r#"{"kind":"close","code":1011,"at":"open"}"#, answers(ConnectionLost, BotReady, 1011), 1),
    Row::new(WebSocket, server("a bot of protocol 1.1.0", "{legacy}/ws"), &[Handshake], GoesOn, 1),
    handshake(SecureWebSocket, "no-bot-ready", fails(Timeout, BotReady), 2),
    handshake(SecureWebSocket, "late-bot-ready", GoesOn, 2),
    handshake(SecureWebSocket, "twice-bot-ready", GoesOn, 1),
    handshake(SecureWebSocket, r#"{"kind":"freeze","at":"open"}"#, fails(Timeout, BotReady), 2),
    handshake(SecureWebSocket, r#"{"kind":"drop","at":"open"}"#, fails(ConnectionLost, BotReady), 1),
    handshake(SecureWebSocket, r#"{"kind":"reset","at":"open"}"#, fails(ConnectionLost, BotReady), 1),
    handshake(SecureWebSocket, r#"{"kind":"close","code":1000,"at":"open"}"#, answers(ConnectionFailed, BotReady, 1000), 1),
    handshake(SecureWebSocket, r#"{"kind":"close","code":1011,"at":"open"}"#, answers(ConnectionLost, BotReady, 1011), 1),
    handshake(WebRtc, "no-bot-ready", fails(Timeout, BotReady), 2),
    handshake(WebRtc, "late-bot-ready", GoesOn, 2),
    handshake(WebRtc, "twice-bot-ready", GoesOn, 1),
    handshake(WebRtc, r#"{"kind":"freeze","at":"client-ready"}"#, fails(Timeout, BotReady), 2),
    handshake(WebRtc, r#"{"kind":"drop","at":"client-ready"}"#, fails(Timeout, BotReady), 2),
    handshake(WebRtc, r#"{"kind":"close","at":"client-ready"}"#, fails(ConnectionFailed, BotReady), 1),
    handshake(WebRtc, r#"{"kind":"peer-left","at":"client-ready"}"#, fails(ConnectionFailed, BotReady), 1),
    breaks(WebSocket, Stopped, fails(Timeout, BotReady), 2),
    breaks(WebSocket, Killed, fails(ConnectionLost, BotReady), 1),
    breaks(WebSocket, BlackHole, fails(Timeout, BotReady), 2),
    breaks(SecureWebSocket, Stopped, fails(Timeout, BotReady), 2),
    breaks(SecureWebSocket, Killed, fails(ConnectionLost, BotReady), 1),
    breaks(SecureWebSocket, BlackHole, fails(Timeout, BotReady), 2),
    breaks(WebRtc, Stopped, fails(Timeout, BotReady), 2),
    breaks(WebRtc, Killed, fails(ConnectionLost, BotReady), 2),
    breaks(WebRtc, BlackHole, fails(Timeout, BotReady), 2),
];

/// Sessions over WebSocket.
#[rustfmt::skip]
pub(crate) const WEBSOCKET: &[Row] = &[
    Row::new(WebSocket, Reset, IN_SESSION, Restored, 1),
    Row::new(WebSocket, Cut, IN_SESSION, Restored, 1),
    Row::new(WebSocket, HalfOpen, IN_SESSION, Restored, 7),
    Row::new(WebSocket, BlackHole, IN_SESSION, LOST, 14),
    Row::new(WebSocket, Refused, IN_SESSION, LOST, 1),
    Row::new(WebSocket, NameLost(Names::Failing), &[Idle, BotSpeaking], LOST, 1),
    Row::new(WebSocket, NameLost(Names::Silent), &[Idle], LOST, 9),
    Row::new(WebSocket, NameLost(Names::Slow), &[Idle], Restored, 3),
    Row::new(WebSocket, Answered(Status(302)), &[Idle], LOST, 1),
    Row::new(WebSocket, Answered(Status(401)), &[Idle], LOST, 1),
    Row::new(WebSocket, Answered(Status(404)), &[Idle], LOST, 1),
    Row::new(WebSocket, Answered(Status(503)), IN_SESSION, LOST, 1),
    Row::new(WebSocket, Answered(Garbage), IN_SESSION, LOST, 1),
    Row::new(WebSocket, Slow, IN_SESSION, Starves, 7),
    Row::new(WebSocket, Garbled, IN_SESSION, Restored, 1),
    Row::new(WebSocket, Code(1000), IN_SESSION, Leaves, 1),
    Row::new(WebSocket, Code(1001), IN_SESSION, Restored, 1),
    Row::new(WebSocket, Code(1002), &[Idle], Restored, 1),
    Row::new(WebSocket, Code(1008), &[Idle], Restored, 1),
    Row::new(WebSocket, Code(1011), IN_SESSION, Restored, 1),
    Row::new(WebSocket, Code(4000), &[Idle], Restored, 1),
    Row::new(WebSocket, Misbehaves("stall"), IN_SESSION, Starves, 7),
    Row::new(WebSocket, Misbehaves("flood"), IN_SESSION, GoesOn, 5),
    Row::new(WebSocket, Misbehaves("malformed"), IN_SESSION, GoesOn, 1),
    Row::new(WebSocket, Misbehaves("unknown"), IN_SESSION, GoesOn, 1),
    Row::new(WebSocket, Misbehaves(r#"{"kind":"oversized","n":5000000}"#), IN_SESSION, Restored, 2),
    Row::new(WebSocket, Stopped, IN_SESSION, LOST, 14),
    Row::new(WebSocket, Killed, IN_SESSION, LOST, 1),
    Row::new(WebSocket, Restarted, IN_SESSION, Restored, 2),
    Row::new(WebSocket, Reset, &[Reconnecting], Restored, 1),
    Row::new(WebSocket, Cut, &[Reconnecting], Restored, 1),
    Row::new(WebSocket, Refused, &[Reconnecting], LOST, 1),
    Row::new(WebSocket, Answered(Status(503)), &[Reconnecting], LOST, 1),
    Row::new(WebSocket, Answered(Garbage), &[Reconnecting], LOST, 1),
    Row::new(WebSocket, Slow, &[Reconnecting], LOST, 9),
    Row::new(WebSocket, Light, &[Reconnecting], Restored, 1),
    Row::new(WebSocket, BlackHole, &[Reconnecting], Closes, 1),
    Row::new(WebSocket, Stopped, &[Reconnecting], Closes, 1),
    Row::new(WebSocket, Killed, &[Reconnecting], LOST, 1),
    Row::new(WebSocket, Restarted, &[Reconnecting], Restored, 2),
    Row::new(WebSocket, Reset, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Cut, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, HalfOpen, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, BlackHole, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Slow, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Garbled, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Misbehaves("flood"), &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Misbehaves("stall"), &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Code(1011), &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Stopped, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Killed, &[Disconnecting], Closes, 2),
    Row::new(WebSocket, Restarted, &[Disconnecting], Closes, 2),
];

/// Sessions over WebSocket with TLS. A connection that is cut without a goodbye ends without TLS's `close_notify`.
#[rustfmt::skip]
pub(crate) const SECURE_WEBSOCKET: &[Row] = &[
    Row::new(SecureWebSocket, Reset, IN_SESSION, Restored, 1),
    Row::new(SecureWebSocket, Cut, IN_SESSION, Restored, 1),
    Row::new(SecureWebSocket, HalfOpen, IN_SESSION, Restored, 7),
    Row::new(SecureWebSocket, BlackHole, IN_SESSION, LOST, 14),
    Row::new(SecureWebSocket, Refused, IN_SESSION, LOST, 1),
    Row::new(SecureWebSocket, NameLost(Names::Failing), &[Idle, BotSpeaking], LOST, 1),
    Row::new(SecureWebSocket, NameLost(Names::Silent), &[Idle], LOST, 9),
    Row::new(SecureWebSocket, NameLost(Names::Slow), &[Idle], Restored, 3),
    Row::new(SecureWebSocket, Answered(Status(302)), &[Idle], LOST, 1),
    Row::new(SecureWebSocket, Answered(Status(401)), &[Idle], LOST, 1),
    Row::new(SecureWebSocket, Answered(Status(404)), &[Idle], LOST, 1),
    Row::new(SecureWebSocket, Answered(Status(503)), IN_SESSION, LOST, 1),
    Row::new(SecureWebSocket, Answered(Garbage), IN_SESSION, LOST, 1),
    Row::new(SecureWebSocket, Distrusted, IN_SESSION, LOST, 1),
    Row::new(SecureWebSocket, Slow, IN_SESSION, Starves, 7),
    Row::new(SecureWebSocket, Garbled, IN_SESSION, Restored, 1),
    Row::new(SecureWebSocket, Code(1000), IN_SESSION, Leaves, 1),
    Row::new(SecureWebSocket, Code(1001), IN_SESSION, Restored, 1),
    Row::new(SecureWebSocket, Code(1002), &[Idle], Restored, 1),
    Row::new(SecureWebSocket, Code(1008), &[Idle], Restored, 1),
    Row::new(SecureWebSocket, Code(1011), IN_SESSION, Restored, 1),
    Row::new(SecureWebSocket, Code(4000), &[Idle], Restored, 1),
    Row::new(SecureWebSocket, Misbehaves("stall"), IN_SESSION, Starves, 7),
    Row::new(SecureWebSocket, Misbehaves("flood"), IN_SESSION, GoesOn, 5),
    Row::new(SecureWebSocket, Misbehaves("malformed"), IN_SESSION, GoesOn, 1),
    Row::new(SecureWebSocket, Misbehaves(r#"{"kind":"oversized","n":5000000}"#), IN_SESSION, Restored, 2),
    Row::new(SecureWebSocket, Stopped, IN_SESSION, LOST, 14),
    Row::new(SecureWebSocket, Killed, IN_SESSION, LOST, 1),
    Row::new(SecureWebSocket, Restarted, IN_SESSION, Restored, 2),
    Row::new(SecureWebSocket, Reset, &[Reconnecting], Restored, 1),
    Row::new(SecureWebSocket, Cut, &[Reconnecting], Restored, 1),
    Row::new(SecureWebSocket, Refused, &[Reconnecting], LOST, 1),
    Row::new(SecureWebSocket, Answered(Status(503)), &[Reconnecting], LOST, 1),
    Row::new(SecureWebSocket, Answered(Garbage), &[Reconnecting], LOST, 1),
    Row::new(SecureWebSocket, Distrusted, &[Reconnecting], LOST, 1),
    Row::new(SecureWebSocket, Slow, &[Reconnecting], LOST, 9),
    Row::new(SecureWebSocket, Light, &[Reconnecting], Restored, 1),
    Row::new(SecureWebSocket, BlackHole, &[Reconnecting], Closes, 1),
    Row::new(SecureWebSocket, Stopped, &[Reconnecting], Closes, 1),
    Row::new(SecureWebSocket, Killed, &[Reconnecting], LOST, 1),
    Row::new(SecureWebSocket, Restarted, &[Reconnecting], Restored, 2),
    Row::new(SecureWebSocket, Reset, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Cut, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, HalfOpen, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, BlackHole, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Slow, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Garbled, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Misbehaves("flood"), &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Misbehaves("stall"), &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Code(1011), &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Stopped, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Killed, &[Disconnecting], Closes, 2),
    Row::new(SecureWebSocket, Restarted, &[Disconnecting], Closes, 2),
];

/// Sessions over WebRTC.
#[rustfmt::skip]
pub(crate) const WEBRTC: &[Row] = &[
    Row::new(WebRtc, Misbehaves("drop"), IN_SESSION, Restored, 7),
    Row::new(WebRtc, Misbehaves("freeze"), IN_SESSION, Restored, 7),
    Row::new(WebRtc, Misbehaves("peer-left"), IN_SESSION, Leaves, 1),
    Row::new(WebRtc, Misbehaves("close"), IN_SESSION, Leaves, 1),
    Row::new(WebRtc, Misbehaves("stall"), &[Idle], GoesOn, 1),
    Row::new(WebRtc, Misbehaves("renegotiate"), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebRtc, Misbehaves("flood"), &[Idle, UserSpeaking], GoesOn, 5),
    Row::new(WebRtc, Misbehaves("malformed"), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebRtc, Misbehaves("unknown"), &[Idle], GoesOn, 1),
    Row::new(WebRtc, BlackHole, IN_SESSION, LOST, 14),
    Row::new(WebRtc, Refused, IN_SESSION, LOST, 7),
    Row::new(WebRtc, Answered(Status(302)), &[Idle], LOST, 7),
    Row::new(WebRtc, Answered(Status(401)), &[Idle], LOST, 7),
    Row::new(WebRtc, Answered(Status(404)), &[Idle], LOST, 7),
    Row::new(WebRtc, Answered(Status(503)), &[Idle, RequestPending], LOST, 10),
    Row::new(WebRtc, Answered(Garbage), &[Idle, RequestPending], LOST, 10),
    Row::new(WebRtc, NameLost(Names::Failing), &[Idle], LOST, 10),
    Row::new(WebRtc, NameLost(Names::Silent), &[Idle], LOST, 14),
    Row::new(WebRtc, Light, &[Reconnecting], Restored, 2),
    Row::new(WebRtc, Refused, &[Reconnecting], LOST, 5),
    Row::new(WebRtc, Answered(Status(503)), &[Reconnecting], LOST, 5),
    Row::new(WebRtc, Answered(Garbage), &[Reconnecting], LOST, 5),
    Row::new(WebRtc, BlackHole, &[Reconnecting], Closes, 1),
    Row::new(WebRtc, Stopped, &[Reconnecting], Closes, 1),
    Row::new(WebRtc, Killed, &[Reconnecting], LOST, 5),
    Row::new(WebRtc, Restarted, &[Reconnecting], Restored, 5),
    Row::new(WebRtc, BlackHole, &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Refused, &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Misbehaves("drop"), &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Misbehaves("freeze"), &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Misbehaves("stall"), &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Misbehaves("flood"), &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Stopped, IN_SESSION, LOST, 14),
    Row::new(WebRtc, Killed, IN_SESSION, LOST, 10),
    Row::new(WebRtc, Restarted, IN_SESSION, Restored, 7),
    Row::new(WebRtc, Stopped, &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Killed, &[Disconnecting], Closes, 2),
    Row::new(WebRtc, Restarted, &[Disconnecting], Closes, 2),
];

/// Apps.
#[rustfmt::skip]
pub(crate) const APPS: &[Row] = &[
    Row::new(WebSocket, App(Habit::ReadsNoEvents), &[Idle], Ends { kind: ConsumerStalled, phase: Phase::Session }, 13),
    Row::new(WebSocket, App(Habit::ReadsNoEvents), &[Disconnecting], Closes, 2),
    Row::new(WebSocket, App(Habit::LeftEventsUnread), &[Reconnecting], Ends { kind: ConsumerStalled, phase: Phase::Session }, 13),
    Row::new(WebSocket, App(Habit::Blocks), &[Idle], GoesOn, 1),
    Row::new(WebSocket, App(Habit::BlocksBetweenEvents), &[Idle], GoesOn, 1),
    Row::new(WebSocket, App(Habit::BlocksInFunction), &[Idle], GoesOn, 1),
    Row::new(WebSocket, App(Habit::CannotDecide { times: 1_000, clients: 1 }), &[Idle], GoesOn, 30),
    Row::new(WebSocket, App(Habit::DropsClients(50)), &[Idle], GoesOn, 5),
    Row::new(WebRtc, App(Habit::ReadsNoEvents), &[Idle], Ends { kind: ConsumerStalled, phase: Phase::Session }, 13),
    Row::new(WebRtc, App(Habit::ReadsNoEvents), &[Disconnecting], Closes, 2),
    Row::new(WebRtc, App(Habit::LeftEventsUnread), &[Reconnecting], Ends { kind: ConsumerStalled, phase: Phase::Session }, 13),
    Row::new(WebRtc, App(Habit::Blocks), &[Idle], GoesOn, 1),
    Row::new(WebRtc, App(Habit::BlocksBetweenEvents), &[Idle], GoesOn, 1),
    Row::new(WebRtc, App(Habit::BlocksInFunction), &[Idle], GoesOn, 1),
    Row::new(WebRtc, App(Habit::CannotDecide { times: 125, clients: 8 }), &[Idle], GoesOn, 30),
    Row::new(WebRtc, App(Habit::DropsClients(6)), &[Idle], GoesOn, 10),
];

/// Machines that are suspended for longer than any server waits.
#[rustfmt::skip]
pub(crate) const LONG_SLEEP: &[Row] = &[
    Row::new(WebSocket, Suspended(60), &[Idle], Recovers, 60 + 5),
    Row::new(SecureWebSocket, Suspended(60), &[Idle], Recovers, 60 + 5),
    Row::new(WebRtc, Suspended(60), &[Idle], Recovers, 60 + 5),
];

/// Machines and devices.
#[rustfmt::skip]
pub(crate) const MACHINES: &[Row] = &[
    Row::new(WebSocket, Suspended(6), IN_SESSION, Recovers, 6 + 5),
    Row::new(WebSocket, Suspended(6), &[Reconnecting], Restored, 6 + 5),
    Row::new(WebSocket, ClockSet(48), &[Idle, BotSpeaking, RequestPending, FunctionRunning], GoesOn, 1),
    Row::new(WebSocket, ClockSet(-48), &[Idle, BotSpeaking, RequestPending, FunctionRunning], GoesOn, 1),
    Row::new(WebSocket, Breaks(Defect::MicEnds), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebSocket, Breaks(Defect::MicStalls), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebSocket, Breaks(Defect::MicPanics), &[Idle, BotSpeaking], LosesDevice, 1),
    Row::new(WebSocket, Breaks(Defect::SpeakerStalls), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebSocket, Breaks(Defect::SpeakerPanics), &[Idle, BotSpeaking], LosesDevice, 1),
    Row::new(WebRtc, Suspended(6), IN_SESSION, Recovers, 6 + 5),
    Row::new(WebRtc, Suspended(6), &[Reconnecting], Restored, 6 + 5),
    Row::new(WebRtc, ClockSet(48), &[Idle, BotSpeaking, RequestPending, FunctionRunning], GoesOn, 1),
    Row::new(WebRtc, ClockSet(-48), &[Idle, BotSpeaking, RequestPending, FunctionRunning], GoesOn, 1),
    Row::new(WebRtc, Breaks(Defect::MicEnds), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebRtc, Breaks(Defect::MicStalls), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebRtc, Breaks(Defect::MicPanics), &[Idle, BotSpeaking], LosesDevice, 1),
    Row::new(WebRtc, Breaks(Defect::SpeakerStalls), &[Idle, BotSpeaking], GoesOn, 1),
    Row::new(WebRtc, Breaks(Defect::SpeakerPanics), &[Idle, BotSpeaking], LosesDevice, 1),
];
