//! `cargo xtask bindings`: builds the library for Swift and Kotlin and generates their sources.
//!
//! Depends on [`crate::process`] and [`crate::workspace`]. The output for Swift and Kotlin is never
//! committed; the output for C and C++ is, and a suite checks it. None of it is edited by hand.

mod polish;

use std::{
    env::consts::{DLL_PREFIX, DLL_SUFFIX},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::packages::{self, BUILD},
    workspace,
};

/// The crate from which the sources are generated, by its library's name.
const LIBRARY: &str = "rtvi_uniffi";
/// The C module that the Swift sources import.
const C_MODULE: &str = "rtviFFI";
/// Its headers: one for the types that apps see, and one for the objects behind them.
const HEADERS: [&str; 2] = ["rtviTypesFFI.h", "rtviFFI.h"];

/// Builds and generates. `--release` also builds an optimized library, `--size` a small one.
pub(crate) fn run(args: &[String]) -> Outcome {
    let profile = match args {
        [] => "dev",
        [flag] if flag == "--release" => "release",
        [flag] if flag == "--size" => "size",
        other => {
            return Err(Failure::usage(format!("expects --release or --size, not `{}`", other.join(" "))));
        }
    };
    packages::ensure(&BUILD)?;
    let library = build(profile)?;
    let (kotlin, swift) = (kotlin(), swift());
    // The other profiles strip what the generator reads.
    let described = self::library("debug")?;
    generate_kotlin(&described, &kotlin)?;
    generate_swift(&described, &swift)?;
    print_native(&described)?;
    print_options(&GENERATED_OPTIONS)?;
    print_options(&COMMITTED_OPTIONS)?;
    println!("bindings: library {}", library.display());
    println!("bindings: Kotlin in {}", kotlin.display());
    println!("bindings: Swift in {}", swift_sources("RTVITypes").display());
    println!(
        "bindings: C and C++ in bindings/c/src/types, cpp/include/rtvi and cpp/tests, and docs/options.md; commit them"
    );
    Ok(())
}

/// Generates from the library that a build of the whole workspace has just made, unless the sources
/// are up to date.
pub(crate) fn ensure() -> Outcome {
    let library = library("debug")?;
    let is_done = |file: PathBuf| {
        let written = fs::metadata(file).and_then(|file| file.modified());
        let built = fs::metadata(&library).and_then(|library| library.modified());
        written.is_ok_and(|written| built.is_ok_and(|built| written >= built))
    };
    if !is_done(swift().join(C_MODULE).join("module.modulemap")) {
        generate_swift(&library, &swift())?;
    }
    if !is_done(kotlin().join(KOTLIN_EVENTS)) {
        generate_kotlin(&library, &kotlin())?;
    }
    print_options(&GENERATED_OPTIONS)
}

/// The path of the library that cargo builds.
fn library(folder: &str) -> Outcome<PathBuf> {
    Ok(workspace::built_folder(folder)?.join(format!("{DLL_PREFIX}{LIBRARY}{DLL_SUFFIX}")))
}

/// The folder of the Kotlin sources, which contains folders by package.
fn kotlin() -> PathBuf {
    workspace::root().join("kotlin").join("generated")
}

/// The Kotlin file that is generated last.
const KOTLIN_EVENTS: &str = "ai/rtvi/client/EventCallbacks.kt";

/// The folder of the C module for Swift.
fn swift() -> PathBuf {
    workspace::root().join("swift").join("Generated")
}

/// The folder of a module's Swift sources.
fn swift_sources(module: &str) -> PathBuf {
    workspace::root().join("swift/Sources").join(module).join("Generated")
}

/// Calls cargo once if the profile allows it. Two calls would select different features for the
/// shared dependencies and build them twice.
fn build(profile: &str) -> Outcome<PathBuf> {
    const LIBRARY_AND_GENERATOR: [&str; 4] = ["--package", "rtvi-uniffi", "--package", "uniffi-bindgen"];
    process::run(workspace::cargo().arg("build").args(LIBRARY_AND_GENERATOR))?;
    if profile != "dev" {
        process::run(workspace::cargo().args(["build", "--package", "rtvi-uniffi", "--profile", profile]))?;
    }
    let folder = if profile == "dev" { "debug" } else { profile };
    library(folder)
}

fn generate_kotlin(library: &Path, folder: &Path) -> Outcome {
    recreate(folder)?;
    let mut bindgen = generator("uniffi-bindgen")?;
    bindgen.arg("generate").arg(library).args(["--language", "kotlin", "--no-format"]);
    bindgen.args(["--config", "uniffi.toml", "--out-dir"]).arg(folder);
    process::run(&mut bindgen)?;
    rewrite(&folder.join("ai/rtvi/client/rtvi_core.kt"), polish::kotlin_types)?;
    rewrite(&folder.join("ai/rtvi/ffi").join(format!("{LIBRARY}.kt")), polish::kotlin_objects)?;
    print_events(library, "kotlin", &folder.join(KOTLIN_EVENTS))
}

