//! Cross-origin rules for browsers: like Pipecat's development runner, the bot allows every page.
//!
//! Only adds headers; does not know the answers.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// The methods that a page may use.
const METHODS: HeaderValue = HeaderValue::from_static("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");

/// How long a browser may cache these rules, in seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// Answers a browser's preflight request, and allows every origin in all other answers to a page.
pub(crate) async fn allow_all(request: Request, next: Next) -> Response {
    let Some(origin) = request.headers().get(header::ORIGIN).cloned() else { return next.run(request).await };
    let asked = request.headers().get(header::ACCESS_CONTROL_REQUEST_HEADERS).cloned();
    let asks = request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let mut response =
        if request.method() == Method::OPTIONS && asks { permission(asked) } else { next.run(request).await };
    add(
        response.headers_mut(),
        [
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, origin),
            (header::ACCESS_CONTROL_ALLOW_CREDENTIALS, HeaderValue::from_static("true")),
            (header::VARY, HeaderValue::from_static("Origin")),
        ],
    );
    response
}

fn permission(headers: Option<HeaderValue>) -> Response {
    let mut response = "OK".into_response();
    let allowed = headers.map(|headers| (header::ACCESS_CONTROL_ALLOW_HEADERS, headers));
    add(response.headers_mut(), allowed);
    add(
        response.headers_mut(),
        [(header::ACCESS_CONTROL_ALLOW_METHODS, METHODS), (header::ACCESS_CONTROL_MAX_AGE, MAX_AGE)],
    );
    response
}

fn add(headers: &mut HeaderMap, all: impl IntoIterator<Item = (HeaderName, HeaderValue)>) {
    all.into_iter().for_each(|(name, value)| drop(headers.insert(name, value)));
}
