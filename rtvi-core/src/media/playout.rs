//! The bot's audio on its way to the speaker.

use std::{collections::VecDeque, sync::Mutex};

use super::AudioFrame;

/// The bot's audio between the transport that receives it and the task that plays it.
#[derive(Debug, Default)]
pub struct Playout {
    queue: Mutex<VecDeque<AudioFrame>>,
}

impl Playout {
    /// Queues audio behind what is there.
    pub fn push(&self, frame: AudioFrame) {
        if let Ok(mut queue) = self.queue.lock() {
            queue.push_back(frame);
        }
    }

    /// Drops what has not been played.
    pub fn flush(&self) {
        if let Ok(mut queue) = self.queue.lock() {
            queue.clear();
        }
    }
}
