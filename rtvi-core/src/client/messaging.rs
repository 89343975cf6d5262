//! What an app can say to the bot.

use std::time::Duration;

use serde_json::Value;

use crate::{
    error::Error,
    protocol::{
        AppendToContextData, ClientMessage, SendFileData, SendTextData, SendTextOptions,
        UiCancelJobGroupData, UiEventData, UiSnapshotData,
    },
    transport::SessionAnswer,
};

use super::{
    PipecatClient, REQUEST_TIMEOUT,
    machine::{Asked, Command, Reply},
};

/// Messages to the bot. All but [`session_request`](PipecatClient::session_request) need a bot that is ready.
///
/// # Errors
/// Every method that needs one: [`NotReady`](crate::ErrorKind::NotReady), [`MessageTooLarge`](crate::ErrorKind::MessageTooLarge),
/// [`Busy`](crate::ErrorKind::Busy), [`Cancelled`](crate::ErrorKind::Cancelled), and what it names itself. Success means that
/// the transport has taken the message; what the server objects to arrives as
/// [`Event::MessageError`](super::Event::MessageError).
impl PipecatClient {
    /// Sends a message of the app's own kind; the bot need not answer.
    ///
    /// # Errors
    /// As all messages.
    pub async fn send_client_message(&self, t: impl Into<String>, d: Option<Value>) -> Result<(), Error> {
        self.send("send_client_message", ClientMessage::ClientMessage { t: t.into(), d }).await
    }

    /// Sends a request of the app's own kind and gives back the data of the bot's answer, `None` if it has none.
    ///
    /// Waits exactly `timeout`, or [`REQUEST_TIMEOUT`] (10 s) without one.
    ///
    /// # Errors
    /// As all messages, and [`RequestFailed`](crate::ErrorKind::RequestFailed) with the bot's own text,
    /// [`Timeout`](crate::ErrorKind::Timeout), [`ConnectionLost`](crate::ErrorKind::ConnectionLost) when the connection
    /// breaks meanwhile.
    pub async fn send_client_request(
        &self,
        t: impl Into<String>,
        d: Option<Value>,
        timeout: Option<Duration>,
    ) -> Result<Option<Value>, Error> {
        let timeout = timeout.unwrap_or(REQUEST_TIMEOUT);
        match self.call(Command::Request { t: t.into(), d, timeout }).await? {
            Reply::Answer(answer) => Ok(answer),
            other => Err(super::pipecat_client::unexpected(&other)),
        }
    }

    /// Asks an HTTP endpoint of the bot itself, within the session, and returns the JSON of the answer.
    ///
    /// The request goes to `path` below the session's own URL, which is the start URL with `/sessions/{sessionId}` instead of its last
    /// part `/start`, with the headers of the start request. Pipecat Cloud passes it on to the bot (its "session API"), but for the headers
    /// `authorization`, `host` and `content-length`; Pipecat's development runner has the same URLs. `method` is one of GET, POST, PUT,
    /// PATCH, DELETE, OPTIONS and HEAD; `path` may have a query. Waits `timeout`, or [`REQUEST_TIMEOUT`] (10 s) without one, also for a bot that
    /// is still starting. Possible from the start endpoint's answer to the end of the session, also while the connection is being restored,
    /// 64 times at once. Redirects are not followed, and the answer may have 1 MiB.
    ///
    /// # Errors
    /// All in [`Phase::Request`](crate::Phase::Request): [`InvalidState`](crate::ErrorKind::InvalidState) without a session that a start
    /// request began; [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for another method, and for a path that could lead out of the session
    /// (`..`, `//`, another URL, also encoded) or is reserved for the server (`bot`, `ws`, `api/offer`, `whatsapp`, `readyz`, `livez`);
    /// [`UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) when the start endpoint's answer has no `sessionId`;
    /// [`RequestFailed`](crate::ErrorKind::RequestFailed) with status, code and the server's own text when it is refused or answered with
    /// something else than JSON; [`ConnectionFailed`](crate::ErrorKind::ConnectionFailed), [`Tls`](crate::ErrorKind::Tls),
    /// [`Timeout`](crate::ErrorKind::Timeout), [`Busy`](crate::ErrorKind::Busy), [`Cancelled`](crate::ErrorKind::Cancelled).
    pub async fn session_request(
        &self,
        method: impl Into<String>,
        path: impl Into<String>,
        body: Option<Value>,
        timeout: Option<Duration>,
    ) -> Result<SessionAnswer, Error> {
        let timeout = timeout.unwrap_or(REQUEST_TIMEOUT);
        let asked = Asked { method: method.into(), path: path.into(), body, timeout };
        match self.call(Command::SessionRequest(asked)).await? {
            Reply::SessionAnswer(answer) => Ok(answer),
            other => Err(super::pipecat_client::unexpected(&other)),
        }
    }

