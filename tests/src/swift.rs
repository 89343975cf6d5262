//! The Swift package's programs and tests, run where Swift is installed: on this machine, or in the
//! Debian that `cargo xtask setup` has unpacked.
//!
//! Everything here panics on failure: it is for tests only.
use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

use crate::native::{library, root, run, target};

/// Builds a package with its tests, and returns the folder of its programs.
///
/// # Panics
/// If the build fails.
pub fn build(package: &str) -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    run(swift("build", package, &[]).args(["--build-tests", "--disable-dependency-cache"]));
    folder(package, &[]).join("debug")
}

/// Builds a program of a package in release mode, with the library in this folder, and returns the
/// folder of the program.
///
/// # Panics
/// If the build fails.
pub fn build_release(package: &str, program: &str, library: &Path) -> PathBuf {
    let folder = target().join("swift").join(package).join("release");
    let mut build = linked("build", package, &folder, library);
    run(build.args(["--configuration", "release", "--product", program]));
    folder.join("release")
}

/// Creates `swift build` or another command for a package, linked with the library.
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

/// A program of a package that was already built.
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

/// Whether the environment says where Swift is.
pub fn is_there() -> bool {
    std::env::var_os("RTVI_SWIFT").is_some()
}

/// The command that runs programs where Swift is installed.
fn there() -> Command {
    let launcher = std::env::var_os("RTVI_SWIFT");
    Command::new(launcher.expect("RTVI_SWIFT; run this by `cargo xtask test`"))
}

/// The build folder of a package, one for each set of flags.
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
