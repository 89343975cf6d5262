//! Errors as C sees them.
//!
//! Depends on [`crate::text`]. Adds nothing to what [`rtvi_core::Error`] says.

use rtvi_core::{DeviceErrorKind, Error, ErrorKind, Phase};

use crate::text::{rtvi_str, rtvi_string};

/// What went wrong, to act on. Values never change; new ones may be added: treat an unknown one like `INTERNAL`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_error_kind {
    /// No error.
    RTVI_ERROR_NONE = 0,
    /// An argument or option is not usable. Fix the call.
    RTVI_ERROR_INVALID_ARGUMENT = 1,
    /// The connect parameters do not fit the transport.
    RTVI_ERROR_INVALID_TRANSPORT_PARAMS = 2,
    /// The call is not possible in the present state; the message names it.
    RTVI_ERROR_INVALID_STATE = 3,
    /// Already starting, connecting or connected. Disconnect first.
    RTVI_ERROR_ALREADY_STARTED = 4,
    /// The bot is not ready yet, or no longer.
    RTVI_ERROR_NOT_READY = 5,
    /// The start endpoint refused or answered something unusable; the status is HTTP's.
    RTVI_ERROR_START_BOT_FAILED = 6,
    /// The server could not be reached.
    RTVI_ERROR_CONNECTION_FAILED = 7,
    /// TLS could not be established.
    RTVI_ERROR_TLS = 8,
    /// A deadline passed; the phase says which. Trying again may help.
    RTVI_ERROR_TIMEOUT = 9,
    /// An established connection was lost and could not be restored.
    RTVI_ERROR_CONNECTION_LOST = 10,
    /// The server answered a request with an error; the message is the server's.
    RTVI_ERROR_REQUEST_FAILED = 11,
    /// The message is larger than the transport can carry.
    RTVI_ERROR_MESSAGE_TOO_LARGE = 12,
    /// Too much is waiting already. Wait and try again.
    RTVI_ERROR_BUSY = 13,
    /// This server, transport or platform does not support it.
    RTVI_ERROR_UNSUPPORTED_FEATURE = 14,
    /// The server broke the protocol.
    RTVI_ERROR_PROTOCOL = 15,
    /// The bot reported a fatal error and the session has ended.
    RTVI_ERROR_BOT_ERROR = 16,
    /// A microphone or speaker failed.
    RTVI_ERROR_DEVICE = 17,
    /// Given up: by disconnecting, by freeing the client, or by cancelling the call.
    RTVI_ERROR_CANCELLED = 18,
    /// The app did not take its events for too long and the session was closed.
    RTVI_ERROR_CONSUMER_STALLED = 19,
    /// Something that should not happen; please report it.
    RTVI_ERROR_INTERNAL = 20,
}

/// The part of a session in which an error happened. Values never change; new ones may be added.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_phase {
    /// Not known, or none.
    RTVI_PHASE_NONE = 0,
    /// Opening microphone and speaker.
    RTVI_PHASE_DEVICES = 1,
    /// The request to the start endpoint.
    RTVI_PHASE_START_REQUEST = 2,
    /// Opening the transport.
    RTVI_PHASE_TRANSPORT_OPEN = 3,
    /// Waiting for the bot to be ready.
    RTVI_PHASE_BOT_READY = 4,
    /// A session that is ready.
    RTVI_PHASE_SESSION = 5,
    /// A request waiting for its answer.
    RTVI_PHASE_REQUEST = 6,
    /// A function of the app that the bot has called.
    RTVI_PHASE_FUNCTION_CALL = 7,
    /// Restoring a lost connection.
    RTVI_PHASE_RECONNECT = 8,
    /// Closing the connection.
    RTVI_PHASE_DISCONNECT = 9,
}

/// Why a microphone or speaker can't be used. Values never change; new ones may be added: treat an unknown one like `UNKNOWN`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_device_error_kind {
    /// No error of a device.
    RTVI_DEVICE_ERROR_NONE = 0,
    /// The system or the user does not allow it.
    RTVI_DEVICE_ERROR_PERMISSIONS = 1,
    /// Something else uses it, and it can't be shared.
    RTVI_DEVICE_ERROR_IN_USE = 2,
    /// It is not there (any more), or there is none at all.
    RTVI_DEVICE_ERROR_NOT_FOUND = 3,
    /// It has no format that can be used.
    RTVI_DEVICE_ERROR_CONSTRAINTS = 4,
    /// Anything else.
    RTVI_DEVICE_ERROR_UNKNOWN = 5,
}

