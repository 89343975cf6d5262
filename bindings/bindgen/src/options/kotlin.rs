//! The options as Kotlin classes. A block sets their properties, so that a new property breaks no
//! compiled app.

use crate::{
    literal,
    schema::{Field, Kind, Type},
};

const HEAD: &str = "// Printed from the core by `rtvi-options kotlin`; do not edit.
package ai.rtvi.client

import kotlin.time.Duration
import kotlin.time.Duration.Companion.milliseconds
";

pub(crate) fn print(types: &[Type]) -> String {
    HEAD.to_owned() + &types.iter().map(class).collect::<String>()
}

/// An options class. The class for a client is the base of `PipecatClientOptions`; the classes for
/// transports are transports.
fn class(of: &Type) -> String {
    let name = type_name(&of.name);
    let (required, optional): (Vec<_>, Vec<_>) = of.fields.iter().partition(|field| field.default.is_none());
    let doc = document(&of.doc, "");
    let parameters: Vec<_> = required.iter().map(|field| parameter(field)).collect();
    let properties: String = optional.iter().map(|field| property(field)).collect();
    let (head, end) = match of.name.as_str() {
        "ClientOptions" => (format!("public sealed class {name} : OptionObject {{\n"), String::new()),
        _ if optional.is_empty() => {
            (format!("public class {name}(\n{}) : OptionObject {{\n", parameters.concat()), String::new())
        }
        _ => {
            let configure = format!("    configure: {name}.() -> Unit = {{}},\n");
            let head = format!(
                "public class {name}(\n{}{configure}) : {} {{\n",
                parameters.concat(),
                base(&of.name)
            );
            (head, "\n    init {\n        configure()\n    }\n".to_owned())
        }
    };
    let all = if of.is_switches() { switches(of) } else { String::new() };
    format!("\n{doc}{head}{properties}{end}\n{}\n{}{all}}}\n", encoding(of), description(of))
}

pub(crate) fn type_name(name: &str) -> String {
    match name {
        "SmallWebRtcTransportOptions" => "SmallWebRTCTransport".to_owned(),
        name => name
            .strip_suffix("TransportOptions")
            .map_or_else(|| name.to_owned(), |base| format!("{base}Transport")),
    }
}

fn base(name: &str) -> &'static str {
    if name.ends_with("TransportOptions") { "Transport, OptionObject" } else { "OptionObject" }
}

fn kind_name(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "Boolean".to_owned(),
        Kind::Integer => "Int".to_owned(),
        Kind::Float => "Float".to_owned(),
        Kind::Text | Kind::Url => "String".to_owned(),
        Kind::Time => "Duration".to_owned(),
        Kind::Json => "Value".to_owned(),
        Kind::Struct(name) => type_name(name),
        Kind::List(item) => format!("List<{}>", kind_name(item)),
    }
}

fn typed(field: &Field) -> String {
    let optional = if field.is_optional { "?" } else { "" };
    format!("{}: {}{optional}", field.plain_name(), kind_name(&field.kind))
}

fn default(field: &Field) -> String {
    match &field.kind {
        _ if field.is_absent_by_default() || field.kind == Kind::Json => "null".to_owned(),
        Kind::Bool | Kind::Integer => literal::plain(field),
        Kind::Float => format!("{}f", literal::float(field)),
        Kind::Text | Kind::Url => literal::text(field),
        Kind::Time => format!("{}.milliseconds", literal::plain(field)),
        Kind::Struct(name) => format!("{}()", type_name(name)),
        Kind::List(_) | Kind::Json => "emptyList()".to_owned(),
    }
}

fn parameter(field: &Field) -> String {
    format!("{}    public var {},\n", document(&field.doc, "    "), typed(field))
}

fn property(field: &Field) -> String {
    format!("{}    public var {} = {}\n", document(&field.doc, "    "), typed(field), default(field))
}

fn document(doc: &[String], indent: &str) -> String {
    if let [line] = doc {
        return format!("{indent}/** {line} */\n");
    }
    let lines: String =
        doc.iter().map(|line| format!("{}\n", format!("{indent} * {line}").trim_end())).collect();
    format!("{indent}/**\n{lines}{indent} */\n")
}

/// Prints the code that writes the options that differ from their defaults.
fn encoding(of: &Type) -> String {
    let put = |field: &Field| {
        let plain = field.plain_name();
        match (&field.default, &field.kind) {
            (None, _) => format!("        put(\"{}\", {plain})\n", field.name),
            (_, Kind::Struct(_)) if !field.is_optional => {
                format!("        put(\"{}\", {plain}.toValue(), Value.Object())\n", field.name)
            }
            (_, Kind::List(_)) => format!("        put(\"{}\", {plain}, emptyList<Any>())\n", field.name),
            _ => format!("        put(\"{}\", {plain}, {})\n", field.name, default(field)),
        }
    };
    let puts: String = of.fields.iter().map(put).collect();
    format!("    override fun toValue(): Value.Object = members {{\n{puts}    }}\n")
}

/// Prints the description, which omits possible secrets.
fn description(of: &Type) -> String {
    let shown = |field: &&Field| {
        let plain = field.plain_name();
        match (&field.kind, field.is_optional) {
            (Kind::Url, false) => format!("{plain}=${{shown({plain})}}"),
            (Kind::Url, true) => format!("{plain}=${{{plain}?.let(::shown)}}"),
            _ => format!("{plain}=${plain}"),
        }
    };
    let shown: Vec<_> =
        of.fields.iter().filter(|field| !field.is_secret).map(|field| shown(&field)).collect();
    let secrets = if of.has_secrets() { "    /** Omits possible secrets. */\n" } else { "" };
    format!(
        "{secrets}    override fun toString(): String =\n        \"{}({})\"\n",
        type_name(&of.name),
        shown.join(", ")
    )
}

fn switches(of: &Type) -> String {
    let sets: Vec<_> =
        of.fields.iter().map(|field| format!("            {} = true\n", field.plain_name())).collect();
    format!(
        "\n    public companion object {{\n        /** Nothing. */\n        public fun off(): {0} = {0}()\n\n        \
         /** Everything. */\n        public fun all(): {0} = {0} {{\n{1}        }}\n    }}\n",
        of.name,
        sets.concat()
    )
}
