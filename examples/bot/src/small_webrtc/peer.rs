//! One peer connection: made from an offer, answered with all candidates in it, watched for what
//! the client opens.
//!
//! Knows the WebRTC library and no HTTP. What happens on the connection goes to the link's
//! [`Ends`].

use std::{net::SocketAddr, sync::Arc, time::Duration};

use rtc::{
    ice::mdns::MulticastDnsMode,
    interceptor::Slot,
    peer_connection::{
        configuration::setting_engine::SctpMaxMessageSize,
        transport::{RTCDtlsRole, RTCDtlsTransportState},
    },
    rtp_transceiver::rtp_sender::{
        RTCPFeedback, RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind,
    },
    shared::ifaces::ifaces,
};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};
use uuid::Uuid;
use webrtc::{
    data_channel::DataChannel,
    error::Error,
    media_stream::{
        MediaStreamTrack,
        track_local::{TrackLocal, static_rtp::TrackLocalStaticRTP},
        track_remote::TrackRemote,
    },
    peer_connection::{
        MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler,
        RTCConfigurationBuilder, RTCIceCandidateInit, RTCIceConnectionState, RTCIceGatheringState,
        RTCIceServer, RTCPeerConnectionState, RTCSessionDescription, Registry, SettingEngineBuilder,
        register_default_interceptors,
    },
    rtp_transceiver::RtpSender,
};

use super::{feedback::Feedback, network::Network, sdp, speaker::Marks};
use crate::IceServer;

/// How long the bot gathers candidates before it answers with those it has.
const GATHERING: Duration = Duration::from_secs(5);

/// The pause between two rounds of ICE checks. The crate's own 200 ms would be most of the time
/// that connecting takes.
const CHECK_INTERVAL: Duration = Duration::from_millis(25);

/// Rounds of checks until a candidate pair is given up: 15 s, as long as a client tries.
const MAX_CHECKS: u16 = 600;

/// Things the client opened that the link has not looked at; further ones are ignored.
const MAX_EVENTS: usize = 16;

/// Local addresses the bot listens on for one connection; further ones are ignored.
const MAX_ADDRESSES: usize = 16;

/// Where the chain of interceptors delivers RTCP: nearest to the application.
const FEEDBACK_SLOT: usize = 14_000;

/// Bytes on their way to the client on the data channel before the bot waits for it.
const SEND_BUFFER: usize = 1 << 20;

/// The audio codec of both directions.
const AUDIO: &str = "opus/48000";

/// The video codec that the bot takes and returns.
const VIDEO: (&str, &str) = ("video/VP8", "VP8/90000");

/// Something that the client opened.
pub(crate) enum Opened {
    /// A data channel.
    Channel(Arc<dyn DataChannel>),
    /// An audio track.
    Track(Arc<dyn TrackRemote>),
    /// The camera.
    Camera(Arc<dyn TrackRemote>),
}

/// A peer connection as the signalling sees it. Dropping the last handle ends it without another
/// packet.
pub(crate) struct Peer {
    /// How the client names it.
    pub(crate) id: String,
    pc: Arc<dyn PeerConnection>,
    /// That of the audio, which every connection has.
    sender: Arc<dyn RtpSender>,
    network: Network,
}

/// A peer connection as the link sees it.
pub(crate) struct Ends {
    pub(crate) peer: Arc<Peer>,
    pub(crate) opened: mpsc::Receiver<Opened>,
    pub(crate) state: watch::Receiver<RTCPeerConnectionState>,
    pub(crate) audio: Arc<dyn TrackLocal>,
    /// Absent when the offer has no Opus.
    pub(crate) marks: Option<Marks>,
    /// The bot's video; absent when the offer has none.
    pub(crate) video: Option<(Arc<dyn TrackLocal>, Marks)>,
}

