//! C: the Rust sources of its types, their views and readers, from which cbindgen makes the header.
//!
//! Depends on [`crate::model`]. The numbers of what is there already are read from the sources that were printed before.

mod enums;
mod names;
mod numbers;
mod readers;
mod structs;
mod views;

use std::fmt::Write;

use crate::model::{Model, Outcome};
pub(crate) use names::{constant, enum_name, event_struct_name, reader_name, struct_name};
pub(crate) use numbers::{Numbers, zero};
pub(crate) use structs::{field_name, has_struct, kind_of};

const HEAD: &str = "// Printed by `cargo xtask bindings` from the core's types.\n";

/// The files of the folder with what is in them.
pub(crate) fn print(model: &Model, numbers: &Numbers) -> Outcome<Vec<(&'static str, String)>> {
    Ok(vec![
        ("event_kind.rs", enums::event_kind(model, numbers)?),
        ("enums.rs", enums::others(model, numbers)?),
        ("structs.rs", structs::records(model)),
        ("event_structs.rs", structs::events(model)),
        ("views.rs", views::print(model)),
        ("readers.rs", readers::print(model)),
    ])
}

/// A file that begins with what it is.
fn file(what: &str, uses: &str) -> String {
    let mut text = HEAD.to_owned();
    let _ = writeln!(text, "//! {what}\n\n{uses}");
    text
}
