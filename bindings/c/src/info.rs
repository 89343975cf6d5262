//! The information that a client can report at any time, as C reads it.
//!
//! Depends on [`crate::client`] and [`crate::view`].

use std::ptr;

use rtvi_core::client::ClientInfo;

use crate::{
    client,
    event_callback::rtvi_client,
    panic::guard_or,
    types::turn_structs::rtvi_client_info,
    view::{InC, View},
};

/// A snapshot of the information that a client has.
#[derive(Debug)]
pub struct rtvi_info {
    view: View,
    /// The data behind the view, at a stable address.
    _core: Box<ClientInfo>,
}

impl rtvi_info {
    fn new(core: ClientInfo) -> Self {
        let core = Box::new(core);
        Self { view: View::new(|arena| core.in_c(arena)), _core: core }
    }
}

/// Returns what a client knows now about its bot, its devices and its audio. Returns null if
/// `client` is null or freed. Free the info with `rtvi_info_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_client_get_info(client: *const rtvi_client) -> Option<Box<rtvi_info>> {
    guard_or(None, || {
        let client = client::get(client).ok()?;
        Some(Box::new(rtvi_info::new(client.core().info())))
    })
}

/// Returns the content of an info. It is valid until the info is freed. Null for null.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_info_read(info: Option<&rtvi_info>) -> *const rtvi_client_info {
    info.map_or(ptr::null(), |info| info.view.payload())
}

/// Frees an info. Null is ignored.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_info_free(info: Option<Box<rtvi_info>>) {
    drop(info);
}
