//! Everything an app chooses when it makes a client.
//!
//! [`ClientOptions`] and what is no plain data. Values only.

use std::{fmt, sync::Arc};

use tokio::runtime::Handle;

use crate::{
    media::{AudioSink, AudioSource},
    transport::Transport,
};

use super::ClientOptions;

/// Everything an app chooses when it makes a client. Start from [`PipecatClientOptions::new`] and set what differs.
#[non_exhaustive]
pub struct PipecatClientOptions {
    /// How to reach bots.
    pub transport: Arc<dyn Transport>,
    /// Where the user's audio comes from; none by default, and then silence is never sent either.
    pub microphone: Option<Box<dyn AudioSource>>,
    /// Where the bot's audio goes; none by default, and then it is played into nothing in real time.
    pub speaker: Option<Box<dyn AudioSink>>,
    /// The options that are plain data. In JSON this is an object with names in camelCase. Times are whole milliseconds, and their
    /// names end in `Ms`. A missing option has its default; an unknown name is an error:
    ///
    /// ```
    /// use rtvi_core::client::ClientOptions;
    ///
    /// let options: ClientOptions = serde_json::from_str(r#"{
    ///     "enableMic": false,
    ///     "timeouts": {"openMs": 60000},
    ///     "reconnect": {"maxAttempts": 5, "firstDelayMs": 250, "maxDelayMs": 5000},
    ///     "tls": {"allowPlaintext": true},
    ///     "about": {"library": "my-app", "platformDetails": {"model": "X"}},
    ///     "voice": {"pushToTalk": {"preRollMs": 300}, "micReleaseAfterMs": null}
    /// }"#)?;
    /// assert_eq!(options.reconnect.max_attempts, 5);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub client: ClientOptions,
    /// The most that this process's clients log, through `tracing`; `None` (the default) leaves it as it is.
    pub log_level: Option<crate::LogLevel>,
    /// The tokio runtime to run on; default the one that [`PipecatClient::new`](super::PipecatClient::new) is called in.
    pub runtime: Option<Handle>,
}

impl PipecatClientOptions {
    /// Defaults with the given transport, without microphone and speaker.
    pub fn new(transport: impl Transport) -> Self {
        Self::over(Arc::new(transport))
    }

    /// The same with a transport that may be one of several, such as [`transport::named`](crate::transport::named) makes them.
    pub fn over(transport: Arc<dyn Transport>) -> Self {
        Self {
            transport,
            microphone: None,
            speaker: None,
            client: ClientOptions::default(),
            log_level: None,
            runtime: None,
        }
    }
}

impl fmt::Debug for PipecatClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PipecatClientOptions")
            .field("transport", &self.transport.name())
            .field("client", &self.client)
            .finish_non_exhaustive()
    }
}
