//! The machine's microphones and speakers for [`rtvi_core`].
//!
//! On Linux it speaks the protocol of PulseAudio and PipeWire; ALSA, CoreAudio, WASAPI and AAudio
//! go through `cpal`. It is a crate of its own so that only programs that use it link a system
//! audio library.
//!
//! May depend on the core's audio seam and formats. One thread owns all streams and watches the
//! devices. Audio passes between the system's callbacks and the client's audio task through
//! lock-free rings. A callback only copies: it must never allocate, lock, log or call the system.
//!
//! ```no_run
//! use rtvi_core::{Error, PipecatClient, PipecatClientOptions, media::DEFAULT_DEVICE, transport::WebSocketTransport};
//! use rtvi_devices::Devices;
//!
//! # async fn run() -> Result<(), Error> {
//! let mut options = PipecatClientOptions::new(WebSocketTransport::default());
//! let devices = Devices::new()?;
//! options.microphone = Some(Box::new(devices.microphone(DEFAULT_DEVICE)));
//! options.speaker = Some(Box::new(devices.speaker(DEFAULT_DEVICE)));
//! let client = PipecatClient::new(options)?;
//! client.init_devices().await?;
//! for mic in client.get_all_mics() {
//!     println!("{}  {}", mic.device_id, mic.label);
//! }
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod backend;
mod capture_ring;
mod cpal_backend;
mod endpoint;
mod mailbox;
mod microphone;
mod playback_ring;
#[cfg(target_os = "linux")]
mod pulse_backend;
mod speaker;
mod sync;
mod system;
mod worker;

#[cfg(all(test, target_os = "linux"))]
mod callback_tests;

use std::{
    sync::{
        Arc, Mutex, PoisonError, Weak,
        mpsc::{SyncSender, TrySendError, sync_channel},
    },
    thread,
    time::Duration,
};

use rtvi_core::{DeviceErrorKind, Error, media::DeviceInfo};

use backend::Direction;
use system::System;
use worker::{Command, Worker};

pub use microphone::DeviceMicrophone;
pub use speaker::DeviceSpeaker;

/// How many commands wait for the device thread. Only a backend that hangs fills the queue; further
/// commands are then refused and the device has failed.
const COMMAND_QUEUE: usize = 64;

/// How long the device thread may take to list the devices.
const LIST_LIMIT: Duration = Duration::from_secs(10);

/// The microphones and speakers of this machine.
///
/// Owns one thread, which ends when this value, its clones and everything made from it are dropped.
/// The thread opens a device only while its audio is needed, follows the system's default device
/// and checks once a second whether devices were added or removed.
#[derive(Clone, Debug)]
pub struct Devices {
    commands: Arc<SyncSender<Command>>,
}

impl Devices {
    /// Starts the thread without opening a device.
    ///
    /// # Errors
    /// [`ErrorKind::Device`](rtvi_core::ErrorKind::Device) when the thread can't be started.
    pub fn new() -> Result<Self, Error> {
        let (commands, queue) = sync_channel(COMMAND_QUEUE);
        let commands = Arc::new(commands);
        let wake = Arc::downgrade(&commands);
        thread::Builder::new()
            .name("rtvi-devices".to_owned())
            .spawn(move || Worker::new(System::default(), wake).run(&queue))
            .map_err(|error| unknown(format!("the device thread can't be started: {error}")))?;
        Ok(Self { commands })
    }

    /// The instance that independent parts of a program share. It exists while any of them uses it.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn shared() -> Result<Self, Error> {
        static SHARED: Mutex<Weak<SyncSender<Command>>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(commands) = shared.upgrade() {
            return Ok(Self { commands });
        }
        let devices = Self::new()?;
        *shared = Arc::downgrade(&devices.commands);
        Ok(devices)
    }

    /// The microphones that are present now, including those that record the output of a speaker.
    ///
    /// Blocks for up to 10 s when the audio system does not respond, so don't call it on a thread
    /// of the async runtime.
    ///
    /// # Errors
    /// [`ErrorKind::Device`](rtvi_core::ErrorKind::Device) when the system can't list them.
    pub fn microphones(&self) -> Result<Vec<DeviceInfo>, Error> {
        self.list(Direction::Capture)
    }

    /// The speakers that are present now. Blocks as [`Self::microphones`] does.
    ///
    /// # Errors
    /// [`ErrorKind::Device`](rtvi_core::ErrorKind::Device) when the system can't list them.
    pub fn speakers(&self) -> Result<Vec<DeviceInfo>, Error> {
        self.list(Direction::Playback)
    }

    /// A microphone for a client: the device with this id, or the system's default for
    /// [`DEFAULT_DEVICE`](rtvi_core::media::DEFAULT_DEVICE). It need not be present yet.
    pub fn microphone(&self, id: &str) -> DeviceMicrophone {
        DeviceMicrophone::new(Arc::clone(&self.commands), id)
    }

    /// A speaker for a client, selected as in [`Self::microphone`].
    pub fn speaker(&self, id: &str) -> DeviceSpeaker {
        DeviceSpeaker::new(Arc::clone(&self.commands), id)
    }

    fn list(&self, direction: Direction) -> Result<Vec<DeviceInfo>, Error> {
        let (reply, answer) = sync_channel(1);
        self.commands.try_send(Command::List { direction, reply }).map_err(refused)?;
        answer.recv_timeout(LIST_LIMIT).unwrap_or_else(|_| Err(unresponsive()))
    }
}

fn refused(error: TrySendError<Command>) -> Error {
    match error {
        TrySendError::Full(_) => unresponsive(),
        TrySendError::Disconnected(_) => unknown("the device thread has ended".to_owned()),
    }
}

fn unresponsive() -> Error {
    unknown("the audio system does not respond".to_owned())
}

fn unknown(message: String) -> Error {
    Error::device(DeviceErrorKind::Unknown, message)
}
