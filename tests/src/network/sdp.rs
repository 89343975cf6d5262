//! Candidates in session descriptions: pure, text in, text out.
//!
//! Depends on nothing. Must never change any line but candidates.

use std::net::SocketAddr;

const CANDIDATE: &str = "a=candidate:";

/// The addresses of the UDP host candidates, except mDNS names.
pub(super) fn addresses(description: &str) -> Vec<SocketAddr> {
    description.lines().filter_map(|line| line.trim().strip_prefix(CANDIDATE)).filter_map(address).collect()
}

fn address(candidate: &str) -> Option<SocketAddr> {
    let fields: Vec<&str> = candidate.split_ascii_whitespace().collect();
    let [_, _, protocol, _, host, port, "typ", "host", ..] = fields[..] else {
        return None;
    };
    let is_udp = protocol.eq_ignore_ascii_case("udp");
    is_udp.then(|| Some(SocketAddr::new(host.parse().ok()?, port.parse().ok()?))).flatten()
}

/// The description with a single candidate instead of all its candidates, in every section.
pub(super) fn with_only(description: &str, address: SocketAddr) -> String {
    let (host, port) = (address.ip(), address.port());
    let candidate = format!("{CANDIDATE}1 1 udp 2130706431 {host} {port} typ host\r\n");
    let mut rewritten = String::with_capacity(description.len() + 4 * candidate.len());
    let mut is_in_media = false;
    for line in description.lines() {
        if line.starts_with(CANDIDATE) {
            continue;
        }
        if line.starts_with("m=") && is_in_media {
            rewritten.push_str(&candidate);
        }
        is_in_media |= line.starts_with("m=");
        rewritten.push_str(line);
        rewritten.push_str("\r\n");
    }
    if is_in_media {
        rewritten.push_str(&candidate);
    }
    rewritten
}

#[cfg(test)]
mod tests {
    use super::*;

    const DESCRIPTION: &str = "v=0\r\ns=-\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\n\
        a=candidate:1 1 udp 2122 192.0.2.7 5000 typ host generation 0\r\n\
        a=candidate:2 1 UDP 2122 2001:db8::7 5001 typ host\r\n\
        a=candidate:3 1 tcp 1518 192.0.2.7 9 typ host tcptype active\r\n\
        a=candidate:4 1 udp 1677 198.51.100.7 5002 typ srflx raddr 192.0.2.7 rport 5000\r\n\
        a=candidate:5 1 udp 2122 4b6f.local 5003 typ host\r\na=end-of-candidates\r\n\
        m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:1\r\n";

    #[test]
    fn only_host_candidates_for_udp_have_an_address() {
        let expected: [SocketAddr; 2] =
            ["192.0.2.7:5000".parse().unwrap(), "[2001:db8::7]:5001".parse().unwrap()];
        assert_eq!(addresses(DESCRIPTION), expected);
        assert!(addresses("a=candidate:\r\na=candidate:1 1 udp 1 host port typ host").is_empty());
    }

    #[test]
    fn every_part_gets_the_one_candidate_and_keeps_the_rest() {
        let relay: SocketAddr = "203.0.113.1:6000".parse().unwrap();
        let rewritten = with_only(DESCRIPTION, relay);
        assert_eq!(addresses(&rewritten), [relay, relay]);
        assert_eq!(rewritten.matches(CANDIDATE).count(), 2);
        for kept in ["a=end-of-candidates\r\n", "a=mid:0\r\n", "a=mid:1\r\n", "v=0\r\n"] {
            assert!(rewritten.contains(kept), "{rewritten}");
        }
    }
}
