//! `cargo xtask licences`: writes `THIRD_PARTY_LICENSES.txt`, the licences of everything that the
//! released libraries and the command line contain. Every package carries the file.
//!
//! Depends on [`crate::workspace`] and on the sources that cargo has downloaded. Must never write
//! anything that depends on this machine: a test compares the committed file. Not by cargo-about,
//! which takes minutes to build: the crates' own files are the texts, and `cargo xtask deny` checks
//! which licences there are.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use serde_json::Value;

use crate::{
    failure::{Failure, Outcome},
    process, workspace,
};

/// The file, at the root of the workspace.
const FILE: &str = "THIRD_PARTY_LICENSES.txt";

/// The crates that become libraries and programs.
const RELEASED: [&str; 3] = ["rtvi-c", "rtvi-uniffi", "rtvi-cli"];

/// How the names of files with licences and notices begin.
const NAMES: [&str; 5] = ["licens", "licenc", "copying", "notice", "copyright"];

/// A crate of somebody else.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Crate {
    name: String,
    version: String,
    licence: String,
    repository: String,
    folder: PathBuf,
}

/// Writes the file.
pub(crate) fn run() -> Outcome {
    let path = workspace::root().join(FILE);
    fs::write(&path, text()?).map_err(Failure::doing(FILE))?;
    println!("licences: {}", path.display());
    Ok(())
}

fn text() -> Outcome<String> {
    let mut cargo = workspace::cargo();
    let json =
        process::output(cargo.args(["metadata", "--locked", "--format-version", "1", "--all-features"]))?;
    let metadata =
        serde_json::from_str(&json).map_err(Failure::doing("reading the output of cargo metadata"))?;
    let crates = crates(&metadata);
    let (texts, without) = texts(&crates)?;
    Ok(print(&crates, &texts, &without))
}

/// Everything that is linked on any system: no build tools, no macros, no tests.
fn crates(metadata: &Value) -> BTreeSet<Crate> {
    let by_id = |list: &Value| -> BTreeMap<String, Value> {
        list.as_array().into_iter().flatten().map(|one| (workspace::text(one, "id"), one.clone())).collect()
    };
    let (packages, nodes) = (by_id(&metadata["packages"]), by_id(&metadata["resolve"]["nodes"]));
    let is_released = |package: &Value| RELEASED.contains(&workspace::text(package, "name").as_str());
    let released = packages.iter().filter(|(_, package)| is_released(package));
    let mut rest: Vec<String> = released.map(|(id, _)| id.clone()).collect();
    let mut found = BTreeMap::new();
    while let Some(id) = rest.pop() {
        let (Some(package), Some(node)) = (packages.get(&id), nodes.get(&id)) else { continue };
        if is_macro(package) || found.insert(id, package).is_some() {
            continue;
        }
        let dependencies = node["deps"].as_array().into_iter().flatten();
        rest.extend(dependencies.filter(|one| is_linked(one)).map(|one| workspace::text(one, "pkg")));
    }
    found
        .values()
        .filter(|package| !package["source"].is_null())
        .map(|package| third_party(package))
        .collect()
}

fn is_macro(package: &Value) -> bool {
    let targets = package["targets"].as_array();
    targets.is_some_and(|targets| targets.iter().any(|target| workspace::has_kind(target, "proc-macro")))
}

/// Whether one crate links another: it may also need it to be built, or for its tests.
fn is_linked(dependency: &Value) -> bool {
    let kinds = dependency["dep_kinds"].as_array();
    kinds.is_some_and(|kinds| kinds.iter().any(|kind| kind["kind"].is_null()))
}

fn third_party(package: &Value) -> Crate {
    let manifest = PathBuf::from(workspace::text(package, "manifest_path"));
    Crate {
        name: workspace::text(package, "name"),
        version: workspace::text(package, "version"),
        licence: workspace::text(package, "license"),
        repository: workspace::text(package, "repository"),
        folder: manifest.parent().map(Path::to_owned).unwrap_or_default(),
    }
}

