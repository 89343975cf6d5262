//! The encoder as the core calls it: any picture in, one stream of one size after the other out.

use rtvi_core::{
    Error, ErrorKind,
    media::video::{EncodedFrame, VideoCodec, VideoEncoder, VideoFrame, VideoTarget},
};

use crate::{i420::I420, upright::Upright};

use super::raw::{CLOCK, RawEncoder, Settings};

/// From this many pixels on, two threads share the work.
const TWO_THREADS: u32 = 1280 * 720;

/// A VP8 encoder for real-time calls.
///
/// Follows a new bitrate or rate without a key frame. A picture of another size starts a new
/// stream, with a key frame. Leaves pictures out when they would exceed the bitrate. Not for more
/// than 16 383 pixels a side, which the core's limit ensures.
pub struct Vp8Encoder {
    target: VideoTarget,
    upright: Upright,
    /// Absent until the first picture.
    stream: Option<RawEncoder>,
}

impl Vp8Encoder {
    /// An encoder that allocates nothing before the first picture.
    pub fn new(target: VideoTarget) -> Self {
        Self { target, upright: Upright::default(), stream: None }
    }

    /// The stream for a picture of this size.
    fn stream(&mut self, picture: &I420) -> Result<&mut RawEncoder, Error> {
        let wanted = settings(self.target, picture);
        let kept = self.stream.take_if(|stream| {
            let now = stream.settings();
            (now.width, now.height) == (wanted.width, wanted.height)
        });
        let stream = match kept {
            Some(stream) if stream.settings() == wanted => stream,
            Some(mut stream) => {
                stream.set(wanted)?;
                stream
            }
            None => RawEncoder::new(wanted)?,
        };
        Ok(self.stream.insert(stream))
    }
}

impl VideoEncoder for Vp8Encoder {
    fn encode(&mut self, frame: &VideoFrame, key_frame: bool) -> Result<Option<EncodedFrame>, Error> {
        let format = self.target.format;
        let picture = self.upright.prepare(frame, (format.width, format.height))?;
        let duration = CLOCK.cast_unsigned() / format.frame_rate.clamp(1, 120);
        let packet = self.stream(&picture)?.encode(&picture, duration, key_frame)?;
        if packet.is_none() && key_frame {
            return Err(Error::new(ErrorKind::Internal, "VP8: the encoder left a key frame out".to_owned()));
        }
        Ok(packet.map(|packet| EncodedFrame {
            codec: VideoCodec::Vp8,
            data: packet.data,
            is_key: packet.is_key,
            width: picture.width,
            height: picture.height,
            timestamp: frame.timestamp,
        }))
    }

    fn set_target(&mut self, target: VideoTarget) -> Result<(), Error> {
        self.target = target;
        Ok(())
    }
}

/// What libvpx needs to know of the target.
fn settings(target: VideoTarget, picture: &I420) -> Settings {
    let rate = target.format.frame_rate.clamp(1, 120);
    let average = (u64::from(target.bitrate) / 8 / u64::from(rate)).max(1);
    // A key frame takes the time of a few frames: as on other WebRTC endpoints, half of what the
    // rate control holds in store, but at least three frames.
    let in_store = u64::from(rate) * 100 * 6 / 10 / 2;
    let most = u64::from(target.max_frame_size) * 100 / average;
    Settings {
        width: picture.width,
        height: picture.height,
        bitrate: (target.bitrate / 1000).max(1),
        key_frame_percent: u32::try_from(in_store.max(300).min(most).max(1)).unwrap_or(u32::MAX),
        threads: if picture.width * picture.height >= TWO_THREADS { 2 } else { 1 },
    }
}
