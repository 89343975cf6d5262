//! The events of C++: a type for each, and the variant of all.
//!
//! Pure.

use std::fmt::Write;

use super::{
    header,
    shapes::{members, read_all, record_name},
};
use crate::{
    c::reader_name,
    docs::commented,
    model::{Model, Struct},
};

const INCLUDES: [&str; 5] = [
    "#include <string>",
    "#include <variant>",
    "#include <vector>\n",
    "#include \"event.hpp\"",
    "#include \"payloads.hpp\"",
];

/// The text before the events.
const OTHER: &str = "\
/// An event that this version has no type for, or the app's own variant.
struct OtherEvent {
    /// Its name.
    std::string name;
    /// Empty if there are none.
    Json data;
};

";

/// Prints the whole file.
pub(super) fn print(model: &Model) -> String {
    let mut text = OTHER.to_owned();
    model.events.iter().for_each(|event| text += &definition(model, event));
    text += "/// Every event, each with its own type.\nusing AnyEvent = std::variant<\n    OtherEvent";
    for event in &model.events {
        let _ = write!(text, ",\n    {}", name(event));
    }
    text += ">;\n\n";
    header(
        "Events as types: each with its data in members, all together in one variant.",
        "event.hpp and payloads.hpp",
        &INCLUDES,
        &text,
    )
}

/// The name of an event, which must differ from the error class.
pub(super) fn name(event: &Struct) -> &str {
    if event.name == "Error" { "ErrorEvent" } else { &event.name }
}

fn definition(model: &Model, event: &Struct) -> String {
    let name = name(event);
    let base = event.only_struct().map(|record| record_name(model, record));
    let mut text = commented(&event.doc, "");
    let _ = writeln!(
        text,
        "struct {name}{} {{",
        base.as_ref().map_or_else(String::new, |base| format!(" : {base}"))
    );
    let _ = writeln!(
        text,
        "    /// Its kind.\n    static constexpr EventKind event_kind = EventKind::{};",
        event.name
    );
    if base.is_none() {
        text += &members(model, &event.fields);
    }
    text += "    /// Reads an event of this kind. For another kind, returns an empty one.\n";
    text += &reader(model, event, base.as_deref());
    text + "};\n\n"
}

fn reader(model: &Model, event: &Struct, base: Option<&str>) -> String {
    let name = name(event);
    if event.fields.is_empty() {
        return format!("    static {name} read(const Event&) {{ return {{}}; }}\n");
    }
    let fields = base.map_or_else(|| read_all(model, &event.fields), |base| format!("{base}::from(c)"));
    let c = reader_name(&event.name);
    format!(
        "    static {name} read(const Event& event) {{\n        \
         return detail::read<{name}>({c}(event.c()), [](const auto& c) {{ return {name}{{{fields}}}; }});\n    }}\n"
    )
}
