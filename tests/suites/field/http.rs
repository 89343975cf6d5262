//! Reports about the path between an app and its bot: proxies, load balancers, and other vendors'
//! endpoints.

use std::{
    io::Write,
    sync::{Arc, Mutex},
};

use flate2::{Compression, write::GzEncoder};
use rtvi_bot::BotOptions;
use rtvi_core::{
    ApiRequest, ConnectParams, Error, ErrorKind, Phase, PipecatClient, PipecatClientOptions,
    client::ReconnectPolicy,
    transport::{SmallWebRtcTransport, Transport, WebSocketTransport},
};
use rtvi_tests::{
    Session,
    front::{Front, Verdict, answer},
};
use serde_json::json;

pub(crate) const TRANSPORTS: [&str; 2] = ["websocket", "webrtc"];

pub(crate) fn start(url: impl Into<String>, transport: &str) -> ApiRequest {
    ApiRequest::new(url).with_data(json!({"transport": transport}))
}

fn offers(url: impl Into<String>) -> ConnectParams {
    ConnectParams::default().with("webrtcRequestParams", json!({"endpoint": url.into()}))
}

/// A client that restores its session soon.
pub(crate) fn session() -> Session {
    Session::with(|options| {
        let first_delay = std::time::Duration::from_millis(20);
        options.client.reconnect = ReconnectPolicy { first_delay, ..ReconnectPolicy::default() };
    })
}

async fn asks_its_language(client: &PipecatClient) {
    let answer = client.send_client_request("get-language", None, None).await;
    assert!(answer.is_ok(), "{answer:?}");
}

pub(crate) async fn lose_the_call(session: &mut Session) {
    session.client.send_client_message("misbehave", Some(json!("drop"))).await.expect("the session is ready");
    session.wait_for("reconnecting").await;
    session.wait_for("botReady").await;
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).expect("there is room");
    encoder.finish().expect("there is room")
}

// F2

#[tokio::test]
async fn a_restore_takes_no_connection_that_swallows_everything() {
    let front = Front::start(BotOptions::default(), |_| Verdict::Pass).await;
    let mut session = session();
    session.client.connect(offers(front.url("http", "/api/offer"))).await.expect("the client connects");
    session.wait_for("botReady").await;
    front.swallow();
    lose_the_call(&mut session).await;
    let requests = front.requests();
    let offers = requests.iter().filter(|request| request.method == "POST");
    let connections: Vec<_> = offers.map(|request| request.connection).collect();
    assert!(connections.len() == 2 && connections[0] < connections[1], "{connections:?}");
    assert_eq!(front.wasted(), 0, "nothing was sent to a connection that leads to nowhere");
    assert_eq!(session.all("reconnecting").len(), 1, "the first attempt is the last");
}

#[tokio::test]
async fn a_second_start_takes_no_connection_that_swallows_everything() {
    for transport in TRANSPORTS {
        let front = Front::start(BotOptions::default(), |_| Verdict::Pass).await;
        let session = session();
        for _ in 0..2 {
            let request = start(front.url("http", "/start"), transport);
            session.client.start_bot_and_connect(request).await.expect("the bot starts");
            session.client.disconnect().await.expect("the client disconnects");
            front.swallow();
        }
        assert_eq!(front.wasted(), 0);
    }
}

#[tokio::test]
async fn a_connection_that_closes_as_the_next_request_arrives_costs_nothing() {
    // The second request on a connection meets its end; a first one never does. A start request
    // must not be sent twice.
    let used = Mutex::new(Vec::new());
    let front = Front::start(BotOptions::default(), move |request| {
        let mut used = used.lock().expect("no test panics here");
        if used.contains(&request.connection) {
            return Verdict::Close;
        }
        used.push(request.connection);
        match request.path.as_str() {
            "/start/" => Verdict::Answer(answer("307 Temporary Redirect", &["location: /start"], "")),
            _ => Verdict::Pass,
        }
    });
    let front = front.await;
    for transport in TRANSPORTS {
        let session = session();
        let request = start(front.url("http", "/start/"), transport);
        session.client.start_bot_and_connect(request).await.expect("the bot starts");
        asks_its_language(&session.client).await;
    }
    let posts = front.requests().into_iter().filter(|request| request.path == "/start").count();
    assert_eq!((posts, front.bot().start_requests()), (2, 2), "each on a connection of its own");
}

#[tokio::test]
async fn a_fresh_connection_that_closes_is_an_error_and_no_second_bot() {
    let front = Front::start(BotOptions::default(), |_| Verdict::Close).await;
    let error = session().client.start_bot(start(front.url("http", "/start"), "webrtc")).await;
    assert_eq!(error.expect_err("it closes").kind(), ErrorKind::ConnectionFailed);
    assert_eq!(front.requests().len(), 1);
}

// F8

