//! The version of the interface and of the library.
//!
//! Depends on [`crate::text`].

use std::sync::LazyLock;

use rtvi_core::protocol::PROTOCOL_VERSION;

use crate::text::rtvi_str;

/// The version of this interface. Functions, enum values and members at the end of structs may be
/// added without a new version.
pub const RTVI_ABI_VERSION: u32 = 0;

/// Returns the interface version of the loaded library. It differs from `RTVI_ABI_VERSION` if
/// header and library do not match.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_abi_version() -> u32 {
    RTVI_ABI_VERSION
}

/// Returns the release of the loaded library, such as `0.1.0`. The text is always valid and a zero
/// byte follows it.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_version() -> rtvi_str {
    rtvi_str::of(concat!(env!("CARGO_PKG_VERSION"), "\0"))
}

/// Returns the version of the RTVI protocol that clients speak, such as `2.2.0`. The text is always
/// valid and a zero byte follows it.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_protocol_version() -> rtvi_str {
    static TEXT: LazyLock<String> = LazyLock::new(|| format!("{PROTOCOL_VERSION}\0"));
    rtvi_str::of(&TEXT)
}
