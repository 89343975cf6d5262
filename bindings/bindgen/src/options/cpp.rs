//! The options as C++ structs with default member initializers, and as the JSON that rtvi.h
//! accepts.

use heck::ToSnakeCase;

use crate::{
    literal,
    schema::{Field, Kind, Type},
};

const HEAD: &str = "/// \\file
/// The options, as plain structs. Set their members by name; later versions may add more and
/// reorder them. A member that equals its default is omitted, even if it was set: a later library
/// then uses its own default.
///
/// Printed from the core by `rtvi-options cpp`; do not edit. Depends on json_maker.hpp. Values
/// only.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include \"json_maker.hpp\"

RTVI_NAMESPACE_BEGIN
";

pub(crate) fn print(types: &[Type]) -> String {
    let structures: String = types.iter().map(structure).collect();
    let encodings: String = types.iter().map(encoding).collect();
    let members: String = types.iter().map(member).collect();
    format!(
        "{HEAD}{structures}\nnamespace detail {{\n{encodings}\n}}  // namespace detail\n{members}\nRTVI_NAMESPACE_END\n"
    )
}

fn structure(of: &Type) -> String {
    let fields: String = of.fields.iter().map(property).collect();
    let switches = if of.is_switches() { all(of) } else { String::new() };
    format!(
        "\n{}struct {} {{\n{fields}{switches}\n    /// The JSON for rtvi.h: the members that differ from their defaults.\n    Result<Json> to_json() const;\n}};\n",
        literal::comments(&of.doc, ""),
        of.name
    )
}

fn all(of: &Type) -> String {
    let sets: String = of
        .fields
        .iter()
        .map(|field| format!("        all.{} = true;\n", field.plain_name().to_snake_case()))
        .collect();
    format!(
        "\n    /// Everything.\n    static {0} all() noexcept {{\n        {0} all;\n{sets}        return all;\n    }}\n",
        of.name
    )
}

fn kind_name(kind: &Kind) -> String {
    match kind {
        Kind::Bool => "bool".to_owned(),
        Kind::Integer => "std::uint32_t".to_owned(),
        Kind::Float => "float".to_owned(),
        Kind::Text | Kind::Url => "std::string".to_owned(),
        Kind::Time => "std::chrono::milliseconds".to_owned(),
        Kind::Json => "Json".to_owned(),
        Kind::Struct(name) => name.clone(),
        Kind::List(item) => format!("std::vector<{}>", kind_name(item)),
    }
}

fn is_optional(field: &Field) -> bool {
    field.is_optional && field.kind != Kind::Json
}

fn property(field: &Field) -> String {
    let kind = kind_name(&field.kind);
    let kind = if is_optional(field) { format!("std::optional<{kind}>") } else { kind };
    format!(
        "{}    {kind} {}{};\n",
        literal::comments(&field.doc, "    "),
        field.plain_name().to_snake_case(),
        default(field)
    )
}

fn default(field: &Field) -> String {
    match &field.kind {
        _ if field.is_absent_by_default() || field.default.is_none() => " = {}".to_owned(),
        Kind::Bool | Kind::Integer => format!(" = {}", literal::plain(field)),
        Kind::Float => format!(" = {}F", literal::float(field)),
        Kind::Time => format!(" = std::chrono::milliseconds({})", literal::plain(field)),
        Kind::Text if field.default != Some("".into()) => format!(" = {}", literal::text(field)),
        Kind::Text | Kind::Url | Kind::Struct(_) | Kind::List(_) | Kind::Json => " = {}".to_owned(),
    }
}

fn encoding(of: &Type) -> String {
    let put = |field: &Field| {
        let (name, member) = (&field.name, field.plain_name().to_snake_case());
        let put = format!("put(json, at + \"/{name}\", it.{member});\n");
        match &field.kind {
            _ if field.default.is_none() => format!("    {put}"),
            Kind::Struct(_) if is_optional(field) => format!("    if (it.{member}) {put}"),
            Kind::Struct(_) => format!("    {put}"),
            Kind::List(_) => format!("    if (!it.{member}.empty()) {put}"),
            _ => format!("    if (it.{member} != by_default.{member}) {put}"),
        }
    };
    let puts: String = of.fields.iter().map(put).collect();
    let by_default = if puts.contains("by_default") {
        format!("    const {} by_default;\n", of.name)
    } else {
        String::new()
    };
    format!(
        "\ninline void put(JsonMaker& json, const std::string& at, const {}& it) {{\n{by_default}    json.object(at);\n{puts}}}\n",
        of.name
    )
}

fn member(of: &Type) -> String {
    format!("\ninline Result<Json> {}::to_json() const {{ return detail::made(*this); }}\n", of.name)
}
