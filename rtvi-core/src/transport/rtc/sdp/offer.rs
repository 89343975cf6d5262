//! What is read of our own offer, and what the server may see of it. Pure text.

/// The name of the first section of our own offer.
pub(crate) fn first_mid(offer: &str) -> String {
    offer.lines().find_map(|line| line.trim_end().strip_prefix("a=mid:")).unwrap_or("0").to_owned()
}

/// The ICE user name fragment of our own offer.
pub(crate) fn ufrag(offer: &str) -> Option<&str> {
    offer.lines().find_map(|line| line.trim_end().strip_prefix("a=ice-ufrag:"))
}

/// A description or a candidate of ours as the other side may see it: without candidates on whose port nobody listens, and, if they are
/// to be hidden, without the addresses behind the others. Empty for a candidate that it may not see at all.
pub(crate) fn shown(text: &str, hides_addresses: bool) -> String {
    let lines: String = text.split_inclusive('\n').filter(|line| !is_passive(line)).collect();
    if hides_addresses { without_related_addresses(&lines) } else { lines }
}

/// Whether the candidate, or the line of it, is one of TCP (RFC 6544 §4.5).
pub(crate) fn is_tcp(candidate: &str) -> bool {
    candidate.split_ascii_whitespace().nth(2).is_some_and(|transport| transport.eq_ignore_ascii_case("tcp"))
}

/// Whether it is one of TCP that waits for the other side to connect.
fn is_passive(candidate: &str) -> bool {
    let mut words = candidate.split_ascii_whitespace().skip_while(|word| *word != "tcptype");
    is_tcp(candidate) && words.nth(1) == Some("passive")
}

/// The same text, an SDP or one candidate, without the addresses behind the candidates (RFC 8839 §5.1: both are zero where
/// they are to be kept private). A relayed candidate names there what the relay is to hide.
fn without_related_addresses(text: &str) -> String {
    let mut key = "";
    let words = text.split_inclusive([' ', '\r', '\n']).flat_map(|word| {
        let value = word.trim_end();
        let hidden = match key {
            _ if value.is_empty() => value,
            "raddr" if value.contains(':') => "::",
            "raddr" => "0.0.0.0",
            "rport" => "0",
            _ => value,
        };
        // What is between two spaces is no word; the end of a line ends what was begun.
        key = if !word.ends_with(' ') {
            ""
        } else if value.is_empty() {
            key
        } else {
            value
        };
        [hidden, word.get(value.len()..).unwrap_or_default()]
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_addresses_behind_candidates_are_hidden() {
        let text = "v=0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ relay raddr 10.0.0.7 rport 5000\r\n\
            a=candidate:2 1 udp 1 192.0.2.1 9 typ relay raddr 2001:db8::7 rport 5000 generation 0\na=x rport";
        let hidden = "v=0\r\na=candidate:1 1 udp 1 192.0.2.1 9 typ relay raddr 0.0.0.0 rport 0\r\n\
            a=candidate:2 1 udp 1 192.0.2.1 9 typ relay raddr :: rport 0 generation 0\na=x rport";
        assert_eq!(without_related_addresses(text), hidden);
        let plain = "v=0\r\na=mid:0\r\na=ice-ufrag:abcd\r\n";
        assert_eq!(without_related_addresses(plain), plain);
        assert_eq!(
            without_related_addresses("raddr  10.0.0.7  rport \r\na=b"),
            "raddr  0.0.0.0  rport \r\na=b"
        );
    }

    #[test]
    fn a_port_that_nobody_listens_on_is_not_shown() {
        let line = |what: &str| format!("a=candidate:1 1 {what}\r\n");
        let udp = line("udp 1 192.0.2.1 9 typ host");
        let active = line("tcp 1 192.0.2.1 9 typ host tcptype active");
        let passive = line("TCP 1 192.0.2.1 5000 typ host tcptype passive");
        let offer = ["v=0\r\na=setup:passive\r\n", &udp, &passive, &active].concat();
        assert_eq!(shown(&offer, false), ["v=0\r\na=setup:passive\r\n", &udp, &active].concat());
        assert_eq!(shown("candidate:1 1 tcp 1 192.0.2.1 5000 typ host tcptype passive", false), "");
        assert_eq!([&udp, &active, &passive].map(|line| is_tcp(line)), [false, true, true]);
        let relayed = line("udp 1 192.0.2.1 9 typ relay raddr 10.0.0.7 rport 5000");
        assert_eq!(shown(&relayed, true), without_related_addresses(&relayed));
        assert_eq!(shown(&relayed, false), relayed);
    }

    #[test]
    fn an_offers_names_are_found() {
        let offer = "v=0\r\nm=audio 9 X 111\r\na=ice-ufrag:abcd\r\na=mid:7\r\nm=video 9 X 96\r\na=mid:8\r\n";
        assert_eq!((first_mid(offer).as_str(), ufrag(offer)), ("7", Some("abcd")));
        assert_eq!((first_mid("v=0").as_str(), ufrag("v=0")), ("0", None));
    }
}