impl Peer {
    /// Answers the first offer of a connection with the id `id`. Returns the answer's SDP, too.
    ///
    /// # Errors
    /// What the WebRTC library says about the offer, or the system about sockets.
    pub(crate) async fn answer(
        id: String,
        offer: &str,
        servers: &[IceServer],
    ) -> Result<(Ends, String), Error> {
        let (opened_tx, opened) = mpsc::channel(MAX_EVENTS);
        let (state_tx, state) = watch::channel(RTCPeerConnectionState::New);
        let (gathered_tx, mut gathered) = watch::channel(false);
        let network = Network::default();
        let watcher = Watcher {
            opened: opened_tx,
            state: state_tx,
            gathered: gathered_tx,
            camera: sdp::camera_ssrc(offer),
            network: network.clone(),
        };
        let pc = Box::pin(build(watcher, &network, servers)).await?;
        let ssrc = random_ssrc();
        let audio = track(RtpCodecKind::Audio, opus(), ssrc);
        let sender = pc.add_track(Arc::clone(&audio)).await?;
        let mut video = None;
        if sdp::offers_video(offer, VIDEO.1) {
            let ssrc = random_ssrc();
            let track = track(RtpCodecKind::Video, self::video(), ssrc);
            pc.add_track(Arc::clone(&track)).await?;
            video = Some((track, ssrc));
        }
        let peer = Arc::new(Self { id, pc, sender, network });
        peer.agree(offer).await?;
        // Without all of them the answer carries those that there are.
        let _ = timeout(GATHERING, gathered.wait_for(|gathered| *gathered)).await;
        let answer = peer.local_sdp().await?;
        let marks =
            |ssrc, codec| sdp::payload_type(&answer, codec).map(|payload_type| Marks { ssrc, payload_type });
        let video = video.and_then(|(track, ssrc)| Some((track, marks(ssrc, VIDEO.1)?)));
        let marks = marks(ssrc, AUDIO);
        Ok((Ends { peer, opened, state, audio, marks, video }, answer))
    }

    /// Answers another offer on the same connection.
    ///
    /// # Errors
    /// What the WebRTC library says about the offer.
    pub(crate) async fn renegotiate(&self, offer: &str) -> Result<String, Error> {
        self.agree(offer).await?;
        self.local_sdp().await
    }

    /// Takes a candidate of the client's; an empty one says that there are no more, and is nothing
    /// to act on.
    ///
    /// # Errors
    /// What the WebRTC library says about it.
    pub(crate) async fn add_candidate(&self, candidate: RTCIceCandidateInit) -> Result<(), Error> {
        if candidate.candidate.is_empty() {
            return Ok(());
        }
        self.pc.add_ice_candidate(candidate).await
    }

    /// Whether the client has closed the connection (the `close_notify` of DTLS).
    pub(crate) async fn is_closed_by_client(&self) -> bool {
        let Ok(Some(transport)) = self.sender.transport().await else { return false };
        transport.state().await.is_ok_and(|state| state == RTCDtlsTransportState::Closed)
    }

    /// Opens a data channel.
    ///
    /// # Errors
    /// What the WebRTC library says.
    pub(crate) async fn open_channel(&self, label: &str) -> Result<Arc<dyn DataChannel>, Error> {
        self.pc.create_data_channel(label, None).await
    }

    /// Closes the connection so that the client notices.
    pub(crate) async fn close(&self) {
        // It may be closed already.
        let _ = self.pc.close().await;
    }

    /// See [`Network::shut`].
    pub(crate) fn freeze(&self) {
        self.network.shut();
    }

    /// See [`Network::end`].
    pub(crate) fn kill(&self) {
        self.network.end();
    }

    async fn agree(&self, offer: &str) -> Result<(), Error> {
        self.pc.set_remote_description(RTCSessionDescription::offer(offer.to_owned())?).await?;
        let answer = self.pc.create_answer(None).await?;
        if let Some(ufrag) = sdp::ufrag(&answer.sdp) {
            self.network.set_ufrag(ufrag);
        }
        self.pc.set_local_description(answer).await
    }

    async fn local_sdp(&self) -> Result<String, Error> {
        let local = self.pc.local_description().await;
        local.map(|local| local.sdp).ok_or_else(|| Error::Other("no local description".to_owned()))
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.network.end();
    }
}

