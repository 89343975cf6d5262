//! The one error type that apps see.
//!
//! Every layer may use this module; it depends on nothing of ours. Messages name the thing and the value and
//! carry the server's own text; they must never hold a token, a header value or the query of a URL.

use std::{any::Any, fmt, time::Duration};

use serde::{Deserialize, Serialize, Serializer};

/// What went wrong, as a stable kind an app can act on.
///
/// New kinds may be added; treat an unknown kind as an internal error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument or option is not usable (bad DTMF key, bad URL, unreadable file). Fix the call.
    InvalidArgument,
    /// The connect parameters do not fit the transport. Fix the parameters or the start endpoint's answer.
    InvalidTransportParams,
    /// The call is not possible in the client's present state. The message names the state.
    InvalidState,
    /// The client is already starting, connecting or connected. Disconnect first.
    AlreadyStarted,
    /// The bot is not ready yet, or no longer. Wait for bot-ready.
    NotReady,
    /// The start endpoint refused or answered something unusable; `status` has the HTTP status if there was one.
    StartBotFailed,
    /// The server could not be reached: name not found, refused, unreachable, not speaking the protocol.
    ConnectionFailed,
    /// TLS could not be established: unknown authority, wrong host name, expired certificate. Or the address is not encrypted
    /// and not local.
    Tls,
    /// A deadline passed; `phase` says which one. Trying again may help.
    Timeout,
    /// An established connection was lost and could not be restored.
    ConnectionLost,
    /// The server answered a request with an error; the message is the server's.
    RequestFailed,
    /// The message is larger than the transport can carry. Send less, or upload it and send a URL.
    MessageTooLarge,
    /// Too much is waiting to be sent. Wait and try again.
    Busy,
    /// This server version, transport or platform does not support the feature.
    UnsupportedFeature,
    /// The server broke the protocol.
    Protocol,
    /// The bot reported a fatal error and the session has ended.
    BotError,
    /// A microphone, speaker or camera failed.
    Device,
    /// The call was given up: by `disconnect`, by dropping the client, or by dropping the call's future.
    Cancelled,
    /// The app did not read its events for too long and the session was closed.
    ConsumerStalled,
    /// Something that should not happen; please report it. Always the last of the kinds.
    Internal,
}

impl ErrorKind {
    /// Every kind there is in this version.
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
    /// A session that is ready.
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

/// Why a microphone, speaker or camera can't be used, with the names that client-js has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum DeviceErrorKind {
    /// The system or the user does not allow it.
    Permissions,
    /// Something else uses it, and it can't be shared.
    InUse,
    /// It is not there (any more), or there is none at all.
    NotFound,
    /// It has no format that can be used.
    Constraints,
    /// Anything else.
    Unknown,
}

/// An error of the SDK: a stable kind, the phase, the HTTP or close status, the server's own code and its wish to be asked later where
/// they are known, and a message for people.
///
/// As JSON, for instance `{"kind":"startBotFailed","phase":"startRequest","status":429,"code":"PCC-AGENT-AT-CAPACITY","retryAfterMs":5000,
/// "message":"…"}`; what is not known is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "uniffi", derive(uniffi::Record), uniffi(name = "RtviError"))]
#[serde(rename_all = "camelCase")]
pub struct Error {
    /// What went wrong, to act on.
    kind: ErrorKind,
    /// Why a microphone, speaker or camera can't be used; absent for errors of another kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<DeviceErrorKind>,
    /// The phase of the session it went wrong in, if known.
    #[serde(skip_serializing_if = "Option::is_none")]
    phase: Option<Phase>,
    /// The HTTP status or WebSocket close code that came with it, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    /// The server's own code for it, if it sent any: `PCC-1004` or `PCC-AGENT-AT-CAPACITY` of Pipecat Cloud, for instance.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<String>,
    /// How long the server wants to be left alone before the next request, counted from its answer, if it said so; a day at most.
    #[serde(rename = "retryAfterMs", skip_serializing_if = "Option::is_none", serialize_with = "as_millis")]
    retry_after: Option<Duration>,
    /// The message for people; not stable, never parse it. Holds no secret.
    message: String,
}

