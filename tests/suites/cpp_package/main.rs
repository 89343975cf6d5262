//! The CMake package as apps use it: from an install prefix, from the source tree and with
//! pkg-config; and the packages that contain it.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

mod archives;
mod managers;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use rtvi_tests::native::{CARGO, GCC, folder, root, run, talk, target, without_cargo};

/// The installed SDK.
fn prefix() -> PathBuf {
    static PREFIX: OnceLock<PathBuf> = OnceLock::new();
    let install = || {
        let prefix = folder("prefix");
        fs::remove_dir_all(&prefix).expect("the old install can go");
        run(Command::new("cmake").arg("--install").arg(GCC.make()).arg("--prefix").arg(&prefix));
        prefix
    };
    PREFIX.get_or_init(install).clone()
}

/// Builds a consumer and returns its build folder.
fn consumer(name: &str, flags: &[String]) -> PathBuf {
    built(name, &root().join("cpp/tests/consumer").join(name), flags)
}

/// Builds a separate project and returns its build folder.
fn built(name: &str, source: &Path, flags: &[String]) -> PathBuf {
    let build = folder(name);
    run(Command::new("cmake")
        .args(["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-S"])
        .arg(source)
        .arg("-B")
        .arg(&build)
        .args(flags));
    run(Command::new("cmake").arg("--build").arg(&build));
    build
}

fn talks(program: &Path) {
    talk(&mut Command::new(program));
}

/// clang's default is C++14: the package has to ask for C++17.
#[test]
fn find_package() {
    let installed = format!("-DCMAKE_PREFIX_PATH={}", prefix().display());
    let build = consumer("find_package", &[installed, "-DCMAKE_CXX_COMPILER=clang++".to_owned()]);
    talks(&build.join("shared"));
    talks(&build.join("static"));
}

/// A project in C alone has no C++ compiler.
#[test]
fn find_package_in_c() {
    let flags = [format!("-DCMAKE_PREFIX_PATH={}", prefix().display())];
    talks(&built("find_package_in_c", &root().join("examples/c"), &flags).join("minimal"));
}

/// The command whose environment names cargo's folder.
#[derive(PartialEq)]
enum Named {
    Configuring,
    Building,
}

/// Builds a project that contains the SDK's sources. CMake has cargo build the library, in the
/// folder of earlier builds.
fn talks_from_sources(name: &str, named: Named) {
    const FOLDER: &str = "CARGO_TARGET_DIR";
    let build = folder(name);
    let source = root().join("cpp/tests/consumer").join(name);
    let (mut configure, mut make) = (Command::new("cmake"), Command::new("cmake"));
    configure.args(["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-S"]).arg(source).arg("-B").arg(&build);
    configure.arg(format!("-DRTVI_CARGO_COMMAND={}", CARGO.join(";")));
    configure.arg(format!("-DFETCHCONTENT_SOURCE_DIR_RTVI={}", root().display())).env_remove(FOLDER);
    make.arg("--build").arg(&build).env_remove(FOLDER);
    let with = if named == Named::Configuring { &mut configure } else { &mut make };
    with.env(FOLDER, target());
    run(&mut configure);
    run(without_cargo(&mut make));
    let own = ["rtvi/cargo", "_deps/rtvi-build/cargo"].map(|folder| build.join(folder));
    assert!(!own.iter().any(|folder| folder.exists()), "cargo's folder is not the one that was named");
    talks(&build.join("app"));
}

#[test]
fn add_subdirectory() {
    talks_from_sources("subdirectory", Named::Building);
}

#[test]
fn fetch_content() {
    talks_from_sources("fetch_content", Named::Configuring);
}

#[test]
fn pkg_config() {
    let prefix = prefix();
    let packages = ["lib/pkgconfig", "lib/x86_64-linux-gnu/pkgconfig", "lib/aarch64-linux-gnu/pkgconfig"];
    let path = packages.map(|package| prefix.join(package).display().to_string()).join(":");
    let flags =
        run(Command::new("pkg-config").args(["--cflags", "--libs", "rtvi"]).env("PKG_CONFIG_PATH", &path));
    let libraries =
        run(Command::new("pkg-config").args(["--variable=libdir", "rtvi"]).env("PKG_CONFIG_PATH", &path));
    let program = folder("pkg_config").join("minimal");
    run(Command::new("gcc")
        .args(["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Werror"])
        .arg(root().join("examples/c/minimal.c"))
        .args(flags.split_whitespace())
        .arg(format!("-Wl,-rpath,{}", libraries.trim()))
        .arg("-o")
        .arg(&program));
    talks(&program);
}

/// The first program in the README is the program of the consumers.
#[test]
fn the_quick_start_is_compiled() {
    let readme = fs::read_to_string(root().join("cpp/README.md")).expect("the README");
    for (file, fence) in [
        ("cpp/tests/consumer/find_package/app.cpp", "```cpp\n"),
        ("cpp/tests/consumer/find_package/quick.cmake", "```cmake\n"),
    ] {
        let code = fs::read_to_string(root().join(file)).expect("the consumer");
        let shown = readme.split(fence).nth(1).and_then(|rest| rest.split("```").next());
        assert_eq!(shown, Some(code.as_str()), "the README and {file} differ");
    }
}

/// The release's number is in several files, and every header is in the namespace with that number.
#[test]
fn every_part_has_the_same_version() {
    let version = env!("CARGO_PKG_VERSION");
    let namespace = format!("v{}\n", version.replace('.', "_"));
    for (file, text) in [
        ("cpp/include/rtvi/namespace.hpp", namespace.as_str()),
        ("cpp/CMakeLists.txt", &format!("VERSION {version} ")),
        ("cpp/Doxyfile", &format!("PROJECT_NUMBER         = {version}\n")),
        ("cpp/packaging/conan/conanfile.py", &format!("version = \"{version}\"")),
        ("cpp/packaging/vcpkg/vcpkg.json", &format!("\"version\": \"{version}\"")),
    ] {
        let content = fs::read_to_string(root().join(file)).expect("it is readable");
        assert!(content.contains(text), "{file} lacks {text}");
    }
    for entry in fs::read_dir(root().join("cpp/include/rtvi")).expect("the headers") {
        let path = entry.expect("an entry").path();
        let header = fs::read_to_string(&path).expect("it is readable");
        assert!(!header.contains("\nnamespace rtvi {"), "{}: use RTVI_NAMESPACE_BEGIN", path.display());
    }
}
