//! The ways in which the bot misbehaves on request, and the syntax of such requests.
//!
//! Values and parsing only. A fault comes from [`BotOptions::fault`](crate::BotOptions::fault),
//! from `fault` in the body of `/start`, from `?fault=` in the URL of the WebSocket or the offer,
//! or at run time from the client message `misbehave`.

use std::{str::FromStr, time::Duration};

use serde::{Deserialize, Serialize};

/// The maximum length of a message for [`Fault::Oversized`]; a larger `n` is reduced to it.
pub(crate) const MAX_OVERSIZED_BYTES: usize = 64 << 20;

/// One way to misbehave. In JSON, the variant is `kind`, in kebab-case:
/// `{"kind":"close","code":1011}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Fault {
    /// Ends the TCP connection without a close frame. On WebRTC, ends as a killed server does.
    Drop,
    /// Resets the TCP connection. On WebRTC, like [`Fault::Drop`].
    Reset,
    /// On a WebSocket: sends nothing any more, but still reads and answers pings. On WebRTC: sends
    /// no more audio, not even silence, but still sends messages and connectivity checks.
    Stall,
    /// On a WebSocket: stops reading, sending and answering pings; the connection stays open. On
    /// WebRTC: passes no packet of the peer connection in either direction, until a new one takes
    /// over (`restart_pc`).
    Freeze,
    /// WebRTC: sends `peerLeft`, but stays.
    PeerLeft,
    /// WebRTC: asks for another offer.
    Renegotiate,
    /// WebRTC: opens its own data channel, next to the client's.
    OpenChannel,
    /// Closes the WebSocket. On WebRTC, sends `peerLeft` and closes the peer connection, whatever
    /// the code and reason.
    Close {
        /// Close code. Default 1011 (the server failed).
        #[serde(default = "default_close_code")]
        code: u16,
        /// Close reason. Default empty.
        #[serde(default)]
        reason: String,
    },
    /// Sends something that can't be decoded.
    Malformed {
        /// Which one; by default all of them in turn.
        #[serde(default)]
        what: Option<Malformed>,
    },
    /// Sends something valid that no client knows.
    Unknown {
        /// Which one; by default both in turn.
        #[serde(default)]
        what: Option<Unknown>,
    },
    /// Sends a message whose label is not `rtvi-ai`.
    WrongLabel,
    /// Sends one `server-message` with a string of `n` bytes. Default 2 MB, at most 64 MiB.
    Oversized {
        /// Length of the string.
        #[serde(default = "default_oversized")]
        n: usize,
    },
    /// Sends `n` `server-message`s `{"i":0}`, `{"i":1}` … as fast as the client reads. Default 10
    /// 000.
    Flood {
        /// How many messages.
        #[serde(default = "default_flood")]
        n: u32,
    },
    /// Never answers `client-ready`.
    NoBotReady,
    /// Answers `client-ready` late.
    LateBotReady {
        /// The delay in milliseconds. Default 2000.
        #[serde(default = "default_late_ms")]
        ms: u64,
    },
    /// Answers `client-ready` twice.
    TwiceBotReady,
    /// Answers the WebSocket upgrade late.
    SlowUpgrade {
        /// The delay in milliseconds. Default 2000.
        #[serde(default = "default_late_ms")]
        ms: u64,
    },
    /// Answers the WebSocket upgrade with a plain HTTP response.
    HttpStatus {
        /// Its status. Default 503.
        #[serde(default = "default_status")]
        status: u16,
    },
    /// Misbehaves at `/start`.
    Start(StartFault),
    /// Misbehaves at a WebRTC offer.
    Offer(OfferFault),
}

/// How the answer to an offer misbehaves: `{"kind":"offer","answer":"no-audio"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum OfferFault {
    /// There is none; the HTTP request never completes.
    Never,
    /// The correct answer, late.
    Slow {
        /// The delay in milliseconds. Default 2000.
        #[serde(default = "default_late_ms")]
        ms: u64,
    },
    /// An error status with `{"detail":…}`.
    Status {
        /// The status. Default 503.
        #[serde(default = "default_status")]
        status: u16,
    },
    /// The session answers this many offers, then becomes unknown (404).
    Gone {
        /// How many offers. Default 1.
        #[serde(default = "default_offers")]
        offers: u32,
    },
    /// Some entries among the candidates are not candidates.
    BadCandidates,
    /// It accepts messages of up to 64 KiB, like Pipecat's server, instead of any size.
    SmallMessages,
    /// The audio section is refused.
    NoAudio,
    /// The fingerprint matches no certificate, so the encryption can't be established.
    WrongFingerprint,
    /// The text is not SDP.
    BadSdp,
}

/// How `/start` misbehaves: `{"kind":"start","answer":"html"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum StartFault {
    /// An error status with `{"detail":…}`.
    Status {
        /// The status. Default 503.
        #[serde(default = "default_status")]
        status: u16,
    },
    /// An HTML page with status 200.
    Html,
    /// Status 200 without a body.
    Empty,
    /// The correct answer, late.
    Slow {
        /// The delay in milliseconds. Default 2000.
        #[serde(default = "default_late_ms")]
        ms: u64,
    },
    /// A body that never ends.
    Endless,
    /// A redirect to itself.
    Redirect,
}

