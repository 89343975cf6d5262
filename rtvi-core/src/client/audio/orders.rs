//! The driver's commands that wait for room in the audio task's queue.
//!
//! Pure and bounded: a command replaces those before it that it makes pointless, so a task that
//! hangs has at most one command of each kind to catch up with.

use std::collections::VecDeque;

use tokio::sync::mpsc::{Sender, error::TrySendError};

use super::messages::AudioCommand;

/// How many commands wait at most: one of each kind that the driver sends.
#[cfg(test)]
const MAX: usize = 14;

/// Commands in the order in which the task is to receive them.
#[derive(Debug, Default)]
pub(in crate::client) struct AudioOrders(VecDeque<AudioCommand>);

impl AudioOrders {
    /// Adds a command and removes those that it replaces.
    pub(in crate::client) fn push(&mut self, command: AudioCommand) {
        self.0.retain(|earlier| !command.replaces(earlier));
        self.0.push_back(command);
    }

    pub(in crate::client) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Sends as many commands as the queue takes.
    pub(in crate::client) fn send(&mut self, queue: &Sender<AudioCommand>) {
        while let Some(order) = self.0.pop_front() {
            match queue.try_send(order) {
                Ok(()) => {}
                Err(TrySendError::Full(order)) => return self.0.push_front(order),
                Err(TrySendError::Closed(_)) => return self.0.clear(),
            }
        }
    }
}

impl AudioCommand {
    /// Whether an earlier command that the task has not received yet is pointless before this one:
    /// it set what this one sets, or began what this one ends.
    fn replaces(&self, earlier: &Self) -> bool {
        match (self, earlier) {
            (Self::StopPlayback, Self::StartPlayback)
            | (Self::StopCapture, Self::StartCapture { .. })
            | (Self::EndEarly, Self::BeginEarly) => true,
            (Self::Select { device, .. }, Self::Select { device: other, .. }) => device == other,
            (Self::BotSpeech(speech), Self::BotSpeech(other)) => speech == other,
            _ => std::mem::discriminant(self) == std::mem::discriminant(earlier),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use proptest::prelude::*;
    use tokio::sync::mpsc;

    use super::*;
    use crate::{
        client::machine::{BotSpeech, DeviceKind},
        media::AudioFormat,
        transport::CaptureFormat,
    };

    /// One command of each kind that the driver sends.
    fn command(kind: usize) -> AudioCommand {
        let select = |device| AudioCommand::Select { device, id: "usb".to_owned() };
        match kind {
            0 => AudioCommand::Open,
            1 => AudioCommand::StartPlayback,
            2 => AudioCommand::StopPlayback,
            3 => {
                let format = AudioFormat::mono(16_000);
                let capture = CaptureFormat { format, frame: Duration::from_millis(20) };
                AudioCommand::StartCapture { mic: mpsc::channel(1).0, capture }
            }
            4 => AudioCommand::StopCapture,
            5 => AudioCommand::SetMic(true),
            6 => AudioCommand::FlushSpeaker(None),
            7 => select(DeviceKind::Mic),
            8 => select(DeviceKind::Speaker),
            9 => AudioCommand::BotSpeech(BotSpeech::Began),
            10 => AudioCommand::BotSpeech(BotSpeech::Ended),
            11 => AudioCommand::BotSpeech(BotSpeech::Interrupted),
            12 => AudioCommand::BeginEarly,
            _ => AudioCommand::EndEarly,
        }
    }

    fn names(orders: &AudioOrders) -> Vec<String> {
        orders
            .0
            .iter()
            .map(|order| format!("{order:?}").split([' ', '{']).next().unwrap().to_owned())
            .collect()
    }

    proptest! {
        #[test]
        fn a_task_that_hangs_has_few_commands_to_catch_up_with(kinds in prop::collection::vec(0..MAX, 0..200)) {
            let mut orders = AudioOrders::default();
            kinds.iter().for_each(|kind| orders.push(command(*kind)));
            prop_assert!(orders.0.len() <= MAX, "{}", orders.0.len());
            let newest = kinds.last().map(|kind| std::mem::discriminant(&command(*kind)));
            prop_assert_eq!(orders.0.back().map(std::mem::discriminant), newest);
        }
    }

    #[test]
    fn sessions_that_a_hanging_task_missed_are_left_out() {
        let mut orders = AudioOrders::default();
        for _ in 0..3 {
            for kind in [0, 12, 1, 3, 5, 6, 4, 2, 13] {
                orders.push(command(kind));
            }
        }
        orders.push(command(3));
        let left = [
            "Open",
            "SetMic(true)",
            "FlushSpeaker(None)",
            "StopCapture",
            "StopPlayback",
            "EndEarly",
            "StartCapture",
        ];
        assert_eq!(names(&orders), left);
    }

    #[test]
    fn commands_go_out_in_order_as_there_is_room() {
        let (queue, mut task) = mpsc::channel(2);
        let mut orders = AudioOrders::default();
        [2, 1, 3].into_iter().for_each(|kind| orders.push(command(kind)));
        orders.send(&queue);
        assert_eq!(names(&orders), ["StartCapture"]);
        assert!(matches!(task.try_recv(), Ok(AudioCommand::StopPlayback)));
        orders.send(&queue);
        assert!(orders.is_empty());
        assert!(matches!(task.try_recv(), Ok(AudioCommand::StartPlayback)));
        drop(task);
        orders.push(command(1));
        orders.send(&queue);
        assert!(orders.is_empty(), "the task has ended");
    }
}
