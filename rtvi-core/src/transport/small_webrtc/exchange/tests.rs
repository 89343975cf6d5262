//! Requests against small servers; waiting in virtual time.

use std::{cell::Cell, net::SocketAddr};

use serde_json::{Value, json};

use super::*;
use crate::transport::{
    ConnectParams, Cookies, OpenRequest, TlsOptions,
    test_servers::{answer, answer_once, closed_port, listen, read_request},
};

fn endpoint(address: SocketAddr) -> Endpoint {
    let request = json!({
        "endpoint": format!("http://{address}/api/offer?key=secret"),
        "headers": {"Authorization": "Bearer secret"},
        "requestData": {"a": 1},
    });
    let params = ConnectParams::default().with("webrtcRequestParams", request);
    let request = OpenRequest {
        params: &params,
        start: None,
        attempt: 0,
        mic_enabled: true,
        cookies: &Cookies::default(),
        tls: &TlsOptions::default(),
        open_timeout: Duration::from_secs(15),
    };
    let target = Target::new(request, &crate::transport::SmallWebRtcTransportOptions::default()).unwrap();
    Endpoint { http: HttpClient::default(), target }
}

fn body_of(request: &str) -> Value {
    serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap()
}

#[tokio::test]
async fn an_offer_is_posted_with_headers_and_data() {
    let body = r#"{"sdp": "v=0", "type": "answer", "pc_id": "pc"}"#;
    let (address, served) = answer_once(answer("200 OK", body)).await;
    let got = endpoint(address).offer("v=0 offer", Some("old"), true).await.unwrap();
    assert_eq!(got, Answer { sdp: "v=0".into(), pc_id: Some("pc".into()) });
    let request = served.await.unwrap();
    assert!(request.starts_with("POST /api/offer?key=secret HTTP/1.1\r\n"), "{request}");
    assert!(request.to_lowercase().contains("\r\nauthorization: bearer secret\r\n"));
    let sent = json!({"sdp": "v=0 offer", "type": "offer", "pc_id": "old", "restart_pc": true, "requestData": {"a": 1}});
    assert_eq!(body_of(&request), sent);
}

