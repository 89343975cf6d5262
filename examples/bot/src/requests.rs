//! The client messages this bot understands, by their `t`; each answers as an app on a Pipecat server would.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::{
    FaultPlan,
    conversation::{Conversation, Step},
    inbound::Refusal,
    messages, misbehave,
    validate::Form,
};

/// Longest wait of the `slow` request.
const MAX_SLOW: f64 = 3600.0;

/// One client message.
struct Request<'a> {
    id: &'a str,
    kind: &'a str,
    data: Value,
}

/// Carries out a `client-message`.
pub(crate) fn client_message(
    bot: &mut Conversation,
    now: Duration,
    id: &str,
    data: Option<&Map<String, Value>>,
) -> Result<(), Refusal> {
    let mut form = Form::new("RawClientMessageData", data);
    let kind = form.text("t");
    form.finish().map_err(|complaint| format!("Invalid message: {complaint}"))?;
    let data = data.and_then(|data| data.get("d")).cloned().unwrap_or_default();
    let request = Request { id, kind: &kind, data };
    match kind.as_str() {
        "get-language" => respond(bot, &request, json!({ "language": "en-US" })),
        "echo" => respond(bot, &request, request.data.clone()),
        "null" => respond(bot, &request, Value::Null),
        "session" => session(bot, &request),
        "slow" => slow(bot, now, &request),
        "never" => Ok(()),
        "server-message" => send(bot, messages::server_message(request.data)),
        "emit" => emit(bot, &request),
        "error" => send(bot, error("a recoverable error", false)),
        "fatal" => fatal(bot, now),
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

fn session(bot: &mut Conversation, request: &Request) -> Result<(), Refusal> {
    let mut id = String::new();
    bot.log.update(|record| id.clone_from(&record.id));
    respond(bot, request, json!({ "id": id, "body": null }))
}

/// Answers after `{"seconds": …}`, 1 by default.
fn slow(bot: &mut Conversation, now: Duration, request: &Request) -> Result<(), Refusal> {
    let seconds = request.data.get("seconds").cloned().unwrap_or(json!(1));
    let wait = seconds.as_f64().filter(|wait| (0.0..=MAX_SLOW).contains(wait));
    let wait = wait.ok_or_else(|| format!("'seconds' is {seconds}, not a number from 0 to {MAX_SLOW}"))?;
    let response = messages::server_response(request.id, request.kind, json!({ "waited": seconds }));
    if bot.send_later(now + Duration::from_secs_f64(wait), Step::Send(response)) {
        return Ok(());
    }
    Err("too many slow requests".into())
}

/// Sends any message: `{"type": …, "data": …}`.
fn emit(bot: &mut Conversation, request: &Request) -> Result<(), Refusal> {
    let kind = request.data.get("type").and_then(Value::as_str);
    let kind = kind.ok_or_else(|| "'emit' needs a 'type'".to_owned())?;
    let message = match request.data.get("data") {
        Some(data) => messages::with(kind, data.clone()),
        None => messages::bare(kind),
    };
    send(bot, message)
}

fn error(text: &str, fatal: bool) -> Value {
    messages::with("error", json!({ "error": text, "fatal": fatal }))
}

fn fatal(bot: &mut Conversation, now: Duration) -> Result<(), Refusal> {
    bot.send(error("a fatal error", true));
    bot.leave(now);
    Ok(())
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
