//! Sessions: how they begin and end.
//!
//! Depends on [`crate::call`]. Each function is one call of the core's client.

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

/// A request to an HTTP endpoint that starts a bot. Set `size` and the rest to zero, then what is wanted.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_start_request {
    /// `sizeof(rtvi_start_request)`.
    pub size: usize,
    /// The `http` or `https` URL. With `agent` it may be empty, and is Pipecat Cloud's then.
    pub endpoint: rtvi_str,
    /// Extra request headers, sent in this order: a JSON list of objects of `name` and `value`; may be empty.
    pub headers: rtvi_str,
    /// The JSON body; may be empty.
    pub data: rtvi_str,
    /// How long the whole request may take; 0 takes `timeouts.startMs` of the client's options.
    pub timeout_ms: u32,
    /// The name of an agent on Pipecat Cloud to start; empty for other servers. What to ask for goes into `data`: `transport` and `body`, which may
    /// have 1 MiB, for the transport `websocket` 4 KiB.
    pub agent: rtvi_str,
    /// The public key for that agent, `pk_…`. Sent as a header, never shown. Without `agent` it is an invalid argument.
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
            return Err(Error::new(
                rtvi_core::ErrorKind::InvalidArgument,
                "public_key is given without agent",
            ));
        }
        return Ok(ApiRequest::new(endpoint.unwrap_or_default()));
    };
    let mut request = ApiRequest::pipecat_cloud(agent, given.public_key.text("public_key")?)?;
    if let Some(endpoint) = endpoint {
        endpoint.clone_into(&mut request.endpoint);
    }
    Ok(request)
}

/// Opens microphone and speaker. The other calls do it when needed.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_init_devices(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.init_devices().await.map(|()| None) }))
}

/// Asks the start endpoint for a bot. Result: its answer, for `rtvi_client_connect`.
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

/// Connects to a bot and waits until it is ready. `params` are what the transport needs to find it, as a JSON object: usually the
/// start endpoint's answer as it is; for `websocket` at least `{"wsUrl": "…"}`. Result: what the bot says of itself.
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

/// Asks the start endpoint for a bot, connects to it with the answer, and waits until it is ready. Result: what the bot says of itself.
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

/// Ends the session gracefully, within two seconds. Possible in every state; without a session it does nothing.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_disconnect(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.disconnect().await.map(|()| None) }))
}

/// Asks the bot to leave. The session ends when it has left.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_disconnect_bot(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.disconnect_bot().await.map(|()| None) }))
}

/// Tells the client that the device is in another network, or back in one: a session is restored at once, before its loss is noticed.
/// Does nothing without a session.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_network_changed(
    client: *mut rtvi_client,
    call: *const rtvi_call,
) -> Option<Box<rtvi_error>> {
    call::run(client, call, |core| Ok(async move { core.network_changed().await.map(|()| None) }))
}

/// Asks an HTTP endpoint of the bot itself: `path` below the URL of the session, which a start request began, with that request's headers
/// (Pipecat Cloud's session API). `method` is `GET`, `POST`, `PUT`, `PATCH`, `DELETE`, `OPTIONS` or `HEAD`; `path` can't lead out of the session;
/// `body` is JSON and may be empty. Waits up to `timeout_ms`; 0 takes 10 s. Result: an object of `status`, 200 to 299, and `body`, the JSON of the
/// answer or null. What the bot refuses fails as `RTVI_ERROR_REQUEST_FAILED`.
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
                .is_err_and(|error| error.message() == "public_key is given without agent")
        );
        assert!(of("a/b", "pk_secret", "").is_err_and(|error| error.message().contains("'a/b'")));
        assert!(of("a", "pk_\nsecret", "").is_err_and(|error| !error.message().contains("secret")));
    }
}
