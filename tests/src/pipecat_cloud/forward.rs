//! Forwards a request to the bot and, after an upgrade, the data in both directions.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::Request,
    http::{StatusCode, Uri},
    response::{IntoResponse, Response},
};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::{io::copy_bidirectional, net::TcpStream};

/// Forwards the request to this path.
pub(super) async fn forward(bot: SocketAddr, path: &'static str, mut request: Request) -> Response {
    *request.uri_mut() = Uri::from_static(path);
    match pass(bot, request).await {
        Some(answer) => answer,
        None => StatusCode::BAD_GATEWAY.into_response(),
    }
}

async fn pass(bot: SocketAddr, mut request: Request) -> Option<Response> {
    let before = hyper::upgrade::on(&mut request);
    let stream = TcpStream::connect(bot).await.ok()?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.ok()?;
    tokio::spawn(connection.with_upgrades());
    let mut answer = sender.send_request(request).await.ok()?;
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS {
        let behind = hyper::upgrade::on(&mut answer);
        tokio::spawn(async move {
            let (Ok(before), Ok(behind)) = tokio::join!(before, behind) else { return };
            // Either side may close at any time.
            let _ = copy_bidirectional(&mut TokioIo::new(before), &mut TokioIo::new(behind)).await;
        });
    }
    Some(answer.map(Body::new))
}
