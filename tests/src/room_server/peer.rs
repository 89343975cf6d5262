//! The server's end of a peer connection: it answers offers and knows the client's data channel.

use std::sync::Arc;

use rtc::peer_connection::transport::RTCDtlsRole;
use tokio::sync::{mpsc, watch};
use webrtc::{
    data_channel::{DataChannel, DataChannelEvent},
    error::Error,
    peer_connection::{
        MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler,
        RTCConfigurationBuilder, RTCIceCandidateInit, RTCIceGatheringState, RTCSessionDescription, Registry,
        SettingEngineBuilder, register_default_interceptors,
    },
    runtime::TokioRuntime,
};

/// Packets that nobody has read; the channel waits while there are more.
const QUEUE: usize = 64;

/// The channel with the messages.
const RELIABLE: &str = "_reliable";

/// A peer connection.
pub(super) struct Peer {
    pc: Arc<dyn PeerConnection>,
    gathered: watch::Receiver<bool>,
    channel: watch::Receiver<Option<Arc<dyn DataChannel>>>,
}

impl Peer {
    /// A new connection, and the packets of the client's reliable channel.
    pub(super) async fn new() -> (Self, mpsc::Receiver<Vec<u8>>) {
        let (packets, received) = mpsc::channel(QUEUE);
        let (gathered_tx, gathered) = watch::channel(false);
        let (channel_tx, channel) = watch::channel(None);
        let watcher = Watcher { packets, gathered: gathered_tx, channel: channel_tx };
        let pc = build(watcher).await.expect("a peer connection can be made");
        (Self { pc, gathered, channel }, received)
    }

    /// Answers an offer. Returns the answer without candidates, and the candidates.
    ///
    /// # Errors
    /// What the WebRTC library says about the offer.
    pub(super) async fn answer(&self, offer: &str) -> Result<(String, Vec<String>), Error> {
        self.pc.set_remote_description(RTCSessionDescription::offer(offer.to_owned())?).await?;
        let answer = self.pc.create_answer(None).await?;
        self.pc.set_local_description(answer).await?;
        // The sender lives as long as the connection.
        let _ = self.gathered.clone().wait_for(|gathered| *gathered).await;
        let local = self.pc.local_description().await.map(|local| local.sdp).unwrap_or_default();
        let (candidates, lines): (Vec<&str>, Vec<&str>) = local
            .lines()
            .filter(|line| !line.starts_with("a=end-of-candidates"))
            .partition(|line| line.starts_with("a=candidate:"));
        let answer = lines.iter().map(|line| format!("{line}\r\n")).collect();
        Ok((answer, candidates.iter().map(|line| line.trim_start_matches("a=").to_owned()).collect()))
    }

    /// Takes a candidate of the client's.
    pub(super) async fn add_candidate(&self, candidate: String) {
        let candidate = RTCIceCandidateInit { candidate, ..RTCIceCandidateInit::default() };
        // One that leads nowhere costs nothing.
        let _ = self.pc.add_ice_candidate(candidate).await;
    }

    /// Sends a packet on the client's reliable channel, once that is open.
    pub(super) async fn send(&self, packet: &[u8]) {
        let mut channel = self.channel.clone();
        let open = channel.wait_for(Option::is_some).await.map(|channel| channel.clone());
        if let Ok(Some(channel)) = open {
            // The client may be gone.
            let _ = channel.send(packet.into()).await;
        }
    }

    /// Ends the connection.
    pub(super) async fn close(&self) {
        // It may be closed already.
        let _ = self.pc.close().await;
    }
}

async fn build(watcher: Watcher) -> Result<Arc<dyn PeerConnection>, Error> {
    let mut media = MediaEngine::default();
    media.register_default_codecs()?;
    let registry = register_default_interceptors(Registry::new(), &mut media)?;
    let settings = SettingEngineBuilder::new()
        .with_answering_dtls_role(RTCDtlsRole::Client)
        .with_include_loopback_candidate(true)
        .build();
    let building = PeerConnectionBuilder::new()
        .with_configuration(RTCConfigurationBuilder::new().build())
        .with_media_engine(media)
        .with_interceptor_registry(registry)
        .with_setting_engine(settings)
        .with_handler(Arc::new(watcher))
        .with_runtime(Arc::new(TokioRuntime))
        .with_udp_addrs(vec!["127.0.0.1:0"])
        .build();
    Ok(Arc::new(Box::pin(building).await?))
}

struct Watcher {
    packets: mpsc::Sender<Vec<u8>>,
    gathered: watch::Sender<bool>,
    channel: watch::Sender<Option<Arc<dyn DataChannel>>>,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Watcher {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        self.gathered.send_replace(state == RTCIceGatheringState::Complete);
    }

    async fn on_data_channel(&self, channel: Arc<dyn DataChannel>) {
        if channel.label().await.is_ok_and(|label| label == RELIABLE) {
            self.channel.send_replace(Some(Arc::clone(&channel)));
        }
        let packets = self.packets.clone();
        tokio::spawn(async move {
            while let Some(event) = channel.poll().await {
                if let DataChannelEvent::OnMessage(message) = event
                    && packets.send(message.data.to_vec()).await.is_err()
                {
                    return;
                }
            }
        });
    }
}
