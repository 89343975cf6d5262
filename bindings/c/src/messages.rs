//! The messages that an app can send to the bot.
//!
//! Depends on [`crate::call`]. Each function makes one call of the core's client. All of them need
//! a bot that is ready.

use std::time::Duration;

use rtvi_core::protocol::SendTextOptions;

use crate::{
    call::{self, rtvi_call},
    error::rtvi_error,
    event_callback::rtvi_client,
    text::rtvi_str,
};

/// Sends an app-defined message. `data` is JSON and may be empty. The bot need not answer.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_send_client_message(
    client: *mut rtvi_client,
    kind: rtvi_str,
    data: rtvi_str,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let (kind, data) = (kind.text("kind")?.to_owned(), data.json("data")?);
        Ok(async move { core.send_client_message(kind, data).await.map(|()| None) })
    })
}

/// Sends an app-defined request and waits for the bot's answer up to `timeout_ms`; 0 means 10
/// seconds. `data` is JSON and may be empty. Result: the data of the answer, if it has any.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_send_client_request(
    client: *mut rtvi_client,
    kind: rtvi_str,
    data: rtvi_str,
    timeout_ms: u32,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let (kind, data) = (kind.text("kind")?.to_owned(), data.json("data")?);
        let timeout = (timeout_ms > 0).then(|| Duration::from_millis(timeout_ms.into()));
        Ok(async move { core.send_client_request(kind, data, timeout).await })
    })
}

/// Sends text as if the user had spoken it. `options` is a JSON object and may be empty:
/// `run_immediately` (interrupt the bot and answer at once) and `audio_response` (speak the
/// answer). Both are true by default.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_send_text(
    client: *mut rtvi_client,
    content: rtvi_str,
    options: rtvi_str,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let content = content.text("content")?.to_owned();
        let options: SendTextOptions = options.read("options")?;
        Ok(async move { core.send_text(content, options).await.map(|()| None) })
    })
}

/// Sends a file, inline or by its URL. `file` is the data of the message `send-file`: `content` (a
/// text that accompanies the file), `file` (`format`, `name`, `source`) and `options`. A source is
/// `{"type": "url", "url": …}` or `{"type": "bytes", "bytes": base64}`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_send_file(
    client: *mut rtvi_client,
    file: rtvi_str,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let file = file.read("file")?;
        Ok(async move { core.send_file(file).await.map(|()| None) })
    })
}

/// Sends telephone keys (DTMF): `0` to `9`, `*` and `#`, at least one.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_send_dtmf(
    client: *mut rtvi_client,
    keys: rtvi_str,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let keys = keys.text("keys")?.to_owned();
        Ok(async move { core.send_dtmf(keys).await.map(|()| None) })
    })
}

/// Reports an event of the app's user interface; `payload` is JSON and may be empty.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_send_ui_event(
    client: *mut rtvi_client,
    event: rtvi_str,
    payload: rtvi_str,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let (event, payload) = (event.text("event")?.to_owned(), payload.json("payload")?);
        Ok(async move { core.send_ui_event(event, payload).await.map(|()| None) })
    })
}

/// Sends a snapshot of the app's user interface: the data of the message `ui-snapshot`, which has
/// the member `tree`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_send_ui_snapshot(
    client: *mut rtvi_client,
    snapshot: rtvi_str,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let snapshot = snapshot.read("snapshot")?;
        Ok(async move { core.send_ui_snapshot(snapshot).await.map(|()| None) })
    })
}

/// Asks the bot to cancel a group of jobs; `reason` may be empty.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_cancel_ui_job_group(
    client: *mut rtvi_client,
    job_id: rtvi_str,
    reason: rtvi_str,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let job_id = job_id.text("job_id")?.to_owned();
        let reason = reason.optional("reason")?.map(str::to_owned);
        Ok(async move { core.cancel_ui_job_group(job_id, reason).await.map(|()| None) })
    })
}

/// Adds a message to the bot's context: the data of the message `append-to-context`. Deprecated:
/// current servers refuse it. Send a text with `run_immediately` false instead.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_append_to_context(
    client: *mut rtvi_client,
    message: rtvi_str,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let data = message.read("message")?;
        #[expect(deprecated, reason = "offered as long as the core does")]
        Ok(async move { core.append_to_context(data).await.map(|()| None) })
    })
}
