//! Sets up the crate for a peer connection.

use std::{sync::Arc, time::Duration};

use rtc::{
    interceptor::{SenderReportBuilder, Slot},
    peer_connection::configuration::setting_engine::SctpMaxMessageSize,
    rtp_transceiver::rtp_sender::{RTCRtpHeaderExtensionCapability, RtpCodecKind},
};
use tokio::sync::mpsc;
use webrtc::{
    data_channel::DataChannel,
    peer_connection::{
        MediaEngine, PeerConnection, PeerConnectionBuilder, RTCConfiguration, RTCConfigurationBuilder,
        RTCIceServer, RTCIceTransportPolicy, Registry, SettingEngine, SettingEngineBuilder, crypto,
    },
    rtp_transceiver::RTCRtpTransceiverInit,
};

use crate::transport::rtc::{
    certificate::{Announced, Cryptography},
    media::Filter,
    network::Network,
    sdp,
    turn::Turn,
};

use super::{
    PeerConfig, PeerEvent,
    reporter::Reporter,
    shape::{Codec, Section, Shape},
    track::LocalTrack,
};

/// Every network interface, with any port.
const ANYWHERE: [&str; 2] = ["0.0.0.0:0", "[::]:0"];
/// The machine itself. The crate gathers no candidate for it, and takes no packet of a TCP
/// connection whose own address is no candidate. UDP does without.
const LOOPBACK: &str = "127.0.0.1:0";
/// How many bytes of messages may wait for acknowledgement. Beyond that, sending waits and the
/// client's command queue fills up.
const SEND_BUFFER: usize = 1024 * 1024;
/// The pause between two rounds of ICE checks. The first round usually comes before the server
/// listens; the crate's own 200 ms would be most of the time that connecting takes.
const CHECK_INTERVAL: Duration = Duration::from_millis(25);
/// Rounds of checks until a candidate pair is given up: 15 s, as long as the client waits for a
/// connection by default. (The crate's own 7 would be over before a slow server has answered.)
const MAX_CHECKS: u16 = 600;
/// How long ICE waits for a better path before it selects a server-reflexive one.
const REFLEXIVE_WAIT: Duration = Duration::from_millis(100);
/// The same for a path through a TURN server. The crate's default of 2 s would be the largest part
/// of connecting.
const RELAY_WAIT: Duration = Duration::from_millis(500);

/// The parts that a connection uses, besides its configuration.
pub(super) struct Parts {
    pub(super) servers: Vec<RTCIceServer>,
    pub(super) network: Network,
    pub(super) filter: Filter,
    pub(super) announced: Announced,
    pub(super) reporter: Reporter,
}

/// Creates a connection and binds its sockets.
pub(super) async fn connection(
    config: &PeerConfig,
    parts: Parts,
) -> webrtc::error::Result<Arc<dyn PeerConnection>> {
    let Parts { servers, network, filter, announced, reporter } = parts;
    let tcp = if config.dials() { [&ANYWHERE[..], &[LOOPBACK]].concat() } else { Vec::new() };
    let builder = PeerConnectionBuilder::new()
        .with_configuration(configuration(config, servers)?)
        .with_media_engine(media_engine(&config.shape)?)
        .with_setting_engine(settings(config, announced)?)
        .with_interceptor_registry(interceptors(filter))
        .with_runtime(Arc::new(network))
        .with_handler(Arc::new(reporter))
        .with_udp_addrs(ANYWHERE.to_vec())
        .with_tcp_addrs(tcp)
        .with_data_channel_send_buffer_limit(SEND_BUFFER);
    // Its future takes 20 KiB.
    Ok(Arc::new(Box::pin(builder.build()).await?))
}

/// Adds a media section after the others; returns its track if it sends.
pub(super) async fn add_section(
    connection: &dyn PeerConnection,
    section: &Section,
) -> webrtc::error::Result<Option<LocalTrack>> {
    let init = Some(RTCRtpTransceiverInit { direction: section.direction, ..Default::default() });
    if section.direction.has_send() {
        let track = LocalTrack::new(section);
        connection.add_transceiver_from_track(track.of_crate(), init).await?;
        return Ok(Some(track));
    }
    connection.add_transceiver_from_kind(section.codec.kind, init).await?;
    Ok(None)
}

