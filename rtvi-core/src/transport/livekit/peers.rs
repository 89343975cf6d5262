//! The peer connections of a session: one, or two with an older server, and their data channels.

mod events;

use std::{collections::VecDeque, sync::Arc};

use bytes::{Bytes, BytesMut};
use tokio::{sync::mpsc, task::JoinSet};
use webrtc::{
    data_channel::{DataChannel, RTCDataChannelInit},
    rtp_transceiver::RTCRtpTransceiverDirection,
};

use crate::{
    error::{Error, ErrorKind},
    log,
    transport::rtc::{
        media::{Gauge, Media},
        peer::{Channel, Codec, LocalTrack, Peer, PeerConfig, Section, Shape},
        sdp::{self, Accepted, Heard},
    },
};

use super::{join::Mode, session::Wanted, wire::SignalTarget};

pub(super) use events::PeersEvent;

/// The data channel for messages that arrive and keep their order.
const RELIABLE: &str = "_reliable";
/// The one for messages that may be lost. The client uses none, but without the channel the server
/// does not count the client as connected.
const LOSSY: &str = "_lossy";
/// The peer connections.
pub(super) struct Peers {
    publisher: Peer,
    /// The connection on which an older server sends.
    subscriber: Option<Peer>,
    microphone: LocalTrack,
    reliable: Watched,
    lossy: Watched,
    /// Packets of the bot.
    media: mpsc::Receiver<Media>,
    /// The channel on which an older server sends messages.
    inbound: Option<Arc<dyn DataChannel>>,
    /// A channel that the server opened and that was not looked at yet.
    unnamed: VecDeque<Arc<dyn DataChannel>>,
    has_reported_channels: bool,
    has_connected: bool,
    /// Our last offer.
    offer: String,
    /// Read the channels that nobody needs.
    drains: JoinSet<()>,
}

/// A data channel of ours, and whether it is open.
struct Watched {
    channel: Arc<dyn DataChannel>,
    is_open: bool,
}

impl Peers {
    /// Makes the connections; nothing is sent yet. `config` makes the configuration of one with a
    /// shape.
    pub(super) async fn new(
        mode: Mode,
        discontinuous: bool,
        config: impl Fn(Shape) -> PeerConfig,
    ) -> Result<Self, Error> {
        let spare = (mode == Mode::Single)
            .then(|| section(RTCRtpTransceiverDirection::Recvonly, "bot", discontinuous));
        let microphone = section(RTCRtpTransceiverDirection::Sendonly, "microphone", discontinuous);
        let sections = [microphone].into_iter().chain(spare).collect();
        let lossy = RTCDataChannelInit { ordered: false, max_retransmits: Some(0), ..Default::default() };
        let channel = |label, reliability| Channel { label, reliability };
        let channels = vec![channel(RELIABLE, RTCDataChannelInit::default()), channel(LOSSY, lossy)];
        let mut publisher = Peer::new(config(shape(sections, channels, discontinuous))).await?;
        let mut subscriber = match mode {
            Mode::Single => None,
            Mode::Dual => Some(Peer::new(config(shape(Vec::new(), Vec::new(), discontinuous))).await?),
        };
        let receiver = subscriber.as_mut().unwrap_or(&mut publisher);
        // The other connection receives none.
        let media = std::mem::replace(&mut receiver.media, mpsc::channel(1).1);
        let missing = || Error::new(ErrorKind::Internal, "the peer connection lacks a channel or its track");
        let lossy = publisher.channels.pop().ok_or_else(missing)?;
        let reliable = publisher.channels.pop().ok_or_else(missing)?;
        let microphone = publisher.tracks.pop().ok_or_else(missing)?;
        let watched = |channel| Watched { channel, is_open: false };
        let peers = Self {
            publisher,
            subscriber,
            microphone,
            reliable: watched(reliable),
            lossy: watched(lossy),
            media,
            inbound: None,
            unnamed: VecDeque::new(),
            has_reported_channels: false,
            has_connected: false,
            offer: String::new(),
            drains: JoinSet::new(),
        };
        // Until the bot is known, nobody is heard.
        peers.gauge().hear(Heard::Nothing);
        Ok(peers)
    }

