//! The C header and the library's symbols, which apps in C depend on.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{collections::BTreeSet, fs, process::Command};

use rtvi_tests::native::{Bot, GCC, folder, has, library, root, run};

const EVERY_WARNING: [&str; 5] = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Werror"];

fn compiles(compiler: &str, language: &str, standard: &str) {
    compiles_with(compiler, language, standard, &[]);
}

fn compiles_with(compiler: &str, language: &str, standard: &str, flags: &[&str]) {
    let source = folder("header").join(format!("{compiler}-{standard}.c"));
    // Includes the header twice, to test the guard.
    fs::write(
        &source,
        "#include <rtvi.h>\n#include <rtvi.h>\nint main(void) { return (int)rtvi_text(\"\").len; }\n",
    )
    .expect("written");
    run(Command::new(compiler)
        .args(["-x", language, &format!("-std={standard}"), "-fsyntax-only", "-I"])
        .arg(root().join("bindings/c/include"))
        .args(EVERY_WARNING)
        .args(flags)
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

/// Those systems' own headers are not here: the compiler's are enough for this one. `cargo xtask cross`
/// compiles everything for them.
#[test]
fn the_header_is_for_other_systems_too() {
    for system in [
        "x86_64-pc-windows-msvc",
        "aarch64-pc-windows-msvc",
        "x86_64-pc-windows-gnu",
        "arm64-apple-macos12",
        "arm64-apple-ios15",
        "aarch64-linux-gnu",
        "armv7-linux-gnueabihf",
        "aarch64-linux-android24",
    ] {
        compiles_with("clang", "c", "c99", &["-ffreestanding", &format!("--target={system}")]);
    }
}

fn committed_symbols() -> BTreeSet<String> {
    let list = fs::read_to_string(root().join("bindings/c/symbols.txt")).expect("the list is committed");
    list.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
}

/// If it is built together with the bindings of Swift and Kotlin, as here, the core contains what
/// those need. For a release, each library is built alone.
fn is_of_uniffi(symbol: &str) -> bool {
    ["UNIFFI_META_", "uniffi_", "ffi_rtvi_core_"].iter().any(|beginning| symbol.starts_with(beginning))
}

/// Adds symbols to the list. Removed symbols must be deleted by hand.
fn add_symbols(new: &[&str]) {
    let file = root().join("bindings/c/symbols.txt");
    let list = fs::read_to_string(&file).expect("the list is committed");
    let (notes, mut symbols): (Vec<_>, Vec<_>) = list.lines().partition(|line| line.starts_with('#'));
    symbols.extend(new);
    symbols.sort_unstable();
    fs::write(&file, [notes, symbols].concat().join("\n") + "\n").expect("it can be written");
}

/// A removed symbol breaks apps, and a new one is permanent. A review must see both.
#[test]
fn the_library_exports_what_the_list_says() {
    let listing = run(Command::new("nm").args(["-D", "--defined-only"]).arg(library().join("librtvi_c.so")));
    let symbols = listing.lines().filter_map(|line| line.split(' ').nth(2));
    let exported: BTreeSet<String> =
        symbols.filter(|symbol| !is_of_uniffi(symbol)).map(str::to_owned).collect();
    let committed = committed_symbols();
    let gone: Vec<_> = committed.difference(&exported).collect();
    assert!(gone.is_empty(), "the library has lost {gone:?}, which bindings/c/symbols.txt lists");
    let new: Vec<_> = exported.difference(&committed).map(String::as_str).collect();
    if std::env::var_os("RTVI_BLESS").is_some() {
        return add_symbols(&new);
    }
    assert!(new.is_empty(), "bindings/c/symbols.txt lacks {new:?}: run this with RTVI_BLESS=1 and commit it");
}

#[test]
fn the_header_declares_what_the_library_exports() {
    let header = fs::read_to_string(root().join("bindings/c/include/rtvi.h")).expect("the header");
    for symbol in committed_symbols() {
        assert!(header.contains(&format!("{symbol}(")), "{symbol} is not in the header");
    }
}

/// Doxygen fails on a member without documentation, in C and C++.
#[test]
fn the_reference_has_no_gap() {
    run(Command::new("doxygen").current_dir(root().join("cpp")));
    assert!(root().join("target/reference/html/classrtvi_1_1PipecatClient.html").exists());
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
