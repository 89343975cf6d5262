//! The tests of the Swift package with the demo bot, with and without the thread sanitizer; its
//! load test; its examples; its public API and its documentation.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use rtvi_tests::{
    counted,
    native::{Bot, root, run},
    swift,
};
use serde_json::Value;

#[cfg(target_os = "linux")]
#[path = "swift_sdk/apple.rs"]
mod apple;
#[cfg(target_os = "linux")]
#[path = "swift_sdk/docs.rs"]
mod docs;
#[cfg(target_os = "linux")]
#[path = "swift_sdk/framework.rs"]
mod framework;
#[path = "swift_sdk/release.rs"]
mod release;

/// The C modules that the package uses.
#[cfg(target_os = "linux")]
const HEADERS: [&str; 2] = ["swift/Generated/rtviFFI", "swift/Sources/CRTVI/include"];

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
    let by_url = format!(r#"url: "file://{}", exact: "0.1.0""#, release::released().display());
    let manifest = manifest.replace(r#"name: "RTVI", path: "../../..""#, &by_url);
    let manifest = manifest.replace(r#"package: "RTVI""#, r#"package: "rtvi-client""#);
    assert!(manifest.contains("exact") && manifest.contains("rtvi-client"), "{manifest}");
    fs::write(folder.join("Package.swift"), manifest).expect("it can be written");
    fs::write(folder.join("Sources/main.swift"), code.replace(URL, &bot.start_url()))
        .expect("it can be written");
    let said = run(&mut swift::program(&swift::build(package), "console"));
    assert!(said.contains("bot: "), "{said}");
}

/// The public API according to the compiler on Linux, with the code for Apple systems compiled against
/// stubs. If `RTVI_BLESS` is set, the suite replaces the recorded API.
#[cfg(target_os = "linux")]
#[test]
fn the_public_api_is_as_written_down() {
    let programs = swift::build("swift");
    let graphs = programs.join("symbol-graphs");
    fs::create_dir_all(&graphs).expect("a folder can be made");
    let (built, apple) = (programs.join("Modules"), apple::compiled(&programs));
    let modules = [
        ("RTVI", &apple),
        ("RTVITypes", &built),
        ("RTVIVideo", &apple),
        ("RTVICallKit", &apple),
        ("RTVIUI", &apple),
        ("RTVITestKit", &built),
    ];
    let found: BTreeSet<String> = modules
        .into_iter()
        .flat_map(|(module, modules)| {
            declarations(&graph_of(module, &programs, &[modules, &built], &graphs, &[]))
        })
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
fn graph_of(module: &str, programs: &Path, modules: &[&PathBuf], graphs: &Path, flags: &[&str]) -> Value {
    let mut extract = swift::program(Path::new(""), "swift");
    extract.args(["symbolgraph-extract", "-module-name", module, "-minimum-access-level", "public"]);
    extract.args(["-skip-synthesized-members", "-target", &target_of(programs)]);
    for folder in modules {
        extract.arg("-I").arg(folder);
    }
    for headers in HEADERS {
        extract.arg("-I").arg(root().join(headers));
    }
    run(extract.args(flags).arg("-output-dir").arg(graphs));
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
