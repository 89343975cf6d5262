//! `cargo xtask bindings`: builds the library for Swift and Kotlin and generates their sources from it.
//!
//! Depends on [`crate::process`] and [`crate::workspace`]. What it makes is never committed and never edited by hand.

use std::{
    env::consts::{DLL_PREFIX, DLL_SUFFIX},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::packages::{self, ALSA, COMPILER},
    workspace,
};

/// The crate that is generated from, as its library is called.
const LIBRARY: &str = "rtvi_uniffi";
/// The C module that the Swift sources import.
const C_MODULE: &str = "rtviFFI";

/// Builds and generates. `--release` builds an optimized library too, `--size` a small one.
pub(crate) fn run(args: &[String]) -> Outcome {
    let profile = match args {
        [] => "dev",
        [flag] if flag == "--release" => "release",
        [flag] if flag == "--size" => "size",
        other => {
            return Err(Failure::usage(format!("takes --release or --size, not `{}`", other.join(" "))));
        }
    };
    packages::ensure(&[&COMPILER, &ALSA])?;
    let library = build(profile)?;
    let (kotlin, swift) = (kotlin(), swift());
    // The other profiles strip what the generator reads.
    let described = self::library("debug")?;
    generate_kotlin(&described, &kotlin)?;
    generate_swift(&described, &swift)?;
    print_options()?;
    println!("bindings: library {}", library.display());
    println!("bindings: Kotlin in {}", kotlin.display());
    println!("bindings: Swift in {}", swift.display());
    Ok(())
}

/// Generates from the library that a build of the whole workspace has just made, unless that was done already.
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
    if !is_done(kotlin_source(&kotlin())) {
        generate_kotlin(&library, &kotlin())?;
    }
    print_options()
}

/// Where cargo puts the library.
fn library(folder: &str) -> Outcome<PathBuf> {
    Ok(workspace::built_folder(folder)?.join(format!("{DLL_PREFIX}{LIBRARY}{DLL_SUFFIX}")))
}

/// Where the Kotlin source is put, in folders by its package.
fn kotlin() -> PathBuf {
    workspace::root().join("kotlin").join("generated")
}

/// Where the Swift source and the C module are put, a folder each.
fn swift() -> PathBuf {
    workspace::root().join("swift").join("Generated")
}

/// One call of cargo where the profile allows it: two would choose other features for what both use, and build it twice.
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
    make_anew(folder)?;
    let mut bindgen = generator("uniffi-bindgen")?;
    bindgen.arg("generate").arg(library).args(["--language", "kotlin", "--no-format"]);
    bindgen.args(["--config", "uniffi.toml", "--out-dir"]).arg(folder);
    process::run(&mut bindgen)?;
    let source = kotlin_source(folder);
    let generated = fs::read_to_string(&source).map_err(Failure::doing(source.display()))?;
    fs::write(&source, with_well_formed_texts(&generated)?).map_err(Failure::doing(source.display()))
}

/// The one source that is generated for Kotlin.
fn kotlin_source(folder: &Path) -> PathBuf {
    folder.join("ai/rtvi/ffi").join(format!("{LIBRARY}.kt"))
}

/// Has every text that crosses from Kotlin made well-formed in the one function that all pass, where the generator has it throw. Half
/// of a surrogate pair, as a text has it that was cut between two chars, becomes U+FFFD.
fn with_well_formed_texts(generated: &str) -> Outcome<String> {
    const THROWS: &str = "onMalformedInput(CodingErrorAction.REPORT)";
    const REPLACES: &str = "onMalformedInput(CodingErrorAction.REPLACE)\n            \
         replaceWith(byteArrayOf(0xEF.toByte(), 0xBF.toByte(), 0xBD.toByte()))";
    if generated.matches(THROWS).count() != 1 {
        return Err(Failure::new(format!(
            "the generated Kotlin has no single `{THROWS}`: find where this version of UniFFI encodes texts"
        )));
    }
    Ok(generated.replace(THROWS, REPLACES))
}

fn generate_swift(library: &Path, folder: &Path) -> Outcome {
    let (sources, module) = (folder.join("RTVIBindings"), folder.join(C_MODULE));
    for (kind, folder) in [("--swift-sources", &sources), ("--headers", &module)] {
        make_anew(folder)?;
        let mut bindgen = generator("uniffi-bindgen-swift")?;
        bindgen.arg(kind).args(["--config", "uniffi.toml"]).arg(library).arg(folder);
        process::run(&mut bindgen)?;
    }
    let map = module.join("module.modulemap");
    fs::write(&map, modulemap()).map_err(Failure::doing(map.display()))
}

/// The generator's own map names a module of Apple's; this one serves every system.
fn modulemap() -> String {
    format!("module {C_MODULE} {{\n    header \"{C_MODULE}.h\"\n    link \"{LIBRARY}\"\n    export *\n}}\n")
}

/// Prints the core's options for Swift and Kotlin.
fn print_options() -> Outcome {
    let swift = workspace::root().join("swift/Sources/RTVI/Generated/PlainOptions.swift");
    let kotlin = kotlin().join("ai/rtvi/client/PlainOptions.kt");
    for (language, file) in [("swift", swift), ("kotlin", kotlin)] {
        let printed = process::output(generator("rtvi-options")?.arg(language))?;
        write_changed(&file, &printed)?;
    }
    Ok(())
}

/// Writes a file unless it is so already: what is newer would be compiled again.
fn write_changed(file: &Path, text: &str) -> Outcome {
    if fs::read_to_string(file).is_ok_and(|old| old == text) {
        return Ok(());
    }
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).map_err(Failure::doing(folder.display()))?;
    fs::write(file, text).map_err(Failure::doing(file.display()))
}

/// A program of the generator, at the root of the workspace, where it finds the crate's name.
fn generator(name: &str) -> Outcome<Command> {
    let mut command = Command::new(workspace::built("debug", name)?);
    command.current_dir(workspace::root());
    Ok(command)
}

/// An empty folder, so that nothing of an earlier version stays.
fn make_anew(folder: &Path) -> Outcome {
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
    fn the_folders_are_made_anew() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a").join("b");
        make_anew(&folder).unwrap();
        fs::write(folder.join("old"), "x").unwrap();
        make_anew(&folder).unwrap();
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
    }

    #[test]
    fn texts_are_made_well_formed_in_one_place() {
        let made = with_well_formed_texts("run { onMalformedInput(CodingErrorAction.REPORT) }").unwrap();
        assert!(
            made.contains("REPLACE") && made.contains("replaceWith") && !made.contains("REPORT"),
            "{made}"
        );
        assert!(with_well_formed_texts("another generator").is_err());
    }

    #[test]
    fn the_module_map_links_the_library() {
        assert!(modulemap().contains("link \"rtvi_uniffi\""));
    }
}
