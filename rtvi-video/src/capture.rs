//! Capturing on a thread of its own, and the hand-over of the newest picture.
//!
//! Every source of pictures stands on this: it says how to open the device and how to take one
//! picture. The thread keeps the time, and holds one picture: a newer one replaces it.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use rtvi_core::{DeviceErrorKind, Error, ErrorKind, media::video::VideoFrame};

/// An open device, or what acts as one. The capture thread owns it and drops it at the end.
pub(crate) trait Grab: Send + 'static {
    /// Takes the picture that is due `at` this time after the start. `Grabbed::Nothing` when there
    /// is no new one. May wait for a device, but not longer than half a second.
    fn grab(&mut self, at: Duration) -> Result<Grabbed, Error>;
}

/// What one attempt brought.
pub(crate) enum Grabbed {
    Picture(VideoFrame),
    Nothing,
    /// There will be no more pictures.
    End,
}

/// What a source has captured. Stays readable after the source was passed on; cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct CaptureStatus {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    captured: AtomicU64,
    dropped: AtomicU64,
    finished: AtomicBool,
    newest: Mutex<Option<VideoFrame>>,
    failure: Mutex<Option<Error>>,
}

impl CaptureStatus {
    /// How many pictures were captured.
    pub fn captured(&self) -> u64 {
        self.shared.captured.load(Ordering::Acquire)
    }

    /// How many of them were replaced by a newer one before the client read them.
    pub fn dropped(&self) -> u64 {
        self.shared.dropped.load(Ordering::Acquire)
    }

    fn put(&self, frame: VideoFrame) {
        self.shared.captured.fetch_add(1, Ordering::AcqRel);
        if lock(&self.shared.newest).replace(frame).is_some() {
            self.shared.dropped.fetch_add(1, Ordering::AcqRel);
        }
    }

    fn fail(&self, error: Error) {
        *lock(&self.shared.failure) = Some(error);
    }
}

/// A mutex that a panic can't spoil: what it guards is replaced as a whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The capture of one source, running or not.
#[derive(Debug, Default)]
pub(crate) struct Capture {
    status: CaptureStatus,
    running: Option<Running>,
}

#[derive(Debug)]
struct Running {
    stop: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Capture {
    pub(crate) fn status(&self) -> CaptureStatus {
        self.status.clone()
    }

    /// Starts the thread, which takes `frame_rate` pictures a second from `device`. Stops an
    /// earlier one first.
    pub(crate) fn start(&mut self, device: impl Grab, frame_rate: u32) -> Result<(), Error> {
        self.stop();
        self.status.shared.finished.store(false, Ordering::Release);
        lock(&self.status.shared.failure).take();
        let stop = Arc::new(AtomicBool::new(false));
        let (status, stopped) = (self.status.clone(), Arc::clone(&stop));
        let thread = thread::Builder::new()
            .name("rtvi-capture".to_owned())
            .spawn(move || run(device, &status, &stopped, frame_rate))
            .map_err(|error| {
                Error::device(
                    DeviceErrorKind::Unknown,
                    format!("the capture thread can't be started: {error}"),
                )
            })?;
        self.running = Some(Running { stop, thread });
        Ok(())
    }

    pub(crate) fn read(&mut self) -> Option<VideoFrame> {
        lock(&self.status.shared.newest).take()
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.status.shared.finished.load(Ordering::Acquire) && lock(&self.status.shared.newest).is_none()
    }

    pub(crate) fn failure(&self) -> Option<Error> {
        lock(&self.status.shared.failure).take()
    }

    /// Ends the thread, waits until it has released the device, and forgets the unread picture.
    pub(crate) fn stop(&mut self) {
        if let Some(Running { stop, thread }) = self.running.take() {
            stop.store(true, Ordering::Release);
            thread.thread().unpark();
            // The thread reports its panics itself.
            let _ = thread.join();
        }
        lock(&self.status.shared.newest).take();
    }
}

impl Drop for Capture {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(device: impl Grab, status: &CaptureStatus, stop: &AtomicBool, frame_rate: u32) {
    // The device ends with the loop, also when it panics, and nothing of it is used afterwards.
    match catch_unwind(AssertUnwindSafe(move || pace(device, status, stop, frame_rate))) {
        Ok(Ok(())) => {}
        Ok(Err(error)) => status.fail(error),
        Err(_) => status.fail(Error::new(ErrorKind::Internal, "the capture of pictures panicked".to_owned())),
    }
}

/// Takes a picture at each point of a regular grid. A point that has passed is left out.
#[expect(clippy::disallowed_methods, reason = "a thread of its own, which real time paces")]
fn pace(
    mut device: impl Grab,
    status: &CaptureStatus,
    stop: &AtomicBool,
    frame_rate: u32,
) -> Result<(), Error> {
    let interval = Duration::from_secs(1) / frame_rate.clamp(1, 240);
    let start = Instant::now();
    let mut due = Duration::ZERO;
    while !stop.load(Ordering::Acquire) {
        let now = start.elapsed();
        if now < due {
            thread::park_timeout(due - now);
            continue;
        }
        match device.grab(now)? {
            Grabbed::Picture(frame) => status.put(frame),
            Grabbed::Nothing => {}
            Grabbed::End => {
                status.shared.finished.store(true, Ordering::Release);
                return Ok(());
            }
        }
        due = next_due(due, start.elapsed(), interval);
    }
    Ok(())
}

/// The first point of the grid after the last one that has not passed by a whole interval.
fn next_due(last: Duration, now: Duration, interval: Duration) -> Duration {
    let next = last + interval;
    if now < next + interval {
        return next;
    }
    let missed = (now - last).as_nanos() / interval.as_nanos().max(1);
    last + interval * u32::try_from(missed).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_keeps_its_points() {
        let ms = Duration::from_millis;
        assert_eq!(next_due(ms(0), ms(3), ms(40)), ms(40));
        assert_eq!(next_due(ms(40), ms(100), ms(40)), ms(80));
        assert_eq!(next_due(ms(40), ms(130), ms(40)), ms(120));
        assert_eq!(next_due(ms(0), ms(1_005), ms(40)), ms(1_000));
    }

    struct Panics;

    impl Grab for Panics {
        fn grab(&mut self, _: Duration) -> Result<Grabbed, Error> {
            panic!("a driver's mistake");
        }
    }

    struct Counts(u32);

    impl Grab for Counts {
        fn grab(&mut self, at: Duration) -> Result<Grabbed, Error> {
            self.0 += 1;
            if self.0 > 5 {
                return Ok(Grabbed::End);
            }
            Ok(Grabbed::Picture(crate::i420::I420::packed(2, 2, vec![0; 6]).into_frame(at)))
        }
    }

    /// Waits for the capture thread.
    fn ended(capture: &mut Capture) {
        if let Some(running) = capture.running.take() {
            running.thread.join().unwrap();
        }
    }

    #[test]
    fn a_panic_is_a_failure() {
        let mut capture = Capture::default();
        capture.start(Panics, 100).unwrap();
        ended(&mut capture);
        assert_eq!(capture.failure().map(|error| error.kind()), Some(ErrorKind::Internal));
        assert!(capture.failure().is_none() && !capture.is_finished());
    }

    #[test]
    fn the_newest_picture_wins() {
        let mut capture = Capture::default();
        capture.start(Counts(0), 200).unwrap();
        ended(&mut capture);
        let status = capture.status();
        assert_eq!((status.captured(), status.dropped()), (5, 4));
        assert!(!capture.is_finished());
        assert!(capture.read().is_some() && capture.read().is_none() && capture.is_finished());
    }
}
