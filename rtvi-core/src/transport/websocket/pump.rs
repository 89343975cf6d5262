//! One open WebSocket, with everything that waits on either side of it.
//!
//! Reads and writes in one `poll`, so that neither waits for the other. Decides nothing about the
//! client's channels; the connection actor does.

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
    media::{AudioFrame, Playout},
    transport::{CloseReason, TransportEvent, backlog::Backlog},
};

use super::{
    close,
    dial::Socket,
    framing::{Act, Framing},
    liveness::{Liveness, LivenessInputs, Verdict},
    metered::Meter,
    outbox::Outbox,
};

/// The number of incoming messages that are handled before other work gets its turn.
const READ_BATCH: usize = 64;
/// How long a full playout without playback may hold back the server. After that, reading continues
/// and audio is dropped: a failed speaker must not cost messages.
const STUCK: Duration = Duration::from_secs(10);
/// How long to wait for the server's close frame.
const CLOSE_WAIT: Duration = Duration::from_secs(1);

/// The progress of the client's close frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Closing {
    /// The framing ends the session first.
    Begun,
    /// To be sent after the messages that wait.
    Due,
    /// Sent; waiting for the server's close frame.
    Sent,
}

/// An open WebSocket, the data to send, and the events for the client.
#[derive(Debug)]
pub(super) struct Pump<S, F> {
    socket: WebSocketStream<S>,
    meter: Meter,
    framing: F,
    /// What the framing asked for; empty between calls.
    acts: Vec<Act>,
    outbox: Outbox,
    backlog: Backlog,
    speaker: Arc<Playout>,
    liveness: Liveness,
    /// The amount played at the last check, and the last time when it had increased or the playout
    /// was not full.
    played: (Duration, Instant),
    is_stuck: bool,
    ping_due: bool,
    closing: Option<Closing>,
    /// Why the connection is being closed.
    end: Option<CloseReason>,
    close_by: Option<Instant>,
    unflushed: bool,
    blocked_since: Option<Instant>,
    write_failure: Option<SocketError>,
}

impl<S: AsyncRead + AsyncWrite + Unpin, F: Framing> Pump<S, F> {
    pub(super) fn new(
        socket: Socket<S>,
        framing: F,
        backlog: Backlog,
        speaker: Arc<Playout>,
        stall_timeout: Duration,
    ) -> Self {
        Self {
            socket: socket.stream,
            meter: socket.meter,
            framing,
            acts: Vec::new(),
            outbox: Outbox::default(),
            backlog,
            speaker,
            liveness: Liveness::new(stall_timeout, Instant::now()),
            played: (Duration::ZERO, Instant::now()),
            is_stuck: false,
            // Sent before `client-ready`, so that the answer arrives before the bot is ready.
            ping_due: true,
            closing: None,
            end: None,
            close_by: None,
            unflushed: false,
            blocked_since: None,
            write_failure: None,
        }
    }

    /// Begins the session.
    pub(super) fn open(&mut self) {
        self.framing.open(Instant::now(), &mut self.acts);
        self.carry_out();
    }

    /// Sends an RTVI message.
    pub(super) fn send_message(&mut self, json: String) {
        self.framing.message(json, &mut self.acts);
        self.carry_out();
    }

    /// Sends microphone audio.
    pub(super) fn send_audio(&mut self, frame: &AudioFrame) {
        if self.closing.is_none() {
            self.framing.audio(frame, &mut self.acts);
            self.carry_out();
        }
    }

    /// Lets the framing work.
    pub(super) fn beat(&mut self, now: Instant) {
        self.framing.beat(now, &self.speaker, &mut self.acts);
        self.carry_out();
    }

    /// Begins to close: sends the queued messages but no audio, then the close frame, and waits for
    /// the server's.
    pub(super) fn close(&mut self) {
        self.outbox.drop_audio();
        self.closing = Some(Closing::Begun);
        self.close_by = Some(Instant::now() + CLOSE_WAIT);
        self.framing.close(&mut self.acts);
        self.carry_out();
    }

    /// Does what the framing asked for. Audio after the client's close frame is discarded.
    fn carry_out(&mut self) {
        let mut acts = std::mem::take(&mut self.acts);
        for act in acts.drain(..) {
            match act {
                Act::Send(payload) => self.outbox.push_message(payload),
                Act::SendAudio(payload, time) if self.closing.is_none() => {
                    self.outbox.push_audio(payload, time);
                }
                Act::Report(event) => self.report(event),
                Act::Play(frame) if self.closing.is_none() => self.speaker.push(frame),
                Act::SendAudio(..) | Act::Play(_) => {}
                Act::Flush => self.speaker.flush(),
                Act::Close(reason) => self.close_for(reason),
            }
        }
        self.acts = acts;
    }

