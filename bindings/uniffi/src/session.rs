//! Sessions: how they begin and end, and the state that can be read at any time.
//!
//! Depends on [`crate::client`]. Each method calls one of the core's.

use std::sync::Arc;

use rtvi_core::{
    ApiRequest, ConnectParams, TransportState,
    protocol::{BotReadyData, PROTOCOL_VERSION, object_from_text, object_from_value},
};
use serde_json::Value;

use crate::{
    FfiCancellation, FfiClient,
    error::{FfiError, guard},
};

/// A request to an HTTP endpoint that starts a bot. It mirrors the core's.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FfiStartRequest {
    /// The `http` or `https` URL.
    pub endpoint: String,
    /// Extra request headers, in order.
    pub headers: Vec<FfiHeader>,
    /// The JSON body. If absent, the request has no body.
    pub request_data: Option<Value>,
    /// The time limit for the whole request. If absent, the client's options apply.
    pub timeout_ms: Option<u32>,
}

/// A header of a request.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FfiHeader {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl From<&ApiRequest> for FfiStartRequest {
    fn from(request: &ApiRequest) -> Self {
        let header = |(name, value): (String, String)| FfiHeader { name, value };
        Self {
            endpoint: request.endpoint.clone(),
            headers: request.headers.iter().cloned().map(header).collect(),
            request_data: request.request_data.clone(),
            timeout_ms: request.timeout.map(|time| u32::try_from(time.as_millis()).unwrap_or(u32::MAX)),
        }
    }
}

/// Creates a request without data that starts a session of a Pipecat Cloud agent with a public key.
#[uniffi::export]
pub fn pipecat_cloud_request(agent: &str, public_key: &str) -> Result<FfiStartRequest, FfiError> {
    guard(|| ApiRequest::pipecat_cloud(agent, public_key).map(|request| FfiStartRequest::from(&request)))
}

/// The version of the RTVI protocol that the SDK uses.
#[uniffi::export]
pub fn protocol_version() -> String {
    PROTOCOL_VERSION.to_string()
}

#[uniffi::export]
impl FfiClient {
    /// Opens the microphone and the speaker. The other calls open them when needed.
    pub async fn init_devices(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.init_devices().await }).await
    }

    /// Requests a bot from the start endpoint and returns the endpoint's answer, for
    /// [`connect`](Self::connect). `request_json` is the JSON object of the core's `ApiRequest`.
    pub async fn start_bot(
        &self,
        request_json: String,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<Value, FfiError> {
        self.call(cancellation, |client| async move {
            let params = client.start_bot(object_from_text("request_json", &request_json)?).await?;
            Ok(Value::Object(params.as_object().clone()))
        })
        .await
    }

    /// Connects to a bot, waits until it is ready, and returns the bot's description of itself.
    /// `params` is an object with the keys that the transport knows.
    pub async fn connect(
        &self,
        params: Value,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<BotReadyData, FfiError> {
        self.call(cancellation, |client| async move {
            client.connect(ConnectParams::new(object_from_value("params", &params)?)).await
        })
        .await
    }

    /// Runs [`start_bot`](Self::start_bot), then [`connect`](Self::connect) with its answer.
    pub async fn start_bot_and_connect(
        &self,
        request_json: String,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<BotReadyData, FfiError> {
        self.call(cancellation, |client| async move {
            client.start_bot_and_connect(object_from_text("request_json", &request_json)?).await
        })
        .await
    }

    /// Ends the session gracefully, within two seconds. Allowed in every state, any number of
    /// times.
    pub async fn disconnect(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.disconnect().await }).await
    }

    /// Reports that the device has moved to another network. If that broke the session, the client
    /// restores it at once. Without a session it does nothing.
    pub async fn network_changed(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.network_changed().await }).await
    }

    /// The current state, as its place among all states: a number crosses the border much faster
    /// than an enum.
    pub fn state_index(&self) -> u8 {
        self.core().map_or(TransportState::Disconnected, |client| client.state()) as u8
    }

    /// Waits until the state differs from `known` and returns it. Absent once the client is closed.
    /// Skips short-lived states.
    pub async fn state_after(&self, known: TransportState) -> Option<TransportState> {
        let next = self.core().ok()?.state_after(known);
        tokio::select! {
            biased;
            () = self.closed.cancelled() => None,
            state = next => state,
        }
    }

    /// Returns the trace of the current session, or of the last one, for a bug report: JSON Lines
    /// that `rtvi trace` shows. The trace contains no token, header, URL or address, and nothing
    /// that anyone said or sent.
    pub fn session_trace(&self) -> Result<String, FfiError> {
        self.with(|client| Ok(client.session_trace()))
    }
}
