//! What the app's own transport may know before it opens a connection.
//!
//! Depends on nothing else here. Values only.

use rtvi_core::transport::OpenRequest;
use serde_json::Value;

/// A connection to open, as C sees it.
pub(crate) struct Opening {
    /// The connect parameters, a JSON object.
    pub(crate) params: String,
    /// The start request that the parameters answer, a JSON object.
    pub(crate) start: Option<String>,
    /// 0, or the number of the reconnect attempt.
    pub(crate) attempt: u32,
    /// Whether the microphone is on.
    pub(crate) mic_enabled: bool,
}

impl Opening {
    pub(crate) fn new(request: OpenRequest<'_>) -> Self {
        Self {
            params: Value::Object(request.params.as_object().clone()).to_string(),
            start: request.start.and_then(|start| serde_json::to_string(start).ok()),
            attempt: request.attempt,
            mic_enabled: request.mic_enabled,
        }
    }
}
