//! The Swift package as apps get it: made from that of the tests, and added by the URL of a repository.

use std::{fs, path::PathBuf, process::Command};

use rtvi_tests::native::{root, run, target};

/// A repository with the package as it is released. As there, the release of all languages has a tag
/// of its own, which is no package. The same files are the same commit at the same place: the Swift
/// package manager remembers what a version was.
pub(crate) fn released() -> PathBuf {
    let (all, new) = (target().join("swift/released"), target().join("swift/release"));
    for folder in [&all, &new] {
        let _ = fs::remove_dir_all(folder);
    }
    let mut release = Command::new(root().join("swift/scripts/release-package.sh"));
    run(release.arg(&new).args(["https://localhost/rtviFFI.xcframework.zip", "0123"]));
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        git.arg("-C").arg(&new).args(["-c", "user.name=test", "-c", "user.email=test@localhost"]);
        git.env("GIT_AUTHOR_DATE", "2025-01-01T00:00:00Z").env("GIT_COMMITTER_DATE", "2025-01-01T00:00:00Z");
        run(git.args(args))
    };
    git(&["init", "--quiet"]);
    git(&["commit", "--quiet", "--allow-empty", "--message", "The sources of all languages"]);
    git(&["tag", "v0.1.0"]);
    git(&["add", "--all", "--force"]);
    git(&["commit", "--quiet", "--message", "The package"]);
    git(&["tag", "0.1.0"]);
    let folder = all.join(git(&["rev-parse", "HEAD"]).trim());
    fs::create_dir_all(&folder).expect("a folder can be made");
    fs::rename(&new, folder.join("rtvi-client")).expect("it can be moved");
    folder.join("rtvi-client")
}

/// The package for apps is the one in `swift` without its tests, in the language mode of Swift 6. If
/// `RTVI_BLESS` is set, the test replaces it.
#[test]
fn the_package_for_apps_is_that_of_the_tests() {
    let of_tests = fs::read_to_string(root().join("swift/Package.swift")).expect("a manifest");
    let made = package_for_apps(&of_tests);
    let file = root().join("Package.swift");
    if std::env::var_os("RTVI_BLESS").is_some() {
        fs::write(&file, &made).expect("it can be written");
    }
    let written = fs::read_to_string(file).expect("the manifest");
    assert_eq!(made, written, "RTVI_BLESS=1 cargo xtask test swift_sdk replaces it");
}

fn package_for_apps(of_tests: &str) -> String {
    const HEAD: &str = "\
// swift-tools-version:6.0
// The package for apps, made from swift/Package.swift; `RTVI_BLESS=1 cargo xtask test swift_sdk` renews it.
";
    const TAIL: &str = "
for target in package.targets where target.type == .regular {
    target.path = \"swift/Sources/\\(target.name)\"
    // The compiler can't check what UniFFI generates for objects.
    target.swiftSettings = [.swiftLanguageMode(target.name == \"RTVITypes\" ? .v5 : .v6)]
}
package.swiftLanguageModes = [.v6]
";
    // An entry begins at a line with its indentation, and may have several lines.
    let (mut made, mut is_of_tests) = (HEAD.to_owned(), false);
    for line in
        of_tests.lines().skip(1).filter(|line| !line.contains("strict: ") && !line.contains("`strict`"))
    {
        if line.starts_with("        .") || !line.starts_with("         ") {
            is_of_tests = [".executableTarget(", ".testTarget("].iter().any(|kind| line.contains(kind))
                || line.contains("\"Tests/");
        }
        if !is_of_tests {
            made += &line
                .replace("path: \"Generated/", "path: \"swift/Generated/")
                .replace(", swiftSettings: strict", "");
            made += "\n";
        }
    }
    made + TAIL
}
