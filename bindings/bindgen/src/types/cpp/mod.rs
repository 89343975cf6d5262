//! C++: enums, payloads and events as headers over the structs of C.
//!
//! Depends on [`crate::c`] for the names in C. Pure.

mod enums;
mod events;
pub(crate) mod fields;
mod payloads;
mod shapes;

use crate::model::Model;

/// The headers with their contents.
pub(crate) fn print(model: &Model) -> Vec<(&'static str, String)> {
    vec![
        ("enums.hpp", enums::print(model)),
        ("payloads.hpp", payloads::print(model)),
        ("events.hpp", events::print(model)),
    ]
}

/// A header: its description, its dependencies, its includes, and the content of the namespace.
fn header(what: &str, depends: &str, includes: &[&str], inside: &str) -> String {
    let includes: String = includes.iter().map(|include| format!("{include}\n")).collect();
    format!(
        "/// \\file\n/// {what}\n///\n/// Printed by `cargo xtask bindings` from the core's types. Depends on {depends}.\n\
         #pragma once\n\n{includes}\nRTVI_NAMESPACE_BEGIN\n\n{inside}RTVI_NAMESPACE_END\n"
    )
}
