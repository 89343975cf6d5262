//! Which addresses may be used without encryption: those on this machine or near it.
//!
//! Pure. Judges an address as written and never looks up a name. An attacker who can forge the
//! server's answers can also forge those of a name server.

use std::net::IpAddr;

use url::{Host, Url};

use crate::error::{Error, ErrorKind};

use super::address;

/// Whether the URL is for a protocol without TLS.
pub(super) fn is_plaintext(url: &Url) -> bool {
    matches!(url.scheme(), "ws" | "http")
}

/// Whether traffic to this URL stays on this machine or in a private network: loopback, private and
/// link-local addresses, `localhost`, names in `.local` (mDNS) and names without a dot. This is the
/// rule of Apple's `NSAllowsLocalNetworking`.
pub fn is_nearby(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => is_local_address(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_local_address(IpAddr::V6(address)),
        Some(Host::Domain(name)) => is_local_name(name),
        None => false,
    }
}

fn is_local_address(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local() || v4.is_unspecified(),
        IpAddr::V6(v6) => {
            v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local() || v6.is_unspecified()
        }
    }
}

fn is_local_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let last = name.rsplit('.').next().unwrap_or_default();
    !name.is_empty() && (last == name || matches!(last, "localhost" | "local"))
}

/// The error for a URL that is neither encrypted nor local.
pub(super) fn refusal(url: &Url) -> Error {
    let secure = if url.scheme() == "ws" { "wss" } else { "https" };
    let text = format!(
        "{} is neither encrypted nor on this machine or a private network: use {secure}, or allow plaintext in the TLS options",
        address::shown(url)
    );
    Error::new(ErrorKind::Tls, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_local_host(host: &str) -> bool {
        is_nearby(&Url::parse(&format!("ws://{host}:1/ws")).unwrap())
    }

    #[test]
    fn this_machine_and_private_networks_are_local() {
        for host in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.1.1",
            "[::1]",
            "[::]",
            "[fd00::1]",
            "[fe80::1]",
            "[::ffff:10.0.0.1]",
            "localhost",
            "bot.localhost",
            "LOCALHOST",
            "robot.local",
            "robot.local.",
            "bot",
        ] {
            assert!(is_local_host(host), "{host}");
        }
    }

    #[test]
    fn everything_else_is_not() {
        for host in [
            "8.8.8.8",
            "172.32.0.1",
            "192.169.1.1",
            "100.64.0.1",
            "[2001:db8::1]",
            "[::ffff:8.8.8.8]",
            "bot.example",
            "localhost.example",
            "local.example",
            "bot.notlocal",
            "bot.internal",
        ] {
            assert!(!is_local_host(host), "{host}");
        }
    }

    #[test]
    fn numbers_in_disguise_are_read_as_browsers_do() {
        assert!(is_local_host("2130706433"), "127.0.0.1");
        assert!(!is_local_host("134744072"), "8.8.8.8");
    }

    #[test]
    fn the_refusal_says_what_to_do_and_no_secret() {
        let error = refusal(&Url::parse("ws://me:secret@bot.example/ws?token=secret").unwrap());
        assert_eq!(error.kind(), ErrorKind::Tls);
        assert!(error.message().starts_with("ws://bot.example/ws is neither"), "{error}");
        assert!(error.message().contains("use wss") && !error.message().contains("secret"), "{error}");
        assert!(refusal(&Url::parse("http://bot.example/").unwrap()).message().contains("use https"));
    }
}
