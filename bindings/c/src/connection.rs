//! The events that the app's own transport reports about a connection.
//!
//! Depends on [`crate::handle`] and [`crate::opening`]. Reports events, never states.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use rtvi_core::{
    Error, ErrorKind,
    media::{AudioDropped, AudioFormat, AudioFrame, Playout},
    transport::{CloseReason, Participant, TransportEvent},
};
use tokio::{
    runtime::Handle,
    sync::{
        mpsc::{self, error::TrySendError},
        oneshot,
    },
};

use crate::{
    audio_format::rtvi_audio_format,
    error::rtvi_error,
    handle::Handles,
    memory,
    opening::Opening,
    panic::{Outcome, guard, guard_or},
    runtime::block_on,
    text::{rtvi_str, rtvi_string},
    types::enums::rtvi_audio_drop_reason,
    view::Numbered,
};

/// One connection of the app's own transport. Its functions fail once the connection is over. The
/// app never frees it.
#[derive(Debug)]
pub struct rtvi_connection;

/// Why a connection ended.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum rtvi_close_reason {
    /// The client requested it.
    RTVI_CLOSE_REQUESTED = 0,
    /// The bot ended it.
    RTVI_CLOSE_BOT_LEFT = 1,
    /// The connection could not be opened. An immediate retry is pointless.
    RTVI_CLOSE_OPEN_FAILED = 2,
    /// The connection was lost. The client may connect again.
    RTVI_CLOSE_LOST = 3,
}

/// How many free places to wait for when the queue is full.
const ROOM: usize = 32;

struct Connection {
    opening: Arc<Opening>,
    events: mpsc::Sender<TransportEvent>,
    speaker: Arc<Playout>,
    heard_bot: AtomicBool,
    end: Mutex<Option<oneshot::Sender<CloseReason>>>,
}

static CONNECTIONS: Handles<rtvi_connection, Connection> = Handles::new("rtvi_connection");

/// A live connection; its handle ends with it.
pub(crate) struct Live(usize);

impl Live {
    /// Creates a connection that reports to `events`, and returns it with the receiver of its end.
    pub(crate) fn new(
        opening: Arc<Opening>,
        events: mpsc::Sender<TransportEvent>,
        speaker: Arc<Playout>,
    ) -> (Self, oneshot::Receiver<CloseReason>) {
        let (end, ended) = oneshot::channel();
        let (heard_bot, end) = (AtomicBool::new(false), Mutex::new(Some(end)));
        let handle = CONNECTIONS.add(Connection { opening, events, speaker, heard_bot, end });
        (Self(handle.addr()), ended)
    }

    /// The number that is the handle.
    pub(crate) const fn id(&self) -> usize {
        self.0
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        drop(CONNECTIONS.remove(std::ptr::without_provenance_mut(self.0)));
    }
}

/// Ends a connection that has nothing to close.
pub(crate) fn close(connection: *mut rtvi_connection) {
    if let Ok(connection) = CONNECTIONS.get(connection) {
        connection.end(CloseReason::Requested);
    }
}

impl Connection {
    /// Reports an event. Waits while the app does not take its events.
    fn report(&self, event: TransportEvent) -> Result<(), Error> {
        if Handle::try_current().is_ok() {
            let text = "a connection reported an event on one of the SDK's own threads";
            return Err(Error::new(ErrorKind::InvalidState, text));
        }
        match self.events.try_send(event) {
            Ok(()) => Ok(()),
            Err(TrySendError::Closed(_)) => Err(gone()),
            Err(TrySendError::Full(event)) => self.wait(event),
        }
    }

    /// Reports an event once several places are free. Waking the thread for each single place would
    /// waste time.
    fn wait(&self, event: TransportEvent) -> Result<(), Error> {
        let room = ROOM.min(self.events.max_capacity());
        block_on(async {
            let mut places = self.events.reserve_many(room).await.map_err(|_| gone())?;
            places.next().map(|place| place.send(event)).ok_or_else(gone)
        })
    }

    fn end(&self, reason: CloseReason) {
        if let Some(end) = self.end.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // Nobody receives the reason if the client has just given up the connection.
            let _ = end.send(reason);
        }
    }
}

