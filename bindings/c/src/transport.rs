//! Which transport a client uses: one of ours by name, or one of the app's.
//!
//! Depends on [`crate::custom_transport`]. A new transport is one arm here and its options, in a module of its own if it can be left out.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use rtvi_core::{
    Error, ErrorKind,
    transport::{TlsOptions, TransportFactory, WebSocketTransport, WebSocketTransportOptions},
};
use serde::Deserialize;

use crate::{custom_transport, text::rtvi_str, tls::TlsJson};

pub use custom_transport::rtvi_transport;

#[cfg(feature = "webrtc")]
mod small_webrtc;

/// The names an app can choose from.
const NAMES: &str = if cfg!(feature = "webrtc") { "websocket, small-webrtc" } else { "websocket" };

/// The transport an app wants; one of its own is used up.
pub(crate) fn take(
    custom: *mut rtvi_transport,
    name: rtvi_str,
    options: rtvi_str,
    tls: TlsOptions,
) -> Result<Arc<dyn TransportFactory>, Error> {
    if !custom.is_null() {
        return custom_transport::take(custom);
    }
    match name.optional("transport")?.unwrap_or("websocket") {
        "websocket" => Ok(Arc::new(websocket(options.read("transport_options")?, tls)?)),
        #[cfg(feature = "webrtc")]
        "small-webrtc" => Ok(Arc::new(small_webrtc::transport(options.read("transport_options")?, tls)?)),
        other => {
            let text = format!("there is no transport {other:?}; there is: {NAMES}");
            Err(Error::new(ErrorKind::InvalidArgument, text))
        }
    }
}

/// [`WebSocketTransportOptions`] as JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WebSocketJson {
    url: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    sample_rate: Option<u32>,
    tls: Option<TlsJson>,
    stall_timeout_ms: Option<u64>,
}

fn websocket(json: WebSocketJson, clients: TlsOptions) -> Result<WebSocketTransport, Error> {
    let default = WebSocketTransportOptions::default();
    let tls = json.tls.map_or(Ok(clients), TlsJson::read)?;
    Ok(WebSocketTransport::new(WebSocketTransportOptions {
        url: json.url,
        headers: json.headers.into_iter().collect(),
        sample_rate: json.sample_rate.unwrap_or(default.sample_rate),
        tls,
        stall_timeout: json.stall_timeout_ms.map_or(default.stall_timeout, Duration::from_millis),
    }))
}
