//! Where offers go: read and checked from the connect parameters, the start request and the
//! options.
//!
//! Pure. Errors never hold a URL's query, a credential or a header's value.

use std::time::Duration;

use http::HeaderMap;
use serde_json::{Map, Value};
use url::Url;

use crate::{
    error::{Error, ErrorKind},
    log,
    transport::{
        ApiRequest, ConnectParams, Cookies, OpenRequest, address, headers, rooms,
        rtc::ice_server::{self, IceServer},
    },
};

use super::SmallWebRtcTransportOptions;

/// How long one request may take when the app set no time: the server gathers its own candidates
/// before it answers, for up to 5 s with an unreachable STUN server.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);
/// What remains of the time for opening when an offer was answered late.
const AFTER_ANSWER: Duration = Duration::from_secs(5);
/// The longest time an app can give a request.
const MAX_TIMEOUT: Duration = Duration::from_secs(3_600);
/// Keys that other parts of a start endpoint's answer use.
const OTHER_KEYS: &[&str] = &["sessionId", "session_id", "fileUploadUrl", "file_upload_url"];
const REQUEST_KEYS: &[&str] = &["webrtcRequestParams", "webrtc_request_params"];
const DEPRECATED_KEYS: &[&str] = &["webrtcUrl", "webrtc_url", "connectionUrl", "connection_url"];
const ICE_KEYS: &[&str] = &["iceConfig", "ice_config"];
const ICE_SERVERS_KEYS: &[&str] = &["iceServers", "ice_servers"];

/// Where to send offers and candidates, and with what.
#[derive(Clone, Debug)]
pub(super) struct Target {
    pub(super) endpoint: Url,
    pub(super) headers: HeaderMap,
    pub(super) request_data: Option<Value>,
    pub(super) timeout: Duration,
    pub(super) ice_servers: Vec<IceServer>,
    pub(super) cookies: Cookies,
}

impl Target {
    /// Reads what an app gave, in this order: the parameters' own request, the deprecated URLs, the
    /// session of a start request, the options.
    pub(super) fn new(
        request: OpenRequest<'_>,
        options: &SmallWebRtcTransportOptions,
    ) -> Result<Self, Error> {
        warn_of_unknown(request.params);
        let (endpoint, given) = find_endpoint(request, options)?;
        let mut endpoint = http_url(&endpoint)?;
        let mut headers = address::header_map(&given.headers).map_err(invalid)?;
        address::move_credentials(&mut endpoint, &mut headers);
        Ok(Self {
            endpoint,
            headers,
            request_data: given.request_data,
            timeout: given.timeout.unwrap_or_else(|| default_timeout(request.open_timeout)).min(MAX_TIMEOUT),
            ice_servers: read_ice_servers(request.params).unwrap_or_else(|| options.ice_servers.clone()),
            cookies: request.cookies.clone(),
        })
    }
}

/// A server that starts the bot first answers late: as long as the app waits for it, so does the
/// request.
fn default_timeout(open_timeout: Duration) -> Duration {
    REQUEST_TIMEOUT.max(open_timeout.saturating_sub(AFTER_ANSWER))
}

fn invalid(text: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidTransportParams, text)
}

fn warn_of_unknown(params: &ConnectParams) {
    let known = |key: &str| {
        [OTHER_KEYS, REQUEST_KEYS, DEPRECATED_KEYS, ICE_KEYS, ICE_SERVERS_KEYS].concat().contains(&key)
    };
    for key in params.as_object().keys().filter(|key| !known(key)) {
        log::warn!(key = %key.escape_debug(), "unknown connect parameter, ignored");
    }
}

/// What a request holds besides its URL.
#[derive(Default)]
struct Given {
    headers: Vec<(String, String)>,
    request_data: Option<Value>,
    timeout: Option<Duration>,
}

impl From<&ApiRequest> for Given {
    fn from(request: &ApiRequest) -> Self {
        let ApiRequest { headers, request_data, timeout, .. } = request.clone();
        Self { headers, request_data, timeout }
    }
}

