//! What a machine remembers between two sessions: where a trace of the next one begins, and a replay of it.
//!
//! Pure.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    client::{DeviceState, ReconnectPolicy, Timeouts, TransportState},
    error::DeviceErrorKind,
    protocol::AboutData,
};

use super::{Alias, Aliases, Config, Epoch, Fault, Ids, Machine, Nanos, Size, devices::DeviceFacts};

/// A machine that is disconnected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Rest {
    deadlines: Limits,
    reconnect: Retries,
    disconnect_on_bot_disconnect: bool,
    /// The size of what the client says of itself.
    about: Size,
    /// How many options ask for something we can't do.
    unsupported: u8,
    mic_enabled: bool,
    devices_open: bool,
    /// How many connections were made.
    epoch: u32,
    /// How many messages were sent.
    sent: u32,
    mic: DeviceRest,
    speaker: DeviceRest,
}

/// [`Timeouts`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Limits {
    devices: Nanos,
    start: Nanos,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    open: Option<Nanos>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bot_ready: Option<Nanos>,
    function_call: Nanos,
}

/// [`ReconnectPolicy`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Retries {
    max_attempts: u32,
    first_delay: Nanos,
    max_delay: Nanos,
}

/// What is known of a device.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct DeviceRest {
    state: StateRest,
    reports: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<Fault>,
}

/// [`DeviceState`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum StateRest {
    Uninitialized,
    Initializing,
    Granted,
    Error { reason: DeviceErrorKind, message: Alias },
}

impl Machine {
    /// Whether it is disconnected.
    pub(crate) fn is_at_rest(&self) -> bool {
        self.state == TransportState::Disconnected
    }

    /// What it remembers when it is disconnected.
    pub(crate) fn rest(&self) -> Rest {
        let config = &self.config;
        Rest {
            deadlines: Limits::of(&config.deadlines),
            reconnect: Retries::of(config.reconnect),
            disconnect_on_bot_disconnect: config.disconnect_on_bot_disconnect,
            about: Size::of_json(&config.about),
            unsupported: u8::try_from(config.unsupported.len()).unwrap_or(u8::MAX),
            mic_enabled: self.mic_enabled,
            devices_open: self.devices_open,
            epoch: u32::try_from(self.epoch).unwrap_or(u32::MAX),
            sent: self.ids.given(),
            mic: DeviceRest::of(&self.media.mic, &self.mic, &config.aliases),
            speaker: DeviceRest::of(&self.media.speaker, &self.speaker, &config.aliases),
        }
    }

    /// A machine that is disconnected and remembers this.
    pub(crate) fn resume(rest: &Rest) -> Self {
        let mut machine = Self::new(rest.config());
        machine.devices_open = rest.devices_open;
        machine.epoch = Epoch::from(rest.epoch);
        machine.ids = Ids::new(0).after(rest.sent);
        machine.media.mic = rest.mic.state.state();
        machine.media.speaker = rest.speaker.state.state();
        machine.mic = rest.mic.capabilities();
        machine.speaker = rest.speaker.capabilities();
        machine
    }
}

impl Rest {
    fn config(&self) -> Config {
        let nothing = AboutData::default();
        let library = self.about.text_beside(Size::of_json(&nothing).bytes());
        Config {
            deadlines: self.deadlines.deadlines(),
            reconnect: self.reconnect.policy(),
            disconnect_on_bot_disconnect: self.disconnect_on_bot_disconnect,
            about: AboutData { library, ..nothing },
            mic_enabled: self.mic_enabled,
            unsupported: vec!["a feature"; self.unsupported.into()],
            id_seed: 0,
            aliases: Aliases::Kept,
        }
    }
}

impl Limits {
    fn of(deadlines: &Timeouts) -> Self {
        Self {
            devices: deadlines.devices.into(),
            start: deadlines.start.into(),
            open: deadlines.open.map(Into::into),
            bot_ready: deadlines.bot_ready.map(Into::into),
            function_call: deadlines.function_call.into(),
        }
    }

    fn deadlines(&self) -> Timeouts {
        Timeouts {
            devices: self.devices.into(),
            start: self.start.into(),
            open: self.open.map(Into::into),
            bot_ready: self.bot_ready.map(Into::into),
            function_call: self.function_call.into(),
        }
    }
}

impl Retries {
    fn of(policy: ReconnectPolicy) -> Self {
        Self {
            max_attempts: policy.max_attempts,
            first_delay: policy.first_delay.into(),
            max_delay: policy.max_delay.into(),
        }
    }

    fn policy(&self) -> ReconnectPolicy {
        ReconnectPolicy {
            max_attempts: self.max_attempts,
            first_delay: Duration::from(self.first_delay),
            max_delay: Duration::from(self.max_delay),
        }
    }
}

impl DeviceRest {
    fn of(state: &DeviceState, capabilities: &DeviceFacts, aliases: &Aliases) -> Self {
        Self {
            state: StateRest::of(state, aliases),
            reports: capabilities.reports,
            error: capabilities.error.as_ref().map(|error| Fault::of(error, aliases)),
        }
    }

    fn capabilities(&self) -> DeviceFacts {
        DeviceFacts { reports: self.reports, error: self.error.map(Fault::error) }
    }
}

impl StateRest {
    fn of(state: &DeviceState, aliases: &Aliases) -> Self {
        match state {
            DeviceState::Uninitialized => Self::Uninitialized,
            DeviceState::Initializing => Self::Initializing,
            DeviceState::Granted => Self::Granted,
            DeviceState::Error { reason, message } => {
                Self::Error { reason: *reason, message: aliases.of(message) }
            }
        }
    }

    fn state(&self) -> DeviceState {
        match self {
            Self::Uninitialized => DeviceState::Uninitialized,
            Self::Initializing => DeviceState::Initializing,
            Self::Granted => DeviceState::Granted,
            Self::Error { reason, message } => {
                DeviceState::Error { reason: *reason, message: message.to_string() }
            }
        }
    }
}
