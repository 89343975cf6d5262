//! One connection of an app's transport: the client's commands, and the events that the connection
//! reports.
//!
//! Events, never states. Depends on the core's transport traits.

use std::{
    panic::AssertUnwindSafe,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

use bytes::Bytes;
use futures_util::FutureExt;
use rtvi_core::{
    Error, ErrorKind,
    media::{AudioDropped, AudioFormat, AudioFrame, Playout},
    transport::{
        CloseReason, Closed, OpenRequest, Participant, TransportCommand, TransportEvent, TransportPort,
    },
};
use serde_json::Value;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{
    FfiTransport,
    cancellation::{self, FfiCancellation},
    error::{FfiError, guard, panicked},
    pcm,
    session::FfiStartRequest,
};

/// How a connection ended if it did not fail.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum FfiConnectionEnd {
    /// The client requested it.
    Requested,
    /// The bot ended it.
    BotLeft {
        /// The close code, if there is one.
        code: Option<u16>,
        /// Any further information; may be empty.
        reason: String,
    },
}

/// The values that are known before a connection opens.
pub(crate) struct Opening {
    params: Value,
    start: Option<FfiStartRequest>,
    attempt: u32,
    mic_enabled: bool,
}

impl Opening {
    pub(crate) fn new(request: OpenRequest<'_>) -> Self {
        Self {
            params: Value::Object(request.params.as_object().clone()),
            start: request.start.map(FfiStartRequest::from),
            attempt: request.attempt,
            mic_enabled: request.mic_enabled,
        }
    }
}

/// One connection, as the app's transport sees it.
///
/// The transport opens it, reports [`opened`](Self::opened) once, and then carries messages and
/// audio both ways until the client closes it or it ends. Two tasks of the transport may await
/// [`next_command`](Self::next_command) and [`next_audio`](Self::next_audio), one each. Once the
/// connection is over, both return nothing, and reports fail as `connectionLost`.
#[derive(uniffi::Object)]
pub struct FfiConnection {
    opening: Opening,
    commands: Mutex<mpsc::Receiver<TransportCommand>>,
    mic: Mutex<mpsc::Receiver<AudioFrame>>,
    /// Absent once the connection is over, even if the app keeps this object: the client learns of
    /// the end after the last event.
    events: Mutex<Option<mpsc::Sender<TransportEvent>>>,
    speaker: Arc<Playout>,
    is_open: AtomicBool,
    heard_bot: AtomicBool,
    over: CancellationToken,
}

#[uniffi::export]
impl FfiConnection {
    /// The connect parameters, a JSON object.
    pub fn params(&self) -> Value {
        self.opening.params.clone()
    }

    /// The start request that the parameters answer, if there was one.
    pub fn start_request(&self) -> Option<FfiStartRequest> {
        self.opening.start.clone()
    }

    /// 0 for the first connection, then the number of the reconnect attempt.
    pub fn attempt(&self) -> u32 {
        self.opening.attempt
    }

    /// Whether the microphone is on as the connection opens.
    pub fn is_mic_enabled(&self) -> bool {
        self.opening.mic_enabled
    }

