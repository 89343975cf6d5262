//! One open WebSocket with all that waits on either side of it.
//!
//! Does the reading and writing in one `poll`, so that neither waits for the other; decides nothing about the client's
//! channels (the connection actor does).

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{FutureExt, Sink, SinkExt, StreamExt};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::Instant,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        Error as SocketError, Message,
        protocol::{CloseFrame, frame::coding::CloseCode},
    },
};

use crate::{
    log,
    media::{AudioFrame, Playout},
    transport::{CloseReason, TransportEvent, backlog::Backlog},
};

use super::{
    MAX_OUTGOING, close,
    codec::{self, Encoder, Incoming},
    dial::Socket,
    liveness::{Liveness, LivenessInputs, Verdict},
    metered::Meter,
    outbox::Outbox,
};

/// How many incoming messages are handled before the other work gets its turn.
const READ_BATCH: usize = 64;
/// How long a full playout of which nothing is played may hold back the server; then it is read on, and audio is dropped: a speaker that
/// has failed must not cost messages.
const STUCK: Duration = Duration::from_secs(10);
/// How long the server may take to answer our goodbye.
const CLOSE_WAIT: Duration = Duration::from_secs(1);

/// How far our own goodbye has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Goodbye {
    /// To be sent behind the messages that wait.
    Due,
    /// Sent; the server's answer is awaited.
    Sent,
}

/// An open WebSocket, what waits to be sent, and what waits for the client.
#[derive(Debug)]
pub(super) struct Link<S> {
    socket: WebSocketStream<S>,
    meter: Meter,
    encoder: Encoder,
    outbox: Outbox,
    backlog: Backlog,
    speaker: Arc<Playout>,
    liveness: Liveness,
    heard_audio: bool,
    /// How much was played when it was looked at last, and when that was more than before, or the playout was not full.
    played: (Duration, Instant),
    is_stuck: bool,
    ping_due: bool,
    goodbye: Option<Goodbye>,
    close_by: Option<Instant>,
    unflushed: bool,
    blocked_since: Option<Instant>,
    write_failure: Option<SocketError>,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Link<S> {
    pub(super) fn new(
        socket: Socket<S>,
        backlog: Backlog,
        speaker: Arc<Playout>,
        stall_timeout: Duration,
    ) -> Self {
        Self {
            socket: socket.stream,
            meter: socket.meter,
            encoder: Encoder::default(),
            outbox: Outbox::default(),
            backlog,
            speaker,
            liveness: Liveness::new(stall_timeout, Instant::now()),
            heard_audio: false,
            played: (Duration::ZERO, Instant::now()),
            is_stuck: false,
            // Before `client-ready`, so that its answer comes before the bot is ready.
            ping_due: true,
            goodbye: None,
            close_by: None,
            unflushed: false,
            blocked_since: None,
            write_failure: None,
        }
    }

    /// Queues an RTVI message. One over the limit is dropped; the client does not let it come so far.
    pub(super) fn send_message(&mut self, json: String) {
        if json.len() > MAX_OUTGOING {
            log::error!(
                bytes = json.len(),
                limit = MAX_OUTGOING,
                "message too large for a WebSocket, dropped"
            );
            return;
        }
        let payload = self.encoder.message(json);
        self.outbox.push_message(payload);
    }

    /// Queues microphone audio.
    pub(super) fn send_audio(&mut self, frame: &AudioFrame) {
        if self.goodbye.is_none() {
            let payload = self.encoder.audio(frame);
            self.outbox.push_audio(payload, frame.duration());
        }
    }

    /// Begins to close: what waits is sent except audio, then our goodbye, then the server's is awaited.
    pub(super) fn close(&mut self) {
        self.outbox.drop_audio();
        self.goodbye = Some(Goodbye::Due);
        self.close_by = Some(Instant::now() + CLOSE_WAIT);
    }

    /// The network changed: the server is asked for a sign of life, and given up soon when there is none.
    pub(super) fn probe(&mut self) {
        self.liveness.probe(Instant::now());
        self.ping_due = true;
    }

    /// Whether a command from the client can be handled now.
    pub(super) const fn takes_commands(&self) -> bool {
        self.goodbye.is_none() && self.outbox.takes_messages()
    }

    /// What waits for the client.
    pub(super) const fn backlog(&mut self) -> &mut Backlog {
        &mut self.backlog
    }

    /// Drops the socket and keeps what waits for the client.
    pub(super) fn into_backlog(mut self) -> Backlog {
        self.report_dropped();
        self.backlog
    }

    /// Reads and writes as far as possible. Ready when messages were handled, with the reason when the connection ended.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Option<CloseReason>> {
        self.poll_write(cx);
        for handled in 0..READ_BATCH {
            let next = if self.is_reading() { self.socket.poll_next_unpin(cx) } else { Poll::Pending };
            match next {
                Poll::Ready(item) => {
                    if let Some(end) = self.on_item(item) {
                        return Poll::Ready(Some(self.ended(end)));
                    }
                }
                Poll::Pending if handled > 0 => return Poll::Ready(None),
                Poll::Pending if self.is_reading() => return self.write_failed(),
                Poll::Pending => return Poll::Pending,
            }
        }
        Poll::Ready(None)
    }

