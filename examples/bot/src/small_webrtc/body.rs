//! The bodies of offers and candidates.
//!
//! No I/O. Fields that are not known are ignored.

use axum::{http::StatusCode, response::Response};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use webrtc::peer_connection::RTCIceCandidateInit;

use crate::start;

/// An offer's body.
#[derive(Deserialize)]
pub(crate) struct Offer {
    pub(crate) sdp: String,
    /// The field `type`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The peer connection that it is for.
    pub(crate) pc_id: Option<String>,
    /// Whether a new peer connection is to replace that one.
    #[serde(default, rename = "restart_pc")]
    pub(crate) restart: Option<bool>,
    /// What the session is to know.
    #[serde(alias = "requestData", rename = "request_data")]
    pub(crate) data: Option<Value>,
}

/// A body with candidates.
#[derive(Deserialize)]
pub(crate) struct Patch {
    /// The peer connection they are for.
    pub(crate) pc_id: String,
    pub(crate) candidates: Vec<Candidate>,
}

#[derive(Deserialize)]
pub(crate) struct Candidate {
    #[serde(default)]
    candidate: String,
    sdp_mid: Option<String>,
    sdp_mline_index: Option<u16>,
}

impl From<Candidate> for RTCIceCandidateInit {
    fn from(candidate: Candidate) -> Self {
        let Candidate { candidate, sdp_mid, sdp_mline_index } = candidate;
        Self { candidate, sdp_mid, sdp_mline_index, ..Self::default() }
    }
}

/// Reads a body, or refuses it as the server does, with a text of its own.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Box<Response>> {
    serde_json::from_slice(body)
        .map_err(|error| Box::new(start::refusal(StatusCode::UNPROCESSABLE_ENTITY, &error.to_string())))
}