#[tokio::test]
async fn a_redirected_websocket_is_followed() {
    for status in [301, 302, 303, 307, 308] {
        let front = Front::start(BotOptions::default(), move |request| {
            let location = match request.path.as_str() {
                "/a?token=one" => "location: b?token=two".to_owned(),
                "/b?token=two" => {
                    format!("location: http://{}/ws", request.header("host").unwrap_or_default())
                }
                _ => return Verdict::Pass,
            };
            Verdict::Answer(answer(&format!("{status} Elsewhere"), &[location.as_str()], ""))
        });
        let front = front.await;
        let session = session();
        let params =
            ConnectParams::websocket(front.url("ws", "/a?token=one")).with("headers", json!({"x-key": "k"}));
        session.client.connect(params).await.expect("the client connects");
        asks_its_language(&session.client).await;
        let requests = front.requests();
        assert_eq!(requests.len(), 3);
        assert!(
            requests.iter().all(|request| request.method == "GET" && request.header("x-key") == Some("k"))
        );
    }
}

#[tokio::test]
async fn another_server_gets_no_headers_of_a_redirected_websocket() {
    let other = Front::start(BotOptions::default(), |_| Verdict::Pass).await;
    let location = format!("location: {}", other.url("ws", "/ws"));
    let front = Front::start(BotOptions::default(), move |_| {
        Verdict::Answer(answer("307 Temporary Redirect", &[location.as_str()], ""))
    });
    let url = front.await.url("ws", "/").replace("ws://", "ws://me:password@");
    let params = ConnectParams::websocket(url).with("headers", json!({"x-key": "k"}));
    let session = session();
    session.client.connect(params).await.expect("the client connects");
    let requests = other.requests();
    assert!(
        requests.iter().all(|request| request.header("x-key").or(request.header("authorization")).is_none())
    );
}

#[tokio::test]
async fn a_redirect_that_is_not_followed_is_named() {
    for (location, said) in [
        ("http://bot.example/ws?token=s3cret", "http://bot.example/ws is neither encrypted"),
        ("ftp://me:s3cret@bot.example/ws", "redirected to the scheme 'ftp', which is not followed"),
        ("", "redirected without a target"),
        ("/again?token=s3cret", "/again and others redirected more than 5 times"),
    ] {
        let header = if location.is_empty() { "x: y".to_owned() } else { format!("location: {location}") };
        let front = Front::start(BotOptions::default(), move |_| {
            Verdict::Answer(answer("302 Found", &[header.as_str()], ""))
        });
        let front = front.await;
        let error =
            session().client.connect(ConnectParams::websocket(front.url("ws", "/?token=s3cret"))).await;
        let error = error.expect_err("it leads to nowhere");
        let said = said.replace("http://bot", "ws://bot");
        assert!(error.message().contains(&said), "{error}");
        assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
        assert_eq!(error.phase(), Some(Phase::TransportOpen));
    }
}

// F11

/// A server that requires the user `me` and the password `pass word`.
async fn guarded() -> Front {
    let front = Front::start(BotOptions::default(), |request| match request.header("authorization") {
        Some("Basic bWU6cGFzcyB3b3Jk") => Verdict::Pass,
        // Some servers quote too much of the request.
        other => Verdict::Answer(answer("401 Unauthorized", &[], format!("Not you: {other:?}, wrong-one"))),
    });
    front.await
}

fn with_user(url: &str, user: &str) -> String {
    url.replace("://", &format!("://{user}@"))
}

#[tokio::test]
async fn user_and_password_in_a_url_are_basic_authentication() {
    let front = guarded().await;
    let url = |scheme, path| with_user(&front.url(scheme, path), "me:pass%20word");
    for params in [ConnectParams::websocket(url("ws", "/ws")), offers(url("http", "/api/offer"))] {
        let session = session();
        session.client.connect(params).await.expect("the client connects");
        asks_its_language(&session.client).await;
    }
    // The offers of this session go to the same server, with the same user name.
    let session = session();
    session
        .client
        .start_bot_and_connect(start(url("http", "/start"), "webrtc"))
        .await
        .expect("the bot starts");
    asks_its_language(&session.client).await;
}

#[tokio::test]
async fn the_apps_own_authorization_goes_before_the_url() {
    let front = guarded().await;
    let request = start(with_user(&front.url("http", "/start"), "you:wrong-one"), "webrtc");
    let own = request.clone().with_header("Authorization", "Basic bWU6cGFzcyB3b3Jk");
    session().client.start_bot(own).await.expect("the header is right");
    let wrong = with_user(&front.url("ws", "/ws"), "you:wrong-one");
    let refusals = [
        session().client.start_bot(request).await.map(drop),
        session().client.connect(ConnectParams::websocket(wrong)).await.map(drop),
        session()
            .client
            .connect(offers(with_user(&front.url("http", "/api/offer"), "you:wrong-one")))
            .await
            .map(drop),
    ];
    for refused in refusals {
        let error = refused.expect_err("that is somebody else");
        assert_eq!(error.status(), Some(401), "{error}");
        let text = format!("{error} {error:?}");
        assert!(text.contains("Not you") && !text.contains("wrong-one"), "{text}");
        assert!(!text.contains("eW91Ondyb25nLW9uZQ"), "{text}");
    }
}

