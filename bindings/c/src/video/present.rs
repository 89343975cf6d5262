//! Video in a library that has it.
//!
//! Depends on the core's video seam and on the crate `rtvi-video`. `absent` has the
//! same names.

use std::sync::Arc;

use rtvi_core::{
    Error, PipecatClientOptions,
    media::video::{FrameSink, FrameSource, PreviewedSource, VideoAccepts, VideoOutput},
};
use rtvi_video::{Codecs, PatternSource, VideoRecorder, Y4mSource};

use crate::{
    callback::UserData,
    text::invalid,
    video::{
        app::{Feeder, FunctionSink},
        convert::{codec_of, codecs_of, encoded_in_c, encoded_of, frame_in_c, picture_of},
        frame::{rtvi_encoded_frame, rtvi_video_frame},
        functions::{rtvi_video_display_functions, rtvi_video_feed_functions},
        pixels,
    },
};

pub(crate) use rtvi_core::media::video::{VideoSink, VideoSource};

type Source = Box<dyn VideoSource>;
type Sink = Box<dyn VideoSink>;

/// The video of a client.
pub(crate) struct Taken {
    pub(crate) camera: Option<Source>,
    pub(crate) screen: Option<Source>,
    pub(crate) display: Option<Sink>,
}

impl Taken {
    pub(crate) fn fill(self, options: &mut PipecatClientOptions) {
        (options.camera, options.screen, options.video) = (self.camera, self.screen, self.display);
        options.video_codecs = Some(Arc::new(Codecs));
    }
}

pub(crate) fn pattern() -> Result<Source, Error> {
    Ok(Box::new(PatternSource::new()))
}

pub(crate) fn y4m(path: &str, repeat: bool) -> Result<Source, Error> {
    Ok(Box::new(if repeat { Y4mSource::open_looped(path)? } else { Y4mSource::open(path)? }))
}

#[cfg(target_os = "linux")]
pub(crate) fn camera(id: Option<&str>) -> Result<Source, Error> {
    Ok(Box::new(rtvi_video::V4lCamera::new(id.unwrap_or(rtvi_core::media::DEFAULT_DEVICE))))
}

#[cfg(target_os = "linux")]
pub(crate) fn screen(display: Option<&str>) -> Result<Source, Error> {
    use rtvi_video::X11Screen;
    Ok(Box::new(display.map_or_else(X11Screen::new, X11Screen::on_display)))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn camera(_: Option<&str>) -> Result<Source, Error> {
    Err(elsewhere("cameras"))
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn screen(_: Option<&str>) -> Result<Source, Error> {
    Err(elsewhere("screens"))
}

#[cfg(not(target_os = "linux"))]
fn elsewhere(what: &str) -> Error {
    let message = format!("this library has {what} on Linux only: use rtvi_video_feed_pictures");
    Error::new(rtvi_core::ErrorKind::UnsupportedFeature, message)
}

pub(crate) fn fed(
    codec: Option<i32>,
    functions: Option<rtvi_video_feed_functions>,
    data: UserData,
) -> Result<(FrameInput, Source), Error> {
    let codec = codec.map(codec_of).transpose()?;
    let feeder = Feeder::new(functions, data);
    let (input, source) = match codec {
        Some(codec) => FrameSource::encoded(codec, feeder),
        None => FrameSource::pictures(feeder),
    };
    Ok((FrameInput(input), Box::new(source)))
}

pub(crate) fn previewed(source: Source) -> (FrameOutput, Source) {
    let (output, source) = PreviewedSource::new(source);
    (FrameOutput(output), Box::new(source))
}

pub(crate) fn recorder(path: &str, frame_rate: u32) -> Result<Sink, Error> {
    if frame_rate == 0 {
        return Err(invalid("frame_rate", "0 pictures a second"));
    }
    Ok(Box::new(VideoRecorder::y4m(path, frame_rate)?))
}

pub(crate) fn read_by_app(codecs: Option<&[i32]>) -> Result<(FrameOutput, Sink), Error> {
    let (output, sink) = match codecs {
        None => FrameSink::pictures(),
        Some([]) => return Err(invalid("codecs", "there are none")),
        Some(codecs) => FrameSink::encoded(codecs_of(codecs)?),
    };
    Ok((FrameOutput(output), Box::new(sink)))
}

pub(crate) fn shown_by_app(
    codecs: &[i32],
    functions: rtvi_video_display_functions,
    data: UserData,
) -> Result<Sink, Error> {
    let codecs = codecs_of(codecs)?;
    let accepts = if codecs.is_empty() { VideoAccepts::Pixels } else { VideoAccepts::Encoded(codecs) };
    Ok(Box::new(FunctionSink::new(accepts, functions, data)))
}

/// The app's end of video that it pushes.
#[derive(Debug)]
pub(crate) struct FrameInput(rtvi_core::media::video::FrameInput);

impl FrameInput {
    pub(crate) fn push_picture(
        &self,
        frame: &rtvi_video_frame,
        owner: Option<UserData>,
    ) -> Result<bool, Error> {
        self.0.push(picture_of(frame, owner)?)
    }

    pub(crate) fn push_encoded(&self, frame: &rtvi_encoded_frame) -> Result<bool, Error> {
        self.0.push(encoded_of(frame)?)
    }

    pub(crate) fn fail(&self, error: Error) {
        self.0.fail(error);
    }

    pub(crate) fn is_on(&self) -> bool {
        self.0.is_on()
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.0.dropped()
    }
}

/// The app's end of video that it reads.
#[derive(Debug)]
pub(crate) struct FrameOutput(rtvi_core::media::video::FrameOutput);

impl FrameOutput {
    pub(crate) fn read(&self) -> Option<Picture> {
        self.0.read().map(Picture::new)
    }

    pub(crate) fn request_key_frame(&self) {
        self.0.request_key_frame();
    }

    pub(crate) fn is_on(&self) -> bool {
        self.0.is_on()
    }

    pub(crate) fn dropped(&self) -> u64 {
        self.0.dropped()
    }
}

/// A picture that the app receives, with the struct that C reads.
#[derive(Debug)]
pub(crate) struct Picture {
    core: VideoOutput,
    frame: Option<rtvi_video_frame>,
    encoded: Option<rtvi_encoded_frame>,
}

impl Picture {
    pub(crate) fn new(core: VideoOutput) -> Self {
        let (frame, encoded) = match &core {
            VideoOutput::Pixels(frame) => (frame_in_c(frame), None),
            VideoOutput::Encoded(frame) => (None, encoded_in_c(frame)),
        };
        Self { core, frame, encoded }
    }

    pub(crate) const fn frame(&self) -> Option<&rtvi_video_frame> {
        self.frame.as_ref()
    }

    pub(crate) const fn encoded(&self) -> Option<&rtvi_encoded_frame> {
        self.encoded.as_ref()
    }

    pub(crate) fn share(&self) -> Self {
        Self::new(self.core.clone())
    }

    pub(crate) fn to_bgra(&self, to: *mut u8, stride: usize) -> Result<(), Error> {
        let VideoOutput::Pixels(frame) = &self.core else {
            return Err(invalid("picture", "it is an encoded frame"));
        };
        pixels::write_rows(to, stride, &rtvi_video::to_bgra(frame)?, frame.width as usize * 4)
    }
}
