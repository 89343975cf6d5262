//! `--video window`: the bot's video on the screen.
//!
//! A thread owns the window, since window systems tie it to one.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

use minifb::{ScaleMode, WindowOptions};
use rtvi_core::{
    DeviceErrorKind, Error,
    media::video::{VideoAccepts, VideoFrame, VideoOutput, VideoSink},
};
use rtvi_video::to_bgra;

/// How often the window looks for the user's keys and clicks while there are no pictures.
const LOOK: Duration = Duration::from_millis(50);

/// The window's size until the first picture, which is scaled to it.
const SIZE: (usize, usize) = (640, 480);

/// A window that shows the newest picture. One picture waits for the window; when it is slow, newer
/// ones are dropped. The user may close it; the session goes on.
pub(crate) struct Window {
    pictures: SyncSender<VideoFrame>,
    failure: Arc<Mutex<Option<Error>>>,
}

impl Window {
    /// Starts the thread. The window opens with the first picture.
    pub(crate) fn open() -> Result<Self, Error> {
        let failed = |text: String| Error::device(DeviceErrorKind::Unknown, text);
        if cfg!(target_os = "macos") {
            return Err(failed("a window for video is not supported on macOS; use y4m:FILE".to_owned()));
        }
        let (pictures, waiting) = sync_channel(1);
        let failure = Arc::new(Mutex::new(None));
        let failure_of_thread = Arc::clone(&failure);
        let run = move || {
            if let Err(error) = show(&waiting) {
                *failure_of_thread.lock().unwrap_or_else(PoisonError::into_inner) = Some(failed(error));
            }
        };
        let thread = thread::Builder::new().name("rtvi-window".to_owned()).spawn(run);
        thread.map_err(|error| failed(format!("the window's thread can't be started: {error}")))?;
        Ok(Self { pictures, failure })
    }
}

impl VideoSink for Window {
    fn accepts(&self) -> VideoAccepts {
        VideoAccepts::Pixels
    }

    fn write(&mut self, output: VideoOutput) {
        if let VideoOutput::Pixels(frame) = output {
            // Full: the window is slow. Closed: the user closed it, or it failed.
            let _ = self.pictures.try_send(frame);
        }
    }

    fn stop(&mut self) {}

    fn failure(&self) -> Option<Error> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// Shows pictures until the sink is dropped or the user closes the window.
fn show(pictures: &Receiver<VideoFrame>) -> Result<(), String> {
    let Ok(first) = pictures.recv() else { return Ok(()) };
    let options =
        WindowOptions { resize: true, scale_mode: ScaleMode::AspectRatioStretch, ..WindowOptions::default() };
    let opened = minifb::Window::new("rtvi: the bot's video", SIZE.0, SIZE.1, options);
    let mut window = opened.map_err(|error| format!("the window can't be opened: {error}"))?;
    let mut next = Ok(first);
    while window.is_open() {
        match next {
            Ok(frame) => {
                let pixels = to_bgra(&frame).map_err(|error| error.to_string())?;
                let pixels: Vec<u32> =
                    pixels.as_chunks::<4>().0.iter().map(|pixel| u32::from_le_bytes(*pixel)).collect();
                let shown = window.update_with_buffer(&pixels, frame.width as usize, frame.height as usize);
                shown.map_err(|error| format!("the window can't show a picture: {error}"))?;
            }
            Err(RecvTimeoutError::Timeout) => window.update(),
            Err(RecvTimeoutError::Disconnected) => return Ok(()),
        }
        next = pictures.recv_timeout(LOOK);
    }
    Ok(())
}
