//! The part of the matrix before a session is ready.

use rtvi_core::{
    ErrorKind::{self as K, *},
    Phase::{self, BotReady, StartRequest, TransportOpen},
};

use crate::{
    cell::{
        Outcome::{self, Fails, GoesOn},
        Over::{self, LiveKit, SecureWebSocket, WebRtc, WebSocket},
        Row,
        When::{Handshake, Open, Start},
    },
    faults::Fault::{self, *},
    names::Names,
};

const fn fails(kind: K, phase: Phase) -> Outcome {
    Fails { kind, phase, status: None }
}

const fn answers(kind: K, phase: Phase, status: u16) -> Outcome {
    Fails { kind, phase, status: Some(status) }
}

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

/// A name that no name server needs to resolve.
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

    open(LiveKit, PanickingFactory, fails(Internal, TransportOpen), 1),
    open(LiveKit, server("refused", "{refused}"), fails(ConnectionFailed, TransportOpen), 1),
    open(LiveKit, server("black-holed", "{hole}"), fails(Timeout, TransportOpen), 4),
    open(LiveKit, server("reset", "{reset}"), fails(ConnectionFailed, TransportOpen), 1),
    open(LiveKit, server("closed", "{odd}/closes"), fails(ConnectionFailed, TransportOpen), 1),
    open(LiveKit, server("stalled", "{odd}/silent"), fails(Timeout, TransportOpen), 4),
    open(LiveKit, server("1 byte a second", "{odd}/slow"), fails(Timeout, TransportOpen), 4),
    open(LiveKit, server("endless headers", "{odd}/endless-head"), fails(ConnectionFailed, TransportOpen), 4),
    open(LiveKit, server("garbage", "{odd}/garbage"), fails(ConnectionFailed, TransportOpen), 1),
    open(LiveKit, server("a redirect", "{odd}/to-nowhere"), answers(ConnectionFailed, TransportOpen, 302), 1),
    open(LiveKit, server("404", "{odd}/404"), answers(ConnectionFailed, TransportOpen, 404), 1),
    open(LiveKit, server("TLS of another authority", "tls:{theirs}"), fails(Tls, TransportOpen), 1),
    open(LiveKit, server("TLS to a plain server", "tls:{odd}/404"), fails(Tls, TransportOpen), 1),
    open(LiveKit, server("TLS that stalls", "tls:{mute}"), fails(Timeout, TransportOpen), 4),

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
    // A room's bot that publishes no audio is waited for, for a second.
    handshake(LiveKit, "no-bot-ready", fails(Timeout, BotReady), 4),
    handshake(LiveKit, "late-bot-ready", GoesOn, 4),
    handshake(LiveKit, r#"{"kind":"drop","at":"client-ready"}"#, fails(ConnectionFailed, BotReady), 1),
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
