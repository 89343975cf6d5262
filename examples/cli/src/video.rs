//! `--cam`, `--screen` and `--video`: their values, and the sources and sinks that these mean.
//!
//! Depends on `rtvi-video`, which the feature `video` enables. Without it, everything but `none` is
//! an error that says so.

use std::{path::PathBuf, str::FromStr};

#[cfg(feature = "video")]
pub(crate) use present::{Recording, open};

#[cfg(not(feature = "video"))]
pub(crate) use absent::{Recording, open};

/// The value of `--cam`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Camera {
    /// Sends no video.
    #[default]
    None,
    /// The moving test pattern.
    Pattern,
    /// A file, played in a loop.
    Y4m(PathBuf),
    /// The machine's camera with this id.
    Device(String),
}

/// The value of `--screen`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Screen {
    /// Shares no screen.
    #[default]
    None,
    /// The moving test pattern.
    Pattern,
    /// The screen of the X server.
    X11,
}

/// The value of `--video`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Display {
    /// Asks the bot for no video.
    #[default]
    None,
    /// Records to a file.
    Y4m(PathBuf),
    /// Shows the video in a window.
    Window,
}

impl FromStr for Camera {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "none" => Ok(Self::None),
            None if text == "pattern" => Ok(Self::Pattern),
            Some(("y4m", path)) if !path.is_empty() => Ok(Self::Y4m(path.into())),
            Some(("v4l", number)) if number.parse::<u16>().is_ok() => Ok(Self::Device(text.to_owned())),
            _ => Err("use none, pattern, y4m:FILE or v4l:N".to_owned()),
        }
    }
}

impl FromStr for Screen {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self::None),
            "pattern" => Ok(Self::Pattern),
            "x11" => Ok(Self::X11),
            _ => Err("use none, pattern or x11".to_owned()),
        }
    }
}

impl FromStr for Display {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            None if text == "none" => Ok(Self::None),
            None if text == "window" => Ok(Self::Window),
            Some(("y4m", path)) if !path.is_empty() => Ok(Self::Y4m(path.into())),
            _ => Err("use none, y4m:FILE or window".to_owned()),
        }
    }
}

#[cfg(feature = "video")]
mod present {
    //! With video.

    use std::sync::Arc;

    use rtvi_core::{
        Error, PipecatClientOptions,
        media::video::{VideoSink, VideoSource},
    };
    use rtvi_video::{Codecs, PatternSource, RecordingStatus, VideoRecorder, Y4mSource};

    use super::{Camera, Display, Screen};
    use crate::window::Window;

    /// The pictures a second of a recording: what Pipecat bots send.
    const RECORDING_RATE: u32 = 30;

    /// The status of a recording.
    pub(crate) type Recording = RecordingStatus;

    /// Opens camera, screen and display for a client, on from the start. Devices are opened only
    /// when the session needs them.
    pub(crate) fn open(
        options: &mut PipecatClientOptions,
        camera: &Camera,
        screen: Screen,
        display: &Display,
    ) -> Result<Option<Recording>, Error> {
        options.camera = self::camera(camera)?;
        options.screen = self::screen(screen)?;
        options.client.enable_cam = options.camera.is_some();
        options.client.enable_screen_share = options.screen.is_some();
        options.video_codecs = Some(Arc::new(Codecs));
        let (sink, recording): (Option<Box<dyn VideoSink>>, _) = match display {
            Display::None => (None, None),
            Display::Y4m(path) => {
                let recorder = VideoRecorder::y4m(path, RECORDING_RATE)?;
                let status = recorder.status();
                (Some(Box::new(recorder)), Some(status))
            }
            Display::Window => (Some(Box::new(Window::open()?)), None),
        };
        options.video = sink;
        Ok(recording)
    }

    fn camera(camera: &Camera) -> Result<Option<Box<dyn VideoSource>>, Error> {
        match camera {
            Camera::None => Ok(None),
            Camera::Pattern => Ok(Some(Box::new(PatternSource::new()))),
            Camera::Y4m(path) => Ok(Some(Box::new(Y4mSource::open_looped(path)?))),
            Camera::Device(id) => device(id).map(Some),
        }
    }

    #[cfg(target_os = "linux")]
    fn device(id: &str) -> Result<Box<dyn VideoSource>, Error> {
        Ok(Box::new(rtvi_video::V4lCamera::new(id)))
    }

    #[cfg(not(target_os = "linux"))]
    fn device(id: &str) -> Result<Box<dyn VideoSource>, Error> {
        Err(only_linux(&format!("camera {id}")))
    }

    fn screen(screen: Screen) -> Result<Option<Box<dyn VideoSource>>, Error> {
        match screen {
            Screen::None => Ok(None),
            Screen::Pattern => Ok(Some(Box::new(PatternSource::new()))),
            #[cfg(target_os = "linux")]
            Screen::X11 => Ok(Some(Box::new(rtvi_video::X11Screen::new()))),
            #[cfg(not(target_os = "linux"))]
            Screen::X11 => Err(only_linux("the X screen")),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn only_linux(what: &str) -> Error {
        Error::device(rtvi_core::DeviceErrorKind::NotFound, format!("{what} can be captured on Linux only"))
    }
}

#[cfg(not(feature = "video"))]
mod absent {
    //! Without video.

    use rtvi_core::{Error, ErrorKind, PipecatClientOptions};

    use super::{Camera, Display, Screen};

    /// There are no recordings.
    #[derive(Debug)]
    pub(crate) enum Recording {}

    impl Recording {
        pub(crate) fn error(&self) -> Option<Error> {
            match *self {}
        }
    }

    pub(crate) fn open(
        _: &mut PipecatClientOptions,
        camera: &Camera,
        screen: Screen,
        display: &Display,
    ) -> Result<Option<Recording>, Error> {
        if (camera, screen, display) == (&Camera::None, Screen::None, &Display::None) {
            return Ok(None);
        }
        Err(Error::new(ErrorKind::UnsupportedFeature, "this program was built without video"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cam_screen_and_video_may_say() {
        assert_eq!("none".parse(), Ok(Camera::None));
        assert_eq!("pattern".parse(), Ok(Camera::Pattern));
        assert_eq!("y4m:C:\\a.y4m".parse(), Ok(Camera::Y4m("C:\\a.y4m".into())));
        assert_eq!("v4l:12".parse(), Ok(Camera::Device("v4l:12".to_owned())));
        for text in ["", "y4m:", "v4l", "v4l:", "v4l:x", "v4l:-1", "window", "none:1"] {
            assert!(text.parse::<Camera>().is_err(), "{text}");
        }
        assert_eq!(
            ["none", "pattern", "x11"].map(str::parse),
            [Ok(Screen::None), Ok(Screen::Pattern), Ok(Screen::X11)]
        );
        assert!("wayland".parse::<Screen>().is_err());
        assert_eq!("window".parse(), Ok(Display::Window));
        assert_eq!("y4m:a".parse(), Ok(Display::Y4m("a".into())));
        for text in ["", "y4m", "y4m:", "pattern"] {
            assert!(text.parse::<Display>().is_err(), "{text}");
        }
    }
}
