//! What changes among the participants means for the session.

use crate::transport::{
    TransportEvent,
    livekit::{
        room::Change,
        wire::{RequestKind, UpdateSubscription},
    },
};

use super::{Action, Session};

impl Session {
    pub(super) fn take_room_changes(&mut self) {
        while let Some(change) = self.room.poll_change() {
            self.on_change(change);
        }
        if let Some(bot) = self.room.bot() {
            bot.clone_into(&mut self.bot);
        }
        if let Some(sid) = self.room.bot_sid().filter(|sid| *sid != self.heard) {
            sid.clone_into(&mut self.heard);
            self.act(Action::Hear(self.heard.clone()));
        }
    }

    fn on_change(&mut self, change: Change) {
        match change {
            Change::Joined(somebody) => self.report(TransportEvent::ParticipantConnected(somebody)),
            Change::Left(somebody) => self.report(TransportEvent::ParticipantLeft(somebody)),
            Change::BotJoined(bot) => self.report(TransportEvent::BotJoined { bot }),
            Change::BotLeft(_) => self.report(TransportEvent::BotLeft),
            Change::Subscribe { track_sids, wanted } => {
                let subscription = UpdateSubscription { track_sids, subscribe: wanted };
                self.request(RequestKind::Subscription(subscription));
            }
        }
    }
}
