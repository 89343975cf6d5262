//! A server in front of a bot. It sees each request, and answers it, forwards it (possibly
//! changed), or kills the connection.

use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use rtvi_bot::{BotOptions, DemoBot};
use tokio::{
    io::{self, AsyncReadExt, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::watch,
};

/// A request as received.
#[derive(Clone, Debug)]
pub struct Request {
    /// The number of its connection, from 0.
    pub connection: usize,
    /// `GET`, for example.
    pub method: String,
    /// The path with the query.
    pub path: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    fn is_upgrade(&self) -> bool {
        self.header("upgrade").is_some()
    }

    /// The request to the bot, at this path.
    fn bytes(&self, path: &str) -> Vec<u8> {
        let mut head = format!("{} {path} HTTP/1.1\r\n", self.method);
        let kept = self
            .headers
            .iter()
            .filter(|(name, _)| self.is_upgrade() || !name.eq_ignore_ascii_case("connection"));
        kept.for_each(|(name, value)| head.push_str(&format!("{name}: {value}\r\n")));
        let end = if self.is_upgrade() { "\r\n" } else { "connection: close\r\n\r\n" };
        [head.as_bytes(), end.as_bytes(), &self.body].concat()
    }
}

/// What happens to a request.
#[derive(Debug)]
pub enum Verdict {
    /// The client receives these bytes; the connection stays open.
    Answer(Vec<u8>),
    /// The request goes to the bot at its own path.
    Pass,
    /// The request goes to the bot at this path.
    PassTo(String),
    /// The request goes to the bot; its answer, unless it is an upgrade, has one more header.
    PassWith(&'static str),
    /// The request goes to the bot; this function compresses its answer, and the header names the
    /// coding.
    PassPacked(&'static str, fn(&[u8]) -> Vec<u8>),
    /// The connection ends without an answer.
    Close,
}

type Judge = dyn Fn(&Request) -> Verdict + Send + Sync;

/// The running server; it ends with its runtime.
pub struct Front {
    bot: Option<DemoBot>,
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl std::fmt::Debug for Front {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Front").field("address", &self.address).finish_non_exhaustive()
    }
}

struct Shared {
    bot: SocketAddr,
    address: SocketAddr,
    judge: Box<Judge>,
    requests: Mutex<Vec<Request>>,
    /// Connections below this number are dead.
    dead_below: watch::Sender<usize>,
    connections: AtomicUsize,
    /// The bytes of requests on dead connections.
    wasted: AtomicUsize,
}

impl Front {
    /// Starts a demo bot and a server in front of it.
    ///
    /// # Panics
    /// If the bot does not start.
    pub async fn start(
        options: BotOptions,
        judge: impl Fn(&Request) -> Verdict + Send + Sync + 'static,
    ) -> Self {
        let bot = DemoBot::start(options).await.expect("the bot starts");
        let address = bot.address();
        Self { bot: Some(bot), ..Self::before(address, judge).await }
    }

    /// Starts a server in front of the server at this address.
    ///
    /// # Panics
    /// If there is no free port.
    pub async fn before(
        bot: SocketAddr,
        judge: impl Fn(&Request) -> Verdict + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
        let address = listener.local_addr().expect("it is bound");
        let shared = Arc::new(Shared {
            bot,
            address,
            judge: Box::new(judge),
            requests: Mutex::default(),
            dead_below: watch::Sender::new(0),
            connections: AtomicUsize::new(0),
            wasted: AtomicUsize::new(0),
        });
        let accepting = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let number = accepting.connections.fetch_add(1, Ordering::SeqCst);
                let shared = Arc::clone(&accepting);
                // The client may close whenever it has seen enough.
                tokio::spawn(async move { drop(shared.serve(client, number).await) });
            }
        });
        Self { bot: None, address, shared }
    }

    /// The demo bot behind it.
    ///
    /// # Panics
    /// If it is another server.
    pub const fn bot(&self) -> &DemoBot {
        self.bot.as_ref().expect("it was started with one")
    }

    /// The address for clients.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// A URL of this server: `scheme://…path`.
    pub fn url(&self, scheme: &str, path: &str) -> String {
        format!("{scheme}://{}{path}", self.address)
    }

    /// All requests so far.
    ///
    /// # Panics
    /// Never.
    pub fn requests(&self) -> Vec<Request> {
        self.shared.requests.lock().expect("no test panics here").clone()
    }

    /// From now on, all existing connections discard what arrives, and never end.
    pub fn swallow(&self) {
        self.shared.dead_below.send_replace(self.shared.connections.load(Ordering::SeqCst));
    }

    /// The number of bytes of HTTP requests on the discarding connections.
    pub fn wasted(&self) -> usize {
        self.shared.wasted.load(Ordering::SeqCst)
    }
}

