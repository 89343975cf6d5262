//! The sound server of a Linux desktop, PulseAudio or PipeWire, through its own protocol.
//!
//! It exists beside `cpal` because `cpal` asks the server to buffer only one period of a
//! microphone's audio, so a server that is briefly late loses some. The server converts to our
//! format. This backend runs on the device thread and blocks on the server.

use std::{
    ffi::{CStr, CString},
    net::Shutdown,
    os::unix::net::UnixStream,
    time::Duration,
};

use futures_executor::block_on;
use pulseaudio::{
    AsPlaybackSource, Client, ClientError, PlaybackStream, RecordStream, cookie_path_from_env,
    protocol::{
        ChannelMap, PlaybackStreamParams, PulseError, RecordStreamParams, SampleFormat, SampleSpec,
        stream::{BufferAttr, StreamFlags},
    },
    socket_path_from_env,
};

use rtvi_core::{
    DeviceErrorKind, Error,
    media::{AudioFormat, DeviceInfo},
};

use super::{
    backend::{Backend, Direction, OnEnd, StreamEnd},
    capture_ring::{CaptureProducer, capture_ring},
    playback_ring::{PlaybackConsumer, playback_ring},
};

/// The format requested from the server.
const FORMAT: AudioFormat = AudioFormat::mono(48_000);
/// How much microphone audio arrives at once.
const CAPTURE_PERIOD: Duration = Duration::from_millis(20);
/// How much audio the server buffers for a speaker, including its hardware.
const PLAYBACK_LATENCY: Duration = Duration::from_millis(40);
/// How much audio the server requests at once.
const PLAYBACK_PERIOD: Duration = Duration::from_millis(10);
/// How long the server may take to answer the first time.
const GREETING_LIMIT: Duration = Duration::from_secs(3);
/// The prefix of ids.
const ID_PREFIX: &str = "pulseaudio:";
/// Samples converted at a time, on the stack.
const PIECE: usize = 256;

/// The sound server, connected on first use.
#[derive(Default)]
pub(super) struct PulseBackend {
    connection: Option<Connection>,
}

/// An open device.
pub(super) enum PulseStream {
    Capture { _stream: RecordStream },
    Playback { _stream: PlaybackStream },
}

/// A client of the server, and its socket: unless the socket is shut down, the client's thread
/// never ends.
struct Connection {
    client: Client,
    socket: UnixStream,
}

impl Drop for Connection {
    fn drop(&mut self) {
        // A socket that the server has already closed is fine.
        let _ = self.socket.shutdown(Shutdown::Both);
    }
}

impl PulseBackend {
    /// Whether there is a server to connect to.
    pub(super) fn is_there() -> bool {
        socket_path_from_env().is_some()
    }

    fn client(&mut self) -> Result<Client, ClientError> {
        if let Some(connection) = &self.connection {
            return Ok(connection.client.clone());
        }
        let connection = connect()?;
        Ok(self.connection.insert(connection).client.clone())
    }

    fn find(&mut self, direction: Direction) -> Result<Vec<DeviceInfo>, ClientError> {
        let client = self.client()?;
        let server = block_on(client.server_info())?;
        match direction {
            Direction::Capture => {
                let is_default = |name: &CStr| server.default_source_name.as_deref() == Some(name);
                let sources = block_on(client.list_sources())?;
                let device = |source: &pulseaudio::protocol::SourceInfo| {
                    // Never select a speaker's monitor as the microphone unasked: the bot would
                    // hear itself.
                    let is_default = is_default(&source.name) && source.monitor_of_sink_index.is_none();
                    info(&source.name, source.description.as_deref(), is_default)
                };
                Ok(sources.iter().map(device).collect())
            }
            Direction::Playback => {
                let is_default = |name: &CStr| server.default_sink_name.as_deref() == Some(name);
                let sinks = block_on(client.list_sinks())?;
                let device = |sink: &pulseaudio::protocol::SinkInfo| {
                    info(&sink.name, sink.description.as_deref(), is_default(&sink.name))
                };
                Ok(sinks.iter().map(device).collect())
            }
        }
    }

    fn open_stream(
        &mut self,
        direction: Direction,
        name: CString,
    ) -> Result<(PulseStream, StreamEnd), ClientError> {
        let client = self.client()?;
        match direction {
            Direction::Capture => {
                let (mut intake, stream_end) = capture_ring::<i16>(FORMAT);
                let take = move |bytes: &[u8]| take_bytes(&mut intake, bytes);
                let stream = block_on(client.create_record_stream(record_params(name), take))?;
                Ok((PulseStream::Capture { _stream: stream }, StreamEnd::Capture(stream_end)))
            }
            Direction::Playback => {
                let (mut outlet, stream_end) = playback_ring::<i16>(FORMAT);
                let give = move |out: &mut [u8]| give_bytes(&mut outlet, out);
                let params = playback_params(name);
                let stream = block_on(client.create_playback_stream(params, give.as_playback_source()))?;
                Ok((PulseStream::Playback { _stream: stream }, StreamEnd::Playback(stream_end)))
            }
        }
    }
}

impl Backend for PulseBackend {
    type Stream = PulseStream;

    fn list(&mut self, direction: Direction) -> Result<Vec<DeviceInfo>, Error> {
        let found = self.find(direction);
        found.map_err(|error| {
            // The server ended: reconnect next time.
            self.connection = None;
            Error::device(reason(&error), format!("the sound server can't be used: {error}"))
        })
    }

