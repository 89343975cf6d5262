//! WebRTC servers that misbehave: in the answer to an offer, and in a call.

use rtvi_core::{
    ErrorKind::{self as K, *},
    Phase::{self, TransportOpen},
};

use crate::row::{
    Expected,
    How::{Call, CallOf, Offer, OfferParams},
    Outcome::{self, Ends, Event, Leaves, Succeeds},
    Row,
};

const fn fails(kind: K, says: &'static str) -> Outcome {
    Outcome::Fails(Expected::new(kind, Some(TransportOpen), says))
}

const fn answers(kind: K, status: u16, says: &'static str) -> Outcome {
    Outcome::Fails(Expected::new(kind, Some(TransportOpen), says).with_status(status))
}

const fn lost(says: &'static str) -> Outcome {
    Ends(Expected::new(ConnectionLost, Some(Phase::Session), says))
}

/// Answers to an offer.
#[rustfmt::skip]
pub(crate) const OFFERS: &[Row] = &[
    Row::new("no offer endpoint", OfferParams("{}"), fails(InvalidTransportParams, "no 'webrtcRequestParams' with an 'endpoint'")),
    Row::new("offer endpoint that is not a string", OfferParams(r#"{"webrtcRequestParams": {"endpoint": 7}}"#), fails(InvalidTransportParams, "must be a string")),
    Row::new("offer endpoint: wrong scheme", Offer("ws://{bot}/api/offer"), fails(InvalidTransportParams, "must be http or https, not 'ws'")),
    Row::new("offer endpoint: `http` to a remote host", Offer("http://bot.example/api/offer"), fails(Tls, "use https, or allow plaintext")),
    Row::new("offer endpoint: refused", Offer("http://{refused}/api/offer"), fails(ConnectionFailed, "{refused}/api/offer can't be reached")),
    Row::new("offer endpoint: not HTTP", Offer("http://{odd}/not-http"), fails(ConnectionFailed, "disconnected or does not speak HTTP")),
    Row::new("offer endpoint: 404", Offer("http://{odd}/404"), answers(ConnectionFailed, 404, "no such bot")),
    Row::new("offer endpoint: 503", Offer("http://{bot}/api/offer?fault=http-status"), answers(ConnectionFailed, 503, "503 Service Unavailable")),
    Row::new("offer endpoint: HTML", Offer("http://{odd}/200"), answers(ConnectionFailed, 200, "an HTML page, not a JSON object")),
    Row::new("offer endpoint: malformed JSON", Offer("http://{odd}/not-json"), answers(ConnectionFailed, 200, "not a JSON object")),
    Row::new("offer endpoint: oversized", Offer("http://{odd}/large"), answers(ConnectionFailed, 200, "more than 1048576 bytes")),
    Row::new("offer endpoint: never answers", Offer("http://{bot}/api/offer?fault=offer-never"), fails(Timeout, "did not open within 2s")),
    Row::new("offer endpoint: endless", Offer("http://{odd}/endless-body"), fails(Timeout, "did not open within 2s")),
    Row::new("answer without SDP", Offer("http://{odd}/no-url"), fails(Protocol, "no 'sdp'")),
    Row::new("answer that is not SDP", Offer("http://{bot}/api/offer?fault=offer-bad-sdp"), fails(Protocol, "it is not SDP")),
    Row::new("answer of 500 KB", Offer("http://{odd}/large-sdp"), fails(Protocol, "the limit is 262144")),
    Row::new("answer without sections", Offer("http://{odd}/no-sections"), fails(Protocol, "it accepts no audio")),
    Row::new("answer without ICE", Offer("http://{odd}/no-ice"), fails(Protocol, "the server's answer is not usable")),
    Row::new("answer with fewer sections", Offer("http://{odd}/two-sections"), fails(Protocol, "it has 2 sections, but the offer has 3")),
    Row::new("answer with a fingerprint of an old hash", Offer("http://{odd}/old-hash"), fails(Protocol, "the kind 'sha-1', which can't be checked")),
    Row::new("answer without audio", Offer("http://{bot}/api/offer?fault=offer-no-audio"), fails(Protocol, "it accepts no audio")),
    Row::new("wrong fingerprint", Offer("http://{bot}/api/offer?fault=offer-wrong-fingerprint"), fails(Tls, "does not have the fingerprint")),
    Row::new("text that is not a candidate", Offer("http://{bot}/api/offer?fault=offer-bad-candidates"), Succeeds),
];

/// Calls with a bot that misbehaves after it became ready.
#[rustfmt::skip]
pub(crate) const CALLS: &[Row] = &[
    Row::new("WebRTC: killed server", Call("drop"), lost("the server has not been heard for")),
    Row::new("WebRTC: frozen server", Call("freeze"), lost("the server has not been heard for")),
    Row::new("WebRTC: `peerLeft`", Call("peer-left"), Leaves { code: None, says: "" }),
    Row::new("WebRTC: closed by the server", Call("close"), Leaves { code: None, says: "" }),
    Row::new("WebRTC: another offer wanted", Call("renegotiate"), Succeeds),
    Row::new("WebRTC: malformed JSON", Call(r#"{"kind":"malformed","what":"json"}"#), Event { name: "protocolError", says: "not a JSON object" }),
    Row::new("WebRTC: unknown message type", Call(r#"{"kind":"unknown","what":"type"}"#), Event { name: "unknownMessage", says: "42" }),
    Row::new("WebRTC: wrong label", Call("wrong-label"), Event { name: "protocolError", says: "not-rtvi" }),
    Row::new("WebRTC: a data channel of the server's own", Call("open-channel"), lost("the server opened a data channel of its own")),
    Row::new("WebRTC: large message", Call(r#"{"kind":"oversized","n":60000}"#), Event { name: "serverMessage", says: "xxxx" }),
    Row::new("WebRTC: message larger than the server accepts", CallOf("http://{bot}/api/offer?fault=offer-small-messages", r#"{"kind":"oversized","n":100000}"#), Event { name: "serverMessage", says: "xxxx" }),
    Row::new("WebRTC: flood of messages", Call("flood"), Event { name: "serverMessage", says: r#"{"i":9999}"# }),
];
