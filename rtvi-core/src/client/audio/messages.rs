//! What the driver and the audio task say to each other.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::{
    client::{
        Track,
        machine::{Device, Devices},
    },
    error::Error,
    media::{AudioFrame, DeviceNews, Playout},
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
    /// Drop what the speaker holds.
    FlushSpeaker,
    /// Use another device.
    Select { device: Device, id: String },
}

/// What the audio task reports.
#[derive(Debug)]
pub(in crate::client) enum AudioNote {
    Opened(Devices),
    Device { device: Device, news: DeviceNews },
    Track { started: bool, track: Track },
    Failed { device: Device, error: Error },
}

/// Loudness of the user and of the bot, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::client) struct Levels {
    pub(in crate::client) local: f32,
    pub(in crate::client) remote: f32,
}

/// The driver's ends of the audio task.
#[derive(Debug)]
pub(in crate::client) struct AudioHandle {
    pub(in crate::client) commands: mpsc::Sender<AudioCommand>,
    pub(in crate::client) notes: mpsc::Receiver<AudioNote>,
    pub(in crate::client) levels: watch::Receiver<Levels>,
    pub(in crate::client) playout: Arc<Playout>,
    pub(in crate::client) counters: Arc<AudioCounters>,
}
