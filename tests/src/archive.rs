//! Static libraries: what they show to an app, and another one of Rust beside them.
//!
//! Everything here panics on failure: it is for tests only.
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::native::run;

/// The names that a static library defines for others.
pub fn shown(archive: &Path) -> Vec<String> {
    let symbols = run(Command::new("nm").args(["--extern-only", "--defined-only", "--quiet"]).arg(archive));
    symbols.lines().filter_map(|line| line.split(' ').nth(2)).map(str::to_owned).collect()
}

/// Compiles a program in C with a static library of ours and another one of Rust, which offers
/// `int other(int n)` and returns `n`, and runs it.
///
/// # Panics
/// If they don't fit together, or the program fails.
pub fn run_beside_another(folder: &Path, program: &str, archive: &Path, arguments: &[&str]) {
    fs::write(folder.join("main.c"), program).expect("written");
    run(Command::new("gcc")
        .args(["main.c", "-o", "main"])
        .arg(archive)
        .arg(another(folder))
        .args(arguments)
        .args(["-lpthread", "-ldl", "-lm", "-lasound", "-lvpx"])
        .current_dir(folder));
    run(&mut Command::new(folder.join("main")));
}

fn another(folder: &Path) -> PathBuf {
    let other = "#[unsafe(no_mangle)]\npub extern \"C\" fn other(n: i32) -> i32 {\n    \
                 let mut all: Vec<String> = (0..n).map(|i| i.to_string()).collect();\n    all.sort();\n    \
                 std::panic::catch_unwind(|| all.len() as i32).unwrap_or(-1)\n}\n";
    fs::write(folder.join("other.rs"), other).expect("written");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    run(Command::new(rustc)
        .args(["--edition=2024", "--crate-type=staticlib", "-Aunused", "other.rs"])
        .current_dir(folder));
    folder.join("libother.a")
}