impl Shared {
    async fn serve(&self, mut client: TcpStream, number: usize) -> io::Result<()> {
        client.set_nodelay(true)?;
        let mut buffer = Vec::new();
        while let Some(request) = self.read(&mut client, &mut buffer, number).await? {
            self.requests.lock().expect("no test panics here").push(request.clone());
            let path = request.path.clone();
            match (self.judge)(&request) {
                Verdict::Answer(bytes) => client.write_all(&bytes).await?,
                Verdict::Close => return Ok(()),
                Verdict::PassTo(path) if request.is_upgrade() => {
                    return self.join(client, &request, &path).await;
                }
                Verdict::PassTo(path) => {
                    client.write_all(&self.ask(&request, &path, "", as_it_is).await?).await?
                }
                _ if request.is_upgrade() => return self.join(client, &request, &path).await,
                Verdict::Pass => client.write_all(&self.ask(&request, &path, "", as_it_is).await?).await?,
                Verdict::PassWith(header) => {
                    client.write_all(&self.ask(&request, &path, header, as_it_is).await?).await?;
                }
                Verdict::PassPacked(header, pack) => {
                    client.write_all(&self.ask(&request, &path, header, pack).await?).await?;
                }
            }
        }
        Ok(())
    }

    fn is_dead(&self, number: usize) -> bool {
        number < *self.dead_below.borrow()
    }

    /// The next request; `None` if the client has closed the connection.
    async fn read(
        &self,
        client: &mut TcpStream,
        buffer: &mut Vec<u8>,
        number: usize,
    ) -> io::Result<Option<Request>> {
        loop {
            if let Some((request, length)) = parse(buffer, number) {
                buffer.drain(..length);
                return Ok(Some(request));
            }
            match client.read_buf(buffer).await? {
                0 => return Ok(None),
                count if self.is_dead(number) => {
                    self.wasted.fetch_add(count, Ordering::SeqCst);
                    buffer.clear();
                }
                _ => {}
            }
        }
    }

    /// Connects client and bot.
    async fn join(&self, mut client: TcpStream, request: &Request, path: &str) -> io::Result<()> {
        let mut bot = TcpStream::connect(self.bot).await?;
        bot.write_all(&request.bytes(path)).await?;
        let mut dead = self.dead_below.subscribe();
        tokio::select! {
            passed = copy_bidirectional(&mut client, &mut bot) => passed.map(drop),
            () = async { drop(dead.wait_for(|below| request.connection < *below).await) } => {
                io::copy(&mut client, &mut io::sink()).await.map(drop)
            }
        }
    }

    /// The bot's answer, with another header, compressed.
    async fn ask(
        &self,
        request: &Request,
        path: &str,
        header: &str,
        pack: fn(&[u8]) -> Vec<u8>,
    ) -> io::Result<Vec<u8>> {
        let mut bot = TcpStream::connect(self.bot).await?;
        bot.write_all(&request.bytes(path)).await?;
        let mut answer = Vec::new();
        bot.read_to_end(&mut answer).await?;
        let text = String::from_utf8(answer).map_err(io::Error::other)?;
        let (head, body) = text.split_once("\r\n\r\n").ok_or_else(|| io::Error::other("no answer"))?;
        // Bots name themselves in their answers.
        let name = format!("localhost:{}", self.bot.port());
        let body = body.replace(&self.bot.to_string(), &name).replace(&name, &self.address.to_string());
        let body = pack(body.as_bytes());
        let status = head.lines().next().unwrap_or_default();
        let mut head =
            format!("{status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n", body.len());
        if !header.is_empty() {
            head.push_str(&format!("{header}\r\n"));
        }
        Ok([head.as_bytes(), b"\r\n", &body].concat())
    }
}

/// The first request in the buffer, if it is complete, and its length.
fn parse(buffer: &[u8], connection: usize) -> Option<(Request, usize)> {
    let end = buffer.windows(4).position(|end| end == b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(buffer.get(..end)?).into_owned();
    let mut lines = head.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let headers = lines.filter_map(|line| line.split_once(": "));
    let headers: Vec<_> = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut request = Request { connection, method, path, headers, body: Vec::new() };
    let length = request.header("content-length").map_or(0, |length| length.parse().expect("a number"));
    let all = end + 4 + length;
    request.body = buffer.get(end + 4..all)?.to_vec();
    Some((request, all))
}

fn as_it_is(body: &[u8]) -> Vec<u8> {
    body.to_vec()
}

/// A complete answer that leaves the connection open.
pub fn answer(status: &str, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len());
    headers.iter().for_each(|header| head.push_str(&format!("{header}\r\n")));
    [head.as_bytes(), b"\r\n", body].concat()
}
