//! A bare WebRTC client for the tests of the bot: the WebRTC library and raw HTTP, none of the
//! SDK's client code.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use rtc::{
    ice::mdns::MulticastDnsMode,
    rtp::Packet,
    rtp_transceiver::rtp_sender::{
        RTCRtpCodec, RTCRtpCodingParameters, RTCRtpEncodingParameters, RtpCodecKind,
    },
};
use rtvi_bot::DemoBot;
use rtvi_core::media::{OPUS_FRAME, OpusDecoder, OpusEncoder, OpusOptions};
use serde_json::{Value, json};
use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};
use webrtc::{
    data_channel::{DataChannel, DataChannelEvent},
    media_stream::{
        MediaStreamTrack,
        track_local::{TrackLocal, static_rtp::TrackLocalStaticRTP},
        track_remote::{TrackRemote, TrackRemoteEvent},
    },
    peer_connection::{
        MediaEngine, PeerConnection, PeerConnectionBuilder, PeerConnectionEventHandler, RTCIceGatheringState,
        RTCPeerConnectionState, RTCSessionDescription, Registry, SettingEngineBuilder,
        register_default_interceptors,
    },
};

use crate::common::{PATIENCE, http};

const SSRC: u32 = 4711;

/// A client with its peer connection.
pub(crate) struct Peer {
    pub(crate) pc: Arc<dyn PeerConnection>,
    channel: Option<Arc<dyn DataChannel>>,
    pub(crate) state: watch::Receiver<RTCPeerConnectionState>,
    pub(crate) pc_id: String,
    pub(crate) answer: String,
    track: Arc<dyn TrackLocal>,
    heard: mpsc::Receiver<Packet>,
    gathered: watch::Receiver<bool>,
    decoder: Box<OpusDecoder>,
    encoder: Box<OpusEncoder>,
    number: u16,
}

/// What an HTTP request brought: the status and the body.
pub(crate) type Answer = (u16, Value);

