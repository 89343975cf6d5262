//! Checks that the committed C and C++ types generated from the core are up to date.
//!
//! If `RTVI_BLESS` is set, the suite replaces the committed files.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    env::consts::{DLL_PREFIX, DLL_SUFFIX, EXE_SUFFIX},
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

/// Generates a folder's files next to the committed ones, which contain the numbers, and compares
/// both.
fn is_as_printed(language: &str, folder: &str) {
    let committed = root().join(folder);
    if std::env::var_os("RTVI_BLESS").is_some() {
        print(language, &committed);
    }
    let made = tempfile::tempdir().expect("a folder can be made");
    for file in fs::read_dir(&committed).expect("the folder").map(|file| file.expect("a file").path()) {
        fs::copy(&file, made.path().join(file.file_name().expect("a name"))).expect("it can be copied");
    }
    print(language, made.path());
    for file in fs::read_dir(made.path()).expect("the folder").map(|file| file.expect("a file").path()) {
        let name = file.file_name().expect("a name");
        let (made, committed) = (fs::read(&file).ok(), fs::read(committed.join(name)).ok());
        assert!(
            made == committed,
            "{folder}/{} is out of date: run `cargo xtask bindings` and commit it",
            name.display()
        );
    }
}

#[test]
fn the_structs_and_readers_of_c() {
    is_as_printed("c", "bindings/c/src/types");
}

#[test]
fn the_types_of_cpp() {
    is_as_printed("cpp", "cpp/include/rtvi");
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
