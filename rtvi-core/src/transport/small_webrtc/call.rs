//! One open connection: what is under way on it, and what each event means.

mod turn;

use std::sync::Arc;

use futures_util::{future::BoxFuture, stream};
use tokio::time::Instant;
use webrtc::data_channel::{DataChannel, DataChannelEvent};

use crate::{
    error::{Error, ErrorKind},
    log,
    media::{AudioFrame, Playout},
    transport::{
        CloseReason, Participant, TransportCommand, TransportEvent,
        backlog::Backlog,
        rtc::{
            audio::{Arrival, AudioStreams},
            last_words,
            media::Media,
            peer::{Peer, PeerEvent},
            sdp::Accepted,
        },
    },
};

use super::{
    call_event::CallEvent,
    exchange::{Endpoint, Trickle},
    health::Health,
    last_messages,
    opening::{self, Open, Setup},
    signalling::{self, Incoming, MICROPHONE},
    video::{self, Video},
};

/// An open connection with everything that belongs to it.
pub(super) struct PeerCall {
    pub(super) peer: Peer,
    pub(super) channel: Arc<dyn DataChannel>,
    pub(super) trickle: Trickle,
    /// What waits for the client.
    pub(super) backlog: Backlog,
    /// A message that the data channel has no room for yet.
    pub(super) sending: Option<BoxFuture<'static, webrtc::error::Result<()>>>,
    /// A renewed offer on its way.
    pub(super) renegotiation: Option<BoxFuture<'static, Result<Accepted, Error>>>,
    /// A look at whether the server's port still takes connections.
    pub(super) probe: Option<BoxFuture<'static, Option<bool>>>,
    endpoint: Arc<Endpoint>,
    /// The server's name for the connection, if it gave one.
    pc_id: Option<String>,
    max_message_size: usize,
    audio: AudioStreams,
    pub(super) video: Video,
    /// What the answer to the first offer has refused.
    unsupported: Option<String>,
    health: Health,
    begin: Instant,
    heard_audio: bool,
    /// Bytes the server had not confirmed when last looked at; `None` when nothing was sent since.
    unconfirmed: Option<usize>,
    health_due: Instant,
    second_due: Instant,
}

impl PeerCall {
    pub(super) fn new(
        setup: Setup,
        open: Open,
        backlog: Backlog,
        speaker: Arc<Playout>,
        now: Instant,
    ) -> Result<Self, Error> {
        let Open { mut peer, channel, microphone, video_tracks, trickle, pc_id, accepted } = open;
        let mut video = setup.video.start(&mut peer, video_tracks, microphone.ssrc, now);
        let unsupported = video.accept(&accepted);
        let ends = (microphone, Arc::clone(&peer.gauge));
        let opus = (setup.options.opus.agreed(accepted.takes_fec), setup.options.shared.as_ref());
        let audio = AudioStreams::new(opus, accepted.opus, ends, speaker, now)?;
        Ok(Self {
            peer,
            channel,
            trickle,
            backlog,
            sending: None,
            renegotiation: None,
            probe: None,
            endpoint: setup.endpoint,
            pc_id,
            max_message_size: accepted.max_message_size,
            audio,
            video,
            unsupported,
            health: Health::new(setup.options.stall_timeout, now),
            begin: now,
            heard_audio: false,
            unconfirmed: None,
            health_due: now + turn::HEALTH_PERIOD,
            second_due: now + turn::SECOND,
        })
    }

    /// Tells the server what it must know at once, and the client that the connection is open.
    pub(super) async fn begin(&mut self, mic_enabled: bool) {
        self.try_send(self.keep_alive(Instant::now())).await;
        self.try_send(signalling::track_status(MICROPHONE, mic_enabled)).await;
        for status in self.video.status() {
            self.try_send(status).await;
        }
        if self.max_message_size < super::MAX_OUTGOING {
            self.report(TransportEvent::MaxMessageSize(self.max_message_size));
        }
        let id = self.pc_id.clone().unwrap_or_else(|| "bot".to_owned());
        let bot = Participant { id, name: "bot".into(), local: false };
        self.report(TransportEvent::Opened { bot });
        if let Some(feature) = self.unsupported.take() {
            self.report(TransportEvent::UnsupportedFeature(feature));
        }
    }

