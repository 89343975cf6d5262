//! The data to be sent, in fair order and bounded.
//!
//! Pure: no socket and no clock.

use std::{collections::VecDeque, time::Duration};

use tokio_tungstenite::tungstenite::Message;

use crate::media::{AudioDropReason, AudioDropped};

/// The number of message bytes that may wait. When there are more, the transport accepts no further
/// commands and the client's command channel fills up; nothing is dropped.
const MAX_MESSAGE_BYTES: usize = 2 * 1024 * 1024;
/// The number of microphone frames that may wait (half a second). When there are more, the oldest
/// is dropped and counted: what the user says now matters more than what the user said before.
const MAX_AUDIO_FRAMES: usize = 25;

/// Messages and microphone audio on their way to a socket that may be slow.
#[derive(Debug, Default)]
pub(super) struct Outbox {
    messages: VecDeque<Message>,
    message_bytes: usize,
    audio: VecDeque<Message>,
    audio_next: bool,
    /// Whether the messages that open the session were taken. Audio does not overtake them.
    opened: bool,
    /// The audio dropped since the last report.
    dropped: Option<AudioDropped>,
}

impl Outbox {
    /// Whether another message may be queued.
    pub(super) const fn takes_messages(&self) -> bool {
        self.message_bytes < MAX_MESSAGE_BYTES
    }

    pub(super) fn push_message(&mut self, payload: Message) {
        self.message_bytes += payload.len();
        self.messages.push_back(payload);
    }

    /// Queues microphone audio of this length.
    pub(super) fn push_audio(&mut self, payload: Message, time: Duration) {
        if self.audio.len() == MAX_AUDIO_FRAMES {
            self.audio.pop_front();
            // All frames of a microphone have the same length.
            let frame = AudioDropped::new(AudioDropReason::MicrophoneBacklog, time, 1);
            match &mut self.dropped {
                Some(dropped) => dropped.add(frame),
                None => self.dropped = Some(frame),
            }
        }
        self.audio.push_back(payload);
    }

    /// The next payload. Messages and audio alternate while both wait.
    pub(super) fn pop(&mut self) -> Option<Message> {
        self.opened |= self.messages.is_empty();
        let audio_first = (self.audio_next && self.opened) || self.messages.is_empty();
        if audio_first && let Some(payload) = self.audio.pop_front() {
            self.audio_next = false;
            return Some(payload);
        }
        let payload = self.messages.pop_front()?;
        self.message_bytes -= payload.len();
        self.audio_next = true;
        Some(payload)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.audio.is_empty()
    }

    /// Drops the waiting audio, because the connection is about to close.
    pub(super) fn drop_audio(&mut self) {
        self.audio.clear();
    }

    /// The microphone audio dropped since the last call because the server was slow.
    pub(super) const fn take_dropped(&mut self) -> Option<AudioDropped> {
        self.dropped.take()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Duration = Duration::from_millis(20);

    fn drain(outbox: &mut Outbox) -> Vec<String> {
        std::iter::from_fn(|| outbox.pop()).map(|bytes| bytes.into_text().unwrap().to_string()).collect()
    }

    #[test]
    fn neither_kind_starves_the_other() {
        let mut outbox = Outbox { opened: true, ..Outbox::default() };
        for payload in ["m1", "m2", "m3"] {
            outbox.push_message(payload.into());
        }
        for payload in ["a1", "a2"] {
            outbox.push_audio(payload.into(), FRAME);
        }
        assert_eq!(drain(&mut outbox), ["m1", "a1", "m2", "a2", "m3"]);
        assert!(outbox.is_empty());
        outbox.push_audio("a3".into(), FRAME);
        outbox.push_audio("a4".into(), FRAME);
        assert_eq!(drain(&mut outbox), ["a3", "a4"]);
    }

    #[test]
    fn audio_does_not_overtake_the_messages_that_open_the_session() {
        let mut outbox = Outbox::default();
        for payload in ["connected", "start"] {
            outbox.push_message(payload.into());
        }
        outbox.push_audio("a1".into(), FRAME);
        assert_eq!(drain(&mut outbox), ["connected", "start", "a1"]);
    }

    #[test]
    fn the_oldest_audio_goes_first_when_there_is_too_much() {
        let mut outbox = Outbox::default();
        for number in 0..MAX_AUDIO_FRAMES + 2 {
            outbox.push_audio(Message::text(number.to_string()), FRAME);
        }
        let dropped = AudioDropped::new(AudioDropReason::MicrophoneBacklog, 2 * FRAME, 2);
        assert_eq!((outbox.take_dropped(), outbox.take_dropped()), (Some(dropped), None));
        assert_eq!(outbox.pop().unwrap(), Message::text("2"));
        outbox.drop_audio();
        assert!(outbox.is_empty());
    }

    #[test]
    fn messages_are_never_dropped_but_stop_to_be_taken() {
        let mut outbox = Outbox::default();
        outbox.push_message(Message::Binary(vec![0; MAX_MESSAGE_BYTES - 1].into()));
        assert!(outbox.takes_messages());
        outbox.push_message("xx".into());
        assert!(!outbox.takes_messages());
        outbox.pop();
        assert!(outbox.takes_messages());
    }
}
