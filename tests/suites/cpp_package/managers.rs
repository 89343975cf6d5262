//! The packages of Conan and vcpkg.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use rtvi_tests::native::{folder, library, root, run};
use serde_json::Value;

use crate::{built, talks};

/// Conan with a cache of its own, beside the interpreter that `cargo xtask test` passes.
fn conan() -> Command {
    let python: PathBuf = std::env::var_os("RTVI_CONAN").expect("`cargo xtask test` sets it").into();
    // By the interpreter: the program names the folder in which it was installed.
    let mut command = Command::new(&python);
    command.arg(python.with_file_name("conan")).env("CONAN_HOME", folder("conan"));
    command
}

/// Creates the package from this source tree, and the program of its test.
#[test]
fn conan_creates_the_package() {
    fs::remove_dir_all(folder("conan")).expect("the old cache can go");
    run(conan().args(["profile", "detect"]));
    for shared in [true, false] {
        let output = folder(if shared { "conan-shared" } else { "conan-static" });
        fs::remove_dir_all(&output).expect("the old one can go");
        run(conan()
            .args(["create", "--no-remote", "--test-folder="])
            .arg(root().join("cpp/packaging/conan"))
            .args(options(shared)));
        let said = run(conan()
            .args(["test", "--no-remote"])
            .arg(test_package(&output))
            .arg(concat!("rtvi/", env!("CARGO_PKG_VERSION")))
            .args(options(shared)));
        assert!(said.contains(concat!("rtvi ", env!("CARGO_PKG_VERSION"))), "{said}");
        let licences = ["-path", "*/licenses/THIRD_PARTY_LICENSES.txt"];
        assert!(!run(Command::new("find").arg(folder("conan")).args(licences)).is_empty());
        let program = run(Command::new("find").arg(&output).args(["-type", "f", "-name", "app"]));
        let needs = run(Command::new("readelf").arg("-d").arg(program.trim()));
        assert_eq!(needs.contains("[librtvi.so.0]"), shared, "{needs}");
    }
}

/// Cargo reads the manifests of the whole workspace. The test of the package itself takes a library that is
/// already built.
#[test]
fn conan_takes_every_part_of_the_workspace_along() {
    let read = |file: &str| fs::read_to_string(root().join(file)).expect("it is readable");
    let recipe = read("cpp/packaging/conan/conanfile.py");
    let sources = recipe.split("SOURCES = (").nth(1).and_then(|rest| rest.split(')').next()).expect("a list");
    let workspace = read("Cargo.toml");
    let members =
        workspace.split("members = [").nth(1).and_then(|rest| rest.split(']').next()).expect("a list");
    for member in members.split('"').skip(1).step_by(2) {
        let folder = member.split('/').next().unwrap_or(member);
        assert!(sources.contains(&format!("\"{folder}\"")), "the recipe leaves {member} out");
    }
}

/// A copy, because Conan builds in the folder of the program.
fn test_package(folder: &Path) -> PathBuf {
    let from = root().join("cpp/packaging/conan/test_package");
    fs::create_dir_all(folder).expect("a folder");
    for entry in fs::read_dir(from).expect("the program").map(|entry| entry.expect("an entry")) {
        fs::copy(entry.path(), folder.join(entry.file_name())).expect("a copy");
    }
    folder.to_owned()
}

fn options(shared: bool) -> Vec<String> {
    let shared = if shared { "True" } else { "False" };
    vec![
        "-o".to_owned(),
        format!("rtvi/*:shared={shared}"),
        // The library of the tests has it.
        "-o".to_owned(),
        "rtvi/*:video=True".to_owned(),
        "-c:h".to_owned(),
        format!("user.rtvi:library_dir={}", library().display()),
    ]
}

/// A machine rarely has vcpkg: the port runs with functions of its own that do the same.
#[test]
fn the_vcpkg_port_runs() {
    let port = root().join("cpp/packaging/vcpkg");
    let work = folder("vcpkg");
    fs::remove_dir_all(&work).expect("the old one can go");
    run(Command::new("cmake")
        .arg(format!("-DPORT_DIR={}", port.display()))
        .arg(format!("-DWORK={}", work.display()))
        .arg(format!("-DLIBRARY={}", library().display()))
        .args(["-DLINKAGE=dynamic", "-DFEATURES=devices;webrtc", "-P"])
        .arg(root().join("cpp/tests/vcpkg/port.cmake")));
    let cache = fs::read_to_string(work.join("build/CMakeCache.txt")).expect("it was configured");
    for option in
        ["DEVICES:BOOL=ON", "WEBRTC:BOOL=ON", "PROCESSING:BOOL=OFF", "VIDEO:BOOL=OFF", "WITH_STATIC:BOOL=0"]
    {
        assert!(cache.contains(&format!("RTVI_{option}")), "{option}");
    }
    let packages = work.join("packages");
    assert!(!packages.join("lib/librtvi.a").exists(), "the linkage is dynamic");
    assert!(packages.join("share/rtvi/usage").exists());
    let copyright = fs::read_to_string(packages.join("share/rtvi/copyright")).expect("the licences");
    assert!(
        copyright.contains("Redistribution") && copyright.contains("Third-party software"),
        "{copyright}"
    );
    let flags = [format!("-Drtvi_DIR={}", packages.join("share/rtvi").display())];
    talks(&built("vcpkg_consumer", &root().join("examples/c"), &flags).join("minimal"));
}

/// What vcpkg reads before it runs the port.
#[test]
fn the_vcpkg_manifest_fits_the_port() {
    let port = root().join("cpp/packaging/vcpkg");
    let read = |name: &str| fs::read_to_string(port.join(name)).expect("it is readable");
    let manifest: Value = serde_json::from_str(&read("vcpkg.json")).expect("JSON");
    let features = manifest["features"].as_object().expect("features");
    let by_default: Vec<&str> =
        manifest["default-features"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    for name in features.keys() {
        let option = format!("{name} RTVI_{}", name.to_uppercase());
        assert!(read("portfile.cmake").contains(&option), "the port lacks {option}");
        let is_default = !["h264", "video"].contains(&name.as_str());
        assert_eq!(by_default.contains(&name.as_str()), is_default, "{name}");
    }
}
