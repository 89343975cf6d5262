//! Which transport a client uses: one of ours by name, or one of the app's.
//!
//! Depends on [`crate::custom_transport`]. A new transport is one arm here and its options.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use rtvi_core::{
    ApiRequest, Error, ErrorKind,
    transport::{
        IceServer, SmallWebRtcTransport, SmallWebRtcTransportOptions, TlsOptions, TransportFactory,
        WebSocketTransport, WebSocketTransportOptions,
    },
};
use serde::Deserialize;

use crate::{custom_transport, text::rtvi_str};

pub use custom_transport::rtvi_transport;

/// The names an app can choose from.
const NAMES: &str = "websocket, small-webrtc";

/// The transport an app wants; one of its own is used up.
pub(crate) fn take(
    custom: *mut rtvi_transport,
    name: rtvi_str,
    options: rtvi_str,
) -> Result<Arc<dyn TransportFactory>, Error> {
    if !custom.is_null() {
        return custom_transport::take(custom);
    }
    match name.optional("transport")?.unwrap_or("websocket") {
        "websocket" => Ok(Arc::new(websocket(options.read("transport_options")?)?)),
        "small-webrtc" => Ok(Arc::new(small_webrtc(options.read("transport_options")?)?)),
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
    root_certificates: Option<String>,
    stall_timeout_ms: Option<u64>,
}

fn websocket(json: WebSocketJson) -> Result<WebSocketTransport, Error> {
    let default = WebSocketTransportOptions::default();
    let tls = tls(json.root_certificates)?;
    Ok(WebSocketTransport::new(WebSocketTransportOptions {
        url: json.url,
        headers: json.headers.into_iter().collect(),
        sample_rate: json.sample_rate.unwrap_or(default.sample_rate),
        tls,
        stall_timeout: json.stall_timeout_ms.map_or(default.stall_timeout, Duration::from_millis),
    }))
}

/// [`SmallWebRtcTransportOptions`] as JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SmallWebRtcJson {
    offer_url: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    offer_url_template: Option<String>,
    #[serde(default)]
    ice_servers: Vec<IceServerJson>,
    #[serde(default)]
    relay_only: bool,
    #[serde(default)]
    wait_for_ice_gathering: bool,
    root_certificates: Option<String>,
    stall_timeout_ms: Option<u64>,
}

/// [`IceServer`] as JSON.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct IceServerJson {
    urls: Vec<String>,
    #[serde(default)]
    username: String,
    #[serde(default)]
    credential: String,
}

fn small_webrtc(json: SmallWebRtcJson) -> Result<SmallWebRtcTransport, Error> {
    let mut options = SmallWebRtcTransportOptions::default();
    options.offer = json.offer_url.map(|url| {
        let headers = json.headers.into_iter();
        headers.fold(ApiRequest::new(url), |request, (name, value)| request.with_header(name, value))
    });
    options.offer_url_template = json.offer_url_template;
    options.ice_servers = json.ice_servers.into_iter().map(IceServer::from).collect();
    options.relay_only = json.relay_only;
    options.wait_for_ice_gathering = json.wait_for_ice_gathering;
    options.tls = tls(json.root_certificates)?;
    options.stall_timeout = json.stall_timeout_ms.map_or(options.stall_timeout, Duration::from_millis);
    Ok(SmallWebRtcTransport::new(options))
}

impl From<IceServerJson> for IceServer {
    fn from(json: IceServerJson) -> Self {
        Self { urls: json.urls, username: json.username, credential: json.credential }
    }
}

fn tls(root_certificates: Option<String>) -> Result<TlsOptions, Error> {
    root_certificates
        .map_or_else(|| Ok(TlsOptions::default()), |pem| TlsOptions::default().with_roots_pem(pem))
}
