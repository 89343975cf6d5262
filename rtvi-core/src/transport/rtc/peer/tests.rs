//! Peer connections to another one of the crate in this process.

mod pair;

use std::{net::IpAddr, sync::Arc, time::Duration};

use rtc::shared::ifaces::ifaces;
use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
    time::{Instant, timeout},
};
use webrtc::{
    data_channel::{DataChannel, DataChannelEvent, RTCDataChannelInit},
    peer_connection::{
        MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceGatheringState,
        RTCSessionDescription,
    },
    rtp_transceiver::RTCRtpTransceiverDirection,
};

use super::*;
use crate::{
    media::OpusOptions,
    transport::rtc::{audio::AudioStreams, stun},
};

/// The longest that anything here may take.
const LIMIT: Duration = Duration::from_secs(20);
const MAX_INCOMING: u32 = 64 * 1024;

fn section(direction: RTCRtpTransceiverDirection, name: &'static str) -> Section {
    Section { codec: Codec::opus(false), direction, name }
}

/// The microphone and the other side's audio in sections of their own, and two data channels.
fn shape() -> Shape {
    let lossy = RTCDataChannelInit { ordered: false, max_retransmits: Some(0), ..Default::default() };
    let channel = |label, reliability| Channel { label, reliability };
    Shape {
        sections: vec![
            section(RTCRtpTransceiverDirection::Sendonly, "microphone"),
            section(RTCRtpTransceiverDirection::Recvonly, "bot"),
        ],
        later: Vec::new(),
        channels: vec![channel("reliable", RTCDataChannelInit::default()), channel("lossy", lossy)],
        max_incoming: MAX_INCOMING,
    }
}

fn config() -> PeerConfig {
    PeerConfig {
        shape: shape(),
        ice_servers: Vec::new(),
        relay_only: false,
        ice_tcp: false,
        tls: TlsOptions::default(),
        shared: None,
    }
}

/// An address of this machine that another could reach; the crate gathers no other. The one of
/// loopback where there is none.
fn address() -> IpAddr {
    let addresses = ifaces().unwrap().into_iter().filter_map(|interface| interface.addr);
    let found = addresses.map(|address| address.ip()).find(|ip| ip.is_ipv4() && !ip.is_loopback());
    found.unwrap_or_else(|| [127, 0, 0, 1].into())
}

/// The other side, which answers offers.
struct Other {
    connection: Arc<dyn PeerConnection>,
    gathered: watch::Receiver<bool>,
    opened: mpsc::Receiver<Arc<dyn DataChannel>>,
    channels: Vec<Arc<dyn DataChannel>>,
}

struct Watcher {
    gathered: watch::Sender<bool>,
    opened: mpsc::Sender<Arc<dyn DataChannel>>,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Watcher {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        self.gathered.send_replace(state == RTCIceGatheringState::Complete);
    }

    async fn on_data_channel(&self, channel: Arc<dyn DataChannel>) {
        let _ = self.opened.try_send(channel);
    }
}

impl Other {
    /// A peer with a UDP port, or with a TCP port that it listens on.
    async fn new(is_tcp: bool) -> Self {
        let (gathered, gathering) = watch::channel(false);
        let (opened, opening) = mpsc::channel(4);
        let mut media = MediaEngine::default();
        media.register_default_codecs().unwrap();
        let address = format!("{}:0", address());
        let (udp, tcp) = if is_tcp { (vec![], vec![address]) } else { (vec![address], vec![]) };
        let builder = PeerConnectionBuilder::new()
            .with_media_engine(media)
            .with_handler(Arc::new(Watcher { gathered, opened }))
            .with_udp_addrs(udp)
            .with_tcp_addrs(tcp);
        let connection = Arc::new(Box::pin(builder.build()).await.unwrap());
        Self { connection, gathered: gathering, opened: opening, channels: Vec::new() }
    }

    async fn answer(&mut self, offer: &str) -> String {
        let offer = RTCSessionDescription::offer(offer.to_owned()).unwrap();
        self.connection.set_remote_description(offer).await.unwrap();
        let answer = self.connection.create_answer(None).await.unwrap();
        self.connection.set_local_description(answer).await.unwrap();
        self.gathered.wait_for(|gathered| *gathered).await.unwrap();
        self.connection.local_description().await.unwrap().sdp
    }

    /// The channel of this name that was opened to it, or is soon.
    async fn channel(&mut self, label: &str) -> Arc<dyn DataChannel> {
        loop {
            for channel in &self.channels {
                if channel.label().await.unwrap() == label {
                    return Arc::clone(channel);
                }
            }
            self.channels.push(self.opened.recv().await.unwrap());
        }
    }
}

/// Makes an offer and takes the answer; returns the offer.
async fn negotiate(peer: &Peer, other: &mut Other) -> String {
    peer.offer().await.unwrap();
    let offer = peer.offer_sdp().await.unwrap();
    let answer = other.answer(&offer).await;
    let accepted = sdp::read_answer(&answer, &offer, MAX_INCOMING).unwrap();
    peer.accept(&accepted).await.unwrap();
    offer
}

async fn opened(channel: &dyn DataChannel) {
    while !matches!(channel.poll().await.unwrap(), DataChannelEvent::OnOpen) {}
}

