//! Builds every program and every test of the workspace at once, and lists the results.
//!
//! Depends on [`crate::workspace`]. Must never use other features or flags than the other commands:
//! each difference compiles the dependencies again.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
};

use serde_json::Value;

use crate::{
    failure::{Failure, Outcome},
    workspace,
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

/// Builds. The compiler's messages go to the terminal.
pub(super) fn build() -> Outcome<Built> {
    println!("test: building every program and test");
    let targets = workspace::targets()?;
    let mut cargo = workspace::cargo();
    cargo.args(["build", "--workspace", "--lib", "--tests", "--message-format=json-render-diagnostics"]);
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
