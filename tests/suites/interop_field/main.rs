//! Problems that developers of voice clients report about WebRTC servers: a real Pipecat bot behind
//! a proxy that changes one thing in its answers. Either the bot must be heard, or the error must
//! say what is wrong.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod fingerprints;

use std::time::Duration;

use axum::http::Method;
use rtvi_core::{
    ApiRequest, Error, ErrorKind, Phase, PipecatClientOptions,
    protocol::SendTextOptions,
    transport::{IceServer, SmallWebRtcTransport, SmallWebRtcTransportOptions},
};
use rtvi_tests::{
    PipecatServer, ServerKind, Session, Target,
    network::{Changes, Meddler},
};
use serde_json::{Value, json};
use tokio::time::sleep;

/// A cipher that Pipecat's stack has and ours has not.
const FOREIGN_CIPHER: &str = "ECDHE-ECDSA-AES256-SHA384";

/// A bot behind a proxy.
struct Bot {
    proxy: Meddler,
    target: Target,
    _server: PipecatServer,
}

impl Bot {
    async fn start(changes: Changes) -> Self {
        Self::with_flags(&[], changes).await
    }

    async fn with_flags(flags: &[&str], changes: Changes) -> Self {
        let server = PipecatServer::start(ServerKind::Voice, &[&["--only-repeat"], flags].concat()).await;
        let near = server.webrtc_target();
        let offer_url = near.offer_url.clone().expect("the server speaks WebRTC");
        let proxy = Meddler::start(offer_url.trim_end_matches("/api/offer"), changes).await;
        let target = Target {
            offer_url: Some(format!("{}/api/offer", proxy.url())),
            start_url: format!("{}/start", proxy.url()),
            ..near
        };
        Self { proxy, target, _server: server }
    }
}

/// The bot speaks and is heard: its sound, not only its packets.
async fn hears(session: &mut Session) {
    let loud = |session: &Session| {
        let levels = session.all("remoteAudioLevel");
        levels.iter().filter(|level| level.as_f64().is_some_and(|level| level > 0.2)).count()
    };
    let (before, loud_before) = (session.client.audio_stats().received, loud(session));
    session.client.send_text("Are you there", SendTextOptions::default()).await.expect("the text is sent");
    session.wait_for("botStartedSpeaking").await;
    session.wait_for("botStoppedSpeaking").await;
    let after = session.client.audio_stats().received;
    assert!(after - before > Duration::from_millis(500), "{before:?} {after:?}");
    assert!(loud(session) > loud_before, "there was no sound");
}

/// A client connects to the bot and hears it.
async fn is_heard(changes: Changes) {
    let bot = Bot::start(changes).await;
    let mut session = Session::connected(&bot.target).await;
    hears(&mut session).await;
    assert_eq!(session.all("reconnecting"), [json!(null); 0]);
    session.client.disconnect().await.expect("the client disconnects");
}

/// The error of a client that can't connect. It states the reason and waits for no deadline.
async fn refused(bot: &Bot) -> Error {
    let session = Session::new();
    let error = session.client.connect(bot.target.params().await).await.expect_err("it can't be used");
    assert_ne!(error.kind(), ErrorKind::Timeout, "{error}");
    assert_eq!(error.phase(), Some(Phase::TransportOpen), "{error}");
    error
}

/// The lines of a description, each changed or removed.
fn lines(sdp: &str, change: impl Fn(&str) -> Option<String>) -> String {
    sdp.lines().filter_map(change).map(|line| line + "\r\n").collect()
}

fn without(sdp: &str, beginnings: &[&str]) -> String {
    lines(sdp, |line| (!beginnings.iter().any(|begin| line.starts_with(begin))).then(|| line.to_owned()))
}

/// The description with its section of this kind rewritten. The section begins with the `m=` line.
fn section(sdp: &str, kind: &str, change: impl Fn(&str) -> String) -> String {
    let parts = sdp.split("m=");
    let changed = parts.enumerate().map(|(index, part)| match (index, part.starts_with(kind)) {
        (0, _) => part.to_owned(),
        (_, true) => change(&format!("m={part}")),
        (_, false) => format!("m={part}"),
    });
    changed.collect()
}

