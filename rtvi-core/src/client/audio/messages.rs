//! What the driver and the audio task say to each other.

use std::{sync::Arc, time::Duration};

use tokio::sync::{mpsc, oneshot, watch};

use crate::{
    client::{
        BotAudioHeard, Track,
        machine::{BotSpeech, Device, Devices, Levels},
    },
    error::Error,
    media::{AudioDropped, AudioFrame, AudioProcessing, DeviceEvent, DuplexRecorder, Playout},
    transport::CaptureFormat,
};

use super::stats::AudioCounters;

/// What the audio task is told.
#[derive(Debug)]
pub(in crate::client) enum AudioCommand {
    /// Look at the devices and report them.
    Open,
    /// Begin to play.
    StartPlayback,
    /// Stop to play and forget what was not played.
    StopPlayback,
    /// Begin to send frames of this format.
    StartCapture { mic: mpsc::Sender<AudioFrame>, capture: CaptureFormat },
    /// Stop to send frames and release the microphone.
    StopCapture,
    /// The microphone was enabled or disabled.
    SetMic(bool),
    /// Drop what the speaker holds, fading out within this time, else the playout's own.
    FlushSpeaker(Option<Duration>),
    /// Use another device.
    Select { device: Device, id: String },
    /// The server says that the bot began or stopped to speak, or was interrupted.
    BotSpeech(BotSpeech),
    /// A session begins: record what the user says from now on, if the app wants that.
    BeginEarly,
    /// The session ended before it was ready.
    EndEarly,
    /// Switch the stages of processing.
    SetProcessing(AudioProcessing),
    /// The button of push-to-talk was pressed or released.
    SetPressed(bool),
    /// Record from now on, or stop to; the present recording is given back.
    Record { recorder: Option<Box<DuplexRecorder>>, previous: oneshot::Sender<Option<Box<DuplexRecorder>>> },
}

/// What the audio task reports.
#[derive(Debug)]
pub(in crate::client) enum AudioEvent {
    Opened(Devices),
    Device {
        device: Device,
        news: DeviceEvent,
    },
    Track {
        started: bool,
        track: Track,
    },
    Failed {
        device: Device,
        error: Error,
    },
    /// The user began or stopped to speak.
    Speech(bool),
    /// Audio was dropped.
    Dropped(AudioDropped),
    /// An utterance of the bot is over for the listener.
    Heard(BotAudioHeard),
}

/// The driver's ends of the audio task.
#[derive(Debug)]
pub(in crate::client) struct AudioHandle {
    pub(in crate::client) commands: mpsc::Sender<AudioCommand>,
    pub(in crate::client) notes: mpsc::Receiver<AudioEvent>,
    pub(in crate::client) levels: watch::Receiver<Levels>,
    pub(in crate::client) playout: Arc<Playout>,
    pub(in crate::client) counters: Arc<AudioCounters>,
}

impl AudioHandle {
    /// For the app's calls that concern no session.
    pub(in crate::client) fn control(&self) -> AudioControl {
        AudioControl {
            commands: self.commands.clone(),
            playout: Arc::clone(&self.playout),
            counters: Arc::clone(&self.counters),
        }
    }
}

/// What an app reaches of the audio without the driver.
#[derive(Debug)]
pub(in crate::client) struct AudioControl {
    pub(in crate::client) commands: mpsc::Sender<AudioCommand>,
    pub(in crate::client) playout: Arc<Playout>,
    pub(in crate::client) counters: Arc<AudioCounters>,
}
