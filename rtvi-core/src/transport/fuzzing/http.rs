//! How the client handles an HTTP endpoint's answers.

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value};
use url::Url;

use crate::transport::{
    address,
    http::{Secrets, json_object, redirect, refusal},
};

/// A request to an endpoint.
#[derive(Debug)]
pub struct Request {
    url: Url,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// A request after a redirect.
#[derive(Debug)]
pub struct Redirected {
    /// The URL of the request.
    pub url: String,
    /// Whether the request keeps its method, instead of becoming a GET.
    pub same_method: bool,
    /// Whether the app's headers are sent.
    pub keep_headers: bool,
}

impl Request {
    /// Creates a request with these headers and a body; `None` if it can't be sent.
    pub fn new(url: &str, headers: &[(String, String)], body: &Value) -> Option<Self> {
        let headers = address::header_map(headers).ok()?;
        Some(Self { url: Url::parse(url).ok()?, headers, body: body.to_string().into_bytes() })
    }

    /// The text of an error for this answer; `None` for a status that does not exist.
    pub fn refusal(&self, status: u16, body: &[u8]) -> Option<String> {
        Some(refusal(StatusCode::from_u16(status).ok()?, body, &self.secrets()))
    }

    /// Reads the JSON object of an answer.
    ///
    /// # Errors
    /// The description of what the answer contains instead, which becomes part of an error.
    pub fn object(&self, body: &[u8]) -> Result<Map<String, Value>, String> {
        json_object(body, &self.secrets())
    }

    /// The request that follows an answer with this status and `location`; `None` if the answer is
    /// not a redirect.
    pub fn redirected(&self, status: u16, location: &[u8]) -> Option<Result<Redirected, String>> {
        let status = StatusCode::from_u16(status).ok()?;
        let location = HeaderValue::from_bytes(location).ok()?;
        let headers = [(header::LOCATION, location)].into_iter().collect();
        let next = redirect::next(&self.url, &Method::POST, status, &headers)?;
        Some(next.map(|next| Redirected {
            url: next.url.into(),
            same_method: next.method == Method::POST,
            keep_headers: next.keep_headers,
        }))
    }

    fn secrets(&self) -> Secrets {
        Secrets::of(&self.url, &self.headers).and_of_body(&self.body)
    }
}
