//! Stands in for video in a library without it: creates nothing.
//!
//! Has the names of `present`. The types have no values, since nothing can be created.

use std::convert::Infallible;

use rtvi_core::{Error, ErrorKind, PipecatClientOptions};

use crate::{
    callback::UserData,
    video::{
        frame::{rtvi_encoded_frame, rtvi_video_frame},
        functions::{rtvi_video_display_functions, rtvi_video_feed_functions},
    },
};

/// A camera or screen. Nothing implements it.
pub(crate) trait VideoSource: Send {
    fn nothing(&self) -> Infallible;
}

/// A display. Nothing implements it.
pub(crate) trait VideoSink: Send {}

type Source = Box<dyn VideoSource>;
type Sink = Box<dyn VideoSink>;

#[derive(Debug)]
pub(crate) enum FrameInput {}

#[derive(Debug)]
pub(crate) enum FrameOutput {}

#[derive(Debug)]
pub(crate) enum Picture {}

impl FrameInput {
    pub(crate) fn push_picture(&self, _: &rtvi_video_frame, _: Option<UserData>) -> Result<bool, Error> {
        match *self {}
    }

    pub(crate) fn push_encoded(&self, _: &rtvi_encoded_frame) -> Result<bool, Error> {
        match *self {}
    }

    pub(crate) fn fail(&self, _: Error) {
        match *self {}
    }

    pub(crate) fn is_on(&self) -> bool {
        match *self {}
    }

    pub(crate) fn dropped(&self) -> u64 {
        match *self {}
    }
}

impl FrameOutput {
    pub(crate) fn read(&self) -> Option<Picture> {
        match *self {}
    }

    pub(crate) fn request_key_frame(&self) {
        match *self {}
    }

    pub(crate) fn is_on(&self) -> bool {
        match *self {}
    }

    pub(crate) fn dropped(&self) -> u64 {
        match *self {}
    }
}

impl Picture {
    pub(crate) fn frame(&self) -> Option<&rtvi_video_frame> {
        match *self {}
    }

    pub(crate) fn encoded(&self) -> Option<&rtvi_encoded_frame> {
        match *self {}
    }

    pub(crate) fn share(&self) -> Self {
        match *self {}
    }

    pub(crate) fn to_bgra(&self, _: *mut u8, _: usize) -> Result<(), Error> {
        match *self {}
    }
}

pub(crate) fn pattern() -> Result<Source, Error> {
    Err(absent())
}

pub(crate) fn y4m(_: &str, _: bool) -> Result<Source, Error> {
    Err(absent())
}

pub(crate) fn camera(_: Option<&str>) -> Result<Source, Error> {
    Err(absent())
}

pub(crate) fn screen(_: Option<&str>) -> Result<Source, Error> {
    Err(absent())
}

pub(crate) fn fed(
    _: Option<i32>,
    _: Option<rtvi_video_feed_functions>,
    _: UserData,
) -> Result<(FrameInput, Source), Error> {
    Err(absent())
}

pub(crate) fn previewed(source: Source) -> (FrameOutput, Source) {
    match source.nothing() {}
}

pub(crate) fn recorder(_: &str, _: u32) -> Result<Sink, Error> {
    Err(absent())
}

pub(crate) fn read_by_app(_: Option<&[i32]>) -> Result<(FrameOutput, Sink), Error> {
    Err(absent())
}

pub(crate) fn shown_by_app(_: &[i32], _: rtvi_video_display_functions, _: UserData) -> Result<Sink, Error> {
    Err(absent())
}

/// The video of a client: none.
pub(crate) struct Taken {
    pub(crate) camera: Option<Source>,
    pub(crate) screen: Option<Source>,
    pub(crate) display: Option<Sink>,
}

impl Taken {
    pub(crate) fn fill(self, _: &mut PipecatClientOptions) {
        drop((self.camera, self.screen, self.display));
    }
}

fn absent() -> Error {
    let message = "this library is built without video (feature `video`)";
    Error::new(ErrorKind::UnsupportedFeature, message)
}
