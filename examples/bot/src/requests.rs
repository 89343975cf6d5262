//! The client messages that this bot understands, by their `t`. Each answers as an app on a Pipecat
//! server would.

use std::time::Duration;

use serde_json::{Value, json};

use clap::ValueEnum;

use crate::{
    FaultPlan, FunctionDetail,
    conversation::{Conversation, Step},
    inbound::Refusal,
    messages, misbehave,
    payload::{self, ClientMessage, Data},
    reply::Manner,
    text,
};

/// The longest wait of the `slow` request.
const MAX_SLOW: f64 = 3600.0;

/// The longest text of the `say` message, in characters.
const MAX_SAID: usize = 1000;

/// The longest text of the `fill` request, in letters: more than any client accepts.
const LONGEST_TEXT: usize = 8 * 1024 * 1024;

/// One client message.
struct Request<'a> {
    id: &'a str,
    kind: &'a str,
    data: Value,
}

/// Handles a `client-message`.
pub(crate) fn client_message(
    bot: &mut Conversation,
    now: Duration,
    id: &str,
    data: &Data,
) -> Result<(), Refusal> {
    let ClientMessage { t: kind, d: data } = payload::read(data)?;
    let request = Request { id, kind: &kind, data };
    match kind.as_str() {
        "get-language" => respond(bot, &request, json!({ "language": "en-US" })),
        "echo" => respond(bot, &request, request.data.clone()),
        "null" => respond(bot, &request, Value::Null),
        "fill" => fill(bot, &request),
        "session" => session(bot, &request),
        "slow" => slow(bot, now, &request),
        "never" => Ok(()),
        "server-message" => send(bot, messages::server_message(request.data)),
        "emit" => emit(bot, &request),
        "error" => send(bot, error(&request, "a recoverable error", false)),
        "fatal" => fatal(bot, now, &request),
        "say" => say(bot, now, &request),
        "mute" => mute(bot, &request),
        "function-detail" => function_detail(bot, &request),
        "ui-command" => send(bot, messages::with("ui-command", request.data)),
        "misbehave" => misbehave_at(bot, now, request.data),
        other => Err(format!("unknown request '{other}'")),
    }
}

fn send(bot: &mut Conversation, message: Value) -> Result<(), Refusal> {
    bot.send(message);
    Ok(())
}

fn respond(bot: &mut Conversation, request: &Request, data: Value) -> Result<(), Refusal> {
    send(bot, messages::server_response(request.id, request.kind, data))
}

/// Answers with a text of this many letters, to create a message of any size.
fn fill(bot: &mut Conversation, request: &Request) -> Result<(), Refusal> {
    let letters =
        request.data.get("letters").and_then(Value::as_u64).and_then(|letters| usize::try_from(letters).ok());
    let letters = letters
        .filter(|letters| *letters <= LONGEST_TEXT)
        .ok_or_else(|| format!("bad data for 'fill': letters must be at most {LONGEST_TEXT}"))?;
    respond(bot, request, json!({ "text": "x".repeat(letters) }))
}

fn session(bot: &mut Conversation, request: &Request) -> Result<(), Refusal> {
    let mut about = Value::Null;
    bot.log.update(|record| about = json!({ "id": record.id, "body": record.body }));
    respond(bot, request, about)
}

/// Returns its data after `{"seconds": …}`.
fn slow(bot: &mut Conversation, now: Duration, request: &Request) -> Result<(), Refusal> {
    let wait =
        request.data.get("seconds").and_then(Value::as_f64).filter(|wait| (0.0..=MAX_SLOW).contains(wait));
    let wait = wait.ok_or_else(|| format!("bad data for 'slow': no 'seconds' from 0 to {MAX_SLOW}"))?;
    let response = messages::server_response(request.id, request.kind, request.data.clone());
    if bot.send_later(now + Duration::from_secs_f64(wait), Step::Send(response)) {
        return Ok(());
    }
    Err("too many slow requests".into())
}

/// Sends any message: `{"type": …, "data": …}`.
fn emit(bot: &mut Conversation, request: &Request) -> Result<(), Refusal> {
    let kind = request.data.get("type").and_then(Value::as_str);
    let kind = kind.ok_or_else(|| "bad data for 'emit': no 'type'".to_owned())?;
    let message = match request.data.get("data") {
        Some(data) => messages::with(kind, data.clone()),
        None => messages::bare(kind),
    };
    send(bot, message)
}

/// An `error` with the text of `{"message": …}`.
fn error(request: &Request, otherwise: &str, fatal: bool) -> Value {
    let text = request.data.get("message").and_then(Value::as_str).unwrap_or(otherwise);
    messages::with("error", json!({ "error": text, "fatal": fatal }))
}

fn fatal(bot: &mut Conversation, now: Duration, request: &Request) -> Result<(), Refusal> {
    bot.send(error(request, "a fatal error", true));
    bot.leave(now);
    Ok(())
}

/// Says `{"text": …}`.
fn say(bot: &mut Conversation, now: Duration, request: &Request) -> Result<(), Refusal> {
    let text = request.data.get("text").and_then(Value::as_str).ok_or("bad data for 'say': no 'text'")?;
    bot.say(now, &text::sentences(&text::truncated(text, MAX_SAID)), Manner::Announced);
    Ok(())
}

/// Reports that the user is muted or unmuted, `{"muted": …}`. The bot keeps listening.
fn mute(bot: &mut Conversation, request: &Request) -> Result<(), Refusal> {
    let muted =
        request.data.get("muted").and_then(Value::as_bool).ok_or("bad data for 'mute': no 'muted'")?;
    bot.send(messages::bare(if muted { "user-mute-started" } else { "user-mute-stopped" }));
    respond(bot, request, json!({ "muted": muted }))
}

/// Sets how much function-call messages report from now on, `{"level": …}`.
fn function_detail(bot: &mut Conversation, request: &Request) -> Result<(), Refusal> {
    let level = request.data.get("level").and_then(Value::as_str).unwrap_or_default();
    let detail = FunctionDetail::from_str(level, false);
    bot.speaking.detail =
        detail.map_err(|_| format!("bad data for 'function-detail': '{level}' is not a level"))?;
    respond(bot, request, json!({ "level": level }))
}

fn misbehave_at(bot: &mut Conversation, now: Duration, data: Value) -> Result<(), Refusal> {
    let plan = FaultPlan::from_value(data)?;
    if !misbehave::at_run_time(&plan.fault) {
        return Err(format!("the fault {:?} only happens before the session", plan.fault));
    }
    if bot.send_later(now + plan.delay(), Step::Misbehave(plan.fault)) {
        return Ok(());
    }
    Err("too many faults are waiting".into())
}
