//! The seam for microphones and speakers of every kind: files, tones, app-provided PCM, devices, phones.
//!
//! Sources and sinks are polled by the client's audio task every few milliseconds, so they need no thread or runtime of
//! their own. Nothing here knows the protocol or a transport.

use crate::error::Error;

use super::AudioFormat;

/// Where the user's audio comes from.
///
/// Called from one task at a time. No method may block: a source that waits for a file or a device keeps a ring and a
/// thread of its own.
pub trait AudioSource: Send + 'static {
    /// The format that [`read`](Self::read) gives. Fixed once started.
    fn format(&self) -> AudioFormat;

    /// Begins to capture. Called when the microphone is wanted; may be called again after [`stop`](Self::stop).
    ///
    /// # Errors
    /// [`ErrorKind::Device`](crate::ErrorKind::Device) when the device can't be opened.
    fn start(&mut self) -> Result<(), Error>;

    /// How many samples have been captured and not read yet.
    ///
    /// `None` from a source without a clock of its own (a file, a tone): the caller's clock then paces it.
    fn available(&self) -> Option<usize>;

    /// Moves up to `out.len()` samples into `out` and says how many. Fewer than asked means that there are no more now.
    fn read(&mut self, out: &mut [i16]) -> usize;

    /// Whether everything has been read and nothing will follow (the end of a file). The client then sends silence.
    fn is_finished(&self) -> bool;

    /// Whether its audio comes from a room, as a microphone heard it: then it is processed unless the app chose otherwise.
    /// False for sources that are clean, and for those that the platform processes.
    fn needs_processing(&self) -> bool {
        false
    }

    /// Stops to capture and releases the device.
    fn stop(&mut self);
}

/// Where the bot's audio goes.
///
/// Called from one task at a time; no method may block, as for [`AudioSource`].
pub trait AudioSink: Send + 'static {
    /// The format that [`write`](Self::write) takes. Fixed once started.
    fn format(&self) -> AudioFormat;

    /// Begins to play. May be called again after [`stop`](Self::stop).
    ///
    /// # Errors
    /// [`ErrorKind::Device`](crate::ErrorKind::Device) when the device can't be opened.
    fn start(&mut self) -> Result<(), Error>;

    /// How many samples it wants now to stay filled.
    ///
    /// `None` from a sink without a clock of its own (a file): the caller's clock then paces it.
    fn wanted(&self) -> Option<usize>;

    /// Takes samples to play after those it has. What it can't hold it drops and counts.
    fn write(&mut self, samples: &[i16]);

    /// Drops what it has not played yet: the bot was interrupted.
    fn flush(&mut self);

    /// Stops to play and releases the device.
    fn stop(&mut self);
}
