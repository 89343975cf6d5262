//! The HTTP client and the start request.

use std::{error::Error as StdError, time::Duration};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, Response, header, response::Parts};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use serde_json::{Map, Value};
use tokio::time::timeout;
use url::{Position, Url};

use crate::{
    error::{Error, ErrorKind, Phase},
    log,
    transport::{
        ApiRequest, Cookies, address,
        tls::{self, TlsOptions},
    },
};

use super::{
    answer,
    coding::{self, Fault},
    line::{Idle, Line},
    redirect::{self, MAX_REDIRECTS},
    secrets::Secrets,
};

/// The largest answer that is read, in bytes, packed and unpacked; a larger one is an error.
const MAX_ANSWER: usize = 1024 * 1024;

/// A client for requests to start endpoints and to those of sessions. Cheap to make: it opens nothing and reads no certificates before they are
/// needed.
///
/// The transports keep connections for the requests of one attempt to connect and never longer: one that an earlier attempt left may lead
/// to nowhere, which shows only after seconds.
#[derive(Debug, Default)]
pub struct HttpClient {
    tls: TlsOptions,
    idle: Idle,
}

impl HttpClient {
    /// A client that trusts the platform's authorities and those of `tls`.
    pub fn new(tls: TlsOptions) -> Self {
        Self { tls, idle: Idle::default() }
    }

    /// A client with the same trust and without connections.
    fn without_connections(&self) -> Self {
        Self::new(self.tls.clone())
    }

    /// Closes the connections that wait for a next request.
    #[cfg(feature = "webrtc")]
    pub(crate) fn close_idle(&self) {
        self.idle.clear();
    }

    /// Sends a request over a connection of this attempt or a new one, and waits for the head of the answer. When a connection that had
    /// been used before ends without a byte of an answer, its server had closed it already: then the request goes out again on a new one.
    async fn send(
        &self,
        url: &Url,
        request: Request<Full<Bytes>>,
    ) -> Result<(Line, Response<Incoming>), Error> {
        if let Some(mut line) = self.idle.take(url) {
            match line.send(request.clone()).await {
                Ok(response) => return Ok((line, response)),
                Err(cause) if line.has_heard() => return Err(broken(url, &cause)),
                Err(cause) => {
                    log::debug!(%cause, "a connection was closed before the request came: on a new one")
                }
            }
        }
        let mut line = Line::open(url, &self.tls).await?;
        match line.send(request).await {
            Ok(response) => Ok((line, response)),
            Err(cause) => Err(broken(url, &cause)),
        }
    }
}

/// Asks an endpoint to start a bot and gives the JSON object it answers with.
///
/// Sends a POST with the request's headers and JSON body (content type `application/json` unless a header says
/// otherwise). `user:password@` in the URL goes as basic authentication, unless there is a header `Authorization`. Follows up to 5 redirects, never from `https` to `http` and never to another scheme, and
/// takes the app's headers along only within the same server, and cookies as their servers say. The answer may have 1 MiB, and may be
/// packed by gzip, deflate or brotli. No connection is kept. `default_timeout` is for
/// requests without one of their own and covers everything. Dropping the future cancels the request.
///
/// # Errors
/// All in [`Phase::StartRequest`]: [`ErrorKind::InvalidArgument`] for a bad URL or header,
/// [`ErrorKind::ConnectionFailed`] when the server can't be reached or breaks off, [`ErrorKind::Tls`] (also for an address
/// that is neither encrypted nor local, see [`TlsOptions`]),
/// [`ErrorKind::Timeout`], and [`ErrorKind::StartBotFailed`] with the HTTP status and the server's own text (`info`,
/// else `detail`) when it refuses or answers something else than a JSON object.
pub async fn start_bot(
    http: &HttpClient,
    request: &ApiRequest,
    default_timeout: Duration,
) -> Result<Map<String, Value>, Error> {
    start_session(http, request, default_timeout, &Cookies::default()).await
}

/// As [`start_bot`], and keeps the cookies that the servers set.
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

/// Sends JSON to an endpoint of a session and gives the JSON object it answers with. Redirects, limits, headers and cookies as in
/// [`start_bot`], but `http` keeps the connection for the next request; `limit` covers everything.
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

fn too_late(endpoint: &str, limit: Duration) -> Error {
    Error::new(ErrorKind::Timeout, format!("{endpoint} did not answer within {} s", limit.as_secs_f64()))
}

/// A request on its way, possibly through redirects.
struct Outgoing {
    url: Url,
    method: Method,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    /// What it is when the server refuses.
    refusal: ErrorKind,
    cookies: Cookies,
}

