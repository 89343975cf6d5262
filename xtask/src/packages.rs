//! `cargo xtask packages`: the archives and Debian packages of the C and C++ SDK, checked with
//! lintian.
//!
//! Depends on [`crate::setup`], [`crate::process`] and [`crate::workspace`]. Must never publish
//! anything.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::packages::{self, BUILD, CPP, LINTIAN, PACKAGING},
    workspace,
};

/// Writes the packages to `target/packages`. `--library DIR` names a folder with the library as
/// cargo built it; without it, CMake has cargo build the library for a release.
pub(crate) fn run(args: &[String]) -> Outcome {
    let library = match args {
        [] => None,
        [option, folder] if option == "--library" => {
            Some(std::path::absolute(folder).map_err(Failure::doing(folder))?)
        }
        _ => return Err(Failure::usage("expects nothing or --library DIR")),
    };
    packages::ensure(&BUILD)?;
    packages::ensure(&[&CPP, &PACKAGING, &LINTIAN])?;
    let folder = workspace::built_folder("packages")?;
    let debian = folder.join("debian");
    build(&debian, "/usr", library.as_deref())?;
    let built = library.unwrap_or_else(|| debian.join("built"));
    let archives = folder.join("archives");
    build(&archives, "/usr/local", Some(&built))?;
    let made = [pack(&debian)?, pack(&archives)?].concat();
    lint(&made)?;
    for file in made {
        println!("packages: {}", file.display());
    }
    Ok(())
}

fn build(folder: &Path, prefix: &str, library: Option<&Path>) -> Outcome {
    let mut cmake = Command::new("cmake");
    cmake.args(["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-S"]).arg(workspace::root().join("cpp"));
    cmake.arg("-B").arg(folder).arg(format!("-DCMAKE_INSTALL_PREFIX={prefix}"));
    cmake.arg(format!("-DRTVI_LIBRARY_DIR={}", library.map_or(Path::new(""), |library| library).display()));
    process::run(&mut cmake)?;
    process::run(Command::new("cmake").arg("--build").arg(folder))
}

/// Runs cpack in a build folder and returns what it made.
fn pack(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let output = folder.join("packages");
    if output.exists() {
        fs::remove_dir_all(&output).map_err(Failure::doing(output.display()))?;
    }
    process::run(Command::new("cpack").arg("-B").arg(&output).current_dir(folder))?;
    let entries = fs::read_dir(&output).map_err(Failure::doing(output.display()))?;
    let files = entries.flatten().map(|entry| entry.path());
    Ok(files.filter(|path| path.is_file()).collect())
}

/// Fails on every error and warning of lintian, except those that this command can't avoid.
fn lint(files: &[PathBuf]) -> Outcome {
    /// Debian alone gives a package a number in its bug tracker, and CPack always calls ldconfig.
    const NOT_OURS: &str = "initial-upload-closes-no-bugs,maintscript-calls-ldconfig";
    let is_package = |file: &&PathBuf| file.extension().is_some_and(|ending| ending == "deb");
    let mut lintian = Command::new("lintian");
    lintian.args(["--fail-on", "error,warning", "--suppress-tags", NOT_OURS, "--allow-root"]);
    process::run(lintian.args(files.iter().filter(is_package)))
}
