//! Changes the sources that UniFFI generates, as text.
//!
//! Pure. Each change names the text that it expects, and fails if this version of UniFFI writes
//! something else.

use crate::failure::{Failure, Outcome};

/// The parts of a generated Kotlin file that are not in the interface.
const KOTLIN_MACHINERY: [&str; 11] = [
    "open class RustBuffer",
    "public object FfiConverter",
    "public interface FfiConverter",
    "class InternalException",
    "interface UniffiRustCallStatusErrorHandler",
    "object UniffiNullRustCallStatusErrorHandler",
    "public fun uniffiEnsureInitialized",
    "interface Disposable",
    "inline fun <T : Disposable?",
    "object UniffiWithHandle",
    "object NoHandle",
];

/// The types that Kotlin apps see. Events without data print their name instead of an address.
pub(super) fn kotlin_types(generated: &str) -> Outcome<String> {
    let hidden = KOTLIN_MACHINERY.iter().try_fold(generated.to_owned(), |text, public| {
        let hidden = format!("\ninternal {}", public.trim_start_matches("public "));
        replaced(&text, &format!("\n{public}"), &hidden)
    })?;
    let qualified = replaced(&hidden, BOXED.0, BOXED.1)?;
    let commented = replaced(&qualified, ALIAS.0, ALIAS.1)?;
    kotlin_objects(&with_comments(&replaced(&commented, "    object ", "    data object ")?))
}

/// The core's name for a `Value` that is an object.
const ALIAS: (&str, &str) =
    ("public typealias JsonObject = Value", "/** A [Value.Object]. */\npublic typealias JsonObject = Value");

/// Comments for what is the only field of a case: the case says what it is about, and UniFFI gives the
/// field no comment.
fn with_comments(text: &str) -> String {
    let mut is_first = false;
    let commented = text.lines().map(|line| {
        let name = line.strip_prefix("        val `").and_then(|rest| rest.split('`').next());
        let comment = name.filter(|_| is_first).map(|name| format!("        /** The {}. */\n", words(name)));
        is_first = line.starts_with("    data class ") && line.ends_with('(');
        format!("{}{line}\n", comment.unwrap_or_default())
    });
    commented.collect()
}

/// `aName` as words: `a name`.
fn words(name: &str) -> String {
    let apart = |letter: char| {
        let space = if letter.is_uppercase() { " " } else { "" };
        format!("{space}{}", letter.to_lowercase())
    };
    name.chars().map(apart).collect()
}

/// The field of a case with a boxed payload. UniFFI names such a type without its package, and then
/// Kotlin takes the name for the case itself.
const BOXED: (&str, &str) = (
    "val `stats`: TransportStats) : RtviEvent()",
    "val `stats`: ai.rtvi.client.TransportStats) : RtviEvent()",
);

/// How UniFFI reads and writes Java's durations, and the same for Kotlin's.
///
/// UniFFI throws for a duration that it can't carry, in places where nothing catches the exception.
/// A negative time would end the app. Here such a duration becomes the nearest valid one.
const DURATIONS: [(&str, &str); 7] = [
    (
        "throw java.time.DateTimeException(\"Duration exceeds minimum or maximum value supported by uniffi\")",
        "return Duration.INFINITE",
    ),
    (
        "override fun write(value: java.time.Duration, buf: ByteBuffer) {\n",
        "override fun write(value: Duration, buf: ByteBuffer) {\n        val value = value.coerceAtLeast(Duration.ZERO)\n",
    ),
    ("java.time.Duration.ofSeconds(seconds, nanoseconds)", "seconds.seconds + nanoseconds.nanoseconds"),
    ("java.time.Duration", "Duration"),
    ("value.seconds", "value.inWholeSeconds"),
    ("value.nano", "value.toComponents { _, nanoseconds -> nanoseconds }"),
    (
        "import java.nio.ByteBuffer\n",
        "import java.nio.ByteBuffer\nimport kotlin.time.Duration\nimport kotlin.time.Duration.Companion.nanoseconds\n\
         import kotlin.time.Duration.Companion.seconds\n",
    ),
];

/// The objects behind the Kotlin API, with Kotlin's durations instead of Java's.
///
/// Makes every text that crosses from Kotlin well-formed, in the one function that all texts pass.
/// The generator throws there instead. Half of a surrogate pair, as in a text that was cut between
/// two chars, becomes U+FFFD.
pub(super) fn kotlin_objects(generated: &str) -> Outcome<String> {
    const THROWS: &str = "onMalformedInput(CodingErrorAction.REPORT)";
    const REPLACES: &str = "onMalformedInput(CodingErrorAction.REPLACE)\n            \
         replaceWith(byteArrayOf(0xEF.toByte(), 0xBF.toByte(), 0xBD.toByte()))";
    if generated.matches(THROWS).count() != 1 {
        return Err(Failure::new(format!(
            "the generated Kotlin has no single `{THROWS}`; check where this version of UniFFI encodes texts"
        )));
    }
    let text = generated.replace(THROWS, REPLACES);
    DURATIONS.iter().try_fold(text, |text, (java, kotlin)| replaced(&text, java, kotlin))
}

