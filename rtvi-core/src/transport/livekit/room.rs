//! Who is in the room, and which of them is the bot.
//!
//! Pure. The official JS client takes the first remote participant for the bot, which may be a
//! person. Here, in this order, it is:
//!
//! 1. the participant with the identity that the app named, and nobody else if it named one;
//! 2. the first participant whose token says that it is an agent, as Pipecat's tokens do;
//! 3. after [`BOT_WAIT`] without one, the first that publishes audio, for bots with other tokens.
//!
//! Once there was a bot, rule 3 no longer applies: a person never takes its place.

use std::{collections::VecDeque, time::Duration};

use crate::{log, transport::Participant};

use super::wire::{
    DisconnectReason, ParticipantInfo, ParticipantKind, ParticipantState, Permission, TrackType,
};

/// How long a participant that is no agent is not taken for the bot.
pub(super) const BOT_WAIT: Duration = Duration::from_secs(5);
/// The most participants that are remembered. Others are ignored, except agents.
const MAX_PARTICIPANTS: usize = 256;
/// How many agents are remembered beyond that.
const MORE_AGENTS: usize = 16;

/// What changed in a room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// Somebody other than the bot is there.
    Joined(Participant),
    /// Somebody other than the bot left.
    Left(Participant),
    /// The bot of an open room is there again, or another bot takes its place. Such a bot may have
    /// been reported as joined before.
    BotJoined(Participant),
    /// The bot of an open room left.
    BotLeft(DisconnectReason),
    /// The server should send these tracks, or should not.
    Subscribe { track_sids: Vec<String>, wanted: bool },
}

/// Another participant.
#[derive(Debug, Default)]
struct Member {
    sid: String,
    identity: String,
    name: String,
    is_active: bool,
    is_agent: bool,
    is_hidden: bool,
    /// The sid of its first audio track.
    audio: Option<String>,
    /// Whether it was reported.
    is_reported: bool,
}

/// A room as the client sees it. Changes of people are reported from [`Room::open`] on.
#[derive(Debug, Default)]
pub(super) struct Room {
    /// The client's own sid and identity.
    me: (String, String),
    /// The identity that the app named.
    bot_identity: Option<String>,
    /// The others, in the order in which they arrived.
    members: Vec<Member>,
    /// The identity of the bot that is there.
    bot: Option<String>,
    /// The identity of the last bot that was there.
    last_bot: Option<String>,
    is_settled: bool,
    is_open: bool,
    /// Whether the next list that names the client is complete.
    is_incomplete: bool,
    /// The track that the server sends.
    subscribed: Option<String>,
    changes: VecDeque<Change>,
}

impl Room {
    pub(super) fn new(bot_identity: Option<String>) -> Self {
        Self { bot_identity, ..Self::default() }
    }

    /// The client is in a room with these others.
    pub(super) fn joined(&mut self, me: &ParticipantInfo, others: &[ParticipantInfo]) {
        self.me = (me.sid.clone(), me.identity.clone());
        self.is_incomplete = false;
        self.keep_only(others);
        self.update_all(others);
    }

    /// Participants are new, changed or gone.
    pub(super) fn updated(&mut self, participants: &[ParticipantInfo]) {
        if self.is_incomplete && participants.iter().any(|one| one.sid == self.me.0) {
            self.is_incomplete = false;
            self.keep_only(participants);
        }
        self.update_all(participants);
    }

    /// The client took up its session again. The server repeats the list of participants, which does
    /// not contain those that left meanwhile.
    pub(super) fn resumed(&mut self) {
        self.is_incomplete = true;
    }

    /// [`BOT_WAIT`] is over.
    pub(super) fn settle(&mut self) {
        self.is_settled = true;
        self.refresh();
    }

    /// From now on, changes are reported, beginning with those who are there. Returns the bot; without
    /// one, the room does not open.
    pub(super) fn open(&mut self) -> Option<Participant> {
        let bot = self.bot.clone()?;
        let bot = self.members.iter_mut().find(|member| member.identity == bot)?;
        bot.is_reported = true;
        let bot = bot.participant();
        self.is_open = true;
        self.refresh();
        Some(bot)
    }

    /// The next change.
    pub(super) fn poll_change(&mut self) -> Option<Change> {
        self.changes.pop_front()
    }

    /// The identity of the bot, if it is there.
    pub(super) fn bot(&self) -> Option<&str> {
        self.bot.as_deref()
    }

    /// Whether the bot publishes audio.
    pub(super) fn bot_has_audio(&self) -> bool {
        self.bot_member().is_some_and(|bot| bot.audio.is_some())
    }

    /// Why there is no bot, in words.
    pub(super) fn lack_of_bot(&self) -> String {
        let bot = self.bot_identity.as_ref().map_or_else(
            || "no bot is in the room".to_owned(),
            |named| format!("the bot '{}' is not in the room", named.escape_debug()),
        );
        match self.members.iter().filter(|member| member.is_shown()).count() {
            0 => format!("{bot}, and nobody else"),
            1 => format!("{bot}; 1 other participant is there"),
            others => format!("{bot}; {others} other participants are there"),
        }
    }

    /// Whether RTVI messages of this sender count: those of the bot, and those of the server's own
    /// API, which have no sender. Other people can't speak for the bot.
    pub(super) fn accepts(&self, sender: &str) -> bool {
        sender.is_empty() || self.bot.as_deref() == Some(sender)
    }