    /// Waits for the client's next command. Returns nothing when the connection is over.
    #[uniffi::method(default(cancellation = None))]
    pub async fn next_command(
        &self,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<Option<TransportCommand>, FfiError> {
        let next = self.until_over(|context| lock(&self.commands).poll_recv(context));
        cancellation::run(cancellation, async { Ok(next.await) }).await
    }

    /// Waits for the next piece of the microphone's audio: 16-bit little-endian PCM in the format
    /// that the transport requested. Returns nothing when the connection is over. The queue holds
    /// half a second. Audio that is not taken in time is dropped and counted.
    #[uniffi::method(default(cancellation = None))]
    pub async fn next_audio(
        &self,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<Option<Vec<u8>>, FfiError> {
        let next = self.until_over(|context| lock(&self.mic).poll_recv(context));
        let frame = cancellation::run(cancellation, async { Ok(next.await) }).await?;
        Ok(frame.map(|frame| pcm::bytes(&frame.samples)))
    }

    /// Reports that the connection is open for messages and audio. Call it once.
    #[uniffi::method(default(cancellation = None))]
    pub async fn opened(
        &self,
        bot: Participant,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.is_open.store(true, Ordering::Relaxed);
        let bot = Participant { local: false, ..bot };
        self.report(TransportEvent::Opened { bot }, cancellation).await
    }

    /// Reports a message of the server: JSON text, unchanged. Waits while the app does not take its
    /// events, so await it before you read the next message.
    #[uniffi::method(default(cancellation = None))]
    pub async fn message(
        &self,
        message: String,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.report(TransportEvent::Message(Bytes::from(message)), cancellation).await
    }

    /// Reports audio of the bot: 16-bit little-endian PCM, channels interleaved. Never waits.
    pub fn audio(&self, sample_rate: u32, channels: u16, pcm: &[u8]) -> Result<(), FfiError> {
        guard(|| {
            let events = self.events()?;
            self.speaker.push_le_bytes(AudioFormat { sample_rate, channels }, pcm);
            if !self.heard_bot.load(Ordering::Relaxed) {
                // If there is no room, a later piece of audio reports it.
                let reported = events.try_send(TransportEvent::BotAudioStarted).is_ok();
                self.heard_bot.store(reported, Ordering::Relaxed);
            }
            Ok(())
        })
    }

    /// Reports that the server interrupted the bot. The client drops the bot's audio that it has
    /// not played yet.
    #[uniffi::method(default(cancellation = None))]
    pub async fn interrupted(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.speaker.flush();
        self.report(TransportEvent::Interrupted, cancellation).await
    }

    /// Reports that the bot left a room that stays open.
    #[uniffi::method(default(cancellation = None))]
    pub async fn bot_left(&self, cancellation: Option<Arc<FfiCancellation>>) -> Result<(), FfiError> {
        self.report(TransportEvent::BotLeft, cancellation).await
    }

    /// Reports that a bot joined a room that the bot had left. The client stays ready; the bot is
    /// greeted and reports that it is ready.
    #[uniffi::method(default(cancellation = None))]
    pub async fn bot_joined(
        &self,
        bot: Participant,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        let bot = Participant { local: false, ..bot };
        self.report(TransportEvent::BotJoined { bot }, cancellation).await
    }

    /// Reports that somebody other than the client and the bot is in the room. The client remembers
    /// 256 participants and ignores any others.
    #[uniffi::method(default(cancellation = None))]
    pub async fn participant_connected(
        &self,
        participant: Participant,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        let participant = Participant { local: false, ..participant };
        self.report(TransportEvent::ParticipantConnected(participant), cancellation).await
    }

    /// Reports that somebody other than the client and the bot left the room. Those who are there
    /// when the connection ends need no report.
    #[uniffi::method(default(cancellation = None))]
    pub async fn participant_left(
        &self,
        participant: Participant,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.report(TransportEvent::ParticipantLeft(participant), cancellation).await
    }

    /// Reports that the server muted the user's audio, or ended that. While it is muted, send none.
    /// It also ends with the command that the microphone is on, or with the connection.
    #[uniffi::method(default(cancellation = None))]
    pub async fn mic_muted(
        &self,
        muted: bool,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.report(TransportEvent::MicMuted(muted), cancellation).await
    }

    /// Reports that something arrived that can't be read and was dropped. `what` names the item and
    /// the reason.
    #[uniffi::method(default(cancellation = None))]
    pub async fn unreadable(
        &self,
        what: String,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.report(TransportEvent::Unreadable(what), cancellation).await
    }

    /// Reports dropped audio that somebody would have heard. The app receives an `audioDropped` at
    /// most once a second for each reason. May be called for each packet; ten times a second is
    /// enough.
    #[uniffi::method(default(cancellation = None))]
    pub async fn audio_dropped(
        &self,
        dropped: AudioDropped,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        self.report(TransportEvent::AudioDropped(dropped), cancellation).await
    }
}

impl FfiConnection {
    fn new(opening: Opening, port: TransportPort) -> Self {
        Self {
            opening,
            commands: Mutex::new(port.commands),
            mic: Mutex::new(port.mic),
            events: Mutex::new(Some(port.events)),
            speaker: port.speaker,
            is_open: AtomicBool::new(false),
            heard_bot: AtomicBool::new(false),
            over: CancellationToken::new(),
        }
    }

    async fn until_over<T>(&self, mut poll: impl FnMut(&mut Context<'_>) -> Poll<Option<T>>) -> Option<T> {
        tokio::select! {
            biased;
            () = self.over.cancelled() => None,
            item = std::future::poll_fn(|context| poll(context)) => item,
        }
    }

    /// Reports an event as soon as there is room for it. A cancelled report is not delivered.
    async fn report(
        &self,
        event: TransportEvent,
        cancellation: Option<Arc<FfiCancellation>>,
    ) -> Result<(), FfiError> {
        cancellation::run(cancellation, async {
            let events = self.events()?;
            tokio::select! {
                biased;
                () = self.over.cancelled() => Err(over()),
                sent = events.send(event) => sent.map_err(|_| over()),
            }
        })
        .await
    }

    fn events(&self) -> Result<mpsc::Sender<TransportEvent>, Error> {
        lock(&self.events).clone().ok_or_else(over)
    }

    /// Why the connection ended, derived from what the app's transport returned or threw.
    fn reason(&self, end: Result<FfiConnectionEnd, FfiError>) -> CloseReason {
        let is_open = self.is_open.load(Ordering::Relaxed);
        match end {
            Ok(FfiConnectionEnd::Requested) => CloseReason::Requested,
            Ok(FfiConnectionEnd::BotLeft { code, reason }) => CloseReason::BotLeft { code, reason },
            Err(error) if is_open => CloseReason::Lost(error.into_core(ErrorKind::ConnectionLost)),
            Err(error) => CloseReason::OpenFailed(error.into_core(ErrorKind::ConnectionFailed)),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn over() -> Error {
    Error::new(ErrorKind::ConnectionLost, "the connection is over")
}

/// Ends its connection when it is dropped.
struct Running(Arc<FfiConnection>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.over.cancel();
        lock(&self.0.events).take();
    }
}

/// Runs one connection to its end. Dropping the future ends it abruptly.
pub(crate) async fn run(transport: Arc<dyn FfiTransport>, opening: Opening, port: TransportPort) -> Closed {
    let cancel = port.cancel.clone();
    let connection = Arc::new(FfiConnection::new(opening, port));
    let _running = Running(Arc::clone(&connection));
    let run = AssertUnwindSafe(transport.run(Arc::clone(&connection))).catch_unwind();
    let end = tokio::select! {
        biased;
        () = cancel.cancelled() => Ok(FfiConnectionEnd::Requested),
        end = run => end.unwrap_or_else(|payload| Err(panicked(&*payload).into())),
    };
    Closed { reason: connection.reason(end) }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use rtvi_core::media::AudioDropReason;

    use super::*;

    /// The parts of a connection, and the events that it reports. There is room for one event.
    fn made_of() -> (Opening, TransportPort, mpsc::Receiver<TransportEvent>) {
        let (events, reported) = mpsc::channel(1);
        let ((_, commands), (_, mic)) = (mpsc::channel(1), mpsc::channel(1));
        let (speaker, cancel) = (Arc::default(), CancellationToken::new());
        let opening = Opening { params: Value::Null, start: None, attempt: 0, mic_enabled: false };
        (opening, TransportPort { commands, events, mic, speaker, cancel }, reported)
    }

    #[tokio::test]
    async fn a_report_that_waits_for_room_is_given_up() {
        let (opening, port, mut reported) = made_of();
        let connection = FfiConnection::new(opening, port);
        connection.message("first".to_owned(), None).await.unwrap();
        let cancellation = FfiCancellation::new();
        let given_up = |result: Result<(), FfiError>| {
            let FfiError::Failed { error } = result.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Cancelled);
        };
        let waits = connection.message("second".to_owned(), Some(Arc::clone(&cancellation)));
        let (result, ()) = tokio::join!(waits, async { cancellation.cancel() });
        given_up(result);
        let bot = Participant { id: "b".to_owned(), name: "Bot".to_owned(), local: false };
        given_up(connection.opened(bot, Some(Arc::clone(&cancellation))).await);
        given_up(connection.interrupted(Some(Arc::clone(&cancellation))).await);
        given_up(connection.bot_left(Some(Arc::clone(&cancellation))).await);
        given_up(connection.unreadable("x".to_owned(), Some(Arc::clone(&cancellation))).await);
        let dropped = AudioDropped::new(AudioDropReason::Unreadable, Duration::ZERO, 1);
        given_up(connection.audio_dropped(dropped.clone(), Some(cancellation)).await);
        assert_eq!(reported.recv().await, Some(TransportEvent::Message(Bytes::from("first"))));
        assert!(reported.try_recv().is_err());
        connection.audio_dropped(dropped.clone(), None).await.unwrap();
        assert_eq!(reported.recv().await, Some(TransportEvent::AudioDropped(dropped)));
    }

    /// Keeps its connection, like an app that sends from elsewhere.
    #[derive(Default)]
    struct Keeps {
        connection: Mutex<Option<Arc<FfiConnection>>>,
    }

    #[async_trait::async_trait]
    impl FfiTransport for Keeps {
        async fn run(&self, connection: Arc<FfiConnection>) -> Result<FfiConnectionEnd, FfiError> {
            *lock(&self.connection) = Some(connection);
            Ok(FfiConnectionEnd::Requested)
        }
    }

    #[tokio::test]
    async fn a_connection_that_is_kept_is_over_all_the_same() {
        let (opening, port, mut reported) = made_of();
        let keeps = Arc::new(Keeps::default());
        let closed = run(Arc::clone(&keeps) as Arc<dyn FfiTransport>, opening, port).await;
        assert_eq!(closed.reason, CloseReason::Requested);
        // The client learns of the end when no more reports are possible.
        assert_eq!(reported.recv().await, None);
        let kept = lock(&keeps.connection).take().unwrap();
        let FfiError::Failed { error } = kept.bot_left(None).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionLost);
        assert!(kept.audio(8_000, 1, &[0, 0]).is_err());
    }
}