async fn build(
    watcher: Watcher,
    network: &Network,
    servers: &[IceServer],
) -> Result<Arc<dyn PeerConnection>, Error> {
    let mut media = MediaEngine::default();
    media.register_default_codecs()?;
    let registry = register_default_interceptors(Registry::new(), &mut media)?;
    let registry = registry.with(Slot::from(FEEDBACK_SLOT), Feedback::default());
    let settings = SettingEngineBuilder::new()
        .with_answering_dtls_role(RTCDtlsRole::Client)
        .with_include_loopback_candidate(true)
        .with_ice_connection_attempts(Some(CHECK_INTERVAL), Some(MAX_CHECKS))
        .with_multicast_dns_mode(MulticastDnsMode::Disabled)
        .with_sctp_max_message_size(SctpMaxMessageSize::Unbounded)
        .build();
    let servers = servers.iter().map(|server| RTCIceServer {
        urls: server.urls.clone(),
        username: server.username.clone().unwrap_or_default(),
        credential: server.credential.clone().unwrap_or_default(),
    });
    let building = PeerConnectionBuilder::new()
        .with_configuration(RTCConfigurationBuilder::new().with_ice_servers(servers.collect()).build())
        .with_media_engine(media)
        .with_interceptor_registry(registry)
        .with_setting_engine(settings)
        .with_handler(Arc::new(watcher))
        .with_runtime(Arc::new(network.clone()))
        .with_udp_addrs(addresses()?)
        .with_data_channel_send_buffer_limit(SEND_BUFFER)
        .build();
    Ok(Arc::new(Box::pin(building).await?))
}

/// Every address of this machine, loopback too, so that a client beside the bot reaches it without
/// a network.
fn addresses() -> Result<Vec<SocketAddr>, Error> {
    let mut addresses = Vec::new();
    for found in ifaces()?.into_iter().filter_map(|interface| interface.addr) {
        let address = SocketAddr::new(found.ip(), 0);
        let link_local = match found {
            SocketAddr::V4(v4) => v4.ip().is_link_local(),
            SocketAddr::V6(v6) => v6.ip().is_unicast_link_local(),
        };
        if !link_local && !addresses.contains(&address) && addresses.len() < MAX_ADDRESSES {
            addresses.push(address);
        }
    }
    Ok(addresses)
}

fn track(kind: RtpCodecKind, codec: RTCRtpCodec, ssrc: u32) -> Arc<dyn TrackLocal> {
    let rtp_coding_parameters = RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() };
    let encoding =
        RTCRtpEncodingParameters { rtp_coding_parameters, codec, active: true, ..Default::default() };
    let (stream, name) = ("bot".to_owned(), format!("bot-{kind}"));
    Arc::new(TrackLocalStaticRTP::new(MediaStreamTrack::new(
        stream,
        name.clone(),
        name,
        kind,
        vec![encoding],
    )))
}

fn opus() -> RTCRtpCodec {
    RTCRtpCodec {
        mime_type: "audio/opus".to_owned(),
        clock_rate: 48_000,
        channels: 2,
        sdp_fmtp_line: "minptime=10;useinbandfec=1".to_owned(),
        rtcp_feedback: Vec::new(),
    }
}

fn video() -> RTCRtpCodec {
    let feedback = |(kind, parameter): (&str, &str)| RTCPFeedback {
        typ: kind.to_owned(),
        parameter: parameter.to_owned(),
    };
    RTCRtpCodec {
        mime_type: VIDEO.0.to_owned(),
        clock_rate: 90_000,
        rtcp_feedback: [("nack", ""), ("nack", "pli"), ("ccm", "fir")].map(feedback).to_vec(),
        ..RTCRtpCodec::default()
    }
}

fn random_ssrc() -> u32 {
    Uuid::new_v4().as_fields().0
}

/// Passes on what happens on a connection.
struct Watcher {
    opened: mpsc::Sender<Opened>,
    state: watch::Sender<RTCPeerConnectionState>,
    gathered: watch::Sender<bool>,
    /// The camera's source, as the offer names it.
    camera: Option<u32>,
    network: Network,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Watcher {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        self.gathered.send_replace(state == RTCIceGatheringState::Complete);
    }

    async fn on_ice_connection_state_change(&self, state: RTCIceConnectionState) {
        if matches!(state, RTCIceConnectionState::Connected | RTCIceConnectionState::Completed) {
            self.network.forget_former_ufrag();
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.state.send_replace(state);
    }

    async fn on_data_channel(&self, channel: Arc<dyn DataChannel>) {
        // See MAX_EVENTS.
        let _ = self.opened.try_send(Opened::Channel(channel));
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        let ssrcs = track.ssrcs().await;
        let opened = if track.kind().await == RtpCodecKind::Audio {
            Opened::Track(track)
        } else if self.camera.is_none_or(|camera| ssrcs.contains(&camera)) {
            Opened::Camera(track)
        } else {
            return;
        };
        // See MAX_EVENTS.
        let _ = self.opened.try_send(opened);
    }
}
