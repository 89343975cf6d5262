//! Kotlin: the callbacks, which one an event calls, and the names of the events.
//!
//! Pure.

use heck::ToLowerCamelCase;
use uniffi_bindgen::interface::Type;

use crate::schema::{Event, Field, Schema};

const HEAD: &str = "\
// Printed by `cargo xtask bindings` from the core's table of events.
package ai.rtvi.client

/** One callback for each thing that happens in a client: override what you need. */
public abstract class EventCallbacks internal constructor() {
    /** Anything happened: called for every event, before the callback of its own. */
    public open fun onEvent(event: RtviEvent) {}
";

/// The callbacks that Pipecat's Android SDK calls differently.
const NAMES: &[(&str, &str)] = &[
    ("ParticipantConnected", "ParticipantJoined"),
    ("MediaStateUpdated", "MediaStateChanged"),
    ("LocalAudioLevel", "UserAudioLevel"),
    ("UserAudioLevel", "UserAudioLevelAtBot"),
    ("BotAudioLevel", "BotAudioLevelAtBot"),
];
/// The words that it writes in capitals.
const ACRONYMS: &[(&str, &str)] =
    &[("Llm", "LLM"), ("Tts", "TTS"), ("Stt", "STT"), ("Vad", "VAD"), ("Ui", "UI")];

/// The whole file.
pub(crate) fn print(schema: &Schema) -> String {
    let each = |print: fn(&Event) -> String| schema.events.iter().map(print).collect::<String>();
    let mut text = HEAD.to_owned();
    text += &each(|event| format!("\n{}    public open fun {} {{}}\n", doc(&event.doc), signature(event)));
    text += "}\n\n/** Calls the callbacks of an event. */\ninternal fun EventCallbacks.tell(event: RtviEvent) {\n";
    text += "    onEvent(event)\n    when (event) {\n";
    text += &each(|event| format!("        {} -> {}\n", pattern(event), call(event)));
    text += "    }\n}\n\n/** Its name, as every Pipecat SDK has it: `botReady`, `userTranscript`… */\n";
    text += "public val RtviEvent.name: String\n    get() = when (this) {\n";
    text +=
        &each(|event| format!("        {} -> \"{}\"\n", pattern(event), event.name.to_lower_camel_case()));
    text += "    }\n";
    text
}

fn doc(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    format!("    /** {} */\n", lines.join("\n     * "))
}

fn method(event: &Event) -> String {
    let name = NAMES.iter().find(|(here, _)| *here == event.name).map_or(&*event.name, |(_, there)| there);
    let capitals =
        ACRONYMS.iter().fold(name.to_owned(), |name, (word, capitals)| capitalised(&name, word, capitals));
    format!("on{capitals}")
}

/// Puts a word in capitals where it is a whole one.
fn capitalised(name: &str, word: &str, capitals: &str) -> String {
    let is_word = |at: usize| {
        let next = name.get(at + word.len()..).and_then(|rest| rest.chars().next());
        next.is_none_or(|next| next.is_uppercase())
    };
    match name.find(word) {
        Some(at) if is_word(at) => name.replacen(word, capitals, 1),
        _ => name.to_owned(),
    }
}

fn signature(event: &Event) -> String {
    let field = |field: &Field| format!("{}: {}", field.name.to_lower_camel_case(), type_name(&field.ty));
    format!("{}({})", method(event), list(event, field))
}

fn pattern(event: &Event) -> String {
    let is = if event.fields.is_empty() { "" } else { "is " };
    format!("{is}RtviEvent.{}", event.name)
}

fn call(event: &Event) -> String {
    let arguments = list(event, |field| format!("event.{}", field.name.to_lower_camel_case()));
    format!("{}({arguments})", method(event))
}

fn list(event: &Event, print: impl Fn(&Field) -> String) -> String {
    event.fields.iter().map(print).collect::<Vec<_>>().join(", ")
}

fn type_name(ty: &Type) -> String {
    match ty {
        Type::Float32 => "Float".to_owned(),
        Type::Float64 => "Double".to_owned(),
        Type::UInt8 => "UByte".to_owned(),
        Type::UInt16 => "UShort".to_owned(),
        Type::UInt32 => "UInt".to_owned(),
        Type::UInt64 => "ULong".to_owned(),
        Type::Int32 => "Int".to_owned(),
        Type::Int64 => "Long".to_owned(),
        Type::Duration => "kotlin.time.Duration".to_owned(),
        Type::Optional { inner_type } => format!("{}?", type_name(inner_type)),
        Type::Sequence { inner_type } => format!("List<{}>", type_name(inner_type)),
        Type::Record { name, .. } | Type::Enum { name, .. } | Type::Custom { name, .. } => name.clone(),
        plain => format!("{plain:?}"),
    }
}