use rtvi_device_error_kind as DeviceKind;
use rtvi_error_kind as Kind;

/// Every kind there is, in both languages.
const KINDS: [(ErrorKind, Kind); 20] = [
    (ErrorKind::InvalidArgument, Kind::RTVI_ERROR_INVALID_ARGUMENT),
    (ErrorKind::InvalidTransportParams, Kind::RTVI_ERROR_INVALID_TRANSPORT_PARAMS),
    (ErrorKind::InvalidState, Kind::RTVI_ERROR_INVALID_STATE),
    (ErrorKind::AlreadyStarted, Kind::RTVI_ERROR_ALREADY_STARTED),
    (ErrorKind::NotReady, Kind::RTVI_ERROR_NOT_READY),
    (ErrorKind::StartBotFailed, Kind::RTVI_ERROR_START_BOT_FAILED),
    (ErrorKind::ConnectionFailed, Kind::RTVI_ERROR_CONNECTION_FAILED),
    (ErrorKind::Tls, Kind::RTVI_ERROR_TLS),
    (ErrorKind::Timeout, Kind::RTVI_ERROR_TIMEOUT),
    (ErrorKind::ConnectionLost, Kind::RTVI_ERROR_CONNECTION_LOST),
    (ErrorKind::RequestFailed, Kind::RTVI_ERROR_REQUEST_FAILED),
    (ErrorKind::MessageTooLarge, Kind::RTVI_ERROR_MESSAGE_TOO_LARGE),
    (ErrorKind::Busy, Kind::RTVI_ERROR_BUSY),
    (ErrorKind::UnsupportedFeature, Kind::RTVI_ERROR_UNSUPPORTED_FEATURE),
    (ErrorKind::Protocol, Kind::RTVI_ERROR_PROTOCOL),
    (ErrorKind::BotError, Kind::RTVI_ERROR_BOT_ERROR),
    (ErrorKind::Device, Kind::RTVI_ERROR_DEVICE),
    (ErrorKind::Cancelled, Kind::RTVI_ERROR_CANCELLED),
    (ErrorKind::ConsumerStalled, Kind::RTVI_ERROR_CONSUMER_STALLED),
    (ErrorKind::Internal, Kind::RTVI_ERROR_INTERNAL),
];

/// Every kind of a device error, in both languages.
const DEVICE_KINDS: [(DeviceErrorKind, DeviceKind); 5] = [
    (DeviceErrorKind::Permissions, DeviceKind::RTVI_DEVICE_ERROR_PERMISSIONS),
    (DeviceErrorKind::InUse, DeviceKind::RTVI_DEVICE_ERROR_IN_USE),
    (DeviceErrorKind::NotFound, DeviceKind::RTVI_DEVICE_ERROR_NOT_FOUND),
    (DeviceErrorKind::Constraints, DeviceKind::RTVI_DEVICE_ERROR_CONSTRAINTS),
    (DeviceErrorKind::Unknown, DeviceKind::RTVI_DEVICE_ERROR_UNKNOWN),
];

/// What went wrong: a kind, the phase and status where they are known, and a message for people.
#[derive(Debug)]
pub struct rtvi_error {
    core: Error,
    message: rtvi_string,
    code: Option<rtvi_string>,
}

impl rtvi_error {
    /// The error as the core knows it.
    pub(crate) const fn core(&self) -> &Error {
        &self.core
    }
}

impl From<Error> for rtvi_error {
    fn from(core: Error) -> Self {
        Self { message: rtvi_string::new(core.message()), code: core.code().map(rtvi_string::new), core }
    }
}

impl From<ErrorKind> for rtvi_error_kind {
    fn from(kind: ErrorKind) -> Self {
        KINDS.iter().find(|(core, _)| *core == kind).map_or(Self::RTVI_ERROR_INTERNAL, |(_, kind)| *kind)
    }
}