fn generate_swift(library: &Path, folder: &Path) -> Outcome {
    let (sources, module) = (swift_sources("RTVITypes"), folder.join(C_MODULE));
    for (kind, folder) in [("--swift-sources", &sources), ("--headers", &module)] {
        recreate(folder)?;
        let mut bindgen = generator("uniffi-bindgen-swift")?;
        bindgen.arg(kind).args(["--config", "uniffi.toml"]).arg(library).arg(folder);
        process::run(&mut bindgen)?;
    }
    rewrite(&sources.join("RTVITypes.swift"), polish::swift_types)?;
    rewrite(&sources.join("RTVIBindings.swift"), polish::swift_objects)?;
    let events = swift_sources("RTVI");
    recreate(&events)?;
    print_events(library, "swift", &events.join("PipecatEventDelegate.swift"))?;
    let map = module.join("module.modulemap");
    fs::write(&map, modulemap()).map_err(Failure::doing(map.display()))
}

/// Generates the types of C and C++, which are committed: compiled apps depend on their numbers and
/// the order of their members.
fn print_native(library: &Path) -> Outcome {
    let places =
        [("c", "bindings/c/src/types"), ("cpp", "cpp/include/rtvi"), ("cpp-fields", "cpp/tests/fields.hpp")];
    places.iter().try_for_each(|(language, place)| {
        process::run(generator("rtvi-types")?.arg(library).arg(language).arg(place))
    })
}

/// Generates what a language has for each event besides its type.
fn print_events(library: &Path, language: &str, file: &Path) -> Outcome {
    process::run(generator("rtvi-types")?.arg(library).arg(language).arg(file))
}

/// Replaces a generated file with the result of `polish`.
fn rewrite(file: &Path, polish: fn(&str) -> Outcome<String>) -> Outcome {
    let generated = fs::read_to_string(file).map_err(Failure::doing(file.display()))?;
    fs::write(file, polish(&generated)?).map_err(Failure::doing(file.display()))
}

/// The generator's own module map names a module of Apple's; this one works on every system.
fn modulemap() -> String {
    let headers = HEADERS.map(|header| format!("    header \"{header}\"\n")).concat();
    format!("module {C_MODULE} {{\n{headers}    link \"{LIBRARY}\"\n    export *\n}}\n")
}

/// The core's options for the languages that are generated.
const GENERATED_OPTIONS: [(&str, &str); 2] = [
    ("swift", "swift/Sources/RTVI/Generated/PlainOptions.swift"),
    ("kotlin", "kotlin/generated/ai/rtvi/client/PlainOptions.kt"),
];
/// The core's options as they are committed.
const COMMITTED_OPTIONS: [(&str, &str); 2] =
    [("cpp", "cpp/include/rtvi/plain_options.hpp"), ("markdown", "docs/options.md")];

/// Prints the core's options into files.
fn print_options(files: &[(&str, &str)]) -> Outcome {
    files.iter().try_for_each(|(language, file)| {
        let printed = process::output(generator("rtvi-options")?.arg(language))?;
        write_changed(&workspace::root().join(file), &printed)
    })
}

/// Writes a file only if its content changes: a newer file would be recompiled.
fn write_changed(file: &Path, text: &str) -> Outcome {
    if fs::read_to_string(file).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).map_err(Failure::doing(folder.display()))?;
    fs::write(file, text).map_err(Failure::doing(file.display()))
}

/// A program of the generator. It runs at the root of the workspace, where it finds the crate's
/// name.
fn generator(name: &str) -> Outcome<Command> {
    let mut command = Command::new(workspace::built("debug", name)?);
    command.current_dir(workspace::root());
    Ok(command)
}

/// Creates an empty folder, so that nothing remains of an earlier version.
fn recreate(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(Failure::doing(folder.display()))?;
    }
    fs::create_dir_all(folder).map_err(Failure::doing(folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_arguments_are_wrong_usage() {
        assert_eq!(run(&["--fast".to_owned()]).unwrap_err().exit_code(), 2);
    }

    #[test]
    fn the_folders_are_recreated() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a").join("b");
        recreate(&folder).unwrap();
        fs::write(folder.join("old"), "x").unwrap();
        recreate(&folder).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }

    #[test]
    fn the_module_map_links_the_library() {
        assert!(modulemap().contains("link \"rtvi_uniffi\""));
    }
}
