//! `cargo xtask sbom`: lists the contents of each released library as CycloneDX JSON, with
//! cargo-cyclonedx.
//!
//! Depends on [`crate::setup`], [`crate::process`] and [`crate::workspace`]. Must never leave a
//! file among the sources.

use std::{fs, path::Path};

use crate::{
    failure::{Failure, Outcome},
    process,
    setup::tools,
    workspace,
};

/// The crates that become libraries of apps, and their folders.
const RELEASED: [(&str, &str); 3] =
    [("rtvi-core", "rtvi-core"), ("rtvi-c", "bindings/c"), ("rtvi-uniffi", "bindings/uniffi")];
/// The name of the tool's output files; the tool writes one next to every manifest of the
/// workspace.
const NAME: &str = "rtvi-sbom";

/// Writes `target/sbom/CRATE.cdx.json` for each of them: everything that is linked on any platform,
/// without build tools.
pub(crate) fn run() -> Outcome {
    let program = tools::ensure("cargo-cyclonedx")?;
    let written = describe(&program).and_then(|()| collect());
    remove_all()?;
    for path in written? {
        println!("sbom: {path}");
    }
    Ok(())
}

fn describe(program: &Path) -> Outcome {
    let mut command = workspace::calling_cargo(program);
    command.args(["cyclonedx", "--quiet", "--format", "json", "--spec-version", "1.5", "--target", "all"]);
    process::run(command.args(["--no-build-deps", "--override-filename"]).arg(format!("{NAME}.cdx")))
}

/// Moves the files of the released crates to one folder.
fn collect() -> Outcome<Vec<String>> {
    let root = workspace::root();
    let target = workspace::built_folder("sbom")?;
    fs::create_dir_all(&target).map_err(Failure::doing("creating the folder for the lists"))?;
    let mut written = Vec::new();
    for (name, folder) in RELEASED {
        let from = root.join(folder).join(format!("{NAME}.cdx.json"));
        let text = fs::read_to_string(&from).map_err(Failure::doing(from.display()))?;
        let to = target.join(format!("{name}.cdx.json"));
        fs::write(&to, without_root(&text, &root.to_string_lossy())).map_err(Failure::doing(to.display()))?;
        written.push(to.display().to_string());
    }
    Ok(written)
}

/// The names of our own crates contain their build folder, which does not belong in the list.
fn without_root(text: &str, root: &str) -> String {
    text.replace(&format!("file://{root}/"), "").replace(&format!("{root}/"), "")
}

/// Removes the files next to the manifests.
fn remove_all() -> Outcome {
    let listed = process::output(
        std::process::Command::new("git")
            .current_dir(workspace::root())
            .args(["ls-files", "-z", "--others", "--"])
            .arg(format!("*{NAME}.cdx.json")),
    )?;
    for file in listed.split('\0').filter(|file| !file.is_empty()) {
        fs::remove_file(workspace::root().join(file)).map_err(Failure::doing(file))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_of_this_machine_are_left_out() {
        let text = r#"{"bom-ref": "path+file:///src/rtvi/bindings/c#rtvi-c@0.1.0", "path": "/src/rtvi/a"}"#;
        let expected = r#"{"bom-ref": "path+bindings/c#rtvi-c@0.1.0", "path": "a"}"#;
        assert_eq!(without_root(text, "/src/rtvi"), expected);
    }

    #[test]
    fn every_released_crate_is_there() {
        for (name, folder) in RELEASED {
            let manifest = workspace::root().join(folder).join("Cargo.toml");
            let text = fs::read_to_string(manifest).unwrap();
            assert!(text.contains(&format!("name = \"{name}\"")), "{name}");
        }
    }
}
