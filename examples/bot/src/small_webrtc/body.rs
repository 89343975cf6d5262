//! The bodies of offers and candidates, checked as FastAPI checks them.
//!
//! No I/O. Fields that are not known are ignored.

use axum::response::Response;
use serde_json::{Value, json};
use webrtc::peer_connection::RTCIceCandidateInit;

use crate::start;

/// An offer's body.
pub(crate) struct Offer {
    pub(crate) sdp: String,
    /// The field `type`.
    pub(crate) kind: String,
    /// The peer connection that it is for.
    pub(crate) pc_id: Option<String>,
    /// Whether a new peer connection is to replace that one.
    pub(crate) restart: bool,
    /// What the session is to know.
    pub(crate) data: Option<Value>,
}

impl Offer {
    /// Reads a body, or tells what FastAPI says about it.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Box<Response>> {
        let fields = Fields::read(body)?;
        fields.need(&["sdp", "type"])?;
        let data = fields.0.get("request_data").or_else(|| fields.0.get("requestData"));
        Ok(Self {
            sdp: fields.text("sdp"),
            kind: fields.text("type"),
            pc_id: fields.0.get("pc_id").and_then(Value::as_str).map(str::to_owned),
            restart: fields.0.get("restart_pc").and_then(Value::as_bool).unwrap_or(false),
            data: data.filter(|data| !data.is_null()).cloned(),
        })
    }
}

/// A body with candidates.
pub(crate) struct Patch {
    /// The peer connection they are for.
    pub(crate) pc_id: String,
    pub(crate) candidates: Vec<RTCIceCandidateInit>,
}

impl Patch {
    /// Reads a body, or tells what FastAPI says about it.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Box<Response>> {
        let fields = Fields::read(body)?;
        fields.need(&["pc_id"])?;
        let list = fields.0.get("candidates").and_then(Value::as_array);
        let list = list.ok_or_else(|| Box::new(missing("candidates", &fields.0)))?;
        Ok(Self { pc_id: fields.text("pc_id"), candidates: list.iter().map(candidate).collect() })
    }
}

fn candidate(value: &Value) -> RTCIceCandidateInit {
    let index = value["sdp_mline_index"].as_u64().and_then(|index| u16::try_from(index).ok());
    RTCIceCandidateInit {
        candidate: value["candidate"].as_str().unwrap_or_default().to_owned(),
        sdp_mid: value["sdp_mid"].as_str().map(str::to_owned),
        sdp_mline_index: index,
        ..RTCIceCandidateInit::default()
    }
}

/// The fields of a JSON body.
struct Fields(serde_json::Map<String, Value>);

impl Fields {
    fn read(body: &[u8]) -> Result<Self, Box<Response>> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(other) => {
                let message = "Input should be a valid dictionary or instance of SmallWebRTCRequest";
                Err(Box::new(start::unprocessable("dataclass_type", &["body"], message, &other)))
            }
            Err(_) => Err(Box::new(start::unprocessable(
                "json_invalid",
                &["body"],
                "JSON decode error",
                &json!({}),
            ))),
        }
    }

    /// Complains about the first of `names` that is missing or not text.
    fn need(&self, names: &[&str]) -> Result<(), Box<Response>> {
        for name in names {
            match self.0.get(*name) {
                Some(Value::String(_)) => {}
                None => return Err(Box::new(missing(name, &self.0))),
                Some(other) => {
                    let message = "Input should be a valid string";
                    let response = start::unprocessable("string_type", &["body", name], message, other);
                    return Err(Box::new(response));
                }
            }
        }
        Ok(())
    }

    fn text(&self, name: &str) -> String {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    }
}

fn missing(name: &str, fields: &serde_json::Map<String, Value>) -> Response {
    start::unprocessable("missing", &["body", name], "Field required", &json!(fields))
}
