//! The options as Swift structs: `Sendable`, `Equatable`, with a memberwise initializer whose
//! arguments have the defaults.

use serde_json::Value;

use crate::{
    literal,
    schema::{Field, Kind, Type},
};

const HEAD: &str = "// Printed from the core by `rtvi-options swift`; do not edit.
import Foundation
";

pub(crate) fn print(types: &[Type]) -> String {
    HEAD.to_owned() + &types.iter().map(structure).collect::<String>()
}

fn structure(of: &Type) -> String {
    let name = type_name(&of.name);
    let fields: String = of.fields.iter().map(property).collect();
    let (init, switches) = (initializer(of), if of.is_switches() { all(of) } else { String::new() });
    let mut text = format!(
        "\n{}public struct {name}: Sendable, Equatable {{\n{fields}\n{init}{switches}}}\n\n{}",
        literal::comments(&of.doc, ""),
        encoding(of)
    );
    if of.has_secrets() {
        text += &secrecy(of);
    }
    text
}

/// Names of the other languages that Swift replaces.
pub(crate) fn type_name(name: &str) -> String {
    match name {
        "TlsOptions" => "TLSOptions".to_owned(),
        "SmallWebRtcTransportOptions" => "SmallWebRTCTransport".to_owned(),
        name => name
            .strip_suffix("TransportOptions")
            .map_or_else(|| name.to_owned(), |base| format!("{base}Transport")),
    }
}

fn kind_name(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "Bool".to_owned(),
        Kind::Integer => "Int".to_owned(),
        Kind::Float => "Float".to_owned(),
        Kind::Text => "String".to_owned(),
        Kind::Url => "URL".to_owned(),
        Kind::Time => "TimeInterval".to_owned(),
        Kind::Json => "Value".to_owned(),
        Kind::Struct(name) => type_name(name),
        Kind::List(item) => format!("[{}]", kind_name(item)),
    }
}

fn typed(field: &Field) -> String {
    let optional = if field.is_optional { "?" } else { "" };
    format!("{}: {}{optional}", field.plain_name(), kind_name(&field.kind))
}

fn property(field: &Field) -> String {
    format!("{}    public var {}\n", literal::comments(&field.doc, "    "), typed(field))
}

fn default(field: &Field) -> String {
    match &field.kind {
        _ if field.is_absent_by_default() || field.kind == Kind::Json => "nil".to_owned(),
        Kind::Bool | Kind::Integer => literal::plain(field),
        Kind::Float => literal::float(field),
        Kind::Text | Kind::Url => literal::text(field),
        Kind::Time => {
            let millis = field.default.as_ref().and_then(Value::as_f64).unwrap_or_default();
            (millis / 1000.0).to_string()
        }
        Kind::Struct(name) => format!("{}()", type_name(name)),
        Kind::List(_) | Kind::Json => "[]".to_owned(),
    }
}

fn initializer(of: &Type) -> String {
    let argument = |field: &Field| match field.default {
        Some(_) => format!("        {} = {}", typed(field), default(field)),
        None => format!("        {}", typed(field)),
    };
    let arguments: Vec<_> = of.fields.iter().map(argument).collect();
    let set = |field: &Field| format!("        self.{0} = {0}\n", field.plain_name());
    let sets: String = of.fields.iter().map(set).collect();
    let doc = "    /// Absent arguments have their defaults.\n";
    format!("{doc}    public init(\n{}\n    ) {{\n{sets}    }}\n", arguments.join(",\n"))
}

fn all(of: &Type) -> String {
    let arguments: Vec<_> = of.fields.iter().map(|field| format!("{}: true", field.plain_name())).collect();
    format!(
        "\n    /// Nothing.\n    public static let off = {0}()\n    /// Everything.\n    public static let all = {0}(\n        {1})\n",
        type_name(&of.name),
        arguments.join(", ")
    )
}

/// Prints the code that writes the options that differ from their defaults.
fn encoding(of: &Type) -> String {
    let name = type_name(&of.name);
    let given = |field: &&Field| field.default.is_none();
    let required: Vec<_> =
        of.fields.iter().filter(given).map(|field| format!("{0}: {0}", field.plain_name())).collect();
    let put = |field: &Field| {
        let (plain, time) = (field.plain_name(), if field.kind == Kind::Time { "Time" } else { "" });
        match field.default {
            Some(_) => format!("        members.put{time}(\"{}\", {plain}, byDefault.{plain})\n", field.name),
            None => format!("        members.put(\"{}\", {plain})\n", field.name),
        }
    };
    let puts: String = of.fields.iter().map(put).collect();
    let by_default = match of.fields.iter().any(|field| field.default.is_some()) {
        true => format!("        let byDefault = {name}({})\n", required.join(", ")),
        false => String::new(),
    };
    format!(
        "extension {name}: OptionValue {{\n    var asValue: Value {{\n{by_default}        var members = OptionMembers()\n{puts}        \
         return members.asValue\n    }}\n}}\n"
    )
}

/// Prints the description, which omits possible secrets.
fn secrecy(of: &Type) -> String {
    let name = type_name(&of.name);
    let shown = |field: &Field| {
        let plain = field.plain_name();
        match (&field.kind, field.is_optional) {
            (Kind::Url, false) => format!("{plain}: \\({plain}.shown)"),
            (Kind::Url, true) => format!("{plain}: \\({plain}?.shown ?? \"nil\")"),
            (_, false) => format!("{plain}: \\({plain})"),
            (_, true) => format!("{plain}: \\({plain}.map(String.init(describing:)) ?? \"nil\")"),
        }
    };
    let shown: Vec<_> = of.fields.iter().filter(|field| !field.is_secret).map(shown).collect();
    format!(
        "\nextension {name}: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {{\n    \
         /// Omits possible secrets.\n    public var description: String {{ \"{name}({})\" }}\n\n    \
         /// The same as ``description``.\n    public var debugDescription: String {{ description }}\n\n    \
         /// Empty: `dump` shows only the description.\n    public var customMirror: Mirror {{ Mirror(self, children: []) }}\n}}\n",
        shown.join(", ")
    )
}