#[expect(clippy::ref_option, reason = "the form that serde wants")]
fn as_millis<S: Serializer>(time: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    time.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX)).serialize(serializer)
}

/// The longest code of a server that is kept, in characters; a longer one is left out, as half a code is another code.
const MAX_CODE: usize = 64;
/// The longest wait that a server can ask for; a longer one counts as this.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(24 * 60 * 60);

impl Error {
    /// An error of `kind` with a message for people.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = message.into();
        Self { kind, device: None, phase: None, status: None, code: None, retry_after: None, message }
    }

    /// An [`ErrorKind::Device`] whose reason is known.
    pub fn device(reason: DeviceErrorKind, message: impl Into<String>) -> Self {
        Self { device: Some(reason), ..Self::new(ErrorKind::Device, message) }
    }

    /// What a panic is for the app: `who` panicked, and what it said, as [`catch_unwind`](std::panic::catch_unwind) gives it.
    #[must_use]
    pub fn panicked(kind: ErrorKind, who: &str, payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().copied();
        let text = text.or_else(|| payload.downcast_ref::<String>().map(String::as_str));
        Self::new(kind, format!("{who} panicked: {}", text.unwrap_or("no message")))
    }

    /// The same error as another kind, for code that knows better than who made it.
    #[must_use]
    pub const fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.kind = kind;
        self
    }

    /// The same error with the phase it happened in, unless one is set already.
    #[must_use]
    pub fn in_phase(mut self, phase: Phase) -> Self {
        self.phase = self.phase.or(Some(phase));
        self
    }

    /// The same error with the HTTP status or WebSocket close code that came with it.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = Some(status);
        self
    }

    /// The same error with the server's own code for it. One that is empty, longer than 64 characters or holds control characters is left
    /// out.
    #[must_use]
    pub fn with_code(mut self, code: &str) -> Self {
        let code = code.trim();
        let fits = !code.is_empty() && code.chars().count() <= MAX_CODE && !code.contains(char::is_control);
        self.code = fits.then(|| code.into());
        self
    }

    /// The same error with how long the server wants to be left alone; a day at most.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait.min(MAX_RETRY_AFTER));
        self
    }

    /// The same error within the limits of [`with_code`](Self::with_code) and
    /// [`with_retry_after`](Self::with_retry_after), for an error that another language made field by
    /// field.
    #[must_use]
    pub fn within_limits(mut self) -> Self {
        let (code, wait) = (self.code.take(), self.retry_after.take());
        let coded = code.iter().fold(self, |error, code| error.with_code(code));
        wait.into_iter().fold(coded, Self::with_retry_after)
    }

    /// The same error with what `cause` knows from the server: its status, its code, and when to ask again.
    #[must_use]
    pub(crate) fn caused_by(mut self, cause: &Self) -> Self {
        self.status = self.status.or(cause.status);
        self.code = self.code.or_else(|| cause.code.clone());
        self.retry_after = self.retry_after.or(cause.retry_after);
        self
    }

    /// What went wrong, to act on.
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

    /// The phase of the session it went wrong in, if known.
    pub const fn phase(&self) -> Option<Phase> {
        self.phase
    }

    /// The HTTP status or WebSocket close code that came with it, if any.
    pub const fn status(&self) -> Option<u16> {
        self.status
    }

    /// The server's own code for what went wrong, if it sent any: `PCC-1004` or `PCC-AGENT-AT-CAPACITY` of Pipecat Cloud, for instance. From the
    /// member `code` of an answer's JSON, a text or a number; at most 64 characters, never a secret that was sent.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// How long the server wants to be left alone before it is asked again, if it said so (HTTP's `Retry-After`); a day at most. Counted from
    /// its answer.
    pub const fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// The message for people; not stable, never parse it.
    pub fn message(&self) -> &str {
        &self.message
    }
}

/// How much of a server's text an error carries, in characters; the rest is cut.
const EXCERPT: usize = 200;

/// The beginning of a server's text, on one line and without control characters: fit for an error, a log and a terminal.
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
    fn what_the_server_said_for_programs_is_kept_and_told() {
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
