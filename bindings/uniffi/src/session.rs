//! Sessions: beginning and ending them, and what can be asked at any time.
//!
//! Depends on [`crate::client`]. Each method is one of the core's.

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

/// A request to an HTTP endpoint that starts a bot, as the core has it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FfiStartRequest {
    /// The `http` or `https` URL.
    pub endpoint: String,
    /// Extra request headers, in order.
    pub headers: Vec<FfiHeader>,
    /// The JSON body; no body when absent.
    pub request_data: Option<Value>,
    /// How long the whole request may take; as the client's options say when absent.
    pub timeout_ms: Option<u32>,
}

/// A header of a request.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FfiHeader {
    /// Its name.
    pub name: String,
    /// What it says.
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

/// A request that starts a session of an agent on Pipecat Cloud with a public key; without data.
#[uniffi::export]
pub fn pipecat_cloud_request(agent: &str, public_key: &str) -> Result<FfiStartRequest, FfiError> {
    guard(|| ApiRequest::pipecat_cloud(agent, public_key).map(|request| FfiStartRequest::from(&request)))
}

/// The version of the RTVI protocol that is spoken.
#[uniffi::export]
pub fn protocol_version() -> String {
    PROTOCOL_VERSION.to_string()
}

#[uniffi::export]
impl FfiClient {
    /// Opens microphone and speaker. The other calls do it when needed.
    pub async fn init_devices(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.init_devices().await }).await
    }

    /// Asks the start endpoint for a bot and returns its answer, for [`connect`](Self::connect). `request_json` is the JSON object of the
    /// core's `ApiRequest`.
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

    /// Connects to a bot and waits until it is ready; returns what it then says of itself. `params` is an object with the keys
    /// that the transport knows.
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

    /// [`start_bot`](Self::start_bot), then [`connect`](Self::connect) with its answer.
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

    /// Ends the session gracefully, within two seconds. Possible in every state, any number of times.
    pub async fn disconnect(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.disconnect().await }).await
    }

    /// Tells the client that the device moved to another network, so that a session which that broke is restored at once. Without a session
    /// nothing is done.
    pub async fn network_changed(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.network_changed().await }).await
    }

    /// The present state.
    pub fn state(&self) -> TransportState {
        self.core().map_or(TransportState::Disconnected, |client| client.state())
    }

    /// Waits until the state differs from `known` and returns it; absent once the client is closed. Skips states that pass quickly.
    pub async fn state_after(&self, known: TransportState) -> Option<TransportState> {
        let next = self.core().ok()?.state_after(known);
        tokio::select! {
            biased;
            () = self.closed.cancelled() => None,
            state = next => state,
        }
    }

    /// The trace of the present session, or of the last one, for a bug report: JSON Lines that `rtvi trace`
    /// shows. It holds no token, header, URL or address and nothing that was said or sent.
    pub fn session_trace(&self) -> Result<String, FfiError> {
        self.with(|client| Ok(client.session_trace()))
    }
}
