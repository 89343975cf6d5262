//! Guards that keep panics of the app's microphone and speaker from ending the audio task.
//!
//! A device that panics or reports a failure has failed: until it is started again, a failed source
//! has ended and a failed sink takes nothing. Must not know the task that polls them.

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

/// The format of a device that has failed.
const NO_FORMAT: AudioFormat = AudioFormat::mono(48_000);

/// A failure that waits to be reported.
#[derive(Clone, Debug, Default)]
pub(super) struct PanicReport(Arc<Mutex<Option<Error>>>);

impl PanicReport {
    /// Takes the failure out.
    pub(super) fn take(&self) -> Option<Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn raise(&self, error: Error) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

/// A device of the app's, and whether it has failed.
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

    /// Calls the device; `None` when it has failed before or fails now.
    fn call<R>(&mut self, call: impl FnOnce(&mut D) -> R) -> Option<R> {
        if self.has_failed.get() {
            return None;
        }
        let result = catch_unwind(AssertUnwindSafe(|| call(&mut self.device)));
        result.map_err(|panic| self.fail(panic.as_ref())).ok()
    }

    /// Calls the device by shared reference; `None` when it has failed before or fails now.
    fn ask<R>(&self, ask: impl FnOnce(&D) -> R) -> Option<R> {
        if self.has_failed.get() {
            return None;
        }
        let result = catch_unwind(AssertUnwindSafe(|| ask(&self.device)));
        result.map_err(|panic| self.fail(panic.as_ref())).ok()
    }

    /// Starts the device, even when it has failed before.
    fn start(&mut self, start: impl FnOnce(&mut D) -> Result<(), Error>) -> Result<(), Error> {
        self.has_failed.set(false);
        let started = self.call(start);
        // A failure that is returned needs no report.
        started.unwrap_or_else(|| {
            Err(self.panic_report.take().unwrap_or_else(|| self.error(&"it can't be started")))
        })
    }

    /// Stops and so releases the device, even when it has failed before. A failed device reports no
    /// second failure.
    fn stop(&mut self, stop: impl FnOnce(&mut D)) {
        let stopped = catch_unwind(AssertUnwindSafe(|| stop(&mut self.device)));
        if let Err(panic) = stopped
            && !self.has_failed.get()
        {
            self.fail(panic.as_ref());
        }
    }

    /// Checks the device for a failure.
    fn check(&self, failure: impl FnOnce(&D) -> Option<Error>) {
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

/// A source whose panics are failures.
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
        self.0.check(AudioSource::failure);
        available
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        let count = self.0.call(|source| source.read(out)).unwrap_or(0);
        self.0.check(AudioSource::failure);
        count
    }

    fn is_finished(&self) -> bool {
        let is_finished = self.0.ask(AudioSource::is_finished).unwrap_or(true);
        self.0.check(AudioSource::failure);
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
        self.0.check(AudioSource::failure);
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        let control = self.0.call(AudioSource::control)??;
        Some(Box::new(GuardedControl::new("microphone", control)))
    }
}

/// A sink whose panics are failures.
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

    /// The caller paces a failed sink, so that the bot's audio does not pile up.
    fn wanted(&self) -> Option<usize> {
        let wanted = self.0.ask(AudioSink::wanted).flatten();
        self.0.check(AudioSink::failure);
        wanted
    }

    fn write(&mut self, samples: &[i16]) {
        self.0.call(|sink| sink.write(samples));
        self.0.check(AudioSink::failure);
    }

    fn dropped(&self) -> u64 {
        self.0.ask(AudioSink::dropped).unwrap_or(0)
    }

    fn flush(&mut self) {
        self.0.call(AudioSink::flush);
        self.0.check(AudioSink::failure);
    }

    fn flush_within(&mut self, fade: Duration) {
        self.0.call(|sink| sink.flush_within(fade));
        self.0.check(AudioSink::failure);
    }

    fn stop(&mut self) {
        self.0.stop(AudioSink::stop);
        self.0.check(AudioSink::failure);
    }

    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        let control = self.0.call(AudioSink::control)??;
        Some(Box::new(GuardedControl::new("speaker", control)))
    }
}

/// A control whose panic is its last event.
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

    fn next_event(&mut self) -> Option<DeviceEvent> {
        self.0
            .call(DeviceControl::next_event)
            .flatten()
            .or_else(|| self.0.panic_report.take().map(DeviceEvent::Failed))
    }
}

#[cfg(test)]
mod tests;
