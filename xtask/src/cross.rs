//! `cargo xtask cross`: checks that the SDK compiles for systems that this machine is not.
//!
//! Depends on [`crate::setup`], [`crate::process`] and [`crate::workspace`]. Must never link or run
//! anything: that needs those systems' own libraries.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::{
        packages::{self, BUILD},
        python::{self, ZIG},
        target,
    },
    workspace,
};

/// A system to compile for.
struct System {
    /// Rust's name.
    target: &'static str,
    /// Zig's name of the system whose C headers it uses.
    zig: &'static str,
    /// The crates that exist there.
    packages: &'static [&'static str],
    /// Their parts that need no library that is not the system's own. Video needs libvpx.
    features: &'static str,
}

const DESKTOP: System = System {
    target: "",
    zig: "",
    packages: &["rtvi-core", "rtvi-devices", "rtvi-c", "rtvi-uniffi"],
    features: concat!(
        "rtvi-core/processing,rtvi-core/webrtc,rtvi-c/devices,rtvi-c/processing,rtvi-c/webrtc,",
        "rtvi-uniffi/devices,rtvi-uniffi/processing"
    ),
};

const SYSTEMS: [System; 4] = [
    System { target: "aarch64-apple-darwin", zig: "aarch64-macos", ..DESKTOP },
    // Zig has no headers of iOS. What is in C here needs those of macOS alone.
    System {
        target: "aarch64-apple-ios",
        zig: "aarch64-macos",
        packages: &["rtvi-uniffi"],
        features: "rtvi-uniffi/processing",
    },
    System { target: "x86_64-pc-windows-gnu", zig: "x86_64-windows-gnu", ..DESKTOP },
    System { target: "aarch64-unknown-linux-gnu", zig: "aarch64-linux-gnu.2.28", ..DESKTOP },
];

/// Compiles for one system: the compiler that it runs, without the arguments that name a system.
const COMPILER: &str = r#"#!/bin/sh
skip=
for argument; do
    shift
    if [ -n "$skip" ]; then skip=; continue; fi
    case "$argument" in
        -target|-arch|-isysroot) skip=1 ;;
        --target=*|-m*-version-min=*) ;;
        *) set -- "$@" "$argument" ;;
    esac
done
exec 'PYTHON' -m ziglang LANGUAGE -target SYSTEM "$@"
"#;

/// Checks every system, or those whose target contains an argument.
pub(crate) fn run(args: &[String]) -> Outcome {
    let is_meant = |system: &&System| args.is_empty() || args.iter().any(|arg| system.target.contains(arg));
    let systems: Vec<&System> = SYSTEMS.iter().filter(is_meant).collect();
    if systems.is_empty() {
        let names: Vec<&str> = SYSTEMS.iter().map(|system| system.target).collect();
        return Err(Failure::usage(format!("no such target; the targets are: {}", names.join(", "))));
    }
    packages::ensure(&BUILD)?;
    let python = python::ensure(&ZIG)?;
    let folder = workspace::built_folder("cross")?;
    fs::create_dir_all(&folder).map_err(Failure::doing(folder.display()))?;
    for system in systems {
        check(system, &python, &folder)
            .map_err(|failure| Failure::new(format!("{}: {failure}", system.target)))?;
        println!("cross: {}: the headers and {} compile", system.target, system.packages.join(", "));
    }
    Ok(())
}

fn check(system: &System, python: &Path, folder: &Path) -> Outcome {
    let c = compiler(system, "cc", python, folder)?;
    let cpp = compiler(system, "c++", python, folder)?;
    headers(&c, &["-x", "c", "-std=c99"], "rtvi.h", folder)?;
    headers(&cpp, &["-x", "c++", "-std=c++17"], "rtvi/rtvi.hpp", folder)?;
    target::ensure(system.target)?;
    let variable = system.target.replace('-', "_");
    let mut cargo = workspace::cargo();
    cargo.args(["check", "--locked", "--target", system.target, "--no-default-features"]);
    cargo.args(["--features", system.features]);
    cargo.args(system.packages.iter().flat_map(|package| ["--package", package]));
    cargo.env(format!("CC_{variable}"), &c).env(format!("AR_{variable}"), "ar");
    // Crates look for an SDK that only a Mac has, and for libraries that only linking needs.
    cargo.env("SDKROOT", folder).env("PKG_CONFIG_ALLOW_CROSS", "1");
    process::run(&mut cargo)
}

/// Writes the program that compiles a language for a system.
fn compiler(system: &System, language: &str, python: &Path, folder: &Path) -> Outcome<PathBuf> {
    let program = folder.join(format!("{}-{language}", system.target));
    let text = COMPILER
        .replace("PYTHON", &python.display().to_string())
        .replace("LANGUAGE", language)
        .replace("SYSTEM", system.zig);
    fs::write(&program, text).map_err(Failure::doing(program.display()))?;
    process::run(Command::new("chmod").arg("+x").arg(&program))?;
    Ok(program)
}

/// Compiles a header alone.
fn headers(compiler: &Path, arguments: &[&str], header: &str, folder: &Path) -> Outcome {
    let source = folder.join("header.txt");
    fs::write(&source, format!("#include <{header}>\n")).map_err(Failure::doing(source.display()))?;
    let root = workspace::root();
    let mut command = Command::new(compiler);
    command.args(["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-c"]).args(arguments).arg(&source);
    command.arg("-I").arg(root.join("bindings/c/include")).arg("-I").arg(root.join("cpp/include"));
    process::run(command.arg("-o").arg(folder.join("header.o")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_target_is_named() {
        let failure = run(&["solaris".to_owned()]).unwrap_err().to_string();
        assert!(failure.contains("aarch64-apple-darwin, aarch64-apple-ios"), "{failure}");
    }

    /// The arguments that crates pass for Apple's own compiler.
    #[cfg(unix)]
    #[test]
    fn the_compiler_gets_its_system_once() {
        let folder = tempfile::tempdir().unwrap();
        let program = compiler(&SYSTEMS[0], "cc", Path::new("/bin/echo"), folder.path()).unwrap();
        let mut command = Command::new(program);
        command.args(["-O1", "--target=arm64-apple-macosx", "-arch", "arm64", "-isysroot", "/sdk"]);
        command.args(["-mmacosx-version-min=11.0", "-DNAME=\"a b\"", "-c"]);
        let said = process::output(&mut command).unwrap();
        assert_eq!(said, "-m ziglang cc -target aarch64-macos -O1 -DNAME=\"a b\" -c\n");
    }
}
