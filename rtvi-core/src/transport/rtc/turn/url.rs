//! The URLs of STUN and TURN servers (RFC 7064, RFC 7065). Pure values.

use std::fmt;

use url::Host;

/// The port of `turn:` and `stun:`.
const PORT: u16 = 3478;
/// The port of `turns:`.
const SECURE_PORT: u16 = 5349;

/// How a TURN server is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Carrier {
    Udp,
    Tcp,
    Tls,
}

/// Where a TURN server is. Has no secret in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TurnUrl {
    pub(super) carrier: Carrier,
    pub(super) host: Host,
    pub(super) port: u16,
}

impl TurnUrl {
    /// Whether a text is meant as the URL of a TURN server, well written or not.
    pub(super) fn is_meant(text: &str) -> bool {
        scheme(text).is_some()
    }

    /// Reads `turn:host[:port][?transport=udp|tcp]` or `turns:host[:port][?transport=tcp]`.
    ///
    /// # Errors
    /// What is wrong with it, as the rest of a sentence that begins with the URL.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        let (secure, rest) = scheme(text).ok_or("is not the URL of a TURN server")?;
        let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
        let carrier = match (secure, query.to_ascii_lowercase().as_str()) {
            (false, "" | "transport=udp") => Carrier::Udp,
            (false, "transport=tcp") => Carrier::Tcp,
            (true, "" | "transport=tcp") => Carrier::Tls,
            (true, "transport=udp") => return Err("is TURN over DTLS, which is not supported"),
            _ => return Err("has a query other than 'transport=udp' or 'transport=tcp'"),
        };
        let (host, port) = authority(place, if secure { SECURE_PORT } else { PORT })?;
        Ok(Self { carrier, host, port })
    }

    /// The host without a copy of its name.
    pub(super) fn host(&self) -> Host<&str> {
        match &self.host {
            Host::Domain(name) => Host::Domain(name.as_str()),
            Host::Ipv4(address) => Host::Ipv4(*address),
            Host::Ipv6(address) => Host::Ipv6(*address),
        }
    }
}

impl fmt::Display for TurnUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (scheme, transport) = match self.carrier {
            Carrier::Udp => ("turn", "udp"),
            Carrier::Tcp => ("turn", "tcp"),
            Carrier::Tls => ("turns", "tcp"),
        };
        write!(f, "{scheme}:{}:{}?transport={transport}", self.host, self.port)
    }
}

/// Reads `stun:host[:port][?transport=udp]`, and writes it as the peer connection takes it. RFC 7064 has no query, but hosted services
/// give one.
///
/// # Errors
/// What is wrong with it, as the rest of a sentence that begins with the URL.
pub(super) fn stun(text: &str) -> Result<String, &'static str> {
    let (scheme, rest) = text.split_once(':').unwrap_or_default();
    match scheme.to_ascii_lowercase().as_str() {
        "stun" => {}
        "stuns" => return Err("is STUN over TLS, which is not supported"),
        _ => return Err("is neither a STUN nor a TURN server"),
    }
    let (place, query) = rest.split_once('?').unwrap_or((rest, ""));
    match query.to_ascii_lowercase().as_str() {
        "" | "transport=udp" => {}
        "transport=tcp" => return Err("is STUN over TCP, which is not supported"),
        _ => return Err("has a query other than 'transport=udp'"),
    }
    let (host, port) = authority(place, PORT)?;
    Ok(format!("stun:{host}:{port}"))
}

/// Host and port of a URL without its scheme and query.
fn authority(place: &str, default: u16) -> Result<(Host, u16), &'static str> {
    let (host, port) = split_port(place);
    let port = match port {
        None => Some(default),
        Some(port) => port.parse().ok().filter(|port| *port != 0),
    };
    let port = port.ok_or("has no valid port")?;
    let host = Host::parse(host).map_err(|_| "has no valid host name")?;
    Ok((host, port))
}

/// Whether it is `turns:`, and what follows the scheme.
fn scheme(text: &str) -> Option<(bool, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    match scheme.to_ascii_lowercase().as_str() {
        "turn" => Some((false, rest)),
        "turns" => Some((true, rest)),
        _ => None,
    }
}

/// Host and port; the colons of an IPv6 address are between brackets.
fn split_port(place: &str) -> (&str, Option<&str>) {
    match place.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (place, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_read_and_written() {
        for (text, written) in [
            ("turn:t.example", "turn:t.example:3478?transport=udp"),
            ("TURN:t.example:80?transport=UDP", "turn:t.example:80?transport=udp"),
            ("turn:192.0.2.1:80?transport=tcp", "turn:192.0.2.1:80?transport=tcp"),
            ("turns:t.example", "turns:t.example:5349?transport=tcp"),
            ("turns:[2001:db8::1]:443?transport=tcp", "turns:[2001:db8::1]:443?transport=tcp"),
            ("turn:[::1]", "turn:[::1]:3478?transport=udp"),
        ] {
            assert_eq!(TurnUrl::parse(text).unwrap().to_string(), written);
        }
    }

    #[test]
    fn stun_urls_are_read_with_the_query_that_services_give() {
        for (text, written) in [
            ("stun:s.example", "stun:s.example:3478"),
            ("STUN:s.example:80?transport=UDP", "stun:s.example:80"),
            ("stun:192.0.2.1:19302?transport=udp", "stun:192.0.2.1:19302"),
            ("stun:[2001:db8::1]:443", "stun:[2001:db8::1]:443"),
            ("stun:[::1]?", "stun:[::1]:3478"),
        ] {
            assert_eq!(stun(text).as_deref(), Ok(written), "{text}");
        }
        for (text, what) in [
            ("stuns:s.example", "over TLS"),
            ("stun:s?transport=tcp", "over TCP"),
            ("stun:s?transport=sctp", "query"),
            ("stun:s?x=1", "query"),
            ("stun:s:0", "port"),
            ("stun:s:70000", "port"),
            ("stun:s:", "port"),
            ("stun:", "host name"),
            ("stun://s:3478", "host name"),
            ("stun:user@s", "host name"),
            ("stun: s", "host name"),
            ("http://s", "neither"),
            ("s.example:3478", "neither"),
            ("", "neither"),
        ] {
            let error = stun(text).unwrap_err();
            assert!(error.contains(what), "{text}: {error}");
        }
    }

    #[test]
    fn what_can_not_be_used_is_said() {
        for (text, what) in [
            ("stun:t.example", "not the URL"),
            ("turn", "not the URL"),
            ("turns:t?transport=udp", "DTLS"),
            ("turn:t?transport=sctp", "query"),
            ("turn:t?x=1", "query"),
            ("turn:t:0", "port"),
            ("turn:t:70000", "port"),
            ("turn:t:", "port"),
            ("turn:", "host name"),
            ("turn://t", "host name"),
            ("turn:user@t", "host name"),
            ("turn:a b", "host name"),
            ("turn:::1", "host name"),
        ] {
            let error = TurnUrl::parse(text).unwrap_err();
            assert!(error.contains(what), "{text}: {error}");
        }
    }
}
