//! Forwards a request over plain HTTP.
//!
//! Depends on axum and hyper. Must never change a request or an answer, except the headers of a
//! single connection.

use std::{error::Error, io};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, Request, Response, header},
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// The longest body that is forwarded.
pub(super) const LONGEST_BODY: usize = 4 << 20;

/// A request or an answer with its complete body.
pub(super) type Whole<T> = (T, Bytes);

/// Sends the request to the server at `authority` and returns its complete answer.
pub(super) async fn forward(
    authority: &str,
    (mut head, body): Whole<axum::http::request::Parts>,
) -> Result<Whole<axum::http::response::Parts>, Box<dyn Error + Send + Sync>> {
    let stream = TcpStream::connect(authority).await?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let path = head.uri.path_and_query().ok_or_else(|| io::Error::other("no path"))?;
    head.uri = path.as_str().parse()?;
    strip(&mut head.headers);
    head.headers.insert(header::HOST, authority.parse()?);
    let answer = sender.send_request(Request::from_parts(head, Body::from(body))).await?;
    let (mut head, body) = answer.map(Body::new).into_parts();
    let body = axum::body::to_bytes(body, LONGEST_BODY).await?;
    connection.abort();
    strip(&mut head.headers);
    Ok((head, body))
}

/// The answer if the server can't be reached.
pub(super) fn bad_gateway(reason: &str) -> Response<Body> {
    let mut response = Response::new(Body::from(reason.to_owned()));
    *response.status_mut() = axum::http::StatusCode::BAD_GATEWAY;
    response
}

/// Removes headers that apply only to one connection. The length is set again, because the body may
/// change.
fn strip(headers: &mut HeaderMap) {
    for name in [header::CONNECTION, header::TRANSFER_ENCODING, header::CONTENT_LENGTH] {
        headers.remove(name);
    }
}
