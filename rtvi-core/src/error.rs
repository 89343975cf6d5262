//! The one error type that apps see.
//!
//! Every layer may use this module; it depends on no other module of this crate. Messages name the
//! thing and the value and quote the server's own text. They must never contain a token, a header
//! value or the query of a URL.

use std::{any::Any, fmt, time::Duration};

use serde::{Deserialize, Serialize, Serializer};

/// What went wrong, as a stable kind that an app can act on.
///
/// New kinds may be added; treat an unknown kind as an internal error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument or option is unusable (bad DTMF key, bad URL, unreadable file). Fix the call.
    InvalidArgument,
    /// The connect parameters do not fit the transport. Fix the parameters or the start endpoint's
    /// answer.
    InvalidTransportParams,
    /// The call is not possible in the client's current state. The message names the state.
    InvalidState,
    /// The client is already starting, connecting or connected. Disconnect first.
    AlreadyStarted,
    /// The bot is not ready yet, or no longer ready. Wait for bot-ready.
    NotReady,
    /// The start endpoint refused the request or its answer is unusable. `status` has the HTTP
    /// status, if there was one.
    StartBotFailed,
    /// The server could not be reached: its name was not found, it refused the connection, it was
    /// unreachable, or it does not speak the protocol.
    ConnectionFailed,
    /// TLS could not be established: unknown authority, wrong host name, expired certificate. Or
    /// the address is neither encrypted nor local.
    Tls,
    /// A deadline passed; `phase` says which one. A retry may help.
    Timeout,
    /// An established connection was lost and could not be restored.
    ConnectionLost,
    /// The server answered a request with an error. The message is the server's.
    RequestFailed,
    /// The message is larger than the transport can carry. Send less, or upload the content and
    /// send its URL.
    MessageTooLarge,
    /// Too much is waiting to be sent. Wait and retry.
    Busy,
    /// This server version, transport or platform does not support the feature.
    UnsupportedFeature,
    /// The server violated the protocol.
    Protocol,
    /// The bot reported a fatal error and the session has ended.
    BotError,
    /// A microphone, speaker or camera failed.
    Device,
    /// The call was cancelled: by `disconnect`, by dropping the client, or by dropping the call's
    /// future.
    Cancelled,
    /// The app did not read its events for too long, so the client closed the session.
    ConsumerStalled,
    /// Something happened that should be impossible; please report it. This is always the last of
    /// the kinds.
    Internal,
}

impl ErrorKind {
    /// All kinds of this version.
    pub const ALL: [Self; 20] = [
        Self::InvalidArgument,
        Self::InvalidTransportParams,
        Self::InvalidState,
        Self::AlreadyStarted,
        Self::NotReady,
        Self::StartBotFailed,
        Self::ConnectionFailed,
        Self::Tls,
        Self::Timeout,
        Self::ConnectionLost,
        Self::RequestFailed,
        Self::MessageTooLarge,
        Self::Busy,
        Self::UnsupportedFeature,
        Self::Protocol,
        Self::BotError,
        Self::Device,
        Self::Cancelled,
        Self::ConsumerStalled,
        Self::Internal,
    ];
}

/// The part of a session in which an error happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Phase {
    /// Opening microphones and speakers.
    Devices,
    /// The HTTP request to the start endpoint.
    StartRequest,
    /// Opening the transport: name look-up, TCP, TLS, WebSocket or WebRTC negotiation.
    TransportOpen,
    /// Waiting for bot-ready after client-ready was sent.
    BotReady,
    /// In a session that is ready.
    Session,
    /// A client request waiting for its answer.
    Request,
    /// A function call running in the app.
    FunctionCall,
    /// Restoring a lost connection.
    Reconnect,
    /// Closing the connection.
    Disconnect,
}

/// Why a microphone, speaker or camera can't be used, with the names that client-js uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DeviceErrorKind {
    /// The system or the user denies access to it.
    Permissions,
    /// Another program uses it, and it can't be shared.
    InUse,
    /// It is not connected, or there is none at all.
    NotFound,
    /// It supports no usable format.
    Constraints,
    /// Any other reason.
    Unknown,
}

