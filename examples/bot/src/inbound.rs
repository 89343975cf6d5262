//! Checks the client's RTVI messages and acts on them as a Pipecat server does.
//!
//! Answers only through [`Conversation`]; no I/O.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use rtvi_core::protocol::frame::AudioRawFrame;
use serde_json::{Map, Value, json};

use crate::{
    Fault, Moment, Protocol,
    conversation::{Conversation, Step},
    messages,
    reply::Manner,
    requests,
    validate::{Envelope, Form},
};

/// The number of keys collected before `#`. Further keys are dropped.
const MAX_KEYS: usize = 64;

/// Why a message was refused: the text of its `error-response`.
pub(crate) type Refusal = String;

type Data<'a> = Option<&'a Map<String, Value>>;

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
    let (id, data) = (message.id.as_str(), message.data.as_ref());
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

fn invalid(complaint: String) -> Refusal {
    format!("Invalid message: {complaint}")
}

fn client_ready(bot: &mut Conversation, now: Duration, id: &str, data: Data) -> Result<(), Refusal> {
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

fn function_result(bot: &mut Conversation, now: Duration, data: Data) -> Result<(), Refusal> {
    let mut form = Form::new("LLMFunctionCallResultData", data);
    let name = form.text("function_name");
    let id = form.text("tool_call_id");
    form.object("arguments");
    let result = form.field("result").cloned().unwrap_or_default();
    if data.is_some_and(|data| data.contains_key("result")) && !result.is_object() && !result.is_string() {
        form.complain("result.dict[any,any]", "Input should be a valid dictionary", "dict_type");
        form.complain("result.str", "Input should be a valid string", "string_type");
    }
    form.finish().map_err(invalid)?;
    bot.function_result(now, &id, &name, &result);
    Ok(())
}

fn send_text(bot: &mut Conversation, now: Duration, id: &str, data: Data) -> Result<(), Refusal> {
    let mut form = Form::new("SendTextData", data);
    let content = form.text("content");
    let (run, spoken) = reply_options(&mut form);
    form.finish().map_err(invalid)?;
    if run {
        bot.interrupt();
    }
    let timestamp = bot.timestamp(now);
    let input =
        json!({ "text": content, "input_type": "chat", "timestamp": timestamp, "final": true, "msg_id": id });
    bot.send(messages::with("user-input", input));
    if run {
        bot.answer_written(now, &content, spoken);
    }
    Ok(())
}

/// `run_immediately` and `audio_response` of the field `options`.
fn reply_options(form: &mut Form) -> (bool, bool) {
    let options = form.optional_object("options");
    form.inside("options", options, |form| {
        (form.flag("run_immediately", true), form.flag("audio_response", true))
    })
}

fn append_to_context(bot: &mut Conversation, now: Duration, data: Data) -> Result<(), Refusal> {
    let mut form = Form::new("RTVIAppendToContextData", data);
    let role = form.text("role");
    let content = form.field("content").cloned().unwrap_or_default();
    let run = form.flag("run_immediately", false);
    form.finish().map_err(invalid)?;
    if run {
        bot.interrupt();
        let text = content.as_str().map_or_else(|| content.to_string(), str::to_owned);
        if role == "user" {
            bot.answer_written(now, &text, true);
        }
    }
    Ok(())
}

fn send_file(bot: &mut Conversation, now: Duration, data: Data) -> Result<(), Refusal> {
    let mut form = Form::new("SendFileData", data);
    let content = form.text("content");
    let file = form.object("file");
    let described = form.inside("file", file, |form| file.map(|_| describe_file(form)));
    let (run, spoken) = reply_options(&mut form);
    form.finish().map_err(invalid)?;
    let mut described = described.unwrap_or_default();
    described["text"] = json!(content);
    if run {
        bot.interrupt();
    }
    acknowledge(bot, "file", &described);
    if run {
        bot.answer_written(now, &content, spoken);
    }
    Ok(())
}

/// Checks a file and describes it: name, format, and its size or URL.
fn describe_file(form: &mut Form) -> Value {
    let (format, name) = (form.text("format"), form.optional_text("name"));
    let source = form.object("source");
    let inside = form.inside("source", source, |form| match source?.get("type").and_then(Value::as_str) {
        Some("bytes") => Some(("bytes", json!(decoded_size(form)))),
        Some("url") => Some(("url", json!(form.text("url")))),
        _ => {
            form.complain("FileBytes.type", "Input should be 'bytes' or 'url'", "literal_error");
            None
        }
    });
    let kind = if format.starts_with("image/") { "image" } else { "file" };
    let mut file = json!({ "kind": kind, "format": format, "name": name });
    if let Some((kind, value)) = inside {
        file[kind] = value;
    }
    file
}

fn decoded_size(form: &mut Form) -> usize {
    let text = form.text("bytes");
    // The server also accepts a whole data: URL.
    let encoded = text.rsplit_once("base64,").map_or(text.as_str(), |(_, encoded)| encoded);
    let Ok(bytes) = STANDARD.decode(encoded) else {
        form.complain("bytes", "Input should be valid base64", "value_error");
        return 0;
    };
    bytes.len()
}

fn dtmf(bot: &mut Conversation, now: Duration, data: Data) -> Result<(), Refusal> {
    let mut form = Form::new("DTMFInputData", data);
    let keys = read_keys(&mut form);
    form.finish().map_err(invalid)?;
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

fn read_keys(form: &mut Form) -> String {
    let Some(buttons) = form.field("buttons") else { return String::new() };
    let Some(buttons) = buttons.as_array() else {
        form.complain("buttons", "Input should be a valid list", "list_type");
        return String::new();
    };
    if buttons.is_empty() {
        let message = "List should have at least 1 item after validation, not 0";
        form.complain("buttons", message, "too_short");
    }
    let mut keys = String::new();
    for (index, button) in buttons.iter().enumerate() {
        match button.as_str() {
            Some(key) if key.len() == 1 && "0123456789#*".contains(key) => keys.push_str(key),
            _ => {
                let message = "Input should be '1', '2', '3', '4', '5', '6', '7', '8', '9', '0', '#' or '*'";
                form.complain(&format!("buttons.{index}"), message, "enum");
            }
        }
    }
    keys
}

fn announce_keys(bot: &mut Conversation, now: Duration) {
    let keys: Vec<String> = std::mem::take(&mut bot.keys).chars().map(String::from).collect();
    bot.say(now, &[format!("You typed {}.", keys.join(" "))], Manner::Announced);
}

/// Handles audio as base64 in JSON. Like the server, ignores what it can't read.
fn raw_audio(bot: &mut Conversation, now: Duration, data: Data) -> Result<(), Refusal> {
    let data = data.ok_or_else(|| "Exception processing message: no data".to_owned())?;
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

fn ui_event(bot: &mut Conversation, data: Data) -> Result<(), Refusal> {
    let fields = data.cloned().unwrap_or_default();
    let mut form = Form::new("UIEventData", Some(&fields));
    let event = form.text("event");
    form.finish().map_err(invalid)?;
    acknowledge(bot, "ui-event", &json!({ "event": event, "payload": fields.get("payload") }));
    Ok(())
}

fn ui_snapshot(bot: &mut Conversation, data: Data) -> Result<(), Refusal> {
    let fields = data.cloned().unwrap_or_default();
    let mut form = Form::new("UISnapshotData", Some(&fields));
    let tree = form.object("tree");
    form.inside("tree", tree, |form| {
        let root = form.object("root");
        form.inside("root", root, |form| (form.text("ref"), form.text("role")));
        form.field("captured_at");
    });
    form.finish().map_err(invalid)?;
    acknowledge(bot, "ui-snapshot", &json!(tree));
    Ok(())
}

fn ui_cancel_job_group(bot: &mut Conversation, data: Data) -> Result<(), Refusal> {
    let fields = data.cloned().unwrap_or_default();
    let mut form = Form::new("UICancelJobGroupData", Some(&fields));
    form.text("job_id");
    form.optional_text("reason");
    form.finish().map_err(invalid)?;
    acknowledge(bot, "ui-cancel-job-group", &json!(fields));
    Ok(())
}

/// Reports to the client what arrived. A real bot would act on it without a report.
fn acknowledge(bot: &mut Conversation, kind: &str, data: &Value) {
    bot.send(messages::server_message(json!({ "received": kind, "data": data })));
}
