//! Checks that the committed files generated from the core are up to date, that the table of the official
//! SDKs' names is true, and how much of an app changes that moves from them.
//!
//! If `RTVI_BLESS` is set, the suite replaces the committed files.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{fs, process::Command};

use rtvi_tests::{
    beside,
    native::{root, run},
};

#[path = "described/migration.rs"]
mod migration;
#[path = "described/names.rs"]
mod names;
#[path = "described/parity.rs"]
mod parity;

fn is_as_printed(program: &str, language: &str, file: &str) {
    let printed = run(Command::new(beside(program)).arg(language));
    let file = root().join(file);
    if std::env::var_os("RTVI_BLESS").is_some() {
        fs::write(&file, &printed).expect("it can be written");
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == printed,
        "{} is out of date: run this with RTVI_BLESS=1 and commit it",
        file.display()
    );
}

#[test]
fn the_options_of_cpp() {
    is_as_printed("rtvi-options", "cpp", "cpp/include/rtvi/plain_options.hpp");
}

#[test]
fn the_page_of_options() {
    is_as_printed("rtvi-options", "markdown", "docs/options.md");
}
