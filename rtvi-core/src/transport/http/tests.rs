//! The start request over real sockets: what the server receives, and every way in which the
//! request can fail.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::{
    Error, ErrorKind, Phase,
    transport::{
        ApiRequest, TlsOptions,
        test_servers::{Authority, answer, answer_once, closed_port, listen, read_request},
    },
};

async fn start(request: &ApiRequest) -> Result<serde_json::Map<String, Value>, Error> {
    start_bot(&HttpClient::default(), request, Duration::from_secs(20)).await
}

/// Asserts that the request fails with this kind, status and text, in the right phase and without
/// exposing a secret.
async fn fails(request: &ApiRequest, kind: ErrorKind, status: Option<u16>, said: &str) {
    let error = start(request).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.status(), error.phase()),
        (kind, status, Some(Phase::StartRequest)),
        "{error}"
    );
    assert!(error.message().contains(said), "{error}");
    assert!(!error.message().contains("secret"), "{error}");
}

#[tokio::test]
async fn the_request_is_sent_as_the_app_wants_it() {
    let (address, server) = answer_once(answer("201 Created", r#"{"wsUrl":"ws://b","token":null}"#)).await;
    let request = ApiRequest::new(format!("http://{address}/start?key=secret"))
        .with_data(json!({"transport": "websocket"}))
        .with_header("Authorization", "Bearer secret")
        .with_header("X-Twice", "1")
        .with_header("X-Twice", "2");
    let params = start(&request).await.unwrap();
    assert_eq!((&params["wsUrl"], &params["token"]), (&json!("ws://b"), &Value::Null));
    let sent = server.await.unwrap();
    assert!(sent.starts_with("POST /start?key=secret HTTP/1.1\r\n"), "{sent}");
    for part in ["content-type: application/json", "authorization: Bearer secret", "x-twice: 1", "x-twice: 2"]
    {
        assert!(sent.contains(part), "{part} is not in {sent}");
    }
    assert!(sent.ends_with(r#"{"transport":"websocket"}"#), "{sent}");
}

#[tokio::test]
async fn the_apps_content_type_goes_before_ours_and_no_data_is_no_body() {
    let (address, server) = answer_once(answer("200 OK", "{}")).await;
    let request = ApiRequest::new(format!("http://{address}/")).with_data(json!({}));
    start(&request.with_header("content-type", "application/x-own")).await.unwrap();
    let sent = server.await.unwrap();
    assert!(sent.contains("application/x-own") && !sent.contains("application/json"), "{sent}");

    let (address, server) = answer_once(answer("200 OK", "{}")).await;
    start(&ApiRequest::new(format!("http://{address}/"))).await.unwrap();
    let sent = server.await.unwrap();
    assert!(!sent.contains("content-type") && sent.ends_with("\r\n\r\n"), "{sent}");
}

#[tokio::test]
async fn a_server_that_repeats_the_request_exposes_no_secret() {
    for status in ["401 Unauthorized", "200 OK"] {
        let (address, _server) = answer_once(answer(status, "no such key: secret-one, secret-two")).await;
        let request = ApiRequest::new(format!("http://{address}/start?key=secret-one"))
            .with_header("Authorization", "Bearer secret-two");
        let (kind, number) = (ErrorKind::StartBotFailed, status.get(..3).and_then(|code| code.parse().ok()));
        fails(&request, kind, number, "no such key: …, …").await;
    }
}

#[tokio::test]
async fn refusals_carry_the_servers_words() {
    for (code, reason, body, said) in [
        (400, "Bad Request", r#"{"info":"full","detail":"x"}"#, "answered 400 Bad Request: full"),
        (
            422,
            "Unprocessable",
            r#"{"detail":[{"loc":["body","a"],"msg":"Field required"}]}"#,
            "body.a: Field",
        ),
        (500, "Internal Server Error", "<html>long page</html>", "500 Internal Server Error: an HTML page"),
        (503, "Service Unavailable", "", "answered 503 Service Unavailable"),
    ] {
        let (address, _server) = answer_once(answer(&format!("{code} {reason}"), body)).await;
        let request = ApiRequest::new(format!("http://{address}/a?t=secret"));
        fails(&request, ErrorKind::StartBotFailed, Some(code), said).await;
    }
}

#[tokio::test]
async fn answers_that_are_no_object_are_described() {
    for (body, said) in [
        ("", "200 OK with an empty body, not a JSON object"),
        ("[]", "a JSON array"),
        ("<!doctype html>", "an HTML page"),
        ("hello", "the text \"hello\""),
    ] {
        let (address, _server) = answer_once(answer("200 OK", body)).await;
        fails(&ApiRequest::new(format!("http://{address}/")), ErrorKind::StartBotFailed, Some(200), said)
            .await;
    }
}

#[tokio::test]
async fn unusable_requests_are_not_sent() {
    let invalid = ErrorKind::InvalidArgument;
    fails(&ApiRequest::new("ftp://host/?secret"), invalid, None, "'ftp'").await;
    fails(&ApiRequest::new("host/start?secret"), invalid, None, "'host/start'").await;
    fails(&ApiRequest::new(""), invalid, None, "not usable").await;
    fails(&ApiRequest::new("http://h").with_header("X-Key", "secret\r\n"), invalid, None, "'X-Key'").await;
    fails(&ApiRequest::new("http://h").with_header("bad name", "secret"), invalid, None, "'bad name'").await;
}

#[tokio::test]
async fn servers_that_cant_be_reached_are_named() {
    let failed = ErrorKind::ConnectionFailed;
    let (_taken, address) = closed_port();
    let port = address.port();
    let refused = format!("http://127.0.0.1:{port}/start can't be reached");
    fails(&ApiRequest::new(format!("http://127.0.0.1:{port}/start?secret")), failed, None, &refused).await;
    fails(&ApiRequest::new("https://no-such-host.invalid/?secret"), failed, None, "no-such-host.invalid")
        .await;
    for sent in ["", "SSH-2.0-OpenSSH\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"] {
        let (address, _server) = answer_once(sent).await;
        fails(&ApiRequest::new(format!("http://{address}/?secret")), failed, None, "disconnected").await;
    }
}

#[tokio::test]
async fn a_server_that_never_answers_ends_by_the_timeout() {
    let silent = listen(|stream| async move {
        std::future::pending::<()>().await;
        drop(stream);
    });
    let mut request = ApiRequest::new(format!("http://{}/start?secret", silent.await));
    request.timeout = Some(Duration::from_millis(30));
    fails(&request, ErrorKind::Timeout, None, "/start did not answer within 0.03 s").await;
}

#[tokio::test]
async fn an_answer_without_end_ends_by_the_limit_or_the_timeout() {
    const HEAD: &[u8] = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n";
    let endless = listen(|mut stream| async move {
        read_request(&mut stream).await;
        stream.write_all(HEAD).await.unwrap();
        while stream.write_all(&[b' '; 16 * 1024]).await.is_ok() {}
    });
    let request = ApiRequest::new(format!("http://{}/", endless.await));
    fails(&request, ErrorKind::StartBotFailed, Some(200), "more than 1048576 bytes").await;

    let stuck = listen(|mut stream| async move {
        read_request(&mut stream).await;
        stream.write_all(HEAD).await.unwrap();
        std::future::pending().await
    });
    let mut request = ApiRequest::new(format!("http://{}/", stuck.await));
    request.timeout = Some(Duration::from_millis(30));
    fails(&request, ErrorKind::Timeout, None, "did not answer within").await;
}

#[tokio::test]
async fn redirects_are_followed_with_the_post_and_without_secrets_for_others() {
    let (other, arrived) = answer_once(answer("200 OK", r#"{"ok":true}"#)).await;
    let redirect =
        format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: http://{other}/b\r\nconnection: close\r\n\r\n");
    let (address, _server) = answer_once(redirect).await;
    let request = ApiRequest::new(format!("http://{address}/a"))
        .with_data(json!({"a": 1}))
        .with_header("Authorization", "Bearer secret");
    assert_eq!(start(&request).await.unwrap()["ok"], true);
    let sent = arrived.await.unwrap();
    assert!(sent.starts_with("POST /b ") && sent.ends_with(r#"{"a":1}"#), "{sent}");
    assert!(sent.contains("application/json") && !sent.contains("secret"), "{sent}");
}

#[tokio::test]
async fn endless_and_unsafe_redirects_end() {
    let circle = listen(|mut stream| async move {
        read_request(&mut stream).await;
        let again =
            "HTTP/1.1 302 Found\r\nlocation: /again?secret\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
        stream.write_all(again.as_bytes()).await.unwrap();
    });
    let request = ApiRequest::new(format!("http://{}/", circle.await));
    fails(&request, ErrorKind::StartBotFailed, None, "more than 5 times").await;
    let (address, _server) = answer_once("HTTP/1.1 302 Found\r\nlocation: file:///secret\r\n\r\n").await;
    fails(&ApiRequest::new(format!("http://{address}/")), ErrorKind::StartBotFailed, Some(302), "'file'")
        .await;
}

#[tokio::test]
async fn what_is_not_encrypted_stays_near() {
    let far =
        "http://bot.example/start is neither encrypted nor on this machine or a private network: use https";
    fails(&ApiRequest::new("http://bot.example/start?secret"), ErrorKind::Tls, None, far).await;
    let redirect = "HTTP/1.1 307 Temporary Redirect\r\nlocation: http://bot.example/start?secret\r\nconnection: close\r\n\r\n";
    let (address, _server) = answer_once(redirect).await;
    fails(&ApiRequest::new(format!("http://{address}/")), ErrorKind::Tls, None, far).await;

    let allowing = HttpClient::new(TlsOptions::default().allow_plaintext());
    let request = ApiRequest::new("http://no-such-host.invalid/");
    let error = start_bot(&allowing, &request, Duration::from_secs(20)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed);
}

/// A server that answers over TLS. Returns its port.
async fn secure_server(acceptor: TlsAcceptor) -> u16 {
    let secure = listen(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(mut stream) = acceptor.accept(stream).await {
                read_request(&mut stream).await;
                stream.write_all(answer("200 OK", r#"{"secure":true}"#).as_bytes()).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        }
    });
    secure.await.port()
}

#[tokio::test]
async fn only_pinned_keys_are_accepted_where_there_are_some() {
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
    let (acceptor, key) = ours.pinned_server("localhost");
    let port = secure_server(acceptor).await;
    let request = ApiRequest::new(format!("https://localhost:{port}/start"));
    let limit = Duration::from_secs(20);
    let trusting = || TlsOptions::default().with_root_der(ours.der());
    let pinning = HttpClient::new(trusting().with_pinned_key([7; 32]).with_pinned_key(key));
    assert_eq!(start_bot(&pinning, &request, limit).await.unwrap()["secure"], true);

    let other = HttpClient::new(trusting().with_pinned_key([7; 32]));
    let error = start_bot(&other, &request, limit).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls);
    assert!(error.message().contains("its key is not one of the pinned keys"), "{error}");

    let untrusted = TlsOptions::default().with_root_der(theirs.der()).with_pinned_key(key);
    let error = start_bot(&HttpClient::new(untrusted), &request, limit).await.unwrap_err();
    assert!(error.message().contains("unknown authority"), "a pin is not trust: {error}");
}

#[tokio::test]
async fn secure_servers_must_be_trustworthy() {
    let authority = Authority::new("ours");
    let port = secure_server(authority.server("localhost")).await;
    let request = ApiRequest::new(format!("https://localhost:{port}/start?secret"));
    fails(&request, ErrorKind::Tls, None, "unknown authority").await;

    let trusting = HttpClient::new(TlsOptions::default().with_root_der(authority.der()));
    let limit = Duration::from_secs(20);
    assert_eq!(start_bot(&trusting, &request, limit).await.unwrap()["secure"], true);
    let by_address = ApiRequest::new(format!("https://127.0.0.1:{port}/"));
    let error = start_bot(&trusting, &by_address, limit).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Tls);
    assert!(error.message().contains("for another host name"), "{error}");
}