    /// Does what an event asks for; the reason when the connection has ended.
    pub(super) async fn handle(&mut self, event: CallEvent) -> Option<CloseReason> {
        match event {
            CallEvent::Command(command) => self.on_command(command).await,
            CallEvent::Microphone(frame) => self.on_microphone(frame).await,
            CallEvent::Peer(event) => self.on_peer(event).await,
            CallEvent::Channel(event) => self.on_channel(event).await,
            CallEvent::Media(media) => self.on_media(media),
            CallEvent::Video(event) => self.on_video(event).await,
            CallEvent::Sent(result) => self.on_sent(result).await,
            CallEvent::Answered(answer) => self.on_answered(answer).await,
            CallEvent::Probed(listening) => on_probed(listening),
            CallEvent::Turn(now) => self.on_turn(now).await,
        }
    }

    async fn on_command(&mut self, command: Option<TransportCommand>) -> Option<CloseReason> {
        match command {
            Some(TransportCommand::Send(text)) => self.send(text),
            Some(TransportCommand::MicEnabled(on)) => {
                self.try_send(signalling::track_status(MICROPHONE, on)).await;
            }
            // Pipecat's server does not restart ICE, so the call can't be moved: a new one takes
            // its place.
            Some(TransportCommand::NetworkChanged) => return Some(lost("the network changed")),
            Some(TransportCommand::Close) | None => return Some(CloseReason::Requested),
        }
        None
    }

    /// Sends a message as soon as there is room. One over the limit is dropped; the client does not
    /// let it come so far.
    ///
    /// A keep-alive ping goes just before it, in the same packet: Pipecat passes on no message that
    /// arrives when the last keep-alive ping is 3 s old, which it is when the message got lost on
    /// the way and had to be repeated.
    fn send(&mut self, text: String) {
        if text.len() > self.max_message_size.min(super::MAX_OUTGOING) {
            log::warn!(bytes = text.len(), "message too large for the server, dropped");
            return;
        }
        self.unconfirmed.get_or_insert(usize::MAX);
        let channel = Arc::clone(&self.channel);
        let keep_alive = self.keep_alive(Instant::now());
        self.sending = Some(Box::pin(async move {
            channel.send_text(&keep_alive).await?;
            channel.send_text(&text).await
        }));
    }

    /// Sends something that matters only now: when there is no room, it is not sent.
    async fn try_send(&mut self, text: String) {
        self.unconfirmed.get_or_insert(usize::MAX);
        if let Err(error) = self.channel.try_send_text(&text).await {
            log::debug!(%error, "a keep-alive ping was not sent");
        }
    }

    fn keep_alive(&self, now: Instant) -> String {
        let millis = now.saturating_duration_since(self.begin).as_millis();
        signalling::ping(u64::try_from(millis).unwrap_or(u64::MAX))
    }

    async fn on_sent(&mut self, result: webrtc::error::Result<()>) -> Option<CloseReason> {
        match result {
            Ok(()) => None,
            Err(webrtc::error::Error::ErrDataChannelClosed) => {
                Some(self.closed("the data channel is closed").await)
            }
            Err(error) => {
                log::warn!(%error, "a message was not sent");
                None
            }
        }
    }

    async fn on_microphone(&mut self, frame: Option<AudioFrame>) -> Option<CloseReason> {
        if let Some(frame) = frame {
            self.audio.send(Instant::now(), &frame).await;
        }
        None
    }

    async fn on_peer(&mut self, event: Option<PeerEvent>) -> Option<CloseReason> {
        match event {
            Some(PeerEvent::Candidate(candidate)) => self.trickle.add(candidate),
            Some(PeerEvent::Gathered) => log::debug!("all candidates are known"),
            // What is heard, or not, says more.
            Some(PeerEvent::Connected | PeerEvent::Disconnected) => {}
            Some(PeerEvent::Failed) => return Some(lost("the network path to the server is gone")),
            Some(PeerEvent::Refused(_)) => log::debug!("a handshake on the side was refused"),
            Some(PeerEvent::RelayLost(error)) => return Some(lost(error.message())),
            Some(PeerEvent::ChannelOpened(_)) => return Some(CloseReason::Lost(opening::foreign_channel())),
            Some(PeerEvent::Closed) | None => {
                return Some(self.closed("the server closed the connection").await);
            }
        }
        None
    }

    /// The server closed the connection: it has left when it said so, and is lost when not.
    async fn closed(&mut self, how: &str) -> CloseReason {
        let rest = stream::unfold(Arc::clone(&self.channel), async |channel| {
            let event = channel.poll().await?;
            Some((event, channel))
        });
        let keep = |message| event(message).into_iter().for_each(|event| self.backlog.push(event));
        if last_messages::have_peer_left(rest, keep).await {
            return bot_left();
        }
        lost(how)
    }

