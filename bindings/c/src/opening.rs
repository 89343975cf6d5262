//! What the app's own transport may know before it opens a connection.
//!
//! Depends on nothing else here. Values only.

use rtvi_core::{ApiRequest, transport::OpenRequest};
use serde_json::{Map, Value, json};

/// A connection to be opened, with everything as C sees it.
pub(crate) struct Opening {
    /// The connect parameters, a JSON object.
    pub(crate) params: String,
    /// The start request whose answer they are, a JSON object.
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
            start: request.start.map(|start| described(start).to_string()),
            attempt: request.attempt,
            mic_enabled: request.mic_enabled,
        }
    }
}

/// The request with the members that `rtvi_start_request` has; what is not set is left out.
fn described(request: &ApiRequest) -> Value {
    let header = |(name, value): &(String, String)| (name.clone(), json!(value));
    let headers: Map<String, Value> = request.headers.iter().map(header).collect();
    let mut members = Map::from_iter([("endpoint".to_owned(), json!(request.endpoint))]);
    members.insert("headers".to_owned(), Value::Object(headers));
    if let Some(data) = &request.request_data {
        members.insert("data".to_owned(), data.clone());
    }
    if let Some(timeout) = request.timeout {
        let millis = u64::try_from(timeout.as_millis()).unwrap_or(u64::MAX);
        members.insert("timeoutMs".to_owned(), json!(millis));
    }
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_start_request_is_whole() {
        let mut request =
            ApiRequest::new("https://bots.example/start").with_header("X-Key", "k").with_data(json!([1]));
        request.timeout = Some(Duration::from_millis(1_500));
        let whole = json!({
            "endpoint": "https://bots.example/start", "headers": {"X-Key": "k"}, "data": [1], "timeoutMs": 1_500
        });
        assert_eq!(described(&request), whole);
        let bare = json!({"endpoint": "https://bots.example/start", "headers": {}});
        assert_eq!(described(&ApiRequest::new("https://bots.example/start")), bare);
    }
}
