//! Which interface and which release this library is.
//!
//! Depends on [`crate::text`].

use crate::text::rtvi_str;

/// The version of this interface. Functions, enum values and members at the end of structs may be added without changing it.
pub const RTVI_ABI_VERSION: u32 = 0;

/// The interface that the loaded library has; differs from `RTVI_ABI_VERSION` when header and library don't fit.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_abi_version() -> u32 {
    RTVI_ABI_VERSION
}

/// The release of the loaded library, such as `0.1.0`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_version() -> rtvi_str {
    rtvi_str::of(concat!(env!("CARGO_PKG_VERSION"), "\0"))
}
