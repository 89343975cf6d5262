//! C: the Rust sources of its types, their views and readers, from which cbindgen generates the
//! header.
//!
//! Depends on [`crate::model`]. The previously printed sources supply the numbers of existing
//! constants.

mod enums;
mod names;
mod printed;
mod readers;
mod structs;
mod views;

use crate::{metadata::Outcome, model::Model};
pub(crate) use enums::kinds;
pub(crate) use names::{constant, reader_name, struct_name};
pub(crate) use printed::{Printed, zero};
pub(crate) use structs::{field_name, kind_of, union_struct};

/// The files of the folder with their contents.
pub(crate) fn print(model: &Model, printed: &Printed) -> Outcome<Vec<(&'static str, String)>> {
    let (payloads, turns) = model.parts();
    Ok(vec![
        ("event_kind.rs", enums::event_kind(model, printed)?),
        ("enums.rs", enums::others(model, printed)?),
        ("structs.rs", structs::payloads(model, printed, payloads)?),
        ("event_structs.rs", structs::events(model, printed)?),
        ("turn_structs.rs", structs::turns(model, printed, turns)?),
        ("views.rs", views::payloads(model, payloads)),
        ("turn_views.rs", views::turns(model, turns)),
        ("readers.rs", readers::print(model)),
    ])
}

/// A file that begins with its description.
fn file(what: &str, uses: &str) -> String {
    format!("//! {what}\n//!\n//! Printed by `cargo xtask bindings` from the core's types.\n\n{uses}\n")
}