    fn close_for(&mut self, reason: CloseReason) {
        if self.closing != Some(Closing::Sent) {
            self.outbox.drop_audio();
            self.closing = Some(Closing::Due);
            self.close_by.get_or_insert_with(|| Instant::now() + CLOSE_WAIT);
            self.end.get_or_insert(reason);
        }
    }

    /// The network changed: sends a ping, and soon closes the connection if nothing arrives.
    pub(super) fn probe(&mut self) {
        self.liveness.probe(Instant::now());
        self.ping_due = true;
    }

    /// Whether the next command of the client can be handled now.
    pub(super) const fn takes_commands(&self) -> bool {
        self.closing.is_none() && self.outbox.takes_messages()
    }

    /// The events that wait for the client.
    pub(super) const fn backlog(&mut self) -> &mut Backlog {
        &mut self.backlog
    }

    /// Drops the socket and keeps the events that wait for the client.
    pub(super) fn into_backlog(mut self) -> Backlog {
        self.report_dropped();
        self.backlog
    }

    /// Reads and writes as far as possible. Ready when messages were handled; has the reason if the
    /// connection ended.
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

    /// The reason for a failed write, once nothing is left to read: the server's own close reason
    /// may still arrive.
    fn write_failed(&mut self) -> Poll<Option<CloseReason>> {
        match self.write_failure.take() {
            Some(cause) => Poll::Ready(Some(self.ended(close::by_failure(&cause).0))),
            None => Poll::Pending,
        }
    }

    fn ended(&self, reason: CloseReason) -> CloseReason {
        match (self.closing, &self.end) {
            (None, _) => self.framing.ended(reason),
            (Some(_), Some(end)) => end.clone(),
            (Some(_), None) => CloseReason::Requested,
        }
    }

    /// While the app is slow, or the playout has no room for the bot's audio, the socket is not
    /// read, except when closing. Every tick checks again, because playback wakes nothing.
    fn is_reading(&self) -> bool {
        self.closing.is_some() || !(self.backlog.is_full() || self.speaker.is_full() && !self.is_stuck)
    }

    fn on_item(&mut self, item: Option<Result<Message, SocketError>>) -> Option<CloseReason> {
        match item {
            Some(Ok(payload @ (Message::Binary(_) | Message::Text(_)))) => self.on_payload(payload),
            Some(Ok(Message::Close(frame))) => return Some(self.on_close(frame)),
            Some(Ok(Message::Pong(_))) => self.liveness.heard_pong(),
            Some(Ok(Message::Ping(_) | Message::Frame(_))) => {}
            Some(Err(cause)) => return Some(self.on_failure(&cause)),
            None => return Some(close::lost("the connection has ended".to_owned())),
        }
        None
    }

    fn on_payload(&mut self, payload: Message) {
        match self.framing.payload(payload, &self.speaker, &mut self.acts) {
            Ok(()) => self.liveness.heard_data(),
            Err(what) => self.report(TransportEvent::Unreadable(what)),
        }
        self.carry_out();
    }

    /// Reports an event to the client, in order. If the client is closing and accepts no more, the
    /// event is dropped.
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
            // The connection is lost anyway. The server receives the close frame only if the socket
            // accepts it at once.
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

    /// Passes payloads to the socket while it accepts them. A blocked socket holds at most one
    /// payload beyond its buffer. The rest stays in the outbox, where audio can be dropped.
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
        self.ping_due || !self.outbox.is_empty() || self.closing == Some(Closing::Due)
    }

    fn next_output(&mut self) -> Option<Message> {
        if std::mem::take(&mut self.ping_due) {
            return Some(Message::Ping(Bytes::new()));
        }
        if let Some(payload) = self.outbox.pop() {
            return Some(payload);
        }
        if self.closing == Some(Closing::Due) {
            self.closing = Some(Closing::Sent);
            return Some(Message::Close(Some(CloseFrame { code: CloseCode::Normal, reason: "".into() })));
        }
        None
    }

    /// Reports the dropped microphone audio as soon as there is room for the event.
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

    /// Checks the timeouts. Returns the reason if the connection has to be closed.
    pub(super) fn tick(&mut self, now: Instant) -> Option<CloseReason> {
        self.report_dropped();
        self.look_at_playout(now);
        if let Some(close_by) = self.close_by {
            return (now >= close_by).then(|| self.ended(CloseReason::Requested));
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
                "the server has not accepted any data for {:.1} s",
                time.as_secs_f64()
            ))),
        }
    }
}
