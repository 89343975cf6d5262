//! From pictures to encoded frames, as a connection demands: the codec, the rate, and key frames.
//!
//! No clock: the time is an argument. Encodes away from the runtime's own threads.

use std::{sync::Arc, time::Duration};

use tokio::runtime::Handle;

use crate::{
    error::{Error, ErrorKind},
    log,
    media::video::{EncodedFrame, VideoCodec, VideoCodecs, VideoEncoder, VideoFrame, VideoTarget},
    transport::VideoDemand,
};

use super::guard::{blocking, guarded};

/// A picture is repeated after this time without a new one. Servers decode a frame only when the
/// next one begins, so the last picture of a still screen would never be seen.
const REPEAT: Duration = Duration::from_millis(500);

/// Encodes the pictures of one source.
pub(super) struct Encoding {
    codecs: Option<Arc<dyn VideoCodecs>>,
    most: VideoTarget,
    encoder: Option<(VideoCodec, VideoTarget, Box<dyn VideoEncoder>)>,
    /// How many of the demanded key frames were made.
    key_frames: u32,
    needs_key_frame: bool,
    /// A picture that came too early for the rate.
    early: Option<VideoFrame>,
    /// The last picture, and when it was encoded.
    last: Option<(VideoFrame, Duration)>,
    /// When the next picture may be encoded.
    due: Duration,
}

impl Encoding {
    pub(super) fn new(codecs: Option<Arc<dyn VideoCodecs>>, most: VideoTarget) -> Self {
        Self {
            codecs,
            most,
            encoder: None,
            key_frames: 0,
            needs_key_frame: true,
            early: None,
            last: None,
            due: Duration::ZERO,
        }
    }

    /// The most that is ever sent.
    pub(super) const fn most(&self) -> VideoTarget {
        self.most
    }

    /// A source was started: the next frame is a key frame.
    pub(super) fn restart(&mut self, now: Duration) {
        (self.needs_key_frame, self.early, self.last, self.due) = (true, None, None, now);
    }

    /// The next frame must be a key frame, because one was lost.
    pub(super) const fn require_key_frame(&mut self) {
        self.needs_key_frame = true;
    }

    /// Whether a key frame is due; each is reported once.
    pub(super) const fn takes_key_frame(&mut self, demand: VideoDemand) -> bool {
        let is_demanded = self.key_frames != demand.key_frames;
        self.key_frames = demand.key_frames;
        let is_due = self.needs_key_frame || is_demanded;
        self.needs_key_frame = false;
        is_due
    }

    /// The picture to encode now, given what the source has: a new one if the rate allows it, or the
    /// last one again.
    pub(super) fn choose(
        &mut self,
        now: Duration,
        new: Option<VideoFrame>,
        demand: VideoDemand,
    ) -> Option<VideoFrame> {
        let rate = demand.target.unwrap_or(self.most).format.frame_rate.max(1);
        let period = Duration::from_secs(1) / rate;
        self.early = new.or_else(|| self.early.take());
        // A camera's pictures come a little early or late.
        let is_due = now + period / 4 >= self.due;
        let chosen = match (self.early.take_if(|_| is_due), &self.last) {
            (Some(frame), _) => frame,
            (None, Some((frame, at))) if now.saturating_sub(*at) >= REPEAT => {
                VideoFrame { timestamp: frame.timestamp + now.saturating_sub(*at), ..frame.clone() }
            }
            _ => return None,
        };
        self.due = (self.due + period).max(now + period / 2);
        self.last = Some((chosen.clone(), now));
        Some(chosen)
    }

    /// Encodes a picture. Returns `None` if the encoder leaves it out, or the runtime shuts down.
    pub(super) async fn encode(
        &mut self,
        runtime: &Handle,
        frame: VideoFrame,
        codec: VideoCodec,
        demand: VideoDemand,
    ) -> Result<Option<EncodedFrame>, Error> {
        frame.check()?;
        let target = demand.target.unwrap_or(self.most);
        let is_new = self.encoder.as_ref().is_none_or(|(present, ..)| *present != codec);
        if is_new {
            self.encoder = Some((codec, target, self.create(codec, target)?));
            self.needs_key_frame = true;
        }
        let key_frame = self.takes_key_frame(demand);
        let Some((codec, before, mut encoder)) = self.encoder.take() else { return Ok(None) };
        let work = move || {
            let result = guarded("the app's video encoder", || {
                if before != target
                    && let Err(error) = encoder.set_target(target)
                {
                    log::warn!(%error, "the encoder does not follow the bitrate");
                }
                encoder.encode(&frame, key_frame)
            });
            (encoder, result)
        };
        let Some((encoder, result)) = blocking(runtime, work).await else { return Ok(None) };
        let result = result.flatten();
        if result.is_ok() {
            self.encoder = Some((codec, target, encoder));
        }
        // What was lost or left out is owed.
        self.needs_key_frame |= key_frame && !matches!(result, Ok(Some(_)));
        result
    }

    fn create(&self, codec: VideoCodec, target: VideoTarget) -> Result<Box<dyn VideoEncoder>, Error> {
        let missing = || {
            let text = format!("the client has no encoder for {}", codec.name());
            Error::new(ErrorKind::UnsupportedFeature, text)
        };
        let codecs = self.codecs.as_ref().ok_or_else(missing)?;
        guarded("the app's video codecs", || codecs.encoder(codec, target)).flatten()
    }
}
