//! Errors and ends of sessions without the texts of servers and apps, for logs and traces.
//!
//! Pure. Must never show an error's message.

use serde::Serialize;

use crate::error::Error;

use super::DisconnectReason;

/// Kind, device, phase and status of an error, by the names that JSON has for them.
pub(super) fn error(error: &Error) -> String {
    let mut text = wire_name(&error.kind());
    if let Some(reason) = error.device_kind() {
        text = format!("{text} {}", wire_name(&reason));
    }
    if let Some(phase) = error.phase() {
        text = format!("{text} in {}", wire_name(&phase));
    }
    if let Some(status) = error.status() {
        text = format!("{text} with status {status}");
    }
    text
}

/// Why a session ended.
pub(super) fn end(reason: &DisconnectReason) -> String {
    match reason {
        DisconnectReason::Requested => "requested".to_owned(),
        DisconnectReason::BotLeft { code: Some(code), .. } => format!("the bot left with code {code}"),
        DisconnectReason::BotLeft { code: None, .. } => "the bot left".to_owned(),
        DisconnectReason::Failed(cause) => error(cause),
    }
}

/// The name that JSON has for a value that is a name.
pub(super) fn wire_name(value: &impl Serialize) -> String {
    let json = serde_json::to_value(value).unwrap_or_default();
    json.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{DeviceErrorKind, Phase};

    #[test]
    fn an_outline_has_everything_but_the_message() {
        let cause = Error::device(DeviceErrorKind::InUse, "secret").in_phase(Phase::Devices).with_status(7);
        assert_eq!(error(&cause), "device in-use in devices with status 7");
        let reason = "secret".to_owned();
        assert_eq!(
            end(&DisconnectReason::BotLeft { code: Some(1001), reason }),
            "the bot left with code 1001"
        );
    }
}
