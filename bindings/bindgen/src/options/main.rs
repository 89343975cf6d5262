//! Prints the options of the core for other languages, from their schema: `rtvi-options swift`, `kotlin`, `cpp` or `markdown`.
//!
//! Fails when the documentation of an option does not say its default.

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
    use super::*;

    #[test]
    fn every_language_has_every_option() {
        let types = schema::read().unwrap();
        for language in ["swift", "kotlin", "cpp", "markdown"] {
            let text = print(language).unwrap();
            for field in types.iter().flat_map(|of| &of.fields) {
                assert!(text.contains(&field.name), "{language} lacks {}", field.name);
                let last = field.doc.last().unwrap();
                assert!(text.contains(last.as_str()), "{language} lacks {last:?}");
            }
        }
        assert!(print("cobol").is_err());
    }
}
