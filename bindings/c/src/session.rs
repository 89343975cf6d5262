//! Sessions: how they begin and end.
//!
//! Depends on [`crate::call`]. Each function makes one call of the core's client.

use std::time::Duration;

use rtvi_core::{ApiRequest, ConnectParams, Error, protocol::object_from_value};
use serde_json::{Value, json};

use crate::{
    call::{self, rtvi_call},
    error::rtvi_error,
    event_callback::rtvi_client,
    memory::{self, SizedStruct},
    text::rtvi_str,
};

/// A request to an HTTP endpoint that starts a bot. Set `size`, set the rest to zero, and then set
/// the members that you need.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_start_request {
    /// `sizeof(rtvi_start_request)`.
    pub size: usize,
    /// The `http` or `https` URL. With `agent` it may be empty; the request then goes to Pipecat
    /// Cloud.
    pub endpoint: rtvi_str,
    /// Extra request headers, sent in this order: a JSON list of objects with `name` and `value`.
    /// May be empty.
    pub headers: rtvi_str,
    /// The JSON body; may be empty.
    pub data: rtvi_str,
    /// The time limit for the whole request, in milliseconds. 0 means `timeouts.startMs` of the
    /// client's options.
    pub timeout_ms: u32,
    /// The name of the Pipecat Cloud agent to start. Empty for other servers. Then `data` holds the
    /// request: `transport` and `body`. `body` is limited to 1 MiB, and to 4 KiB for the transport
    /// `websocket`.
    pub agent: rtvi_str,
    /// The public key for that agent, `pk_…`. It is sent as a header and never shown. Without
    /// `agent` it is an invalid argument.
    pub public_key: rtvi_str,
}

// SAFETY: `repr(C)`, `size` first, and zeros are null or 0.
unsafe impl SizedStruct for rtvi_start_request {}

fn request(given: *const rtvi_start_request) -> Result<ApiRequest, Error> {
    let invalid = |text: &str| Error::new(rtvi_core::ErrorKind::InvalidArgument, text);
    let given =
        memory::read_sized(given, "rtvi_start_request")?.ok_or_else(|| invalid("the request is null"))?;
    let mut request = start_request(&given)?;
    if let Some(headers) = given.headers.json("headers")? {
        let read: ApiRequest =
            object_from_value("the request", &json!({ "endpoint": "", "headers": headers }))?;
        request.headers.extend(read.headers);
    }
    request.request_data = given.data.json("data")?;
    request.timeout = (given.timeout_ms > 0).then(|| Duration::from_millis(given.timeout_ms.into()));
    Ok(request)
}

fn start_request(given: &rtvi_start_request) -> Result<ApiRequest, Error> {
    let endpoint = given.endpoint.optional("endpoint")?;
    let Some(agent) = given.agent.optional("agent")? else {
        if given.public_key.optional("public_key")?.is_some() {
            return Err(Error::new(rtvi_core::ErrorKind::InvalidArgument, "public_key is set without agent"));
        }
        return Ok(ApiRequest::new(endpoint.unwrap_or_default()));
    };
    let mut request = ApiRequest::pipecat_cloud(agent, given.public_key.text("public_key")?)?;
    if let Some(endpoint) = endpoint {
        endpoint.clone_into(&mut request.endpoint);
    }
    Ok(request)
}

/// Opens the microphone and the speaker. The other calls open them when needed.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_init_devices(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.init_devices().await.map(|()| None) }))
}

/// Requests a bot from the start endpoint. Result: the endpoint's answer, for
/// `rtvi_client_connect`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_start_bot(
    client: *mut rtvi_client,
    start: *const rtvi_start_request,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let request = request(start)?;
        let answer = async move { core.start_bot(request).await };
        Ok(async move { answer.await.map(|params| Some(Value::Object(params.as_object().clone()))) })
    })
}

