//! RTVI messages in both directions: numbered, kept until the server has them, and each passed on
//! once. Pure.

use std::collections::VecDeque;

use bytes::Bytes;
use prost::Message;

use crate::log;
use crate::transport::livekit::wire::{DataPacket, PacketKind, PacketValue, ReceiveState, UserPacket};

/// How many messages are kept until the server has confirmed them. When there are as many, the
/// transport takes no further ones, and the client's queue before it fills up.
const MAX_KEPT: usize = 256;
/// The same in bytes: less than half of what the data channel has room for, so that sending one
/// and repeating all of them never waits.
const MAX_KEPT_BYTES: usize = 384 * 1024;
/// How many senders' numbers are remembered: the bots of a session, one after another.
const MAX_SENDERS: usize = 16;

/// Messages to the bot that the server may not have yet.
#[derive(Debug, Default)]
pub(super) struct Outgoing {
    last: u32,
    kept: VecDeque<(u32, Bytes)>,
    bytes: usize,
}

impl Outgoing {
    /// Whether a further message may be added.
    pub(super) fn has_room(&self) -> bool {
        self.kept.len() < MAX_KEPT && self.bytes < MAX_KEPT_BYTES
    }

    /// Numbers a message; what to send.
    pub(super) fn add(&mut self, text: String, bot: &str) -> Bytes {
        self.last = self.last.wrapping_add(1);
        let message = UserPacket { payload: text.into(), topic: None };
        let packet = DataPacket {
            kind: PacketKind::Reliable.into(),
            value: Some(PacketValue::User(message)),
            destination_identities: vec![bot.to_owned()],
            sequence: self.last,
            ..DataPacket::default()
        };
        let packet = Bytes::from(packet.encode_to_vec());
        self.bytes += packet.len();
        self.kept.push_back((self.last, packet.clone()));
        packet
    }

    /// The data channel holds so many bytes that the server has not confirmed: those of the newest
    /// messages.
    pub(super) fn unconfirmed(&mut self, bytes: usize) {
        while let Some((_, first)) = self.kept.front()
            && self.bytes - first.len() >= bytes
        {
            self.drop_first();
        }
    }

    /// The server has all messages up to this number. What to send again: those after it.
    pub(super) fn after(&mut self, number: u32) -> Vec<Bytes> {
        while self.kept.front().is_some_and(|(first, _)| *first <= number) {
            self.drop_first();
        }
        self.kept.iter().map(|(_, packet)| packet.clone()).collect()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.kept.is_empty()
    }

    fn drop_first(&mut self) {
        if let Some((_, packet)) = self.kept.pop_front() {
            self.bytes -= packet.len();
        }
    }
}

/// The numbers of the messages that arrived, for each sender.
#[derive(Debug, Default)]
pub(super) struct Incoming {
    last: VecDeque<(String, u32)>,
}

impl Incoming {
    /// Whether this message did not arrive before. Messages without a number are always new.
    pub(super) fn is_new(&mut self, sender: &str, number: u32) -> bool {
        if number == 0 || sender.is_empty() {
            return true;
        }
        if let Some((_, last)) = self.last.iter_mut().find(|(known, _)| known == sender) {
            let is_new = number > *last;
            let missing = number.saturating_sub(*last).saturating_sub(1);
            if missing > 0 {
                log::warn!(missing, "messages of a participant did not arrive, or were not for this client");
            }
            *last = number.max(*last);
            return is_new;
        }
        if self.last.len() == MAX_SENDERS {
            self.last.pop_front();
        }
        self.last.push_back((sender.to_owned(), number));
        true
    }

    /// The number of each sender's last message.
    pub(super) fn states(&self) -> Vec<ReceiveState> {
        let state =
            |(sender, last): &(String, u32)| ReceiveState { publisher_sid: sender.clone(), last_seq: *last };
        self.last.iter().map(state).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outgoing(count: usize) -> (Outgoing, usize) {
        let mut outgoing = Outgoing::default();
        let sizes: Vec<usize> = (0..count).map(|_| outgoing.add("x".into(), "bot").len()).collect();
        (outgoing, sizes.first().copied().unwrap_or_default())
    }

    #[test]
    fn a_message_is_kept_until_the_server_has_all_of_it() {
        let (mut outgoing, size) = outgoing(3);
        for (unconfirmed, kept) in [(3 * size, 3), (2 * size + 1, 3), (2 * size, 2), (1, 1), (0, 0)] {
            outgoing.unconfirmed(unconfirmed);
            assert_eq!(outgoing.kept.len(), kept, "{unconfirmed}");
        }
        assert_eq!((outgoing.is_empty(), outgoing.bytes), (true, 0));
    }

    #[test]
    fn what_the_server_lacks_is_sent_again_in_order() {
        let (mut outgoing, size) = outgoing(5);
        outgoing.unconfirmed(4 * size);
        let kept: Vec<Bytes> = outgoing.kept.iter().map(|(_, packet)| packet.clone()).collect();
        assert_eq!(outgoing.after(3), kept[2..], "4 and 5");
        assert_eq!(outgoing.after(9), Vec::<Bytes>::new());
    }

    #[test]
    fn there_is_room_for_a_number_of_messages_and_of_bytes() {
        let (many, _) = outgoing(MAX_KEPT - 1);
        assert!(many.has_room() && !outgoing(MAX_KEPT).0.has_room());
        let mut large = Outgoing::default();
        while large.has_room() {
            large.add("x".repeat(60_000), "bot");
        }
        assert!(large.bytes >= MAX_KEPT_BYTES && large.kept.len() < 10);
    }

    #[test]
    fn each_message_is_passed_on_once() {
        let mut incoming = Incoming::default();
        let arrivals = [("a", 1, true), ("a", 2, true), ("a", 2, false), ("a", 1, false), ("b", 1, true)];
        for (sender, number, is_new) in arrivals {
            assert_eq!(incoming.is_new(sender, number), is_new, "{sender} {number}");
        }
        assert!((0..3).all(|_| incoming.is_new("a", 0) && incoming.is_new("", 1)), "it has no number");
        let states: Vec<_> =
            incoming.states().into_iter().map(|one| (one.publisher_sid, one.last_seq)).collect();
        assert_eq!(states, [("a".to_owned(), 2), ("b".to_owned(), 1)]);
        for sender in 0..100 {
            incoming.is_new(&sender.to_string(), 1);
        }
        assert_eq!(incoming.last.len(), MAX_SENDERS);
    }
}
