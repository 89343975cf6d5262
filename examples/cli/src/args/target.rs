//! Options that say where the bot is, and how to reach it.

use clap::{ArgGroup, Args};
use rtvi_core::{
    protocol::telephony::PhoneProvider,
    transport::{IceServer, TlsOptions},
};
use serde_json::{Map, Value};
use url::Url;

use crate::{
    cloud::AgentArgs,
    transport::{Choice, Kind},
    values,
};

use super::phone::{self, CallArgs};

/// Where the bot is.
#[derive(Clone, Debug, Args)]
#[command(group = ArgGroup::new("target").required(true).args(["start", "agent", "offer", "ws", "livekit"]))]
pub(crate) struct TargetArgs {
    /// Start endpoint: starts a bot and answers where to connect
    #[arg(long, value_name = "URL", value_parser = values::http_url)]
    pub(crate) start: Option<Url>,
    #[command(flatten)]
    pub(crate) agent: AgentArgs,
    /// Offer endpoint of a WebRTC bot, such as http://localhost:7860/api/offer
    #[arg(long, value_name = "URL", value_parser = values::http_url)]
    pub(crate) offer: Option<Url>,
    /// WebSocket of a bot that is already running
    #[arg(long, value_name = "URL", value_parser = values::ws_url)]
    pub(crate) ws: Option<Url>,
    /// LiveKit server with a room in which the bot is; --token is for the room
    #[arg(long, value_name = "URL", value_parser = values::any_url, requires = "token")]
    pub(crate) livekit: Option<Url>,
    /// Call the bot at --ws as this telephone provider does
    #[arg(long, value_name = "PROVIDER", value_parser = phone::provider(), requires = "ws", conflicts_with_all = ["start", "agent", "offer", "livekit"])]
    pub(crate) phone: Option<PhoneProvider>,
    #[command(flatten)]
    pub(crate) call: CallArgs,
    /// Header of the start request and of its session's offers, or of the requests of --offer or
    /// --ws; repeatable
    #[arg(long = "header", value_name = "K: V", value_parser = values::header, conflicts_with = "livekit")]
    pub(crate) headers: Vec<(String, String)>,
    /// JSON object for the body of the start request
    #[arg(long, value_name = "JSON|@FILE", value_parser = values::json_object, conflicts_with_all = ["offer", "ws", "livekit"])]
    pub(crate) data: Option<Map<String, Value>>,
    /// Token for the WebSocket or the LiveKit room; with --start, the endpoint's answer contains it
    #[arg(long, conflicts_with_all = ["start", "agent", "offer"])]
    pub(crate) token: Option<String>,
    /// Transport to request from the start endpoint and to use [default: the one in its answer]
    #[arg(long, value_enum, conflicts_with_all = ["offer", "ws", "livekit"])]
    pub(crate) transport: Option<Kind>,
    /// STUN or TURN server for WebRTC and LiveKit, as in turn:USER:PASSWORD@HOST:PORT; repeatable
    #[arg(long = "ice-server", value_name = "URL", value_parser = values::ice_server, conflicts_with = "ws")]
    pub(crate) ice_servers: Vec<IceServer>,
    /// Connect WebRTC and LiveKit through TURN servers only
    #[arg(long, conflicts_with = "ws")]
    pub(crate) relay_only: bool,
    /// Also talk without encryption (ws:// and http://) to servers outside this machine and private
    /// networks
    #[arg(long)]
    pub(crate) allow_plaintext: bool,
}

impl TargetArgs {
    /// A start endpoint, with all other options at their defaults.
    pub(crate) fn start(url: Url) -> Self {
        Self {
            start: Some(url),
            agent: AgentArgs::default(),
            offer: None,
            ws: None,
            livekit: None,
            phone: None,
            call: CallArgs::default(),
            headers: Vec::new(),
            data: None,
            token: None,
            transport: None,
            ice_servers: Vec::new(),
            relay_only: false,
            allow_plaintext: false,
        }
    }

    /// The target for people and reports: without query, name or password.
    pub(crate) fn shown(&self) -> String {
        let url = [&self.start, &self.offer, &self.ws, &self.livekit].into_iter().flatten().next();
        match (url, &self.agent.agent) {
            (Some(url), _) => {
                let origin = url.host_str().unwrap_or_default();
                let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
                format!("{}://{origin}{port}{}", url.scheme(), url.path())
            }
            (None, Some(agent)) => format!("agent {agent}"),
            (None, None) => String::new(),
        }
    }

    /// Whether a start endpoint starts the bot.
    pub(crate) const fn is_started(&self) -> bool {
        self.start.is_some() || self.agent.agent.is_some()
    }

    /// Which servers to trust, and where encryption is optional.
    pub(crate) fn tls(&self) -> TlsOptions {
        let tls = TlsOptions::default();
        if self.allow_plaintext { tls.allow_plaintext() } else { tls }
    }

    /// The options about transports.
    pub(crate) fn choice(&self) -> Choice {
        Choice {
            only: self.transport,
            ice_servers: self.ice_servers.clone(),
            relay_only: self.relay_only,
            phone: self.phone.map(|provider| self.call.options(provider, self.tls())),
            tls: self.tls(),
            shared: None,
        }
    }
}
