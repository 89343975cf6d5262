//! The seam for microphones and speakers of every kind: files, tones, app-provided PCM, devices, phones.
//!
//! Sources and sinks are polled by the client's audio task every few milliseconds, so they need no thread or runtime of
//! their own. Nothing here knows the protocol or a transport.

use std::time::Duration;

use crate::error::Error;

use super::AudioFormat;

/// The id that stands for the system's default device, whichever that is at any time.
pub const DEFAULT_DEVICE: &str = "default";

/// Where the user's audio comes from.
///
/// Called from one task at a time. No method may block: a source that waits for a file or a device keeps a ring and a
/// thread of its own. One that panics or has a [failure](Self::failure) has failed: a `deviceError` comes, silence is sent, and it
/// is started again when the microphone is enabled again after its release, and in the next session.
pub trait AudioSource: Send + 'static {
    /// The format of the samples that [`read`](Self::read) returns. While the source is started, only
    /// [`available`](Self::available) may change it, as when another device takes over.
    fn format(&self) -> AudioFormat;

    /// Begins to capture. Called when the microphone is wanted; may be called again after [`stop`](Self::stop), also in the middle of a
    /// session: a muted microphone is released. What was captured before then is not wanted.
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

    /// How many samples it has lost since it was started, because nobody read them in time. Reported as
    /// [`Event::AudioDropped`](crate::Event::AudioDropped).
    fn dropped(&self) -> u64 {
        0
    }

    /// What has gone wrong since it was asked last, if anything. Asked after every other call: an error makes it a source that has
    /// failed.
    fn failure(&self) -> Option<Error> {
        None
    }

    /// Stops to capture and releases the device.
    fn stop(&mut self);

    /// What selects among several devices behind this source; `None` where there is nothing to select. Asked for once.
    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        None
    }
}

/// Where the bot's audio goes.
///
/// Called from one task at a time; no method may block, and one that panics or has a [failure](Self::failure) has failed, as for
/// [`AudioSource`].
pub trait AudioSink: Send + 'static {
    /// The format of the samples that [`write`](Self::write) takes. While the sink is started, only
    /// [`wanted`](Self::wanted) may change it, as when another device takes over.
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

    /// How many samples it has dropped since it was made, because it could not hold them. Reported as
    /// [`Event::AudioDropped`](crate::Event::AudioDropped).
    fn dropped(&self) -> u64 {
        0
    }

    /// Drops what it has not played yet: the bot was interrupted.
    fn flush(&mut self);

    /// The same, but what is being played fades out within `fade` where it can.
    fn flush_within(&mut self, _fade: Duration) {
        self.flush();
    }

    /// What has gone wrong since it was asked last, as [`AudioSource::failure`].
    fn failure(&self) -> Option<Error> {
        None
    }

    /// Stops to play and releases the device.
    fn stop(&mut self);

    /// What selects among several devices behind this sink; `None` where there is nothing to select. Asked for once.
    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        None
    }
}

/// A microphone or speaker of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// Its identifier: the same after a restart of the app or the machine, as far as the system allows.
    pub id: String,
    /// Its name, to show.
    pub label: String,
    /// Whether it is the system's default now.
    pub is_default: bool,
}

/// What has become of the devices behind a source or sink.
#[derive(Clone, Debug, PartialEq)]
pub enum DeviceEvent {
    /// All that there are, at first and whenever that changes; may be empty.
    Listed(Vec<DeviceInfo>),
    /// The one that is used from now on, as soon as audio is wanted.
    Using(DeviceInfo),
    /// The one selected can't be used, or no longer. `Using` follows as soon as it can, or another takes its place.
    Failed(Error),
}

/// Selects among the devices behind a source or sink, and tells what becomes of them.
///
/// Polled by the client's audio task; no method may block.
pub trait DeviceControl: Send + 'static {
    /// Looks at the devices from now on. `Listed` follows, and then `Using` or `Failed`.
    fn watch(&mut self);

    /// Uses the device of this id from now on, or the system's default for [`DEFAULT_DEVICE`]. `Using` or `Failed` follows.
    fn select(&mut self, id: &str);

    /// The next piece of news, oldest first; `None` when there is no more now.
    fn next_event(&mut self) -> Option<DeviceEvent>;
}
