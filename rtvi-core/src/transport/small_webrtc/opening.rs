//! From nothing to an open data channel.
//!
//! Has no deadline of its own: the client's deadline for opening a transport drops the future.

use std::{
    sync::{Arc, PoisonError},
    time::Duration,
};

use tokio::time::{Instant, timeout_at};
use webrtc::{
    data_channel::{DataChannel, DataChannelEvent, RTCDataChannelInit},
    rtp_transceiver::RTCRtpTransceiverDirection,
};

use crate::{
    error::{Error, ErrorKind, Phase},
    log,
    transport::{
        TlsOptions,
        rtc::{
            peer::{Channel, Codec, LocalTrack, Peer, PeerConfig, PeerEvent, Section, Shape},
            sdp::{self, Accepted},
        },
    },
};

use super::{
    Memory, SmallWebRtcTransportOptions,
    exchange::{Endpoint, Trickle},
    video::Wanted,
};

/// How long the offer waits for the addresses of the machine itself; they are there at once.
const HOST_CANDIDATES: Duration = Duration::from_millis(100);
/// How long it waits for those of STUN and TURN servers when no later ones are to be sent.
const ALL_CANDIDATES: Duration = Duration::from_secs(2);

/// The name of the data channel, as the official clients call it.
const CHANNEL: &str = "chat";

/// What a connection is opened with.
pub(super) struct Setup {
    pub(super) endpoint: Arc<Endpoint>,
    pub(super) options: SmallWebRtcTransportOptions,
    pub(super) tls: TlsOptions,
    /// The server's name for the connection that this one replaces.
    pub(super) replaces: Option<String>,
    pub(super) memory: Memory,
    pub(super) mic_enabled: bool,
    pub(super) video: Wanted,
}

/// An open connection.
pub(super) struct Open {
    pub(super) peer: Peer,
    pub(super) channel: Arc<dyn DataChannel>,
    pub(super) microphone: LocalTrack,
    /// The tracks of video, in the order of their sections.
    pub(super) video_tracks: Vec<LocalTrack>,
    pub(super) trickle: Trickle,
    pub(super) pc_id: Option<String>,
    pub(super) accepted: Accepted,
}

impl Setup {
    /// Opens a connection, up to the data channel.
    pub(super) async fn open(&self) -> Result<Open, Error> {
        self.open_stages().await.map_err(|error| error.in_phase(Phase::TransportOpen))
    }

    async fn open_stages(&self) -> Result<Open, Error> {
        let mut peer = Peer::new(self.peer_config()).await?;
        let missing =
            || Error::new(ErrorKind::Internal, "the peer connection lacks its channel or its track");
        let channel = peer.channels.pop().ok_or_else(missing)?;
        let mut tracks = std::mem::take(&mut peer.tracks).into_iter();
        let microphone = tracks.next().ok_or_else(missing)?;
        peer.offer().await?;
        self.gather(&mut peer).await?;
        let offer = peer.offer_sdp().await?;
        let answer = self.endpoint.offer(&offer, self.replaces.as_deref(), self.replaces.is_some()).await?;
        let accepted = self.endpoint.accepted(&answer, &offer)?;
        self.remember(answer.pc_id.as_deref());
        peer.accept(&accepted).await?;
        let trickle = Trickle::new(Arc::clone(&self.endpoint), answer.pc_id.clone(), sdp::first_mid(&offer));
        let pc_id = answer.pc_id;
        let video_tracks = tracks.collect();
        let mut open = Open { peer, channel, microphone, video_tracks, trickle, pc_id, accepted };
        open.wait_for_channel().await?;
        Ok(open)
    }

    fn peer_config(&self) -> PeerConfig {
        PeerConfig {
            shape: shape(self.options.opus.discontinuous, &self.video),
            ice_servers: self.endpoint.target.ice_servers.clone(),
            relay_only: self.options.relay_only,
            ice_tcp: self.options.ice_tcp,
            tls: self.tls.clone(),
            shared: self.options.shared.clone(),
        }
    }

    /// Waits for candidates to go with the offer: the more there are, the fewer must be sent later.
    async fn gather(&self, peer: &mut Peer) -> Result<(), Error> {
        let wait = if self.options.wait_for_ice_gathering { ALL_CANDIDATES } else { HOST_CANDIDATES };
        let until = Instant::now() + wait;
        while let Ok(Some(event)) = timeout_at(until, peer.events.recv()).await {
            match event {
                PeerEvent::Gathered => break,
                PeerEvent::RelayLost(error) => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    /// A connection without a name can't be replaced by the next one.
    fn remember(&self, pc_id: Option<&str>) {
        let entry = pc_id.map(|pc_id| (self.endpoint.target.endpoint.clone(), pc_id.to_owned()));
        *self.memory.lock().unwrap_or_else(PoisonError::into_inner) = entry;
    }
}

impl Open {
    async fn wait_for_channel(&mut self) -> Result<(), Error> {
        loop {
            tokio::select! {
                event = self.peer.events.recv() => self.on_event(event)?,
                () = self.trickle.run() => {}
                event = self.channel.poll() => match event {
                    Some(DataChannelEvent::OnOpen) => return Ok(()),
                    Some(DataChannelEvent::OnClose) | None => return Err(failed("the server closed the data channel")),
                    Some(_) => {}
                },
            }
        }
    }

    fn on_event(&mut self, event: Option<PeerEvent>) -> Result<(), Error> {
        match event {
            Some(PeerEvent::Candidate(candidate)) => self.trickle.add(candidate),
            Some(PeerEvent::Gathered) => log::debug!("all candidates are known"),
            Some(PeerEvent::Connected | PeerEvent::Disconnected) => {}
            Some(PeerEvent::Failed) => return Err(failed("no network path to the server was found")),
            Some(PeerEvent::Refused(alert)) => return Err(alert.error()),
            Some(PeerEvent::RelayLost(error)) => return Err(error),
            Some(PeerEvent::ChannelOpened(_)) => return Err(foreign_channel()),
            Some(PeerEvent::Closed) | None => return Err(failed("the server closed the connection")),
        }
        Ok(())
    }
}

/// The sections in the order that the server expects: audio both ways, video, data channel. Without
/// video, one that only receives, as servers expect a section of it.
fn shape(discontinuous: bool, wanted: &Wanted) -> Shape {
    let audio = Section {
        codec: Codec::opus(discontinuous),
        direction: RTCRtpTransceiverDirection::Sendrecv,
        name: "microphone",
    };
    let (mut video, later) = wanted.sections();
    if video.is_empty() {
        let direction = RTCRtpTransceiverDirection::Recvonly;
        video.push(Section { codec: Codec::vp8(), direction, name: "video" });
    }
    let chat = Channel { label: CHANNEL, reliability: RTCDataChannelInit::default() };
    Shape {
        sections: [audio].into_iter().chain(video).collect(),
        later,
        channels: vec![chat],
        max_incoming: super::MAX_INCOMING,
    }
}

/// The error for a server that opens data channels, which no Pipecat server does. What it sends
/// there would be kept for a reader that never comes, so the connection must end.
pub(super) fn foreign_channel() -> Error {
    Error::new(
        ErrorKind::Protocol,
        "the server opened a data channel of its own; there is one, which is ours",
    )
}

fn failed(text: &str) -> Error {
    Error::new(ErrorKind::ConnectionFailed, text)
}
