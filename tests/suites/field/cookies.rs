//! Reports about load balancers that find a session by a cookie.

use std::sync::atomic::{AtomicUsize, Ordering};

use rtvi_bot::BotOptions;
use rtvi_core::ConnectParams;
use rtvi_tests::front::{Front, Request, Verdict, answer};

use crate::http::{TRANSPORTS, lose_the_call, session, start};

// F17

/// A load balancer: whoever starts gets a cookie, and without it no session is found.
async fn balanced() -> Front {
    let starts = AtomicUsize::new(0);
    let front = Front::start(BotOptions::default(), move |request| {
        let is_known = request.header("cookie").is_some_and(|cookies| cookies.contains("lb=node-7-s3cret"));
        match request.path.as_str() {
            "/start" if starts.fetch_add(1, Ordering::SeqCst) == 0 => {
                let headers = ["location: /start", "set-cookie: hop=on-the-way; Path=/"];
                Verdict::Answer(answer("307 Temporary Redirect", &headers, ""))
            }
            "/start" => Verdict::PassWith(
                "set-cookie: lb=node-7-s3cret; Path=/; HttpOnly\r\nset-cookie: no=1; Path=/other",
            ),
            _ if is_known => Verdict::Pass,
            _ => Verdict::Answer(answer("404 Not Found", &[], "no such session here")),
        }
    });
    front.await
}

fn cookies(request: &Request) -> Vec<&str> {
    let mut cookies: Vec<_> = request.header("cookie").into_iter().flat_map(|all| all.split("; ")).collect();
    cookies.sort_unstable();
    cookies
}

#[tokio::test]
async fn the_cookies_of_a_start_answer_go_with_its_session() {
    for transport in TRANSPORTS {
        let front = balanced().await;
        let mut session = session();
        let request = start(front.url("http", "/start"), transport);
        session.client.start_bot_and_connect(request).await.expect("the session is found");
        session.wait_for("botReady").await;
        lose_the_call(&mut session).await;
        let requests = front.requests();
        assert_eq!(cookies(&requests[0]), [""; 0]);
        assert_eq!(cookies(&requests[1]), ["hop=on-the-way"]);
        assert!(requests.len() >= 4, "{requests:?}");
        // A bot that has forgotten the session is started again: without the cookies of the one
        // before.
        let (again, others): (Vec<_>, Vec<_>) =
            requests[2..].iter().partition(|request| request.path == "/start");
        assert!(again.iter().all(|request| cookies(request).is_empty()), "{again:?}");
        assert!(others.iter().all(|request| cookies(request).contains(&"lb=node-7-s3cret")), "{others:?}");
        assert_eq!(cookies(others[0]), ["hop=on-the-way", "lb=node-7-s3cret"]);
        session.client.disconnect().await.expect("the client disconnects");
        assert!(!session.client.session_trace().contains("s3cret"));

        let again = start(front.url("http", "/start"), transport);
        session.client.start_bot(again).await.expect("the bot starts");
        let last = front.requests().pop().expect("there are some");
        assert_eq!(cookies(&last), [""; 0], "a new session begins without cookies");
    }
}

#[tokio::test]
async fn a_session_without_a_start_keeps_none_of_the_one_before() {
    let front = balanced().await;
    let session = session();
    session.client.start_bot(start(front.url("http", "/start"), "websocket")).await.expect("the bot starts");
    session.client.disconnect().await.expect("the client disconnects");
    let error = session.client.connect(ConnectParams::websocket(front.url("ws", "/ws"))).await;
    assert_eq!(error.expect_err("there is no cookie").status(), Some(404));
}