impl Outgoing {
    fn new(request: &ApiRequest, cookies: &Cookies) -> Result<Self, Error> {
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
            let mut answered = self.send_once(http).await?;
            match redirect::next(&self.url, &self.method, answered.head.status, &answered.head.headers) {
                None => return self.finish(http, &mut answered).await,
                Some(Ok(next)) => {
                    answered.keep_line(http);
                    self.follow(next);
                }
                // The server may have put into its target what it was sent.
                Some(Err(text)) => return Err(self.refused(&answered, &self.secrets().excerpt(&text))),
            }
        }
        let text =
            format!("{} and others redirected more than {MAX_REDIRECTS} times", address::shown(&self.url));
        Err(Error::new(self.refusal, text))
    }

    /// Sends it, and follows nothing.
    pub(super) async fn send_once(&self, http: &HttpClient) -> Result<Answered, Error> {
        http.tls.permit(&self.url)?;
        let (line, response) = http.send(&self.url, self.request()?).await?;
        let (head, body) = response.into_parts();
        self.cookies.keep(&self.url, &head.headers);
        Ok(Answered { line: Some(line), head, body })
    }

    /// The app's headers and ours; the app's go before.
    fn all_headers(&self) -> Result<HeaderMap, Error> {
        let mut headers = self.headers.clone();
        let host = self.url.port().map_or_else(
            || self.url.host_str().unwrap_or_default().to_owned(),
            |_| address::authority(&self.url),
        );
        let host = HeaderValue::try_from(host).map_err(|_| self.unsendable())?;
        headers.entry(header::HOST).or_insert(host);
        headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        headers.entry(header::ACCEPT_ENCODING).or_insert(coding::ACCEPTED);
        self.cookies.add_to(&self.url, &mut headers);
        Ok(headers)
    }

    fn request(&self) -> Result<Request<Full<Bytes>>, Error> {
        let path = self.url[Position::BeforePath..Position::AfterQuery].to_owned();
        let body = Full::new(Bytes::from(self.body.clone().unwrap_or_default()));
        let request = Request::builder().method(self.method.clone()).uri(path).body(body);
        let mut request = request.map_err(|_| self.unsendable())?;
        *request.headers_mut() = self.all_headers()?;
        Ok(request)
    }

    fn unsendable(&self) -> Error {
        Error::new(ErrorKind::InvalidArgument, format!("{} can't be requested", address::shown(&self.url)))
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

    async fn finish(&self, http: &HttpClient, answered: &mut Answered) -> Result<Map<String, Value>, Error> {
        let body = self.read(http, answered).await?;
        answer::json_object(&body, &self.secrets()).map_err(|what| self.refused_with(answered, &what))
    }

    /// The body of a successful answer, else the error with what the server said.
    pub(super) async fn read(&self, http: &HttpClient, answered: &mut Answered) -> Result<Vec<u8>, Error> {
        let too_large = |answered: &Answered| {
            self.refused(answered, &format!("answered with more than {MAX_ANSWER} bytes"))
        };
        let packed = read(&mut answered.body).await.map_err(|cause| broken(&self.url, &cause))?;
        let packed = packed.ok_or_else(|| too_large(answered))?;
        answered.keep_line(http);
        let unpacked = coding::unpack(&answered.head.headers, packed, MAX_ANSWER);
        match unpacked.fault {
            Some(Fault::TooLarge) => Err(too_large(answered)),
            Some(Fault::Unreadable(what)) => Err(self.refused_with(answered, &what)),
            None if answered.head.status.is_success() => Ok(unpacked.body),
            None => {
                let said = answer::refusal(answered.head.status, &unpacked.body, &self.secrets());
                Err(self.refused(answered, &format!("answered {said}")))
            }
        }
    }

    /// What of the request must not come back in an error.
    pub(super) fn secrets(&self) -> Secrets {
        let mut headers = self.headers.clone();
        self.cookies.add_to(&self.url, &mut headers);
        Secrets::of(&self.url, &headers).and_of_body(self.body.as_deref().unwrap_or_default())
    }

    fn refused_with(&self, answered: &Answered, what: &str) -> Error {
        let status = answer::status_text(answered.head.status);
        self.refused(answered, &format!("answered {status} with {what}"))
    }

    pub(super) fn refused(&self, answered: &Answered, text: &str) -> Error {
        let text = format!("{} {text}", address::shown(&self.url));
        Error::new(self.refusal, text).with_status(answered.head.status.as_u16())
    }
}

/// The head of an answer, and what its body comes over.
pub(super) struct Answered {
    line: Option<Line>,
    pub(super) head: Parts,
    body: Incoming,
}

impl Answered {
    /// Leaves the connection for the next request, if the body was read to its end.
    fn keep_line(&mut self, http: &HttpClient) {
        if let Some(line) = self.line.take() {
            http.idle.put(line, &self.body);
        }
    }
}

/// The whole body; `None` when it is too large.
async fn read(body: &mut Incoming) -> hyper::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        if bytes.len() + data.len() > MAX_ANSWER {
            return Ok(None);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Some(bytes))
}

fn broken(url: &Url, cause: &hyper::Error) -> Error {
    tls::explain(&address::authority(url), cause).unwrap_or_else(|| {
        let text = format!("{} broke off or does not speak HTTP: {}", address::shown(url), innermost(cause));
        Error::new(ErrorKind::ConnectionFailed, text)
    })
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

/// The cause at the end of the chain: the outer ones say less.
fn innermost(error: &dyn StdError) -> String {
    let mut cause = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