/// A text without its line breaks, to recognize it again.
fn essence(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The texts by their essence: as they are, and the crates that have them.
type Texts<'a> = BTreeMap<String, (String, BTreeSet<&'a Crate>)>;

/// The texts of all crates, and the crates whose packages have none.
fn texts(crates: &BTreeSet<Crate>) -> Outcome<(Texts<'_>, Vec<&Crate>)> {
    let mut texts = Texts::new();
    let mut without = Vec::new();
    for one in crates {
        let files = files(one)?;
        if files.is_empty() {
            without.push(one);
        }
        for file in files {
            let bytes = fs::read(&file).map_err(Failure::doing(file.display()))?;
            let text = String::from_utf8_lossy(&bytes).replace('\r', "");
            texts.entry(essence(&text)).or_insert((text, BTreeSet::new())).1.insert(one);
        }
    }
    without.retain(|one| !has_sibling(one, &mut texts));
    Ok((texts, without))
}

/// Whether another crate of the same repository and licence has texts; they are then this one's too.
fn has_sibling<'a>(one: &'a Crate, texts: &mut Texts<'a>) -> bool {
    let is_sibling = |other: &&Crate| {
        !one.repository.is_empty() && (&other.repository, &other.licence) == (&one.repository, &one.licence)
    };
    let mut found = false;
    for (_, users) in texts.values_mut() {
        if users.iter().any(is_sibling) {
            found |= users.insert(one);
        }
    }
    found
}

/// The files with the licences of a crate. Of licences to choose from, MIT if its text is there.
fn files(one: &Crate) -> Outcome<Vec<PathBuf>> {
    let is_licence = |path: &PathBuf| {
        let name = file_name(path);
        NAMES.iter().any(|beginning| name.starts_with(beginning)) && !name.ends_with(".rs")
    };
    let mut found = Vec::new();
    // The sources of OpenH264 have their licence in a folder of their own.
    for folder in ["", "LICENSES", "upstream"].map(|name| one.folder.join(name)) {
        if folder.is_dir() {
            let entries = fs::read_dir(&folder).map_err(Failure::doing(folder.display()))?;
            let paths = entries.filter_map(Result::ok).map(|entry| entry.path());
            found.extend(
                paths.filter(|path| path.is_file() && (is_licence(path) || folder.ends_with("LICENSES"))),
            );
        }
    }
    found.sort();
    let is_choice = one.licence.contains(" OR ") || one.licence.contains('/');
    if is_choice && !one.licence.contains(" AND ") && found.iter().any(|path| file_name(path).contains("mit"))
    {
        found.retain(|path| file_name(path).contains("mit"));
    }
    Ok(found)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().to_lowercase()
}

fn print(crates: &BTreeSet<Crate>, texts: &Texts<'_>, without: &[&Crate]) -> String {
    let mut file = format!(
        "Third-party software in RTVI's libraries and its command line, with every feature and for all\n\
         systems: {} crates from https://crates.io. `cargo xtask licences` writes this file.\n\n",
        crates.len()
    );
    for one in crates {
        // Writing to a string can't fail.
        let _ = writeln!(file, "{} {}: {}, {}", one.name, one.version, one.licence, one.repository);
    }
    file.push_str(
        "\nThe packages of these crates contain no text of their licences; their repositories do:\n",
    );
    for one in without {
        let _ = writeln!(file, "    {} {}: {}", one.name, one.version, one.licence);
    }
    for (text, users) in in_order(texts) {
        let names: Vec<&str> = users.iter().map(|one| one.name.as_str()).collect();
        let _ = write!(file, "\n{}\n{}:\n\n{}\n", "=".repeat(80), names.join(", "), text.trim_matches('\n'));
    }
    file
}

