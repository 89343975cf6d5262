//! The structs that C reads.
//!
//! Pure.

use std::fmt::Write;

use super::{
    file,
    names::{constant, enum_name, event_struct_name, struct_name},
    printed::Printed,
};
use crate::{
    docs,
    metadata::Outcome,
    model::{Field, Model, Plain, Shape, Struct, Union},
};

const USES: &str = "use super::enums::*;\nuse crate::{error::rtvi_error, json::rtvi_json, text::rtvi_str};\n";

/// Prints the records and unions of events.
pub(super) fn payloads(model: &Model, printed: &Printed, names: &[String]) -> Outcome<String> {
    Ok(file("The payloads of events.", USES) + &records(model, printed, names)?)
}

/// Prints those that only conversations use.
pub(super) fn turns(model: &Model, printed: &Printed, names: &[String]) -> Outcome<String> {
    let uses = "use super::{enums::*, structs::*};\nuse crate::{json::rtvi_json, text::rtvi_str};\n";
    Ok(file("The turns of conversations, and the information of a client.", uses)
        + &records(model, printed, names)?)
}

fn records(model: &Model, printed: &Printed, names: &[String]) -> Outcome<String> {
    let mut text = String::new();
    for record in model.unions.iter().filter(|union| names.contains(&union.kind.name)).map(c_struct) {
        text += &definition(printed, &record, &struct_name(&record.name))?;
    }
    for record in model.records.iter().filter(|record| names.contains(&record.name)) {
        text += &definition(printed, record, &struct_name(&record.name))?;
    }
    Ok(text)
}

/// Prints the fields of events that are not simply a record.
pub(super) fn events(model: &Model, printed: &Printed) -> Outcome<String> {
    let uses = format!("use super::structs::*;\n{USES}");
    let mut text = file("The fields of events that have no payload struct.", &uses);
    for event in model.events.iter().filter(|event| has_struct(event)) {
        text += &definition(printed, event, &event_struct_name(&event.name))?;
    }
    Ok(text)
}

/// Whether an event has a struct of its own.
pub(crate) fn has_struct(event: &Struct) -> bool {
    !event.fields.is_empty() && event.only_struct().is_none()
}

/// The enum of a union's kinds.
pub(crate) fn kind_of(union: &Union) -> Plain {
    let Plain { name, path, variants, .. } = &union.kind;
    let name = format!("{name}Kind");
    let doc = format!("The kinds of `{}`.", struct_name(&union.kind.name));
    Plain { name, path: path.clone(), doc, variants: variants.clone(), is_open: false }
}

/// A union as a struct: its kind, and the fields of all variants, which may be absent. `shown`
/// returns how to write a variant.
pub(crate) fn union_struct(union: &Union, shown: impl Fn(&str) -> String) -> Struct {
    let kind = Shape::Plain(kind_of(union).name);
    let kind = Field { name: "kind".to_owned(), doc: "The kind.".to_owned(), shape: kind };
    let of_variants = |field: &Field| Field {
        name: field.name.clone(),
        doc: format!("{} {}", docs::or_named(&field.doc, &field.name), owners(union, field, &shown)),
        shape: match &field.shape {
            optional @ Shape::Optional(_) => optional.clone(),
            shape => Shape::Optional(Box::new(shape.clone())),
        },
    };
    let fields = std::iter::once(kind).chain(union.all_fields().into_iter().map(of_variants)).collect();
    Struct {
        name: union.kind.name.clone(),
        path: union.kind.path.clone(),
        doc: union.kind.doc.clone(),
        fields,
    }
}

/// The variants that have a field.
fn owners(union: &Union, field: &Field, shown: impl Fn(&str) -> String) -> String {
    let has = |fields: &[Field]| fields.iter().any(|other| other.name == field.name);
    let variants = union.kind.variants.iter().zip(&union.fields);
    let owners =
        variants.filter(|(_, (fields, _))| has(fields)).map(|((name, _), _)| format!("`{}`", shown(name)));
    format!("Of {} only.", owners.collect::<Vec<_>>().join(" and "))
}

/// The same with the constants of C.
fn c_struct(union: &Union) -> Struct {
    let kind = kind_of(union).name;
    union_struct(union, |variant| constant(&kind, variant))
}

fn definition(printed: &Printed, record: &Struct, name: &str) -> Outcome<String> {
    let mut text = docs::commented(&record.doc, "");
    let _ = writeln!(text, "#[repr(C)]\n#[derive(Clone, Copy, Debug)]\npub struct {name} {{");
    for field in printed.ordered(name, &record.fields)? {
        text += &docs::commented(&described(field), "    ");
        let (ty, is_counted) = type_name(&field.shape);
        let _ = writeln!(text, "    pub {}: {ty},", field_name(field));
        if is_counted {
            let _ = writeln!(text, "    /// How many.\n    pub {}_count: usize,", field.name);
        }
    }
    Ok(text + "}\n\n")
}

/// The name of a field. A duration's name states its unit.
pub(crate) fn field_name(field: &Field) -> String {
    match &field.shape {
        Shape::Duration => format!("{}_ms", field.name),
        Shape::Optional(inner) if **inner == Shape::Duration => format!("{}_ms", field.name),
        _ => field.name.clone(),
    }
}

fn described(field: &Field) -> String {
    let doc = docs::or_named(&field.doc, &field.name);
    match &field.shape {
        Shape::Duration => format!("{doc} In milliseconds."),
        Shape::Optional(inner) if matches!(**inner, Shape::Text | Shape::Open(_)) => {
            format!("{doc} Its data are null where it is absent.")
        }
        Shape::Optional(_) => format!("{doc} Null where it is absent."),
        _ => doc,
    }
}

/// The type of a field, and whether a count follows.
fn type_name(shape: &Shape) -> (String, bool) {
    let pointer = |to: &str| format!("*const {to}");
    match shape {
        Shape::Number(name) => ((*name).to_owned(), false),
        Shape::Bool => ("bool".to_owned(), false),
        Shape::Duration => ("f64".to_owned(), false),
        Shape::Text | Shape::Open(_) => ("rtvi_str".to_owned(), false),
        Shape::Json => (pointer("rtvi_json"), false),
        Shape::Error => (pointer("rtvi_error"), false),
        Shape::Plain(name) => (enum_name(name), false),
        Shape::Struct(name) => (pointer(&struct_name(name)), false),
        Shape::Bytes => (pointer("u8"), true),
        Shape::List(inner) => (pointer(&type_name(inner).0), true),
        Shape::Optional(inner) => match type_name(inner).0 {
            text if text == "rtvi_str" || text.starts_with('*') => (text, false),
            value => (pointer(&value), false),
        },
    }
}
