//! Packets that nobody asked for, to the port of a WebRTC call.

use std::{net::UdpSocket, time::Duration};

use rtvi_tests::{Session, misbehaving::Servers};
use serde_json::json;
use tokio::time::sleep;

/// Packets of each kind.
const PACKETS: usize = 10_000;
/// How many go before the client gets a moment to look at them; more would only fill the system's buffer.
const BURST: usize = 50;
/// How much memory the process may have gained when 60 MB have come in. Other tests run beside it.
const GROWTH: usize = 32 << 20;

/// What a packet looks like at its beginning; the rest is noise.
const KINDS: &[(&str, &[u8])] = &[
    ("noise", &[]),
    ("RTP", &[0x80, 111, 0, 1, 0, 0, 0, 1, 1, 2, 3, 4]),
    ("RTCP", &[0x80, 200, 0, 6]),
    (
        "STUN",
        &[
            0, 1, 0, 8, 0x21, 0x12, 0xa4, 0x42, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 6, 0, 4, b'a',
            b':', b'b', b'c',
        ],
    ),
    ("DTLS hello", &[22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 4, 0, 1, 0, 3, 243, 0, 1]),
    ("DTLS data", &[23, 254, 253, 0, 1, 0, 0, 0, 0, 0, 9, 4, 0]),
];

#[tokio::test]
async fn a_call_goes_on_through_a_flood_of_packets() {
    let servers = Servers::start().await;
    let mut session = Session::new();
    session.client.connect(servers.good_offer()).await.expect("the client connects");
    let port = local_port(&mut session).await;
    assert!(UdpSocket::bind(("0.0.0.0", port)).is_err(), "the client has port {port}");
    let before = memory();
    for (kind, head) in KINDS {
        flood(port, head).await;
        let answer = session.client.send_client_request("get-language", None, None).await;
        assert_eq!(answer, Ok(Some(json!({"language": "en-US"}))), "after {kind}");
    }
    let growth = memory().saturating_sub(before);
    assert!(growth < GROWTH, "{growth} bytes more");
    let disturbed = session.names().into_iter().any(|name| name == "reconnecting" || name == "error");
    assert!(!disturbed, "{:?}", session.names());
    session.client.disconnect().await.expect("the client disconnects");
}

/// The client's own port, as its statistics tell.
async fn local_port(session: &mut Session) -> u16 {
    let stats = session.wait_until("transportStats", |stats| stats["localCandidate"].is_string()).await;
    assert!(
        stats["remoteCandidate"].as_str().is_some_and(|candidate| candidate.starts_with("host ")),
        "{stats}"
    );
    let candidate = stats["localCandidate"].as_str().expect("it is a string");
    let port = candidate.rsplit(':').next().and_then(|port| port.parse().ok());
    port.unwrap_or_else(|| panic!("a port in {candidate}"))
}

async fn flood(port: u16, head: &[u8]) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("there is a free port");
    let mut noise = 1_u32;
    for number in 0..PACKETS {
        let mut packet = head.to_vec();
        packet.resize_with(1_000, || {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 24) as u8
        });
        // A full buffer loses it, as a network would.
        let _ = socket.send_to(&packet, ("127.0.0.1", port));
        if number % BURST == 0 {
            sleep(Duration::from_millis(1)).await;
        }
    }
}

/// The memory of this process; 0 where the system does not tell.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status.split_whitespace().nth(1).and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or_default() * 4_096
}
