//! The Swift package's programs and tests, where Swift is: on this machine, or in the Debian that `cargo xtask setup` has unpacked.
//!
//! Everything here panics when something is not as it should be.
use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

use crate::native::{library, root, run, target};

/// Builds everything of a package, its tests among it, and gives the folder of its programs.
///
/// # Panics
/// When it does not build.
pub fn build(package: &str) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    run(swift("build", package, &[]).arg("--build-tests"));
    folder(package, &[]).join("debug")
}

/// `swift build` or another command of a package, linked with the library.
pub fn swift(command: &str, package: &str, flags: &[&str]) -> Command {
    let library = library();
    let mut swift = there();
    swift.args(["swift", command, "--package-path"]).arg(root().join(package));
    swift.arg("--scratch-path").arg(folder(package, flags));
    swift.args(["-Xlinker", "-L", "-Xlinker"]).arg(&library).args(flags);
    with_library(&mut swift, &library);
    swift
}

/// A program of a package that was built.
pub fn program(folder: &Path, name: &str) -> Command {
    let mut program = there();
    program.arg(folder.join(name));
    with_library(&mut program, &library());
    program
}

/// What runs programs where Swift is.
fn there() -> Command {
    let launcher = std::env::var_os("RTVI_SWIFT");
    Command::new(launcher.expect("RTVI_SWIFT; run this by `cargo xtask test`"))
}

/// Where a package is built, one folder for each set of flags.
fn folder(package: &str, flags: &[&str]) -> PathBuf {
    target().join("swift").join(package.replace('/', "-")).join(if flags.is_empty() {
        "plain"
    } else {
        "checked"
    })
}

fn with_library(command: &mut Command, library: &Path) {
    let variable = if cfg!(target_os = "macos") { "DYLD_LIBRARY_PATH" } else { "LD_LIBRARY_PATH" };
    command.env(variable, library);
}