    /// The connection on which the bot's audio arrives.
    fn receiver(&self) -> &Peer {
        self.subscriber.as_ref().unwrap_or(&self.publisher)
    }

    /// The gauge of the bot's audio.
    pub(super) fn gauge(&self) -> &Arc<Gauge> {
        &self.receiver().gauge
    }

    /// The track of the user's audio.
    pub(super) fn microphone(&self) -> LocalTrack {
        self.microphone.clone()
    }

    /// Plays the participant with this sid and nobody else. Streams are named `PA_…|TR_…`, for the
    /// participant and the track.
    pub(super) fn hear(&self, sid: &str) {
        self.gauge().hear(Heard::Streams(format!("{sid}|")));
    }

    /// Makes an offer with what is wanted, and applies it.
    pub(super) async fn offer(&mut self, wanted: Wanted, discontinuous: bool) -> Result<String, Error> {
        for _ in 0..wanted.sections {
            let section = section(RTCRtpTransceiverDirection::Recvonly, "bot", discontinuous);
            self.publisher.add_section(&section).await?;
        }
        if wanted.restart {
            self.publisher.restart_ice().await?;
        }
        self.publisher.offer().await?;
        self.offer = self.publisher.offer_sdp().await?;
        Ok(self.offer.clone())
    }

    /// Applies the server's answer to the last offer.
    pub(super) async fn accept(&self, answer: &str) -> Result<Accepted, Error> {
        let accepted = sdp::read_answer(answer, &self.offer, super::MAX_INCOMING).map_err(|what| {
            Error::new(ErrorKind::Protocol, format!("the server's answer is not usable: {what}"))
        })?;
        self.publisher.accept(&accepted).await?;
        Ok(accepted)
    }

    /// Answers an offer of the server.
    pub(super) async fn answer(&self, offer: &str) -> Result<String, Error> {
        match &self.subscriber {
            Some(subscriber) => subscriber.answer(offer).await,
            None => Err(Error::new(ErrorKind::Protocol, "the server made an offer; the client makes them")),
        }
    }

    pub(super) async fn add_candidate(&self, target: SignalTarget, candidate: &str) {
        match (target, &self.subscriber) {
            (SignalTarget::Subscriber, Some(subscriber)) => subscriber.add_candidate(candidate).await,
            (SignalTarget::Subscriber, None) => log::debug!("a candidate for no connection, ignored"),
            (SignalTarget::Publisher, _) => self.publisher.add_candidate(candidate).await,
        }
    }

    /// Sends a packet. The session keeps it until the server has it.
    pub(super) async fn send(&self, packet: &Bytes) {
        if let Err(error) = self.reliable.channel.try_send(BytesMut::from(&packet[..])).await {
            log::warn!(%error, "a message could not be sent yet");
        }
    }

    /// How many bytes of messages the server has not confirmed.
    pub(super) async fn unconfirmed(&self) -> Option<usize> {
        self.reliable.channel.outstanding_bytes().await.ok()
    }

    pub(super) async fn stats(&self, now: std::time::Instant) -> rtc::statistics::report::RTCStatsReport {
        self.publisher.stats(now).await
    }

    /// Waits a little until the server has confirmed the last messages.
    pub(super) async fn flush(&self) {
        crate::transport::rtc::last_words(&*self.reliable.channel, None).await;
    }

    /// Closes the connections.
    pub(super) async fn close(self) {
        let Self { publisher, subscriber, .. } = self;
        publisher.close().await;
        if let Some(subscriber) = subscriber {
            subscriber.close().await;
        }
    }
}

fn section(direction: RTCRtpTransceiverDirection, name: &'static str, discontinuous: bool) -> Section {
    Section { codec: Codec::opus(discontinuous), direction, name }
}

fn shape(sections: Vec<Section>, channels: Vec<Channel>, discontinuous: bool) -> Shape {
    let max_incoming = super::MAX_INCOMING;
    Shape { sections, later: vec![Codec::opus(discontinuous)], channels, max_incoming }
}
