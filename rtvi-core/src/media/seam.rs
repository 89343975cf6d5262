//! The interface for microphones and speakers of every kind: files, tones, app-provided PCM,
//! devices and phones.
//!
//! The client's audio task polls sources and sinks every few milliseconds, so they need no thread
//! or runtime of their own. Must not know the protocol or a transport.

use std::time::Duration;

use crate::error::Error;

use super::AudioFormat;

/// The id of the system's default device, which may change at any time.
pub const DEFAULT_DEVICE: &str = "default";

/// Where the user's audio comes from.
///
/// One task at a time calls it. No method may block: a source that waits for a file or a device
/// needs a ring and a thread of its own.
///
/// A source that panics or reports a [failure](Self::failure) has failed. The client then emits a
/// `deviceError` and sends silence. It starts the source again in the next session, or when the
/// microphone is enabled after it was released.
pub trait AudioSource: Send + 'static {
    /// The format of the samples that [`read`](Self::read) returns. While the source is started,
    /// only [`available`](Self::available) may change it, as when another device takes over. While
    /// it is not [supported](AudioFormat::is_supported), the client sends silence; it emits a
    /// `deviceError` (`constraints`) once.
    fn format(&self) -> AudioFormat;

    /// Starts capturing. May be called again after [`stop`](Self::stop), even within a session,
    /// since the client releases a muted microphone. Discards audio that was captured before.
    ///
    /// # Errors
    /// [`ErrorKind::Device`](crate::ErrorKind::Device) when the device can't be opened.
    fn start(&mut self) -> Result<(), Error>;

    /// The number of captured samples that were not read yet.
    ///
    /// `None` for a source without a clock of its own, such as a file or a tone: the caller's clock
    /// then paces it.
    fn available(&self) -> Option<usize>;

    /// Moves up to `out.len()` samples into `out` and returns how many. A smaller number means that
    /// no more are available now.
    fn read(&mut self, out: &mut [i16]) -> usize;

    /// Whether all samples were read and none will follow, as at the end of a file. The client then
    /// sends silence.
    fn is_finished(&self) -> bool;

    /// Whether the audio comes from a microphone in a room. It is then processed unless the app
    /// chose otherwise. False for clean audio and for audio that the platform processes.
    fn needs_processing(&self) -> bool {
        false
    }

    /// How many samples were lost since the start because they were not read in time. Reported as
    /// [`Event::AudioDropped`](crate::Event::AudioDropped).
    fn dropped(&self) -> u64 {
        0
    }

    /// The failure since the last call, if any. The client asks after every other call.
    fn failure(&self) -> Option<Error> {
        None
    }

    /// Stops capturing and releases the device.
    fn stop(&mut self);

    /// The control that selects among the devices behind this source; `None` when there is nothing
    /// to select. The client asks once.
    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        None
    }
}

/// Where the bot's audio goes.
///
/// One task at a time calls it. No method may block. A sink fails as an [`AudioSource`] does.
pub trait AudioSink: Send + 'static {
    /// The format of the samples that [`write`](Self::write) takes. While the sink is started, only
    /// [`wanted`](Self::wanted) may change it, as when another device takes over. While it is not
    /// [supported](AudioFormat::is_supported), the client discards the bot's audio; it emits a
    /// `deviceError` (`constraints`) once.
    fn format(&self) -> AudioFormat;

    /// Starts playing. May be called again after [`stop`](Self::stop).
    ///
    /// # Errors
    /// [`ErrorKind::Device`](crate::ErrorKind::Device) when the device can't be opened.
    fn start(&mut self) -> Result<(), Error>;

    /// The number of samples that the sink needs now to stay filled; it gets a second's worth at
    /// most.
    ///
    /// `None` for a sink without a clock of its own, such as a file: the caller's clock then paces
    /// it.
    fn wanted(&self) -> Option<usize>;

    /// Takes samples to play after those it holds. Drops and counts those it has no room for.
    fn write(&mut self, samples: &[i16]);

    /// How many samples it has dropped since it was created because it had no room. Reported as
    /// [`Event::AudioDropped`](crate::Event::AudioDropped).
    fn dropped(&self) -> u64 {
        0
    }

    /// Drops the samples that were not played yet, because the bot was interrupted.
    fn flush(&mut self);

    /// The same, but fades out within `fade` if possible.
    fn flush_within(&mut self, _fade: Duration) {
        self.flush();
    }

    /// The failure since the last call, as in [`AudioSource::failure`].
    fn failure(&self) -> Option<Error> {
        None
    }

    /// Stops playing and releases the device.
    fn stop(&mut self);

    /// The control that selects among the devices behind this sink; `None` when there is nothing to
    /// select. The client asks once.
    fn control(&mut self) -> Option<Box<dyn DeviceControl>> {
        None
    }
}

/// A microphone or speaker of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceInfo {
    /// Its identifier. It survives a restart of the app or the machine as far as the system allows.
    pub id: String,
    /// Its name for the user interface.
    pub label: String,
    /// Whether it is the system's default device now.
    pub is_default: bool,
}

/// An event of the devices behind a source or sink.
#[derive(Clone, Debug, PartialEq)]
pub enum DeviceEvent {
    /// All devices that are present, at first and after every change; may be empty.
    Listed(Vec<DeviceInfo>),
    /// The device that is used from now on.
    Using(DeviceInfo),
    /// The selected device can't be used. `Using` follows when it works or another one takes its
    /// place.
    Failed(Error),
}

/// Selects among the devices behind a source or sink, and reports their events.
///
/// The client's audio task polls it; no method may block.
pub trait DeviceControl: Send + 'static {
    /// Starts watching the devices. `Listed` follows, and then `Using` or `Failed`.
    fn watch(&mut self);

    /// Selects the device with this id, or the system's default for [`DEFAULT_DEVICE`]. `Using` or
    /// `Failed` follows.
    fn select(&mut self, id: &str);

    /// The next event, oldest first; `None` when there is none now.
    fn next_event(&mut self) -> Option<DeviceEvent>;
}
