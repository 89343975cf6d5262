//! A request from the app to an HTTP endpoint of its bot, within the session.

use std::time::Duration;

use http::{HeaderValue, header};
use serde::Serialize;
use serde_json::Value;
use tokio::time::timeout;

use crate::{
    error::{Error, ErrorKind, Phase},
    protocol::json_text,
    transport::{
        ApiRequest, ConnectParams, Cookies, address,
        session_url::{method, session_url},
    },
};

use super::{
    HttpClient, answer,
    client::{Outgoing, too_late},
};

/// The answer of the bot's endpoint.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record))]
pub struct SessionAnswer {
    /// The HTTP status, from 200 to 299.
    pub status: u16,
    /// The JSON of the answer; null if there was none.
    pub body: Value,
}

/// An app's request to its bot's endpoint.
#[derive(Clone, PartialEq)]
pub(crate) struct SessionRequest {
    /// The request that began the session; its headers are sent.
    pub(crate) start: ApiRequest,
    /// The start endpoint's answer, which identifies the session.
    pub(crate) params: ConnectParams,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
    /// The timeout for the complete request.
    pub(crate) timeout: Duration,
}

/// Omits the app's request, which may be secret.
impl std::fmt::Debug for SessionRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionRequest").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

/// Sends the request with the session's cookies. Follows no redirect, because a redirect could lead
/// out of the session.
pub(crate) async fn session_request(
    http: &HttpClient,
    request: SessionRequest,
    cookies: Cookies,
) -> Result<SessionAnswer, Error> {
    let limit = request.timeout;
    let http = http.without_connections();
    let answer = match outgoing(&request, cookies) {
        Ok(outgoing) => timeout(limit, send(&http, &outgoing))
            .await
            .unwrap_or_else(|_| Err(too_late(&address::shown(&outgoing.url), limit))),
        Err(error) => Err(error),
    };
    answer.map_err(|error| error.in_phase(Phase::Request))
}

fn outgoing(request: &SessionRequest, cookies: Cookies) -> Result<Outgoing, Error> {
    let method = method(&request.method)?;
    let mut url = session_url(&request.start, &request.params, &request.path)?;
    let headers = address::header_map(&request.start.headers);
    let mut headers = headers.map_err(|text| Error::new(ErrorKind::InvalidArgument, text))?;
    address::move_credentials(&mut url, &mut headers);
    headers.remove(header::CONTENT_TYPE);
    let body = request.body.as_ref().map(|body| body.to_string().into_bytes());
    if body.is_some() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    Ok(Outgoing { url, method, headers, body, refusal: ErrorKind::RequestFailed, cookies })
}

async fn send(http: &HttpClient, outgoing: &Outgoing) -> Result<SessionAnswer, Error> {
    let headers = outgoing.all_headers();
    let response = outgoing.send_once(http, &headers).await?;
    let answer = outgoing.read(response, &headers).await?;
    let status = answer.status.as_u16();
    if answer.body.trim_ascii().is_empty() {
        return Ok(SessionAnswer { status, body: Value::Null });
    }
    let no_json = |_| {
        let what = answer::describe(&answer.body, &answer.secrets);
        outgoing.unusable(answer.status, &format!("{what}, not JSON"))
    };
    let body = json_text::read(&answer.body).map_err(no_json)?;
    Ok(SessionAnswer { status, body })
}
