//! `cargo xtask miri`: unit tests of what is unsafe, run by Miri, which knows what C and Rust allow.
//!
//! Depends on [`crate::process`] and [`crate::workspace`]. Must never run what needs sockets or devices: Miri has none.

use std::process::Command;

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::packages::{self, ALSA, COMPILER},
    workspace,
};

/// The compiler: Miri is in some nightly ones only, and a later one may find more.
const TOOLCHAIN: &str = "nightly-2026-05-20";

/// What is run of each crate: parts of the names of its tests, and its features.
const TESTS: [(&str, &[&str], &[&str]); 2] = [
    ("rtvi-devices", &[], &["ring"]),
    (
        "rtvi-c",
        &["--no-default-features"],
        &[
            "handle::",
            "memory::",
            "text::",
            "json::",
            "error::",
            "callback::",
            "panic::",
            "audio_end::",
            "pcm::",
            "signal::",
            "event::",
        ],
    ),
];

/// Installs the compiler if it is not there, and runs them.
pub(crate) fn run() -> Outcome {
    packages::ensure(&[&COMPILER, &ALSA])?;
    ensure()?;
    for (package, features, names) in TESTS {
        println!("miri: {package}");
        let mut cargo = workspace::calling_cargo("cargo");
        cargo.arg(format!("+{TOOLCHAIN}")).args(["miri", "test", "--package", package]).args(features);
        cargo.args(["--lib", "--"]).args(names);
        // Of its own, as another compiler's results would push those of ours aside.
        cargo.env("CARGO_TARGET_DIR", workspace::root().join("target").join("miri"));
        // Of the machine only the clock is used.
        cargo.env("MIRIFLAGS", "-Zmiri-disable-isolation");
        // Cargo is rustup's here, which takes the compiler from its argument and not from who called us.
        for variable in ["CARGO", "RUSTC", "RUSTDOC", "RUSTUP_TOOLCHAIN"] {
            cargo.env_remove(variable);
        }
        process::run(&mut cargo)?;
    }
    Ok(())
}

fn ensure() -> Outcome {
    if process::succeeds(Command::new("rustup").args(["run", TOOLCHAIN, "cargo", "miri", "--version"])) {
        return Ok(());
    }
    println!("setup: installing the compiler {TOOLCHAIN} with Miri");
    let mut install = Command::new("rustup");
    install.args(["toolchain", "install", TOOLCHAIN, "--profile", "minimal", "--component", "miri,rust-src"]);
    process::run(install.arg("--no-self-update"))
        .map_err(|failure| Failure::new(format!("Miri needs rustup and the compiler {TOOLCHAIN}: {failure}")))
}