#[tokio::test]
async fn an_answer_without_sources_is_heard() {
    is_heard(Changes::sdp(|sdp| without(sdp, &["a=ssrc"]))).await;
}

#[tokio::test]
async fn an_answer_without_sources_and_streams_is_heard() {
    is_heard(Changes::sdp(|sdp| without(sdp, &["a=ssrc", "a=msid"]))).await;
}

/// The packets name their section anyway; here the answer does not announce it.
#[tokio::test]
async fn an_answer_without_sources_and_names_is_heard_by_its_payload_type() {
    is_heard(Changes::sdp(|sdp| without(sdp, &["a=ssrc", "a=msid", "a=extmap", "a=mid"]))).await;
}

#[tokio::test]
async fn an_answer_that_names_another_source_is_heard() {
    is_heard(Changes::sdp(|sdp| {
        lines(sdp, |line| {
            Some(if line.starts_with("a=ssrc:") { "a=ssrc:7 cname:x".to_owned() } else { line.to_owned() })
        })
    }))
    .await;
}

/// The server accepts Opus with a payload type other than the one it sends, which RFC 3264 allows.
#[tokio::test]
async fn an_answer_that_numbers_opus_otherwise_is_heard() {
    let changes = Changes::sdp(|sdp| {
        section(sdp, "audio", |audio| {
            let map = audio.lines().find(|line| line.contains("opus/48000")).expect("it takes Opus");
            let number = map.trim_start_matches("a=rtpmap:").split(' ').next().expect("it has a number");
            lines(audio, |line| {
                let line = line.replace(map, "a=rtpmap:120 opus/48000/2");
                Some(if line.starts_with("m=") { line.replace(&format!(" {number}"), " 120") } else { line })
            })
        })
    });
    is_heard(changes).await;
}

#[tokio::test]
async fn a_source_that_changes_in_mid_call_is_heard() {
    let bot = Bot::with_flags(&["--new-source", "4"], Changes::default()).await;
    let mut session = Session::connected(&bot.target).await;
    hears(&mut session).await;
    sleep(Duration::from_secs(4)).await;
    hears(&mut session).await;
    assert_eq!(session.all("reconnecting"), [json!(null); 0]);
    assert_eq!(session.client.audio_stats().receive_dropped, Duration::ZERO);
    session.client.disconnect().await.expect("the client disconnects");
}

/// The bot sends Opus with a payload type that neither side announced, and nothing else identifies
/// it as the bot's voice.
#[tokio::test]
async fn audio_of_an_unknown_stream_is_not_dropped_in_silence() {
    let renumber = |sdp: &str, from: &str, to: &str| {
        let audio = |audio: &str| {
            let audio = audio.replacen(&format!(" {from}\r\n"), &format!(" {to}\r\n"), 1);
            audio.replace(&format!(":{from} "), &format!(":{to} "))
        };
        section(&without(sdp, &["a=extmap"]), "audio", audio)
    };
    let changes = Changes::sdp(move |sdp| renumber(sdp, "100", "111")).and_requests(move |offer| {
        if let Some(sdp) = offer["sdp"].as_str() {
            offer["sdp"] = renumber(sdp, "111", "100").into();
        }
    });
    let bot = Bot::start(changes).await;
    let mut session = Session::connected(&bot.target).await;
    let dropped = session.wait_for("audioDropped").await;
    assert_eq!(dropped["reason"], json!("unknownStream"), "{dropped}");
    let detail = dropped["detail"].as_str().unwrap_or_default();
    assert!(detail.contains("payload type 100"), "{dropped}");
    session.client.disconnect().await.expect("the client disconnects");
}

/// The servers of a token service, and other entries that occur in such lists.
fn odd_servers() -> Value {
    json!([
        {"url": "stun:127.0.0.1:9?transport=udp", "urls": "stun:127.0.0.1:9?transport=udp"},
        {"urls": []},
        {"urls": ["stuns:127.0.0.1", "gopher:x", "", "stun:127.0.0.1:99999", 5], "username": null},
        {"urls": "turn:127.0.0.1:9?transport=udp"},
        {"urls": "turn:127.0.0.1:9?transport=sctp", "username": "u", "credential": "c"},
        {},
        "nonsense",
        7,
    ])
}

