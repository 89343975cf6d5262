//! Errors as C sees them.
//!
//! Depends on [`crate::text`] and [`crate::types`]. Adds nothing to [`rtvi_core::Error`].

use std::time::Duration;

use rtvi_core::{DeviceErrorKind, Error, ErrorKind};

use crate::{
    text::{rtvi_str, rtvi_string},
    types::enums::{rtvi_device_error_kind, rtvi_error_kind, rtvi_phase},
    view::Numbered,
};

/// An error: a kind, the phase and status if they are known, and a message for people.
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

/// Creates an error, for functions of the app that return one. An unknown `kind` counts as
/// internal. A `message` that is not UTF-8 is omitted.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_new(kind: i32, message: rtvi_str) -> Option<Box<rtvi_error>> {
    let kind = rtvi_error_kind::core(kind).unwrap_or(ErrorKind::Internal);
    Some(Box::new(Error::new(kind, text_of(message)).into()))
}

/// Creates a device error with its reason, for microphones and speakers of the app. An unknown
/// `kind` counts as `RTVI_DEVICE_ERROR_UNKNOWN`. Otherwise like `rtvi_error_new`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_new_device(kind: i32, message: rtvi_str) -> Option<Box<rtvi_error>> {
    let kind = rtvi_device_error_kind::core(kind).unwrap_or(DeviceErrorKind::Unknown);
    Some(Box::new(Error::device(kind, text_of(message)).into()))
}

/// Sets the phase, a `rtvi_phase`, of an error of the app. Ignores an unknown phase. Does nothing
/// for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_set_phase(error: Option<&mut rtvi_error>, phase: i32) {
    change(error, |core| rtvi_phase::core(phase).into_iter().fold(core, Error::in_phase));
}

/// Sets the HTTP status or WebSocket close code of an error of the app. Does nothing for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_set_status(error: Option<&mut rtvi_error>, status: u16) {
    change(error, |core| core.with_status(status));
}

/// Sets the server's own code of an error of the app. Ignores a code that is empty, longer than 64
/// characters, not UTF-8 or has control characters. Does nothing for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_set_code(error: Option<&mut rtvi_error>, code: rtvi_str) {
    change(error, |core| core.with_code(code.text("code").unwrap_or_default()));
}

/// Sets how long to wait before the next request to the server, in milliseconds, a day at most.
/// Ignores a negative time. Does nothing for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_set_retry_after_ms(error: Option<&mut rtvi_error>, retry_after_ms: i64) {
    let wait = u64::try_from(retry_after_ms).map(Duration::from_millis);
    change(error, |core| wait.into_iter().fold(core, Error::with_retry_after));
}

fn change(error: Option<&mut rtvi_error>, how: impl FnOnce(Error) -> Error) {
    if let Some(error) = error {
        *error = how(error.core.clone()).into();
    }
}

fn text_of<'a>(message: rtvi_str) -> &'a str {
    message.text("message").unwrap_or("the app's message is not UTF-8")
}

/// Returns the kind of an error; `RTVI_ERROR_NONE` for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_kind(error: Option<&rtvi_error>) -> rtvi_error_kind {
    error.map_or(rtvi_error_kind::RTVI_ERROR_NONE, |error| rtvi_error_kind::of(error.core.kind()))
}

/// Returns why a microphone or speaker can't be used; `RTVI_DEVICE_ERROR_NONE` if the error is not
/// of the kind `RTVI_ERROR_DEVICE`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_device_kind(error: Option<&rtvi_error>) -> rtvi_device_error_kind {
    let kind = error.and_then(|error| error.core.device_kind());
    kind.map_or(rtvi_device_error_kind::RTVI_DEVICE_ERROR_NONE, rtvi_device_error_kind::of)
}

/// Returns the phase of the session in which the error occurred.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_phase(error: Option<&rtvi_error>) -> rtvi_phase {
    error.and_then(|error| error.core.phase()).map_or(rtvi_phase::RTVI_PHASE_NONE, rtvi_phase::of)
}

/// Returns the HTTP status or WebSocket close code of the error; 0 if there is none.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_status(error: Option<&rtvi_error>) -> u16 {
    error.and_then(|error| error.core.status()).unwrap_or(0)
}

/// Returns the server's own code for the error, such as `PCC-1004` or `PCC-AGENT-AT-CAPACITY` of
/// Pipecat Cloud; empty if the server sent none. A zero byte follows it. Valid until the error is
/// freed.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_code(error: Option<&rtvi_error>) -> rtvi_str {
    error.and_then(|error| error.code.as_ref()).map_or(rtvi_str::EMPTY, rtvi_string::view)
}

/// Returns how long the server asks clients to wait before the next request, in milliseconds, a day
/// at most; -1 if it did not say.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_retry_after_ms(error: Option<&rtvi_error>) -> i64 {
    let wait = error.and_then(|error| error.core.retry_after());
    wait.and_then(|wait| i64::try_from(wait.as_millis()).ok()).unwrap_or(-1)
}

/// Returns the message for people. A zero byte follows it. Valid until the error is freed. The text
/// is not stable: never parse it.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_get_message(error: Option<&rtvi_error>) -> rtvi_str {
    error.map_or(rtvi_str::EMPTY, |error| error.message.view())
}

/// Frees an error. Null is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_error_free(error: Option<Box<rtvi_error>>) {
    drop(error);
}

#[cfg(test)]
mod tests {
    use rtvi_core::Phase;

    use super::*;
    use super::{rtvi_device_error_kind as DeviceKind, rtvi_error_kind as Kind};

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
        for (core, kind) in DeviceKind::ALL {
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
        let mut full = rtvi_error_new(15, rtvi_str::of("full\0")).unwrap();
        rtvi_error_set_phase(Some(&mut full), rtvi_phase::RTVI_PHASE_START_REQUEST as i32);
        rtvi_error_set_status(Some(&mut full), 503);
        rtvi_error_set_code(Some(&mut full), rtvi_str::of("PCC-1\0"));
        rtvi_error_set_retry_after_ms(Some(&mut full), 2_000);
        let core = Error::new(full.core().kind(), "full").in_phase(Phase::StartRequest).with_status(503);
        assert_eq!(full.core(), &core.with_code("PCC-1").with_retry_after(Duration::from_secs(2)));
        let mut plain = rtvi_error_new(17, rtvi_str::of("plain\0")).unwrap();
        rtvi_error_set_phase(Some(&mut plain), -1);
        rtvi_error_set_code(Some(&mut plain), cut);
        rtvi_error_set_retry_after_ms(Some(&mut plain), -1);
        assert_eq!(plain.core(), &Error::new(ErrorKind::Device, "plain"));
        rtvi_error_set_status(None, 1);
        assert_eq!(rtvi_error_new(-4, rtvi_str::EMPTY).unwrap().core().kind(), ErrorKind::Internal);
    }
}
