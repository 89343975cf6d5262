//! Executes the faults of a running session.
//!
//! Only turns a [`Fault`] into outputs; the session's link executes them.

use bytes::Bytes;
use serde_json::json;

use crate::{
    Fault, Malformed, Unknown,
    conversation::{Conversation, Output},
    faults::MAX_OVERSIZED_BYTES,
    messages,
};

/// A length-delimited field 1 that announces more bytes than follow.
const BROKEN_PROTOBUF: &[u8] = &[0x0a, 0x7f, 0x01];

/// Field 15, length-delimited, with one field in it.
const UNKNOWN_FRAME: &[u8] = &[0x7a, 0x02, 0x08, 0x01];

/// True for the faults that change the answer to `client-ready`.
pub(crate) fn changes_ready(fault: &Fault) -> bool {
    matches!(fault, Fault::NoBotReady | Fault::LateBotReady { .. } | Fault::TwiceBotReady)
}

/// True for the faults that can occur while a session runs.
pub(crate) fn at_run_time(fault: &Fault) -> bool {
    !matches!(fault, Fault::SlowUpgrade { .. } | Fault::HttpStatus { .. } | Fault::Start(_) | Fault::Offer(_))
}

/// Executes `fault`. Does nothing for faults that occur before the session.
pub(crate) fn apply(bot: &mut Conversation, fault: &Fault) {
    match fault {
        Fault::Drop => bot.output(Output::Drop),
        Fault::Reset => bot.output(Output::Reset),
        Fault::PeerLeft => bot.output(Output::PeerLeft),
        Fault::Renegotiate => bot.output(Output::Renegotiate),
        Fault::OpenChannel => bot.output(Output::OpenChannel),
        Fault::Stall => bot.output(Output::Stall),
        Fault::Freeze => bot.output(Output::Freeze),
        Fault::Close { code, reason } => bot.output(Output::Close { code: *code, reason: reason.clone() }),
        Fault::Malformed { what } => malformed(bot, *what),
        Fault::Unknown { what } => unknown(bot, *what),
        Fault::WrongLabel => bot.send(json!({ "label": "not-rtvi", "type": "server-message", "data": {} })),
        Fault::Oversized { n } => {
            bot.send(messages::server_message("x".repeat((*n).min(MAX_OVERSIZED_BYTES)).into()))
        }
        Fault::Flood { n } => bot.flood = Some((0, *n)),
        Fault::NoBotReady | Fault::LateBotReady { .. } | Fault::TwiceBotReady => {
            bot.ready_fault = Some(fault.clone())
        }
        Fault::SlowUpgrade { .. } | Fault::HttpStatus { .. } | Fault::Start(_) | Fault::Offer(_) => {}
    }
}

/// The next message of a flood.
pub(crate) fn flood(bot: &mut Conversation) -> Option<Output> {
    let (next, end) = bot.flood?;
    if next >= end {
        bot.flood = None;
        return None;
    }
    bot.flood = Some((next + 1, end));
    Some(Output::Message(messages::server_message(json!({ "i": next }))))
}

fn malformed(bot: &mut Conversation, what: Option<Malformed>) {
    let all = [Malformed::Protobuf, Malformed::Json, Malformed::Payload];
    for kind in all.into_iter().filter(|kind| what.is_none_or(|what| what == *kind)) {
        match kind {
            Malformed::Protobuf => bot.output(Output::Binary(Bytes::from_static(BROKEN_PROTOBUF))),
            Malformed::Json => bot.output(Output::Text("{not json".into())),
            Malformed::Payload => bot.send(messages::with("bot-output", json!({ "text": 7 }))),
        }
    }
}

fn unknown(bot: &mut Conversation, what: Option<Unknown>) {
    let all = [Unknown::Type, Unknown::Frame];
    for kind in all.into_iter().filter(|kind| what.is_none_or(|what| what == *kind)) {
        match kind {
            Unknown::Type => bot.send(messages::with("from-the-future", json!({ "answer": 42 }))),
            Unknown::Frame => bot.output(Output::Binary(Bytes::from_static(UNKNOWN_FRAME))),
        }
    }
}
