//! Opening a connection to servers that answer offers, well or badly. No peer is behind the
//! answers: how a call goes on is tested against real servers.

use std::{
    net::SocketAddr,
    sync::atomic::{AtomicUsize, Ordering},
};

use futures_util::FutureExt;
use serde_json::{Value, json};
use tokio::{
    io::AsyncWriteExt,
    net::{TcpListener, UdpSocket},
    sync::mpsc,
    time::{Instant, timeout},
};
use tokio_util::sync::CancellationToken;

use super::*;
use crate::{
    media::{OpusOptions, Playout},
    transport::{
        CloseReason, ConnectParams, Cookies, TlsOptions, TransportCommand, TransportEvent,
        rtc::stun,
        test_servers::{answer, listen, read_request},
    },
};

/// An answer as Pipecat gives it, of a peer that does not exist.
const ANSWER: &str = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\na=msid-semantic:WMS *\r\n\
    m=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=sendrecv\r\na=mid:0\r\na=rtcp-mux\r\n\
    a=rtpmap:111 opus/48000/2\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\n\
    a=fingerprint:sha-256 \
    11:22:33:44:55:66:77:88:99:00:AA:BB:CC:DD:EE:FF:11:22:33:44:55:66:77:88:99:00:AA:BB:CC:DD:EE:FF\r\n\
    a=setup:active\r\n\
    m=video 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=inactive\r\na=mid:1\r\na=rtcp-mux\r\na=rtpmap:96 VP8/90000\r\n\
    a=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\na=fingerprint:sha-256 \
    11:22:33:44:55:66:77:88:99:00:AA:BB:CC:DD:EE:FF:11:22:33:44:55:66:77:88:99:00:AA:BB:CC:DD:EE:FF\r\na=setup:active\r\n\
    m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\na=mid:2\r\na=sctp-port:5000\r\n\
    a=max-message-size:65536\r\na=ice-ufrag:abcd\r\na=ice-pwd:abcdefghijklmnopqrstuv\r\na=fingerprint:sha-256 \
    11:22:33:44:55:66:77:88:99:00:AA:BB:CC:DD:EE:FF:11:22:33:44:55:66:77:88:99:00:AA:BB:CC:DD:EE:FF\r\na=setup:active\r\n";

/// A server that answers each offer with the same SDP and a new name, and the bodies of the
/// requests it gets.
async fn server(sdp: &'static str) -> (SocketAddr, mpsc::Receiver<Value>) {
    let (sender, requests) = mpsc::channel(16);
    let count = Arc::new(AtomicUsize::new(0));
    let address = listen(move |mut stream| {
        let (sender, count) = (sender.clone(), Arc::clone(&count));
        async move {
            let request = read_request(&mut stream).await;
            let body: Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
            let name = format!("pc{}", count.fetch_add(1, Ordering::Relaxed));
            let given = json!({"sdp": sdp, "type": "answer", "pc_id": name}).to_string();
            let _ = sender.send(body).await;
            let _ = stream.write_all(answer("200 OK", &given).as_bytes()).await;
        }
    })
    .await;
    (address, requests)
}

/// The client's ends of a connection that runs.
struct Client {
    commands: mpsc::Sender<TransportCommand>,
    _events: mpsc::Receiver<TransportEvent>,
    _mic: mpsc::Sender<crate::media::AudioFrame>,
    cancel: CancellationToken,
    task: tokio::task::JoinHandle<Closed>,
}

impl Client {
    fn open(factory: &SmallWebRtcTransport, address: SocketAddr, attempt: u32) -> Self {
        let endpoint = format!("http://{address}/api/offer");
        let params = ConnectParams::default().with("webrtcRequestParams", json!({"endpoint": endpoint}));
        let request = OpenRequest {
            params: &params,
            start: None,
            attempt,
            mic_enabled: true,
            cookies: &Cookies::default(),
            tls: &TlsOptions::default(),
            open_timeout: Duration::from_secs(15),
        };
        let transport = factory.create(request).unwrap();
        let (commands, command_rx) = mpsc::channel(4);
        let (event_tx, events) = mpsc::channel(4);
        let (mic, mic_rx) = mpsc::channel(4);
        let cancel = CancellationToken::new();
        let port = TransportPort {
            commands: command_rx,
            events: event_tx,
            mic: mic_rx,
            speaker: Arc::new(Playout::default()),
            cancel: cancel.clone(),
        };
        let task = tokio::spawn(transport.run(port));
        Self { commands, _events: events, _mic: mic, cancel, task }
    }

    async fn end(self) -> CloseReason {
        timeout(Duration::from_secs(10), self.task).await.expect("it ends").unwrap().reason
    }
}

/// Attributes by which a check says whether the sender decides on the path (RFC 8445 §7.1.3).
const CONTROLLED: u16 = 0x8029;
const CONTROLLING: u16 = 0x802A;

