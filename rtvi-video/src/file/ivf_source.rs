//! A source that plays an IVF file: encoded frames, which the client sends as they are.

use std::{
    collections::VecDeque,
    fs::File,
    io::BufReader,
    path::Path,
    time::{Duration, Instant},
};

use bytes::Bytes;
use rtvi_core::{
    Error, ErrorKind,
    media::video::{EncodedFrame, VideoCodec, VideoFormat, VideoInput, VideoSource},
};

use super::{
    failure,
    ivf::{Header, Packet},
};

/// The largest file. It is kept in memory, since frames are read on the client's thread.
const MAX_FILE: usize = 64 << 20;

/// Plays an IVF file with VP8 frames once, each at its time, without encoding anything.
///
/// The file is loaded as a whole and may have up to 64 MiB of frames. It can't follow a bitrate. When a key
/// frame is requested, the frames before the file's next key frame are skipped.
#[derive(Debug)]
pub struct IvfSource {
    frames: Vec<EncodedFrame>,
    left: VecDeque<EncodedFrame>,
    /// When the file's time zero was; absent while stopped.
    began: Option<Instant>,
    wants_key_frame: bool,
}

impl IvfSource {
    /// Loads a file. Blocks while it is read.
    ///
    /// # Errors
    /// [`ErrorKind::InvalidArgument`] naming the path and the reason: missing, not IVF, damaged,
    /// too large, or another codec than VP8.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let frames = load(path).map_err(|error| failure(path, ErrorKind::InvalidArgument, error))?;
        Ok(Self { frames, left: VecDeque::new(), began: None, wants_key_frame: false })
    }
}

fn load(path: &Path) -> std::io::Result<Vec<EncodedFrame>> {
    let invalid = |text: &str| std::io::Error::new(std::io::ErrorKind::InvalidData, text.to_owned());
    let mut file = BufReader::new(File::open(path)?);
    let header = Header::read(&mut file)?;
    if header.codec != VideoCodec::Vp8 {
        return Err(invalid("only VP8 can be played"));
    }
    let (mut frames, mut size) = (Vec::new(), 0);
    while let Some(packet) = Packet::read(&mut file)? {
        size += packet.data.len();
        if size > MAX_FILE {
            return Err(invalid("more than 64 MiB"));
        }
        frames.push(frame(header, packet));
    }
    Ok(frames)
}

fn frame(header: Header, packet: Packet) -> EncodedFrame {
    let nanoseconds =
        u128::from(packet.time) * u128::from(header.scale) * 1_000_000_000 / u128::from(header.rate);
    EncodedFrame {
        codec: header.codec,
        // RFC 6386, section 9.1: the lowest bit of the first byte.
        is_key: packet.data.first().is_some_and(|first| first & 1 == 0),
        data: Bytes::from(packet.data),
        width: header.width.into(),
        height: header.height.into(),
        timestamp: Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX)),
    }
}

impl VideoSource for IvfSource {
    #[expect(clippy::disallowed_methods, reason = "the client's thread, which real time paces")]
    fn start(&mut self, _: VideoFormat) -> Result<(), Error> {
        self.left = self.frames.clone().into();
        self.began = Some(Instant::now());
        self.wants_key_frame = true;
        Ok(())
    }

    fn read(&mut self) -> Option<VideoInput> {
        let now = self.began?.elapsed();
        loop {
            self.left.front().filter(|frame| frame.timestamp <= now)?;
            let frame = self.left.pop_front()?;
            if frame.is_key || !self.wants_key_frame {
                self.wants_key_frame = false;
                return Some(VideoInput::Encoded(frame));
            }
        }
    }

    fn codec(&self) -> Option<VideoCodec> {
        Some(VideoCodec::Vp8)
    }

    fn request_key_frame(&mut self) {
        self.wants_key_frame = true;
    }

    fn is_finished(&self) -> bool {
        self.began.is_some() && self.left.is_empty()
    }

    fn stop(&mut self) {
        self.began = None;
        self.left.clear();
    }
}
