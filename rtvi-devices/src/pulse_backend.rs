//! The sound server of a Linux desktop, PulseAudio or PipeWire, through its own protocol.
//!
//! Used instead of `cpal`, which asks the server to buffer no more than one period of a microphone,
//! so that a server that is late for a moment loses audio. The server converts to our format. Runs
//! on the device thread and blocks on the server.

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
    backend::{Backend, Direction, OnEnd, StreamHandle},
    capture_ring::{CaptureProducer, capture_ring},
    playback_ring::{PlaybackConsumer, playback_ring},
};

/// The format requested from the server.
const FORMAT: AudioFormat = AudioFormat::mono(48_000);
/// How much of a microphone's audio the server sends at once.
const CAPTURE_PERIOD: Duration = Duration::from_millis(20);
/// How much of a speaker's audio the server and its hardware buffer.
const PLAYBACK_LATENCY: Duration = Duration::from_millis(40);
/// How much of a speaker's audio the server requests at once.
const PLAYBACK_PERIOD: Duration = Duration::from_millis(10);
/// How long the server may take to respond to a new connection.
const GREETING_LIMIT: Duration = Duration::from_secs(3);
/// The prefix of device ids.
const ID_PREFIX: &str = "pulseaudio:";
/// Samples converted at a time, on the stack.
const PIECE: usize = 256;

/// The sound server, connected when first needed.
#[derive(Default)]
pub(super) struct PulseBackend {
    connection: Option<Connection>,
}

/// An open device.
pub(super) enum PulseStream {
    Capture { _stream: RecordStream },
    Playback { _stream: PlaybackStream },
}

/// A client of the server, and its socket. The client's thread ends only when the socket is shut
/// down.
struct Connection {
    client: Client,
    socket: UnixStream,
}

impl Drop for Connection {
    fn drop(&mut self) {
        // It fails only when the server has closed the socket already.
        let _ = self.socket.shutdown(Shutdown::Both);
    }
}

impl PulseBackend {
    /// Whether there is a server to connect to.
    pub(super) fn is_available() -> bool {
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
                    // A monitor of a speaker is never the default microphone: the bot would hear
                    // itself.
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
    ) -> Result<(PulseStream, StreamHandle), ClientError> {
        let client = self.client()?;
        match direction {
            Direction::Capture => {
                let (mut producer, consumer) = capture_ring::<i16>(FORMAT);
                let push = move |bytes: &[u8]| push_bytes(&mut producer, bytes);
                let stream = block_on(client.create_record_stream(record_params(name), push))?;
                Ok((PulseStream::Capture { _stream: stream }, StreamHandle::Capture(consumer)))
            }
            Direction::Playback => {
                let (mut consumer, producer) = playback_ring::<i16>(FORMAT);
                let fill = move |out: &mut [u8]| fill_bytes(&mut consumer, out);
                let params = playback_params(name);
                let stream = block_on(client.create_playback_stream(params, fill.as_playback_source()))?;
                Ok((PulseStream::Playback { _stream: stream }, StreamHandle::Playback(producer)))
            }
        }
    }
}

impl Backend for PulseBackend {
    type Stream = PulseStream;

    fn list(&mut self, direction: Direction) -> Result<Vec<DeviceInfo>, Error> {
        let found = self.find(direction);
        found.map_err(|error| {
            // The server may have ended: connect again next time.
            self.connection = None;
            Error::device(reason(&error), format!("the sound server can't be used: {error}"))
        })
    }

    /// Ignores `on_end`: the server does not report that a device is gone, but no longer lists it.
    fn open(
        &mut self,
        direction: Direction,
        device: &DeviceInfo,
        _on_end: OnEnd,
    ) -> Result<(PulseStream, StreamHandle), Error> {
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
pub(super) fn push_bytes(producer: &mut CaptureProducer<i16>, bytes: &[u8]) {
    for piece in bytes.as_chunks::<2>().0.chunks(PIECE) {
        let mut samples = [0; PIECE];
        samples.iter_mut().zip(piece).for_each(|(sample, pair)| *sample = i16::from_le_bytes(*pair));
        producer.push(samples.get(..piece.len()).unwrap_or_default());
    }
}

/// The callback of a speaker. Fills all of `out`; neither allocates nor waits.
pub(super) fn fill_bytes(consumer: &mut PlaybackConsumer<i16>, out: &mut [u8]) -> usize {
    for piece in out.as_chunks_mut::<2>().0.chunks_mut(PIECE) {
        let mut samples = [0; PIECE];
        consumer.fill(samples.get_mut(..piece.len()).unwrap_or_default());
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
        let (mut producer, mut consumer) = capture_ring::<i16>(FORMAT);
        push_bytes(&mut producer, &[1, 0].repeat(1_000));
        push_bytes(&mut producer, &[0xFE, 0xFF]);
        let mut samples = [0; 2_000];
        assert_eq!((consumer.read(&mut samples), samples[0], samples[1_000]), (1_001, 1, -2));
        let (mut consumer, mut producer) = playback_ring::<i16>(FORMAT);
        producer.write(&[-2; 600]);
        let mut out = [9; 1_204];
        assert_eq!(fill_bytes(&mut consumer, &mut out), 1_204);
        assert_eq!(
            (&out[..2], &out[1_198..]),
            ([0xFE, 0xFF].as_slice(), [0xFE, 0xFF, 0, 0, 0, 0].as_slice())
        );
    }

    #[test]
    fn errors_are_distinguished() {
        assert_eq!(reason(&ClientError::ServerError(PulseError::NoEntity)), DeviceErrorKind::NotFound);
        assert_eq!(reason(&ClientError::ServerError(PulseError::AccessDenied)), DeviceErrorKind::Permissions);
        assert_eq!(reason(&ClientError::ServerError(PulseError::Internal)), DeviceErrorKind::Unknown);
    }
}
