//! One session in a room with everything that belongs to it: executes what the session decides.

mod turn;

use std::sync::Arc;

use tokio::time::Instant;

use crate::{
    error::Error,
    log,
    media::{AudioFrame, Playout},
    transport::{
        CloseReason, TransportEvent,
        backlog::Backlog,
        rtc::{
            audio::{Arrival, AudioStreams},
            media::Media,
            sdp::Accepted,
        },
    },
};

use super::{
    Setup,
    join::Mode,
    peers::{Peers, PeersEvent},
    session::{Action, Input, Session, Wanted},
    signal::Signal,
    wire::{DisconnectReason, IceServer, LeaveRequest, RequestKind},
};

/// A session that runs.
pub(super) struct Call {
    pub(super) session: Session,
    pub(super) signal: Option<Signal>,
    pub(super) peers: Option<Peers>,
    /// What waits for the client.
    pub(super) backlog: Backlog,
    setup: Setup,
    speaker: Arc<Playout>,
    /// Once the server has answered an offer.
    audio: Option<AudioStreams>,
    heard_audio: bool,
    second_due: Instant,
    drops_due: Instant,
}

/// Something that happens to a session.
pub(super) enum CallEvent {
    /// For the session.
    Input(Input),
    /// A packet that may be the bot's audio.
    Media(Media),
    /// A frame of the microphone.
    Microphone(AudioFrame),
    /// Time passed.
    Turn(Instant),
}

impl From<PeersEvent> for CallEvent {
    fn from(event: PeersEvent) -> Self {
        match event {
            PeersEvent::Input(input) => Self::Input(input),
            PeersEvent::Media(media) => Self::Media(media),
        }
    }
}

impl Call {
    pub(super) fn new(setup: Setup, backlog: Backlog, speaker: Arc<Playout>, now: Instant) -> Self {
        let session = Session::new(setup.settings(), now);
        Self {
            session,
            signal: None,
            peers: None,
            backlog,
            setup,
            speaker,
            audio: None,
            heard_audio: false,
            second_due: now,
            drops_due: now,
        }
    }

    /// Does what an event asks for; the reason when the connection has ended.
    pub(super) async fn handle(&mut self, event: CallEvent) -> Option<CloseReason> {
        match event {
            CallEvent::Input(input) => self.session.handle(Instant::now(), input),
            CallEvent::Media(media) => self.on_media(media),
            CallEvent::Microphone(frame) => self.on_microphone(&frame).await,
            CallEvent::Turn(now) => self.on_turn(now).await,
        }
        self.act().await
    }

    /// Executes what the session decided.
    pub(super) async fn act(&mut self) -> Option<CloseReason> {
        while let Some(action) = self.session.poll_action() {
            match action {
                Action::Dial(dial) => self.signal = Some(Signal::open(&dial, &self.setup.tls)),
                Action::Request(request) => self.request(request),
                Action::Prepare { ice_servers, mode } => self.prepare(&ice_servers, mode).await,
                Action::Offer(wanted) => self.offer(wanted).await,
                Action::Accept(answer) => self.accept(&answer).await,
                Action::Answer { id, offer } => self.answer(id, &offer).await,
                Action::Candidate(target, candidate) => {
                    if let Some(peers) = &self.peers {
                        peers.add_candidate(target, &candidate).await;
                    }
                }
                Action::Packet(packet) => {
                    if let Some(peers) = &self.peers {
                        peers.send(&packet).await;
                    }
                }
                Action::Hear(sid) => self.hear(&sid),
                Action::Remember(token) => self.setup.memory.remember(&self.setup.target, token),
                Action::Report(event) => self.report(event),
                Action::End(reason) => return Some(reason),
            }
        }
        None
    }

    fn request(&mut self, request: RequestKind) {
        let taken = self.signal.as_ref().is_some_and(|signal| signal.send(request));
        if !taken {
            let text = "the server takes no more signalling messages".to_owned();
            self.session.handle(Instant::now(), Input::SocketLost(text));
        }
    }

