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

/// Builds a program of a package as it is released, with the library in this folder, and gives the folder of the program.
///
/// # Panics
/// When it does not build.
pub fn build_release(package: &str, program: &str, library: &Path) -> PathBuf {
    let folder = target().join("swift").join(package).join("release");
    let mut build = linked("build", package, &folder, library);
    run(build.args(["--configuration", "release", "--product", program]));
    folder.join("release")
}

/// `swift build` or another command of a package, linked with the library.
pub fn swift(command: &str, package: &str, flags: &[&str]) -> Command {
    let mut swift = linked(command, package, &folder(package, flags), &library());
    swift.args(flags);
    swift
}

fn linked(command: &str, package: &str, folder: &Path, library: &Path) -> Command {
    let mut swift = there();
    swift.args(["swift", command, "--package-path"]).arg(root().join(package));
    swift.arg("--scratch-path").arg(folder);
    swift.args(["-Xlinker", "-L", "-Xlinker"]).arg(library);
    with_library(&mut swift, library);
    swift
}

/// A program of a package that was built.
pub fn program(folder: &Path, name: &str) -> Command {
    program_with(folder, name, &library())
}

/// A program of a package, with the library in this folder.
pub fn program_with(folder: &Path, name: &str, library: &Path) -> Command {
    let mut program = there();
    program.arg(folder.join(name));
    with_library(&mut program, library);
    program
}

/// Whether somebody has said where Swift is.
pub fn is_there() -> bool {
    std::env::var_os("RTVI_SWIFT").is_some()
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
