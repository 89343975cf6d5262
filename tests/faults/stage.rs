//! The servers of a cell: bots, with a gate and a network before one of them, on a runtime of their
//! own.

use std::{net::SocketAddr, time::Duration};

use rtvi_bot::{BotOptions, DemoBot};
use rtvi_core::ConnectParams;
use rtvi_tests::{
    BotProcess, Gate, Mode, Terminator,
    misbehaving::Servers,
    network::{Conditions, HostileNetwork},
    room_server::RoomServer,
};
use serde_json::json;
use tokio::{
    net::{TcpListener, TcpSocket, TcpStream},
    runtime::Runtime,
    time::{sleep, timeout},
};

use crate::{
    cell::{Cell, Over},
    names::{NAME, NameServer},
};

/// The arguments that start this program as a bot.
const ONE_BOT: [&str; 3] = ["--exact", "one_bot", "--nocapture"];

/// The names in a certificate.
const NAMES: [&str; 2] = ["127.0.0.1", NAME];
/// After this time a connection on this machine counts as swallowed.
const SWALLOWED: Duration = Duration::from_millis(300);
/// After this time the gate has reset its connections.
const RESET: Duration = Duration::from_millis(50);
/// How long the servers may take to end.
const END: Duration = Duration::from_secs(10);
/// Any number will do: no packet is lost by chance here.
const SEED: u64 = 1;

/// All servers of a cell.
#[derive(Debug)]
pub(crate) struct Stage {
    runtime: Runtime,
    servers: Servers,
    process: Option<BotProcess>,
    gate: Gate,
    /// Behind the gate, if the session uses TLS.
    front: Option<Front>,
    network: HostileNetwork,
    /// The gate before the network's signalling.
    signalling: Gate,
    names: Option<NameServer>,
    hole: Hole,
    mute: SocketAddr,
    reset: SocketAddr,
}

/// TLS in front of a bot, and a gate between them.
#[derive(Debug)]
struct Front {
    terminator: Terminator,
    inner: Gate,
}

/// A port that swallows connections: its queue is full, and nobody accepts them.
#[derive(Debug)]
struct Hole {
    address: SocketAddr,
    _listener: TcpListener,
    _queued: Vec<TcpStream>,
}

impl Stage {
    /// Starts the servers. The bot behind the gate and the network is a separate process if the
    /// fault needs one.
    pub(crate) fn build(cell: &Cell) -> Self {
        let over = cell.row.over;
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_keep_alive(Duration::ZERO)
            .enable_all()
            .build()
            .expect("there is room for a thread");
        let servers = runtime.block_on(Servers::start());
        let process = cell.row.fault.needs_process().then(|| start_process(&servers, over, 0));
        let near = servers.fill("http://{bot}");
        let is_secure = over == Over::SecureWebSocket;
        let url = process.as_ref().map_or(near.as_str(), BotProcess::http_url);
        // Connections to a process that speaks TLS are direct.
        let url = if is_secure { near.as_str() } else { url };
        let (gate, front, network, signalling, names, hole, mute, reset) = runtime.block_on(async {
            let front = if is_secure { Some(Front::start(&servers, address(url)).await) } else { None };
            let bot = front.as_ref().map_or(address(url), |front| front.terminator.address());
            let bot = if over == Over::LiveKit {
                RoomServer::start(socket_url(url) + &cell.row.fault.query(), []).await.address()
            } else {
                bot
            };
            let network = HostileNetwork::start(url, SEED, Conditions::default()).await;
            let to_network = address(network.url());
            (
                Gate::start(bot).await,
                front,
                network,
                Gate::start(to_network).await,
                NameServer::start().await,
                Hole::dig().await,
                unkind(false).await,
                unkind(true).await,
            )
        });
        Self { runtime, servers, process, gate, front, network, signalling, names, hole, mute, reset }
    }

    /// The gate before the bot.
    pub(crate) const fn gate(&self) -> &Gate {
        &self.gate
    }

    /// The gate behind TLS.
    pub(crate) fn inner_gate(&self) -> &Gate {
        &self.front().inner
    }

    /// From now on, new connections see a certificate that nobody trusts.
    pub(crate) fn lose_trust(&self) {
        self.front().terminator.show(self.servers.foreign_identity(&NAMES));
    }

    fn front(&self) -> &Front {
        self.front.as_ref().expect("the session goes over TLS")
    }

    /// The gate before the signalling of WebRTC.
    pub(crate) const fn signalling(&self) -> &Gate {
        &self.signalling
    }

    /// The name server.
    pub(crate) const fn names(&self) -> &NameServer {
        self.names.as_ref().expect("the fault is one of names")
    }

    /// The network before the bot.
    pub(crate) const fn network(&self) -> &HostileNetwork {
        &self.network
    }

    /// Whether the bot is a separate process.
    pub(crate) const fn has_process(&self) -> bool {
        self.process.is_some()
    }

    /// The bot's process.
    pub(crate) fn process(&mut self) -> &mut BotProcess {
        self.process.as_mut().expect("the fault is one of a process")
    }

    /// Kills the bot's process and starts it again on the same port.
    pub(crate) fn restart_process(&mut self, over: Over) {
        let process = self.process();
        let port = process.port();
        process.kill();
        self.process = Some(start_process(&self.servers, over, port));
    }