/// An error of the SDK. It has a stable kind and a message for people. Where they are known, it
/// also has the phase, the HTTP or close status, the server's own code, and how long the server
/// wants the client to wait.
///
/// As JSON, for example
/// `{"kind":"startBotFailed","status":429,"code":"PCC-1004","retryAfterMs":5000,
/// "message":"…"}`. Unknown members are omitted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi(name = "RtviError"))]
#[serde(rename_all = "camelCase")]
pub struct Error {
    /// What went wrong, for the app to act on.
    kind: ErrorKind,
    /// Why a microphone, speaker or camera can't be used; absent for errors of another kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<DeviceErrorKind>,
    /// The phase of the session in which it occurred, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<Phase>,
    /// The HTTP status or WebSocket close code that came with it, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// The server's own code for the error, if it sent one, for example `PCC-1004` or
    /// `PCC-AGENT-AT-CAPACITY` from Pipecat Cloud.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// How long the server wants the client to wait before the next request, counted from its
    /// answer, if it sent that; at most one day.
    #[serde(rename = "retryAfterMs", skip_serializing_if = "Option::is_none", serialize_with = "as_millis")]
    retry_after: Option<Duration>,
    /// The message for people. It is not stable: never parse it. It contains no secret.
    message: String,
}

#[expect(clippy::ref_option, reason = "the form that serde wants")]
fn as_millis<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)).serialize(serializer)
}

/// The maximum length of a server's code, in characters. A longer code is omitted, because half a
/// code is a different code.
const MAX_CODE: usize = 64;
/// The longest wait that a server can request. A longer wait is shortened to this.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

impl Error {
    /// Creates an error of `kind` with a message for people.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { kind, device: None, phase: None, status: None, code: None, retry_after: None, message }
    }

    /// Creates an [`ErrorKind::Device`] error with its reason.
    pub fn device(reason: DeviceErrorKind, message: impl Into<String>) -> Self {
        Self { device: Some(reason), ..Self::new(ErrorKind::Device, message) }
    }

    /// Creates the error for a panic: `who` panicked, with the panic message from
    /// [`catch_unwind`](std::panic::catch_unwind).
    #[must_use]
    pub fn panicked(kind: ErrorKind, who: &str, payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self::new(kind, format!("{who} panicked: {}", text.unwrap_or("no message")))
    }

    /// Returns the same error with another kind, for callers that know better than its creator.
    #[must_use]
    pub const fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// Returns the same error with the phase in which it occurred, unless it has one already.
    #[must_use]
    pub fn in_phase(mut self, phase: Phase) -> Self {
        self.phase = self.phase.or(Some(phase));
        self
    }

    /// Returns the same error with the HTTP status or WebSocket close code that came with it.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// Returns the same error with the server's own code. The code is omitted if it is empty,
    /// longer than 64 characters or contains control characters.
    #[must_use]
    pub fn with_code(mut self, code: &str) -> Self {
        let code = code.trim();
        let fits = !code.is_empty() && code.chars().count() <= MAX_CODE && !code.contains(char::is_control);
        self.code = fits.then(|| code.into());
        self
    }

    /// Returns the same error with the wait that the server requests; at most one day.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait.min(MAX_RETRY_AFTER));
        self
    }

    /// The same error within the limits of [`with_code`](Self::with_code) and
    /// [`with_retry_after`](Self::with_retry_after), for an error that another language made field
    /// by field.
    #[must_use]
    pub fn within_limits(mut self) -> Self {
        let (code, wait) = (self.code.take(), self.retry_after.take());
        let coded = code.iter().fold(self, |error, code| error.with_code(code));
        wait.into_iter().fold(coded, Self::with_retry_after)
    }

    /// The same error with what `cause` knows from the server: its status, its code, and when to
    /// ask again.
    #[must_use]
    pub(crate) fn caused_by(mut self, cause: &Self) -> Self {
        self.status = self.status.or(cause.status);
        self.code = self.code.or_else(|| cause.code.clone());
        self.retry_after = self.retry_after.or(cause.retry_after);
        self
    }

    /// What went wrong, for the app to act on.
    pub const fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Why a device can't be used; `None` for errors of another kind.
    pub fn device_kind(&self) -> Option<DeviceErrorKind> {
        match self.kind {
            ErrorKind::Device => Some(self.device.unwrap_or(DeviceErrorKind::Unknown)),
            _ => None,
        }
    }

    /// The phase of the session in which it occurred, if known.
    pub const fn phase(&self) -> Option<Phase> {
        self.phase
    }

    /// The HTTP status or WebSocket close code that came with it, if any.
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// The server's own code for the error, if it sent one, for example `PCC-1004` or
    /// `PCC-AGENT-AT-CAPACITY` from Pipecat Cloud. It is the member `code` of the answer's JSON, a
    /// text or a number. It has at most 64 characters and never repeats a secret of the request.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// How long the server wants the client to wait before the next request (HTTP's `Retry-After`),
    /// if it sent that; at most one day. Counted from the server's answer.
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The message for people. It is not stable: never parse it.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// How much of a server's text an error contains, in characters; the rest is cut off.
const EXCERPT: usize = 200;

