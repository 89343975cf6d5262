//! The CMake package as apps use it: from an install prefix, from the source tree, with pkg-config,
//! and from archives.
#![expect(clippy::expect_used, reason = "a test fails by panicking")]

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use rtvi_tests::native::{Bot, CARGO, GCC, folder, root, run, target, without_cargo};

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

/// Builds a separate project and returns its build folder.
fn consumer(name: &str, flags: &[String]) -> PathBuf {
    let build = folder(name);
    let source = root().join("cpp/tests/consumer").join(name);
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
    let bot = Bot::start(0.2);
    let said = run(Command::new(program).arg(bot.ws()));
    assert!(said.contains("You said: Hello."), "{}: {said}", program.display());
}

#[test]
fn find_package() {
    let build = consumer("find_package", &[format!("-DCMAKE_PREFIX_PATH={}", prefix().display())]);
    talks(&build.join("shared"));
    talks(&build.join("static"));
}

/// Builds a project that contains the SDK's sources. CMake has cargo build the library, in the
/// folder of earlier builds.
fn talks_from_sources(name: &str) {
    let build = folder(name);
    let source = root().join("cpp/tests/consumer").join(name);
    run(Command::new("cmake")
        .args(["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DRTVI_VIDEO=ON", "-S"])
        .arg(source)
        .arg("-B")
        .arg(&build)
        .arg(format!("-DRTVI_CARGO_COMMAND={}", CARGO.join(";")))
        .arg(format!("-DFETCHCONTENT_SOURCE_DIR_RTVI={}", root().display()))
        .env("CARGO_TARGET_DIR", target()));
    run(without_cargo(Command::new("cmake").arg("--build").arg(&build)));
    talks(&build.join("app"));
}

#[test]
fn add_subdirectory() {
    talks_from_sources("subdirectory");
}

#[test]
fn fetch_content() {
    talks_from_sources("fetch_content");
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

#[test]
fn archives() {
    let build = GCC.make();
    let packages = folder("packages");
    run(Command::new("cpack")
        .arg("--config")
        .arg(build.join("CPackConfig.cmake"))
        .arg("-B")
        .arg(&packages)
        .current_dir(&build));
    let made: Vec<PathBuf> =
        fs::read_dir(&packages).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    let find = |ending: &str| {
        made.iter().find(|path| path.to_string_lossy().ends_with(ending)).expect("it was made")
    };
    let archive = run(Command::new("tar").arg("-tzf").arg(find(".tar.gz")));
    let package = run(Command::new("dpkg-deb").arg("-c").arg(find(".deb")));
    for listing in [archive, package] {
        for file in
            ["include/rtvi.h", "rtvi/rtvi.hpp", "librtvi.so.0", "librtvi.a", "rtvi-config.cmake", "rtvi.pc"]
        {
            assert!(listing.contains(file), "no {file} in {listing}");
        }
    }
}
