//! The fields of every event by name, for the C++ tests, which compare them with the messages of
//! the events.
//!
//! Pure.

use std::fmt::Write;

use super::{events, shapes::record_name};
use crate::model::{Field, Model, Struct};

/// Prints the whole file.
pub(crate) fn print(model: &Model) -> String {
    let mut text = "\
// Printed by `cargo xtask bindings` from the core's types: the fields of every event by name.
#pragma once

#include <rtvi/rtvi.hpp>

namespace test {

"
    .to_owned();
    for union in &model.unions {
        let fields = union.all_fields().into_iter();
        text += &visitor(&record_name(model, &union.kind.name), fields);
    }
    for record in &model.records {
        text += &visitor(&record_name(model, &record.name), record.fields.iter());
    }
    for event in model.events.iter().filter(|event| event.only_struct().is_none()) {
        text += &of_event(event);
    }
    text + "}  // namespace test\n"
}

fn of_event(event: &Struct) -> String {
    visitor(events::name(event), event.fields.iter())
}

fn visitor<'a>(name: &str, fields: impl Iterator<Item = &'a Field>) -> String {
    let mut inside = String::new();
    for field in fields {
        let _ = writeln!(inside, "    visit(\"{0}\", it.{0});", field.name);
    }
    let (it, visit) = if inside.is_empty() { ("", "&&") } else { (" it", "&& visit") };
    format!(
        "template <class Visit>\nvoid each_field(const rtvi::{name}&{it}, Visit{visit}) {{\n{inside}}}\n\n"
    )
}
