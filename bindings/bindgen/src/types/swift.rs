//! Swift: the delegate protocol, its empty defaults, the method of each event, and the names of the
//! events.
//!
//! Pure.

use heck::ToLowerCamelCase;

use crate::{
    docs::commented,
    model::{Field, Model, Shape, Struct},
};

const HEAD: &str = "\
// Printed by `cargo xtask bindings` from the core's table of events.
import Foundation
import RTVITypes

/// One method for each thing that happens in a client.
///
/// Called on the main actor, in order. Every method has an empty default: implement those that
/// matter.
@MainActor
public protocol PipecatEventDelegate: AnyObject {
    /// Anything happened: called for every event, before the method of its own.
    func onEvent(event: PipecatEvent)
";

/// The methods that have other names in the Pipecat iOS SDK.
const NAMES: &[(&str, &str)] =
    &[("ParticipantConnected", "ParticipantJoined"), ("MediaStateUpdated", "MediaStateChanged")];
/// The prefixes that the iOS SDK writes in capitals.
const ACRONYMS: &[(&str, &str)] = &[("Llm", "LLM"), ("Ui", "UI")];

/// Prints the whole file.
pub(crate) fn print(model: &Model) -> String {
    let each = |print: fn(&Struct) -> String| model.events.iter().map(print).collect::<String>();
    let mut text = HEAD.to_owned();
    text += &each(|event| format!("\n{}    func {}\n", commented(&event.doc, "    "), signature(event)));
    text += "}\n\nextension PipecatEventDelegate {\n    public func onEvent(event: PipecatEvent) {}\n";
    text += &each(|event| format!("    public func {} {{}}\n", signature(event)));
    text += "\n    /// Calls the methods of an event.\n    package func tell(_ event: PipecatEvent) {\n";
    text += "        onEvent(event: event)\n        switch event {\n";
    text += &each(|event| format!("        case {}: {}\n", pattern(event), call(event)));
    text += "        }\n    }\n}\n\nextension PipecatEvent {\n";
    text += "    /// Its name, as every Pipecat SDK has it: `botReady`, `userTranscript`…\n";
    text += "    public var name: String {\n        switch self {\n";
    text += &each(|event| format!("        case .{name}: return \"{name}\"\n", name = case(event)));
    text += "        }\n    }\n}\n";
    text
}

fn case(event: &Struct) -> String {
    event.name.to_lower_camel_case()
}

fn method(event: &Struct) -> String {
    let name = NAMES.iter().find(|(here, _)| *here == event.name).map_or(&*event.name, |(_, there)| there);
    let acronym = ACRONYMS
        .iter()
        .find_map(|(begin, capitals)| name.strip_prefix(begin).map(|rest| format!("{capitals}{rest}")));
    format!("on{}", acronym.as_deref().unwrap_or(name))
}

fn signature(event: &Struct) -> String {
    let field = |field: &Field| format!("{}: {}", field.name.to_lower_camel_case(), type_name(&field.shape));
    format!("{}({})", method(event), list(event, field))
}

fn pattern(event: &Struct) -> String {
    let fields = list(event, |field| format!("let {}", field.name.to_lower_camel_case()));
    if fields.is_empty() { format!(".{}", case(event)) } else { format!(".{}({fields})", case(event)) }
}

fn call(event: &Struct) -> String {
    let name = |field: &Field| field.name.to_lower_camel_case();
    format!("{}({})", method(event), list(event, |field| format!("{0}: {0}", name(field))))
}

fn list(event: &Struct, print: impl Fn(&Field) -> String) -> String {
    event.fields.iter().map(print).collect::<Vec<_>>().join(", ")
}

fn type_name(shape: &Shape) -> String {
    match shape {
        Shape::Number("f32") => "Float".to_owned(),
        Shape::Number("f64") => "Double".to_owned(),
        Shape::Number(integer) => integer.replace('u', "UInt").replace('i', "Int"),
        Shape::Bool => "Bool".to_owned(),
        Shape::Text => "String".to_owned(),
        Shape::Bytes => "Data".to_owned(),
        Shape::Duration => "TimeInterval".to_owned(),
        Shape::Json => "Value".to_owned(),
        Shape::Error => "RTVIError".to_owned(),
        Shape::Open(name) | Shape::Plain(name) | Shape::Struct(name) => name.clone(),
        Shape::Optional(inner) => format!("{}?", type_name(inner)),
        Shape::List(inner) => format!("[{}]", type_name(inner)),
    }
}