fn find_endpoint(
    request: OpenRequest<'_>,
    options: &SmallWebRtcTransportOptions,
) -> Result<(String, Given), Error> {
    let params = request.params;
    let (endpoint, mut given) = match params.get(REQUEST_KEYS) {
        None => (None, Given::default()),
        Some(Value::Object(object)) => read_request(object)?,
        Some(Value::String(url)) => (Some(url.clone()), Given::default()),
        Some(_) => return Err(invalid("the parameter 'webrtcRequestParams' must be an object")),
    };
    if let Some(endpoint) = endpoint {
        return Ok((endpoint, given));
    }
    if let Some(url) = text(params, "webrtcUrl", DEPRECATED_KEYS)? {
        log::warn!(
            "the connect parameters webrtcUrl and connectionUrl are deprecated: use webrtcRequestParams"
        );
        return Ok((url.to_owned(), given));
    }
    if let Some(refusal) = rooms::room_refusal(params) {
        return Err(refusal);
    }
    if let (Some(session), Some(start)) =
        (text(params, "sessionId", &["sessionId", "session_id"])?, request.start)
    {
        let endpoint = session_endpoint(start, session, options.offer_url_template.as_deref())?;
        if given.headers.is_empty() && is_same_server(&start.endpoint, &endpoint) {
            given.headers.clone_from(&start.headers);
        }
        return Ok((endpoint.into(), given));
    }
    match &options.offer {
        Some(offer) => Ok((offer.endpoint.clone(), Given::from(offer))),
        None => Err(invalid(
            "the parameters hold no 'webrtcRequestParams' with an 'endpoint', and no 'sessionId' of a start request",
        )),
    }
}

fn read_request(object: &Map<String, Value>) -> Result<(Option<String>, Given), Error> {
    let endpoint = match object.get("endpoint") {
        None | Some(Value::Null) => None,
        Some(Value::String(url)) => Some(url.clone()),
        Some(_) => return Err(invalid("'endpoint' in 'webrtcRequestParams' must be a string")),
    };
    let headers = headers::read(object.get("headers").unwrap_or(&Value::Null))
        .map_err(|problem| invalid(format!("{problem} in 'webrtcRequestParams'")))?;
    let timeout = match object.get("timeout") {
        None | Some(Value::Null) => None,
        Some(value) => Some(value.as_u64().map(Duration::from_millis).ok_or_else(|| {
            invalid("'timeout' in 'webrtcRequestParams' must be a whole number of milliseconds")
        })?),
    };
    let data = object.get("requestData").or_else(|| object.get("request_data"));
    let request_data = data.filter(|data| !data.is_null()).cloned();
    Ok((endpoint, Given { headers, request_data, timeout }))
}

fn text<'a>(params: &'a ConnectParams, name: &str, keys: &[&str]) -> Result<Option<&'a str>, Error> {
    match params.get(keys) {
        None => Ok(None),
        Some(Value::String(text)) if text.is_empty() => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(invalid(format!("the parameter '{name}' must be a string"))),
    }
}

fn http_url(text: &str) -> Result<Url, Error> {
    let shown = address::shown_text(text);
    let mut url =
        Url::parse(text.trim()).map_err(|cause| invalid(format!("'{shown}' is not a URL: {cause}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid(format!("'{shown}': the scheme must be http or https, not '{}'", url.scheme())));
    }
    url.set_fragment(None);
    Ok(url)
}

/// Where a session that a start request began takes offers.
fn session_endpoint(start: &ApiRequest, session: &str, template: Option<&str>) -> Result<Url, Error> {
    let base = http_url(&start.endpoint)?;
    if let Some(template) = template {
        let escaped: String = url::form_urlencoded::byte_serialize(session.as_bytes()).collect();
        let filled = template.replace(":sessionId", &escaped.replace('+', "%20"));
        let url = base.join(&filled).map_err(|cause| {
            let shown = address::shown_text(template);
            invalid(format!("the offer URL template '{shown}' gives no URL: {cause}"))
        })?;
        return http_url(url.as_str());
    }
    let endpoint = address::session_url(&base, session).and_then(|mut url| {
        url.path_segments_mut().ok()?.extend(["api", "offer"]);
        Some(url)
    });
    endpoint.ok_or_else(|| {
        let shown = address::shown(&base);
        invalid(format!(
            "the start URL '{shown}' does not end in '/start': set the option offer_url_template"
        ))
    })
}

fn is_same_server(start: &str, endpoint: &Url) -> bool {
    Url::parse(start).is_ok_and(|start| start.origin() == endpoint.origin())
}

/// The ICE servers that a start endpoint's answer brings, in `iceConfig` or beside it; `None` when
/// it brings no list.
fn read_ice_servers(params: &ConnectParams) -> Option<Vec<IceServer>> {
    let config = params.get(ICE_KEYS).or_else(|| params.get(ICE_SERVERS_KEYS))?;
    match config {
        Value::Object(fields) if !ice_server::is_server(fields) => {
            ice_server::read(ICE_SERVERS_KEYS.iter().find_map(|key| fields.get(*key))?)
        }
        other => ice_server::read(other),
    }
}

#[cfg(test)]
mod tests;