    /// What a failed write means, once nothing is left to read: the server's own reason to close may still be there.
    fn write_failed(&mut self) -> Poll<Option<CloseReason>> {
        match self.write_failure.take() {
            Some(cause) => Poll::Ready(Some(self.ended(close::by_failure(&cause).0))),
            None => Poll::Pending,
        }
    }

    fn ended(&self, reason: CloseReason) -> CloseReason {
        if self.goodbye.is_some() { CloseReason::Requested } else { reason }
    }

    /// While the app is slow, or more of the bot's audio waits than there is room for, the socket is left alone, except to close. It is
    /// looked at again with every tick: nothing wakes it when audio has been played.
    fn is_reading(&self) -> bool {
        self.goodbye.is_some() || !(self.backlog.is_full() || self.speaker.is_full() && !self.is_stuck)
    }

    fn on_item(&mut self, item: Option<Result<Message, SocketError>>) -> Option<CloseReason> {
        match item {
            Some(Ok(Message::Binary(payload))) => self.on_payload(codec::decode(payload)),
            Some(Ok(Message::Text(text))) => self.on_payload(Ok(Incoming::Message(Bytes::from(text)))),
            Some(Ok(Message::Close(frame))) => return Some(self.on_close(frame)),
            Some(Ok(Message::Pong(_))) => self.liveness.heard_pong(),
            Some(Ok(Message::Ping(_) | Message::Frame(_))) => {}
            Some(Err(cause)) => return Some(self.on_failure(&cause)),
            None => return Some(close::lost("the connection has ended".to_owned())),
        }
        None
    }

    fn on_payload(&mut self, payload: Result<Incoming, String>) {
        match payload {
            Ok(Incoming::Message(text)) => self.report(TransportEvent::Message(text)),
            Ok(Incoming::Audio(frame)) => self.on_audio(frame),
            Ok(Incoming::Interruption) => self.on_interruption(),
            Ok(Incoming::Ignored) => {}
            Err(what) => return self.report(TransportEvent::Unreadable(what)),
        }
        self.liveness.heard_data();
    }

    /// Audio that comes after our own goodbye is for nobody.
    fn on_audio(&mut self, frame: AudioFrame) {
        if self.goodbye.is_some() {
            return;
        }
        if !self.heard_audio {
            self.heard_audio = true;
            self.report(TransportEvent::BotAudioStarted);
        }
        self.speaker.push(frame);
    }

    fn on_interruption(&mut self) {
        self.speaker.flush();
        self.report(TransportEvent::Interrupted);
    }

    /// Reports an event to the client, in order. When a closing client takes no more, it is dropped.
    pub(super) fn report(&mut self, event: TransportEvent) {
        if !self.backlog.is_full() {
            self.backlog.push(event);
        }
    }