/// The next check of the client, and where it came from.
async fn next_check(server: &UdpSocket) -> (Vec<u8>, SocketAddr) {
    let mut buffer = [0; 1500];
    let received = timeout(Duration::from_secs(10), server.recv_from(&mut buffer)).await;
    let (length, source) = received.expect("the client goes on checking").unwrap();
    (buffer[..length].to_vec(), source)
}

#[tokio::test]
async fn a_check_of_somebody_else_does_not_change_who_decides() {
    let (server_end, stranger) = (udp().await, udp().await);
    let candidate =
        format!("a=candidate:1 1 udp 2130706431 {} typ host", spaced(server_end.local_addr().unwrap()));
    let (address, _requests) = server(Box::leak(format!("{ANSWER}{candidate}\r\n").into_boxed_str())).await;
    let client = Client::open(&SmallWebRtcTransport::default(), address, 0);
    let (_, of_client) = next_check(&server_end).await;
    let claim = [(stun::USERNAME, &b"somebody:else"[..]), (CONTROLLING, &[0xFF; 8])];
    stranger.send_to(&stun::message(1, 1, &claim), of_client).await.unwrap();
    // Those that were on their way already do not count.
    for _ in 0..20 {
        let (check, _) = next_check(&server_end).await;
        let check = stun::Message::read(&check).expect("nothing but checks comes before an answer");
        assert!(check.attribute(CONTROLLING).is_some() && check.attribute(CONTROLLED).is_none());
    }
    client.cancel.cancel();
    assert_eq!(client.end().await, CloseReason::Requested);
}

async fn udp() -> UdpSocket {
    UdpSocket::bind("127.0.0.1:0").await.unwrap()
}

/// Host and port as a candidate has them.
fn spaced(address: SocketAddr) -> String {
    format!("{} {}", address.ip(), address.port())
}

