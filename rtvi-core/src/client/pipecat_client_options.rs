//! All options of a new client.
//!
//! [`ClientOptions`], plus the parts that are not plain data. Values only.

use std::{fmt, sync::Arc};

use tokio::runtime::Handle;

#[cfg(feature = "video")]
use crate::media::video::{VideoCodecs, VideoSink, VideoSource};
use crate::{
    media::{AudioSink, AudioSource},
    transport::Transport,
};

use super::ClientOptions;

/// All options of a new client. Start with [`PipecatClientOptions::new`] and change what differs.
#[non_exhaustive]
pub struct PipecatClientOptions {
    /// The transport that connects to bots.
    pub transport: Arc<dyn Transport>,
    /// The source of the user's audio. By default there is none, and the client sends no audio at
    /// all, not even silence.
    pub microphone: Option<Box<dyn AudioSource>>,
    /// The sink for the bot's audio. By default there is none, and the audio is discarded in real
    /// time.
    pub speaker: Option<Box<dyn AudioSink>>,
    /// The camera. By default there is none.
    #[cfg(feature = "video")]
    pub camera: Option<Box<dyn VideoSource>>,
    /// The screen to share. By default there is none.
    #[cfg(feature = "video")]
    pub screen: Option<Box<dyn VideoSource>>,
    /// The sink for the bot's video. By default there is none, and the client asks the bot for no
    /// video.
    #[cfg(feature = "video")]
    pub video: Option<Box<dyn VideoSink>>,
    /// The codecs for sources and sinks of pictures. Sources and sinks of encoded frames need none.
    #[cfg(feature = "video")]
    pub video_codecs: Option<Arc<dyn VideoCodecs>>,
    /// The plain-data options. In JSON they are an object with names in camelCase. Times are whole
    /// milliseconds, and their names end in `Ms`. A missing option has its default; an unknown name
    /// is an error:
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
    /// The tokio runtime to run on. By default, the one that calls
    /// [`PipecatClient::new`](super::PipecatClient::new).
    pub runtime: Option<Handle>,
}

impl PipecatClientOptions {
    /// Creates the default options with the given transport, without a microphone or speaker.
    pub fn new(transport: impl Transport) -> Self {
        Self::over(Arc::new(transport))
    }

    /// Creates the same options with a shared transport, such as
    /// [`transport::named`](crate::transport::named) returns.
    pub fn over(transport: Arc<dyn Transport>) -> Self {
        Self {
            transport,
            microphone: None,
            speaker: None,
            #[cfg(feature = "video")]
            camera: None,
            #[cfg(feature = "video")]
            screen: None,
            #[cfg(feature = "video")]
            video: None,
            #[cfg(feature = "video")]
            video_codecs: None,
            client: ClientOptions::default(),
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
