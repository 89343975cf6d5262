//! The HTTP client and the start request.

use std::{
    collections::HashSet,
    error::Error as StdError,
    io,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use reqwest::{Client, Response, redirect::Policy};
use serde_json::{Map, Value};
use tokio::time::timeout;
use url::{Origin, Url};

use crate::{
    error::{Error, ErrorKind, Phase},
    log,
    transport::{
        ApiRequest, Cookies, address, pipecat_cloud,
        tls::{self, TlsOptions},
    },
};

use super::{
    answer,
    coding::{self, Fault},
    details::Details,
    redirect::{self, MAX_REDIRECTS},
    secrets::Secrets,
};

/// The largest answer, in bytes, both compressed and decompressed. A larger answer is an error.
const MAX_ANSWER: usize = 1024 * 1024;

/// A client for requests to start endpoints and sessions. Creating it opens and reads nothing yet.
///
/// The transports keep connections only for the requests of one connection attempt, because an
/// older connection may be dead without showing it.
#[derive(Debug, Default)]
pub struct HttpClient {
    tls: TlsOptions,
    /// Whether each request has a connection of its own.
    single: bool,
    pool: Mutex<Pool>,
}

/// The connections of a connection attempt.
#[derive(Debug, Default)]
struct Pool {
    plain: Option<Client>,
    secure: Option<Client>,
    /// The servers that have answered. A connection to them may be kept.
    answered: HashSet<Origin>,
}

impl HttpClient {
    /// Creates a client that trusts the platform's authorities and those of `tls`.
    pub fn new(tls: TlsOptions) -> Self {
        Self { tls, ..Self::default() }
    }

    /// Creates a client with the same trust that opens a connection for each request. No request
    /// then meets a closed connection and is sent twice: a second start request starts a second
    /// bot.
    pub(super) fn without_connections(&self) -> Self {
        Self { single: true, ..Self::new(self.tls.clone()) }
    }

    /// Closes the idle connections.
    pub(crate) fn close_idle(&self) {
        *self.pool() = Pool::default();
    }

    /// Sends a request and waits for the head of the answer. If a server that has answered before
    /// closes the connection without an answer, the connection was closed before the request
    /// arrived. The request is then sent once more over a new connection.
    async fn send(&self, outgoing: &Outgoing, headers: &HeaderMap) -> Result<Response, Error> {
        let origin = outgoing.url.origin();
        let mut result = outgoing.send_on(&self.client(&outgoing.url).await?, headers).await;
        if let Err(cause) = &result
            && !self.single
            && is_unanswered(cause)
            && self.pool().answered.contains(&origin)
        {
            let cause = innermost(cause);
            log::debug!(cause, "a connection closed before the request arrived; retrying on a new one");
            self.close_idle();
            result = outgoing.send_on(&self.client(&outgoing.url).await?, headers).await;
        }
        let response = result.map_err(|cause| outgoing.broken(&cause))?;
        self.pool().answered.insert(origin);
        Ok(response)
    }

    /// The client for a URL. Plain HTTP must not wait until certificates are loaded.
    async fn client(&self, url: &Url) -> Result<Client, Error> {
        let secure = url.scheme() == "https";
        if let Some(client) = self.pool().of(secure) {
            return Ok(client.clone());
        }
        let config = match secure {
            true => (*self.tls.client_config().await?).clone(),
            false => tls::trust_nobody().map_err(|cause| internal(&cause))?,
        };
        let builder = Client::builder().redirect(Policy::none()).no_proxy().tls_backend_preconfigured(config);
        let builder = if self.single { builder.pool_max_idle_per_host(0) } else { builder };
        let client = builder.build().map_err(|cause| internal(&cause))?;
        *self.pool().of(secure) = Some(client.clone());
        Ok(client)
    }

    fn pool(&self) -> MutexGuard<'_, Pool> {
        self.pool.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pool {
    const fn of(&mut self, secure: bool) -> &mut Option<Client> {
        if secure { &mut self.secure } else { &mut self.plain }
    }
}

fn internal(cause: &dyn StdError) -> Error {
    Error::new(ErrorKind::Internal, format!("the HTTP client could not be set up: {}", innermost(cause)))
}

/// How the system reports that the other side has closed. `UnexpectedEof` is TLS without
/// `close_notify`.
const ENDED: [io::ErrorKind; 4] = [
    io::ErrorKind::ConnectionReset,
    io::ErrorKind::ConnectionAborted,
    io::ErrorKind::BrokenPipe,
    io::ErrorKind::UnexpectedEof,
];

/// Whether a connection ended before an answer arrived.
fn is_unanswered(error: &reqwest::Error) -> bool {
    let mut cause = error.source();
    while let Some(inner) = cause {
        if let Some(inner) = inner.downcast_ref::<hyper::Error>()
            && (inner.is_incomplete_message() || inner.is_canceled())
        {
            return !error.is_connect();
        }
        if let Some(inner) = inner.downcast_ref::<io::Error>() {
            return !error.is_connect() && ENDED.contains(&inner.kind());
        }
        cause = inner.source();
    }
    false
}

/// Asks an endpoint to start a bot and returns the JSON object of its answer.
///
/// Sends a POST with the request's headers and JSON body, as `application/json` unless a header
/// sets another type. `user:password@` in the URL becomes basic authentication, unless there is a
/// header `Authorization`.
///
/// Follows up to 5 redirects, never from `https` to `http` and never to another scheme. The app's
/// headers are sent only to the same server; cookies follow their servers' rules. The answer may
/// have up to 1 MiB, also compressed with gzip, deflate or brotli. No connection is kept.
/// `default_timeout` covers everything, unless the request has its own timeout. Dropping the future
/// cancels the request.
///
/// # Errors
/// All in [`Phase::StartRequest`]: [`ErrorKind::InvalidArgument`] for a bad URL or header, or a
/// body that Pipecat Cloud does not accept; [`ErrorKind::ConnectionFailed`] if the server can't be
/// reached or ends the connection; [`ErrorKind::Tls`], also for an address that is neither
/// encrypted nor local; [`ErrorKind::Timeout`]; [`ErrorKind::StartBotFailed`] if the server refuses
/// or its answer is not a JSON object, with the HTTP status, the server's text (`info`, else
/// `detail`), its [`code`](Error::code) and its [requested wait](Error::retry_after), if it sent
/// them.
pub async fn start_bot(
    http: &HttpClient,
    request: &ApiRequest,
    default_timeout: Duration,
) -> Result<Map<String, Value>, Error> {
    start_session(http, request, default_timeout, &Cookies::default()).await
}

/// Works like [`start_bot`], and also keeps the cookies that the servers set.
pub(crate) async fn start_session(
    http: &HttpClient,
    request: &ApiRequest,
    default_timeout: Duration,
    cookies: &Cookies,
) -> Result<Map<String, Value>, Error> {
    let limit = request.timeout.unwrap_or(default_timeout);
    let http = http.without_connections();
    let answer = match Outgoing::new(request, cookies) {
        Ok(outgoing) => timeout(limit, outgoing.send(&http))
            .await
            .unwrap_or_else(|_| Err(too_late(&address::shown_text(&request.endpoint), limit))),
        Err(error) => Err(error),
    };
    answer.map_err(|error| error.in_phase(Phase::StartRequest))
}

/// Sends JSON to an endpoint of a session and returns the JSON object of its answer. Works as
/// [`start_bot`], but `http` keeps the connection for the next request. `limit` covers everything.
///
/// # Errors
/// Without a phase: [`ErrorKind::ConnectionFailed`], with the HTTP status and the server's text if
/// it refuses or its answer is not a JSON object; [`ErrorKind::Tls`]; [`ErrorKind::Timeout`].
#[cfg(feature = "webrtc")]
pub(crate) async fn send_json(
    http: &HttpClient,
    method: Method,
    endpoint: &Url,
    headers: &HeaderMap,
    cookies: &Cookies,
    body: &Value,
    limit: Duration,
) -> Result<Map<String, Value>, Error> {
    let mut headers = headers.clone();
    headers.entry(header::CONTENT_TYPE).or_insert_with(|| HeaderValue::from_static("application/json"));
    let body = Some(body.to_string().into_bytes());
    let outgoing = Outgoing {
        url: endpoint.clone(),
        method,
        headers,
        body,
        refusal: ErrorKind::ConnectionFailed,
        cookies: cookies.clone(),
    };
    let late = || Err(too_late(&address::shown(endpoint), limit));
    timeout(limit, outgoing.send(http)).await.unwrap_or_else(|_| late())
}

pub(super) fn too_late(endpoint: &str, limit: Duration) -> Error {
    Error::new(ErrorKind::Timeout, format!("{endpoint} did not answer within {} s", limit.as_secs_f64()))
}

/// A request, possibly after redirects.
pub(super) struct Outgoing {
    pub(super) url: Url,
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Vec<u8>>,
    /// The kind of error if the server refuses the request.
    pub(super) refusal: ErrorKind,
    pub(super) cookies: Cookies,
}

/// A complete, decompressed answer.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) body: Vec<u8>,
    /// The secrets of the request, which an error must not repeat.
    pub(super) secrets: Secrets,
}

impl Outgoing {
    fn new(request: &ApiRequest, cookies: &Cookies) -> Result<Self, Error> {
        pipecat_cloud::check(request)?;
        let mut url = endpoint_url(&request.endpoint)?;
        let mut headers = address::header_map(&request.headers)
            .map_err(|text| Error::new(ErrorKind::InvalidArgument, text))?;
        address::move_credentials(&mut url, &mut headers);
        let body = request.request_data.as_ref().map(|data| data.to_string().into_bytes());
        if body.is_some() {
            headers
                .entry(header::CONTENT_TYPE)
                .or_insert_with(|| HeaderValue::from_static("application/json"));
        }
        let (method, refusal, cookies) = (Method::POST, ErrorKind::StartBotFailed, cookies.clone());
        Ok(Self { url, method, headers, body, refusal, cookies })
    }

    async fn send(mut self, http: &HttpClient) -> Result<Map<String, Value>, Error> {
        for _ in 0..=MAX_REDIRECTS {
            let headers = self.all_headers();
            let response = self.send_once(http, &headers).await?;
            match redirect::next(&self.url, &self.method, response.status(), response.headers()) {
                None => return self.finish(response, &headers).await,
                Some(Ok(next)) => self.follow(next),
                Some(Err(text)) => {
                    // The server may have put secrets of the request into the target.
                    let text = Secrets::of(&self.url, &headers).excerpt(&text);
                    return Err(self.refused(response.status(), &text));
                }
            }
        }
        let text =
            format!("{} and others redirected more than {MAX_REDIRECTS} times", address::shown(&self.url));
        Err(Error::new(self.refusal, text))
    }

    /// Sends the request with these headers, without following redirects.
    pub(super) async fn send_once(&self, http: &HttpClient, headers: &HeaderMap) -> Result<Response, Error> {
        http.tls.permit(&self.url)?;
        let response = http.send(self, headers).await?;
        self.cookies.keep(&self.url, response.headers());
        Ok(response)
    }

    async fn send_on(&self, client: &Client, headers: &HeaderMap) -> reqwest::Result<Response> {
        let mut request = client.request(self.method.clone(), self.url.clone()).headers(headers.clone());
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        request.send().await
    }

    /// The app's headers and the default headers. The app's take precedence.
    pub(super) fn all_headers(&self) -> HeaderMap {
        let mut headers = self.headers.clone();
        headers.entry(header::ACCEPT_ENCODING).or_insert(coding::ACCEPTED);
        self.cookies.add_to(&self.url, &mut headers);
        headers
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
        address::move_credentials(&mut self.url, &mut self.headers);
        self.method = next.method;
    }

    async fn finish(&self, response: Response, headers: &HeaderMap) -> Result<Map<String, Value>, Error> {
        let answer = self.read(response, headers).await?;
        answer::json_object(&answer.body, &answer.secrets).map_err(|what| self.unusable(answer.status, &what))
    }

    /// Reads the successful answer to a request, or returns the error with the server's text.
    pub(super) async fn read(&self, mut response: Response, headers: &HeaderMap) -> Result<Answer, Error> {
        let status = response.status();
        let too_large = || self.refused(status, &format!("answered with more than {MAX_ANSWER} bytes"));
        let mut packed = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|cause| self.broken(&cause))? {
            if packed.len() + chunk.len() > MAX_ANSWER {
                return Err(too_large());
            }
            packed.extend_from_slice(&chunk);
        }
        let unpacked = coding::unpack(response.headers(), packed, MAX_ANSWER);
        let sent = self.body.as_deref().unwrap_or_default();
        let secrets = Secrets::of(&self.url, headers).and_of_body(sent);
        let error = match unpacked.fault {
            Some(Fault::TooLarge) => too_large(),
            Some(Fault::Unreadable(what)) => self.unusable(status, &what),
            None if status.is_success() => return Ok(Answer { status, body: unpacked.body, secrets }),
            None => {
                let said = answer::refusal(status, &unpacked.body, &secrets);
                self.refused(status, &format!("answered {said}"))
            }
        };
        Err(Details::read(response.headers(), &unpacked.body, &secrets).add_to(error))
    }

    /// The error for an answer with an unusable body.
    pub(super) fn unusable(&self, status: StatusCode, what: &str) -> Error {
        self.refused(status, &format!("answered {} with {what}", answer::status_text(status)))
    }

    fn refused(&self, status: StatusCode, text: &str) -> Error {
        Error::new(self.refusal, format!("{} {text}", address::shown(&self.url))).with_status(status.as_u16())
    }

    fn broken(&self, cause: &reqwest::Error) -> Error {
        if let Some(error) = tls::explain(&address::authority(&self.url), cause) {
            return error;
        }
        let what =
            if cause.is_connect() { "can't be reached" } else { "disconnected or does not speak HTTP" };
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
