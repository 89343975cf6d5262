//! What is made of an HTTP endpoint's answers.

use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use serde_json::{Map, Value};
use url::Url;

use crate::transport::{
    address,
    http::{Secrets, json_object, redirect, refusal},
};

/// A request that an endpoint answers.
#[derive(Debug)]
pub struct Request {
    url: Url,
    headers: HeaderMap,
    body: Vec<u8>,
}

/// A request that follows a redirect.
#[derive(Debug)]
pub struct Redirected {
    /// Where it goes.
    pub url: String,
    /// Whether it is made as the first one was, and not a GET in its place.
    pub same_method: bool,
    /// Whether the app's headers go along.
    pub keep_headers: bool,
}

impl Request {
    /// A request to a URL with these headers and a body; `None` when they can't be sent.
    pub fn new(url: &str, headers: &[(String, String)], body: &Value) -> Option<Self> {
        let headers = address::header_map(headers).ok()?;
        Some(Self { url: Url::parse(url).ok()?, headers, body: body.to_string().into_bytes() })
    }

    /// What an error says of this answer; `None` for a status that there is not.
    pub fn refusal(&self, status: u16, body: &[u8]) -> Option<String> {
        Some(refusal(StatusCode::from_u16(status).ok()?, body, &self.secrets()))
    }

    /// The JSON object that an answer holds, or what it is instead.
    ///
    /// # Errors
    /// The text that becomes part of an error.
    pub fn object(&self, body: &[u8]) -> Result<Map<String, Value>, String> {
        json_object(body, &self.secrets())
    }

    /// What follows an answer with this status and `location`; `None` if it is no redirect.
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
