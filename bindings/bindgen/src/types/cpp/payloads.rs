//! The payloads of C++: the core's records and unions, and how to read them from C.
//!
//! Pure.

use std::fmt::Write;

use super::{
    enums, header,
    shapes::{members, read_all, record_name},
};
use crate::{
    c::{kind_of, struct_name, union_struct},
    docs::commented,
    model::{Model, Plain, Struct, Union},
};

const INCLUDES: [&str; 11] = [
    "#include <chrono>",
    "#include <cstdint>",
    "#include <optional>",
    "#include <string>",
    "#include <string_view>",
    "#include <utility>",
    "#include <vector>\n",
    "#include \"enums.hpp\"",
    "#include \"error.hpp\"",
    "#include \"json.hpp\"",
    "#include \"view.hpp\"",
];

/// Prints the whole file.
pub(super) fn print(model: &Model) -> String {
    let mut text = String::new();
    for name in &model.order {
        model.union(name).into_iter().for_each(|union| text += &of_union(model, union));
        model.record(name).into_iter().for_each(|record| text += &of_record(model, record));
    }
    header(
        "The payloads of events, the turns of conversations, and the information of a client.",
        "enums.hpp, error.hpp, json.hpp and view.hpp",
        &INCLUDES,
        &text,
    )
}

fn of_record(model: &Model, record: &Struct) -> String {
    let name = record_name(model, &record.name);
    let mut text = commented(&record.doc, "");
    let _ = writeln!(text, "struct {name} {{");
    text += &members(model, &record.fields);
    text += &reader(&name, &record.name, &read_all(model, &record.fields));
    text + "};\n\n"
}

fn reader(name: &str, record: &str, fields: &str) -> String {
    format!(
        "    /// As rtvi.h has it.\n    static {name} from(const {c}& c) {{\n        return {{{fields}}};\n    }}\n",
        c = struct_name(record)
    )
}

fn of_union(model: &Model, union: &Union) -> String {
    let record = union_struct(union, |variant| format!("Kind::{variant}"));
    let kind = Plain { doc: "The kinds.".to_owned(), ..kind_of(union) };
    let name = record_name(model, &record.name);
    let mut text = commented(&record.doc, "");
    let _ = writeln!(text, "struct {name} {{");
    text += &enums::definition(&kind, "Kind", "    ");
    let first = kind.variants.first().map_or("", |(variant, _)| variant);
    let _ = writeln!(text, "    /// The kind.\n    Kind kind = Kind::{first};");
    let fields = record.fields.get(1..).unwrap_or_default();
    text += &members(model, fields);
    let all = format!("static_cast<Kind>(c.kind), {}", read_all(model, fields));
    text += &reader(&name, &record.name, &all);
    text + "};\n\n" + &enums::to_string(&kind, &format!("{name}::Kind"))
}
