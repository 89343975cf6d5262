//! A transport made of functions of the app.
//!
//! Depends on [`crate::connection`] and [`crate::opening`]. Each connection has a thread of its own
//! for these functions. They never run on the runtime's threads.

use std::{
    ffi::c_void,
    future::Future,
    pin::pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::future::BoxFuture;
use rtvi_core::{
    Error, ErrorKind,
    media::{AudioFormat, AudioFrame},
    transport::{
        CaptureFormat, CloseReason, Closed, Connection, OpenRequest, Transport, TransportCapabilities,
        TransportCommand, TransportPort,
    },
};
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::{
    audio_format::rtvi_audio_format,
    callback::{UserData, rtvi_drop_fn},
    connection::{Live, rtvi_connection},
    error::rtvi_error,
    handle::Handles,
    memory::{self, SizedStruct},
    opening::Opening,
    panic::guard,
    signal::Signal,
    text::rtvi_str,
};

/// A way of the app's own to reach bots. Pass it to a client with the options, or free it with
/// `rtvi_transport_free`.
#[derive(Debug)]
pub struct rtvi_transport;

/// The functions of an app's own transport. Set `size`, and set absent functions to null.
///
/// Each connection has a thread that calls them one at a time, `open` first and `released` last.
/// The app reports events with the functions of `rtvi_connection`. It calls them in these functions
/// or on threads of its own, not in other callbacks.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct rtvi_transport_functions {
    /// `sizeof(rtvi_transport_functions)`.
    pub size: usize,
    /// The largest message that the transport accepts, in bytes; 0 for no limit.
    pub max_message_size: usize,
    /// The audio format that the transport needs from the microphone; a rate of 0 for none.
    pub capture: rtvi_audio_format,
    /// The length of each piece of that audio, in milliseconds; 0 means 20.
    pub capture_frame_ms: u32,
    /// Begins to open a connection. `params` are those of `rtvi_client_connect`. `attempt` is 0 or
    /// the number of the reconnect attempt. Required.
    pub open: Option<
        extern "C" fn(
            user_data: *mut c_void,
            connection: *mut rtvi_connection,
            params: rtvi_str,
            attempt: u32,
        ),
    >,
    /// Sends an RTVI message, which is JSON text. Required.
    pub send:
        Option<extern "C" fn(user_data: *mut c_void, connection: *mut rtvi_connection, message: rtvi_str)>,
    /// Sends audio of the microphone in the format of `capture`. May be null.
    pub send_audio: Option<
        extern "C" fn(
            user_data: *mut c_void,
            connection: *mut rtvi_connection,
            samples: *const i16,
            count: usize,
        ),
    >,
    /// Called when the microphone is turned on or off. May be null.
    pub mic_enabled:
        Option<extern "C" fn(user_data: *mut c_void, connection: *mut rtvi_connection, enabled: bool)>,
    /// Begins to close gracefully. `rtvi_connection_closed` must follow within two seconds. If
    /// null, the connection closes at once.
    pub close: Option<extern "C" fn(user_data: *mut c_void, connection: *mut rtvi_connection)>,
    /// Called when the connection is over, however it ended. Release its resources here. May be
    /// null.
    pub released: Option<extern "C" fn(user_data: *mut c_void, connection: *mut rtvi_connection)>,
    /// Called when the device has moved to another network. A connection that can't follow should
    /// end as `RTVI_CLOSE_LOST`; the client then restores it at once. May be null.
    pub network_changed: Option<extern "C" fn(user_data: *mut c_void, connection: *mut rtvi_connection)>,
}

// SAFETY: `repr(C)`, `size` first, and zeros are null or 0.
unsafe impl SizedStruct for rtvi_transport_functions {}

static TRANSPORTS: Handles<rtvi_transport, Functions> = Handles::new("rtvi_transport");

/// The default length of a piece of audio, in milliseconds.
const CAPTURE_FRAME_MS: u32 = 20;

/// Uses up a transport.
pub(crate) fn take(transport: *mut rtvi_transport) -> Result<Arc<dyn Transport>, Error> {
    Ok(Arc::new(CustomTransport(TRANSPORTS.remove(transport)?)))
}

/// Creates a transport from functions. `drop_user_data` is called when the client no longer needs
/// it, or if this function fails.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_transport_custom(
    functions: *const rtvi_transport_functions,
    user_data: *mut c_void,
    drop_user_data: rtvi_drop_fn,
    transport: *mut *mut rtvi_transport,
) -> Option<Box<rtvi_error>> {
    guard(|| {
        let data = UserData::new(user_data, drop_user_data);
        let table = memory::read_sized(functions, "rtvi_transport_functions")?;
        let table = table.filter(|table| table.open.is_some() && table.send.is_some()).ok_or_else(|| {
            Error::new(ErrorKind::InvalidArgument, "rtvi_transport_functions.open or send is missing")
        })?;
        memory::write(transport, TRANSPORTS.add(Functions { table, data }));
        Ok(())
    })
}

