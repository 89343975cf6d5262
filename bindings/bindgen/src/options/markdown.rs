//! The options as a page, for people who write them as JSON.

use heck::ToSnakeCase;

use crate::schema::{Field, Kind, Type};

const HEAD: &str = "# Options as JSON

C, configuration files and the bindings pass options in this form. Times are whole milliseconds, and their names end in `Ms`. A missing option
has its default; an unknown name is an error. The other languages leave out an option that equals its default, even where an app sets it: with a
later library it then has that library's default. `ClientOptions` are those of a client; `WebSocketTransportOptions`, `SmallWebRtcTransportOptions`,
`LiveKitTransportOptions`, `PhoneTransportOptions` and `AutoTransportOptions` those of the transports `websocket`, `small-webrtc`, `livekit`, `phone` and `auto`. In other languages they are types of the same names and contents.

Printed from the core by `rtvi-options markdown`; a test compares.
";

pub(crate) fn print(types: &[Type]) -> String {
    HEAD.to_owned() + &types.iter().rev().map(section).collect::<String>()
}

fn section(of: &Type) -> String {
    let fields: String = of.fields.iter().map(row).collect();
    format!("\n## {}\n\n{}\n\n{fields}", of.name, of.doc.join("\n"))
}

fn row(field: &Field) -> String {
    let doc = field.doc.join("\n  ").replace("\n  \n", "\n\n");
    let null = if field.is_optional { ", or null" } else { "" };
    format!("- `{}` ({}{null}): {doc}\n", field.name, literal_kind(&field.kind))
}

fn literal_kind(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "true or false".to_owned(),
        Kind::Integer | Kind::Time => "whole number".to_owned(),
        Kind::Float => "number".to_owned(),
        Kind::Text | Kind::Url => "text".to_owned(),
        Kind::Json => "any JSON".to_owned(),
        Kind::Struct(name) => format!("[{name}](#{})", name.to_snake_case().replace('_', "").to_lowercase()),
        Kind::List(item) => format!("list of {}", literal_kind(item)),
    }
}
