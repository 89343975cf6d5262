//! A server that refuses every request and repeats its secrets in the answer.

use std::net::SocketAddr;

use rtvi_core::{ApiRequest, ConnectParams, Error, PipecatClient};
use serde_json::{Value, json};
use tokio::{
    io::{self, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use crate::SECRET;

/// The headers that it repeats.
const REPEATED: [&str; 2] = ["authorization", "x-key"];
/// The positions of the app's data in a body, which it repeats.
const DATA: [&str; 2] = ["/key", "/requestData/key"];

/// The server's address; it ends with its runtime.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parrot(SocketAddr);

impl Parrot {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                // The client may close whenever it has seen enough.
                tokio::spawn(async move { drop(refuse(client).await) });
            }
        });
        Self(address)
    }

    /// The errors of all calls that the server can refuse.
    pub(crate) async fn refusals(self, client: &PipecatClient) -> Vec<Error> {
        let data = json!({"key": format!("{SECRET}-data-of-many-letters")});
        let start = ApiRequest::new(self.url("http"))
            .with_header("authorization", format!("Bearer {SECRET}-bearer"))
            .with_header("x-key", format!("{SECRET}-header"))
            .with_data(data.clone());
        let headers =
            json!({"authorization": format!("Bearer {SECRET}-bearer"), "x-key": format!("{SECRET}-header")});
        let websocket = ConnectParams::websocket(self.url("ws"))
            .with("token", format!("{SECRET}-token"))
            .with("headers", headers.clone());
        let offer = json!({"endpoint": self.url("http"), "headers": headers, "requestData": data});
        let webrtc = ConnectParams::default().with("webrtcRequestParams", offer);
        let refused = [
            client.start_bot(start).await.map(drop),
            client.connect(websocket).await.map(drop),
            client.connect(webrtc).await.map(drop),
        ];
        refused.map(|result| result.expect_err("everything is refused")).into()
    }

    fn url(self, scheme: &str) -> String {
        format!("{scheme}://{}/?query={SECRET}-a%2Bquery", self.0)
    }
}

async fn refuse(mut client: TcpStream) -> io::Result<()> {
    let (head, body) = read(&mut client).await?;
    let secrets = secrets(&head, &body);
    // The last secret is short enough for a code.
    let code = secrets.rsplit(' ').next();
    let body = json!({"detail": format!("Unknown: {secrets}"), "code": code}).to_string();
    let length = body.len();
    let head = format!("HTTP/1.1 401 No\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    client.write_all(&[head, body].concat().into_bytes()).await?;
    client.shutdown().await?;
    io::copy(&mut client, &mut io::sink()).await.map(drop)
}

/// A request's head and its JSON body, if it has one.
async fn read(client: &mut TcpStream) -> io::Result<(String, Value)> {
    let mut heard = Vec::new();
    loop {
        if client.read_buf(&mut heard).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let text = String::from_utf8_lossy(&heard);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = headers(head).find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
        let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
        if body.len() >= length {
            return Ok((head.to_owned(), serde_json::from_str(body).unwrap_or_default()));
        }
    }
}

fn headers(head: &str) -> impl Iterator<Item = (&str, &str)> {
    head.lines().filter_map(|line| line.split_once(": "))
}

/// The request's path with its query, the values of the headers, and the app's data.
fn secrets(head: &str, body: &Value) -> String {
    let path = head.split(' ').nth(1);
    let is_repeated = |name: &str| REPEATED.iter().any(|known| known.eq_ignore_ascii_case(name));
    let values = headers(head).filter(|(name, _)| is_repeated(name)).map(|(_, value)| value);
    let data = DATA.iter().filter_map(|place| body.pointer(place)).filter_map(Value::as_str);
    path.into_iter().chain(values).chain(data).collect::<Vec<_>>().join(" ")
}
