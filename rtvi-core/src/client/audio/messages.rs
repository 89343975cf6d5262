//! The messages between the driver and the audio task.

use std::{sync::Arc, time::Duration};

use tokio::sync::{mpsc, oneshot, watch};

use crate::{
    client::{
        BotAudioHeard, Track,
        machine::{BotSpeech, DeviceKind, Devices, Levels},
    },
    error::Error,
    media::{AudioDropped, AudioFrame, AudioProcessing, DeviceEvent, DuplexRecorder, Playout},
    transport::CaptureFormat,
};

use super::stats::AudioCounters;

/// A command for the audio task.
#[derive(Debug)]
pub(in crate::client) enum AudioCommand {
    /// Open the devices and report them.
    Open,
    /// Start playing.
    StartPlayback,
    /// Stop playing and discard what was not played.
    StopPlayback,
    /// Start sending frames of this format.
    StartCapture { mic: mpsc::Sender<AudioFrame>, capture: CaptureFormat },
    /// Stop sending frames and release the microphone.
    StopCapture,
    /// The microphone was enabled or disabled.
    SetMic(bool),
    /// Discard what the speaker holds, fading out within this time or as the playout does.
    FlushSpeaker(Option<Duration>),
    /// Use another device.
    Select { device: DeviceKind, id: String },
    /// The server reported that the bot started or stopped speaking, or was interrupted.
    BotSpeech(BotSpeech),
    /// A session begins: record the user from now on, if the options ask for it.
    BeginEarly,
    /// The session ended before the bot was ready.
    EndEarly,
    /// Turn stages of processing on or off.
    SetProcessing(AudioProcessing),
    /// The push-to-talk button was pressed or released.
    SetPressed(bool),
    /// Start or stop a recording and return the previous one.
    Record { recorder: Option<Box<DuplexRecorder>>, previous: oneshot::Sender<Option<Box<DuplexRecorder>>> },
}

/// An event of the audio task.
#[derive(Debug)]
pub(in crate::client) enum AudioEvent {
    Opened(Devices),
    Device {
        device: DeviceKind,
        event: DeviceEvent,
    },
    Track {
        started: bool,
        track: Track,
    },
    Failed {
        device: DeviceKind,
        error: Error,
    },
    /// The format of a device is supported again.
    Recovered {
        device: DeviceKind,
    },
    /// The user started or stopped speaking.
    Speech(bool),
    /// Audio was dropped.
    Dropped(AudioDropped),
    /// An utterance of the bot has been played or interrupted.
    Heard(BotAudioHeard),
}

/// The driver's side of the audio task.
#[derive(Debug)]
pub(in crate::client) struct AudioHandle {
    pub(in crate::client) commands: mpsc::Sender<AudioCommand>,
    pub(in crate::client) events: mpsc::Receiver<AudioEvent>,
    pub(in crate::client) levels: watch::Receiver<Levels>,
    pub(in crate::client) playout: Arc<Playout>,
    pub(in crate::client) counters: Arc<AudioCounters>,
}

impl AudioHandle {
    /// A handle for calls of the app that bypass the driver.
    pub(in crate::client) fn control(&self) -> AudioControl {
        AudioControl {
            commands: self.commands.clone(),
            playout: Arc::clone(&self.playout),
            counters: Arc::clone(&self.counters),
        }
    }
}

/// What the app's calls reach without the driver.
#[derive(Debug)]
pub(in crate::client) struct AudioControl {
    pub(in crate::client) commands: mpsc::Sender<AudioCommand>,
    pub(in crate::client) playout: Arc<Playout>,
    pub(in crate::client) counters: Arc<AudioCounters>,
}