/// Connects to a bot and waits until it is ready. `params` is a JSON object that tells the
/// transport how to reach the bot: usually the unchanged answer of the start endpoint; for
/// `websocket` at least `{"wsUrl": "…"}`. Result: the bot's description of itself.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_connect(
    client: *mut rtvi_client,
    params: rtvi_str,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let params = ConnectParams::new(params.object("params")?);
        Ok(async move { core.connect(params).await.map(|bot| Some(json!(bot))) })
    })
}

/// Requests a bot from the start endpoint, connects to it with the answer, and waits until it is
/// ready. Result: the bot's description of itself.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_start_bot_and_connect(
    client: *mut rtvi_client,
    start: *const rtvi_start_request,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let request = request(start)?;
        Ok(async move { core.start_bot_and_connect(request).await.map(|bot| Some(json!(bot))) })
    })
}

/// Ends the session gracefully, within two seconds. Allowed in every state. Without a session it
/// does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_disconnect(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.disconnect().await.map(|()| None) }))
}

/// Asks the bot to leave. The session ends when the bot has left.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_disconnect_bot(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.disconnect_bot().await.map(|()| None) }))
}

/// Reports that the device has moved to another network, or is online again. The client restores
/// the session at once instead of waiting to notice the loss. Without a session it does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_network_changed(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.network_changed().await.map(|()| None) }))
}

/// Sends a request to an HTTP endpoint of the bot itself (Pipecat Cloud's session API). `path` is
/// below the URL of the session. The session must have begun with a start request; its headers are
/// sent too. `method` is `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, `OPTIONS` or `HEAD`. `path` can't
/// leave the session. `body` is JSON and may be empty. Waits up to `timeout_ms`; 0 means 10
/// seconds. Result: an object with `status`, 200 to 299, and `body`, the JSON of the answer or
/// null. If the bot refuses the request, the call fails as `RTVI_ERROR_REQUEST_FAILED`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_session_request(
    client: *mut rtvi_client,
    method: rtvi_str,
    path: rtvi_str,
    body: rtvi_str,
    timeout_ms: u32,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| {
        let (method, path) = (method.text("method")?.to_owned(), path.text("path")?.to_owned());
        let body = body.json("body")?;
        let timeout = (timeout_ms > 0).then(|| Duration::from_millis(timeout_ms.into()));
        Ok(async move {
            core.session_request(method, path, body, timeout).await.map(|answer| Some(json!(answer)))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(agent: &str, key: &str, endpoint: &str) -> Result<ApiRequest, Error> {
        let text = rtvi_str::unended;
        let (headers, data) = (text(r#"[{"name":"X","value":"y"}]"#), text("{\"transport\":\"webrtc\"}"));
        let (agent, public_key, endpoint) = (text(agent), text(key), text(endpoint));
        let size = size_of::<rtvi_start_request>();
        let given = rtvi_start_request { size, endpoint, headers, data, timeout_ms: 5, agent, public_key };
        request(&raw const given)
    }

    #[test]
    fn an_agent_takes_the_place_of_an_endpoint() {
        let request = of("my-agent", "pk_secret", "").unwrap();
        let core = ApiRequest::pipecat_cloud("my-agent", "pk_secret").unwrap();
        let core = core.with_header("X", "y").with_data(json!({"transport": "webrtc"}));
        assert_eq!(request, ApiRequest { timeout: Some(Duration::from_millis(5)), ..core });
        let own = of("my-agent", "pk_secret", "http://localhost/v1/public/my-agent/start").unwrap();
        assert_eq!(
            (own.endpoint.as_str(), own.headers),
            ("http://localhost/v1/public/my-agent/start", request.headers)
        );
        assert_eq!(of("", "", "http://localhost/start").unwrap().headers.len(), 1);
        assert!(
            of("", "pk_secret", "http://localhost/start")
                .is_err_and(|error| error.message() == "public_key is set without agent")
        );
        assert!(of("a/b", "pk_secret", "").is_err_and(|error| error.message().contains("'a/b'")));
        assert!(of("a", "pk_\nsecret", "").is_err_and(|error| !error.message().contains("secret")));
    }
}
