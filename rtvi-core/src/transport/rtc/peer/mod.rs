//! One peer connection: the only place that knows how the crate `webrtc` wants things done.
//!
//! Sections are made in the order the server expects: audio both ways, video to us, data channel. Everything it reports comes
//! through one bounded queue. Dropping it closes the connection in the background.

pub(crate) mod event;

use std::{sync::Arc, time::Duration};

use rtc::peer_connection::configuration::setting_engine::SctpMaxMessageSize;
use rtc::{
    interceptor::{SenderReportBuilder, Slot},
    media_stream::MediaStreamTrack,
    rtcp,
    rtp::Packet,
    rtp_transceiver::rtp_sender::{
        RTCRtpCodec, RTCRtpCodecParameters, RTCRtpCodingParameters, RTCRtpEncodingParameters,
        RTCRtpHeaderExtensionCapability, RtpCodecKind,
    },
};
use tokio::{runtime::Handle, sync::mpsc, time::timeout};
use webrtc::{
    data_channel::DataChannel,
    media_stream::track_local::{TrackLocal, static_rtp::TrackLocalStaticRTP},
    peer_connection::{
        MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler,
        RTCConfigurationBuilder, RTCIceCandidateInit, RTCIceGatheringState, RTCIceServer,
        RTCIceTransportPolicy, RTCPeerConnectionIceEvent, RTCPeerConnectionState, RTCSessionDescription,
        RTCStatsReport, Registry, SettingEngine, SettingEngineBuilder, StatsSelector, crypto,
    },
    rtp_transceiver::{RTCRtpTransceiverDirection, RTCRtpTransceiverInit},
};

use crate::{
    error::{Error, ErrorKind},
    log,
    transport::TlsOptions,
};

use super::{
    IceServer,
    certificate::{Announced, Cryptography},
    media::{Filter, Gauge, Media},
    network::{Network, Ufrag},
    sdp::{self, Accepted},
    turn::Turn,
};
use event::PeerEvent;

/// The name of the data channel, as the official clients call it.
const CHANNEL: &str = "chat";
/// How many reports wait for the connection actor. There are a few dozen in all; a further one is dropped and logged.
const EVENT_QUEUE: usize = 256;
/// How many bytes of messages may wait to be confirmed by the server. With more, sending waits and the client's command
/// queue fills up.
const SEND_BUFFER: usize = 1024 * 1024;
/// Our payload type for Opus; the answer may choose another.
const OPUS_PAYLOAD_TYPE: u8 = 111;
/// Our payload type for VP8, which every WebRTC server has.
const VP8_PAYLOAD_TYPE: u8 = 96;
/// The pause between two rounds of ICE checks. The first round usually comes before the server listens; the crate's own 200 ms
/// would be most of the time that connecting takes.
const CHECK_INTERVAL: Duration = Duration::from_millis(25);
/// Rounds of checks until a candidate pair is given up: 15 s, as long as the client waits for a connection by default. (The crate's own 7 would be over before
/// a slow server has answered.)
const MAX_CHECKS: u16 = 600;
/// How much longer a worse path is held back for a better one to be found.
const REFLEXIVE_WAIT: Duration = Duration::from_millis(100);
/// The same for a path through a TURN server. The crate's own 2 s are why such connections used to be slow.
const RELAY_WAIT: Duration = Duration::from_millis(500);
/// The largest message that the server is told it may send, in bytes: what browsers take. Pipecat's server does not send a larger
/// one, and tells only its own log.
pub(crate) const MAX_INCOMING: u32 = 256 * 1024;
/// How long closing may take.
const CLOSE_LIMIT: Duration = Duration::from_secs(1);

/// What a peer connection is made with.
pub(crate) struct PeerConfig {
    pub(crate) ice_servers: Vec<IceServer>,
    pub(crate) relay_only: bool,
    /// Whom to trust on `turns:` URLs.
    pub(crate) tls: TlsOptions,
    pub(crate) discontinuous: bool,
}

/// A peer connection with the tracks and the channel of a call.
pub(crate) struct Peer {
    connection: Arc<dyn PeerConnection>,
    pub(crate) channel: Arc<dyn DataChannel>,
    pub(crate) events: mpsc::Receiver<PeerEvent>,
    /// What comes in of the bot's audio.
    pub(crate) media: mpsc::Receiver<Media>,
    pub(crate) gauge: Arc<Gauge>,
    pub(crate) ssrc: u32,
    audio: Arc<TrackLocalStaticRTP>,
    /// What the network tells checks for us by.
    ufrag: Ufrag,
    announced: Announced,
    relay_only: bool,
    /// The ways to TURN servers, which must outlive the connection.
    turn: Option<Turn>,
    closed: bool,
}