    fn on_close(&mut self, frame: Option<CloseFrame>) -> CloseReason {
        self.flush_once();
        close::by_server(frame)
    }

    fn on_failure(&mut self, cause: &SocketError) -> CloseReason {
        let (reason, code) = close::by_failure(cause);
        if let Some(code) = code {
            let frame = CloseFrame { code: code.into(), reason: "".into() };
            // The connection is lost anyway: the server is told if the socket takes it at once.
            let _ = self.socket.start_send_unpin(Message::Close(Some(frame)));
            self.flush_once();
        }
        reason
    }

    fn flush_once(&mut self) {
        let _ = self.socket.flush().now_or_never();
    }

    fn poll_write(&mut self, cx: &mut Context<'_>) {
        if self.write_failure.is_some() {
            return;
        }
        match self.try_write(cx) {
            Poll::Ready(Ok(())) => self.blocked_since = None,
            Poll::Ready(Err(cause)) => self.write_failure = Some(cause),
            Poll::Pending => {
                self.blocked_since.get_or_insert_with(Instant::now);
            }
        }
    }

    /// Hands payloads to the socket while it takes them. A blocked socket holds at most one beyond its buffer: the rest
    /// stays in the outbox, where audio can be dropped.
    fn try_write(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), SocketError>> {
        while self.has_output() {
            ready!(Pin::new(&mut self.socket).poll_ready(cx))?;
            let Some(message) = self.next_output() else { break };
            self.socket.start_send_unpin(message)?;
            self.unflushed = true;
        }
        if self.unflushed {
            ready!(Pin::new(&mut self.socket).poll_flush(cx))?;
            self.unflushed = false;
        }
        Poll::Ready(Ok(()))
    }

    fn has_output(&self) -> bool {
        self.ping_due || !self.outbox.is_empty() || self.goodbye == Some(Goodbye::Due)
    }

    fn next_output(&mut self) -> Option<Message> {
        if std::mem::take(&mut self.ping_due) {
            return Some(Message::Ping(Bytes::new()));
        }
        if let Some(payload) = self.outbox.pop() {
            return Some(Message::Binary(payload));
        }
        if self.goodbye == Some(Goodbye::Due) {
            self.goodbye = Some(Goodbye::Sent);
            return Some(Message::Close(Some(CloseFrame { code: CloseCode::Normal, reason: "".into() })));
        }
        None
    }

    /// Reports the microphone's audio that was dropped, as soon as there is room for it.
    fn report_dropped(&mut self) {
        if !self.backlog.is_full()
            && let Some(dropped) = self.outbox.take_dropped()
        {
            self.report(TransportEvent::AudioDropped(dropped));
        }
    }

    fn look_at_playout(&mut self, now: Instant) {
        let played = self.speaker.stats().played;
        if played != self.played.0 || !self.speaker.is_full() {
            self.played = (played, now);
        }
        self.is_stuck = now.saturating_duration_since(self.played.1) >= STUCK;
    }

    /// Looks after the time; the reason when the connection has to be given up.
    pub(super) fn tick(&mut self, now: Instant) -> Option<CloseReason> {
        self.report_dropped();
        self.look_at_playout(now);
        if let Some(close_by) = self.close_by {
            return (now >= close_by).then_some(CloseReason::Requested);
        }
        let inputs = LivenessInputs {
            read_at: self.meter.read_at(),
            written_at: self.meter.written_at(),
            blocked_since: self.blocked_since,
            reading: self.is_reading(),
        };
        match self.liveness.tick(now, inputs) {
            Verdict::Fine => None,
            Verdict::Ping => {
                self.ping_due = true;
                None
            }
            Verdict::ReadTimeout(time) => {
                Some(close::lost(format!("the server has not answered for {:.1} s", time.as_secs_f64())))
            }
            Verdict::WriteTimeout(time) => Some(close::lost(format!(
                "the server has not taken any data for {:.1} s",
                time.as_secs_f64()
            ))),
        }
    }
}
