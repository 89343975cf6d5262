//! How the core's records and unions convert to the structs of C.
//!
//! Pure.

use std::fmt::Write;

use super::{
    file,
    names::{constant, enum_name, struct_name},
    structs::{field_name, kind_of},
};
use crate::model::{Field, Model, Shape, Struct, Union};

/// Prints the conversion of events, and of all extensible texts.
pub(super) fn payloads(model: &Model, names: &[String]) -> String {
    let uses = "use super::{enums::*, structs::*};\nuse crate::view::{Arena, InC, absent, present, texts};\n";
    let mut text = file("How C sees the payloads of events.", uses);
    let _ = writeln!(text, "texts! {{ {} }}\n", model.texts.join(", "));
    text + &records(model, names)
}

/// Prints the conversion of turns.
pub(super) fn turns(model: &Model, names: &[String]) -> String {
    let uses = "use super::{enums::*, turn_structs::*};\nuse crate::view::{Arena, InC, absent, present};\n";
    file("How C sees turns and the information of a client.", uses) + &records(model, names)
}

fn records(model: &Model, names: &[String]) -> String {
    let unions = model.unions.iter().filter(|union| names.contains(&union.kind.name)).map(of_union);
    let records = model.records.iter().filter(|record| names.contains(&record.name)).map(of_record);
    unions.chain(records).collect()
}

fn of_record(record: &Struct) -> String {
    let name = struct_name(&record.name);
    let mut text = head(&record.path, &name);
    let _ = writeln!(text, "        arena.put({name} {{");
    text += &members(&record.fields, "self.");
    text + "        })\n    }\n}\n\n"
}

fn head(path: &str, name: &str) -> String {
    format!(
        "impl InC for {path} {{\n    type Value = *const {name};\n\n    fn in_c(&self, arena: &Arena) -> Self::Value {{\n"
    )
}

/// The members of a struct. `from` precedes the fields of the core.
pub(super) fn members(fields: &[Field], from: &str) -> String {
    fields.iter().map(|field| member(field, from)).collect()
}

fn member(field: &Field, from: &str) -> String {
    let name = &field.name;
    let count = format!("            {name}_count: {from}{name}.len(),\n");
    match &field.shape {
        Shape::Bytes => format!("            {name}: {from}{name}.as_ptr(),\n{count}"),
        Shape::List(_) => {
            format!("            {name}: arena.list({}{from}{name}),\n{count}", reference(from))
        }
        _ => format!("            {}: {from}{name}.in_c(arena),\n", field_name(field)),
    }
}

/// A variable that a pattern binds is already a reference.
fn reference(from: &str) -> &'static str {
    if from.is_empty() { "" } else { "&" }
}

fn of_union(union: &Union) -> String {
    let (name, kind) = (struct_name(&union.kind.name), kind_of(union));
    let mut text = head(&union.kind.path, &name);
    let first = union.kind.variants.first().map_or("", |(variant, _)| variant);
    let _ = writeln!(
        text,
        "        let mut view = {name} {{\n            kind: {}::{},",
        enum_name(&kind.name),
        constant(&kind.name, first)
    );
    for field in union.all_fields() {
        let _ = writeln!(text, "            {}: absent(),", field_name(field));
    }
    text += "        };\n        match self {\n";
    for ((variant, _), (fields, has_names)) in union.kind.variants.iter().zip(&union.fields) {
        text += &arm(
            variant,
            fields,
            *has_names,
            &format!("{}::{}", enum_name(&kind.name), constant(&kind.name, variant)),
        );
    }
    text + "        }\n        arena.put(view)\n    }\n}\n\n"
}

fn arm(variant: &str, fields: &[Field], has_names: bool, kind: &str) -> String {
    let names = fields.iter().map(|field| &*field.name).collect::<Vec<_>>().join(", ");
    let pattern = match (fields.is_empty(), has_names) {
        (true, _) => String::new(),
        (_, true) => format!(" {{ {names} }}"),
        (_, false) => format!("({names})"),
    };
    let mut text =
        format!("            Self::{variant}{pattern} => {{\n                view.kind = {kind};\n");
    for field in fields {
        let value = match field.shape {
            Shape::Optional(_) => format!("{}.in_c(arena)", field.name),
            _ => format!("present({}, arena)", field.name),
        };
        let _ = writeln!(text, "                view.{} = {value};", field_name(field));
    }
    text + "            }\n"
}
