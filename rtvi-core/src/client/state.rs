//! The ten states that every Pipecat client has.
//!
//! A value; only the state machine decides which state a client is in.

use std::fmt;

use serde::Serialize;

/// The state of a client, from disconnected to talking to a bot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "lowercase")]
pub enum TransportState {
    /// There is no session. This is the first and the last state.
    Disconnected,
    /// The microphone and speaker are being opened.
    Initializing,
    /// The microphone and speaker are available; there is no session yet.
    Initialized,
    /// The client has sent the start request.
    Authenticating,
    /// The start endpoint has answered; the transport is not open yet.
    Authenticated,
    /// The transport is being opened, for the first time or after a lost connection.
    Connecting,
    /// The transport is open; the bot is not ready yet.
    Connected,
    /// The bot is ready. Only in this state can messages be sent.
    Ready,
    /// The session is being closed.
    Disconnecting,
    /// Starting or connecting failed. The client passes through this state on the way to
    /// disconnected.
    Error,
}

impl TransportState {
    /// All states, in the order of a session.
    pub const ALL: [Self; 10] = [
        Self::Disconnected,
        Self::Initializing,
        Self::Initialized,
        Self::Authenticating,
        Self::Authenticated,
        Self::Connecting,
        Self::Connected,
        Self::Ready,
        Self::Disconnecting,
        Self::Error,
    ];

    /// The name that every Pipecat SDK uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Disconnected => "disconnected",
            Self::Initializing => "initializing",
            Self::Initialized => "initialized",
            Self::Authenticating => "authenticating",
            Self::Authenticated => "authenticated",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Ready => "ready",
            Self::Disconnecting => "disconnecting",
            Self::Error => "error",
        }
    }
}

impl fmt::Display for TransportState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
