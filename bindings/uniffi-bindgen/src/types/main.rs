//! Prints what every language has for the core's events beside UniFFI's types: the delegate of Swift, the callbacks of Kotlin, and which
//! of them an event calls.
//!
//! Depends on the metadata in the built library of the bindings, from which UniFFI generates the types as well.

mod kotlin;
mod schema;
mod swift;

use std::{env, fs, process::ExitCode};

use schema::{Outcome, Schema};

fn main() -> ExitCode {
    let args: Vec<String> = env::args().skip(1).collect();
    match run(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("rtvi-types: {failure}");
            ExitCode::FAILURE
        }
    }
}

fn run(args: &[String]) -> Outcome {
    let [library, language, file] = args else {
        return Err("usage: rtvi-types LIBRARY swift|kotlin FILE".to_owned());
    };
    let schema = Schema::load(library)?;
    let text = match language.as_str() {
        "swift" => swift::print(&schema),
        "kotlin" => kotlin::print(&schema),
        other => return Err(format!("no language `{other}`: swift or kotlin")),
    };
    fs::write(file, text).map_err(|error| format!("{file}: {error}"))
}