/// The data that [`Fault::Malformed`] sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Malformed {
    /// A binary message that is not a protobuf frame.
    Protobuf,
    /// A message frame whose text is not JSON.
    Json,
    /// A known message type with a payload of the wrong shape.
    Payload,
}

/// The data that [`Fault::Unknown`] sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unknown {
    /// An RTVI message of the type `from-the-future`.
    Type,
    /// A protobuf frame with field number 15.
    Frame,
}

/// When a fault of a connection occurs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Moment {
    /// Counted from the opening of the WebSocket, or of the peer connection.
    Open,
    /// Counted from client-ready, which is then not answered.
    ClientReady,
    /// Counted from the (last) bot-ready.
    #[default]
    Ready,
}

/// A fault, its time, and the connections it affects. `"drop".parse()` and a JSON object both
/// create one: `{"kind":"drop","at":"ready","after_ms":200,"connections":1}` drops the first
/// connection 200 ms after bot-ready and serves the later ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FaultPlan {
    /// The fault.
    #[serde(flatten)]
    pub fault: Fault,
    /// The moment from which `after_ms` counts.
    #[serde(default)]
    pub at: Moment,
    /// Milliseconds after `at`. Default 0.
    #[serde(default)]
    pub after_ms: u64,
    /// The number of first connections (or `/start` requests, or offers) that misbehave; by default
    /// all.
    #[serde(default)]
    pub connections: Option<u32>,
}

impl FaultPlan {
    /// Creates a plan for `fault` at the bot-ready of every connection.
    pub fn new(fault: Fault) -> Self {
        Self { fault, at: Moment::Ready, after_ms: 0, connections: None }
    }

    /// The delay after [`FaultPlan::at`].
    pub(crate) fn delay(&self) -> Duration {
        Duration::from_millis(self.after_ms)
    }
}

impl FromStr for FaultPlan {
    type Err = String;

    /// Reads a JSON object, or the name of a kind (`drop`, `start-html`, `offer-never`) with its
    /// defaults.
    fn from_str(text: &str) -> Result<Self, String> {
        let value = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| format!("the fault is not JSON: {error}"))?
        } else if let Some(answer) = text.strip_prefix("start-") {
            serde_json::json!({ "kind": "start", "answer": answer })
        } else if let Some(answer) = text.strip_prefix("offer-") {
            serde_json::json!({ "kind": "offer", "answer": answer })
        } else {
            serde_json::json!({ "kind": text })
        };
        Self::from_value(value)
    }
}

impl FaultPlan {
    /// Reads the JSON form, or a string as [`FromStr`] does.
    pub(crate) fn from_value(value: serde_json::Value) -> Result<Self, String> {
        if let serde_json::Value::String(text) = value {
            return text.parse();
        }
        serde_json::from_value(value).map_err(|error| format!("invalid fault: {error}"))
    }
}

fn default_close_code() -> u16 {
    1011
}

fn default_oversized() -> usize {
    2_000_000
}

fn default_flood() -> u32 {
    10_000
}

fn default_late_ms() -> u64 {
    2000
}

fn default_offers() -> u32 {
    1
}

fn default_status() -> u16 {
    503
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> FaultPlan {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn bare_names_take_the_defaults() {
        assert_eq!(parse("drop"), FaultPlan::new(Fault::Drop));
        assert_eq!(parse("close").fault, Fault::Close { code: 1011, reason: String::new() });
        assert_eq!(parse("flood").fault, Fault::Flood { n: 10_000 });
        assert_eq!(parse("start-html").fault, Fault::Start(StartFault::Html));
        assert_eq!(parse("start-status").fault, Fault::Start(StartFault::Status { status: 503 }));
        assert_eq!(parse("offer-gone").fault, Fault::Offer(OfferFault::Gone { offers: 1 }));
        assert_eq!(parse("peer-left").fault, Fault::PeerLeft);
        assert_eq!(parse("open-channel").fault, Fault::OpenChannel);
    }

    #[test]
    fn objects_carry_details_and_the_plan() {
        let plan =
            parse(r#"{"kind":"close","code":4001,"reason":"bye","at":"open","after_ms":5,"connections":2}"#);
        assert_eq!(plan.fault, Fault::Close { code: 4001, reason: "bye".into() });
        assert_eq!((plan.at, plan.after_ms, plan.connections), (Moment::Open, 5, Some(2)));
        assert_eq!(
            parse(r#"{"kind":"malformed","what":"json"}"#).fault,
            Fault::Malformed { what: Some(Malformed::Json) }
        );
        assert_eq!(
            parse(r#"{"kind":"start","answer":"slow","ms":3}"#).fault,
            Fault::Start(StartFault::Slow { ms: 3 })
        );
    }

    #[test]
    fn nonsense_is_refused_by_name() {
        for text in ["explode", "{", r#"{"code":1}"#, r#"{"kind":"close","code":"x"}"#] {
            assert!(text.parse::<FaultPlan>().is_err(), "{text}");
        }
        assert!("explode".parse::<FaultPlan>().is_err_and(|error| error.contains("explode")));
    }
}
