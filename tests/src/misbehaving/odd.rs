//! A server that answers oddly, as the path of the request says.
//!
//! Writes raw bytes, so that it can break every rule.

use std::{future::pending, net::SocketAddr, time::Duration};

use tokio::{
    io::{self, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    time::sleep,
};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use super::bomb;

/// The time between the pieces of endless data.
const PAUSE: Duration = Duration::from_millis(20);
/// The time per byte of slow data.
const SLOW_BYTE: Duration = Duration::from_secs(1);

/// Starts it.
pub(super) async fn start() -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
    let address = listener.local_addr().expect("it has an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream));
        }
    });
    address
}

/// Reads a request and answers it.
pub(super) async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin) {
    // The client may close whenever it has seen enough.
    let _ = respond(&mut stream).await;
}

async fn respond(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<()> {
    let request = read_head(stream).await?;
    let path = request.split(' ').nth(1).unwrap_or_default();
    let path = path.split('?').next().unwrap_or_default();
    // Clients of LiveKit ask below the URL that they know.
    let path = path.trim_end_matches("/v1").trim_end_matches("/rtc");
    match path.strip_prefix("/ws/") {
        Some("wrong-key") => stream.write_all(upgrade("c2VjcmV0").as_bytes()).await?,
        Some(what) => {
            let key = header(&request, "sec-websocket-key").unwrap_or_default();
            stream.write_all(upgrade(&derive_accept_key(key.as_bytes())).as_bytes()).await?;
            return misframe(stream, what).await;
        }
        None => {}
    }
    match path {
        "/silent" => pending().await,
        "/slow" => slowly(stream, &canned("/404")).await,
        "/bomb" => stream.write_all(&bomb::answer()).await,
        "/endless-head" => repeat(stream, b"HTTP/1.1 200 OK\r\n", b"x-more: and more\r\n").await,
        "/large-head" => {
            stream.write_all(&[b"HTTP/1.1 200 OK\r\n", &b"x: y\r\n".repeat(50_000)[..]].concat()).await
        }
        "/endless-body" => repeat(stream, b"HTTP/1.1 200 OK\r\n\r\n{\"wsUrl\":\"", b"and more").await,
        _ => stream.write_all(&canned(path)).await,
    }?;
    end(stream).await
}

/// Ends the stream and lets the client close first: unread data would turn the close into a reset.
async fn end(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<()> {
    stream.shutdown().await?;
    io::copy(stream, &mut io::sink()).await.map(drop)
}

/// A refused section, as written in JSON.
const REFUSED_VIDEO: &str = r"m=video 0 UDP/TLS/RTP/SAVPF 96\r\n";
/// Sections of an answer without the ICE attributes, as written in JSON.
const SECTIONS: &str = r"m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:0\r\na=rtpmap:111 opus/48000/2\r\na=fingerprint:sha-256 ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab:ab\r\nm=video 0 UDP/TLS/RTP/SAVPF 96\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:2\r\n";

/// An answer to a WebRTC offer with these sections.
fn sdp(sections: &str) -> String {
    format!(
        r#"{{"type":"answer","pc_id":"odd","sdp":"v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n{sections}"}}"#
    )
}

/// The complete answer for a path that needs only one; empty for an unknown path.
fn canned(path: &str) -> Vec<u8> {
    let answer = |status: &str, body: &str| {
        format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}", body.len())
    };
    let text = match path {
        "/not-http" => "SSH-2.0-OpenSSH_9.9\r\n".to_owned(),
        "/garbage" => "\u{1}\u{7f}\0".repeat(2_000),
        "/400" => answer("400 Bad Request", ""),
        "/404" => answer("404 Not Found", r#"{"detail":"no such bot"}"#),
        "/200" => answer("200 OK", "<html>Welcome</html>"),
        "/422" => answer(
            "422 Unprocessable Entity",
            r#"{"detail":[{"loc":["body","agent"],"msg":"Field required"}]}"#,
        ),
        "/429" => answer("429 Too Many Requests", r#"{"info":"all bots are busy","detail":"other"}"#),
        "/array" => answer("200 OK", r#"[{"wsUrl":"ws://x"}]"#),
        "/not-json" => answer("200 OK", "{\"wsUrl\": oops"),
        "/no-url" => answer("200 OK", r#"{"room":"7"}"#),
        "/wrong-type" => answer("200 OK", r#"{"wsUrl":7}"#),
        "/bad-url" => answer("200 OK", r#"{"wsUrl":"gopher://bot/?key=s3cret"}"#),
        "/bad-token" => answer("200 OK", r#"{"wsUrl":"ws://bot/","token":{"value":"s3cret"}}"#),
        "/no-sections" => answer("200 OK", &sdp("")),
        "/no-ice" => answer("200 OK", &sdp(SECTIONS)),
        "/old-hash" => answer("200 OK", &sdp(&SECTIONS.replace("sha-256", "sha-1"))),
        "/two-sections" => answer("200 OK", &sdp(&SECTIONS.replace(REFUSED_VIDEO, ""))),
        "/large-sdp" => answer("200 OK", &sdp(&"a=x\\r\\n".repeat(100_000))),
        "/large" => answer("200 OK", &format!("{{\"a\":\"{}\"}}", "x".repeat(2 << 20))),
        "/cut" => "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"wsUrl".to_owned(),
        "/to-file" => {
            "HTTP/1.1 302 Found\r\nlocation: file:///s3cret\r\ncontent-length: 0\r\n\r\n".to_owned()
        }
        "/to-nowhere" => "HTTP/1.1 302 Found\r\ncontent-length: 0\r\n\r\n".to_owned(),
        _ => String::new(),
    };
    text.into_bytes()
}

/// Breaks a rule on an open WebSocket.
async fn misframe(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), what: &str) -> io::Result<()> {
    match what {
        "reserved" => stream.write_all(&[0xf3, 0]).await?,
        "masked" => stream.write_all(&[0x82, 0x81, 1, 2, 3, 4, 5]).await?,
        "huge" => stream.write_all(&[0x82, 127, 0, 0, 1, 0, 0, 0, 0, 0]).await?,
        "not-utf8" => stream.write_all(&[0x81, 2, 0xff, 0xfe]).await?,
        "fragments" => return fragments(stream).await,
        "half" => stream.write_all(&[0x82, 100, 1]).await?,
        "gone" => return end(stream).await,
        "silent" => {}
        _ => return Ok(()),
    }
    if what == "half" {
        return end(stream).await;
    }
    // Stays open, so that the client reacts to these bytes first.
    io::copy(stream, &mut io::sink()).await.map(drop)
}

/// An endless message, in pieces of 64 KiB minus one byte.
async fn fragments(stream: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
    let piece = vec![b'x'; 0xffff];
    stream.write_all(&[0x02, 126, 0xff, 0xff]).await?;
    stream.write_all(&piece).await?;
    loop {
        stream.write_all(&[0x00, 126, 0xff, 0xff]).await?;
        stream.write_all(&piece).await?;
    }
}

/// Sends one byte a second.
async fn slowly(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> io::Result<()> {
    for byte in bytes {
        stream.write_u8(*byte).await?;
        stream.flush().await?;
        sleep(SLOW_BYTE).await;
    }
    Ok(())
}

async fn repeat(stream: &mut (impl AsyncWrite + Unpin), first: &[u8], then: &[u8]) -> io::Result<()> {
    stream.write_all(first).await?;
    loop {
        stream.write_all(then).await?;
        stream.flush().await?;
        sleep(PAUSE).await;
    }
}

fn upgrade(accept: &str) -> String {
    format!(
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: {accept}\r\n\r\n"
    )
}

/// Reads the request up to the empty line, and the part of its body that came with it.
async fn read_head(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<String> {
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let count = stream.read(&mut buffer).await?;
        if count == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        head.extend_from_slice(buffer.get(..count).unwrap_or_default());
        if head.first().is_some_and(|byte| !byte.is_ascii_alphabetic()) {
            // This is TLS, not HTTP; web servers answer it like this.
            return Ok("GET /400 HTTP/1.1".to_owned());
        }
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    let mut headers = request.lines().filter_map(|line| line.split_once(": "));
    headers.find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}