#[tokio::test]
async fn a_refusal_fails_at_once_with_the_servers_words() {
    let (address, _served) = answer_once(answer("403 Forbidden", r#"{"detail": "no more bots"}"#)).await;
    let error = endpoint(address).offer("v=0", None, false).await.unwrap_err();
    assert_eq!((error.kind(), error.status()), (ErrorKind::ConnectionFailed, Some(403)));
    assert_eq!(error.phase(), Some(Phase::TransportOpen));
    assert!(error.message().contains("no more bots") && !error.message().contains("secret"), "{error}");
}

#[tokio::test]
async fn an_answer_that_is_none_is_a_protocol_error() {
    for body in ["{}", r#"{"sdp": 5, "pc_id": "pc"}"#, r#"{"sdp": "v=0", "pc_id": "pc", "type": "offer"}"#] {
        let (address, _served) = answer_once(answer("200 OK", body)).await;
        let error = endpoint(address).offer("v=0", None, false).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Protocol, "{body}");
        assert!(!error.message().contains("secret"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn failures_that_may_pass_are_tried_again() {
    let started = Instant::now();
    let tries = Cell::new(0);
    let unreachable = Error::new(ErrorKind::ConnectionFailed, "unreachable");
    let result: Result<(), _> = with_retries(|| {
        tries.set(tries.get() + 1);
        let error = unreachable.clone();
        async { Err(error) }
    })
    .await;
    assert_eq!((result, tries.get()), (Err(unreachable), 4));
    assert_eq!(started.elapsed(), RETRY_AFTER.iter().sum::<Duration>());
}

#[tokio::test(start_paused = true)]
async fn what_is_worth_another_try() {
    for (kind, status, tries) in [
        (ErrorKind::Timeout, None, 4),
        (ErrorKind::ConnectionFailed, None, 4),
        (ErrorKind::ConnectionFailed, Some(500), 4),
        (ErrorKind::ConnectionFailed, Some(503), 4),
        (ErrorKind::ConnectionFailed, Some(404), 1),
        (ErrorKind::ConnectionFailed, Some(200), 1),
        (ErrorKind::Tls, None, 1),
        (ErrorKind::Protocol, None, 1),
    ] {
        let made = Cell::new(0);
        let error = Error::new(kind, "failed");
        let error = status.map_or(error.clone(), |status| error.with_status(status));
        let result: Result<(), _> = with_retries(|| {
            made.set(made.get() + 1);
            let error = error.clone();
            async { Err(error) }
        })
        .await;
        assert_eq!((result.is_err(), made.get()), (true, tries), "{kind:?} {status:?}");
    }
}

#[tokio::test]
async fn candidates_go_in_one_batch() {
    let (sender, mut requests) = tokio::sync::mpsc::channel(4);
    let address = listen(move |mut stream| {
        let sender = sender.clone();
        async move {
            let request = read_request(&mut stream).await;
            let _ = sender.send(request).await;
            let text = answer("200 OK", r#"{"status": "success"}"#);
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, text.as_bytes()).await;
        }
    })
    .await;
    let mut trickle = Trickle::new(Arc::new(endpoint(address)), Some("pc".into()), "7".into());
    trickle.add("candidate:1".into());
    trickle.add("candidate:2".into());
    let request = tokio::select! {
        () = trickle.run() => unreachable!("it never ends"),
        request = requests.recv() => request.unwrap(),
    };
    assert!(request.starts_with("PATCH /api/offer"), "{request}");
    let one = |text: &str| json!({"candidate": text, "sdp_mid": "7", "sdp_mline_index": 0});
    assert_eq!(
        body_of(&request),
        json!({"pc_id": "pc", "candidates": [one("candidate:1"), one("candidate:2")]})
    );
}

/// Serves connections that stay open, `requests` on each and then none; gives which connection each
/// one came over, and its first line.
async fn keep_alive(requests: usize) -> (SocketAddr, tokio::sync::mpsc::Receiver<(usize, String)>) {
    let (sender, seen) = tokio::sync::mpsc::channel(16);
    let count = std::sync::atomic::AtomicUsize::new(0);
    let address = listen(move |mut stream| {
        let (sender, number) = (sender.clone(), count.fetch_add(1, std::sync::atomic::Ordering::SeqCst));
        async move {
            for _ in 0..requests {
                let request = read_request(&mut stream).await;
                let _ = sender.send((number, request.lines().next().unwrap_or_default().to_owned())).await;
                let body = r#"{"sdp": "v=0", "type": "answer", "pc_id": "pc"}"#;
                let head = "HTTP/1.1 200 OK\r\nset-cookie: lb=one; Path=/\r\ncontent-length:";
                let text = format!("{head} {}\r\n\r\n{body}", body.len());
                let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, text.as_bytes()).await;
            }
            // The next request finds the connection closed, but only once it has come.
            let request = read_request(&mut stream).await;
            let _ = sender.send((number, request.lines().next().unwrap_or_default().to_owned())).await;
        }
    })
    .await;
    (address, seen)
}

#[tokio::test]
async fn candidates_go_over_the_connection_of_their_offer() {
    let (address, mut seen) = keep_alive(9).await;
    let endpoint = endpoint(address);
    for number in 0..2 {
        endpoint.offer("v=0", None, false).await.unwrap();
        endpoint.send_candidates("pc", &[]).await;
        endpoint.send_candidates("pc", &[]).await;
        for method in ["POST", "PATCH", "PATCH"] {
            let (connection, line) = seen.recv().await.unwrap();
            assert_eq!((connection, line.starts_with(method)), (number, true), "{line}");
        }
    }
    let cookies = endpoint.target.cookies.for_url(endpoint.target.endpoint.as_str());
    assert_eq!(cookies.as_deref(), Some("lb=one"), "what the offer's answer sets goes with the candidates");
}

#[tokio::test]
async fn candidates_that_find_the_connection_closed_go_again() {
    let (address, mut seen) = keep_alive(1).await;
    let endpoint = endpoint(address);
    endpoint.offer("v=0", None, false).await.unwrap();
    endpoint.send_candidates("pc", &[]).await;
    for (number, method) in [(0, "POST"), (0, "PATCH"), (1, "PATCH")] {
        let (connection, line) = seen.recv().await.unwrap();
        assert_eq!((connection, line.starts_with(method)), (number, true), "{line}");
    }
}

#[tokio::test]
async fn a_port_shows_whether_anybody_listens() {
    let (_taken, address) = closed_port();
    assert_eq!(endpoint(address).is_listening().await, Some(false));
    assert_eq!(endpoint(listen(|_| async {}).await).is_listening().await, Some(true));
}