async fn next_text(channel: &dyn DataChannel) -> String {
    loop {
        if let DataChannelEvent::OnMessage(message) = channel.poll().await.unwrap() {
            return String::from_utf8(message.data.to_vec()).unwrap();
        }
    }
}

/// A peer that is connected to another, which has opened the channel `reliable`.
async fn connected(config: PeerConfig, is_tcp: bool) -> (Peer, Other, Arc<dyn DataChannel>, String) {
    let (peer, mut other) = (Peer::new(config).await.unwrap(), Other::new(is_tcp).await);
    let offer = negotiate(&peer, &mut other).await;
    opened(&*peer.channels[0]).await;
    let channel = other.channel("reliable").await;
    (peer, other, channel, offer)
}

#[tokio::test]
async fn an_offer_has_the_sections_and_channels_of_its_shape() {
    let all = async {
        let (peer, mut other, first, offer) = connected(config(), false).await;
        let lines = |prefix: &str| offer.lines().filter(|line| line.starts_with(prefix)).count();
        let directions: Vec<_> = offer.lines().filter(|line| line.ends_with("only")).collect();
        assert_eq!(directions, ["a=sendonly", "a=recvonly"]);
        assert_eq!((lines("m=audio"), lines("m=application"), lines("a=rtpmap:111 ")), (2, 1, 2));
        assert!(offer.contains("microphone-track") && !offer.contains("bot-track"), "{offer}");
        assert_eq!((peer.tracks.len(), peer.channels.len()), (1, 2));
        assert!(first.ordered().await.unwrap());
        opened(&*peer.channels[1]).await;
        let second = other.channel("lossy").await;
        assert!(!second.ordered().await.unwrap());
        let [reliable, lossy] = [0, 1].map(|index| peer.channels[index].max_retransmits());
        assert_eq!((reliable.await.unwrap(), lossy.await.unwrap()), (None, Some(0)));
        peer.close().await;
    };
    timeout(LIMIT, all).await.expect("it ends");
}

#[tokio::test]
async fn a_server_that_has_only_a_tcp_port_is_reached_if_that_is_wanted() {
    let all = async {
        let (peer, _other, channel, offer) = connected(PeerConfig { ice_tcp: true, ..config() }, true).await;
        assert!(!offer.contains("tcptype passive"), "nobody listens here: {offer}");
        peer.channels[0].send_text("over TCP").await.unwrap();
        assert_eq!(next_text(&*channel).await, "over TCP");
        channel.send_text("and back").await.unwrap();
        assert_eq!(next_text(&*peer.channels[0]).await, "and back");
        assert!(path(&peer).await.is_some_and(|path| path.starts_with("host ") && path.ends_with(" tcp")));
        peer.close().await;
    };
    timeout(LIMIT, all).await.expect("it ends");
    assert!(!config().dials());
    let relayed = PeerConfig { ice_tcp: true, relay_only: true, ..config() };
    assert!(!relayed.dials(), "it would show the user's address");
}

/// Our end of the path in use, as the figures have it.
async fn path(peer: &Peer) -> Option<String> {
    let now = Instant::now();
    let ends = (peer.tracks[0].clone(), Arc::clone(&peer.gauge));
    let mut audio =
        AudioStreams::new((OpusOptions::default(), None), 111, ends, Arc::default(), now).unwrap();
    audio.stats(now, &peer.stats(now.into_std()).await).local_candidate
}

/// A check by which the other side looks whether we hear it.
fn check(offer: &str) -> Vec<u8> {
    let name = format!("{}:other", sdp::ufrag(offer).unwrap());
    stun::message(1, 1, &[(stun::USERNAME, name.as_bytes())])
}

#[tokio::test]
async fn a_restart_of_ice_goes_on_under_a_new_name_and_forgets_the_old_one_in_the_end() {
    let all = async {
        let (peer, mut other, channel, before) = connected(config(), false).await;
        assert!(!peer.filter.drops(&check(&before)));
        peer.restart_ice().await.unwrap();
        peer.offer().await.unwrap();
        let after = peer.offer_sdp().await.unwrap();
        assert_ne!(sdp::ufrag(&before), sdp::ufrag(&after));
        assert!(!peer.filter.drops(&check(&before)), "the old path is still in use");
        assert!(!peer.filter.drops(&check(&after)));
        let answer = other.answer(&after).await;
        let accepted = sdp::read_answer(&answer, &after, MAX_INCOMING).unwrap();
        peer.accept(&accepted).await.unwrap();
        while !peer.filter.drops(&check(&before)) {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert!(!peer.filter.drops(&check(&after)));
        peer.channels[0].send_text("still here").await.unwrap();
        assert_eq!(next_text(&*channel).await, "still here");
        peer.close().await;
    };
    timeout(LIMIT, all).await.expect("it ends");
}

/// Polls so often, with the rest of the runtime in between, and drops it.
async fn give_up_after(polls: usize, future: impl Future) {
    let mut future = std::pin::pin!(future);
    for _ in 0..polls {
        let polled =
            std::future::poll_fn(|context| std::task::Poll::Ready(future.as_mut().poll(context).is_ready()));
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
    let gone = timeout(LIMIT, gone).await;
    assert!(gone.is_ok(), "{} tasks are left", metrics.num_alive_tasks());
}
