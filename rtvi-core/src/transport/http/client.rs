//! The HTTP client and the start request.

use std::{error::Error as StdError, time::Duration};

use http::{HeaderMap, HeaderValue, Method, header};
use reqwest::{Response, redirect::Policy};
use serde_json::{Map, Value};
use tokio::{sync::OnceCell, time::timeout};
use url::Url;

use crate::{
    error::{Error, ErrorKind, Phase},
    transport::{
        ApiRequest, address, pipecat_cloud,
        tls::{self, TlsOptions},
    },
};

use super::{
    answer,
    details::Details,
    redirect::{self, MAX_REDIRECTS},
    secrets::Secrets,
};

/// The largest answer that is read, in bytes; a larger one is an error.
const MAX_ANSWER: usize = 1024 * 1024;

/// A client for requests to start endpoints and to those of sessions. Cheap to make: it opens nothing and reads no certificates before they are
/// needed. Keeps connections for reuse.
#[derive(Debug, Default)]
pub struct HttpClient {
    tls: TlsOptions,
    plain: OnceCell<reqwest::Client>,
    secure: OnceCell<reqwest::Client>,
}

impl HttpClient {
    /// A client that trusts the platform's authorities and those of `tls`.
    pub fn new(tls: TlsOptions) -> Self {
        Self { tls, ..Self::default() }
    }

    /// The client for a scheme: plain HTTP must not wait for certificates to be loaded.
    async fn for_scheme(&self, scheme: &str) -> Result<&reqwest::Client, Error> {
        if scheme == "https" {
            let make = || async { make_client((*self.tls.client_config().await?).clone()) };
            return self.secure.get_or_try_init(make).await;
        }
        let make = || async { make_client(tls::trust_nobody().map_err(|cause| internal(&cause))?) };
        self.plain.get_or_try_init(make).await
    }
}

fn make_client(tls: rustls::ClientConfig) -> Result<reqwest::Client, Error> {
    let builder =
        reqwest::Client::builder().redirect(Policy::none()).no_proxy().tls_backend_preconfigured(tls);
    builder.build().map_err(|cause| internal(&cause))
}

fn internal(cause: &dyn StdError) -> Error {
    Error::new(ErrorKind::Internal, format!("the HTTP client could not be set up: {}", innermost(cause)))
}

/// Asks an endpoint to start a bot and gives the JSON object it answers with.
///
/// Sends a POST with the request's headers and JSON body (content type `application/json` unless a header says
/// otherwise). Follows up to 5 redirects, never from `https` to `http` and never to another scheme, and
/// takes the app's headers along only within the same server. The answer may have 1 MiB. `default_timeout` is for
/// requests without one of their own and covers everything. Dropping the future cancels the request.
///
/// # Errors
/// All in [`Phase::StartRequest`]: [`ErrorKind::InvalidArgument`] for a bad URL or header, or a body that Pipecat Cloud does not take,
/// [`ErrorKind::ConnectionFailed`] when the server can't be reached or breaks off, [`ErrorKind::Tls`] (also for an address
/// that is neither encrypted nor local, see [`TlsOptions`]),
/// [`ErrorKind::Timeout`], and [`ErrorKind::StartBotFailed`] with the HTTP status and the server's own text (`info`,
/// else `detail`) when it refuses or answers something else than a JSON object, with its [`code`](Error::code) and when to
/// [ask again](Error::retry_after) where it tells.
pub async fn start_bot(
    http: &HttpClient,
    request: &ApiRequest,
    default_timeout: Duration,
) -> Result<Map<String, Value>, Error> {
    let limit = request.timeout.unwrap_or(default_timeout);
    let answer = match Outgoing::new(request) {
        Ok(outgoing) => timeout(limit, outgoing.send(http))
            .await
            .unwrap_or_else(|_| Err(too_late(&address::shown_text(&request.endpoint), limit))),
        Err(error) => Err(error),
    };
    answer.map_err(|error| error.in_phase(Phase::StartRequest))
}

/// Sends JSON to an endpoint of a session and gives the JSON object it answers with. Redirects, limits and headers as in
/// [`start_bot`]; `limit` covers everything.
///
/// # Errors
/// Without a phase: [`ErrorKind::ConnectionFailed`], with the HTTP status and the server's own text when it refuses or
/// answers something else than a JSON object; [`ErrorKind::Tls`], [`ErrorKind::Timeout`].
#[cfg(feature = "webrtc")]
pub(crate) async fn send_json(
    http: &HttpClient,
    method: Method,
    endpoint: &Url,
    headers: &HeaderMap,
    body: &Value,
    limit: Duration,
) -> Result<Map<String, Value>, Error> {
    let mut headers = headers.clone();
    headers.entry(header::CONTENT_TYPE).or_insert_with(|| HeaderValue::from_static("application/json"));
    let body = Some(body.to_string().into_bytes());
    let outgoing =
        Outgoing { url: endpoint.clone(), method, headers, body, refusal: ErrorKind::ConnectionFailed };
    let late = || Err(too_late(&address::shown(endpoint), limit));
    timeout(limit, outgoing.send(http)).await.unwrap_or_else(|_| late())
}

