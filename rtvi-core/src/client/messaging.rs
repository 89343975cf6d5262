//! The messages that an app can send to the bot.

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

/// Messages to the bot. All except [`session_request`](PipecatClient::session_request) need a bot
/// that is ready.
///
/// # Errors
/// Every method that needs a ready bot: [`NotReady`](crate::ErrorKind::NotReady),
/// [`MessageTooLarge`](crate::ErrorKind::MessageTooLarge), [`Busy`](crate::ErrorKind::Busy),
/// [`Cancelled`](crate::ErrorKind::Cancelled), and the errors that the method lists. Success means
/// that the transport has accepted the message. If the server refuses it,
/// [`Event::MessageError`](super::Event::MessageError) follows.
impl PipecatClient {
    /// Sends a message that the app defines. The bot need not answer.
    ///
    /// # Errors
    /// As for all messages.
    pub async fn send_client_message(&self, t: impl Into<String>, d: Option<Value>) -> Result<(), Error> {
        self.send("send_client_message", ClientMessage::ClientMessage { t: t.into(), d }).await
    }

    /// Sends a request that the app defines and returns the data of the bot's answer; `None` if it
    /// has none.
    ///
    /// Waits exactly `timeout`, or [`REQUEST_TIMEOUT`] (10 s) if there is none.
    ///
    /// # Errors
    /// As for all messages, and [`RequestFailed`](crate::ErrorKind::RequestFailed) with the bot's
    /// own text, [`Timeout`](crate::ErrorKind::Timeout),
    /// [`ConnectionLost`](crate::ErrorKind::ConnectionLost) if the connection breaks before the
    /// answer arrives.
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

    /// Sends an HTTP request to an endpoint of the bot itself, within the session, and returns the
    /// JSON of the answer.
    ///
    /// The request goes to `path` below the session's own URL: the start URL with
    /// `/sessions/{sessionId}` instead of its last part `/start`. It carries the headers of the
    /// start request. Pipecat Cloud forwards it to the bot (its "session API") without the headers
    /// `authorization`, `host` and `content-length`. Pipecat's development runner uses the same
    /// URLs.
    ///
    /// `method` is one of GET, POST, PUT, PATCH, DELETE, OPTIONS and HEAD; `path` may have a query.
    /// The call waits `timeout`, or [`REQUEST_TIMEOUT`] (10 s) if there is none, even for a bot
    /// that is still starting. It is possible from the start endpoint's answer to the end of the
    /// session, also while the connection is being restored, for up to 64 requests at once.
    /// Redirects are not followed, and the answer may have up to 1 MiB.
    ///
    /// # Errors
    /// All in [`Phase::Request`](crate::Phase::Request):
    /// [`InvalidState`](crate::ErrorKind::InvalidState) without a session that a start request
    /// began; [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for another method, and for a
    /// path that could lead out of the session (`..`, `//`, another URL, also encoded) or is
    /// reserved for the server (`bot`, `ws`, `api/offer`, `whatsapp`, `readyz`, `livez`);
    /// [`UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) if the start endpoint's answer
    /// has no `sessionId`; [`RequestFailed`](crate::ErrorKind::RequestFailed) with status, code and
    /// the server's own text if the server refuses the request or the answer is not JSON;
    /// [`ConnectionFailed`](crate::ErrorKind::ConnectionFailed), [`Tls`](crate::ErrorKind::Tls),
    /// [`Timeout`](crate::ErrorKind::Timeout), [`Busy`](crate::ErrorKind::Busy),
    /// [`Cancelled`](crate::ErrorKind::Cancelled).
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

    /// Sends text from the user as if the user had spoken it.
    ///
    /// # Errors
    /// As for all messages.
    pub async fn send_text(&self, content: impl Into<String>, options: SendTextOptions) -> Result<(), Error> {
        self.send(
            "send_text",
            ClientMessage::SendText(SendTextData { content: content.into(), options: Some(options) }),
        )
        .await
    }

    /// Sends a file, inline or by its URL. If a file is too large to send inline, first upload it
    /// to the `fileUploadUrl` of the start endpoint's answer.
    ///
    /// # Errors
    /// As for all messages, and [`UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) for
    /// bots before RTVI 2.2.0.
    pub async fn send_file(&self, file: SendFileData) -> Result<(), Error> {
        self.send("send_file", ClientMessage::SendFile(file)).await
    }

    /// Presses telephone keys: `0`–`9`, `*` and `#`, at least one.
    ///
    /// # Errors
    /// As for all messages, and [`InvalidArgument`](crate::ErrorKind::InvalidArgument) for other
    /// keys, [`UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) for bots before RTVI 2.
    pub async fn send_dtmf(&self, keys: impl Into<String>) -> Result<(), Error> {
        self.call(Command::SendDtmf(keys.into())).await.map(|_| ())
    }

    /// Reports an event of the app's user interface.
    ///
    /// # Errors
    /// As for all messages.
    pub async fn send_ui_event(&self, event: impl Into<String>, payload: Option<Value>) -> Result<(), Error> {
        self.send("send_ui_event", ClientMessage::UiEvent(UiEventData { event: event.into(), payload })).await
    }

    /// Sends a snapshot of the app's user interface.
    ///
    /// # Errors
    /// As for all messages.
    pub async fn send_ui_snapshot(&self, snapshot: UiSnapshotData) -> Result<(), Error> {
        self.send("send_ui_snapshot", ClientMessage::UiSnapshot(snapshot)).await
    }

    /// Asks the bot to cancel a group of jobs.
    ///
    /// # Errors
    /// As for all messages.
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
    /// As for all messages.
    pub async fn disconnect_bot(&self) -> Result<(), Error> {
        self.send("disconnect_bot", ClientMessage::DisconnectBot).await
    }

    /// Adds a message to the bot's context.
    ///
    /// Current servers no longer support this. The call waits a second for their refusal and
    /// explains it.
    ///
    /// # Errors
    /// As for all messages, and [`UnsupportedFeature`](crate::ErrorKind::UnsupportedFeature) with
    /// the server's own text.
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
