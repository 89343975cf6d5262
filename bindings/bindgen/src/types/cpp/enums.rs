//! The enums of C++, with the names of their values.
//!
//! Pure.

use std::fmt::Write;

use heck::{ToKebabCase, ToLowerCamelCase};

use super::header;
use crate::{
    c::{self, constant, zero},
    docs::commented,
    model::{Model, Plain},
};

/// The enum whose values client-js writes with hyphens.
const KEBAB: &str = "DeviceErrorKind";

/// Prints the whole file.
pub(super) fn print(model: &Model) -> String {
    let kinds = c::kinds(model);
    let kinds = Plain {
        doc: "What happened. New kinds may be added: ignore those you don't know.".to_owned(),
        ..kinds
    };
    let mut text = definition(&kinds, "EventKind", "");
    text += "\n";
    for plain in &model.enums {
        text += &definition(plain, &plain.name, "");
        text += "\n";
        text += &to_string(plain, &plain.name);
    }
    let includes = ["#include <rtvi.h>\n", "#include <string_view>\n", "#include \"namespace.hpp\""];
    header("Enums.", "rtvi.h and namespace.hpp", &includes, &text)
}

/// An enum class with the numbers of C.
pub(super) fn definition(plain: &Plain, name: &str, indent: &str) -> String {
    let mut text = commented(&plain.doc, indent);
    let _ = writeln!(text, "{indent}enum class {name} {{");
    let zero = zero(plain).filter(|zero| zero.is_in_cpp);
    if let Some(zero) = zero {
        let _ = writeln!(text, "{indent}    /// {}", zero.doc);
        let _ = writeln!(text, "{indent}    {} = {},", zero.variant, constant(&plain.name, zero.variant));
    }
    for (variant, about) in &plain.variants {
        text += &commented(about, &format!("{indent}    "));
        let _ = writeln!(text, "{indent}    {variant} = {},", constant(&plain.name, variant));
    }
    text + indent + "};\n"
}

/// The names of an enum's values.
pub(super) fn to_string(plain: &Plain, name: &str) -> String {
    let mut text = format!(
        "/// The name that it has in JSON; empty for one that this version does not know.\n\
         inline std::string_view to_string({name} value) noexcept {{\n    switch (value) {{\n"
    );
    if let Some(zero) = zero(plain).filter(|zero| zero.is_in_cpp) {
        let _ = writeln!(text, "        case {name}::{}: return {{}};", zero.variant);
    }
    for (variant, _) in &plain.variants {
        let shown = if plain.name == KEBAB { variant.to_kebab_case() } else { variant.to_lower_camel_case() };
        let _ = writeln!(text, "        case {name}::{variant}: return \"{shown}\";");
    }
    text + "    }\n    return {};\n}\n\n"
}