    /// The server's identifier of the bot's stay in the room.
    pub(super) fn bot_sid(&self) -> Option<&str> {
        self.bot_member().map(|bot| bot.sid.as_str())
    }

    fn bot_member(&self) -> Option<&Member> {
        let bot = self.bot.as_deref()?;
        self.members.iter().find(|member| member.identity == bot)
    }

    fn update_all(&mut self, participants: &[ParticipantInfo]) {
        participants.iter().for_each(|participant| self.update(participant));
        self.refresh();
    }

    fn update(&mut self, info: &ParticipantInfo) {
        if info.identity.is_empty() || info.sid == self.me.0 || info.identity == self.me.1 {
            return;
        }
        let known = self.members.iter().position(|member| member.identity == info.identity);
        let is_same = known.and_then(|at| self.members.get(at)).is_some_and(|known| known.sid == info.sid);
        match (known, info.state()) {
            (Some(at), ParticipantState::Disconnected) if is_same => {
                self.remove(at, info.disconnect_reason())
            }
            (_, ParticipantState::Disconnected) => {}
            (Some(at), _) if is_same => {
                if let Some(member) = self.members.get_mut(at) {
                    member.read(info);
                }
            }
            (known, _) => {
                if let Some(at) = known {
                    self.remove(at, DisconnectReason::Unknown);
                }
                self.add(info);
            }
        }
    }

    fn add(&mut self, info: &ParticipantInfo) {
        let mut member = Member::default();
        member.read(info);
        let is_named = self.bot_identity.as_deref() == Some(&info.identity);
        let more = if member.is_agent || is_named { MORE_AGENTS } else { 0 };
        if self.members.len() < MAX_PARTICIPANTS + more {
            self.members.push(member);
        } else {
            log::debug!("the room has more than {MAX_PARTICIPANTS} participants, one is ignored");
        }
    }

    /// Removes those who are not in a complete list.
    fn keep_only(&mut self, participants: &[ParticipantInfo]) {
        let is_listed = |member: &Member| participants.iter().any(|one| one.sid == member.sid);
        while let Some(at) = self.members.iter().position(|member| !is_listed(member)) {
            self.remove(at, DisconnectReason::Unknown);
        }
    }

    fn remove(&mut self, at: usize, reason: DisconnectReason) {
        let member = self.members.remove(at);
        if self.bot.as_ref() == Some(&member.identity) {
            self.last_bot = self.bot.take();
            self.report(Change::BotLeft(reason));
        } else if member.is_reported {
            self.report(Change::Left(member.participant()));
        }
    }

    fn report(&mut self, change: Change) {
        if self.is_open {
            self.changes.push_back(change);
        }
    }

    /// Finds out who is the bot and who is new, and asks for the bot's audio alone.
    fn refresh(&mut self) {
        if self.bot.is_none() {
            self.bot = self.find_bot().map(|bot| bot.identity.clone());
            self.report_bot();
        }
        if self.is_open {
            let new = self.members.iter_mut().filter(|member| member.is_shown() && !member.is_reported);
            let joined = new.map(|member| {
                member.is_reported = true;
                Change::Joined(member.participant())
            });
            self.changes.extend(joined);
        }
        self.subscribe();
    }

    fn report_bot(&mut self) {
        let Some(bot) = self.bot.as_deref().filter(|_| self.is_open) else { return };
        if let Some(bot) = self.members.iter_mut().find(|member| member.identity == bot) {
            bot.is_reported = true;
            self.changes.push_back(Change::BotJoined(bot.participant()));
        }
    }

    fn find_bot(&self) -> Option<&Member> {
        let active = || self.members.iter().filter(|member| member.is_active);
        if let Some(named) = &self.bot_identity {
            return active().find(|member| member.identity == *named);
        }
        let agent = active().find(|member| member.is_agent);
        agent.or_else(|| match &self.last_bot {
            Some(last) => active().find(|member| member.identity == *last),
            None if self.is_settled => active().find(|member| member.is_shown() && member.audio.is_some()),
            None => None,
        })
    }

    /// Asks for the bot's first audio track, and for no other: every track costs bandwidth and a
    /// section. The server sends none by itself.
    fn subscribe(&mut self) {
        let heard = self.bot_member().and_then(|bot| bot.audio.clone());
        if heard == self.subscribed {
            return;
        }
        let before = std::mem::replace(&mut self.subscribed, heard.clone());
        for (track, wanted) in [(before, false), (heard, true)] {
            self.changes.extend(track.map(|track| Change::Subscribe { track_sids: vec![track], wanted }));
        }
    }
}

impl Member {
    fn read(&mut self, info: &ParticipantInfo) {
        let permission: Permission = info.permission.clone().unwrap_or_default();
        self.sid.clone_from(&info.sid);
        self.identity.clone_from(&info.identity);
        self.name.clone_from(&info.name);
        self.is_active = info.state() == ParticipantState::Active;
        self.is_agent = permission.agent || info.kind() == ParticipantKind::Agent;
        self.is_hidden = permission.hidden;
        let audio = info.tracks.iter().find(|track| track.kind() == TrackType::Audio);
        self.audio = audio.map(|track| track.sid.clone());
    }

    const fn is_shown(&self) -> bool {
        self.is_active && !self.is_hidden
    }

    fn participant(&self) -> Participant {
        Participant { id: self.identity.clone(), name: self.name.clone(), local: false }
    }
}

#[cfg(test)]
mod tests;