impl Peer {
    /// Makes a connection and binds its sockets; nothing is sent yet.
    ///
    /// It is made by a task of its own and to its end, also when this future is dropped: the crate starts a connection's task before
    /// there is a handle that could end it.
    pub(crate) async fn new(config: PeerConfig) -> Result<Self, Error> {
        let failed = |cause: &dyn std::fmt::Display| {
            Error::new(ErrorKind::ConnectionFailed, format!("the peer connection can't be made: {cause}"))
        };
        let made = tokio::spawn(async move { Self::make(&config).await }).await;
        made.map_err(|cause| failed(&cause))?.map_err(|cause| failed(&cause))
    }

    async fn make(config: &PeerConfig) -> webrtc::error::Result<Self> {
        let (sender, events) = mpsc::channel(EVENT_QUEUE);
        let (turn, servers) = start_turn(config, sender.clone());
        let (ufrag, announced) = (Ufrag::default(), Announced::default());
        let network = Network::new(Arc::clone(&ufrag), sender.clone(), turn.as_ref().map(Turn::routes));
        let (filter, gauge, media) = Filter::new();
        let opus = opus(config.discontinuous);
        let builder = PeerConnectionBuilder::new()
            .with_configuration(configuration(config.relay_only, servers))
            .with_media_engine(media_engine(&opus)?)
            .with_setting_engine(settings(config.relay_only, Arc::clone(&announced))?)
            .with_interceptor_registry(interceptors(filter))
            .with_runtime(Arc::new(network))
            .with_handler(Arc::new(Reporter { sender, relay_only: config.relay_only }))
            .with_udp_addrs(vec!["0.0.0.0:0", "[::]:0"])
            .with_data_channel_send_buffer_limit(SEND_BUFFER);
        // Its future takes 20 KiB.
        let connection: Arc<dyn PeerConnection> = Arc::new(Box::pin(builder.build()).await?);
        let (ssrc, audio) = audio_track(opus);
        connection.add_track(Arc::clone(&audio) as Arc<dyn TrackLocal>).await?;
        let video =
            RTCRtpTransceiverInit { direction: RTCRtpTransceiverDirection::Recvonly, ..Default::default() };
        connection.add_transceiver_from_kind(RtpCodecKind::Video, Some(video)).await?;
        let channel = connection.create_data_channel(CHANNEL, None).await?;
        let relay_only = config.relay_only;
        let closed = false;
        Ok(Self {
            connection,
            channel,
            events,
            media,
            gauge,
            ssrc,
            audio,
            ufrag,
            announced,
            relay_only,
            turn,
            closed,
        })
    }

    /// Makes an offer and begins to gather candidates.
    pub(crate) async fn offer(&self) -> Result<(), Error> {
        let failed = |cause| internal("no offer can be made", &cause);
        let offer = self.connection.create_offer(None).await.map_err(failed)?;
        let ufrag = sdp::ufrag(&offer.sdp)
            .ok_or_else(|| Error::new(ErrorKind::Internal, "the offer names no ICE user"))?;
        // A renewed offer has the same: ICE is not restarted.
        self.ufrag.get_or_init(|| ufrag.to_owned());
        self.connection.set_local_description(offer).await.map_err(failed)
    }

    /// The offer with the candidates gathered so far.
    pub(crate) async fn offer_sdp(&self) -> Result<String, Error> {
        let description = self.connection.local_description().await;
        description
            .map(|description| self.shown(description.sdp))
            .ok_or_else(|| Error::new(ErrorKind::Internal, "the peer connection has no offer"))
    }

    /// What the server may see of an offer.
    fn shown(&self, sdp: String) -> String {
        if self.relay_only { sdp::without_related_addresses(&sdp) } else { sdp }
    }

