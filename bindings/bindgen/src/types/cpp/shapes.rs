//! The C++ type of a field, and how to read it from C.
//!
//! Pure.

use std::fmt::Write;

use crate::{
    c::{field_name, zero},
    docs::{self, commented},
    model::{Field, Model, Shape},
};

/// The name of a record, which must differ from the names of events.
pub(super) fn record_name(model: &Model, name: &str) -> String {
    let is_event = model.events.iter().any(|event| event.name == name);
    if is_event { format!("{name}Data") } else { name.to_owned() }
}

/// The members of a struct.
pub(super) fn members(model: &Model, fields: &[Field]) -> String {
    let mut text = String::new();
    for field in fields {
        text += &commented(&docs::or_named(&described(field), &field.name), "    ");
        let _ = writeln!(
            text,
            "    {} {}{};",
            type_name(model, &field.shape),
            field.name,
            initial(model, &field.shape)
        );
    }
    text
}

/// JSON has no optional: its text may be empty.
fn described(field: &Field) -> String {
    match &field.shape {
        Shape::Optional(inner) if **inner == Shape::Json => {
            format!("{} Empty where it is absent.", docs::or_named(&field.doc, &field.name))
        }
        _ => field.doc.clone(),
    }
}

fn type_name(model: &Model, shape: &Shape) -> String {
    match shape {
        Shape::Number(name) => number(name),
        Shape::Bool => "bool".to_owned(),
        Shape::Text | Shape::Open(_) => "std::string".to_owned(),
        Shape::Bytes => "std::vector<std::uint8_t>".to_owned(),
        Shape::Duration => "std::chrono::duration<double, std::milli>".to_owned(),
        Shape::Json => "Json".to_owned(),
        Shape::Error => "Error".to_owned(),
        Shape::Plain(name) => name.clone(),
        Shape::Struct(name) => record_name(model, name),
        Shape::Optional(inner) if **inner == Shape::Json => "Json".to_owned(),
        Shape::Optional(inner) => format!("std::optional<{}>", type_name(model, inner)),
        Shape::List(inner) => format!("std::vector<{}>", type_name(model, inner)),
    }
}

fn number(name: &str) -> String {
    match name.split_at(1) {
        ("f", "32") => "float".to_owned(),
        ("f", _) => "double".to_owned(),
        ("u", bits) => format!("std::uint{bits}_t"),
        (_, bits) => format!("std::int{bits}_t"),
    }
}

fn initial(model: &Model, shape: &Shape) -> String {
    match shape {
        Shape::Number(_) => " = 0".to_owned(),
        Shape::Bool => " = false".to_owned(),
        Shape::Duration => "{}".to_owned(),
        Shape::Error => "{ErrorKind::Internal, {}}".to_owned(),
        Shape::Plain(name) => {
            model.enums.iter().find(|plain| plain.name == *name).map_or_else(String::new, |plain| {
                let first = plain.variants.first().map_or("", |(variant, _)| variant);
                let zero = zero(plain).filter(|zero| zero.is_in_cpp).map_or(first, |zero| zero.variant);
                format!(" = {name}::{zero}")
            })
        }
        _ => String::new(),
    }
}

/// Prints the code that reads the fields of `c` in their order.
pub(super) fn read_all(model: &Model, fields: &[Field]) -> String {
    fields.iter().map(|field| read(model, field)).collect::<Vec<_>>().join(",\n                ")
}

fn read(model: &Model, field: &Field) -> String {
    let from = format!("c.{}", field_name(field));
    let counted = format!("{from}, {from}_count");
    match &field.shape {
        Shape::Number(_) | Shape::Bool => from,
        Shape::Text | Shape::Open(_) => format!("detail::text({from})"),
        Shape::Bytes => format!("detail::numbers({counted})"),
        Shape::Duration | Shape::Plain(_) => {
            format!("static_cast<{}>({from})", type_name(model, &field.shape))
        }
        Shape::Json => format!("detail::json({from})"),
        Shape::Error => format!("detail::to_error({from})"),
        Shape::Struct(name) => format!("{}::from(*{from})", record_name(model, name)),
        Shape::Optional(inner) => optional(model, inner, &from),
        Shape::List(inner) => list(model, inner, &counted),
    }
}

fn optional(model: &Model, inner: &Shape, from: &str) -> String {
    match inner {
        Shape::Text | Shape::Open(_) => format!("detail::optional_text({from})"),
        Shape::Json => format!("detail::json({from})"),
        Shape::Error => format!("detail::optional_error({from})"),
        Shape::Struct(name) => format!("detail::optional_struct<{}>({from})", record_name(model, name)),
        _ => format!("detail::optional<{}>({from})", type_name(model, inner)),
    }
}

fn list(model: &Model, inner: &Shape, counted: &str) -> String {
    match inner {
        Shape::Text | Shape::Open(_) => format!("detail::texts({counted})"),
        Shape::Struct(name) => format!("detail::list<{}>({counted})", record_name(model, name)),
        _ => format!("detail::numbers({counted})"),
    }
}
