//! The framework for Apple systems: what its script builds, and what the library in it shows. Linux has
//! neither Xcode nor the linker; the script runs with programs that write down how they are called.

use std::{
    collections::BTreeSet,
    fs,
    os::unix::fs::{PermissionsExt, symlink},
    path::{Path, PathBuf},
    process::Command,
};

use rtvi_tests::{
    archive,
    files::sources,
    native::{library, root, run, target},
};

/// The platforms in the framework, each with what the package calls it and how clang's names of its
/// targets end, without the number.
const PLATFORMS: [(&str, &str, &str); 8] = [
    ("ios", "iOS", "ios#"),
    ("ios-simulator", "iOS", "ios#-simulator"),
    ("catalyst", "macCatalyst", "ios#-macabi"),
    ("macos", "macOS", "macos#"),
    ("tvos", "tvOS", "tvos#"),
    ("tvos-simulator", "tvOS", "tvos#-simulator"),
    ("visionos", "visionOS", "xros#"),
    ("visionos-simulator", "visionOS", "xros#-simulator"),
];

#[test]
fn the_script_builds_every_platform() {
    let calls = calls_of_the_script();
    let called = |program: &'static str| calls.lines().filter(move |line| line.starts_with(program));
    let known = run(Command::new("rustc").args(["--print", "target-list"]));
    let known: BTreeSet<&str> = known.lines().collect();
    let built: BTreeSet<&str> =
        called("cargo build ").filter_map(|line| line.split("--target ").nth(1)).collect();
    assert!(built.len() == 11 && built.is_subset(&known), "{built:?}");
    for target in built {
        let archive = format!("-Wl,-force_load,target/{target}/size/librtvi_uniffi.a ");
        assert_eq!(called("xcrun").filter(|line| line.contains(&archive)).count(), 1, "{target}: {calls}");
    }
    let framework = called("xcodebuild -create-xcframework ").next().expect("it is made");
    let manifest = fs::read_to_string(root().join("swift/Package.swift")).expect("the manifest");
    for (name, platform, ending) in PLATFORMS {
        let slice = format!("-library target/apple/{name}/librtvi_uniffi.a -headers target/apple/headers");
        assert!(framework.contains(&slice), "{slice}: {framework}");
        let ending = format!("-apple-{} ", ending.replace('#', &least(&manifest, platform)));
        assert!(called("xcrun").any(|line| line.contains(&ending)), "{platform}: {ending}: {calls}");
    }
    assert_eq!(framework.matches("-library ").count(), PLATFORMS.len(), "{framework}");
}

/// The oldest version of a platform that the package supports, such as `15.0`.
fn least(manifest: &str, platform: &str) -> String {
    let rest = manifest.split(&format!(".{platform}(.v")).nth(1).expect("the platform's version");
    format!("{}.0", rest.split(')').next().expect("a version"))
}

/// Runs a copy of the script, and returns the calls of the programs that a Mac has.
fn calls_of_the_script() -> String {
    let work = target().join("swift/framework");
    let _ = fs::remove_dir_all(&work);
    let (scripts, module, programs) =
        (work.join("swift/scripts"), work.join("swift/Generated/rtviFFI"), work.join("programs"));
    for folder in [&scripts, &module, &programs] {
        fs::create_dir_all(folder).expect("a folder can be made");
    }
    copy(&root().join("swift/scripts"), &scripts);
    copy(&root().join("swift/Generated/rtviFFI"), &module);
    let program = programs.join("program");
    fs::write(&program, "#!/bin/sh\necho \"${0##*/} $*\" >> \"$CALLS\"\n").expect("it can be written");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it can be executable");
    for name in ["cargo", "rustup", "xcrun", "lipo", "xcodebuild"] {
        symlink(&program, programs.join(name)).expect("a link can be made");
    }
    let (calls, path) = (work.join("calls"), std::env::var("PATH").expect("a path"));
    run(Command::new(scripts.join("build-xcframework.sh"))
        .env("CALLS", &calls)
        .env("PATH", format!("{}:{path}", programs.display())));
    let map = fs::read_to_string(work.join("target/apple/headers/rtviFFI/module.modulemap"));
    assert!(!map.expect("the module's map").contains("link "), "Xcode links the library by itself");
    fs::read_to_string(calls).expect("it has called something")
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let path = entry.expect("an entry").path();
        fs::copy(&path, to.join(path.file_name().expect("a name"))).expect("it can be copied");
    }
}

