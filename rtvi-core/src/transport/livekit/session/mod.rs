//! The state machine of one session in a room: signalling, negotiation, messages and resume.
//!
//! Pure: inputs are facts, outputs are actions, and time is an argument. It decides everything about
//! a session; whoever owns it executes the actions and nothing else. A session that lost its socket
//! or its network path is resumed in place, so that the bot does not notice.

mod io;
mod leave;
mod link;
mod media;
mod messages;
mod microphone;
mod negotiation;
mod opening;
mod rate;
mod recovery;
mod room_changes;
mod signalling;

use std::{collections::VecDeque, time::Duration};

use tokio::time::Instant;
use url::Url;

use crate::{
    error::{Error, ErrorKind, Phase},
    log,
    transport::{CloseReason, TransportCommand, TransportEvent},
};

use super::{
    join::Token,
    room::{BOT_WAIT, Room},
    wire::{self, ChannelInfo, RequestKind},
};

pub(super) use io::{Action, Dial, Input, Path, Wanted};
use link::Link;
use media::Media;
use messages::{Incoming, Outgoing};
use microphone::Microphone;
use opening::Opening;
use recovery::Recovery;

/// How many requests wait for the next socket: subscriptions. Further ones are dropped.
const MAX_HELD: usize = 32;

/// What a session begins with.
pub(super) struct Settings {
    pub(super) url: Url,
    pub(super) token: Token,
    pub(super) bot_identity: Option<String>,
    pub(super) mic_enabled: bool,
    pub(super) open_timeout: Duration,
    pub(super) stall_timeout: Duration,
    pub(super) resume_timeout: Duration,
}

/// One session in a room.
#[derive(Debug)]
pub(super) struct Session {
    link: Link,
    redirects: u32,
    media: Media,
    recovery: Recovery,
    microphone: Microphone,
    room: Room,
    /// When a participant who is no agent may be taken for the bot.
    settles: Option<Instant>,
    opening: Opening,
    /// The identity of the last bot.
    bot: String,
    /// The sid of the participant that is heard.
    heard: String,
    channels: Option<Vec<ChannelInfo>>,
    outgoing: Outgoing,
    incoming: Incoming,
    held: Vec<RequestKind>,
    is_open: bool,
    has_ended: bool,
    actions: VecDeque<Action>,
}

impl Session {
    /// A session that begins to dial.
    pub(super) fn new(settings: Settings, now: Instant) -> Self {
        let mut link = Link::new(settings.url, settings.token, settings.stall_timeout, now);
        let dial = Action::Dial(link.dial(now));
        Self {
            link,
            redirects: 0,
            media: Media::new(now),
            recovery: Recovery::new(settings.resume_timeout, now),
            microphone: Microphone::new(settings.mic_enabled),
            room: Room::new(settings.bot_identity),
            settles: None,
            opening: Opening::new(now, settings.open_timeout),
            bot: String::new(),
            heard: String::new(),
            channels: None,
            outgoing: Outgoing::default(),
            incoming: Incoming::default(),
            held: Vec::new(),
            is_open: false,
            has_ended: false,
            actions: [dial].into(),
        }
    }

    /// Takes what happened at `now`. After the end, nothing happens.
    pub(super) fn handle(&mut self, now: Instant, input: Input) {
        if self.has_ended {
            return;
        }
        match input {
            Input::Refused(error) => self.on_refused(now, error),
            Input::SocketLost(text) => self.on_socket_lost(now, text),
            Input::Response(response) => self.on_response(now, response),
            Input::Heard => self.link.heard(now),
            Input::Prepared => self.on_prepared(),
            Input::Offered(sdp) => self.on_offered(now, sdp),
            Input::Accepted(result) => self.on_accepted(result),
            Input::Answered(id, result) => self.on_answered(id, result),
            Input::Candidate(target, candidate) => self.on_candidate(target, &candidate),
            Input::Path(target, path) => self.on_path(now, target, path),
            Input::NoPath(error) => self.on_no_path(now, error),
            Input::ChannelsOpen(channels) => self.channels = Some(channels),
            Input::Packet(packet) => self.on_packet(packet),
            Input::Unconfirmed(bytes) => self.outgoing.unconfirmed(bytes),
            Input::Command(command) => self.on_command(now, command),
            Input::Tick => self.on_tick(now),
        }
        self.follow_up(now);
    }