/// A request with a JSON body; a body that is not JSON comes as a string.
pub(crate) async fn request(bot: &DemoBot, method: &str, path: &str, body: &Value) -> Answer {
    let (head, body) = http(bot, method, path, &body.to_string(), PATIENCE).await;
    let status = head.split_whitespace().nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

impl Peer {
    /// A connection with a data channel on `address`, before its offer.
    pub(crate) async fn new(address: &str) -> Self {
        let mut peer = Self::without_channel(address).await;
        peer.channel = Some(peer.pc.create_data_channel("rtvi-test", None).await.expect("a channel"));
        peer
    }

    /// A connection on `address`, before its offer.
    pub(crate) async fn without_channel(address: &str) -> Self {
        let (heard_tx, heard) = mpsc::channel(4096);
        let (state_tx, state) = watch::channel(RTCPeerConnectionState::New);
        let (gathered_tx, gathered) = watch::channel(false);
        let handler = Handler { heard: heard_tx, state: state_tx, gathered: gathered_tx };
        let pc = Box::pin(build(handler, address)).await;
        let track = audio_track();
        pc.add_track(Arc::clone(&track)).await.expect("an audio track");
        pc.add_transceiver_from_kind(RtpCodecKind::Video, Some(video())).await.expect("video");
        let (pc_id, answer) = (String::new(), String::new());
        let decoder = Box::new(OpusDecoder::new().expect("Opus"));
        let encoder = Box::new(OpusEncoder::new(OpusOptions::default()).expect("Opus"));
        Self { pc, channel: None, state, pc_id, answer, track, heard, gathered, decoder, encoder, number: 0 }
    }

    /// The body of an offer.
    pub(crate) async fn offer(&mut self) -> Value {
        let offer = self.pc.create_offer(None).await.expect("an offer");
        self.pc.set_local_description(offer).await.expect("a description");
        timeout(PATIENCE, self.gathered.wait_for(|done| *done)).await.expect("candidates").expect("alive");
        let local = self.pc.local_description().await.expect("a description");
        json!({ "sdp": local.sdp, "type": "offer" })
    }

    /// The next offer restarts ICE.
    pub(crate) async fn restart_ice(&self) {
        self.pc.restart_ice().await.expect("a restart");
    }

    /// Takes the bot's answer to an offer.
    pub(crate) async fn take(&mut self, (status, answer): Answer) {
        assert_eq!(status, 200, "{answer}");
        self.pc_id = answer["pc_id"].as_str().expect("an id").to_owned();
        self.answer = answer["sdp"].as_str().expect("SDP").to_owned();
        let answer = RTCSessionDescription::answer(self.answer.clone()).expect("SDP");
        self.pc.set_remote_description(answer).await.expect("an answer that fits");
    }

    /// Offers at `path`, connects, and opens the channel.
    pub(crate) async fn connect(bot: &DemoBot, path: &str) -> Self {
        let mut peer = Self::new("127.0.0.1:0").await;
        let offer = peer.offer().await;
        peer.take(request(bot, "POST", path, &offer).await).await;
        peer.opened().await;
        peer
    }

    /// Waits for the open channel.
    pub(crate) async fn opened(&self) {
        let open = async { while !matches!(self.channel().poll().await, Some(DataChannelEvent::OnOpen)) {} };
        timeout(PATIENCE, open).await.expect("the channel opens");
    }

    /// A connection whose handshake is done.
    pub(crate) async fn ready(bot: &DemoBot, path: &str) -> Self {
        let peer = Self::connect(bot, path).await;
        peer.tell("client-ready", json!({ "version": "2.2.0", "about": { "library": "test" } })).await;
        peer.message("bot-ready").await;
        peer
    }

    fn channel(&self) -> &Arc<dyn DataChannel> {
        self.channel.as_ref().expect("a channel")
    }

    pub(crate) async fn text(&self, text: &str) {
        self.channel().send_text(text).await.expect("the channel is open");
    }

    pub(crate) async fn tell(&self, kind: &str, data: Value) {
        self.text(&json!({ "label": "rtvi-ai", "type": kind, "id": "id-1", "data": data }).to_string()).await;
    }

    pub(crate) async fn request(&self, t: &str, d: Value) {
        self.tell("client-message", json!({ "t": t, "d": d })).await;
    }

    /// The next message; nothing once the channel is closed. What is not JSON comes as a string.
    pub(crate) async fn next(&self) -> Option<Value> {
        loop {
            match self.channel().poll().await? {
                DataChannelEvent::OnMessage(message) => {
                    let text = String::from_utf8_lossy(&message.data).into_owned();
                    return Some(serde_json::from_str(&text).unwrap_or(Value::String(text)));
                }
                DataChannelEvent::OnClose => return None,
                _ => {}
            }
        }
    }

    /// Waits for a message of `kind`, skipping everything else.
    pub(crate) async fn message(&self, kind: &str) -> Value {
        let wait = async {
            while let Some(message) = self.next().await {
                if message["type"] == kind {
                    return message;
                }
            }
            panic!("the channel closed before {kind}")
        };
        timeout(PATIENCE, wait).await.unwrap_or_else(|_| panic!("{kind} in time"))
    }

    /// Waits for a signalling message; returns its type.
    pub(crate) async fn signal(&self) -> Value {
        self.message("signalling").await["message"]["type"].clone()
    }

    /// Speaks a tone (or silence) in real time.
    pub(crate) async fn speak(&mut self, ms: u32, amplitude: f32) {
        let mut ticks = tokio::time::interval(Duration::from_millis(20));
        for _ in 0..ms / 20 {
            ticks.tick().await;
            let tone: Vec<i16> =
                (0..OPUS_FRAME).map(|i| (amplitude * (i as f32 * 0.08).sin()) as i16).collect();
            let payload = Bytes::copy_from_slice(self.encoder.encode(&tone).expect("20 ms"));
            let mut packet = Packet { payload, ..Packet::default() };
            packet.header.version = 2;
            packet.header.payload_type = 111;
            packet.header.ssrc = SSRC;
            packet.header.sequence_number = self.number;
            packet.header.timestamp = u32::from(self.number) * OPUS_FRAME as u32;
            self.number = self.number.wrapping_add(1);
            self.track.write_rtp(packet).await.expect("the track is there");
        }
    }

    /// The next packet of the bot's audio, decoded: its loudness. Nothing when none comes for
    /// `wait`.
    pub(crate) async fn loudness(&mut self, wait: Duration) -> Option<f32> {
        let packet = timeout(wait, self.heard.recv()).await.ok()??;
        let samples = self.decoder.decode(&packet.payload).expect("Opus");
        let sum: f32 = samples.iter().map(|sample| f32::from(*sample).powi(2)).sum();
        Some((sum / samples.len() as f32).sqrt())
    }

    /// Waits until the bot's audio is as loud (or quiet) as `wanted` says; returns how many packets
    /// that took.
    pub(crate) async fn hears(&mut self, wanted: impl Fn(f32) -> bool) -> usize {
        for count in 0..500 {
            let loudness = self.loudness(PATIENCE).await.expect("audio goes on");
            if wanted(loudness) {
                return count;
            }
        }
        panic!("not in 10 s");
    }

    /// Forgets the packets that came so far.
    pub(crate) fn forget(&mut self) {
        while self.heard.try_recv().is_ok() {}
    }
}

async fn build(handler: Handler, address: &str) -> Arc<dyn PeerConnection> {
    let mut media = MediaEngine::default();
    media.register_default_codecs().expect("codecs");
    let registry = register_default_interceptors(Registry::new(), &mut media).expect("interceptors");
    let settings = SettingEngineBuilder::new()
        .with_include_loopback_candidate(true)
        .with_multicast_dns_mode(MulticastDnsMode::Disabled)
        .build();
    let building = PeerConnectionBuilder::new()
        .with_media_engine(media)
        .with_interceptor_registry(registry)
        .with_setting_engine(settings)
        .with_handler(Arc::new(handler))
        .with_udp_addrs(vec![address.to_owned()])
        .build();
    Arc::new(Box::pin(building).await.expect("a connection"))
}

fn audio_track() -> Arc<dyn TrackLocal> {
    let codec = RTCRtpCodec {
        mime_type: "audio/opus".to_owned(),
        clock_rate: 48_000,
        channels: 2,
        sdp_fmtp_line: "minptime=10;useinbandfec=1".to_owned(),
        rtcp_feedback: Vec::new(),
    };
    let coding = RTCRtpCodingParameters { ssrc: Some(SSRC), ..Default::default() };
    let encoding = RTCRtpEncodingParameters { rtp_coding_parameters: coding, codec, ..Default::default() };
    let name = || "microphone".to_owned();
    Arc::new(TrackLocalStaticRTP::new(MediaStreamTrack::new(
        name(),
        name(),
        name(),
        RtpCodecKind::Audio,
        vec![encoding],
    )))
}

fn video() -> webrtc::rtp_transceiver::RTCRtpTransceiverInit {
    webrtc::rtp_transceiver::RTCRtpTransceiverInit {
        direction: webrtc::rtp_transceiver::RTCRtpTransceiverDirection::Recvonly,
        ..Default::default()
    }
}

struct Handler {
    heard: mpsc::Sender<Packet>,
    state: watch::Sender<RTCPeerConnectionState>,
    gathered: watch::Sender<bool>,
}

#[async_trait::async_trait]
impl PeerConnectionEventHandler for Handler {
    async fn on_ice_gathering_state_change(&self, state: RTCIceGatheringState) {
        self.gathered.send_replace(state == RTCIceGatheringState::Complete);
    }

    async fn on_connection_state_change(&self, state: RTCPeerConnectionState) {
        self.state.send_replace(state);
    }

    async fn on_track(&self, track: Arc<dyn TrackRemote>) {
        if track.kind().await != RtpCodecKind::Audio {
            return;
        }
        let heard = self.heard.clone();
        tokio::spawn(async move {
            while let Some(event) = track.poll().await {
                if let TrackRemoteEvent::OnRtpPacket(packet) = event {
                    // A test that does not listen need not be told.
                    let _ = heard.try_send(packet);
                }
            }
        });
    }
}
