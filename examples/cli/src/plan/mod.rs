//! The steps of a session, from a script or from options.
//!
//! Values; the executor in [`crate::talk`] executes them.

mod flags;
mod matching;
pub(crate) mod script;

use std::time::Duration;

use serde_json::Value;

pub(crate) use flags::from_flags;
pub(crate) use matching::contains;

use rtvi_core::protocol::SendTextOptions;

/// The steps of a session.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// Decides what a failed call means and when the plan ends early.
    pub(crate) origin: Origin,
    /// How long after bot-ready the plan ends, even if steps remain.
    pub(crate) duration: Option<Duration>,
}

/// Where a plan comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// From options: ends with the session, and every request must succeed.
    Flags,
    /// From a script: runs to its end; calls may fail, but awaited events must arrive.
    Script,
}

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Step {
    /// A call of the client. If it runs in the background, the next step begins at once.
    Call { call: Call, background: bool },
    /// Wait for an event.
    WaitFor(WaitFor),
    /// Wait.
    Sleep(Duration),
    /// Wait until the microphone's audio has been sent and the bot has been silent for this long.
    Settle(Duration),
    /// Wait until something else ends the session.
    Stay,
}

impl Step {
    /// A call that the plan waits for.
    pub(crate) const fn call(call: Call) -> Self {
        Self::Call { call, background: false }
    }
}

/// A call of the client.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Call {
    InitDevices,
    StartBot,
    Connect,
    StartBotAndConnect,
    SendText { content: String, options: SendTextOptions },
    SendClientMessage { t: String, data: Option<Value> },
    SendClientRequest { t: String, data: Option<Value>, timeout: Option<Duration> },
    SendDtmf { keys: String },
    EnableMic { enable: bool },
    EnableCam { enable: bool },
    EnableScreenShare { enable: bool },
    PressToTalk,
    ReleaseToTalk,
    UpdateMic { device_id: String },
    UpdateSpeaker { device_id: String },
    UpdateCam { device_id: String },
    DisconnectBot,
    Disconnect,
}

impl Call {
    /// Its name in scripts and in the JSON log.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::InitDevices => "initDevices",
            Self::StartBot => "startBot",
            Self::Connect => "connect",
            Self::StartBotAndConnect => "startBotAndConnect",
            Self::SendText { .. } => "sendText",
            Self::SendClientMessage { .. } => "sendClientMessage",
            Self::SendClientRequest { .. } => "sendClientRequest",
            Self::SendDtmf { .. } => "sendDtmf",
            Self::EnableMic { .. } => "enableMic",
            Self::EnableCam { .. } => "enableCam",
            Self::EnableScreenShare { .. } => "enableScreenShare",
            Self::PressToTalk => "pressToTalk",
            Self::ReleaseToTalk => "releaseToTalk",
            Self::UpdateMic { .. } => "updateMic",
            Self::UpdateSpeaker { .. } => "updateSpeaker",
            Self::UpdateCam { .. } => "updateCam",
            Self::DisconnectBot => "disconnectBot",
            Self::Disconnect => "disconnect",
        }
    }

    /// Whether it is part of connecting to a ready bot.
    pub(crate) const fn is_connecting(&self) -> bool {
        matches!(self, Self::InitDevices | Self::StartBot | Self::Connect | Self::StartBotAndConnect)
    }
}

/// An event to wait for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WaitFor {
    /// Its name.
    pub(crate) event: String,
    /// What its data must contain; anything if `None`.
    pub(crate) matching: Option<Value>,
    /// The time limit.
    pub(crate) timeout: Duration,
}

impl WaitFor {
    /// Whether an event matches.
    pub(crate) fn accepts(&self, name: &str, data: Option<&Value>) -> bool {
        let fits = |wanted: &Value| contains(data.unwrap_or(&Value::Null), wanted);
        name == self.event && self.matching.as_ref().is_none_or(fits)
    }
}
