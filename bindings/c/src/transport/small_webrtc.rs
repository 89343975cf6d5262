//! The SmallWebRTC transport, with its options read from JSON.
//!
//! Depends on `rtvi-core` with its feature `webrtc`. Left out of libraries that are to be small.

use std::{collections::BTreeMap, time::Duration};

use rtvi_core::{
    ApiRequest, Error,
    transport::{IceServer, SmallWebRtcTransport, SmallWebRtcTransportOptions, TlsOptions},
};
use serde::Deserialize;

use crate::tls::TlsJson;

/// [`SmallWebRtcTransportOptions`] as JSON.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SmallWebRtcJson {
    offer_url: Option<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    offer_url_template: Option<String>,
    /// As [`IceServer::list_from_json`] reads it.
    #[serde(default)]
    ice_servers: serde_json::Value,
    #[serde(default)]
    relay_only: bool,
    #[serde(default)]
    wait_for_ice_gathering: bool,
    tls: Option<TlsJson>,
    stall_timeout_ms: Option<u64>,
}

/// The transport with these options, and the client's trust where they say nothing of it.
pub(super) fn transport(json: SmallWebRtcJson, clients: TlsOptions) -> Result<SmallWebRtcTransport, Error> {
    let mut options = SmallWebRtcTransportOptions::default();
    options.offer = json.offer_url.map(|url| {
        let headers = json.headers.into_iter();
        headers.fold(ApiRequest::new(url), |request, (name, value)| request.with_header(name, value))
    });
    options.offer_url_template = json.offer_url_template;
    options.ice_servers = IceServer::list_from_json(&json.ice_servers);
    options.relay_only = json.relay_only;
    options.wait_for_ice_gathering = json.wait_for_ice_gathering;
    options.tls = json.tls.map_or(Ok(clients), TlsJson::read)?;
    options.stall_timeout = json.stall_timeout_ms.map_or(options.stall_timeout, Duration::from_millis);
    Ok(SmallWebRtcTransport::new(options))
}
