//! Messages in the form in which servers write nearly all of them, read in one pass: every member
//! once, with its usual kind of value, and the type before the data.
//!
//! Pure. Gives up on everything else, which the envelope then reads in two steps.

use std::fmt;

use serde::de::{Deserialize, DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::{Incoming, MESSAGE_LABEL, ServerMessage};

/// Decodes a message of the usual form.
pub(super) fn decode(text: &str) -> Option<Incoming> {
    serde_json::from_str(text).ok().map(|Usual(incoming)| incoming)
}

struct Usual(Incoming);

impl<'de> Deserialize<'de> for Usual {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members).map(Self)
    }
}

/// The members of an envelope.
#[derive(serde::Deserialize)]
#[serde(rename_all = "lowercase")]
enum Member {
    Label,
    Type,
    Id,
    Data,
    #[serde(other)]
    Other,
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Incoming;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a message of the usual form")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Incoming, A::Error> {
        let (mut label, mut wire_type, mut id, mut message) = (None, None, None, None);
        while let Some(member) = map.next_key()? {
            match member {
                Member::Label => once(&mut label, map.next_value::<&str>()?)?,
                Member::Type => once(&mut wire_type, map.next_value::<&str>()?)?,
                Member::Id => once(&mut id, map.next_value::<String>()?)?,
                Member::Data => {
                    let wire_type = wire_type.ok_or_else(unusual)?;
                    once(&mut message, map.next_value_seed(Data { wire_type })?)?;
                }
                Member::Other => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        if label != Some(MESSAGE_LABEL) {
            return Err(unusual());
        }
        let without_data = || ServerMessage::from_wire(wire_type?, None).ok();
        let message = message.or_else(without_data).ok_or_else(unusual)?;
        Ok(Incoming { id, message })
    }
}

/// The data of a message of this type.
struct Data<'a> {
    wire_type: &'a str,
}

impl<'de> DeserializeSeed<'de> for Data<'_> {
    type Value = ServerMessage;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ServerMessage, D::Error> {
        ServerMessage::deserialize_data(self.wire_type, deserializer)
    }
}

fn once<T, E: Error>(place: &mut Option<T>, value: T) -> Result<(), E> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(unusual()),
    }
}

fn unusual<E: Error>() -> E {
    E::custom("not of the usual form")
}
