//! The paths of this workspace, and cargo's information about its crates.
//!
//! Depends on [`crate::process`] and [`crate::failure`]. Must never write anything but what cargo
//! builds.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::{
    failure::{Failure, Outcome},
    process,
};

/// One target of a crate of the workspace, such as a binary or a test file.
#[derive(Debug)]
pub(crate) struct Target {
    /// The crate's name.
    pub package: String,
    /// The target's own name.
    pub name: String,
    /// Whether it is a binary (and not a library, test, …).
    pub is_bin: bool,
    /// Whether it is a test file.
    pub is_test: bool,
    /// Whether it is a test file that only its own name chooses (`test = false` in the manifest).
    pub is_apart: bool,
}

/// The folder of the workspace's Cargo.toml.
pub(crate) fn root() -> &'static Path {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest)
}

/// A path in `.cache`, which git ignores: for what setup installs and commands leave behind.
pub(crate) fn cache(name: &str) -> PathBuf {
    root().join(".cache").join(name)
}

/// The cargo that runs us, working at the root of the workspace as if called from there.
pub(crate) fn cargo() -> Command {
    calling_cargo(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// A program that is cargo or calls it, working at the root of the workspace. It lacks the
/// variables that cargo sets for our own crate; with them, cargo would recompile the crates that
/// depend on such variables.
pub(crate) fn calling_cargo(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root());
    for (name, _) in std::env::vars_os() {
        if ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|part| name.to_string_lossy().starts_with(part)) {
            command.env_remove(name);
        }
    }
    command
}

/// A program that cargo has built in the profile's folder (`debug` or `release`).
pub(crate) fn built(profile: &str, name: &str) -> Outcome<PathBuf> {
    Ok(built_folder(profile)?.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
}

/// Builds a program with optimization and returns its path.
pub(crate) fn release(package: &str, program: &str) -> Outcome<PathBuf> {
    process::run(cargo().args(["build", "--release", "--package", package, "--bin", program]))?;
    built("release", program)
}

/// The folder of cargo's output for a profile: `debug` for the profile `dev`.
pub(crate) fn built_folder(profile: &str) -> Outcome<PathBuf> {
    let folder = metadata()?.get("target_directory").and_then(Value::as_str).map(PathBuf::from);
    let folder = folder.ok_or_else(|| Failure::new("cargo metadata names no target directory"))?;
    Ok(folder.join(profile))
}

/// Every target of every crate of the workspace.
pub(crate) fn targets() -> Outcome<Vec<Target>> {
    let metadata = metadata()?;
    let packages = metadata.get("packages").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    Ok(packages.iter().flat_map(targets_of).collect())
}

fn targets_of(package: &Value) -> Vec<Target> {
    let name = text(package, "name");
    let targets = package.get("targets").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let target = |target: &Value| Target {
        package: name.clone(),
        name: text(target, "name"),
        is_bin: has_kind(target, "bin"),
        is_test: has_kind(target, "test"),
        is_apart: has_kind(target, "test") && target.get("test") == Some(&Value::Bool(false)),
    };
    targets.iter().map(target).collect()
}

/// Whether cargo's JSON for a target lists this kind.
pub(crate) fn has_kind(target: &Value, kind: &str) -> bool {
    target
        .get("kind")
        .and_then(Value::as_array)
        .is_some_and(|kinds| kinds.iter().any(|value| value.as_str() == Some(kind)))
}

/// A text field of cargo's JSON; empty if it is missing.
pub(crate) fn text(value: &Value, field: &str) -> String {
    value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn metadata() -> Outcome<Value> {
    let json = process::output(cargo().args(["metadata", "--no-deps", "--format-version", "1"]))?;
    serde_json::from_str(&json).map_err(Failure::doing("reading the output of cargo metadata"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_workspace_is_found() {
        assert!(root().join("Cargo.lock").is_file());
        let targets = targets().unwrap();
        let xtask = targets.iter().find(|target| target.name == "xtask").unwrap();
        assert_eq!((xtask.package.as_str(), xtask.is_bin), ("xtask", true));
    }
}
