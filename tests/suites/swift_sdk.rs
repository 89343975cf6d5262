//! The tests of the Swift package with the demo bot, with and without the thread sanitizer; its
//! load test; its examples; its public API.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use rtvi_tests::{
    counted,
    native::{Bot, root, run, target},
    swift,
};
use serde_json::Value;

/// The fastest pace of the bot's speech.
const PACE: f32 = 0.1;

#[test]
fn every_test_of_the_package() {
    let bot = Bot::start(PACE);
    swift::build("swift");
    let said = run(bot.tell(swift::swift("test", "swift", &[]).arg("--skip-build")));
    let passed = counted::xctest(&said).unwrap_or_else(|why| panic!("{why}\n{said}"));
    println!("{passed} tests in Swift");
}

#[test]
fn memory_stays_flat() {
    let bot = Bot::start(PACE);
    let programs = swift::build("swift");
    let said = run(bot.tell(swift::program(&programs, "rtvi-load").args(["100000", "1000"])));
    println!("{said}");
}

#[test]
fn the_console_example_talks() {
    let bot = Bot::start(PACE);
    let programs = swift::build("examples/swift/console");
    let mut console = swift::program(&programs, "console");
    let said = run(console.args(["--start", &bot.start_url(), "--send", "Good morning"]));
    assert!(said.contains("bot    You said: Good morning."), "{said}");
}

