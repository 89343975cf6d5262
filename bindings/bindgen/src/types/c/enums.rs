//! The enums of C, and how the core's enums convert to them.
//!
//! Pure.

use std::fmt::Write;

use super::{
    file,
    names::{constant, enum_name},
    printed::{Printed, zero},
    structs,
};
use crate::{
    docs,
    metadata::Outcome,
    model::{Model, Plain},
};

/// The end of every enum's comment.
const STABLE: &str = "Values never change; new ones may be added.";

/// Prints the kinds of events.
pub(super) fn event_kind(model: &Model, printed: &Printed) -> Outcome<String> {
    let kinds = kinds(model);
    let mut text = file("The numbers of the events.", "use rtvi_core::ffi::RtviEvent;\n");
    text += &definition(&kinds, printed)?;
    text += "\nimpl rtvi_event_kind {\n    /// The number of an event.\n";
    text += "    #[expect(clippy::too_many_lines, reason = \"one arm an event\")]\n";
    text += "    pub(crate) const fn of(event: &RtviEvent) -> Self {\n        match event {\n";
    for event in &model.events {
        let _ = writeln!(
            text,
            "            RtviEvent::{} {{ .. }} => Self::{},",
            event.name,
            constant("EventKind", &event.name)
        );
    }
    text += "        }\n    }\n}\n";
    Ok(text)
}

/// The events as an enum without fields.
pub(crate) fn kinds(model: &Model) -> Plain {
    Plain {
        name: "EventKind".to_owned(),
        path: String::new(),
        doc: "What happened; ignore what you don't know.\n\nThe names are those of the other Pipecat SDKs. The data of each are read by the \
              function with its name, such as\n`rtvi_event_bot_output`, or as JSON by `rtvi_event_data`."
            .to_owned(),
        variants: model.events.iter().map(|event| (event.name.clone(), event.doc.clone())).collect(),
        is_open: true,
    }
}

/// Prints all other enums.
pub(super) fn others(model: &Model, printed: &Printed) -> Outcome<String> {
    let mut text = file("The enums of the core.", "use crate::view::numbered;\n");
    for plain in &model.enums {
        text += &definition(plain, printed)?;
        text += &table(plain);
    }
    for union in &model.unions {
        text += &definition(&structs::kind_of(union), printed)?;
        text += "\n";
    }
    Ok(text)
}

fn definition(plain: &Plain, printed: &Printed) -> Outcome<String> {
    let mut text = docs::commented(&format!("{}\n\n{STABLE}", plain.doc), "");
    let _ = writeln!(
        text,
        "#[repr(C)]\n#[derive(Clone, Copy, Debug, PartialEq, Eq)]\npub enum {} {{",
        enum_name(&plain.name)
    );
    if let Some(zero) = zero(plain) {
        let _ = writeln!(text, "    /// {}\n    {} = 0,", zero.doc, constant(&plain.name, zero.variant));
    }
    for (number, variant, doc) in printed.numbered(plain)? {
        text += &docs::commented(doc, "    ");
        let _ = writeln!(text, "    {} = {number},", constant(&plain.name, variant));
    }
    text += "}\n";
    Ok(text)
}

/// Prints the core's variants with their constants, and the constant for unknown variants.
fn table(plain: &Plain) -> String {
    let has = |name: &str| plain.variants.iter().any(|(variant, _)| variant == name);
    let other = ["Internal", "Unknown"].into_iter().find(|name| plain.is_open && has(name));
    let first = plain.variants.first().map_or("", |(name, _)| name);
    let other = other.unwrap_or_else(|| zero(plain).map_or(first, |zero| zero.variant));
    let mut text = format!(
        "\nnumbered! {{\n    {} for {}, else {};\n",
        enum_name(&plain.name),
        plain.path,
        constant(&plain.name, other)
    );
    for (variant, _) in &plain.variants {
        let _ = writeln!(text, "    {variant} = {},", constant(&plain.name, variant));
    }
    text + "}\n\n"
}
