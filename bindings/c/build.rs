//! Sets the shared library's name for the dynamic linker: apps load `librtvi.so.0`, whatever the
//! name of the file.
//!
//! Depends on nothing. The number is `RTVI_ABI_VERSION` of the header.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let system = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    match system.as_str() {
        "linux" | "freebsd" => println!("cargo:rustc-cdylib-link-arg=-Wl,-soname,librtvi.so.0"),
        "macos" => println!("cargo:rustc-cdylib-link-arg=-Wl,-install_name,@rpath/librtvi.0.dylib"),
        _ => {}
    }
}