    /// A text with the addresses of the servers filled in, see [`Servers::fill`]. `{hole}` is a
    /// port that swallows connections, `{mute}` accepts them and never answers, `{reset}` resets
    /// them once it receives data, and `{named}` is the bot by its name.
    pub(crate) fn fill(&self, text: &str) -> String {
        let own = [("{hole}", self.hole.address), ("{mute}", self.mute), ("{reset}", self.reset)];
        let bot = self.servers.fill("{bot}");
        let named = bot.rsplit(':').next().map(|port| format!("{NAME}:{port}")).unwrap_or_default();
        let filled = self.servers.fill(&text.replace("{named}", &named));
        own.iter().fold(filled, |text, (name, address)| text.replace(name, &address.to_string()))
    }

    /// The certificate of the authority that clients should trust.
    pub(crate) fn authority(&self) -> Vec<u8> {
        self.servers.authority()
    }

    /// How to connect to the bot behind the gate and the network.
    pub(crate) fn bot(&self, over: Over) -> ConnectParams {
        params(over, &self.bot_url(over))
    }

    /// `http://HOST:PORT` of the bot behind the gate and the network, or `https:`. Connections to a
    /// process are direct, unless the bot is in a room.
    pub(crate) fn bot_url(&self, over: Over) -> String {
        let process = self.process.as_ref().filter(|_| over != Over::LiveKit);
        let process = process.map(|process| process.http_url().to_owned());
        let gate = match over {
            Over::WebSocket | Over::SecureWebSocket | Over::LiveKit => &self.gate,
            Over::WebRtc => &self.signalling,
        };
        process.unwrap_or_else(|| self.url(over, gate))
    }

    /// Loses the connection, and lets nothing through any more.
    pub(crate) async fn darken(&self) {
        self.gate.set(Mode::Reset);
        sleep(RESET).await;
        self.gate.set(Mode::Dark);
    }

    /// Starts another bot, which behaves well.
    pub(crate) async fn another_bot(&self) -> DemoBot {
        let bot = self.runtime.spawn(DemoBot::start(BotOptions::default())).await;
        bot.expect("nothing panics here").expect("there is a free port")
    }

    /// The URL of a gate, by its name if the name server knows it.
    fn url(&self, over: Over, gate: &Gate) -> String {
        let scheme = if over == Over::SecureWebSocket { "https" } else { "http" };
        let address = gate.address();
        match self.names {
            Some(_) => format!("{scheme}://{NAME}:{}", address.port()),
            None => format!("{scheme}://{address}"),
        }
    }

    /// How to connect to a bot that behaves well.
    pub(crate) fn good(&self, over: Over) -> ConnectParams {
        match over {
            Over::WebSocket | Over::SecureWebSocket => ConnectParams::websocket(self.servers.good_url()),
            Over::WebRtc => self.servers.good_offer(),
            Over::LiveKit => self.servers.good_room(),
        }
    }

    /// Stops all servers and waits until they are gone.
    pub(crate) fn strike_down(self) {
        let Self { runtime, servers, process, gate, front, signalling, network, hole, .. } = self;
        drop((process, gate, front, signalling));
        runtime.block_on(async { drop((servers, network, hole)) });
        runtime.shutdown_timeout(END);
    }
}

/// The address in `http://HOST:PORT`.
fn address(http_url: &str) -> SocketAddr {
    http_url.trim_start_matches("http://").parse().expect("it is an address")
}

/// How to connect to the bot at `http://HOST:PORT`.
pub(crate) fn params(over: Over, http_url: &str) -> ConnectParams {
    match over {
        Over::WebSocket | Over::SecureWebSocket => ConnectParams::websocket(socket_url(http_url)),
        Over::LiveKit => room(&http_url.replacen("http", "ws", 1)),
        Over::WebRtc => {
            let request = json!({"endpoint": format!("{http_url}/api/offer")});
            ConnectParams::default().with("webrtcRequestParams", request)
        }
    }
}

/// The WebSocket of the bot at `http://HOST:PORT`.
fn socket_url(http_url: &str) -> String {
    format!("{}/ws", http_url.replacen("http", "ws", 1))
}

/// How to connect to a bot in a room.
pub(crate) fn room(url: &str) -> ConnectParams {
    ConnectParams::default().with("url", url).with("token", "a-token-for-the-room")
}

/// A bot in a process of its own.
fn start_process(servers: &Servers, over: Over, port: u16) -> BotProcess {
    match over {
        Over::SecureWebSocket => BotProcess::start_secure(&ONE_BOT, port, &servers.identity(&NAMES)),
        Over::WebSocket | Over::WebRtc | Over::LiveKit => BotProcess::start(&ONE_BOT, port),
    }
}

impl Front {
    async fn start(servers: &Servers, bot: SocketAddr) -> Self {
        let inner = Gate::start(bot).await;
        let terminator = Terminator::start(servers.identity(&NAMES), inner.address(), 0).await;
        Self { terminator: terminator.expect("there is a free port"), inner }
    }
}

impl Hole {
    async fn dig() -> Self {
        let socket = TcpSocket::new_v4().expect("there is a network");
        socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).expect("there is a free port");
        let listener = socket.listen(0).expect("it can listen");
        let address = listener.local_addr().expect("it is bound");
        let mut queued = Vec::new();
        while let Ok(Ok(stream)) = timeout(SWALLOWED, TcpStream::connect(address)).await {
            queued.push(stream);
        }
        Self { address, _listener: listener, _queued: queued }
    }
}

/// A server that accepts connections. Once it receives data, it resets them or stays silent.
async fn unkind(resets: bool) -> SocketAddr {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("there is a free port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                // The client may leave before it sends anything.
                let _ = stream.peek(&mut [0]).await;
                if resets {
                    return stream.set_zero_linger();
                }
                std::future::pending().await
            });
        }
    });
    address
}