    /// Takes the server's answer. A candidate in it that can't be used is dropped and logged.
    pub(crate) async fn accept(&self, accepted: &Accepted) -> Result<(), Error> {
        self.announced.get_or_init(|| accepted.fingerprints.clone());
        // Before the crate takes the answer, for media may come at once.
        let before = self.gauge.set_routing(accepted.routing.clone());
        let taken = async {
            let answer = RTCSessionDescription::answer(accepted.sdp.clone())?;
            self.connection.set_remote_description(answer).await
        };
        taken.await.map_err(|cause| {
            self.gauge.set_routing(before);
            Error::new(ErrorKind::Protocol, format!("the server's answer is not usable: {cause}"))
        })?;
        let mut dropped = 0;
        for candidate in &accepted.candidates {
            let candidate = RTCIceCandidateInit { candidate: candidate.clone(), ..Default::default() };
            dropped += u32::from(self.connection.add_ice_candidate(candidate).await.is_err());
        }
        if dropped > 0 {
            log::warn!(dropped, "candidates of the server can't be used");
        }
        Ok(())
    }

    /// Sends feedback on what the server sends; it is lost when the connection can't send now.
    pub(crate) async fn send_feedback(&self, packet: impl rtcp::Packet + 'static) {
        if let Err(error) = self.audio.write_rtcp(vec![Box::new(packet)]).await {
            log::debug!(%error, "feedback on the bot's audio was not sent");
        }
    }

    /// Sends a packet of the user's audio; it is lost when the connection can't send now.
    pub(crate) async fn send_audio(&self, packet: Packet) {
        if let Err(error) = self.audio.write_rtp(packet).await {
            log::debug!(%error, "a packet of the microphone's audio was not sent");
        }
    }

    /// The figures of the connection.
    pub(crate) async fn stats(&self, now: std::time::Instant) -> RTCStatsReport {
        self.connection.get_stats(now, StatsSelector::None).await
    }

    /// Tells the server goodbye and closes, within a second.
    pub(crate) async fn close(mut self) {
        self.closed = true;
        if timeout(CLOSE_LIMIT, self.connection.close()).await.is_err() {
            log::warn!("the peer connection did not close in time");
        }
    }
}

/// The crate keeps a connection running whose handle is dropped; this one ends with the handle.
impl Drop for Peer {
    fn drop(&mut self) {
        if self.closed {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let connection = Arc::clone(&self.connection);
            let turn = self.turn.take();
            runtime.spawn(async move {
                let closed = timeout(CLOSE_LIMIT, connection.close()).await;
                drop(turn);
                closed
            });
        }
    }
}

fn internal(what: &str, cause: &webrtc::error::Error) -> Error {
    Error::new(ErrorKind::Internal, format!("{what}: {cause}"))
}

/// Starts what leads to the TURN servers. That none of them relays matters only when there is no other way.
fn start_turn(config: &PeerConfig, sender: mpsc::Sender<PeerEvent>) -> (Option<Turn>, Vec<RTCIceServer>) {
    let reporter = config.relay_only.then_some(Reporter { sender, relay_only: true });
    Turn::start(config.ice_servers.clone(), &config.tls, move |error| {
        if let Some(reporter) = reporter {
            reporter.report(PeerEvent::RelayLost(error));
        }
    })
}

fn configuration(relay_only: bool, servers: Vec<RTCIceServer>) -> webrtc::peer_connection::RTCConfiguration {
    let policy = if relay_only { RTCIceTransportPolicy::Relay } else { RTCIceTransportPolicy::All };
    RTCConfigurationBuilder::new().with_ice_servers(servers).with_ice_transport_policy(policy).build()
}

/// The codecs we offer, and that packets may name their section.
fn media_engine(opus: &RTCRtpCodec) -> webrtc::error::Result<MediaEngine> {
    let mut media = MediaEngine::default();
    media.register_codec(parameters(opus, OPUS_PAYLOAD_TYPE), RtpCodecKind::Audio)?;
    media.register_codec(parameters(&vp8(), VP8_PAYLOAD_TYPE), RtpCodecKind::Video)?;
    for kind in [RtpCodecKind::Audio, RtpCodecKind::Video] {
        let mid = RTCRtpHeaderExtensionCapability { uri: sdp::MID_URI.to_owned() };
        media.register_header_extension(mid, kind, None)?;
    }
    Ok(media)
}

/// Reports to the server, and what takes the server's packets.
fn interceptors(filter: Filter) -> Registry {
    let reports = SenderReportBuilder::new().build();
    Registry::new().with(Slot::ReceiverReport, filter).with(Slot::SenderReport, reports)
}

