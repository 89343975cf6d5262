//! One row of the table: a fault, how it is provoked, and its outcome.

use std::pin::Pin;

use rtvi_core::{Error, ErrorKind, Phase, PipecatClient};
use rtvi_tests::misbehaving::Servers;

/// A call of the app that fails.
pub(crate) type Call = for<'a> fn(
    &'a PipecatClient,
    &'a Servers,
) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'a>>;

/// A fault and its outcome.
#[derive(Debug)]
pub(crate) struct Row {
    /// The fault, in words. No two rows have the same.
    pub(crate) fault: &'static str,
    pub(crate) how: How,
    pub(crate) outcome: Outcome,
}

/// How a fault is provoked. Texts contain placeholders for servers; see [`Servers::fill`].
#[derive(Debug)]
pub(crate) enum How {
    /// `connect` to this URL.
    Connect(&'static str),
    /// `connect` with these parameters.
    Params(&'static str),
    /// `connect` over WebRTC, with offers to this URL.
    Offer(&'static str),
    /// `connect` over WebRTC with these parameters.
    OfferParams(&'static str),
    /// `connect` to a room of the LiveKit server at this URL.
    Room(&'static str),
    /// `connect` to a LiveKit room with these parameters.
    RoomParams(&'static str),
    /// `connect` to this URL as a phone with these options.
    Dial(&'static str, &'static str),
    /// A bot misbehaves in this way after it became ready over WebRTC.
    Call(&'static str),
    /// A bot misbehaves in this way after it became ready over WebRTC, with an offer to this URL.
    CallOf(&'static str, &'static str),
    /// `start_bot_and_connect` at this endpoint.
    Start(&'static str),
    /// `start_bot_and_connect` at the demo bot, which is asked for this fault.
    StartFault(&'static str),
    /// A bot misbehaves in this way after it became ready.
    Session(&'static str),
    /// A call without a session.
    Idle(Call),
    /// A call while the bot is ready.
    Ready(Call),
    /// A call while a bot of the 1.x protocol is ready.
    Legacy(Call),
}

impl How {
    /// Whether the row uses LiveKit.
    pub(crate) const fn is_room(&self) -> bool {
        matches!(self, Self::Room(_) | Self::RoomParams(_))
    }

    /// The options of the phone, if the row uses one.
    pub(crate) const fn phone(&self) -> Option<&'static str> {
        match self {
            Self::Dial(options, _) => Some(options),
            _ => None,
        }
    }

    /// Whether the row uses WebRTC.
    pub(crate) const fn is_webrtc(&self) -> bool {
        matches!(self, Self::Offer(_) | Self::OfferParams(_) | Self::Call(_) | Self::CallOf(..))
    }
}

/// The outcome of a fault.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The call fails.
    Fails(Expected),
    /// The session ends with an error.
    Ends(Expected),
    /// The session ends normally with this close code.
    Leaves { code: Option<u16>, says: &'static str },
    /// An event reports it, with data that contains this text, and the session continues.
    Event { name: &'static str, says: &'static str },
    /// The client does not treat it as a fault.
    Succeeds,
}

/// An error.
#[derive(Debug)]
pub(crate) struct Expected {
    pub(crate) kind: ErrorKind,
    pub(crate) phase: Option<Phase>,
    pub(crate) status: Option<u16>,
    /// A part of the message; may contain placeholders.
    pub(crate) says: &'static str,
}

impl Row {
    pub(crate) const fn new(fault: &'static str, how: How, outcome: Outcome) -> Self {
        Self { fault, how, outcome }
    }
}

impl Expected {
    pub(crate) const fn new(kind: ErrorKind, phase: Option<Phase>, says: &'static str) -> Self {
        Self { kind, phase, status: None, says }
    }

    pub(crate) const fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }
}
