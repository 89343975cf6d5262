//! The C header and the library's symbols: what apps in C build on.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, fs, process::Command};

use rtvi_tests::native::{Bot, GCC, folder, has, library, root, run};

const EVERY_WARNING: [&str; 5] = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror"];

fn compiles(compiler: &str, language: &str, standard: &str) {
    let source = folder("header").join(format!("{compiler}-{standard}.c"));
    // Twice, to see the guard.
    fs::write(
        &source,
        "#include <rtvi.h>\n#include <rtvi.h>\nint main(void) { return (int)rtvi_text(\"\").len; }\n",
    )
    .expect("written");
    run(Command::new(compiler)
        .args(["-x", language, &format!("-std={standard}"), "-fsyntax-only", "-I"])
        .arg(root().join("bindings/c/include"))
        .args(EVERY_WARNING)
        .arg(&source));
}

#[test]
fn the_header_compiles_without_a_warning() {
    for compiler in ["gcc", "clang"] {
        compiles(compiler, "c", "c99");
        compiles(compiler, "c", "c11");
        compiles(compiler, "c++", "c++17");
        compiles(compiler, "c++", "c++20");
    }
}

fn committed_symbols() -> BTreeSet<String> {
    let list = fs::read_to_string(root().join("bindings/c/symbols.txt")).expect("the list is committed");
    list.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// Built together with the bindings of Swift and Kotlin, as here, the core has what these need; released, each library is built alone.
fn is_of_uniffi(symbol: &str) -> bool {
    ["UNIFFI_META_", "uniffi_", "ffi_rtvi_core_"].iter().any(|beginning| symbol.starts_with(beginning))
}

/// A symbol that goes breaks apps; one that comes is there to stay: both must be seen in a review.
#[test]
fn the_library_exports_what_the_list_says() {
    let listing = run(Command::new("nm").args(["-D", "--defined-only"]).arg(library().join("librtvi_c.so")));
    let symbols = listing.lines().filter_map(|line| line.split(' ').nth(2));
    let exported: BTreeSet<String> =
        symbols.filter(|symbol| !is_of_uniffi(symbol)).map(str::to_owned).collect();
    assert_eq!(exported, committed_symbols(), "bindings/c/symbols.txt and the library differ");
}

#[test]
fn the_header_declares_what_the_library_exports() {
    let header = fs::read_to_string(root().join("bindings/c/include/rtvi.h")).expect("the header");
    for symbol in committed_symbols() {
        assert!(header.contains(&format!("{symbol}(")), "{symbol} is not in the header");
    }
}

#[test]
fn the_library_is_named_after_its_interface() {
    let dynamic = run(Command::new("readelf").arg("-d").arg(library().join("librtvi_c.so")));
    assert!(dynamic.contains("[librtvi.so.0]"), "{dynamic}");
}

#[test]
fn misuse_is_an_error() {
    run(&mut GCC.program("misuse_test"));
}

#[test]
fn a_muted_microphone_is_released_and_one_that_fails_is_an_event() {
    let said = run(&mut GCC.program("mute_test"));
    assert!(said.contains("mute ok"), "{said}");
}

#[test]
fn misuse_leaks_nothing() {
    assert!(has("valgrind"), "valgrind is missing");
    let program = GCC.program("misuse_test");
    run(Command::new("valgrind")
        .args(["-q", "--error-exitcode=9", "--leak-check=full", "--errors-for-leak-kinds=definite"])
        .args(["--show-leak-kinds=definite"])
        .arg(program.get_program()));
}

#[test]
fn the_example_talks() {
    let bot = Bot::start(0.2);
    let minimal = GCC.make().join("examples-c/minimal");
    let said = run(Command::new(minimal).args([&bot.ws(), "Good morning"]));
    assert!(said.contains("bot: You said: Good morning."), "{said}");
}
