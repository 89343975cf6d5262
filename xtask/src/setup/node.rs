//! The npm packages of the browser tests.
//!
//! Depends on [`crate::process`]. Installs exactly what the lock file lists, once, and runs no
//! script of any package.

use std::{fs, process::Command};

use crate::{
    failure::{Failure, Outcome},
    process, workspace,
};

/// The folder of the browser tests.
const FOLDER: &str = "tests/browser";

/// Installs the packages, unless those of the current lock file are installed.
pub(crate) fn ensure() -> Outcome {
    let folder = workspace::root().join(FOLDER);
    let lock_file = folder.join("package-lock.json");
    let lock = fs::read_to_string(&lock_file).map_err(Failure::doing(lock_file.display()))?;
    let stamp = folder.join("node_modules/.installed");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    println!("setup: installing the npm packages of {FOLDER}");
    process::run(Command::new("npm").args(["ci", "--ignore-scripts"]).current_dir(&folder))?;
    fs::write(&stamp, lock).map_err(Failure::doing(stamp.display()))
}
