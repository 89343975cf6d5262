//! Detects when a client has released its microphone, its speaker and its video. After that, none
//! of their functions is called, and files are complete.
//!
//! Depends on the core's traits for sources and sinks. The core releases them soon after its client
//! is dropped, on a thread of the runtime.

use std::{
    sync::{Mutex, PoisonError, mpsc},
    time::Duration,
};

use rtvi_core::{
    Error, PipecatClientOptions,
    media::{AudioFormat, AudioSink, AudioSource, DeviceControl},
};

/// How long freeing a client waits for its devices. Functions of an app that take longer break their
/// promise not to wait. A file on a slower disk is completed later.
const LIMIT: Duration = Duration::from_secs(5);

/// Never sends anything. It is dropped after the object that it belongs to.
pub(crate) type Token = mpsc::Sender<()>;

/// Waits for the end of the audio and video of one client.
#[derive(Debug)]
pub(crate) struct MediaEnd(Mutex<mpsc::Receiver<()>>);

impl MediaEnd {
    /// Watches the devices of a client.
    pub(crate) fn watch(options: &mut PipecatClientOptions) -> Self {
        let (token, receiver) = mpsc::channel();
        let (microphone, speaker) = (options.microphone.take(), options.speaker.take());
        options.microphone = microphone.map(|inner| Box::new(Watched::new(inner, &token)) as Box<_>);
        options.speaker = speaker.map(|inner| Box::new(Watched::new(inner, &token)) as Box<_>);
        #[cfg(feature = "video")]
        crate::video::watch(options, &token);
        Self(Mutex::new(receiver))
    }

    /// Waits until all are gone, or until [`LIMIT`] has passed.
    pub(crate) fn wait(&self) {
        // The result is an error either way: disconnected, or timed out.
        let _ = self.0.lock().unwrap_or_else(PoisonError::into_inner).recv_timeout(LIMIT);
    }
}

/// A value that is dropped before its token.
pub(crate) struct Watched<T> {
    pub(crate) inner: T,
    _token: Token,
}

impl<T> Watched<T> {
    pub(crate) fn new(inner: T, token: &Token) -> Self {
        Self { inner, _token: token.clone() }
    }
}

impl AudioSource for Watched<Box<dyn AudioSource>> {
    fn format(&self) -> AudioFormat {
        self.inner.format()
    }

    fn start(&mut self) -> Result<(), Error> {
        self.inner.start()
    }

    fn available(&self) -> Option<usize> {
        self.inner.available()
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        self.inner.read(out)
    }

    fn is_finished(&self) -> bool {
        self.inner.is_finished()
    }

    fn needs_processing(&self) -> bool {
        self.inner.needs_processing()
    }

    fn dropped(&self) -> u64 {
        self.inner.dropped()
    }

    fn failure(&self) -> Option<Error> {
        self.inner.failure()
    }

    fn stop(&mut self) {
        self.inner.stop();
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        self.inner.control()
    }
}

impl AudioSink for Watched<Box<dyn AudioSink>> {
    fn format(&self) -> AudioFormat {
        self.inner.format()
    }

    fn start(&mut self) -> Result<(), Error> {
        self.inner.start()
    }

    fn wanted(&self) -> Option<usize> {
        self.inner.wanted()
    }

    fn write(&mut self, samples: &[i16]) {
        self.inner.write(samples);
    }

    fn flush(&mut self) {
        self.inner.flush();
    }

    fn flush_within(&mut self, fade: Duration) {
        self.inner.flush_within(fade);
    }

    fn dropped(&self) -> u64 {
        self.inner.dropped()
    }

    fn failure(&self) -> Option<Error> {
        self.inner.failure()
    }

    fn stop(&mut self) {
        self.inner.stop();
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        self.inner.control()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    };

    use super::*;

    struct Slow(Arc<AtomicBool>);

    impl Drop for Slow {
        fn drop(&mut self) {
            std::thread::yield_now();
            self.0.store(true, Ordering::SeqCst);
        }
    }

    impl AudioSink for Slow {
        fn format(&self) -> AudioFormat {
            AudioFormat::mono(8_000)
        }

        fn start(&mut self) -> Result<(), Error> {
            Ok(())
        }

        fn wanted(&self) -> Option<usize> {
            None
        }

        fn write(&mut self, _: &[i16]) {}

        fn flush(&mut self) {}

        fn stop(&mut self) {}
    }

    fn options() -> PipecatClientOptions {
        PipecatClientOptions::over(rtvi_core::transport::named("websocket", "").unwrap())
    }

    #[test]
    fn the_end_comes_after_the_sink_is_gone() {
        let gone = Arc::new(AtomicBool::new(false));
        let mut options = options();
        options.speaker = Some(Box::new(Slow(Arc::clone(&gone))));
        let end = MediaEnd::watch(&mut options);
        let other = std::thread::spawn(move || drop(options));
        end.wait();
        assert!(gone.load(Ordering::SeqCst));
        other.join().unwrap();
    }

    #[test]
    fn no_devices_are_no_wait() {
        MediaEnd::watch(&mut options()).wait();
    }
}