    async fn on_channel(&mut self, event: Option<DataChannelEvent>) -> Option<CloseReason> {
        match event {
            Some(DataChannelEvent::OnMessage(message)) => {
                self.health.heard_message(Instant::now());
                self.on_message(signalling::read(message.data.freeze())).await
            }
            Some(DataChannelEvent::OnClose) | None => {
                Some(self.closed("the server closed the data channel").await)
            }
            Some(_) => None,
        }
    }

    async fn on_message(&mut self, message: Incoming) -> Option<CloseReason> {
        match message {
            Incoming::Renegotiate => self.renegotiate().await,
            Incoming::PeerLeft => return Some(bot_left()),
            other => event(other).into_iter().for_each(|event| self.report(event)),
        }
        None
    }

    /// Makes a new offer on the same connection, because the server asked for it. Without a name
    /// for the connection, an offer would begin another one.
    async fn renegotiate(&mut self) {
        if self.renegotiation.is_some() {
            return;
        }
        let Some(pc_id) = self.pc_id.clone() else {
            log::warn!("the server wants a new offer, but its answer had no 'pc_id' to send one for");
            return;
        };
        let offer = match self.peer.offer().await {
            Ok(()) => self.peer.offer_sdp().await,
            Err(error) => Err(error),
        };
        let endpoint = Arc::clone(&self.endpoint);
        match offer {
            Ok(offer) => {
                self.renegotiation = Some(Box::pin(async move {
                    let answer = endpoint.offer(&offer, Some(&pc_id), false).await?;
                    endpoint.accepted(&answer, &offer)
                }));
            }
            Err(error) => log::warn!(%error, "the server wants a new offer, but none can be made"),
        }
    }

    /// A renegotiation that fails changes nothing: the connection stays as it was.
    async fn on_answered(&mut self, answer: Result<Accepted, Error>) -> Option<CloseReason> {
        let taken = match &answer {
            Ok(accepted) => self.peer.accept(accepted).await.map(|()| accepted),
            Err(error) => Err(error.clone()),
        };
        match taken {
            Ok(accepted) => {
                self.audio.set_payload_type(accepted.opus);
                let unsupported = self.video.accept(accepted);
                unsupported
                    .into_iter()
                    .for_each(|feature| self.report(TransportEvent::UnsupportedFeature(feature)));
            }
            Err(error) => log::warn!(%error, "the renegotiation that the server asked for failed"),
        }
        None
    }

    fn on_media(&mut self, media: Option<Media>) -> Option<CloseReason> {
        let now = Instant::now();
        let arrival = media.map(|media| self.audio.receive(now, media));
        if matches!(arrival, Some(Arrival::Played | Arrival::Second)) {
            self.health.heard_audio(now);
        }
        if arrival == Some(Arrival::Played) && !self.heard_audio {
            self.heard_audio = true;
            self.report(TransportEvent::BotAudioStarted);
        }
        None
    }

    async fn on_video(&mut self, event: video::Event) -> Option<CloseReason> {
        if let Some(announcement) = self.video.announcement(&event) {
            self.try_send(announcement).await;
        }
        self.video.handle(Instant::now(), event).await;
        None
    }

    /// Reports an event to the client, in order.
    fn report(&mut self, event: TransportEvent) {
        self.backlog.push(event);
    }

    /// Closes the connection and returns the events that wait for the client. With `waits`, it
    /// first waits until the last sent message has arrived.
    pub(super) async fn close(self, waits: bool) -> Backlog {
        let Self { peer, channel, backlog, sending, .. } = self;
        if waits {
            last_words(&*channel, sending).await;
        }
        peer.close().await;
        backlog
    }
}

/// Nobody listens on the server's port: with its audio missing, too, it is gone.
fn on_probed(listening: Option<bool>) -> Option<CloseReason> {
    (listening == Some(false)).then(|| lost("the server is gone: it sends nothing and refuses connections"))
}

/// What a message tells the client; nothing when it is for the transport.
fn event(message: Incoming) -> Option<TransportEvent> {
    match message {
        Incoming::Message(text) => Some(TransportEvent::Message(text)),
        Incoming::Unknown(kind) => {
            Some(TransportEvent::Unreadable(format!("unknown signalling message '{kind}'")))
        }
        Incoming::Renegotiate | Incoming::PeerLeft => None,
    }
}

fn bot_left() -> CloseReason {
    CloseReason::BotLeft { code: None, reason: String::new() }
}

fn lost(text: &str) -> CloseReason {
    CloseReason::Lost(Error::new(ErrorKind::ConnectionLost, text))
}
