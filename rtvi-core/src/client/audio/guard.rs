//! The app's microphone and speaker, kept from taking the audio task along when their code panics.
//!
//! What panics or tells a failure counts as a device that has failed: a source has ended, a sink takes no more, until each is started
//! again. Knows nothing of the task that polls them.

use std::{
    any::Any,
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use crate::{
    error::{Error, ErrorKind},
    media::{AudioFormat, AudioSink, AudioSource, DeviceControl, DeviceEvent},
};

/// What a device has that can't say its format.
const NO_FORMAT: AudioFormat = AudioFormat::mono(48_000);

/// What came of a failure, for whoever asks for it.
#[derive(Clone, Debug, Default)]
pub(super) struct PanicReport(Arc<Mutex<Option<Error>>>);

impl PanicReport {
    /// The failure that nobody has taken yet.
    pub(super) fn take(&self) -> Option<Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn raise(&self, error: Error) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

/// A device of the app's, and whether it may be called.
struct PanicGuard<D: ?Sized> {
    name: &'static str,
    has_failed: Cell<bool>,
    panic_report: PanicReport,
    device: Box<D>,
}

impl<D: ?Sized> PanicGuard<D> {
    const fn new(name: &'static str, device: Box<D>, panic_report: PanicReport) -> Self {
        Self { name, has_failed: Cell::new(false), panic_report, device }
    }

    /// Calls it if it has not failed; `None` when it has, or does now.
    fn call<R>(&mut self, call: impl FnOnce(&mut D) -> R) -> Option<R> {
        if self.has_failed.get() {
            return None;
        }
        let result = catch_unwind(AssertUnwindSafe(|| call(&mut self.device)));
        result.map_err(|panic| self.fail(panic.as_ref())).ok()
    }

    /// Asks it if it has not failed; `None` when it has, or does now.
    fn ask<R>(&self, ask: impl FnOnce(&D) -> R) -> Option<R> {
        if self.has_failed.get() {
            return None;
        }
        let result = catch_unwind(AssertUnwindSafe(|| ask(&self.device)));
        result.map_err(|panic| self.fail(panic.as_ref())).ok()
    }

    /// Starts it, also after it has failed.
    fn start(&mut self, start: impl FnOnce(&mut D) -> Result<(), Error>) -> Result<(), Error> {
        self.has_failed.set(false);
        let started = self.call(start);
        // What is returned needs no panic_report.
        started.unwrap_or_else(|| {
            Err(self.panic_report.take().unwrap_or_else(|| self.error(&"it can't be started")))
        })
    }

    /// Stops it, also after it has failed, so that it is released; what goes wrong then is not told twice.
    fn stop(&mut self, stop: impl FnOnce(&mut D)) {
        let stopped = catch_unwind(AssertUnwindSafe(|| stop(&mut self.device)));
        if let Err(panic) = stopped
            && !self.has_failed.get()
        {
            self.fail(panic.as_ref());
        }
    }

    /// Asks it what has gone wrong, which then counts as a failure.
    fn heed(&self, failure: impl FnOnce(&D) -> Option<Error>) {
        if let Some(error) = self.ask(failure).flatten() {
            self.has_failed.set(true);
            self.panic_report.raise(error);
        }
    }

    fn fail(&self, panic: &(dyn Any + Send)) {
        self.has_failed.set(true);
        self.panic_report.raise(self.error(panic));
    }

    fn error(&self, panic: &(dyn Any + Send)) -> Error {
        Error::panicked(ErrorKind::Device, &format!("the app's {}", self.name), panic)
    }
}

/// A source whose panics are failures too.
pub(super) struct GuardedSource(PanicGuard<dyn AudioSource>);

impl GuardedSource {
    pub(super) const fn new(source: Box<dyn AudioSource>, panic_report: PanicReport) -> Self {
        Self(PanicGuard::new("microphone", source, panic_report))
    }
}

impl AudioSource for GuardedSource {
    fn format(&self) -> AudioFormat {
        self.0.ask(AudioSource::format).unwrap_or(NO_FORMAT)
    }

    fn start(&mut self) -> Result<(), Error> {
        self.0.start(AudioSource::start)
    }

    fn available(&self) -> Option<usize> {
        let available = self.0.ask(AudioSource::available).unwrap_or(Some(0));
        self.0.heed(AudioSource::failure);
        available
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        let count = self.0.call(|source| source.read(out)).unwrap_or(0);
        self.0.heed(AudioSource::failure);
        count
    }

    fn is_finished(&self) -> bool {
        let is_finished = self.0.ask(AudioSource::is_finished).unwrap_or(true);
        self.0.heed(AudioSource::failure);
        is_finished
    }

    fn needs_processing(&self) -> bool {
        self.0.ask(AudioSource::needs_processing).unwrap_or(false)
    }

    fn dropped(&self) -> u64 {
        self.0.ask(AudioSource::dropped).unwrap_or(0)
    }

    fn stop(&mut self) {
        self.0.stop(AudioSource::stop);
        self.0.heed(AudioSource::failure);
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        let control = self.0.call(AudioSource::control)??;
        Some(Box::new(GuardedControl::new("microphone", control)))
    }
}

/// A sink whose panics are failures too.
pub(super) struct GuardedSink(PanicGuard<dyn AudioSink>);

impl GuardedSink {
    pub(super) const fn new(sink: Box<dyn AudioSink>, panic_report: PanicReport) -> Self {
        Self(PanicGuard::new("speaker", sink, panic_report))
    }
}

impl AudioSink for GuardedSink {
    fn format(&self) -> AudioFormat {
        self.0.ask(AudioSink::format).unwrap_or(NO_FORMAT)
    }

    fn start(&mut self) -> Result<(), Error> {
        self.0.start(AudioSink::start)
    }

    /// The caller's clock paces what nobody hears, so that the bot's audio does not pile up.
    fn wanted(&self) -> Option<usize> {
        let wanted = self.0.ask(AudioSink::wanted).flatten();
        self.0.heed(AudioSink::failure);
        wanted
    }

    fn write(&mut self, samples: &[i16]) {
        self.0.call(|sink| sink.write(samples));
        self.0.heed(AudioSink::failure);
    }

    fn dropped(&self) -> u64 {
        self.0.ask(AudioSink::dropped).unwrap_or(0)
    }

    fn flush(&mut self) {
        self.0.call(AudioSink::flush);
        self.0.heed(AudioSink::failure);
    }

    fn flush_within(&mut self, fade: Duration) {
        self.0.call(|sink| sink.flush_within(fade));
        self.0.heed(AudioSink::failure);
    }

    fn stop(&mut self) {
        self.0.stop(AudioSink::stop);
        self.0.heed(AudioSink::failure);
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        let control = self.0.call(AudioSink::control)??;
        Some(Box::new(GuardedControl::new("speaker", control)))
    }
}

/// A control whose panic is its last piece of news.
struct GuardedControl(PanicGuard<dyn DeviceControl>);

impl GuardedControl {
    fn new(name: &'static str, control: Box<dyn DeviceControl>) -> Self {
        Self(PanicGuard::new(name, control, PanicReport::default()))
    }
}

impl DeviceControl for GuardedControl {
    fn watch(&mut self) {
        self.0.call(DeviceControl::watch);
    }

    fn select(&mut self, id: &str) {
        self.0.call(|control| control.select(id));
    }

    fn news(&mut self) -> Option<DeviceEvent> {
        self.0
            .call(DeviceControl::news)
            .flatten()
            .or_else(|| self.0.panic_report.take().map(DeviceEvent::Failed))
    }
}

#[cfg(test)]
mod tests;