async fn failure(sdp: &'static str) -> Error {
    let (address, _requests) = server(sdp).await;
    match Client::open(&SmallWebRtcTransport::default(), address, 0).end().await {
        CloseReason::OpenFailed(error) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn answers_that_are_no_answers_fail_at_once() {
    for sdp in [
        "nonsense",
        "v=0\r\n",
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 opus/48000/2\r\na=fingerprint:x\r\nm=application 9\r\n",
        "v=0\r\nm=\r\nm=audio\r\na=\r\n",
    ] {
        let error = failure(sdp).await;
        assert_eq!(
            (error.kind(), error.phase()),
            (ErrorKind::Protocol, Some(crate::Phase::TransportOpen)),
            "{error}"
        );
    }
}

#[tokio::test]
async fn the_offer_has_its_sections_in_the_servers_order() {
    let (address, mut requests) = server(ANSWER).await;
    let client = Client::open(&SmallWebRtcTransport::default(), address, 0);
    let offer = requests.recv().await.unwrap();
    assert_eq!(
        (&offer["type"], &offer["pc_id"], &offer["restart_pc"]),
        (&json!("offer"), &json!(null), &json!(false))
    );
    let sdp = offer["sdp"].as_str().unwrap();
    let sections: Vec<_> =
        sdp.lines().filter_map(|line| line.strip_prefix("m=")?.split(' ').next()).collect();
    assert_eq!(sections, ["audio", "video", "application"]);
    assert!(sdp.contains("a=sendrecv") && sdp.contains("a=recvonly"), "{sdp}");
    assert!(sdp.contains("opus/48000/2") && sdp.contains("useinbandfec=1"), "{sdp}");
    client.cancel.cancel();
    assert_eq!(client.end().await, CloseReason::Requested);
}

#[tokio::test]
async fn a_reconnect_takes_the_place_of_the_lost_connection_and_a_new_session_does_not() {
    let (address, mut requests) = server(ANSWER).await;
    let factory = SmallWebRtcTransport::default();
    for (index, (attempt, pc_id, restart)) in
        [(0, json!(null), false), (1, json!("pc0"), true), (2, json!("pc1"), true), (0, json!(null), false)]
            .into_iter()
            .enumerate()
    {
        let client = Client::open(&factory, address, attempt);
        let offer = requests.recv().await.unwrap();
        assert_eq!((&offer["pc_id"], &offer["restart_pc"]), (&pc_id, &json!(restart)), "attempt {attempt}");
        let named = format!("pc{index}");
        while factory.recall(1, &url(address)).as_deref() != Some(&named) {
            tokio::task::yield_now().await;
        }
        client.commands.send(TransportCommand::Close).await.unwrap();
        assert_eq!(client.end().await, CloseReason::Requested);
    }
}

fn url(address: SocketAddr) -> Url {
    Url::parse(&format!("http://{address}/api/offer")).unwrap()
}

#[tokio::test]
async fn closing_does_not_wait_for_a_peer_that_never_comes() {
    let (address, mut requests) = server(ANSWER).await;
    let client = Client::open(&SmallWebRtcTransport::default(), address, 0);
    requests.recv().await.unwrap();
    let begin = Instant::now();
    client.commands.send(TransportCommand::Close).await.unwrap();
    assert_eq!(client.end().await, CloseReason::Requested);
    assert!(begin.elapsed() < Duration::from_secs(1));
}

#[test]
fn impossible_bit_rates_are_refused() {
    for bitrate in [0, 5_999, 510_001] {
        let opus = OpusOptions { bitrate, ..OpusOptions::default() };
        let options = SmallWebRtcTransportOptions { opus, ..SmallWebRtcTransportOptions::default() };
        let params = ConnectParams::default().with("webrtcUrl", "http://b/o");
        let request = OpenRequest {
            params: &params,
            start: None,
            attempt: 0,
            mic_enabled: true,
            cookies: &Cookies::default(),
            tls: &TlsOptions::default(),
            open_timeout: Duration::from_secs(15),
        };
        let error = SmallWebRtcTransport::new(options).create(request).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::InvalidTransportParams);
    }
}

#[test]
fn relay_only_needs_a_turn_server_that_can_be_used() {
    let params = ConnectParams::default().with("webrtcUrl", "http://b/o");
    let request = OpenRequest {
        params: &params,
        start: None,
        attempt: 0,
        mic_enabled: true,
        cookies: &Cookies::default(),
        tls: &TlsOptions::default(),
        open_timeout: Duration::from_secs(15),
    };
    for (url, credential, usable) in [
        ("stun:s", "p", false),
        ("turns:t?transport=udp", "p", false),
        ("turn:t", "", false),
        ("turns:t", "p", true),
        ("turn:t?transport=tcp", "p", true),
        ("turn:t:3478", "p", true),
        ("turn:t?transport=udp", "p", true),
    ] {
        let server = IceServer { username: "u".into(), credential: credential.into(), ..IceServer::new(url) };
        let options = SmallWebRtcTransportOptions {
            relay_only: true,
            ice_servers: vec![server],
            ..SmallWebRtcTransportOptions::default()
        };
        let error = SmallWebRtcTransport::new(options).create(request).err();
        assert_eq!(
            error.map(|error| error.kind()),
            (!usable).then_some(ErrorKind::InvalidTransportParams),
            "{url}"
        );
    }
}

#[test]
fn offers_without_encryption_stay_near() {
    let create = |tls: TlsOptions, url: &str| {
        let params = ConnectParams::default().with("webrtcRequestParams", json!({"endpoint": url}));
        let request = OpenRequest {
            params: &params,
            start: None,
            attempt: 0,
            mic_enabled: true,
            cookies: &Cookies::default(),
            tls: &TlsOptions::default(),
            open_timeout: Duration::from_secs(15),
        };
        let options =
            SmallWebRtcTransportOptions { tls: Some(tls), ..SmallWebRtcTransportOptions::default() };
        SmallWebRtcTransport::new(options).create(request).map(drop)
    };
    let error =
        create(TlsOptions::default(), "http://bot.example/api/offer?key=secret").expect_err("it is far away");
    assert_eq!(error.kind(), ErrorKind::Tls);
    assert!(error.message().starts_with("http://bot.example/api/offer is neither encrypted"), "{error}");
    create(TlsOptions::default().allow_plaintext(), "http://bot.example/api/offer")
        .expect("the app allows it");
    create(TlsOptions::default(), "http://10.0.0.1/api/offer").expect("it is near");
}

/// An attacker, or a server of another kind, may name any TCP port.
#[tokio::test]
async fn tcp_candidates_are_dialled_only_if_the_app_wants_it() {
    for ice_tcp in [false, true] {
        let (server_end, port) = (udp().await, TcpListener::bind("127.0.0.1:0").await.unwrap());
        let [tcp, udp] = [port.local_addr().unwrap(), server_end.local_addr().unwrap()].map(spaced);
        let candidates = format!(
            "a=candidate:1 1 tcp 2105458943 {tcp} typ host tcptype passive\r\n\
             a=candidate:2 1 udp 2130706431 {udp} typ host\r\n"
        );
        let (address, _requests) = server(Box::leak(format!("{ANSWER}{candidates}").into_boxed_str())).await;
        let options = SmallWebRtcTransportOptions { ice_tcp, ..SmallWebRtcTransportOptions::default() };
        let client = Client::open(&SmallWebRtcTransport::new(options), address, 0);
        if ice_tcp {
            timeout(Duration::from_secs(10), port.accept()).await.expect("it is dialled").unwrap();
        } else {
            // Both candidates were taken long ago.
            for _ in 0..10 {
                next_check(&server_end).await;
            }
            let accepted = port.accept().now_or_never();
            assert!(accepted.is_none(), "{accepted:?}");
        }
        client.cancel.cancel();
        assert_eq!(client.end().await, CloseReason::Requested);
    }
}
