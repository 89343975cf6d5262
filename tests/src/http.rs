//! Requests to servers of the tests: JSON both ways, over plain HTTP.

use std::net::SocketAddr;

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, StatusCode, header},
};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

/// The longest answer that is read.
const LONGEST: usize = 1 << 20;

/// Sends a POST request, possibly with a bearer token, and returns the answer.
///
/// # Panics
/// If the server does not answer.
pub async fn post(server: SocketAddr, path: &str, token: Option<&str>, body: &Value) -> (StatusCode, Value) {
    let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    let request = match token {
        Some(token) => request.header(header::AUTHORIZATION, format!("Bearer {token}")),
        None => request,
    };
    send(server, request.body(Body::from(body.to_string())).expect("the request is valid")).await
}

/// Sends a GET request and returns the answer.
///
/// # Panics
/// If the server does not answer.
pub async fn get(server: SocketAddr, path: &str) -> (StatusCode, Value) {
    let request = Request::builder().method(Method::GET).uri(path).body(Body::empty());
    send(server, request.expect("the request is valid")).await
}

async fn send(server: SocketAddr, mut request: Request<Body>) -> (StatusCode, Value) {
    let host = server.to_string().parse().expect("an address is a valid header");
    request.headers_mut().insert(header::HOST, host);
    let stream = TcpStream::connect(server).await.expect("the server listens");
    let shaken = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = shaken.expect("the server speaks HTTP");
    let connection = tokio::spawn(connection);
    let (head, body) = sender.send_request(request).await.expect("the server answers").into_parts();
    let body = to_bytes(Body::new(body), LONGEST).await.expect("the answer ends");
    connection.abort();
    // Not every answer is JSON: errors may be text.
    let text = || Value::String(String::from_utf8_lossy(&body).into_owned());
    (head.status, serde_json::from_slice(&body).unwrap_or_else(|_| text()))
}