/// Frees a transport that was not passed to a client. Null is ignored, and so is a transport that a
/// client has taken over.
#[unsafe(no_mangle)]
pub extern "C" fn rtvi_transport_free(transport: *mut rtvi_transport) {
    drop(guard(|| TRANSPORTS.remove(transport).map(drop)));
}

struct Functions {
    table: rtvi_transport_functions,
    data: UserData,
}

struct CustomTransport(Arc<Functions>);

impl Transport for CustomTransport {
    fn name(&self) -> &'static str {
        "custom"
    }

    fn create(&self, request: OpenRequest<'_>) -> Result<Box<dyn Connection>, Error> {
        Ok(Box::new(Attempt { functions: Arc::clone(&self.0), opening: Arc::new(Opening::new(request)) }))
    }
}

/// One connection, ready to be opened.
struct Attempt {
    functions: Arc<Functions>,
    opening: Arc<Opening>,
}

impl Connection for Attempt {
    fn capabilities(&self) -> TransportCapabilities {
        let table = &self.functions.table;
        let format = AudioFormat::from(table.capture);
        let frame_ms = if table.capture_frame_ms == 0 { CAPTURE_FRAME_MS } else { table.capture_frame_ms };
        let frame = Duration::from_millis(frame_ms.into());
        let max_message_size = if table.max_message_size == 0 { usize::MAX } else { table.max_message_size };
        let capture = format.is_supported().then_some(CaptureFormat { format, frame });
        TransportCapabilities { max_message_size, capture }
    }

    fn run(self: Box<Self>, port: TransportPort) -> BoxFuture<'static, Closed> {
        Box::pin(async move {
            // The order matters: the handle ends before the app learns of it.
            let over = CancellationToken::new();
            let _over = over.clone().drop_guard();
            let (live, ended) = Live::new(Arc::clone(&self.opening), port.events, port.speaker);
            let calls =
                Calls { attempt: *self, connection: live.id(), commands: port.commands, mic: port.mic, over };
            if let Err(error) = calls.start() {
                return Closed { reason: CloseReason::OpenFailed(error) };
            }
            let reason = tokio::select! {
                reason = ended => reason.unwrap_or(CloseReason::Requested),
                () = port.cancel.cancelled() => CloseReason::Requested,
            };
            Closed { reason }
        })
    }
}

/// The calls that the connection's thread makes into the app.
struct Calls {
    attempt: Attempt,
    connection: usize,
    commands: mpsc::Receiver<TransportCommand>,
    mic: mpsc::Receiver<AudioFrame>,
    over: CancellationToken,
}

enum Due {
    Command(TransportCommand),
    Audio(AudioFrame),
    Over,
}

impl Calls {
    fn start(self) -> Result<(), Error> {
        let thread = std::thread::Builder::new().name("rtvi-transport".to_owned());
        let started = thread.spawn(move || self.run());
        started.map(drop).map_err(|error| {
            Error::new(ErrorKind::Internal, format!("can't start a thread for the app's transport: {error}"))
        })
    }

    fn run(mut self) {
        let table = self.attempt.functions.table;
        let data = self.attempt.functions.data.pointer();
        let connection: *mut rtvi_connection = std::ptr::without_provenance_mut(self.connection);
        if let Some(open) = table.open {
            let opening = &self.attempt.opening;
            open(data, connection, rtvi_str::unended(&opening.params), opening.attempt);
        }
        loop {
            match self.next() {
                Due::Command(command) => tell(&table, data, connection, &command),
                Due::Audio(frame) => {
                    if let Some(send_audio) = table.send_audio {
                        send_audio(data, connection, frame.samples.as_ptr(), frame.samples.len());
                    }
                }
                Due::Over => break,
            }
        }
        if let Some(released) = table.released {
            released(data, connection);
        }
    }

    /// Waits for the next call that is due, on this plain thread.
    fn next(&mut self) -> Due {
        let signal = Signal::new();
        let waker = signal.waker();
        let mut context = Context::from_waker(&waker);
        let over = self.over.clone();
        let mut over = pin!(over.cancelled());
        loop {
            signal.wait(None);
            signal.take();
            if over.as_mut().poll(&mut context).is_ready() {
                return Due::Over;
            }
            if let Poll::Ready(command) = self.commands.poll_recv(&mut context) {
                return command.map_or(Due::Over, Due::Command);
            }
            if let Poll::Ready(Some(frame)) = self.mic.poll_recv(&mut context) {
                return Due::Audio(frame);
            }
        }
    }
}

fn tell(
    table: &rtvi_transport_functions,
    data: *mut c_void,
    connection: *mut rtvi_connection,
    command: &TransportCommand,
) {
    let told = match command {
        TransportCommand::Send(message) => {
            table.send.map(|send| send(data, connection, rtvi_str::unended(message)))
        }
        TransportCommand::MicEnabled(enabled) => {
            table.mic_enabled.map(|mic_enabled| mic_enabled(data, connection, *enabled))
        }
        TransportCommand::NetworkChanged => table.network_changed.map(|changed| changed(data, connection)),
        TransportCommand::Close => table.close.map(|close| close(data, connection)),
    };
    if told.is_none() && *command == TransportCommand::Close {
        crate::connection::close(connection);
    }
}
