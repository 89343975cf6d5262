//! The path to a server: name, TCP, TLS. Sends no request.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use rustls::{ClientConfig, pki_types::ServerName};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::{
    net::{TcpStream, lookup_host},
    time::timeout,
};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::{Broken, Failure, Finding, hints, report::Report};

/// Checks the path to the host of `url`, each step within `limit`.
pub(super) async fn examine(url: &Url, limit: Duration, report: &mut Report) -> Result<(), Broken> {
    let (host, port) = report.check("URL", async { host_and_port(url) }).await?;
    let addresses = report.check("name", within(limit, look_up(&host, port))).await?;
    let stream = report.check("TCP", within(limit, connect(&addresses))).await?;
    if matches!(url.scheme(), "https" | "wss") {
        report.check("TLS", within(limit, secure(&host, stream))).await?;
    }
    Ok(())
}

async fn within<T>(limit: Duration, step: impl Future<Output = Finding<T>>) -> Finding<T> {
    timeout(limit, step).await.unwrap_or_else(|_| {
        Err(Failure::new(format!("nothing happened within {} s", limit.as_secs_f64()), hints::UNREACHABLE))
    })
}

fn host_and_port(url: &Url) -> Finding<(String, u16)> {
    let host = match url.host() {
        Some(Host::Ipv6(address)) => address.to_string(),
        Some(host) => host.to_string(),
        None => String::new(),
    };
    match url.port_or_known_default() {
        Some(port) if !host.is_empty() => {
            let said = format!("{}, host {host}, port {port}", url.scheme());
            Ok(((host, port), said))
        }
        _ => Err(Failure::new("the URL names no host", "A URL looks like http://localhost:7860/start.")),
    }
}

async fn look_up(host: &str, port: u16) -> Finding<Vec<SocketAddr>> {
    let hint = "Is the name spelled right, and does this machine have a network and a name server?";
    let found: Vec<SocketAddr> = match lookup_host((host, port)).await {
        Ok(found) => found.collect(),
        Err(cause) => return Err(Failure::new(format!("{host} was not found: {cause}"), hint)),
    };
    if found.is_empty() {
        return Err(Failure::new(format!("{host} has no address"), hint));
    }
    let said = found.iter().map(|address| address.ip().to_string()).collect::<Vec<_>>().join(", ");
    Ok((found, said))
}

async fn connect(addresses: &[SocketAddr]) -> Finding<TcpStream> {
    let mut failures = Vec::new();
    for address in addresses {
        match TcpStream::connect(address).await {
            Ok(stream) => return Ok((stream, format!("connected to {address}"))),
            Err(cause) => failures.push((address, cause)),
        }
    }
    let refused = failures.iter().any(|(_, cause)| cause.kind() == std::io::ErrorKind::ConnectionRefused);
    let causes =
        failures.iter().map(|(address, cause)| format!("{address}: {cause}")).collect::<Vec<_>>().join("; ");
    Err(Failure::new(causes, if refused { hints::REFUSED } else { hints::UNREACHABLE }))
}

async fn secure(host: &str, stream: TcpStream) -> Finding<()> {
    let failed = |cause: String| Failure { hint: Some(hints::for_tls(&cause).to_owned()), cause };
    let config = client_config().map_err(|cause| failed(cause.to_string()))?;
    let name = ServerName::try_from(host.to_owned()).map_err(|cause| failed(cause.to_string()))?;
    let connected = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    let stream = connected.map_err(|cause| failed(cause.to_string()))?;
    let version =
        stream.get_ref().1.protocol_version().and_then(|version| version.as_str().map(str::to_owned));
    Ok(((), format!("{}, certificate trusted", version.unwrap_or_else(|| "secure".to_owned()))))
}

fn client_config() -> Result<ClientConfig, rustls::Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(builder.with_platform_verifier()?.with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(url: &str) -> Finding<(String, u16)> {
        host_and_port(&Url::parse(url).expect("a URL"))
    }

    #[test]
    fn hosts_and_ports_are_found() {
        for (url, host_there, port) in [
            ("ws://h:1/x", "h", 1),
            ("wss://h", "h", 443),
            ("http://127.0.0.1", "127.0.0.1", 80),
            ("ws://[::1]:7/", "::1", 7),
        ] {
            let found = host(url).map(|(found, _)| found);
            assert_eq!(found, Ok((host_there.to_owned(), port)), "{url}");
        }
    }

    #[tokio::test]
    async fn a_name_that_does_not_exist_is_named() {
        // Longer than any valid name, so that no name server is asked.
        let name = "x".repeat(300);
        let failure = look_up(&name, 1).await.expect_err("no such name");
        assert!(failure.cause.contains(&name) && failure.hint.is_some(), "{failure:?}");
    }

    #[tokio::test]
    async fn a_port_nobody_listens_on_is_refused() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        let failure = connect(&[address]).await.expect_err("nobody listens");
        assert_eq!(failure.hint.as_deref(), Some(hints::REFUSED));
    }
}