    async fn prepare(&mut self, ice_servers: &[IceServer], mode: Mode) {
        let discontinuous = self.setup.options.opus.discontinuous;
        let made = match self.setup.ice_servers(ice_servers) {
            Ok(ice_servers) => {
                Peers::new(mode, discontinuous, |shape| self.setup.peer_config(shape, &ice_servers)).await
            }
            Err(error) => Err(error),
        };
        let input = match made {
            Ok(peers) => {
                self.peers = Some(peers);
                Input::Prepared
            }
            Err(error) => Input::NoPath(error),
        };
        self.session.handle(Instant::now(), input);
    }

    async fn offer(&mut self, wanted: Wanted) {
        let Some(peers) = &mut self.peers else { return };
        let input = match peers.offer(wanted, self.setup.options.opus.discontinuous).await {
            Ok(offer) => Input::Offered(offer),
            Err(error) => Input::Accepted(Err(error)),
        };
        self.session.handle(Instant::now(), input);
    }

    async fn accept(&mut self, answer: &str) {
        let Some(peers) = &self.peers else { return };
        let accepted = peers.accept(answer).await;
        let result = accepted.and_then(|accepted| self.begin_audio(&accepted));
        self.session.handle(Instant::now(), Input::Accepted(result));
    }

    fn begin_audio(&mut self, accepted: &Accepted) -> Result<(), Error> {
        let Some(peers) = &self.peers else { return Ok(()) };
        if let Some(audio) = &mut self.audio {
            audio.set_payload_type(accepted.opus);
            return Ok(());
        }
        let options = self.setup.options.opus.agreed(accepted.takes_fec);
        let ends = (peers.microphone(), Arc::clone(peers.gauge()));
        let speaker = Arc::clone(&self.speaker);
        let opus = (options, self.setup.options.shared.as_ref());
        self.audio = Some(AudioStreams::new(opus, accepted.opus, ends, speaker, Instant::now())?);
        Ok(())
    }

    async fn answer(&mut self, id: u32, offer: &str) {
        let Some(peers) = &self.peers else { return };
        let answer = peers.answer(offer).await;
        self.session.handle(Instant::now(), Input::Answered(id, answer));
    }

    fn hear(&self, sid: &str) {
        if let Some(peers) = &self.peers {
            peers.hear(sid);
        }
    }

    fn on_media(&mut self, media: Media) {
        let Some(audio) = &mut self.audio else { return };
        let is_played = audio.receive(Instant::now(), media) == Arrival::Played;
        if is_played && !self.heard_audio {
            self.heard_audio = true;
            self.report(TransportEvent::BotAudioStarted);
        }
    }

    /// What the user says while the track is muted, or before the bot can hear it, is not sent.
    async fn on_microphone(&mut self, frame: &AudioFrame) {
        if let Some(audio) = self.audio.as_mut().filter(|_| self.session.sends_audio()) {
            audio.send(Instant::now(), frame).await;
        }
    }

    /// Reports an event to the client, in order.
    fn report(&mut self, event: TransportEvent) {
        self.backlog.push(event);
    }

    /// Leaves the room, closes everything, and returns the events that wait for the client. With
    /// `waits`, it first waits until the last sent message has arrived.
    pub(super) async fn close(self, waits: bool) -> Backlog {
        let Self { peers, signal, backlog, .. } = self;
        if waits && let Some(peers) = &peers {
            peers.flush().await;
        }
        if let Some(signal) = signal {
            let reason = DisconnectReason::ClientInitiated.into();
            if !signal.send(RequestKind::Leave(LeaveRequest { reason, action: 0 })) {
                log::debug!("the server was not told that the client leaves");
            }
            signal.close().await;
        }
        if let Some(peers) = peers {
            peers.close().await;
        }
        backlog
    }
}