#[tokio::test]
async fn a_stun_server_with_a_transport_in_the_options_is_heard() {
    let bot = Bot::start(Changes::default()).await;
    let urls =
        ["stun:127.0.0.1:9?transport=udp", "stuns:x", "gopher:x", "stun:127.0.0.1:99999", "turn:127.0.0.1"];
    let mut ice_servers = vec![IceServer { urls: urls.map(str::to_owned).to_vec(), ..IceServer::default() }];
    ice_servers.push(IceServer::default());
    let mut session = Session::with(|options| {
        let transport = SmallWebRtcTransportOptions { ice_servers, ..Default::default() };
        let microphone = options.microphone.take();
        *options = PipecatClientOptions::new(SmallWebRtcTransport::new(transport));
        options.microphone = microphone;
    });
    session.connect(&bot.target).await;
    hears(&mut session).await;
    session.client.disconnect().await.expect("the client disconnects");
}

#[tokio::test]
async fn odd_ice_servers_of_a_start_answer_are_heard() {
    for key in ["iceConfig", "iceServers"] {
        let changes = Changes::answer(move |answer| {
            if answer["wsUrl"].take().is_string() {
                let servers = odd_servers();
                answer[key] = if key == "iceConfig" { json!({"iceServers": servers}) } else { servers };
            }
        });
        let bot = Bot::start(changes).await;
        let mut session = Session::new();
        let mut params =
            session.client.start_bot(ApiRequest::new(&bot.target.start_url)).await.expect("the bot starts");
        params = params.with("webrtcRequestParams", json!({"endpoint": bot.target.offer_url}));
        session.client.connect(params).await.expect("the client connects");
        hears(&mut session).await;
        session.client.disconnect().await.expect("the client disconnects");
    }
}

/// The client's offers, as `pc_id` and `restart_pc`, when the network changes once.
async fn offers_of(changes: Changes) -> (Vec<(Value, Value)>, Vec<Value>) {
    let bot = Bot::start(changes).await;
    let mut session = Session::connected(&bot.target).await;
    hears(&mut session).await;
    session.client.network_changed().await.expect("the client lives");
    session.wait_for("reconnecting").await;
    session.wait_for("botReady").await;
    hears(&mut session).await;
    session.client.disconnect().await.expect("the client disconnects");
    let offers = bot.proxy.requests(&Method::POST);
    let offers = offers.iter().map(|offer| (offer["pc_id"].clone(), offer["restart_pc"].clone())).collect();
    let patches = bot.proxy.requests(&Method::PATCH);
    (offers, patches.iter().map(|patch| patch["pc_id"].clone()).collect())
}

#[tokio::test]
async fn an_answer_without_pc_id_is_heard_and_no_request_names_one() {
    for id in [None, Some(json!(null)), Some(json!(""))] {
        let (offers, patches) = offers_of(Changes::answer(move |answer| {
            answer.as_object_mut().expect("it is an object").remove("pc_id");
            if let Some(id) = &id {
                answer["pc_id"] = id.clone();
            }
        }))
        .await;
        assert_eq!((offers, patches), (vec![(json!(null), json!(false)); 2], Vec::new()));
    }
}

#[tokio::test]
async fn a_pc_id_that_is_a_number_is_taken_as_its_text() {
    let (offers, patches) = offers_of(Changes::answer(|answer| answer["pc_id"] = json!(7))).await;
    assert_eq!(offers, [(json!(null), json!(false)), (json!("7"), json!(true))]);
    assert!(patches.iter().all(|id| *id == json!("7")), "{patches:?}");
}

#[tokio::test]
async fn an_answer_without_type_is_heard() {
    is_heard(Changes::answer(|answer| {
        answer.as_object_mut().expect("it is an object").remove("type");
    }))
    .await;
}

