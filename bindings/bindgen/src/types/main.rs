//! Prints the parts of the core's types that UniFFI does not generate: the delegate of Swift, the
//! callbacks of Kotlin, and which of them an event calls; the structs and readers of C; and the
//! types of C++.
//!
//! Depends on the metadata in the built library of the bindings, from which UniFFI generates its
//! types too.

mod c;
mod cpp;
mod docs;
mod kotlin;
mod metadata;
mod model;
mod swift;

use std::{env, fs, path::Path, process::ExitCode};

use metadata::Outcome;
use model::Model;

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
    let [library, language, place] = args else {
        return Err(
            "usage: rtvi-types LIBRARY swift|kotlin|cpp-fields FILE, or rtvi-types LIBRARY c|cpp FOLDER"
                .to_owned(),
        );
    };
    let model = Model::of(&metadata::types(library)?)?;
    match language.as_str() {
        "swift" => write(Path::new(place), &swift::print(&model)),
        "kotlin" => write(Path::new(place), &kotlin::print(&model)),
        "c" => write_all(place, &c::print(&model, &c::Printed::read(Path::new(place))?)?),
        "cpp" => write_all(place, &cpp::print(&model)),
        "cpp-fields" => write(Path::new(place), &cpp::fields::print(&model)),
        other => Err(format!("no language `{other}`: swift, kotlin, c, cpp or cpp-fields")),
    }
}

fn write_all(folder: &str, files: &[(&str, String)]) -> Outcome {
    files.iter().try_for_each(|(name, text)| write(&Path::new(folder).join(name), text))
}

fn write(file: &Path, text: &str) -> Outcome {
    fs::write(file, text).map_err(|error| format!("{}: {error}", file.display()))
}