    /// The next thing to do.
    pub(super) fn poll_action(&mut self) -> Option<Action> {
        self.actions.pop_front()
    }

    /// Whether the connection was reported as open. Until then, messages stay in the data channels.
    pub(super) const fn is_open(&self) -> bool {
        self.is_open
    }

    /// Whether there is room for a further message to the bot.
    pub(super) fn takes_messages(&self) -> bool {
        self.outgoing.has_room()
    }

    /// Whether the user's audio may be sent.
    pub(super) const fn sends_audio(&self) -> bool {
        self.microphone.sends()
    }

    /// Whether the server has not confirmed all messages.
    pub(super) fn has_unconfirmed(&self) -> bool {
        !self.outgoing.is_empty()
    }

    fn on_command(&mut self, now: Instant, command: TransportCommand) {
        match command {
            TransportCommand::Send(text) => self.send(text),
            TransportCommand::MicEnabled(enabled) => self.on_mic_enabled(enabled),
            TransportCommand::NetworkChanged => self.on_network_changed(now),
            TransportCommand::Close => self.end(CloseReason::Requested),
        }
    }

    /// One over the limit is dropped; the client does not let it come so far.
    fn send(&mut self, text: String) {
        if !self.is_open || text.len() > super::MAX_OUTGOING {
            log::warn!(bytes = text.len(), open = self.is_open, "message can't be sent, dropped");
            return;
        }
        let packet = self.outgoing.add(text, &self.bot);
        self.act(Action::Packet(packet));
    }

    fn on_mic_enabled(&mut self, enabled: bool) {
        let was_muted = self.microphone.is_muted_by_server();
        if let Some(mute) = self.microphone.set_enabled(enabled) {
            self.request(mute);
        }
        self.on_microphone_changed(was_muted);
    }

    /// The microphone may have been muted by somebody else, or no longer be.
    fn on_microphone_changed(&mut self, was_muted: bool) {
        let muted = self.microphone.is_muted_by_server();
        if self.is_open && muted != was_muted {
            self.report(TransportEvent::MicMuted(muted));
        }
    }

    fn on_packet(&mut self, packet: bytes::Bytes) {
        let packet = match wire::decode_packet(packet) {
            Ok(packet) => packet,
            Err(text) => return self.report(TransportEvent::Unreadable(format!("a data packet: {text}"))),
        };
        let Some(wire::PacketValue::User(message)) = packet.value else { return };
        if !self.room.accepts(&packet.participant_identity) {
            log::debug!("a message of a participant who is not the bot, ignored");
        } else if self.incoming.is_new(&packet.participant_sid, packet.sequence) {
            self.report(TransportEvent::Message(message.payload));
        }
    }

    fn on_tick(&mut self, now: Instant) {
        if self.settles.is_some_and(|at| now >= at) {
            self.settles = None;
            self.room.settle();
        }
        self.keep_alive(now);
    }

    /// Does what has become possible.
    fn follow_up(&mut self, now: Instant) {
        self.take_room_changes();
        self.negotiate(now);
        self.look_for_trouble(now);
        self.open(now);
    }

    /// Sends a request, or keeps it for the next socket if nothing else repeats it.
    fn request(&mut self, request: RequestKind) {
        if self.link.is_up() {
            self.act(Action::Request(request));
        } else if matches!(request, RequestKind::Subscription(_)) && self.held.len() < MAX_HELD {
            self.held.push(request);
        }
    }

    fn report(&mut self, event: TransportEvent) {
        self.act(Action::Report(event));
    }

    fn act(&mut self, action: Action) {
        self.actions.push_back(action);
    }

    /// Ends the connection because of an error.
    fn fail(&mut self, error: Error) {
        self.end(if self.is_open {
            CloseReason::Lost(error)
        } else {
            CloseReason::OpenFailed(error.in_phase(Phase::TransportOpen))
        });
    }

    fn violation(&mut self, text: String) {
        self.fail(Error::new(ErrorKind::Protocol, text));
    }

    fn end(&mut self, reason: CloseReason) {
        if !self.has_ended {
            self.has_ended = true;
            self.act(Action::End(reason));
        }
    }
}

#[cfg(test)]
mod tests;
