//! The functions with which C reads events.
//!
//! Pure.

use std::fmt::Write;

use super::{
    file,
    names::{constant, event_struct_name, reader_name, struct_name},
    structs::has_struct,
    views::members,
};
use crate::{
    docs,
    model::{Model, Struct},
};

const USES: &str = "use std::ptr;\n
use rtvi_core::ffi::RtviEvent;\n
use super::{event_kind::rtvi_event_kind as Kind, event_structs::*, structs::*};
use crate::{event::rtvi_event, view::InC};\n";

/// The end of every reader's comment.
const RULES: &str = "Null for an event of another kind; valid as long as the event.";

/// Prints the whole file.
pub(super) fn print(model: &Model) -> String {
    let mut text = file("The functions with which C reads events.", USES);
    model.events.iter().filter(|event| !event.fields.is_empty()).for_each(|event| text += &reader(event));
    text
}

fn reader(event: &Struct) -> String {
    let result = event.only_struct().map_or_else(|| event_struct_name(&event.name), struct_name);
    let mut text = docs::commented(&format!("{} {RULES}", event.doc), "");
    let _ = writeln!(
        text,
        "#[unsafe(no_mangle)] pub extern \"C\" fn {}(event: Option<&rtvi_event>) -> *const {result} {{",
        reader_name(&event.name)
    );
    let names = event.fields.iter().map(|field| &*field.name).collect::<Vec<_>>().join(", ");
    let _ = writeln!(
        text,
        "    rtvi_event::read(event, Kind::{}, |event, arena| {{",
        constant("EventKind", &event.name)
    );
    let _ = writeln!(
        text,
        "        let RtviEvent::{} {{ {names} }} = event else {{ return ptr::null() }};",
        event.name
    );
    if has_struct(event) {
        let _ = writeln!(text, "        arena.put({result} {{");
        text += &members(&event.fields, "");
        text += "        })\n";
    } else {
        let _ = writeln!(text, "        {names}.in_c(arena)");
    }
    text + "    })\n}\n\n"
}