/// The texts in the order of the crates that have them.
fn in_order<'a>(texts: &'a Texts<'a>) -> Vec<&'a (String, BTreeSet<&'a Crate>)> {
    let mut texts: Vec<_> = texts.values().collect();
    texts.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_committed_file_is_of_this_lock_file() {
        let committed = fs::read_to_string(workspace::root().join(FILE)).unwrap();
        assert!(committed == text().unwrap(), "{FILE} is old: run `cargo xtask licences` and commit it");
    }

    /// Those that the suites don't unpack.
    #[test]
    fn every_package_takes_the_file() {
        for recipe in [
            "cpp/cmake/package.cmake",
            "cpp/packaging/conan/conanfile.py",
            "cpp/packaging/vcpkg/portfile.cmake",
            "kotlin/rtvi/build.gradle.kts",
            "kotlin/rtvi/pom.xml",
            "swift/scripts/release-package.sh",
            ".github/workflows/desktop-release.yml",
        ] {
            let text = fs::read_to_string(workspace::root().join(recipe)).unwrap();
            assert!(text.contains(FILE), "{recipe}");
        }
    }

    #[test]
    fn only_what_is_linked_counts() {
        let package = |name: &str, kind: &str, source: Value| {
            json!({"id": name, "name": name, "version": "1.0.0", "license": "MIT", "source": source,
                   "manifest_path": format!("/crates/{name}/Cargo.toml"), "targets": [{"kind": [kind]}]})
        };
        let dependency = |name: &str, kind: Value| json!({"pkg": name, "dep_kinds": [{"kind": kind}]});
        let registry = || json!("registry");
        let metadata = json!({
            "packages": [
                package("rtvi-c", "lib", Value::Null), package("linked", "lib", registry()),
                package("macro", "proc-macro", registry()), package("built", "lib", registry()),
                package("stranger", "lib", registry()),
            ],
            "resolve": {"nodes": [
                {"id": "rtvi-c", "deps": [
                    dependency("linked", Value::Null), dependency("macro", Value::Null), dependency("built", json!("build")),
                ]},
                {"id": "linked", "deps": []}, {"id": "macro", "deps": []}, {"id": "built", "deps": []}, {"id": "stranger", "deps": []},
            ]},
        });
        let names: Vec<String> = crates(&metadata).into_iter().map(|one| one.name).collect();
        assert_eq!(names, ["linked"]);
    }

    #[test]
    fn a_text_is_printed_once() {
        let folder = tempfile::tempdir().unwrap();
        let one = |name: &str, licence: &str, files: &[(&str, &str)]| {
            let folder = folder.path().join(name);
            fs::create_dir(&folder).unwrap();
            for (file, text) in files {
                fs::write(folder.join(file), text).unwrap();
            }
            let [name, licence] = [name, licence].map(str::to_owned);
            let repository = if name == "b" || name == "e" { "https://b" } else { "" };
            Crate { name, version: "1.0.0".to_owned(), licence, repository: repository.to_owned(), folder }
        };
        let crates = BTreeSet::from([
            one("a", "MIT OR Apache-2.0", &[("LICENSE-MIT", "Do\nwhat\n"), ("LICENSE-APACHE", "Long")]),
            one("b", "MIT", &[("license.txt", "Do what")]),
            one("c", "Apache-2.0 AND MIT", &[("LICENSE-MIT", "Other"), ("LICENSE-APACHE", "Long")]),
            one("d", "MIT", &[("README.md", "none")]),
            one("e", "MIT", &[]),
        ]);
        let (texts, without) = texts(&crates).unwrap();
        let printed = print(&crates, &texts, &without);
        assert!(printed.contains("\na, b, e:\n\nDo\nwhat\n"), "{printed}");
        assert!(printed.contains("\nc:\n\nLong\n") && printed.contains("\nc:\n\nOther\n"), "{printed}");
        assert!(printed.contains("\n    d 1.0.0: MIT\n"), "{printed}");
    }
}
