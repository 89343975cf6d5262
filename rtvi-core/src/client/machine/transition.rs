//! The state chart: which state follows which, and what is to be done.
//!
//! A pure function over data-less names. It does no work, knows no clock and no payloads; the
//! machine turns inputs into triggers before and carries out the actions after. Every pair of state
//! and trigger is listed in `transition/tests.rs`, and the chart in ARCHITECTURE.md is generated
//! from it.

use crate::client::TransportState;

use Action as A;
use TransportState as S;
use Trigger as T;

/// What happened, without its details.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Trigger {
    /// The app (or an implicit step of its call) wants the devices opened.
    InitDevices,
    /// The devices are open.
    DevicesReady,
    /// The app wants a bot started.
    StartBot,
    /// The start endpoint answered with success.
    StartAnswered,
    /// The app (or an implicit step of its call) wants the transport opened.
    Connect,
    /// The transport is open.
    Opened,
    /// The bot is ready.
    BotReady,
    /// Starting or connecting for the first time went wrong.
    Failed,
    /// An established session lost its connection, and another attempt is left.
    Lost,
    /// The time to wait before the next attempt is over.
    RetryDue,
    /// The bot ended the session in the normal way.
    BotLeft,
    /// The session can't go on: no attempt left, a fatal error of the bot, an app that reads no
    /// events.
    Ended,
    /// The app wants the session closed, or dropped the call that was starting it.
    Disconnect,
    /// The transport has closed as asked, or did not in time.
    Closed,
    /// The app wants a message sent.
    Send,
}

impl Trigger {
    #[cfg(test)]
    pub(crate) const ALL: [Self; 15] = [
        Self::InitDevices,
        Self::DevicesReady,
        Self::StartBot,
        Self::StartAnswered,
        Self::Connect,
        Self::Opened,
        Self::BotReady,
        Self::Failed,
        Self::Lost,
        Self::RetryDue,
        Self::BotLeft,
        Self::Ended,
        Self::Disconnect,
        Self::Closed,
        Self::Send,
    ];
}

/// What is to be done about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Action {
    /// It is late or means nothing here.
    Ignore,
    /// The call fails: it is not possible in this state.
    Refuse,
    /// The call succeeds without doing anything.
    Settle,
    /// Open the devices.
    OpenDevices,
    /// Go on with the next step of the call, or settle it.
    Continue,
    /// Ask the start endpoint.
    RequestStart,
    /// Open the transport.
    OpenTransport,
    /// Tell the app that it is connected and send client-ready.
    Handshake,
    /// Tell the app that the bot is ready, start the audio and settle the call.
    BeginSession,
    /// Clean up, report the error, settle the call with it.
    Fail,
    /// Settle requests, stop the audio, and wait before the next attempt.
    WaitToRetry,
    /// Settle everything and close the transport.
    BeginDisconnect,
    /// Wait for the disconnect that is under way.
    JoinDisconnect,
    /// The transport is gone: report it and settle the callers of disconnect.
    FinishDisconnect,
    /// Send it.
    Deliver,
}

/// The state that follows `state` on `trigger`, and what to do.
pub(crate) const fn transition(state: TransportState, trigger: Trigger) -> (TransportState, Action) {
    match (state, trigger) {
        // ── Nothing is going on ──
        (S::Disconnected, T::InitDevices) => (S::Initializing, A::OpenDevices),
        (S::Initialized | S::Authenticated, T::InitDevices) => (state, A::Settle),
        (S::Disconnected | S::Initialized | S::Authenticated, T::StartBot) => {
            (S::Authenticating, A::RequestStart)
        }
        (S::Disconnected | S::Initialized | S::Authenticated, T::Connect) => {
            (S::Connecting, A::OpenTransport)
        }
        (S::Disconnected, T::Disconnect) => (state, A::Settle),

        // ── Forward ──
        (S::Initializing, T::DevicesReady) => (S::Initialized, A::Continue),
        (S::Authenticating, T::StartAnswered) => (S::Authenticated, A::Continue),
        (S::Connecting, T::Opened) => (S::Connected, A::Handshake),
        (S::Connected, T::BotReady) => (S::Ready, A::BeginSession),
        (S::Ready, T::Send) => (state, A::Deliver),

        // ── The way up failed ──
        (S::Initializing | S::Authenticating | S::Connecting | S::Connected, T::Failed) => {
            (S::Error, A::Fail)
        }
        (S::Error, T::Closed) => (S::Disconnected, A::FinishDisconnect),

        // ── An established session broke ──
        (S::Connecting | S::Connected | S::Ready, T::Lost) => (S::Connecting, A::WaitToRetry),
        (S::Connecting, T::RetryDue | T::StartAnswered) => (state, A::OpenTransport),
        (S::Connecting | S::Connected | S::Ready, T::Ended) => (S::Disconnecting, A::BeginDisconnect),

        // ── The way down ──
        (S::Connected | S::Ready, T::BotLeft) => (S::Disconnecting, A::BeginDisconnect),
        (S::Disconnecting, T::Disconnect) => (state, A::JoinDisconnect),
        (S::Disconnecting, T::Closed) => (S::Disconnected, A::FinishDisconnect),
        (_, T::Disconnect) => (S::Disconnecting, A::BeginDisconnect),

        // ── Calls that are not possible here ──
        (_, T::InitDevices | T::StartBot | T::Connect | T::Send) => (state, A::Refuse),

        // ── Too late to matter ──
        (
            _,
            T::DevicesReady
            | T::StartAnswered
            | T::Opened
            | T::BotReady
            | T::Failed
            | T::Lost
            | T::RetryDue
            | T::BotLeft
            | T::Ended
            | T::Closed,
        ) => (state, A::Ignore),
    }
}

#[cfg(test)]
mod tests;