/// Creates the data channels in order.
pub(super) async fn add_channels(
    connection: &dyn PeerConnection,
    shape: &Shape,
) -> webrtc::error::Result<Vec<Arc<dyn DataChannel>>> {
    let mut channels = Vec::new();
    for channel in &shape.channels {
        let reliability = Some(channel.reliability.clone());
        channels.push(connection.create_data_channel(channel.label, reliability).await?);
    }
    Ok(channels)
}

/// Starts the links to TURN servers. A failure of all links is reported only with `relay_only`,
/// because otherwise another path may work.
pub(super) fn start_turn(
    config: &PeerConfig,
    reports: mpsc::Sender<PeerEvent>,
) -> (Option<Turn>, Vec<RTCIceServer>) {
    let reports = config.relay_only.then_some(reports);
    Turn::start(config.ice_servers.clone(), &config.tls, move |error| {
        if let Some(reports) = reports {
            // If the queue is full, the connection fails a little later for lack of a path.
            let _ = reports.try_send(PeerEvent::RelayLost(error));
        }
    })
}

fn configuration(config: &PeerConfig, servers: Vec<RTCIceServer>) -> webrtc::error::Result<RTCConfiguration> {
    let policy = if config.relay_only { RTCIceTransportPolicy::Relay } else { RTCIceTransportPolicy::All };
    let configuration =
        RTCConfigurationBuilder::new().with_ice_servers(servers).with_ice_transport_policy(policy);
    let Some(shared) = &config.shared else { return Ok(configuration.build()) };
    let certificate = shared.certificate(&*provider()?);
    Ok(configuration.with_certificates(certificate.into_iter().collect()).build())
}

/// The crate's own cryptography.
fn provider() -> webrtc::error::Result<Arc<dyn crypto::RTCCryptoProvider>> {
    crypto::default_provider().map_err(|cause| webrtc::error::Error::Crypto(cause.to_string()))
}

/// Registers each offered codec once, and the header extension that names a packet's section.
fn media_engine(shape: &Shape) -> webrtc::error::Result<MediaEngine> {
    let mut media = MediaEngine::default();
    let mut known = Vec::new();
    let of_sections = shape.sections.iter().map(|section| &section.codec);
    for Codec { kind, parameters } in of_sections.chain(&shape.later).cloned() {
        if !known.contains(&parameters.payload_type) {
            known.push(parameters.payload_type);
            media.register_codec(parameters, kind)?;
        }
    }
    for kind in [RtpCodecKind::Audio, RtpCodecKind::Video] {
        let mid = RTCRtpHeaderExtensionCapability { uri: sdp::MID_URI.to_owned() };
        media.register_header_extension(mid, kind, None)?;
    }
    #[cfg(feature = "video")]
    if shape.has_video() {
        let send_time = RTCRtpHeaderExtensionCapability { uri: sdp::SEND_TIME_URI.to_owned() };
        media.register_header_extension(send_time, RtpCodecKind::Video, None)?;
    }
    Ok(media)
}

/// The filter that takes media packets, and sender reports.
fn interceptors(filter: Filter) -> Registry {
    let reports = SenderReportBuilder::new().build();
    Registry::new().with(Slot::ReceiverReport, filter).with(Slot::SenderReport, reports)
}

fn settings(config: &PeerConfig, announced: Announced) -> webrtc::error::Result<SettingEngine> {
    let relay_wait = if config.relay_only { Duration::ZERO } else { RELAY_WAIT };
    Ok(SettingEngineBuilder::new()
        .with_crypto_provider(Arc::new(Cryptography::new(provider()?, announced)))
        .with_ice_connection_attempts(Some(CHECK_INTERVAL), Some(MAX_CHECKS))
        .with_prflx_acceptance_min_wait(Some(Duration::ZERO))
        .with_srflx_acceptance_min_wait(Some(REFLEXIVE_WAIT))
        .with_relay_acceptance_min_wait(Some(relay_wait))
        .with_sctp_max_message_size(SctpMaxMessageSize::Bounded(config.shape.max_incoming))
        .build())
}