#[tokio::test]
async fn an_answer_whose_type_is_in_another_case_and_that_says_more_is_heard() {
    is_heard(Changes::answer(|answer| {
        answer["type"] = json!("ANSWER");
        answer["iceServers"] = json!([]);
        answer["connectionType"] = json!(null);
    }))
    .await;
}

#[tokio::test]
async fn a_server_without_a_common_cipher_is_not_one_with_a_wrong_certificate() {
    let bot = Bot::with_flags(&["--ciphers", FOREIGN_CIPHER], Changes::default()).await;
    let error = refused(&bot).await;
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed, "{error}");
    assert!(
        error.message().contains("the DTLS handshake failed: this client gave up with alert 71"),
        "{error}"
    );
}

/// The same with reversed roles: the server aborts, and the error names its alert.
#[tokio::test]
async fn a_server_that_refuses_our_ciphers_is_not_one_with_a_wrong_certificate() {
    let changes = Changes::default().and_requests(|offer| {
        if let Some(sdp) = offer["sdp"].as_str() {
            offer["sdp"] = sdp.replace("a=setup:actpass", "a=setup:active").into();
        }
    });
    let bot = Bot::with_flags(&["--ciphers", FOREIGN_CIPHER], changes).await;
    let error = refused(&bot).await;
    assert_eq!(error.kind(), ErrorKind::ConnectionFailed, "{error}");
    assert!(
        error.message().contains("the DTLS handshake failed: the server gave up with alert 40"),
        "{error}"
    );
}

fn with_video(section_text: &'static str) -> Changes {
    Changes::sdp(move |sdp| section(sdp, "video", |_| section_text.to_owned()))
}

#[tokio::test]
async fn a_refused_section_without_codecs_is_heard() {
    is_heard(with_video("m=video 0 UDP/TLS/RTP/SAVPF 96\r\n")).await;
}

#[tokio::test]
async fn a_refused_section_with_odd_formats_is_heard() {
    is_heard(with_video(
        "m=video 0 RTP/AVP 126 x 300\r\na=mid:1\r\na=rtpmap:126 H265/90000\r\na=inactive\r\n",
    ))
    .await;
}

#[tokio::test]
async fn a_refused_section_that_says_nothing_is_heard() {
    is_heard(with_video("m=video 0 UDP/TLS/RTP/SAVPF 0\r\n")).await;
}

#[tokio::test]
async fn an_accepted_section_with_unknown_formats_is_heard() {
    is_heard(with_video("m=video 9 UDP/TLS/RTP/SAVPF 126 127\r\na=mid:1\r\na=sendonly\r\na=msid:a b\r\n"))
        .await;
}

#[tokio::test]
async fn refused_audio_is_an_error_that_says_so() {
    let changes =
        Changes::sdp(|sdp| section(sdp, "audio", |_| "m=audio 0 UDP/TLS/RTP/SAVPF 0\r\n".to_owned()));
    let error = refused(&Bot::start(changes).await).await;
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.message().contains("it accepts no audio"), "{error}");
}

#[tokio::test]
async fn a_refused_data_channel_is_an_error_that_says_so() {
    let changes = Changes::sdp(|sdp| {
        section(sdp, "application", |_| "m=application 0 UDP/DTLS/SCTP webrtc-datachannel\r\n".to_owned())
    });
    let error = refused(&Bot::start(changes).await).await;
    assert_eq!(error.kind(), ErrorKind::Protocol);
    assert!(error.message().contains("it accepts no data channel"), "{error}");
}

#[tokio::test]
async fn an_answer_with_fewer_or_more_sections_is_an_error_that_says_so() {
    for (video, said) in [
        ("", "it has 2 sections, but the offer has 3"),
        ("m=video 0 X 0\r\nm=video 0 X 0\r\n", "it has 4 sections, but the offer has 3"),
        ("m=text 0 X 0\r\n", "it has 'text' where the offer has 'video'"),
    ] {
        let error = refused(&Bot::start(with_video(video)).await).await;
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert!(error.message().contains(said), "{error}");
    }
}
