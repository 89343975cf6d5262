//! Cross-origin rules for browsers: like Pipecat's development runner the bot lets every page in.
//!
//! Only adds headers; knows nothing of what is answered.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// What a page may do.
const METHODS: HeaderValue = HeaderValue::from_static("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");

/// How long a browser may remember that, in seconds.
const MAX_AGE: HeaderValue = HeaderValue::from_static("600");

/// Answers a browser's question before a request, and marks every other answer to a page as for all.
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
