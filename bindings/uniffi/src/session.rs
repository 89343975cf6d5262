//! Sessions: beginning and ending them, and what can be asked at any time.
//!
//! Depends on [`crate::client`]. Each method is one of the core's.

use std::{sync::Arc, time::Duration};

use rtvi_core::{
    ApiRequest, Error, SessionAnswer, TransportState,
    client::AudioStats,
    protocol::{BotReadyData, PROTOCOL_VERSION},
};
use serde::Serialize;
use serde_json::Value;

use crate::{
    FfiCancellation, FfiClient,
    error::{FfiError, guard},
    json,
};

/// A request to an HTTP endpoint that starts a bot, as the core has it.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FfiStartRequest {
    /// The `http` or `https` URL.
    pub endpoint: String,
    /// Extra request headers, in order.
    pub headers: Vec<FfiHeader>,
    /// The JSON body; no body when absent.
    pub request_data_json: Option<String>,
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
            request_data_json: request.request_data.as_ref().map(Value::to_string),
            timeout_ms: request.timeout.map(|time| u32::try_from(time.as_millis()).unwrap_or(u32::MAX)),
        }
    }
}

/// A request that starts a session of an agent on Pipecat Cloud with a public key; without data.
#[uniffi::export]
pub fn pipecat_cloud_request(agent: &str, public_key: &str) -> Result<FfiStartRequest, FfiError> {
    guard(|| ApiRequest::pipecat_cloud(agent, public_key).map(|request| FfiStartRequest::from(&request)))
}

/// What an endpoint of the bot answered.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FfiSessionAnswer {
    /// The HTTP status, from 200 to 299.
    pub status: u16,
    /// Its JSON; null when there was none.
    pub body_json: String,
}

impl From<SessionAnswer> for FfiSessionAnswer {
    fn from(answer: SessionAnswer) -> Self {
        Self { status: answer.status, body_json: answer.body.to_string() }
    }
}

/// How much audio a client has moved since it was made, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, uniffi::Record)]
pub struct FfiAudioStats {
    /// Of the microphone, given to the transport; silence included.
    pub sent_ms: f64,
    /// Of the microphone, lost because it was not taken in time: by the transport or its server, by the client, or before the bot was
    /// ready. The event `audioDropped` tells which.
    pub send_dropped_ms: f64,
    /// Of the bot, arrived.
    pub received_ms: f64,
    /// Of the bot, given to the speaker.
    pub played_ms: f64,
    /// Of the bot, dropped because it was interrupted.
    pub flushed_ms: f64,
    /// Of the bot, lost because too much of it was waiting to be played, or by a speaker that was too slow. Packets of WebRTC that were not
    /// even decoded are in `packetsDropped` of the event `transportStats`.
    pub receive_dropped_ms: f64,
}

impl From<AudioStats> for FfiAudioStats {
    fn from(stats: AudioStats) -> Self {
        let millis = |time: Duration| time.as_secs_f64() * 1000.0;
        Self {
            sent_ms: millis(stats.sent),
            send_dropped_ms: millis(stats.send_dropped),
            received_ms: millis(stats.received),
            played_ms: millis(stats.played),
            flushed_ms: millis(stats.flushed),
            receive_dropped_ms: millis(stats.receive_dropped),
        }
    }
}

/// The version of the RTVI protocol that is spoken.
#[uniffi::export]
pub fn protocol_version() -> String {
    PROTOCOL_VERSION.to_string()
}

/// Every name that a client's state can have, in the order of a session.
#[uniffi::export]
pub fn transport_states() -> Vec<String> {
    TransportState::ALL.map(|state| state.as_str().to_owned()).into()
}

#[uniffi::export]
impl FfiClient {
    /// Opens microphone and speaker. The other calls do it when needed.
    pub async fn init_devices(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.init_devices().await }).await
    }

    /// Asks the start endpoint for a bot and gives back its answer as JSON, for [`connect`](Self::connect). `request_json` is the JSON object of the
    /// core's `ApiRequest`.
    pub async fn start_bot(
        &self,
        request_json: String,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<String, FfiError> {
        self.call(cancellation, |client| async move {
            let params = client.start_bot(json::read("request_json", &request_json)?).await?;
            Ok(Value::Object(params.as_object().clone()).to_string())
        })
        .await
    }

    /// Connects to a bot and waits until it is ready; gives back what it then says of itself, as JSON. `params_json` is an object with the keys
    /// that the transport knows.
    pub async fn connect(
        &self,
        params_json: String,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<String, FfiError> {
        self.call(cancellation, |client| async move {
            let bot = client.connect(json::params(&params_json)?).await?;
            text(&bot)
        })
        .await
    }

    /// [`start_bot`](Self::start_bot), then [`connect`](Self::connect) with its answer.
    pub async fn start_bot_and_connect(
        &self,
        request_json: String,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<String, FfiError> {
        self.call(cancellation, |client| async move {
            let bot = client.start_bot_and_connect(json::read("request_json", &request_json)?).await?;
            text(&bot)
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

    /// The present state, one of [`transport_states`].
    pub fn state(&self) -> String {
        self.core().map_or(TransportState::Disconnected, |client| client.state()).as_str().to_owned()
    }

    /// What the bot said when it became ready, as JSON; absent without a session.
    pub fn bot_json(&self) -> Result<Option<String>, FfiError> {
        self.with(|client| client.bot().map(|bot: BotReadyData| text(&bot)).transpose())
    }

    /// The trace of the present session, or of the last one, for a bug report: JSON Lines that `rtvi replay` reads. It holds no token,
    /// header, URL or address and nothing that was said or sent.
    pub fn session_trace(&self) -> Result<String, FfiError> {
        self.with(|client| Ok(client.session_trace()))
    }

    /// How much audio has been moved.
    pub fn audio_stats(&self) -> Result<FfiAudioStats, FfiError> {
        self.with(|client| Ok(client.audio_stats().into()))
    }
}

/// A value of the core as JSON.
pub(crate) fn text(value: &impl Serialize) -> Result<String, Error> {
    serde_json::to_string(value)
        .map_err(|error| Error::new(rtvi_core::ErrorKind::Internal, format!("no JSON: {error}")))
}
