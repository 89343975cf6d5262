//! The code for Apple systems, compiled on Linux against declarations of Apple's frameworks.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use rtvi_tests::{
    files::sources,
    native::{root, run, target},
    swift,
};

use super::HEADERS;

/// What Apple's frameworks declare, as far as our code uses it. Each module uses those before it.
const DECLARED: [&str; 13] = [
    "CoreVideo",
    "CoreMedia",
    "QuartzCore",
    "VideoToolbox",
    "AVFAudio",
    "AVFoundation",
    "UIKit",
    "Combine",
    "SwiftUI",
    "ReplayKit",
    "os",
    "Network",
    "CallKit",
];

/// The modules with code that is for Apple systems only, and the apps in SwiftUI that use them.
const COMPILED: [(&str, &str); 6] = [
    ("RTVI", "swift/Sources/RTVI"),
    ("RTVIVideo", "swift/Sources/RTVIVideo"),
    ("RTVICallKit", "swift/Sources/RTVICallKit"),
    ("RTVIUI", "swift/Sources/RTVIUI"),
    ("Talk", "examples/swift/App"),
    ("VoiceChat", "examples/migration/ios/after"),
];

/// Compiles that code once, and returns the folder of the modules.
pub(crate) fn compiled(programs: &Path) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| compile_all(programs)).clone()
}

fn compile_all(programs: &Path) -> PathBuf {
    let folder = target().join("swift/apple");
    fs::create_dir_all(&folder).expect("a folder can be made");
    let modules = [folder.clone(), programs.join("Modules")];
    for module in DECLARED {
        compile(module, &modules, &[root().join(format!("swift/Tests/AppleStubs/{module}.swift"))]);
    }
    for (module, place) in COMPILED {
        compile(module, &modules, &sources(&root().join(place), "swift"));
    }
    folder
}

fn compile(module: &str, modules: &[PathBuf; 2], sources: &[PathBuf]) {
    let mut swiftc = swift::program(Path::new(""), "swiftc");
    swiftc.args([
        "-swift-version",
        "5",
        "-parse-as-library",
        "-package-name",
        "swift",
        "-module-name",
        module,
    ]);
    swiftc.args(["-enable-experimental-feature", "StrictConcurrency", "-warnings-as-errors"]);
    for folder in modules.iter().cloned().chain(HEADERS.map(|headers| root().join(headers))) {
        swiftc.arg("-I").arg(folder);
    }
    run(swiftc
        .args(sources)
        .arg("-emit-module")
        .arg("-o")
        .arg(modules[0].join(format!("{module}.swiftmodule"))));
}

/// The code in Objective-C, for an iPhone.
#[test]
fn the_code_in_objective_c_compiles() {
    let swift = root().join("swift");
    let mut clang = Command::new("clang");
    clang.args(["-fsyntax-only", "-target", "arm64-apple-ios15", "-Wall", "-Wextra", "-Werror", "-isystem"]);
    clang.arg(swift.join("Tests/AppleStubs/include")).arg("-I").arg(swift.join("Sources/CRTVI/include"));
    run(clang.args(["catch.m", "index.c"].map(|file| swift.join("Sources/CRTVI").join(file))));
}
