//! Prints what every language has for the core's types beside UniFFI's own: for C their structs and readers, for C++ its types.
//!
//! Depends on the metadata in the built library of the bindings, from which UniFFI generates the types of Swift and Kotlin as well.

mod c;
mod cpp;
mod docs;
mod model;

use std::{env, fs, path::Path, process::ExitCode};

use model::{Model, Outcome};

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
        return Err("usage: rtvi-types LIBRARY c|cpp FOLDER".to_owned());
    };
    let (model, folder) = (Model::load(library)?, Path::new(place));
    let files = match language.as_str() {
        "c" => c::print(&model, &numbers(folder)?)?,
        "cpp" => cpp::print(&model),
        other => return Err(format!("no language `{other}`: c or cpp")),
    };
    for (name, text) in files {
        fs::write(folder.join(name), text).map_err(|error| format!("{place}/{name}: {error}"))?;
    }
    Ok(())
}

/// The numbers of the constants that the folder has already.
fn numbers(folder: &Path) -> Outcome<c::Numbers> {
    let mut numbers = c::Numbers::default();
    for name in ["event_kind.rs", "enums.rs"] {
        let path = folder.join(name);
        numbers.read(&fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?);
    }
    Ok(numbers)
}
