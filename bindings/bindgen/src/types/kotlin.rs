//! Kotlin: the callbacks, the callback of each event, and the names of the events.
//!
//! Pure.

use heck::ToLowerCamelCase;

use crate::model::{Field, Model, Shape, Struct};

const HEAD: &str = "\
// Printed by `cargo xtask bindings` from the core's table of events.
package ai.rtvi.client

/** One callback for each thing that happens in a client: override what you need. */
public abstract class EventCallbacks internal constructor() {
    /** Anything happened: called for every event, before the callback of its own. */
    public open fun onEvent(event: RtviEvent) {}
";

/// The callbacks that have other names in Pipecat's Android SDK.
const NAMES: &[(&str, &str)] = &[
    ("ParticipantConnected", "ParticipantJoined"),
    ("MediaStateUpdated", "MediaStateChanged"),
    ("LocalAudioLevel", "UserAudioLevel"),
    ("UserAudioLevel", "UserAudioLevelAtBot"),
    ("BotAudioLevel", "BotAudioLevelAtBot"),
];
/// The words that the Android SDK writes in capitals.
const ACRONYMS: &[(&str, &str)] =
    &[("Llm", "LLM"), ("Tts", "TTS"), ("Stt", "STT"), ("Vad", "VAD"), ("Ui", "UI")];

/// Prints the whole file.
pub(crate) fn print(model: &Model) -> String {
    let each = |print: fn(&Struct) -> String| model.events.iter().map(print).collect::<String>();
    let mut text = HEAD.to_owned();
    text += &each(|event| format!("\n{}    public open fun {} {{}}\n", doc(event), signature(event)));
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

fn doc(event: &Struct) -> String {
    let lines: Vec<&str> = event.doc.lines().collect();
    let text = lines.join("\n     * ");
    match other_name(event) {
        Some(_) => format!("    /** {text} The event is [RtviEvent.{}]. */\n", event.name),
        None => format!("    /** {text} */\n"),
    }
}

fn other_name(event: &Struct) -> Option<&'static str> {
    NAMES.iter().find(|(here, _)| *here == event.name).map(|(_, there)| *there)
}

fn method(event: &Struct) -> String {
    let name = other_name(event).unwrap_or(&event.name);
    let capitals =
        ACRONYMS.iter().fold(name.to_owned(), |name, (word, capitals)| capitalised(&name, word, capitals));
    format!("on{capitals}")
}

/// Puts a word in capitals if it is a whole word.
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

fn signature(event: &Struct) -> String {
    let field = |field: &Field| format!("{}: {}", field.name.to_lower_camel_case(), type_name(&field.shape));
    format!("{}({})", method(event), list(event, field))
}

fn pattern(event: &Struct) -> String {
    let is = if event.fields.is_empty() { "" } else { "is " };
    format!("{is}RtviEvent.{}", event.name)
}

fn call(event: &Struct) -> String {
    let arguments = list(event, |field| format!("event.{}", field.name.to_lower_camel_case()));
    format!("{}({arguments})", method(event))
}

fn list(event: &Struct, print: impl Fn(&Field) -> String) -> String {
    event.fields.iter().map(print).collect::<Vec<_>>().join(", ")
}

fn type_name(shape: &Shape) -> String {
    match shape {
        Shape::Number("u8") => "UByte".to_owned(),
        Shape::Number("u16") => "UShort".to_owned(),
        Shape::Number("u32") => "UInt".to_owned(),
        Shape::Number("u64") => "ULong".to_owned(),
        Shape::Number("i8") => "Byte".to_owned(),
        Shape::Number("i16") => "Short".to_owned(),
        Shape::Number("i32") => "Int".to_owned(),
        Shape::Number("i64") => "Long".to_owned(),
        Shape::Number("f32") => "Float".to_owned(),
        Shape::Number(_) => "Double".to_owned(),
        Shape::Bool => "Boolean".to_owned(),
        Shape::Text => "String".to_owned(),
        Shape::Bytes => "ByteArray".to_owned(),
        Shape::Duration => "kotlin.time.Duration".to_owned(),
        Shape::Json => "Value".to_owned(),
        Shape::Error => "RtviError".to_owned(),
        Shape::Open(name) | Shape::Plain(name) | Shape::Struct(name) => name.clone(),
        Shape::Optional(inner) => format!("{}?", type_name(inner)),
        Shape::List(inner) => format!("List<{}>", type_name(inner)),
    }
}
