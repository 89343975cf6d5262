//! `cargo xtask check`: every check except the tests.
//!
//! Depends on [`crate::arch`], [`crate::setup`], [`crate::process`] and [`crate::workspace`]. Must
//! never change a file.

use std::process::Command;

use crate::{
    arch,
    failure::{Failure, Outcome},
    process,
    setup::packages::{self, BUILD},
    windows, workspace,
};

/// A check: its name and its function.
type Step = (&'static str, fn() -> Outcome);

const STEPS: [Step; 5] = [
    ("fmt", fmt),
    ("arch", arch::run),
    ("clippy", clippy),
    ("clippy without features", clippy_without_features),
    ("rustdoc", rustdoc),
];

/// Runs every check, even after one has failed, and names those that failed.
pub(crate) fn run() -> Outcome {
    packages::ensure(&BUILD)?;
    let mut failed = Vec::new();
    for (name, step) in STEPS {
        println!("check: {name}");
        let started = process::now();
        if let Err(failure) = step() {
            eprintln!("check: {name} failed: {failure}");
            failed.push(name);
        }
        println!("check: {name} took {:.1} s", started.elapsed().as_secs_f64());
    }
    if failed.is_empty() { Ok(()) } else { Err(Failure::new(format!("failed: {}", failed.join(", ")))) }
}

fn fmt() -> Outcome {
    component("fmt", "rustfmt")?;
    process::run(workspace::cargo().args(["fmt", "--all", "--check"]))
}

/// The suite for Windows stands apart: cargo does not count it among all targets.
fn clippy() -> Outcome {
    component("clippy", "clippy")?;
    for targets in [&["--all-targets"][..], &["--test", windows::SUITE]] {
        let mut cargo = workspace::cargo();
        process::run(cargo.args(["clippy", "--workspace"]).args(targets).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

/// The core without video, and the smallest C library. In a build of the whole workspace, the core has
/// every feature that any crate wants.
fn clippy_without_features() -> Outcome {
    for package in [&["rtvi-core"][..], &["rtvi-c", "--no-default-features"]] {
        let mut cargo = workspace::cargo();
        process::run(cargo.args(["clippy", "--package"]).args(package).args(["--", "-D", "warnings"]))?;
    }
    Ok(())
}

/// Includes private items: contributors read their documentation, public documentation may link to
/// it, and every link must be valid.
fn rustdoc() -> Outcome {
    let mut doc = workspace::cargo();
    doc.args(["doc", "--workspace", "--no-deps", "--document-private-items"]);
    process::run(doc.env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links"))
}

/// Reports which part of the Rust toolchain is missing, because cargo's own message does not always
/// do so.
fn component(subcommand: &str, name: &str) -> Outcome {
    let mut probe: Command = workspace::cargo();
    if process::succeeds(probe.args([subcommand, "--version"])) {
        return Ok(());
    }
    Err(Failure::new(format!("cargo {subcommand} is missing; `rustup component add {name}` installs it")))
}