fn gone() -> Error {
    Error::new(ErrorKind::ConnectionLost, "the connection is over")
}

fn report(connection: *mut rtvi_connection, event: TransportEvent) -> Outcome {
    guard(|| CONNECTIONS.get(connection)?.report(event))
}

/// Returns the start request that the connect parameters answer, as a JSON object of `endpoint`,
/// `headers` (a list of `name` and `value`), `requestData` and `timeoutMs`. Returns null if there
/// was none, or if the connection is over. The request contains the app's keys. Free it with
/// `rtvi_string_free`.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_start_request(
    connection: *mut rtvi_connection,
) -> Option<Box<rtvi_string>> {
    guard_or(None, || {
        let connection = CONNECTIONS.get(connection).ok()?;
        connection.opening.start.as_deref().map(|start| Box::new(rtvi_string::new(start)))
    })
}

/// Returns whether the microphone was on when the connection began to open. The function
/// `mic_enabled` reports later changes. Returns false once the connection is over.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_is_mic_enabled(connection: *mut rtvi_connection) -> bool {
    guard_or(false, || CONNECTIONS.get(connection).is_ok_and(|connection| connection.opening.mic_enabled))
}

/// Reports that the connection is open for messages and audio. Call it once. `bot_id` and
/// `bot_name` identify the other end.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_opened(
    connection: *mut rtvi_connection,
    bot_id: rtvi_str,
    bot_name: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let bot = other(bot_id.text("bot_id")?, bot_name.text("bot_name")?);
        CONNECTIONS.get(connection)?.report(TransportEvent::Opened { bot })
    })
}

/// Reports a message of the server: JSON text, unchanged. If the bytes are not UTF-8, the app
/// receives a `protocolError`, because the fault is the server's. Waits while the app does not take
/// its events.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_message(
    connection: *mut rtvi_connection,
    message: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let message = Bytes::copy_from_slice(memory::bytes(message.data, message.len));
        CONNECTIONS.get(connection)?.report(TransportEvent::Message(message))
    })
}

/// Reports audio of the bot: `count` interleaved samples.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_audio(
    connection: *mut rtvi_connection,
    format: rtvi_audio_format,
    samples: *const i16,
    count: usize,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let connection = CONNECTIONS.get(connection)?;
        let samples = memory::samples(samples, count);
        connection.speaker.push(AudioFrame::new(AudioFormat::from(format), samples));
        if !connection.heard_bot.swap(true, Ordering::Relaxed) {
            connection.report(TransportEvent::BotAudioStarted)?;
        }
        Ok(())
    })
}

/// Reports that the server interrupted the bot. The client drops the bot's audio that it has not
/// played yet.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_interrupted(connection: *mut rtvi_connection) -> Option<Box<rtvi_error>> {
    guard(|| {
        let connection = CONNECTIONS.get(connection)?;
        connection.speaker.flush();
        connection.report(TransportEvent::Interrupted)
    })
}

/// Reports that the bot left a room that stays open.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_bot_left(connection: *mut rtvi_connection) -> Option<Box<rtvi_error>> {
    report(connection, TransportEvent::BotLeft)
}

/// Reports that a bot joined a room that the bot had left. The client stays ready; the bot is
/// greeted and reports that it is ready.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_bot_joined(
    connection: *mut rtvi_connection,
    bot_id: rtvi_str,
    bot_name: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let bot = other(bot_id.text("bot_id")?, bot_name.text("bot_name")?);
        CONNECTIONS.get(connection)?.report(TransportEvent::BotJoined { bot })
    })
}

/// Reports that somebody other than the client and the bot is in the room. The client remembers 256
/// participants and ignores any others.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_participant_connected(
    connection: *mut rtvi_connection,
    id: rtvi_str,
    name: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let somebody = other(id.text("id")?, name.text("name")?);
        CONNECTIONS.get(connection)?.report(TransportEvent::ParticipantConnected(somebody))
    })
}

/// Reports that somebody other than the client and the bot left the room. Those who are there when
/// the connection ends need no report.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_participant_left(
    connection: *mut rtvi_connection,
    id: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let somebody = other(id.text("id")?, "");
        CONNECTIONS.get(connection)?.report(TransportEvent::ParticipantLeft(somebody))
    })
}

