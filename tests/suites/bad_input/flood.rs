//! Unsolicited packets to the port of a WebRTC call.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    time::Duration,
};

use rtvi_tests::{Session, misbehaving::Servers};
use serde_json::json;
use tokio::time::sleep;

/// The number of packets of each kind.
const PACKETS: usize = 10_000;
/// The number of packets before the client gets a moment to read them. More would only fill the
/// system's buffer.
const BURST: usize = 50;
/// The memory that the process may gain while 60 MB arrive. Other tests run in parallel.
const GROWTH: usize = 32 << 20;

/// The first bytes of each kind of packet; the rest is noise.
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
    let (everywhere, here) = own_addresses(&mut session).await;
    assert!(UdpSocket::bind(everywhere).is_err(), "the client has {everywhere}");
    let before = memory();
    for (kind, head) in KINDS {
        flood(here, head).await;
        let answer = session.client.send_client_request("get-language", None, None).await;
        assert_eq!(answer, Ok(Some(json!({"language": "en-US"}))), "after {kind}");
    }
    let growth = memory().saturating_sub(before);
    assert!(growth < GROWTH, "{growth} bytes more");
    let disturbed = session.names().into_iter().any(|name| name == "reconnecting" || name == "error");
    assert!(!disturbed, "{:?}", session.names());
    session.client.disconnect().await.expect("the client disconnects");
}

/// The addresses of the client's own sockets, as its statistics report them, and as they are
/// reached from here.
async fn own_addresses(session: &mut Session) -> (SocketAddr, SocketAddr) {
    let stats = session.wait_until("transportStats", |stats| stats["localCandidate"].is_string()).await;
    assert!(
        stats["remoteCandidate"].as_str().is_some_and(|candidate| candidate.starts_with("host ")),
        "{stats}"
    );
    let candidate = stats["localCandidate"].as_str().expect("it is a string");
    let address = candidate.rsplit(' ').next().and_then(|address| address.parse::<SocketAddr>().ok());
    let address = address.unwrap_or_else(|| panic!("an address in {candidate}"));
    // The two have separate sockets and ports.
    let [everywhere, here]: [IpAddr; 2] = match address {
        SocketAddr::V4(_) => [Ipv4Addr::UNSPECIFIED.into(), Ipv4Addr::LOCALHOST.into()],
        SocketAddr::V6(_) => [Ipv6Addr::UNSPECIFIED.into(), Ipv6Addr::LOCALHOST.into()],
    };
    ((everywhere, address.port()).into(), (here, address.port()).into())
}

async fn flood(to: SocketAddr, head: &[u8]) {
    let socket = UdpSocket::bind((to.ip(), 0)).expect("there is a free port");
    let mut noise = 1_u32;
    for number in 0..PACKETS {
        let mut packet = head.to_vec();
        packet.resize_with(1_000, || {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 24) as u8
        });
        // A full buffer loses the packet, as a network would.
        let _ = socket.send_to(&packet, to);
        if number % BURST == 0 {
            sleep(Duration::from_millis(1)).await;
        }
    }
}

/// The memory of this process; 0 if the system does not report it.
fn memory() -> usize {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = status.split_whitespace().nth(1).and_then(|pages| pages.parse::<usize>().ok());
    pages.unwrap_or_default() * 4_096
}