pub(super) fn too_late(endpoint: &str, limit: Duration) -> Error {
    Error::new(ErrorKind::Timeout, format!("{endpoint} did not answer within {} s", limit.as_secs_f64()))
}

/// A request on its way, possibly through redirects.
pub(super) struct Outgoing {
    pub(super) url: Url,
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Vec<u8>>,
    /// What it is when the server refuses.
    pub(super) refusal: ErrorKind,
}

impl Outgoing {
    fn new(request: &ApiRequest) -> Result<Self, Error> {
        pipecat_cloud::check(request)?;
        let url = endpoint_url(&request.endpoint)?;
        let mut headers = address::header_map(&request.headers)
            .map_err(|text| Error::new(ErrorKind::InvalidArgument, text))?;
        let body = request.request_data.as_ref().map(|data| data.to_string().into_bytes());
        if body.is_some() {
            headers
                .entry(header::CONTENT_TYPE)
                .or_insert_with(|| HeaderValue::from_static("application/json"));
        }
        Ok(Self { url, method: Method::POST, headers, body, refusal: ErrorKind::StartBotFailed })
    }

    async fn send(mut self, http: &HttpClient) -> Result<Map<String, Value>, Error> {
        for _ in 0..=MAX_REDIRECTS {
            let response = self.send_once(http).await?;
            match redirect::next(&self.url, &self.method, response.status(), response.headers()) {
                None => return self.finish(response).await,
                Some(Ok(next)) => self.follow(next),
                Some(Err(text)) => return Err(self.refused(&response, &text)),
            }
        }
        let text =
            format!("{} and others redirected more than {MAX_REDIRECTS} times", address::shown(&self.url));
        Err(Error::new(self.refusal, text))
    }

    /// Sends it, and follows nothing.
    pub(super) async fn send_once(&self, http: &HttpClient) -> Result<Response, Error> {
        http.tls.permit(&self.url)?;
        let client = http.for_scheme(self.url.scheme()).await?;
        let mut request = client.request(self.method.clone(), self.url.clone()).headers(self.headers.clone());
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        request.send().await.map_err(|cause| self.broken(&cause))
    }

    fn follow(&mut self, next: redirect::Next) {
        if !next.keep_headers {
            let content_type = self.headers.remove(header::CONTENT_TYPE);
            self.headers.clear();
            self.headers.extend(content_type.map(|value| (header::CONTENT_TYPE, value)));
        }
        if next.method == Method::GET {
            self.body = None;
            self.headers.remove(header::CONTENT_TYPE);
        }
        self.url = next.url;
        self.method = next.method;
    }

    async fn finish(&self, mut response: Response) -> Result<Map<String, Value>, Error> {
        let body = self.read(&mut response).await?;
        answer::json_object(&body, &self.secrets()).map_err(|what| {
            let status = answer::status_text(response.status());
            self.refused(&response, &format!("answered {status} with {what}"))
        })
    }

    /// The body of a successful answer, else the error with what the server said.
    pub(super) async fn read(&self, response: &mut Response) -> Result<Vec<u8>, Error> {
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|cause| self.broken(&cause))? {
            if body.len() + chunk.len() > MAX_ANSWER {
                return Err(self.refused(response, &format!("answered with more than {MAX_ANSWER} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        if response.status().is_success() {
            return Ok(body);
        }
        let secrets = self.secrets();
        let text = format!("answered {}", answer::refusal(response.status(), &body, &secrets));
        let error = self.refused(response, &text);
        Err(Details::read(response.headers(), &body, &secrets).add_to(error))
    }

    /// What of the request must not come back in an error.
    pub(super) fn secrets(&self) -> Secrets {
        let sent = self.body.as_deref().unwrap_or_default();
        Secrets::of(&self.url, &self.headers).and_of_body(sent)
    }

    pub(super) fn refused(&self, response: &Response, text: &str) -> Error {
        let text = format!("{} {text}", address::shown(&self.url));
        Error::new(self.refusal, text).with_status(response.status().as_u16())
    }

    fn broken(&self, cause: &reqwest::Error) -> Error {
        if let Some(error) = tls::explain(&address::authority(&self.url), cause) {
            return error;
        }
        let what = if cause.is_connect() { "can't be reached" } else { "broke off or does not speak HTTP" };
        let text = format!("{} {what}: {}", address::shown(&self.url), innermost(cause));
        Error::new(ErrorKind::ConnectionFailed, text)
    }
}

fn endpoint_url(endpoint: &str) -> Result<Url, Error> {
    let invalid = |why: &dyn std::fmt::Display| {
        let shown = address::shown_text(endpoint);
        Error::new(ErrorKind::InvalidArgument, format!("the start endpoint '{shown}' is not usable: {why}"))
    };
    let url = Url::parse(endpoint).map_err(|cause| invalid(&cause))?;
    match url.scheme() {
        "http" | "https" => Ok(url),
        scheme => Err(invalid(&format!("the scheme must be http or https, not '{scheme}'"))),
    }
}

/// The cause at the end of the chain: the outer ones only repeat the URL.
fn innermost(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
