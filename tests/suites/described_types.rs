//! Checks that the committed C and C++ types generated from the core are up to date.
//!
//! If `RTVI_BLESS` is set, the suite replaces the committed files.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeMap,
    env::consts::{DLL_PREFIX, DLL_SUFFIX, EXE_SUFFIX},
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use rtvi_tests::native::{root, run};

/// A file built by cargo, next to the folder of this test.
fn built(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a test is a file");
    own.parent().and_then(Path::parent).expect("a target folder").join(name)
}

fn print(language: &str, place: &Path) {
    let library = built(&format!("{DLL_PREFIX}rtvi_uniffi{DLL_SUFFIX}"));
    run(Command::new(built(&format!("rtvi-types{EXE_SUFFIX}"))).arg(library).arg(language).arg(place));
}

/// The files of a folder that are printed, by name: those that say so at their head.
fn printed(folder: &Path) -> BTreeMap<OsString, String> {
    let files = fs::read_dir(folder).expect("the folder").map(|file| file.expect("a file").path());
    let texts = files.map(|path| (path.file_name().expect("a name").to_owned(), fs::read_to_string(path)));
    let texts = texts.map(|(name, text)| (name, text.expect("a text")));
    texts.filter(|(_, text)| text.contains("Printed by `cargo xtask bindings`")).collect()
}

/// Prints a folder's files into an empty one that has `known` first, and compares both.
fn is_as_printed(language: &str, folder: &str, known: impl FnOnce(&Path)) {
    let committed = root().join(folder);
    if std::env::var_os("RTVI_BLESS").is_some() {
        print(language, &committed);
    }
    let made = tempfile::tempdir().expect("a folder can be made");
    known(made.path());
    print(language, made.path());
    let (made, committed) = (printed(made.path()), printed(&committed));
    let names = |files: &BTreeMap<OsString, String>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&made), names(&committed), "the files of {folder} that are printed");
    for (name, text) in &made {
        assert!(
            committed.get(name) == Some(text),
            "{folder}/{} is out of date: run `cargo xtask bindings` and commit it",
            name.display()
        );
    }
}

/// Keeps only what the printer takes from the files printed before: numbers and the order of
/// members.
fn numbers_of_c(made: &Path) {
    for (name, text) in printed(&root().join("bindings/c/src/types")) {
        let kept =
            |line: &&str| line.starts_with("pub ") || line.starts_with("    ") || line.starts_with('}');
        let lines: Vec<&str> = text.lines().filter(kept).collect();
        fs::write(made.join(name), lines.join("\n")).expect("it can be written");
    }
}

#[test]
fn the_structs_and_readers_of_c() {
    is_as_printed("c", "bindings/c/src/types", numbers_of_c);
}

#[test]
fn the_types_of_cpp() {
    is_as_printed("cpp", "cpp/include/rtvi", |_| {});
}

#[test]
fn the_fields_that_the_tests_of_cpp_compare() {
    let committed = root().join("cpp/tests/fields.hpp");
    if std::env::var_os("RTVI_BLESS").is_some() {
        print("cpp-fields", &committed);
    }
    let made = tempfile::NamedTempFile::new().expect("a file can be made");
    print("cpp-fields", made.path());
    let (made, committed) = (fs::read(made.path()).ok(), fs::read(committed).ok());
    assert!(
        made == committed,
        "cpp/tests/fields.hpp is out of date: run `cargo xtask bindings` and commit it"
    );
}