#[test]
fn the_quick_start_works() {
    const URL: &str = "http://localhost:7860/start";
    let readme = fs::read_to_string(root().join("swift/README.md")).expect("the README");
    let code =
        readme.split("```swift\n").nth(1).and_then(|rest| rest.split("```").next()).expect("Swift code");
    assert!(code.contains(URL), "{code}");
    let bot = Bot::start(PACE);
    // The example's package, with the README's code instead of its sources, and the SDK by its URL.
    let package = "target/swift/quick-start";
    let (folder, example) = (root().join(package), root().join("examples/swift/console"));
    fs::create_dir_all(folder.join("Sources")).expect("a folder can be made");
    let manifest = fs::read_to_string(example.join("Package.swift")).expect("the example's manifest");
    let by_url = format!(r#"url: "file://{}", exact: "0.1.0""#, released().display());
    let manifest = manifest.replace(r#"name: "RTVI", path: "../../..""#, &by_url);
    let manifest = manifest.replace(r#"package: "RTVI""#, r#"package: "rtvi-client""#);
    assert!(manifest.contains("exact") && manifest.contains("rtvi-client"), "{manifest}");
    fs::write(folder.join("Package.swift"), manifest).expect("it can be written");
    fs::write(folder.join("Sources/main.swift"), code.replace(URL, &bot.start_url()))
        .expect("it can be written");
    let said = run(&mut swift::program(&swift::build(package), "console"));
    assert!(said.contains("bot: "), "{said}");
}

/// A repository with the package as it is released. As there, the release of all languages has a tag
/// of its own, which is no package. The same files are the same commit at the same place: the Swift
/// package manager remembers what a version was.
fn released() -> PathBuf {
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

/// What Apple's frameworks declare, as far as the video code uses them. Each module uses those before
/// it.
#[cfg(target_os = "linux")]
const APPLE: [&str; 8] =
    ["CoreVideo", "CoreMedia", "QuartzCore", "VideoToolbox", "AVFoundation", "UIKit", "SwiftUI", "ReplayKit"];

/// Compiles the module `RTVIVideo` with the code that is for Apple systems only, against declarations
/// of their frameworks. Returns the folder of the module.
#[cfg(target_os = "linux")]
fn apple_code(programs: &Path) -> PathBuf {
    let folder = target().join("swift/apple");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let compile = |module: &str, sources: &[PathBuf]| {
        let mut swiftc = swift::program(Path::new(""), "swiftc");
        swiftc.args([
            "-swift-version",
            "5",
            "-parse-as-library",
            "-module-name",
            module,
            "-package-name",
            "swift",
        ]);
        swiftc.args(["-enable-experimental-feature", "StrictConcurrency", "-warnings-as-errors", "-I"]);
        swiftc.arg(&folder).arg("-I").arg(programs.join("Modules")).arg("-I");
        swiftc.arg(root().join("swift/Generated/rtviFFI")).args(sources).arg("-emit-module").arg("-o");
        run(swiftc.arg(folder.join(format!("{module}.swiftmodule"))));
    };
    for module in APPLE {
        compile(module, &[root().join(format!("swift/Tests/AppleStubs/{module}.swift"))]);
    }
    let mut sources = Vec::new();
    swift_files(&root().join("swift/Sources/RTVIVideo"), &mut sources);
    compile("RTVIVideo", &sources);
    folder
}

#[cfg(target_os = "linux")]
fn swift_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            swift_files(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The public API according to the compiler on Linux, with the Apple code of `RTVIVideo` compiled
/// against stubs. If `RTVI_BLESS` is set, the suite replaces
/// the recorded API.
#[cfg(target_os = "linux")]
#[test]
fn the_public_api_is_as_written_down() {
    let programs = swift::build("swift");
    let graphs = programs.join("symbol-graphs");
    fs::create_dir_all(&graphs).expect("a folder can be made");
    let (built, apple) = (programs.join("Modules"), apple_code(&programs));
    let found: BTreeSet<String> = [("RTVI", &built), ("RTVITypes", &built), ("RTVIVideo", &apple)]
        .into_iter()
        .flat_map(|(module, modules)| declarations(&graph_of(module, &programs, &[modules, &built], &graphs)))
        .collect();
    let found: String = found.into_iter().collect();
    let file = root().join("swift/API.txt");
    if std::env::var_os("RTVI_BLESS").is_some() {
        fs::write(&file, &found).expect("the list can be written");
    }
    let written = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == found,
        "swift/API.txt is out of date; if that is meant, run this with RTVI_BLESS=1:\n{}",
        difference(&written, &found)
    );
}

/// The compiler's description of a module's public symbols.
#[cfg(target_os = "linux")]
fn graph_of(module: &str, programs: &Path, modules: &[&PathBuf], graphs: &Path) -> Value {
    let mut extract = swift::program(Path::new(""), "swift");
    extract.args(["symbolgraph-extract", "-module-name", module, "-minimum-access-level", "public"]);
    extract.args(["-skip-synthesized-members", "-target", &target_of(programs)]);
    for folder in modules {
        extract.arg("-I").arg(folder);
    }
    extract.arg("-I").arg(root().join("swift/Generated/rtviFFI"));
    run(extract.arg("-output-dir").arg(graphs));
    let graph =
        fs::read_to_string(graphs.join(format!("{module}.symbols.json"))).expect("the compiler's list");
    serde_json::from_str(&graph).expect("JSON")
}

/// The lines that only one of two texts contains.
fn difference(old: &str, new: &str) -> String {
    let lines = |text: &str| text.lines().map(str::to_owned).collect::<BTreeSet<String>>();
    let (old, new) = (lines(old), lines(new));
    let gone = old.difference(&new).map(|line| format!("- {line}\n"));
    gone.chain(new.difference(&old).map(|line| format!("+ {line}\n"))).collect()
}

/// The triple of this machine, which names the folder of the programs.
fn target_of(programs: &Path) -> String {
    let real = fs::canonicalize(programs).expect("it was built");
    let name = real.parent().and_then(Path::file_name).expect("a folder of the triple");
    name.to_string_lossy().into_owned()
}

/// One line per symbol: its location and its declaration.
fn declarations(graph: &Value) -> BTreeSet<String> {
    let symbols = graph["symbols"].as_array().map(Vec::as_slice).unwrap_or_default();
    let line = |symbol: &Value| {
        let fragments = symbol["declarationFragments"].as_array().map(Vec::as_slice).unwrap_or_default();
        let text: String = fragments.iter().filter_map(|fragment| fragment["spelling"].as_str()).collect();
        let path = symbol["pathComponents"].as_array().map(Vec::as_slice).unwrap_or_default();
        let path: Vec<&str> = path.iter().filter_map(Value::as_str).collect();
        let text: Vec<&str> = text.split_whitespace().collect();
        format!("{}: {}\n", path.join("."), text.join(" "))
    };
    symbols.iter().map(line).collect()
}