/// Reports that the server muted the user's audio, or ended that. While it is muted, send none. It
/// also ends when the function `mic_enabled` is called with true, or with the connection.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_mic_muted(
    connection: *mut rtvi_connection,
    muted: bool,
) -> Option<Box<rtvi_error>> {
    report(connection, TransportEvent::MicMuted(muted))
}

/// Reports that something arrived that can't be read and was dropped. The app receives a
/// `protocolError`. `what` names the item and the reason.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_unreadable(
    connection: *mut rtvi_connection,
    what: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let what = what.text("what")?.to_owned();
        CONNECTIONS.get(connection)?.report(TransportEvent::Unreadable(what))
    })
}

/// Reports dropped audio that somebody would have heard. The app receives an `audioDropped` at most
/// once a second for each `reason`, which is a `rtvi_audio_drop_reason`. `dropped_ms` is the
/// duration of the audio; 0 means unknown. `count` is the number of frames or packets. `detail`
/// describes the audio for people and may be empty. You may call this function for each packet; ten
/// times a second is enough.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_audio_dropped(
    connection: *mut rtvi_connection,
    reason: i32,
    dropped_ms: f64,
    count: u64,
    detail: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let time = Duration::try_from_secs_f64(dropped_ms / 1_000.0)
            .map_err(|_| invalid(format!("dropped_ms: {dropped_ms} is not a valid duration")))?;
        let reason = rtvi_audio_drop_reason::core(reason)
            .ok_or_else(|| invalid(format!("{reason} is not a rtvi_audio_drop_reason")))?;
        let mut dropped = AudioDropped::new(reason, time, count);
        if let Some(detail) = detail.optional("detail")? {
            dropped = dropped.with_detail(detail);
        }
        CONNECTIONS.get(connection)?.report(TransportEvent::AudioDropped(dropped))
    })
}

fn other(id: &str, name: &str) -> Participant {
    Participant { id: id.to_owned(), name: name.to_owned(), local: false }
}

fn invalid(text: String) -> Error {
    Error::new(ErrorKind::InvalidArgument, text)
}

/// Reports that the connection has ended. `reason` is a `rtvi_close_reason`. `code` is the close
/// code, or 0. `message` is any further information.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_closed(
    connection: *mut rtvi_connection,
    reason: i32,
    code: u16,
    message: rtvi_str,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let message = message.text("message")?.to_owned();
        let code = (code > 0).then_some(code);
        let reason = match reason {
            0 => CloseReason::Requested,
            1 => CloseReason::BotLeft { code, reason: message },
            other => {
                // The reason determines the kind.
                let error = Error::new(ErrorKind::Internal, message);
                failure(other, code.into_iter().fold(error, Error::with_status))?
            }
        };
        CONNECTIONS.get(connection)?.end(reason);
        Ok(())
    })
}

/// Reports that the connection has failed. `reason` is `RTVI_CLOSE_OPEN_FAILED` or
/// `RTVI_CLOSE_LOST`. `error` says why; the function takes and frees it. An error of the kind
/// `RTVI_ERROR_INTERNAL` takes the kind of the reason.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_connection_failed(
    connection: *mut rtvi_connection,
    reason: i32,
    error: Option<Box<rtvi_error>>,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let error = error.ok_or_else(|| invalid("the error is null".to_owned()))?;
        CONNECTIONS.get(connection)?.end(failure(reason, error.core().clone())?);
        Ok(())
    })
}

/// Returns why a connection failed. An internal error takes the kind of the reason.
fn failure(reason: i32, error: Error) -> Result<CloseReason, Error> {
    let with =
        |error: Error, kind| if error.kind() == ErrorKind::Internal { error.with_kind(kind) } else { error };
    match reason {
        2 => Ok(CloseReason::OpenFailed(with(error, ErrorKind::ConnectionFailed))),
        3 => Ok(CloseReason::Lost(with(error, ErrorKind::ConnectionLost))),
        other => Err(invalid(format!("{other} is not a rtvi_close_reason that this function accepts"))),
    }
}