/// The names of `exported-symbols.txt` are all that the sources for Swift need, and hide the rest, so
/// that a program can contain another library of Rust. Apple's linker hides them by
/// `-exported_symbols_list` while it merges, here `objcopy` does it by the same names.
#[test]
fn an_app_has_room_for_another_rust_library() {
    let work = target().join("swift/two_rust_libraries");
    fs::create_dir_all(&work).expect("a folder can be made");
    let archive = hidden(&work);
    let shown: BTreeSet<String> = archive::shown(&archive).into_iter().collect();
    let needed = needed();
    assert!(needed.len() > 100, "{needed:?}");
    let missing: Vec<_> = needed.difference(&shown).collect();
    assert!(missing.is_empty(), "exported-symbols.txt hides {missing:?}");
    let is_ours =
        |name: &str| ["ffi_rtvi_", "uniffi_rtvi_", "DW.ref."].iter().any(|start| name.starts_with(start));
    let foreign: Vec<_> = shown.iter().filter(|name| !is_ours(name)).collect();
    assert!(foreign.is_empty(), "{foreign:?}");
    let program = "#include <rtviTypesFFI.h>\n#include <rtviFFI.h>\nint other(int n);\nint main(void) {\n    \
                   int version = (int)ffi_rtvi_uniffi_uniffi_contract_version();\n    \
                   return version > 0 && other(12) == 12 ? 0 : 1;\n}\n";
    let headers = format!("-I{}", root().join("swift/Generated/rtviFFI").display());
    // The headers are written for clang.
    archive::run_beside_another(&work, program, &archive, &[&headers, "-D_Nonnull=", "-D_Nullable="]);
}

/// The library as one object that shows the names of `exported-symbols.txt` alone.
fn hidden(work: &Path) -> PathBuf {
    let (object, hidden) = (work.join("rtvi.o"), work.join("librtvi_uniffi.a"));
    let mut merge = Command::new("gcc");
    merge.args(["-r", "-nostdlib", "-Wl,--strip-debug", "-Wl,--whole-archive"]);
    run(merge.arg(library().join("librtvi_uniffi.a")).arg("-o").arg(&object));
    let mut objcopy = Command::new("objcopy");
    objcopy.args(["--wildcard", "--keep-global-symbol=DW.ref.*"]);
    // The bitcode of Rust's standard library, which `ar` can't read.
    objcopy.args(["--remove-section=.llvmbc", "--remove-section=.llvmcmd"]);
    let names = fs::read_to_string(root().join("swift/scripts/exported-symbols.txt")).expect("the names");
    // Names in C begin with `_` on Apple's systems only.
    for name in names.lines().filter_map(|line| line.strip_prefix('_')) {
        objcopy.arg(format!("--keep-global-symbol={name}"));
    }
    run(objcopy.arg(&object));
    let _ = fs::remove_file(&hidden);
    run(Command::new("ar").arg("rcs").arg(&hidden).arg(&object));
    hidden
}

/// The functions that the headers for Swift declare.
fn needed() -> BTreeSet<String> {
    let headers = ["rtviTypesFFI.h", "rtviFFI.h"].map(|header| {
        fs::read_to_string(root().join("swift/Generated/rtviFFI").join(header)).expect("a header")
    });
    let text = headers.concat();
    // A declaration is `type name(`; a type of functions has a `*` before its name.
    let names = text.lines().filter_map(|line| line.split('(').next()?.split_whitespace().last());
    names.filter(|name| name.contains("ffi_rtvi_")).map(str::to_owned).collect()
}

/// Apple refuses apps whose libraries use certain functions without naming a reason. Rust's standard
/// library calls `stat`; the sources in Swift must not need a reason for more.
#[test]
fn the_privacy_manifest_names_what_is_used() {
    const NEED_A_REASON: [&str; 6] = [
        "UserDefaults",
        "systemUptime",
        "mach_absolute_time",
        "volumeAvailableCapacity",
        "systemFreeSize",
        "activeInputModes",
    ];
    let manifest = root().join("swift/Sources/RTVI/PrivacyInfo.xcprivacy");
    let read = "import plistlib, sys; all = plistlib.load(open(sys.argv[1], 'rb')); \
                print([one['NSPrivacyAccessedAPIType'] for one in all['NSPrivacyAccessedAPITypes']])";
    let named = run(Command::new("python3").args(["-c", read]).arg(manifest));
    assert_eq!(named.trim(), "['NSPrivacyAccessedAPICategoryFileTimestamp']");
    for source in sources(&root().join("swift/Sources"), "swift") {
        let text = fs::read_to_string(&source).expect("a source");
        let used: Vec<_> = NEED_A_REASON.iter().filter(|name| text.contains(*name)).collect();
        assert!(used.is_empty(), "{}: {used:?} needs a reason", source.display());
    }
}

/// Apps on tvOS have no microphone, and on tvOS and visionOS no camera. No compiler here says so.
#[test]
fn what_a_system_lacks_is_left_out_there() {
    let lacking = [
        ("swift/Sources/RTVI", "!os(tvOS)", ["AVAudio", "AVCapture"].as_slice()),
        (
            "swift/Sources/RTVIVideo",
            "!os(tvOS) && !os(visionOS)",
            &["AVCapture", "UIDevice.", "RPScreenRecorder"],
        ),
    ];
    for (folder, condition, names) in lacking {
        let mut guarded = 0;
        for source in sources(&root().join(folder), "swift") {
            let text = fs::read_to_string(&source).expect("a source");
            let mut code = text.lines().filter(|line| !line.trim_start().starts_with("///"));
            // A constant as a text needs no declaration.
            let uses = |line: &str, name: &str| line.contains(name) && !line.contains(&format!("\"{name}"));
            if code.any(|line| names.iter().any(|name| uses(line, name))) {
                assert!(text.contains(condition), "{}: only where {condition}", source.display());
                guarded += 1;
            }
        }
        assert!(guarded > 0, "{folder}");
    }
}
