//! Checks the client's RTVI messages and acts on them as a Pipecat server does.
//!
//! Answers only through [`Conversation`]; no I/O.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use rtvi_core::protocol::frame::AudioRawFrame;
use serde_json::{Value, json};

use crate::{
    Fault, Moment, Protocol,
    conversation::{Conversation, Step},
    messages,
    payload::{
        AppendToContext, Data, Dtmf, Envelope, File, FunctionResult, SendFile, SendText, Source,
        UiCancelJobGroup, UiEvent, UiSnapshot, invalid, read,
    },
    reply::Manner,
    requests,
};

/// The number of keys collected before `#`. Further keys are dropped.
const MAX_KEYS: usize = 64;

/// Why a message was refused: the text of its `error-response`.
pub(crate) type Refusal = String;

/// Handles a message with any content.
pub(crate) fn receive(bot: &mut Conversation, now: Duration, message: &Value) {
    bot.log.message(message);
    match Envelope::read(message) {
        None => {}
        Some(Ok(envelope)) => handle(bot, now, &envelope),
        Some(Err(complaint)) => {
            let error = format!("Invalid RTVI transport message: {complaint}");
            bot.send(messages::with("error", json!({ "error": error, "fatal": false })));
        }
    }
}

fn handle(bot: &mut Conversation, now: Duration, message: &Envelope) {
    let (id, data) = (message.id.as_str(), &message.data);
    let old = bot.options.protocol == Protocol::V1;
    let done = match message.kind.as_str() {
        "client-ready" => client_ready(bot, now, id, data),
        "disconnect-bot" => disconnect_bot(bot, now),
        "client-message" => requests::client_message(bot, now, id, data),
        "llm-function-call-result" => function_result(bot, now, data),
        "send-text" => send_text(bot, now, id, data),
        "raw-audio" | "raw-audio-batch" => raw_audio(bot, now, data),
        "append-to-context" if old => append_to_context(bot, now, data),
        "send-file" if !old => send_file(bot, now, data),
        "dtmf" if !old => dtmf(bot, now, data),
        "ui-event" if !old => ui_event(bot, data),
        "ui-snapshot" if !old => ui_snapshot(bot, data),
        "ui-cancel-job-group" if !old => ui_cancel_job_group(bot, data),
        other => Err(format!("Unsupported type {other}")),
    };
    if let Err(refusal) = done {
        bot.send(messages::error_response(id, &refusal));
    }
}

fn client_ready(bot: &mut Conversation, now: Duration, id: &str, data: &Data) -> Result<(), Refusal> {
    let data = data.as_ref();
    let version = data.and_then(|data| data.get("version")).and_then(Value::as_str).map(str::to_owned);
    bot.log.update(|record| record.client_version = version);
    if let Some(complaint) = bot.client.declare(bot.options.protocol, data) {
        bot.send(messages::error_response(id, &complaint));
    }
    if bot.start_plan(Moment::ClientReady, now) {
        return Ok(());
    }
    let ready = || Step::BotReady(id.to_owned());
    let sent = match bot.ready_fault {
        Some(Fault::NoBotReady) => true,
        Some(Fault::LateBotReady { ms }) => bot.send_later(now + Duration::from_millis(ms), ready()),
        Some(Fault::TwiceBotReady) => bot.send_later(now, ready()) && bot.send_later(now, ready()),
        _ => bot.send_later(now, ready()),
    };
    if sent { Ok(()) } else { Err("Exception processing message: too many delayed answers".into()) }
}

fn disconnect_bot(bot: &mut Conversation, now: Duration) -> Result<(), Refusal> {
    bot.leave(now);
    Ok(())
}

fn function_result(bot: &mut Conversation, now: Duration, data: &Data) -> Result<(), Refusal> {
    let FunctionResult { function_name, tool_call_id, result } = read(data)?;
    if !result.is_object() && !result.is_string() {
        return Err(invalid("the result is neither an object nor a text"));
    }
    bot.function_result(now, &tool_call_id, &function_name, &result);
    Ok(())
}

fn send_text(bot: &mut Conversation, now: Duration, id: &str, data: &Data) -> Result<(), Refusal> {
    let SendText { content, options } = read(data)?;
    let options = options.unwrap_or_default();
    if options.run_immediately {
        bot.interrupt();
    }
    let timestamp = bot.timestamp(now);
    let input =
        json!({ "text": content, "input_type": "chat", "timestamp": timestamp, "final": true, "msg_id": id });
    bot.send(messages::with("user-input", input));
    if options.run_immediately {
        bot.answer_written(now, &content, options.audio_response);
    }
    Ok(())
}

