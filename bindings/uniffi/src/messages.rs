//! The messages that an app can send to the bot.
//!
//! Depends on [`crate::client`]. Each method calls one of the core's. All of them need a bot that
//! is ready. Success means that the transport has accepted the message. If the server rejects it,
//! the event `messageError` follows.

use std::{sync::Arc, time::Duration};

use rtvi_core::{
    SessionAnswer,
    protocol::{SendTextOptions, object_from_value},
};
use serde_json::Value;

use crate::{FfiCancellation, FfiClient, error::FfiError};

#[uniffi::export]
impl FfiClient {
    /// Sends an app-defined message of type `t`, with any JSON. The bot need not answer.
    pub async fn send_client_message(
        &self,
        t: String,
        data: Option<Value>,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.send_client_message(t, data).await }).await
    }

    /// Sends an app-defined request of type `t` and returns the data of the bot's answer as JSON,
    /// or nothing if it has none. Waits `timeout_ms`, or 10 seconds.
    pub async fn send_client_request(
        &self,
        t: String,
        data: Option<Value>,
        timeout_ms: Option<u32>,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<Option<Value>, FfiError> {
        let timeout = timeout_ms.map(|millis| Duration::from_millis(millis.into()));
        self.call(cancellation, |client| async move { client.send_client_request(t, data, timeout).await })
            .await
    }

    /// Sends a request to an HTTP endpoint of the bot itself. `path` is below the URL of the
    /// session, which must have begun with a start request. Waits `timeout_ms`, or 10 seconds.
    pub async fn session_request(
        &self,
        method: String,
        path: String,
        body: Option<Value>,
        timeout_ms: Option<u32>,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<SessionAnswer, FfiError> {
        let timeout = timeout_ms.map(|millis| Duration::from_millis(millis.into()));
        self.call(
            cancellation,
            |client| async move { client.session_request(method, path, body, timeout).await },
        )
        .await
    }

    /// Sends text as if the user had spoken it. Absent options use the server's defaults, both
    /// true: interrupt the bot and answer at once, and speak the answer.
    pub async fn send_text(
        &self,
        content: String,
        run_immediately: Option<bool>,
        audio_response: Option<bool>,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        let options = SendTextOptions { run_immediately, audio_response };
        self.call(cancellation, |client| async move { client.send_text(content, options).await }).await
    }

    /// Sends a file: the data of the message `send-file`, an object with `content`, `file`
    /// (`format`, `name`, `source`) and `options`. A source is `{"type": "url", "url": …}` or
    /// `{"type": "bytes", "bytes": base64}`.
    pub async fn send_file(
        &self,
        file: Value,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.call(
            cancellation,
            |client| async move { client.send_file(object_from_value("file", &file)?).await },
        )
        .await
    }

    /// Sends telephone keys (DTMF): `0` to `9`, `*` and `#`, at least one.
    pub async fn send_dtmf(
        &self,
        keys: String,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.send_dtmf(keys).await }).await
    }

    /// Reports an event of the app's user interface, with any JSON.
    pub async fn send_ui_event(
        &self,
        event: String,
        payload: Option<Value>,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.send_ui_event(event, payload).await }).await
    }

    /// Sends a snapshot of the app's user interface: the data of the message `ui-snapshot`, an
    /// object with `tree`.
    pub async fn send_ui_snapshot(
        &self,
        snapshot: Value,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move {
            client.send_ui_snapshot(object_from_value("snapshot", &snapshot)?).await
        })
        .await
    }

    /// Asks the bot to cancel a group of jobs.
    pub async fn cancel_ui_job_group(
        &self,
        job_id: String,
        reason: Option<String>,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.cancel_ui_job_group(job_id, reason).await })
            .await
    }

    /// Asks the bot to leave. The session ends when the bot has left.
    pub async fn disconnect_bot(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.call(cancellation, |client| async move { client.disconnect_bot().await }).await
    }

    /// Adds a message to the bot's context: the data of the message `append-to-context`, an object
    /// with `role`, `content` and optionally `run_immediately`. Deprecated: current servers refuse
    /// it, and it then fails with their text as `unsupportedFeature`. Send a text with
    /// `run_immediately` false instead.
    pub async fn append_to_context(
        &self,
        data: Value,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        #[expect(deprecated, reason = "offered as long as the core does")]
        self.call(cancellation, |client| async move {
            client.append_to_context(object_from_value("data", &data)?).await
        })
        .await
    }
}
