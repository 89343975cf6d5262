//! What the server's messages mean.

use tokio::time::Instant;

use crate::{
    log,
    transport::{
        CloseReason,
        livekit::{
            join::Token,
            params::server_url,
            wire::{
                JoinResponse, LeaveRequest, MuteTrack, ParticipantUpdate, ResponseKind, RoomMoved,
                TrackPublished, TrackUnpublished,
            },
        },
    },
};

use super::{Action, BOT_WAIT, Session, leave};

/// How many times the server may send the client to another one.
const MAX_REDIRECTS: u32 = 3;
/// How many STUN and TURN servers are taken from the server.
const MAX_ICE_SERVERS: usize = 16;

impl Session {
    pub(super) fn on_response(&mut self, now: Instant, response: ResponseKind) {
        self.link.heard(now);
        match response {
            ResponseKind::Join(join) => self.on_join(now, join),
            ResponseKind::Answer(answer) => self.on_answer(&answer),
            ResponseKind::Offer(offer) => self.on_offer(now, offer),
            ResponseKind::Trickle(trickle) => self.on_trickle(now, &trickle),
            ResponseKind::Update(ParticipantUpdate { participants }) => self.room.updated(&participants),
            ResponseKind::TrackPublished(published) => self.on_published(published),
            ResponseKind::Leave(leave) => self.on_leave(now, &leave),
            ResponseKind::Mute(mute) => self.on_mute(&mute),
            ResponseKind::RefreshToken(token) => self.on_token(&token),
            ResponseKind::TrackUnpublished(track) => self.on_unpublished(&track),
            ResponseKind::Reconnect(reconnect) => self.on_reconnect(now, &reconnect),
            ResponseKind::Pong(pong) => self.link.pong(now, &pong),
            ResponseKind::RoomMoved(moved) => self.on_moved(&moved),
            ResponseKind::MediaSections(sections) => self.on_sections(&sections),
        }
    }

    fn on_join(&mut self, now: Instant, mut join: JoinResponse) {
        if self.link.has_joined() {
            log::debug!("a second 'join', ignored");
            return;
        }
        let Some(me) = join.participant.take().filter(|me| !me.sid.is_empty()) else {
            return self.on_redirect(now, &join.alternative_url);
        };
        self.link.joined(now, &join, me.sid.clone());
        self.room.joined(&me, &join.other_participants);
        self.settles = Some(now + BOT_WAIT);
        let mode = self.link.mode();
        self.media.set_mode(mode);
        join.ice_servers.truncate(MAX_ICE_SERVERS);
        self.act(Action::Prepare { ice_servers: join.ice_servers, mode });
    }

    /// The server names another one. The token goes there, so the way must be as safe as before.
    fn on_redirect(&mut self, now: Instant, url: &str) {
        self.redirects += 1;
        let Some(url) = server_url(url).ok().filter(|_| !url.is_empty()) else {
            return self.violation("the server's answer to the join names no participant".to_owned());
        };
        if self.redirects > MAX_REDIRECTS {
            return self.violation(format!("the server named another one more than {MAX_REDIRECTS} times"));
        }
        if !self.link.redirect(url) {
            return self.violation("the server named one that is not encrypted".to_owned());
        }
        let dial = self.link.dial(now);
        self.act(Action::Dial(dial));
    }

    fn on_published(&mut self, published: TrackPublished) {
        if let Some(mute) = self.microphone.published(published) {
            self.request(mute);
        }
    }

    fn on_leave(&mut self, now: Instant, leave: &LeaveRequest) {
        match leave::outcome(leave) {
            leave::Outcome::Resume if self.link.has_joined() => {
                self.resume(now, "the server asked for a new connection");
            }
            leave::Outcome::Resume => {
                self.violation("the server wants to resume what did not begin".to_owned())
            }
            leave::Outcome::End(CloseReason::Lost(error)) => self.fail(error),
            leave::Outcome::End(reason) => self.end(reason),
        }
    }

    fn on_mute(&mut self, mute: &MuteTrack) {
        let was_muted = self.microphone.is_muted_by_server();
        if self.microphone.muted(mute) {
            self.on_microphone_changed(was_muted);
        }
    }

    fn on_unpublished(&mut self, track: &TrackUnpublished) {
        let was_muted = self.microphone.is_muted_by_server();
        if self.microphone.unpublished(&track.track_sid) {
            self.on_microphone_changed(was_muted);
        }
    }

    fn on_token(&mut self, token: &str) {
        match Token::new(token) {
            Ok(token) => {
                self.link.set_token(token.clone());
                self.act(Action::Remember(token));
            }
            Err(error) => log::warn!(%error, "the server's new token can't be used"),
        }
    }

    fn on_moved(&mut self, moved: &RoomMoved) {
        let Some(me) = &moved.participant else { return };
        if !moved.token.is_empty() {
            self.on_token(&moved.token);
        }
        self.link.moved(me.sid.clone());
        self.room.joined(me, &moved.other_participants);
    }
}