    /// The server does not report that a device disappeared; the list shows it.
    fn open(
        &mut self,
        direction: Direction,
        device: &DeviceInfo,
        _on_end: OnEnd,
    ) -> Result<(PulseStream, StreamEnd), Error> {
        let name = device.id.strip_prefix(ID_PREFIX).unwrap_or(&device.id);
        let name = CString::new(name).unwrap_or_default();
        self.open_stream(direction, name).map_err(|error| {
            let text = format!("the {direction} {:?} can't be used: {error}", device.label);
            Error::device(reason(&error), text)
        })
    }
}

fn connect() -> Result<Connection, ClientError> {
    let path = socket_path_from_env().ok_or(ClientError::ServerUnavailable)?;
    let cookie = cookie_path_from_env().and_then(|path| std::fs::read(path).ok());
    let stream = UnixStream::connect(path)?;
    stream.set_read_timeout(Some(GREETING_LIMIT))?;
    let socket = stream.try_clone()?;
    let client = Client::new_unix(c"rtvi", stream, cookie)?;
    Ok(Connection { client, socket })
}

fn info(name: &CStr, description: Option<&CStr>, is_default: bool) -> DeviceInfo {
    let name = name.to_string_lossy();
    let label = description.map_or_else(|| name.clone(), CStr::to_string_lossy);
    DeviceInfo { id: format!("{ID_PREFIX}{name}"), label: label.into_owned(), is_default }
}

fn record_params(name: CString) -> RecordStreamParams {
    RecordStreamParams {
        sample_spec: sample_spec(),
        channel_map: ChannelMap::mono(),
        source_name: Some(name),
        buffer_attr: BufferAttr { fragment_size: bytes(CAPTURE_PERIOD), ..BufferAttr::default() },
        flags: StreamFlags { adjust_latency: true, ..StreamFlags::default() },
        ..RecordStreamParams::default()
    }
}

fn playback_params(name: CString) -> PlaybackStreamParams {
    PlaybackStreamParams {
        sample_spec: sample_spec(),
        channel_map: ChannelMap::mono(),
        sink_name: Some(name),
        buffer_attr: BufferAttr {
            target_length: bytes(PLAYBACK_LATENCY),
            minimum_request_length: bytes(PLAYBACK_PERIOD),
            ..BufferAttr::default()
        },
        flags: StreamFlags { adjust_latency: true, ..StreamFlags::default() },
        ..PlaybackStreamParams::default()
    }
}

const fn sample_spec() -> SampleSpec {
    SampleSpec { format: SampleFormat::S16Le, channels: 1, sample_rate: FORMAT.sample_rate }
}

fn bytes(time: Duration) -> u32 {
    u32::try_from(FORMAT.samples_in(time) * size_of::<i16>()).unwrap_or(u32::MAX)
}

/// The callback of a microphone. Neither allocates nor waits.
pub(super) fn take_bytes(intake: &mut CaptureProducer<i16>, bytes: &[u8]) {
    for piece in bytes.as_chunks::<2>().0.chunks(PIECE) {
        let mut samples = [0; PIECE];
        samples.iter_mut().zip(piece).for_each(|(sample, pair)| *sample = i16::from_le_bytes(*pair));
        intake.take(samples.get(..piece.len()).unwrap_or_default());
    }
}

/// The callback of a speaker; fills all of `out`. Neither allocates nor waits.
pub(super) fn give_bytes(outlet: &mut PlaybackConsumer<i16>, out: &mut [u8]) -> usize {
    for piece in out.as_chunks_mut::<2>().0.chunks_mut(PIECE) {
        let mut samples = [0; PIECE];
        outlet.give(samples.get_mut(..piece.len()).unwrap_or_default());
        piece.iter_mut().zip(samples).for_each(|(pair, sample)| *pair = sample.to_le_bytes());
    }
    out.len()
}

const fn reason(error: &ClientError) -> DeviceErrorKind {
    match error {
        ClientError::ServerError(PulseError::AccessDenied | PulseError::AuthKey) => {
            DeviceErrorKind::Permissions
        }
        ClientError::ServerError(PulseError::Busy) => DeviceErrorKind::InUse,
        ClientError::ServerError(PulseError::NoEntity)
        | ClientError::ServerUnavailable
        | ClientError::Disconnected => DeviceErrorKind::NotFound,
        ClientError::ServerError(PulseError::Invalid | PulseError::NotSupported) => {
            DeviceErrorKind::Constraints
        }
        _ => DeviceErrorKind::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_samples() {
        let (mut intake, mut captured) = capture_ring::<i16>(FORMAT);
        take_bytes(&mut intake, &[1, 0].repeat(1_000));
        take_bytes(&mut intake, &[0xFE, 0xFF]);
        let mut samples = Vec::new();
        captured.read(2_000, &mut samples);
        assert_eq!((samples.len(), samples[0], samples[1_000]), (1_001, 1, -2));
        let (mut outlet, mut feed) = playback_ring::<i16>(FORMAT);
        feed.write(&[-2; 600]);
        let mut out = [9; 1_204];
        assert_eq!(give_bytes(&mut outlet, &mut out), 1_204);
        assert_eq!(
            (&out[..2], &out[1_198..]),
            ([0xFE, 0xFF].as_slice(), [0xFE, 0xFF, 0, 0, 0, 0].as_slice())
        );
    }

    #[test]
    fn errors_are_told_apart() {
        assert_eq!(reason(&ClientError::ServerError(PulseError::NoEntity)), DeviceErrorKind::NotFound);
        assert_eq!(reason(&ClientError::ServerError(PulseError::AccessDenied)), DeviceErrorKind::Permissions);
        assert_eq!(reason(&ClientError::ServerError(PulseError::Internal)), DeviceErrorKind::Unknown);
    }
}