impl From<DeviceErrorKind> for rtvi_device_error_kind {
    fn from(kind: DeviceErrorKind) -> Self {
        let known = DEVICE_KINDS.iter().find(|(core, _)| *core == kind);
        known.map_or(Self::RTVI_DEVICE_ERROR_UNKNOWN, |(_, kind)| *kind)
    }
}

impl From<Phase> for rtvi_phase {
    fn from(phase: Phase) -> Self {
        match phase {
            Phase::Devices => Self::RTVI_PHASE_DEVICES,
            Phase::StartRequest => Self::RTVI_PHASE_START_REQUEST,
            Phase::TransportOpen => Self::RTVI_PHASE_TRANSPORT_OPEN,
            Phase::BotReady => Self::RTVI_PHASE_BOT_READY,
            Phase::Session => Self::RTVI_PHASE_SESSION,
            Phase::Request => Self::RTVI_PHASE_REQUEST,
            Phase::FunctionCall => Self::RTVI_PHASE_FUNCTION_CALL,
            Phase::Reconnect => Self::RTVI_PHASE_RECONNECT,
            Phase::Disconnect => Self::RTVI_PHASE_DISCONNECT,
            _ => Self::RTVI_PHASE_NONE,
        }
    }
}

/// Makes an error, for the functions of the app that return one; an unknown `kind` counts as internal, and a
/// `message` that is not UTF-8 is left out.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_new(kind: i32, message: rtvi_str) -> Option<Box<rtvi_error>> {
    let known = KINDS.iter().find(|(_, known)| *known as i32 == kind);
    let kind = known.map_or(ErrorKind::Internal, |(core, _)| *core);
    Some(Box::new(Error::new(kind, text_of(message)).into()))
}

/// Makes an error of a device with its reason, for microphones and speakers of the app; an unknown `kind` counts as
/// `RTVI_DEVICE_ERROR_UNKNOWN`. Otherwise as `rtvi_error_new`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_new_device(kind: i32, message: rtvi_str) -> Option<Box<rtvi_error>> {
    let known = DEVICE_KINDS.iter().find(|(_, known)| *known as i32 == kind);
    let kind = known.map_or(DeviceErrorKind::Unknown, |(core, _)| *core);
    Some(Box::new(Error::device(kind, text_of(message)).into()))
}

fn text_of<'a>(message: rtvi_str) -> &'a str {
    message.text("message").unwrap_or("the app's message is not UTF-8")
}

/// What went wrong; `RTVI_ERROR_NONE` for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_kind(error: Option<&rtvi_error>) -> rtvi_error_kind {
    error.map_or(rtvi_error_kind::RTVI_ERROR_NONE, |error| error.core.kind().into())
}

/// Why a microphone or speaker can't be used; `RTVI_DEVICE_ERROR_NONE` for errors of another kind than `RTVI_ERROR_DEVICE`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_device_kind(error: Option<&rtvi_error>) -> rtvi_device_error_kind {
    let kind = error.and_then(|error| error.core.device_kind());
    kind.map_or(rtvi_device_error_kind::RTVI_DEVICE_ERROR_NONE, rtvi_device_error_kind::from)
}

/// The phase of the session it went wrong in.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_phase(error: Option<&rtvi_error>) -> rtvi_phase {
    error.and_then(|error| error.core.phase()).map_or(rtvi_phase::RTVI_PHASE_NONE, rtvi_phase::from)
}

/// The HTTP status or WebSocket close code that came with it; 0 if there is none.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_status(error: Option<&rtvi_error>) -> u16 {
    error.and_then(|error| error.core.status()).unwrap_or(0)
}

/// The server's own code for what went wrong, such as `PCC-1004` or `PCC-AGENT-AT-CAPACITY` of Pipecat Cloud, followed by a zero byte; empty if
/// it sent none. Valid until the error is freed.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_code(error: Option<&rtvi_error>) -> rtvi_str {
    error.and_then(|error| error.code.as_ref()).map_or(rtvi_str::EMPTY, rtvi_string::view)
}

