//! Names in C.
//!
//! Pure.

use heck::{ToShoutySnakeCase, ToSnakeCase};

/// The enums that have another name.
const ENUMS: [(&str, &str); 1] = [("TransportState", "State")];

/// The type of a plain enum.
pub(crate) fn enum_name(name: &str) -> String {
    format!("rtvi_{}", short(name).to_snake_case())
}

/// A constant of a plain enum.
pub(crate) fn constant(name: &str, variant: &str) -> String {
    let short = short(name);
    let short = short.strip_suffix("Kind").unwrap_or(short);
    format!("RTVI_{}_{}", short.to_shouty_snake_case(), variant.to_shouty_snake_case())
}

fn short(name: &str) -> &str {
    ENUMS.iter().find(|(rust, _)| *rust == name).map_or(name, |(_, c)| c)
}

/// The type of a record or union.
pub(crate) fn struct_name(name: &str) -> String {
    format!("rtvi_{}", name.to_snake_case())
}

/// The struct for the fields of an event that is not a record.
pub(crate) fn event_struct_name(event: &str) -> String {
    format!("rtvi_{}_event", event.to_snake_case())
}

/// The function that reads an event.
pub(crate) fn reader_name(event: &str) -> String {
    format!("rtvi_event_{}", event.to_snake_case())
}
