//! The transport of a client: one of the core's by name, or one of the app's.
//!
//! Depends on [`crate::custom_transport`].

use std::sync::Arc;

use rtvi_core::{
    Error,
    transport::{self, Transport},
};

use crate::{custom_transport, text::rtvi_str};

pub use custom_transport::rtvi_transport;

/// Returns the transport that an app selected. A transport of the app's own is used up.
pub(crate) fn take(
    custom: *mut rtvi_transport,
    name: rtvi_str,
    options: rtvi_str,
) -> Result<Arc<dyn Transport>, Error> {
    if !custom.is_null() {
        return custom_transport::take(custom);
    }
    transport::named(name.optional("transport")?.unwrap_or("websocket"), options.text("transport_options")?)
}
