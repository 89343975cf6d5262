//! Prints the core's options for other languages, from their schema: `rtvi-options swift`,
//! `kotlin`, `cpp` or `markdown`.
//!
//! Fails if the documentation of an option does not state its default.

mod cpp;
mod kotlin;
mod literal;
mod markdown;
mod schema;
mod swift;

use std::process::ExitCode;

use schema::Type;

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref().ok_or(USAGE.to_owned()).and_then(print) {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

const USAGE: &str = "usage: rtvi-options swift|kotlin|cpp|markdown";

fn print(language: &str) -> Result<String, String> {
    let printer: fn(&[Type]) -> String = match language {
        "swift" => swift::print,
        "kotlin" => kotlin::print,
        "cpp" => cpp::print,
        "markdown" => markdown::print,
        other => return Err(format!("no printer for {other}; {USAGE}")),
    };
    schema::read().map(|types| printer(&types))
}

#[cfg(test)]
mod tests {
    use heck::ToSnakeCase;

    use super::*;
    use crate::schema::{Field, Kind};

    /// A language: its name, how the block of a type begins and ends, and a field with its default.
    type Language = (&'static str, fn(&str) -> String, &'static str, fn(&Field) -> String);

    const LANGUAGES: [Language; 4] = [
        ("swift", |name| format!("\npublic struct {}: ", swift::type_name(name)), "\n}\n", in_swift),
        ("kotlin", |name| format!("class {}", kotlin::type_name(name)), "\n}\n", in_kotlin),
        ("cpp", |name| format!("\nstruct {name} {{"), "\n};\n", in_cpp),
        ("markdown", |name| format!("\n## {name}\n"), "\n## ", |field| format!("- `{}` (", field.name)),
    ];

    /// A number or truth value as a literal. Defaults of other kinds are empty in every language.
    fn literal(field: &Field) -> Option<f64> {
        field.default.as_ref()?.as_f64()
    }

    fn in_swift(field: &Field) -> String {
        let default = match (&field.kind, literal(field)) {
            (Kind::Time, Some(millis)) => format!(" = {}", millis / 1000.0),
            (Kind::Float, Some(number)) => format!(" = {number:?}"),
            (_, Some(number)) => format!(" = {number}"),
            (Kind::Bool, _) => format!("Bool = {}", field.default.as_ref().unwrap()),
            _ => return format!("        self.{0} = {0}\n", field.plain_name()),
        };
        let optional = if field.is_optional { "?" } else { "" };
        let kind = match field.kind {
            Kind::Bool => "",
            Kind::Time => "TimeInterval",
            Kind::Float => "Float",
            _ => "Int",
        };
        format!("        {}: {kind}{optional}{default}", field.plain_name())
    }

    fn in_kotlin(field: &Field) -> String {
        let default = match (&field.kind, literal(field)) {
            (Kind::Time, Some(millis)) => format!(" = {millis}.milliseconds\n"),
            (Kind::Float, Some(number)) => format!(" = {number:?}f\n"),
            (_, Some(number)) => format!(" = {number}\n"),
            (Kind::Bool, _) => format!(" = {}\n", field.default.as_ref().unwrap()),
            _ => return format!("public var {}: ", field.plain_name()),
        };
        let optional = if field.is_optional { "?" } else { "" };
        let kind = match field.kind {
            Kind::Bool => "Boolean",
            Kind::Time => "Duration",
            Kind::Float => "Float",
            _ => "Int",
        };
        format!("public var {}: {kind}{optional}{default}", field.plain_name())
    }

    fn in_cpp(field: &Field) -> String {
        let name = field.plain_name().to_snake_case();
        match (&field.kind, literal(field)) {
            (Kind::Time, Some(millis)) => format!(" {name} = std::chrono::milliseconds({millis});"),
            (Kind::Float, Some(number)) => format!(" {name} = {number:?}F;"),
            (_, Some(number)) => format!(" {name} = {number};"),
            (Kind::Bool, _) => format!(" {name} = {};", field.default.as_ref().unwrap()),
            (Kind::Text, _) if field.default.as_ref().is_some_and(|text| text.is_string() && text != "") => {
                format!(" {name} = {};", field.default.as_ref().unwrap())
            }
            _ => format!(" {name} = {{}};"),
        }
    }

    #[test]
    fn every_language_has_every_option() {
        for (language, begin, end, shown) in LANGUAGES {
            let text = print(language).unwrap();
            for of in schema::read().unwrap() {
                let (_, rest) = text.split_once(&begin(&of.name)).expect("the type is there");
                let (block, _) = rest.split_once(end).unwrap_or((rest, ""));
                for field in &of.fields {
                    let shown = shown(field);
                    assert!(block.contains(&shown), "{language} lacks {shown:?} in {}: {block}", of.name);
                    let last = field.doc.last().unwrap();
                    assert!(block.contains(last.as_str()), "{language} lacks {last:?} in {}", of.name);
                }
            }
        }
        assert!(print("cobol").is_err());
    }
}