/// The names of types in Swift. UniFFI can rename them, but not where another crate uses them.
const SWIFT_NAMES: [(&str, &str); 2] = [("RtviEvent", "PipecatEvent"), ("RtviError", "RTVIError")];

/// How UniFFI writes a time in Swift, and a version that writes the nearest valid time instead.
/// UniFFI ends the app for a time that is negative, too long or not a number.
const SWIFT_TIMES: (&str, &str) = (
    "static func write(_ value: TimeInterval, into buf: inout [UInt8]) {\n",
    "static func write(_ value: TimeInterval, into buf: inout [UInt8]) {\n        \
     let value = value > 0 ? min(value, TimeInterval(Int64.max)) : 0\n",
);

/// The types that Swift apps see: public, but for what only converts, and `Sendable` for every
/// compiler.
pub(super) fn swift_types(generated: &str) -> Outcome<String> {
    let mut text = replaced(&swift(generated)?, "\npublic struct FfiConverter", "\nstruct FfiConverter")?;
    text = replaced(&text, "\npublic func FfiConverter", "\nfunc FfiConverter")?;
    text = replaced(&text, "\npublic func uniffi", "\nfunc uniffi")?;
    replaced(&text, "#if compiler(>=6)\nextension", "#if compiler(>=5.5)\nextension")
}

/// The objects behind the Swift API, which apps never see.
pub(super) fn swift_objects(generated: &str) -> Outcome<String> {
    replaced(&replaced(&swift(generated)?, "public ", "package ")?, "open ", "package ")
}

/// What both Swift files need.
fn swift(generated: &str) -> Outcome<String> {
    let mut changes = SWIFT_NAMES.iter().chain([&SWIFT_TIMES]);
    changes.try_fold(generated.to_owned(), |text, (here, there)| replaced(&text, here, there))
}

fn replaced(text: &str, from: &str, to: &str) -> Outcome<String> {
    if !text.contains(from) {
        let sought = from.trim();
        return Err(Failure::new(format!(
            "the generated source has no `{sought}`; check what this version of UniFFI writes"
        )));
    }
    Ok(text.replace(from, to))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_made_well_formed_in_one_place() {
        let durations = DURATIONS.map(|(java, _)| java).join("\n");
        let made =
            kotlin_objects(&format!("onMalformedInput(CodingErrorAction.REPORT)\n{durations}")).unwrap();
        assert!(
            made.contains("REPLACE") && made.contains("replaceWith") && !made.contains("REPORT"),
            "{made}"
        );
        assert!(!made.contains("java.time"), "{made}");
        assert!(
            made.contains("return Duration.INFINITE") && made.contains("coerceAtLeast(Duration.ZERO)"),
            "{made}"
        );
        assert!(kotlin_objects("another generator").is_err());
    }

    #[test]
    fn what_only_converts_is_hidden() {
        let (time, clamped) = SWIFT_TIMES;
        let types = "\npublic struct FfiConverterX\nRtviEvent RtviError\npublic func FfiConverterX_lift\npublic func uniffiEnsure\npublic struct X\n\
             #if compiler(>=6)\nextension X: Sendable {}\n";
        let made = swift_types(&format!("{types}{time}")).unwrap();
        assert!(made.contains("\nstruct FfiConverterX") && made.contains("\npublic struct X"), "{made}");
        assert!(made.ends_with(clamped), "{made}");
        assert!(swift_types("another generator").is_err());
        let objects = format!("public class A {{ open func b() -> RtviEvent throws RtviError }}\n{time}");
        assert_eq!(
            swift_objects(&objects).unwrap(),
            format!("package class A {{ package func b() -> PipecatEvent throws RTVIError }}\n{clamped}")
        );
    }

    #[test]
    fn only_a_first_field_without_a_comment_gets_one() {
        let text = "    data class Sent(\n        val `textSent`: String)\n    data class Gone(\n        /** Why. */\n        \
                    val `why`: String,\n        val `then`: String)\n";
        let expected =
            text.replace("        val `textSent`", "        /** The text sent. */\n        val `textSent`");
        assert_eq!(with_comments(text), expected);
    }
}