/// The beginning of a server's text, on one line and without control characters, so that it is safe
/// in an error, a log and a terminal.
pub(crate) fn excerpt(text: &str) -> String {
    let mut short = String::new();
    for (count, character) in text.trim().chars().enumerate() {
        if count == EXCERPT {
            short.push('…');
            break;
        }
        short.push(if character.is_control() { ' ' } else { character });
    }
    short
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_kinds_are_listed_in_order() {
        let numbers = ErrorKind::ALL.map(|kind| kind as usize);
        assert!(numbers.into_iter().eq(0..=ErrorKind::Internal as usize), "{numbers:?}");
    }

    #[test]
    fn only_device_errors_have_a_device_kind() {
        let gone = Error::device(DeviceErrorKind::NotFound, "gone");
        assert_eq!((gone.kind(), gone.device_kind()), (ErrorKind::Device, Some(DeviceErrorKind::NotFound)));
        let json = serde_json::json!({"kind": "device", "device": "not-found", "message": "gone"});
        assert_eq!(serde_json::to_value(&gone).unwrap(), json);
        assert_eq!(Error::new(ErrorKind::Device, "full").device_kind(), Some(DeviceErrorKind::Unknown));
        assert_eq!(Error::new(ErrorKind::Tls, "old").device_kind(), None);
    }

    #[test]
    fn the_servers_details_are_kept_and_shown() {
        let wait = Duration::from_millis(1_500);
        let full = Error::new(ErrorKind::StartBotFailed, "full")
            .with_status(429)
            .with_code(" PCC-1 ")
            .with_retry_after(wait);
        assert_eq!((full.code(), full.retry_after()), (Some("PCC-1"), Some(wait)));
        let json = serde_json::json!({"kind": "startBotFailed", "status": 429, "code": "PCC-1", "retryAfterMs": 1_500, "message": "full"});
        assert_eq!(serde_json::to_value(&full).unwrap(), json);
        let lost = Error::new(ErrorKind::ConnectionLost, "lost").caused_by(&full);
        assert_eq!((lost.status(), lost.code(), lost.retry_after()), (Some(429), Some("PCC-1"), Some(wait)));
    }

    #[test]
    fn codes_and_waits_are_bounded() {
        let code = |code: &str| Error::new(ErrorKind::Internal, "").with_code(code).code().map(str::to_owned);
        assert_eq!(code(&"x".repeat(MAX_CODE)).map(|code| code.len()), Some(MAX_CODE));
        for bad in [
            String::new(),
            "  ".to_owned(),
            "x".repeat(MAX_CODE + 1),
            "a\u{1b}[31m".to_owned(),
            "a\nb".to_owned(),
        ] {
            assert_eq!(code(&bad), None, "{bad:?}");
        }
        let error = Error::new(ErrorKind::Internal, "").with_retry_after(Duration::MAX);
        assert_eq!(error.retry_after(), Some(MAX_RETRY_AFTER));
        let made = Error { code: Some("x".repeat(65)), retry_after: Some(Duration::MAX), ..error };
        let kept = made.within_limits();
        assert_eq!((kept.code(), kept.retry_after()), (None, Some(MAX_RETRY_AFTER)));
        let plain = Error::new(ErrorKind::Tls, "old").with_code("PCC-1");
        assert_eq!(plain.clone().within_limits(), plain);
    }

    #[test]
    fn an_excerpt_is_short_and_harmless() {
        assert_eq!(excerpt(" the bot\nis \u{1b}[31mred "), "the bot is  [31mred");
        let long = excerpt(&"ä".repeat(EXCERPT + 1));
        assert!(long.ends_with("ä…") && long.chars().count() == EXCERPT + 1);
    }

    #[test]
    fn a_panic_says_what_it_said() {
        let message = |payload: &(dyn Any + Send)| {
            Error::panicked(ErrorKind::Internal, "the SDK", payload).message().to_owned()
        };
        assert_eq!(message(&"text"), "the SDK panicked: text");
        assert_eq!(message(&"number 7".to_owned()), "the SDK panicked: number 7");
        assert_eq!(message(&7), "the SDK panicked: no message");
    }
}
