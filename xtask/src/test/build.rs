//! Builds every program and the chosen tests of the workspace at once, and lists the results.
//!
//! Depends on [`crate::workspace`] and [`super::suite`]. Must never use other features or flags than the other commands:
//! each difference compiles the dependencies again.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;

use super::suite::CROSS_CRATE;
use crate::{
    failure::{Failure, Outcome},
    workspace::{self, Target},
};

/// The results of the build.
#[derive(Debug, Default)]
pub(super) struct Built {
    /// The test programs, in cargo's order.
    pub tests: Vec<TestProgram>,
    /// The workspace's own programs: name and path.
    pub programs: Vec<(String, PathBuf)>,
}

/// One test program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TestProgram {
    /// The crate that it tests.
    pub package: String,
    /// The file in `tests/` that it was built from; `None` for unit tests.
    pub integration: Option<String>,
    /// The program.
    pub path: PathBuf,
    /// The crate's folder, in which cargo would run it.
    pub folder: PathBuf,
}

/// Builds every program and the tests that these filters choose. The compiler's messages go to the
/// terminal.
pub(super) fn build(filters: &[String]) -> Outcome<Built> {
    let targets = workspace::targets()?;
    let files = cross_crate_files(&targets, filters);
    let mut cargo = workspace::cargo();
    cargo.args(["build", "--workspace", "--lib", "--message-format=json-render-diagnostics"]);
    if files.is_empty() {
        println!("test: building every program and test");
        cargo.arg("--tests");
    } else {
        println!("test: building every program and the tests {}", files.join(", "));
        cargo.args(files.iter().flat_map(|file| ["--test", file]));
    }
    // Not xtask itself: not every system can replace a running program.
    for target in targets.iter().filter(|target| target.is_bin && target.package != "xtask") {
        cargo.args(["--bin", &target.name]);
    }
    let output = cargo.stderr(Stdio::inherit()).output().map_err(Failure::doing("cargo build"))?;
    if !output.status.success() {
        return Err(Failure::new("the tests don't compile"));
    }
    let mut built = Built::default();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let message: Value =
            serde_json::from_str(line).map_err(Failure::doing("reading cargo's build output"))?;
        built.add(&message);
    }
    Ok(built)
}

/// The test files that the filters choose, if they choose nothing else; otherwise none. Cargo can't
/// build the unit tests of one crate with the features of the whole workspace. A file that stands
/// apart is chosen only by its whole name.
fn cross_crate_files<'a>(targets: &'a [Target], filters: &[String]) -> Vec<&'a str> {
    let is_meant = |name: &str| filters.iter().any(|filter| name.contains(filter.as_str()));
    if targets.iter().any(|target| is_meant(&target.package)) {
        return Vec::new();
    }
    let files = targets.iter().filter(|target| target.is_test && target.package == CROSS_CRATE);
    let is_chosen = |target: &&Target| match target.is_apart {
        true => filters.contains(&target.name),
        false => is_meant(&target.name),
    };
    files.filter(is_chosen).map(|target| target.name.as_str()).collect()
}

impl Built {
    fn add(&mut self, message: &Value) {
        let Some(path) = message.get("executable").and_then(Value::as_str).map(PathBuf::from) else { return };
        let Some(target) = message.get("target") else { return };
        let name = workspace::text(target, "name");
        if message.pointer("/profile/test") != Some(&Value::Bool(true)) {
            self.programs.push((name, path));
            return;
        }
        let manifest = PathBuf::from(workspace::text(message, "manifest_path"));
        let folder = manifest.parent().map(Path::to_owned).unwrap_or_default();
        let integration = workspace::has_kind(target, "test").then_some(name);
        self.tests.push(TestProgram { package: package(message), integration, path, folder });
    }
}

/// The crate's name at the end of cargo's identifier, `…/folder#name@version` or `…/name#version`.
fn package(message: &Value) -> String {
    let id = workspace::text(message, "package_id");
    let (place, last) = id.rsplit_once('#').unwrap_or(("", &id));
    match last.split_once('@') {
        Some((name, _)) => name.to_owned(),
        None => place.rsplit('/').next().unwrap_or(place).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn message(kind: &str, is_test: bool, id: &str) -> Value {
        json!({
            "reason": "compiler-artifact", "package_id": id, "manifest_path": "w/tests/Cargo.toml",
            "target": {"kind": [kind], "name": "faults"}, "profile": {"test": is_test}, "executable": "w/target/faults",
        })
    }

    fn target(package: &str, name: &str) -> Target {
        let is_apart = name == "interop_apart";
        Target { package: package.to_owned(), name: name.to_owned(), is_bin: false, is_test: true, is_apart }
    }

    #[test]
    fn only_what_is_chosen_is_built() {
        let targets =
            [target(CROSS_CRATE, "faults"), target(CROSS_CRATE, "field"), target("rtvi-core", "phone")];
        let chosen = |filters: &[&str]| {
            let filters: Vec<String> = filters.iter().map(|filter| (*filter).to_owned()).collect();
            cross_crate_files(&targets, &filters)
        };
        assert_eq!(chosen(&["fault"]), ["faults"]);
        assert_eq!(chosen(&["fault", "field"]), ["faults", "field"]);
        assert!(chosen(&[]).is_empty(), "everything");
        assert!(chosen(&["fault", "core"]).is_empty(), "unit tests too");
        assert!(chosen(&["phone"]).is_empty(), "a test file of another crate is not a suite");
    }

    #[test]
    fn what_stands_apart_is_chosen_by_its_whole_name() {
        let targets = [target(CROSS_CRATE, "interop_apart"), target(CROSS_CRATE, "interop_legacy")];
        let chosen = |filter: &str| cross_crate_files(&targets, &[filter.to_owned()]);
        assert_eq!(chosen("interop"), ["interop_legacy"]);
        assert_eq!(chosen("interop_apart"), ["interop_apart"]);
    }

    #[test]
    fn tests_and_programs_are_distinguished() {
        let mut built = Built::default();
        built.add(&message("test", true, "path+file:///w/tests#rtvi-tests@0.1.0"));
        built.add(&message("lib", true, "path+file:///w/rtvi-core#0.1.0"));
        built.add(&message("bin", false, "path+file:///w/rtvi-core#0.1.0"));
        built.add(&json!({"reason": "build-finished", "success": true}));
        let found: Vec<_> =
            built.tests.iter().map(|test| (&*test.package, test.integration.as_deref())).collect();
        assert_eq!(found, [("rtvi-tests", Some("faults")), ("rtvi-core", None)]);
        assert_eq!(built.tests[0].folder, Path::new("w/tests"));
        assert_eq!(built.programs, [("faults".to_owned(), PathBuf::from("w/target/faults"))]);
    }
}
