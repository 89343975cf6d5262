//! `cargo xtask setup`: installs everything that the other commands need.
//!
//! Depends on [`crate::process`] and [`crate::workspace`]. Must never need the network if nothing
//! is missing.

pub(crate) mod debian;
pub(crate) mod go;
pub(crate) mod livekit;
pub(crate) mod node;
pub(crate) mod packages;
pub(crate) mod python;
pub(crate) mod swift;
pub(crate) mod target;
pub(crate) mod tools;
pub(crate) mod wine;

use crate::failure::Outcome;
use packages::{
    BROWSER, BUILD, CPP, CPP_CHECKS, DESKTOP, KOTLIN, LOOPS, NODE, PACKAGING, PYTHON, SCREEN, SOUND_SERVER,
    SPEECH, TURN_SERVER,
};
use python::{CONAN, CURRENT, LEGACY};

/// Installs programs, then the Python environments of the real servers.
pub(crate) fn run() -> Outcome {
    packages::ensure(&BUILD)?;
    packages::ensure(&[&SPEECH, &PYTHON, &TURN_SERVER, &BROWSER, &NODE, &SOUND_SERVER, &SCREEN])?;
    packages::ensure(&[&CPP, &CPP_CHECKS, &DESKTOP, &KOTLIN, &LOOPS, &PACKAGING])?;
    node::ensure()?;
    python::ensure(&CURRENT)?;
    python::ensure(&LEGACY)?;
    python::ensure(&CONAN)?;
    livekit::ensure(&livekit::CURRENT)?;
    livekit::ensure(&livekit::OLD)?;
    // Without Swift or Wine, their suites report that, and everything else works.
    for ensured in [swift::ensure(), wine::ensure()] {
        ensured.map_or_else(|failure| println!("setup: {failure}"), drop);
    }
    println!("setup: everything is installed");
    Ok(())
}