// F12

#[tokio::test]
async fn packed_answers_are_unpacked() {
    for transport in TRANSPORTS {
        let front =
            Front::start(BotOptions::default(), |_| Verdict::PassPacked("content-encoding: gzip", gzip))
                .await;
        let session = session();
        let request = start(front.url("http", "/start"), transport);
        session.client.start_bot_and_connect(request).await.expect("the bot starts");
        asks_its_language(&session.client).await;
    }
}

#[tokio::test]
async fn packed_refusals_are_unpacked() {
    let body = gzip(b"\xef\xbb\xbf{\"detail\": \"all bots are busy\"}");
    let front = Front::start(BotOptions::default(), move |_| {
        Verdict::Answer(answer("503 Service Unavailable", &["content-encoding: gzip"], &body))
    });
    let front = front.await;
    let refusals = [
        session().client.start_bot(start(front.url("http", "/start"), "webrtc")).await.map(drop),
        session().client.connect(ConnectParams::websocket(front.url("ws", "/ws"))).await.map(drop),
        session().client.connect(offers(front.url("http", "/api/offer"))).await.map(drop),
    ];
    for refused in refusals {
        let error = refused.expect_err("it is busy");
        assert!(error.message().ends_with("503 Service Unavailable: all bots are busy"), "{error}");
    }
}

// F13

#[tokio::test]
async fn every_spelling_of_a_start_url_gives_its_sessions() {
    for path in
        ["/start/", "/start//", "/START", "/Start/?a=b", "/v1/public/my-agent/start/", "/a/b/start?x#y"]
    {
        // A proxy that serves the bot under a prefix and forwards paths unchanged.
        let front = Front::start(BotOptions::default(), |request| {
            let path = request.path.split('?').next().unwrap_or_default();
            match path.find("/sessions/") {
                Some(at) => Verdict::PassTo(path.split_at(at).1.to_owned()),
                None if path.to_ascii_lowercase().trim_end_matches('/').ends_with("/start") => {
                    Verdict::PassTo("/start".to_owned())
                }
                None => Verdict::Answer(answer("404 Not Found", &[], "")),
            }
        });
        let front = front.await;
        let session = session();
        let request = start(front.url("http", path), "webrtc");
        session.client.start_bot_and_connect(request).await.unwrap_or_else(|error| panic!("{path}: {error}"));
        let prefix = path.to_ascii_lowercase();
        let prefix = prefix.split("start").next().unwrap_or_default().to_owned();
        let offers = front.requests().into_iter().skip(1);
        offers.for_each(|offer| assert!(offer.path.starts_with(&format!("{prefix}sessions/")), "{offer:?}"));
    }
}

// F18

/// The errors of each transport for this start answer.
async fn refusals(answered: &'static str) -> Vec<Error> {
    let front =
        Front::start(BotOptions::default(), move |_| Verdict::Answer(answer("200 OK", &[], answered))).await;
    let transports: [Arc<dyn Transport>; 2] =
        [Arc::new(WebSocketTransport::default()), Arc::new(SmallWebRtcTransport::default())];
    let mut errors = Vec::new();
    for transport in transports {
        let mut options = PipecatClientOptions::new(WebSocketTransport::default());
        options.transport = transport;
        let client = PipecatClient::new(options).expect("there is a runtime");
        let connected = client.start_bot_and_connect(ApiRequest::new(front.url("http", "/start"))).await;
        errors.push(connected.expect_err("that is another room"));
    }
    assert_eq!(front.requests().len(), 2, "no offer was made");
    errors
}

#[tokio::test]
async fn a_bot_in_a_room_of_another_service_is_named() {
    for (answered, service) in [
        (r#"{"sessionId":"1","dailyRoom":"https://x.daily.co/s3cret","dailyToken":"s3cret"}"#, "Daily"),
        (r#"{"room_url":"https://x.daily.co/s3cret","token":"s3cret"}"#, "Daily"),
        (r#"{"dailyRoom":"https://x.daily.co/s3cret"}"#, "Daily"),
        (r#"{"sessionId":"1","livekit_url":"wss://x.livekit.cloud","token":"s3cret"}"#, "LiveKit"),
        (r#"{"serverUrl":"wss://x.livekit.cloud","participantToken":"s3cret"}"#, "LiveKit"),
    ] {
        for error in refusals(answered).await {
            assert_eq!(
                (error.kind(), error.phase()),
                (ErrorKind::InvalidTransportParams, Some(Phase::TransportOpen))
            );
            assert!(error.message().contains(&format!("in a {service} room")), "{error}");
            let advice = if service == "Daily" { "'webrtc', 'websocket'" } else { "'livekit' or 'auto'" };
            assert!(error.message().contains(advice), "{error}");
            assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
        }
    }
}