fn append_to_context(bot: &mut Conversation, now: Duration, data: &Data) -> Result<(), Refusal> {
    let AppendToContext { role, content, run_immediately } = read(data)?;
    if run_immediately {
        bot.interrupt();
        let text = content.as_str().map_or_else(|| content.to_string(), str::to_owned);
        if role == "user" {
            bot.answer_written(now, &text, true);
        }
    }
    Ok(())
}

fn send_file(bot: &mut Conversation, now: Duration, data: &Data) -> Result<(), Refusal> {
    let SendFile { content, file, options } = read(data)?;
    let options = options.unwrap_or_default();
    let mut described = describe_file(file)?;
    described["text"] = json!(content);
    if options.run_immediately {
        bot.interrupt();
    }
    acknowledge(bot, "file", &described);
    if options.run_immediately {
        bot.answer_written(now, &content, options.audio_response);
    }
    Ok(())
}

/// Describes a file: name, format, and its size or URL.
fn describe_file(file: File) -> Result<Value, Refusal> {
    let kind = if file.format.starts_with("image/") { "image" } else { "file" };
    let mut described = json!({ "kind": kind, "format": file.format, "name": file.name });
    match file.source {
        Source::Url { url } => described["url"] = json!(url),
        Source::Bytes { bytes } => {
            // The server also accepts a whole data: URL.
            let encoded = bytes.rsplit_once("base64,").map_or(bytes.as_str(), |(_, encoded)| encoded);
            described["bytes"] = json!(STANDARD.decode(encoded).map_err(invalid)?.len());
        }
    }
    Ok(described)
}

fn dtmf(bot: &mut Conversation, now: Duration, data: &Data) -> Result<(), Refusal> {
    let Dtmf { buttons } = read(data)?;
    if let Some(wrong) = buttons.iter().find(|key| key.len() != 1 || !"0123456789#*".contains(key.as_str())) {
        return Err(invalid(format!("there is no key `{wrong}`")));
    }
    if buttons.is_empty() {
        return Err(invalid("no buttons"));
    }
    let keys = buttons.concat();
    bot.log.update(|record| record.dtmf.push_str(&keys));
    for key in keys.chars() {
        match key {
            '#' => announce_keys(bot, now),
            _ if bot.keys.len() < MAX_KEYS => bot.keys.push(key),
            _ => {}
        }
    }
    Ok(())
}

fn announce_keys(bot: &mut Conversation, now: Duration) {
    let keys: Vec<String> = std::mem::take(&mut bot.keys).chars().map(String::from).collect();
    bot.say(now, &[format!("You typed {}.", keys.join(" "))], Manner::Announced);
}

/// Handles audio as base64 in JSON. Like the server, ignores what it can't read.
fn raw_audio(bot: &mut Conversation, now: Duration, data: &Data) -> Result<(), Refusal> {
    let data = data.as_ref().ok_or_else(|| "Exception processing message: no data".to_owned())?;
    let number = |name: &str| data.get(name).and_then(Value::as_u64).and_then(|n| u32::try_from(n).ok());
    let (Some(sample_rate), Some(num_channels)) = (number("sampleRate"), number("numChannels")) else {
        return Ok(());
    };
    let batch = data.get("base64AudioBatch").and_then(Value::as_array).into_iter().flatten();
    for piece in batch.chain(data.get("base64Audio")).filter_map(Value::as_str) {
        if let Ok(pcm) = STANDARD.decode(piece) {
            let frame =
                AudioRawFrame { audio: pcm.into(), sample_rate, num_channels, ..AudioRawFrame::default() };
            bot.hear(now, &frame);
        }
    }
    Ok(())
}

fn ui_event(bot: &mut Conversation, data: &Data) -> Result<(), Refusal> {
    let UiEvent { event, payload } = read(data)?;
    acknowledge(bot, "ui-event", &json!({ "event": event, "payload": payload }));
    Ok(())
}

fn ui_snapshot(bot: &mut Conversation, data: &Data) -> Result<(), Refusal> {
    let UiSnapshot { tree } = read(data)?;
    acknowledge(bot, "ui-snapshot", &json!(tree));
    Ok(())
}

fn ui_cancel_job_group(bot: &mut Conversation, data: &Data) -> Result<(), Refusal> {
    let group: UiCancelJobGroup = read(data)?;
    acknowledge(bot, "ui-cancel-job-group", &json!(group));
    Ok(())
}

/// Reports to the client what arrived. A real bot would act on it without a report.
fn acknowledge(bot: &mut Conversation, kind: &str, data: &Value) {
    bot.send(messages::server_message(json!({ "received": kind, "data": data })));
}