fn settings(relay_only: bool, announced: Announced) -> webrtc::error::Result<SettingEngine> {
    let relay_wait = if relay_only { Duration::ZERO } else { RELAY_WAIT };
    let provider =
        crypto::default_provider().map_err(|cause| webrtc::error::Error::Crypto(cause.to_string()))?;
    Ok(SettingEngineBuilder::new()
        .with_crypto_provider(Arc::new(Cryptography::new(provider, announced)))
        .with_ice_connection_attempts(Some(CHECK_INTERVAL), Some(MAX_CHECKS))
        .with_prflx_acceptance_min_wait(Some(Duration::ZERO))
        .with_srflx_acceptance_min_wait(Some(REFLEXIVE_WAIT))
        .with_relay_acceptance_min_wait(Some(relay_wait))
        .with_sctp_max_message_size(SctpMaxMessageSize::Bounded(MAX_INCOMING))
        .build())
}

fn opus(discontinuous: bool) -> RTCRtpCodec {
    let dtx = if discontinuous { ";usedtx=1" } else { "" };
    RTCRtpCodec {
        mime_type: "audio/opus".to_owned(),
        clock_rate: 48_000,
        channels: 2,
        sdp_fmtp_line: format!("minptime=10;useinbandfec=1{dtx}"),
        rtcp_feedback: Vec::new(),
    }
}

fn vp8() -> RTCRtpCodec {
    RTCRtpCodec { mime_type: "video/VP8".to_owned(), clock_rate: 90_000, ..RTCRtpCodec::default() }
}

fn parameters(codec: &RTCRtpCodec, payload_type: u8) -> RTCRtpCodecParameters {
    RTCRtpCodecParameters { rtp_codec: codec.clone(), payload_type }
}

/// The one track of the user's audio, with its SSRC.
fn audio_track(codec: RTCRtpCodec) -> (u32, Arc<TrackLocalStaticRTP>) {
    let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
    let ssrc = random as u32;
    let coding = RTCRtpEncodingParameters {
        rtp_coding_parameters: RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() },
        codec,
        ..Default::default()
    };
    let name = |what: &str| format!("microphone-{what}");
    let track = MediaStreamTrack::new(
        name("stream"),
        name("track"),
        name("label"),
        RtpCodecKind::Audio,
        vec![coding],
    );
    (ssrc, Arc::new(TrackLocalStaticRTP::new(track)))
}

/// Passes the connection's callbacks on. It runs on the connection's own task and so must never wait.
struct Reporter {
    sender: mpsc::Sender<PeerEvent>,
    relay_only: bool,
}

impl Reporter {
    fn report(&self, event: PeerEvent) {
        if let Err(mpsc::error::TrySendError::Full(_)) = self.sender.try_send(event) {
            log::warn!("the peer connection reported too much at once; a report was dropped");
        }
    }
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Reporter {
    async fn on_ice_candidate(&self, event: RTCPeerConnectionIceEvent) {
        match event.candidate.to_json() {
            Ok(init) if self.relay_only => {
                self.report(PeerEvent::Candidate(sdp::without_related_addresses(&init.candidate)));
            }
            Ok(init) => self.report(PeerEvent::Candidate(init.candidate)),
            Err(error) => log::debug!(%error, "a candidate of ours can't be written down"),
        }
    }

    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        if state == RTCIceGatheringState::Complete {
            self.report(PeerEvent::Gathered);
        }
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        log::debug!(%state, "peer connection");
        match state {
            RTCPeerConnectionState::Failed => self.report(PeerEvent::Failed),
            RTCPeerConnectionState::Closed => self.report(PeerEvent::Closed),
            _ => {}
        }
    }

    async fn on_data_channel(&self, _: Arc<dyn DataChannel>) {
        self.report(PeerEvent::ForeignChannel);
    }
}

#[cfg(test)]
mod tests {
    use std::{future::Future, pin::pin, task::Poll};

    use super::*;

    fn config() -> PeerConfig {
        let tls = TlsOptions::default();
        PeerConfig { ice_servers: Vec::new(), relay_only: false, tls, discontinuous: false }
    }

    /// Polls so often, with the rest of the runtime in between, and drops it.
    async fn give_up_after(polls: usize, future: impl Future) {
        let mut future = pin!(future);
        for _ in 0..polls {
            let polled =
                std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_ready()));
            if polled.await {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_connection_that_is_given_up_as_it_is_made_leaves_no_task() {
        let metrics = Handle::current().metrics();
        for polls in 0..8 {
            give_up_after(polls, Peer::new(config())).await;
        }
        let gone = async {
            while metrics.num_alive_tasks() > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let gone = timeout(Duration::from_secs(20), gone).await;
        assert!(gone.is_ok(), "{} tasks are left", metrics.num_alive_tasks());
    }
}
