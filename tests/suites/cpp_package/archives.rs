//! Archives and Debian packages, and what is in the libraries of a release.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use rtvi_tests::{
    archive,
    native::{folder, library, root, run},
};

/// The SDK as a release builds it, but of the library that is already built.
fn release() -> PathBuf {
    static RELEASE: OnceLock<PathBuf> = OnceLock::new();
    let make = || {
        let build = folder("release");
        run(Command::new("cmake")
            .args(["-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release", "-DCMAKE_INSTALL_PREFIX=/usr", "-S"])
            .arg(root().join("cpp"))
            .arg("-B")
            .arg(&build)
            .arg(format!("-DRTVI_LIBRARY_DIR={}", library().display())));
        run(Command::new("cmake").arg("--build").arg(&build));
        build
    };
    RELEASE.get_or_init(make).clone()
}

/// Runs cpack and returns the files that it made.
fn packages(generator: &str) -> Vec<PathBuf> {
    let made = folder("packages").join(generator.replace(';', "-"));
    run(Command::new("cpack")
        .args(["-G", generator, "-B"])
        .arg(&made)
        .args(["-D", "CPACK_ARCHIVE_THREADS=0", "-D", "CPACK_DEBIAN_COMPRESSION_TYPE=gzip"])
        .current_dir(release()));
    let entries = fs::read_dir(&made).expect("a folder").map(|entry| entry.expect("an entry").path());
    entries.filter(|path| path.is_file()).collect()
}

fn ending_with<'a>(files: &'a [PathBuf], ending: &str) -> &'a Path {
    files.iter().find(|file| file.to_string_lossy().ends_with(ending)).expect("it was made")
}

fn contains(listing: &str, files: &[&str]) {
    for file in files {
        assert!(listing.contains(file), "no {file} in {listing}");
    }
}

const RUNTIME: [&str; 2] = ["librtvi.so.0 ", "librtvi.so.0.1.0"];
const DEVEL: [&str; 5] =
    ["include/rtvi.h", "rtvi/rtvi.hpp", "librtvi.a", "rtvi-config.cmake", "pkgconfig/rtvi.pc"];

#[test]
fn archives() {
    let made = packages("TGZ;ZIP");
    let archive = run(Command::new("tar").arg("-tvzf").arg(ending_with(&made, ".tar.gz")));
    contains(&archive, &RUNTIME);
    contains(&archive, &DEVEL);
    // The prefix is that of Debian's packages, and so are these names.
    contains(&archive, &["doc/librtvi0/copyright", "doc/librtvi0/THIRD_PARTY_LICENSES.txt"]);
    let zip = run(Command::new("cmake").args(["-E", "tar", "tf"]).arg(ending_with(&made, ".zip")));
    contains(&zip, &DEVEL);
}

#[test]
fn debian_packages() {
    let made = packages("DEB");
    let runtime = made.iter().find(|file| file.to_string_lossy().contains("librtvi0_")).expect("the library");
    let devel =
        made.iter().find(|file| file.to_string_lossy().contains("librtvi-dev_")).expect("the headers");
    let listing = |package: &Path| run(Command::new("dpkg-deb").arg("-c").arg(package));
    contains(&listing(runtime), &RUNTIME);
    contains(&listing(runtime), &["doc/librtvi0/copyright", "doc/librtvi0/changelog.gz"]);
    contains(&listing(devel), &DEVEL);
    contains(&listing(runtime), &["doc/librtvi0/THIRD_PARTY_LICENSES.txt"]);
    contains(&listing(devel), &["doc/librtvi-dev/THIRD_PARTY_LICENSES.txt"]);
    assert!(!listing(runtime).contains("rtvi.h") && !listing(devel).contains("/librtvi.so.0.1.0"));
    let field = |package: &Path, name: &str| run(Command::new("dpkg-deb").arg("-f").arg(package).arg(name));
    contains(&field(runtime, "Depends"), &["libc6 (>= ", "ca-certificates"]);
    contains(&field(devel, "Depends"), &["librtvi0 (= 0.1.0)"]);
    let control = run(Command::new("dpkg-deb").arg("-I").arg(runtime));
    contains(&control, &["shlibs", "triggers"]);
}

/// Every Rust library contains Rust's standard library. Ours shows none of it, so that two fit in
/// one program. A debug build's would fit anyway: the symbols of a release's collide.
#[test]
fn a_program_has_room_for_another_rust_library() {
    let archive = release().join("lib/librtvi.a");
    let shown = archive::shown(&archive);
    let foreign: Vec<_> =
        shown.iter().filter(|name| !name.starts_with("rtvi_") && !name.starts_with("DW.ref.")).collect();
    assert!(foreign.is_empty() && shown.iter().any(|name| name == "rtvi_client_new"), "{foreign:?}");
    let program = "#include <rtvi.h>\nint other(int n);\nint main(void) {\n    rtvi_client_options options;\n    \
                   rtvi_client *client = 0;\n    rtvi_client_options_init(&options, sizeof options);\n    \
                   if (rtvi_client_new(&options, &client)) return 1;\n    rtvi_client_free(client);\n    \
                   return other(12) == 12 ? 0 : 1;\n}\n";
    let headers = format!("-I{}", root().join("bindings/c/include").display());
    archive::run_beside_another(
        &folder("two_rust_libraries"),
        program,
        &archive,
        &["-DRTVI_STATIC", &headers],
    );
}