    /// Sends text of the user as if it had been said.
    ///
    /// # Errors
    /// As all messages.
    pub async fn send_text(&self, content: impl Into<String>, options: SendTextOptions) -> Result<(), Error> {
        self.send(
            "send_text",
            ClientMessage::SendText(SendTextData { content: content.into(), options: Some(options) }),
        )
        .await
    }

    /// Sends a file, inline or by its URL. A file too large to go inline must be uploaded to the `fileUploadUrl` of the
    /// start endpoint's answer first.
    ///
    /// # Errors
    /// As all messages, and [`UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) for bots before RTVI 2.2.0.
    pub async fn send_file(&self, file: SendFileData) -> Result<(), Error> {
        self.send("send_file", ClientMessage::SendFile(file)).await
    }

    /// Presses the keys of a telephone: `0`–`9`, `*` and `#`, at least one.
    ///
    /// # Errors
    /// As all messages, and [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for other keys,
    /// [`UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) for bots before RTVI 2.
    pub async fn send_dtmf(&self, keys: impl Into<String>) -> Result<(), Error> {
        self.call(Command::SendDtmf(keys.into())).await.map(|_| ())
    }

    /// Reports an event of the app's user interface.
    ///
    /// # Errors
    /// As all messages.
    pub async fn send_ui_event(&self, event: impl Into<String>, payload: Option<Value>) -> Result<(), Error> {
        self.send("send_ui_event", ClientMessage::UiEvent(UiEventData { event: event.into(), payload })).await
    }

    /// Sends a snapshot of the app's user interface.
    ///
    /// # Errors
    /// As all messages.
    pub async fn send_ui_snapshot(&self, snapshot: UiSnapshotData) -> Result<(), Error> {
        self.send("send_ui_snapshot", ClientMessage::UiSnapshot(snapshot)).await
    }

    /// Asks the bot to cancel a group of jobs.
    ///
    /// # Errors
    /// As all messages.
    pub async fn cancel_ui_job_group(
        &self,
        job_id: impl Into<String>,
        reason: Option<String>,
    ) -> Result<(), Error> {
        self.send(
            "cancel_ui_job_group",
            ClientMessage::UiCancelJobGroup(UiCancelJobGroupData { job_id: job_id.into(), reason }),
        )
        .await
    }

    /// Asks the bot to leave. The session ends when it has left.
    ///
    /// # Errors
    /// As all messages.
    pub async fn disconnect_bot(&self) -> Result<(), Error> {
        self.send("disconnect_bot", ClientMessage::DisconnectBot).await
    }

    /// Adds a message to the bot's context.
    ///
    /// Current servers have removed it; waits a second for their objection and explains it.
    ///
    /// # Errors
    /// As all messages, and [`UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) with the server's own text.
    #[deprecated(
        note = "Pipecat servers since RTVI 1 reject it; use `send_text` with `run_immediately: Some(false)`"
    )]
    pub async fn append_to_context(&self, data: AppendToContextData) -> Result<(), Error> {
        self.call(Command::AppendToContext(ClientMessage::AppendToContext(data))).await.map(|_| ())
    }

    async fn send(&self, method: &'static str, message: ClientMessage) -> Result<(), Error> {
        self.call(Command::Send { method, message }).await.map(|_| ())
    }
}
