//! `cargo xtask miri`: runs the unit tests of unsafe code under Miri, which detects undefined
//! behaviour.
//!
//! Depends on [`crate::process`] and [`crate::workspace`]. Must never run tests that need sockets
//! or devices: Miri has none.

use std::process::Command;

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::packages::{self, BUILD},
    workspace,
};

/// The compiler. Only some nightly versions include Miri, and a later version may report more.
const TOOLCHAIN: &str = "nightly-2026-05-20";

/// What runs of each crate: parts of test names, and features.
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

/// Installs the compiler if it is missing, and runs the tests.
pub(crate) fn run() -> Outcome {
    packages::ensure(&BUILD)?;
    ensure()?;
    for (package, features, names) in TESTS {
        println!("miri: {package}");
        let mut cargo = workspace::calling_cargo("cargo");
        cargo.arg(format!("+{TOOLCHAIN}")).args(["miri", "test", "--package", package]).args(features);
        cargo.args(["--lib", "--"]).args(names);
        // A separate folder, because another compiler's output would displace that of the regular
        // one.
        cargo.env("CARGO_TARGET_DIR", workspace::root().join("target").join("miri"));
        // The tests use only the machine's clock.
        cargo.env("MIRIFLAGS", "-Zmiri-disable-isolation");
        // Here cargo is rustup's, which selects the compiler by its argument. The caller's
        // variables must not override it.
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
