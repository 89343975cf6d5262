//! The types that cross the border to other languages: every event as one flat enum, JSON as a
//! value of its own, and encoded frames as plain records.
//!
//! Depends on the tables of events and messages, and on UniFFI for Swift and Kotlin. It adds
//! nothing to them: it has the same variants, fields and texts, in the form that UniFFI can carry.

#[cfg(feature = "video")]
mod video;

use serde_json::Value;

use crate::{
    client::{event_table, *},
    error::{Error, ErrorKind},
    media::*,
    protocol::*,
    transport::*,
};

#[cfg(feature = "video")]
pub use video::EncodedVideoFrame;

// JSON crosses the border as text. The languages have a type `Value` for it.
#[cfg(feature = "uniffi")]
uniffi::custom_type!(Value, String, {
    remote,
    lower: |value| value.to_string(),
    try_lift: |text| Ok(serde_json::from_str(&text)?),
});

#[cfg(feature = "uniffi")]
uniffi::custom_type!(JsonObject, String, {
    remote,
    lower: |object| serde_json::to_string(&object).unwrap_or_default(),
    try_lift: |text| Ok(object_from_text("value", &text)?),
});

/// Appends the table of server messages to the table of client events.
macro_rules! with_server_messages {
    ($($events:tt)*) => { server_message_table!(flat_events! { {$($events)*} }); };
}

macro_rules! flat_events {
    (
        {$(
            $(#[$doc:meta])* $variant:ident $(($field:ident: $data:ty))? $({$($(#[$about:meta])* $part:ident: $type:ty,)+})?
                = $name:literal $(=> $json:expr)?,
        )+}
        $(
            $(#[$said:meta])* $message:ident $(($payload:ident: $content:ty))?
                = $wire:literal $(| $old:literal)* => $event:literal,
        )+
    ) => {
        /// An event of a client. New events may be added.
        #[derive(Clone, Debug, PartialEq)]
        #[cfg_attr(feature = "uniffi", derive(uniffi::Enum))]
        pub enum RtviEvent {
            $(
                $(#[$doc])*
                $variant {
                    $(
                        #[allow(missing_docs, reason = "the event says what it is")]
                        $field: $data
                    )?
                    $($($(#[$about])* $part: $type,)+)?
                },
            )+
            $(
                $(#[$said])*
                $message {
                    $(
                        #[allow(missing_docs, reason = "the message says what it is")]
                        $payload: $content
                    )?
                },
            )+
            /// A message defined by the app: any JSON, or nothing.
            ServerMessage {
                /// The message.
                data: Option<Value>,
            },
            /// A message whose type this version does not know, unchanged.
            UnknownMessage {
                /// Its type.
                wire_type: String,
                /// Its data, if any.
                data: Option<Value>,
            },
        }

        #[cfg(test)]
        const NAMES: &[(&str, &str)] =
            &[$((stringify!($variant), $name),)+ $((stringify!($message), $event),)+];

        impl RtviEvent {
            /// The name that every Pipecat SDK uses for the event, such as `botReady`.
            pub const fn name(&self) -> &'static str {
                match self {
                    $(Self::$variant { .. } => $name,)+
                    $(Self::$message { .. } => $event,)+
                    Self::ServerMessage { .. } => "serverMessage",
                    Self::UnknownMessage { .. } => "unknownMessage",
                }
            }
        }

        impl From<Event> for RtviEvent {
            fn from(event: Event) -> Self {
                match event {
                    $(Event::$variant $(($field))? $({$($part),+})? => Self::$variant { $($field)? $($($part),+)? },)+
                    Event::Server(message) => message.into(),
                }
            }
        }

        impl From<ServerMessage> for RtviEvent {
            fn from(message: ServerMessage) -> Self {
                match message {
                    $(ServerMessage::$message $(($payload))? => Self::$message { $($payload)? },)+
                    ServerMessage::Error(BotErrorData { error, fatal }) => {
                        Self::Error { error: Error::new(ErrorKind::BotError, error), fatal }
                    }
                    ServerMessage::ErrorResponse(ErrorResponseData { error }) => Self::MessageError { id: None, error },
                    ServerMessage::ServerMessage(data) => Self::ServerMessage { data },
                    ServerMessage::Unknown { wire_type, data } => Self::UnknownMessage { wire_type, data },
                }
            }
        }

        impl From<RtviEvent> for Event {
            fn from(event: RtviEvent) -> Self {
                match event {
                    // An error that the bot reported and the client has not acted on.
                    RtviEvent::Error { error, fatal } if error.kind() == ErrorKind::BotError && error.phase().is_none() => {
                        Self::Server(ServerMessage::Error(BotErrorData { error: error.message().to_owned(), fatal }))
                    }
                    $(RtviEvent::$variant { $($field)? $($($part),+)? } => Self::$variant $(($field))? $({$($part),+})?,)+
                    $(RtviEvent::$message { $($payload)? } => Self::Server(ServerMessage::$message $(($payload))?),)+
                    RtviEvent::ServerMessage { data } => Self::Server(ServerMessage::ServerMessage(data)),
                    RtviEvent::UnknownMessage { wire_type, data } => {
                        Self::Server(ServerMessage::Unknown { wire_type, data })
                    }
                }
            }
        }
    };
}

event_table!(with_server_messages!);

#[cfg(test)]
mod tests {
    use super::*;

    /// The generators for other languages derive the events' names from their variants.
    #[test]
    fn an_event_is_named_as_its_variant() {
        for (variant, name) in NAMES {
            let (first, rest) = variant.split_at(1);
            assert_eq!(format!("{}{rest}", first.to_lowercase()), *name);
        }
    }

    #[test]
    fn an_event_keeps_everything_both_ways() {
        let lost = Error::new(ErrorKind::ConnectionLost, "lost").with_status(1006).with_code("X");
        let said = TextData { text: "Hello".to_owned() };
        for event in [
            Event::Connected,
            Event::Reconnecting { attempt: 1, max_attempts: 3, reason: lost.clone() },
            Event::Disconnected(DisconnectReason::Failed(lost)),
            Event::Server(ServerMessage::BotLlmText(said)),
            Event::Server(ServerMessage::Error(BotErrorData { error: "broken".to_owned(), fatal: true })),
            Event::Server(ServerMessage::ServerMessage(None)),
            Event::Server(ServerMessage::Unknown { wire_type: "new".to_owned(), data: Some(Value::Null) }),
        ] {
            let flat = RtviEvent::from(event.clone());
            assert_eq!((flat.name(), Event::from(flat)), (event.name(), event));
        }
    }
}
