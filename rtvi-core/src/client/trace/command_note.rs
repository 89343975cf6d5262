//! A call of the app as a trace holds it.
//!
//! Pure. Must never hold a text of the app.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::{
    client::machine::{Command, Device, Nanos, Size},
    protocol::ClientMessage,
    transport::{ApiRequest, pipecat_cloud},
};

/// What the app asked for, in the order of [`Command`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "camelCase", rename_all_fields = "camelCase", deny_unknown_fields)]
pub(super) enum CommandNote {
    InitDevices,
    StartBot { request: RequestNote },
    Connect { params: ParamsNote },
    StartBotAndConnect { request: RequestNote },
    Disconnect,
    Send { wire_type: Cow<'static, str>, size: Size },
    Request { size: Size, timeout: Nanos },
    SessionRequest { timeout: Nanos },
    SendDtmf { keys: u16, valid: bool },
    AppendToContext { size: Size },
    EnableMic { enable: bool },
    SelectDevice { device: Device },
    FlushBotAudio,
    NetworkChanged,
}

/// [`ApiRequest`] without URL, headers and data.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RequestNote {
    https: bool,
    headers: u32,
    data: bool,
    pub(super) timeout: Option<Nanos>,
    /// Whether Pipecat Cloud is asked, or a server of its kind.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) cloud: bool,
}

/// Connect parameters by those of their keys that we know, and that have a value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ParamsNote {
    pub(super) keys: Vec<Cow<'static, str>>,
    /// How many other keys there are.
    pub(super) others: u32,
}

/// The keys of connect parameters that transports read.
const KEYS: [&str; 16] = [
    "wsUrl",
    "ws_url",
    "token",
    "headers",
    "sessionId",
    "session_id",
    "webrtcRequestParams",
    "webrtc_request_params",
    "webrtcUrl",
    "webrtc_url",
    "connectionUrl",
    "connection_url",
    "iceConfig",
    "ice_config",
    "dailyRoom",
    "dailyToken",
];

impl CommandNote {
    pub(super) fn of(command: &Command) -> Self {
        match command {
            Command::InitDevices => Self::InitDevices,
            Command::StartBot(request) => Self::StartBot { request: RequestNote::of(request) },
            Command::Connect(params) => Self::Connect { params: ParamsNote::of(params.as_object()) },
            Command::StartBotAndConnect(request) => {
                Self::StartBotAndConnect { request: RequestNote::of(request) }
            }
            Command::Disconnect => Self::Disconnect,
            Command::Send { message, .. } => {
                Self::Send { wire_type: message.wire_type().into(), size: Size::of_json(message) }
            }
            Command::Request { t, d, timeout } => {
                let message = ClientMessage::ClientMessage { t: t.clone(), d: d.clone() };
                Self::Request { size: Size::of_json(&message), timeout: (*timeout).into() }
            }
            Command::SessionRequest(asked) => Self::SessionRequest { timeout: asked.timeout.into() },
            Command::SendDtmf(keys) => Self::of_keys(keys),
            Command::AppendToContext(message) => Self::AppendToContext { size: Size::of_json(message) },
            Command::EnableMic(enable) => Self::EnableMic { enable: *enable },
            Command::SelectDevice { device, .. } => Self::SelectDevice { device: *device },
            Command::FlushBotAudio => Self::FlushBotAudio,
            Command::NetworkChanged => Self::NetworkChanged,
        }
    }

    /// How large the stand-ins are that a replay makes for it.
    pub(super) fn size(&self) -> Size {
        match self {
            Self::Send { size, .. } | Self::Request { size, .. } | Self::AppendToContext { size } => *size,
            _ => Size::default(),
        }
    }

    fn of_keys(keys: &str) -> Self {
        let valid = keys.bytes().all(|key| matches!(key, b'0'..=b'9' | b'*' | b'#'));
        Self::SendDtmf { keys: u16::try_from(keys.chars().count()).unwrap_or(u16::MAX), valid }
    }
}

impl RequestNote {
    fn of(request: &ApiRequest) -> Self {
        Self {
            https: request.endpoint.starts_with("https:"),
            headers: count(request.headers.len()),
            data: request.request_data.is_some(),
            timeout: request.timeout.map(Into::into),
            cloud: pipecat_cloud::agent(&request.endpoint).is_some(),
        }
    }
}

impl ParamsNote {
    pub(super) fn of(params: &Map<String, Value>) -> Self {
        let known = KEYS.into_iter().filter(|key| params.get(*key).is_some_and(has_value));
        let keys: Vec<Cow<'static, str>> = known.map(Cow::Borrowed).collect();
        let others = count(params.len() - keys.len());
        Self { keys, others }
    }
}

fn has_value(value: &Value) -> bool {
    !value.is_null() && value.as_str() != Some("")
}

/// How many there are.
pub(super) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}