/// How long the server wants to be left alone before it is asked again, in milliseconds, a day at most; -1 if it did not say so.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_retry_after_ms(error: Option<&rtvi_error>) -> i64 {
    let wait = error.and_then(|error| error.core.retry_after());
    wait.and_then(|wait| i64::try_from(wait.as_millis()).ok()).unwrap_or(-1)
}

/// The message for people, followed by a zero byte; valid until the error is freed. Not stable: never parse it.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_message(error: Option<&rtvi_error>) -> rtvi_str {
    error.map_or(rtvi_str::EMPTY, |error| error.message.view())
}

/// Frees an error; does nothing for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_free(error: Option<Box<rtvi_error>>) {
    drop(error);
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn kinds_are_numbered_in_order() {
        for (index, (core, kind)) in KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, index + 1);
            assert_eq!(rtvi_error_kind::from(*core), *kind);
        }
    }

    #[test]
    fn an_error_tells_everything() {
        let core =
            Error::new(ErrorKind::StartBotFailed, "no bot").in_phase(Phase::StartRequest).with_status(503);
        let core = core.with_code("PCC-1").with_retry_after(Duration::from_secs(2));
        let error = rtvi_error::from(core);
        assert_eq!(rtvi_error_get_code(Some(&error)).text("code").unwrap(), "PCC-1");
        assert_eq!(rtvi_error_get_retry_after_ms(Some(&error)), 2_000);
        let plain = rtvi_error::from(Error::new(ErrorKind::Tls, "no"));
        assert_eq!(
            (rtvi_error_get_code(Some(&plain)).len, rtvi_error_get_retry_after_ms(Some(&plain))),
            (0, -1)
        );
        assert_eq!((rtvi_error_get_code(None).len, rtvi_error_get_retry_after_ms(None)), (0, -1));
        assert_eq!(rtvi_error_get_kind(Some(&error)), Kind::RTVI_ERROR_START_BOT_FAILED);
        assert_eq!(rtvi_error_get_phase(Some(&error)), rtvi_phase::RTVI_PHASE_START_REQUEST);
        assert_eq!(rtvi_error_get_status(Some(&error)), 503);
        assert_eq!(rtvi_error_get_message(Some(&error)).text("message").unwrap(), "no bot");
        assert_eq!(rtvi_error_get_kind(None), Kind::RTVI_ERROR_NONE);
        assert_eq!(rtvi_error_get_message(None).len, 0);
    }

    #[test]
    fn device_errors_have_a_reason() {
        for (index, (core, kind)) in DEVICE_KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, index + 1);
            let made = rtvi_error_new_device(*kind as i32, rtvi_str::of("gone\0")).unwrap();
            assert_eq!(made.core(), &Error::device(*core, "gone"));
            assert_eq!(rtvi_error_get_device_kind(Some(&made)), *kind);
        }
        let later = rtvi_error_new_device(99, rtvi_str::EMPTY).unwrap();
        assert_eq!(later.core().device_kind(), Some(DeviceErrorKind::Unknown));
        let of = |error: Error| rtvi_error_get_device_kind(Some(&error.into()));
        assert_eq!(of(Error::new(ErrorKind::Device, "full")), DeviceKind::RTVI_DEVICE_ERROR_UNKNOWN);
        assert_eq!(of(Error::new(ErrorKind::Tls, "old")), DeviceKind::RTVI_DEVICE_ERROR_NONE);
        assert_eq!(rtvi_error_get_device_kind(None), DeviceKind::RTVI_DEVICE_ERROR_NONE);
    }

    #[test]
    fn the_app_makes_errors_too() {
        let made = rtvi_error_new(17, rtvi_str::of("no such device\0")).unwrap();
        assert_eq!(made.core(), &Error::new(ErrorKind::Device, "no such device"));
        let cut = rtvi_str { data: b"a\xff".as_ptr().cast(), len: 2 };
        let made = rtvi_error_new(17, cut).unwrap();
        assert_eq!(
            (made.core().kind(), made.core().message()),
            (ErrorKind::Device, "the app's message is not UTF-8")
        );
        assert_eq!(rtvi_error_new(-4, rtvi_str::EMPTY).unwrap().core().kind(), ErrorKind::Internal);
    }
}
