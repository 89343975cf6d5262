//! Video on a connection, as Pipecat's server wants it: the camera in the second section and the
//! screen in the third, in both directions from the start, and a message for each change.

use std::time::Duration;

use tokio::time::Instant;
use webrtc::rtp_transceiver::RTCRtpTransceiverDirection;

use crate::{
    media::video::{VideoCodec, VideoKind},
    transport::{
        TransportStats, VideoPlan, VideoPort,
        rtc::{
            peer::{Codec, LocalTrack, Peer, Section},
            sdp::Accepted,
            video::{VideoEvent, VideoStreams},
        },
    },
};

use super::signalling::{self, CAMERA, SCREEN};

/// What happens to video.
pub(super) type Event = VideoEvent;

/// What the client wants of video, before the connection is open.
#[derive(Debug, Default)]
pub(super) struct Wanted(pub(super) Option<VideoPort>);

impl Wanted {
    /// The sections to offer after the audio's, and further codecs for them. No section if the
    /// client wants no video.
    pub(super) fn sections(&self) -> (Vec<Section>, Vec<Codec>) {
        let Some(VideoPort { plan, .. }) = &self.0 else { return Default::default() };
        let mut codecs = plan.codecs.iter().map(|codec| Codec::video(*codec));
        let Some(first) = codecs.next() else { return Default::default() };
        let section = |direction, name| Section { codec: first.clone(), direction, name };
        // The server takes a source only of a section that announces it, so the camera's section
        // announces one even while there is no camera.
        let camera = section(RTCRtpTransceiverDirection::Sendrecv, "camera");
        let screen = plan.screen.map(|_| section(RTCRtpTransceiverDirection::Sendonly, "screen"));
        ([camera].into_iter().chain(screen).collect(), codecs.collect())
    }

    /// Starts the streams of an open connection.
    pub(super) fn start(
        self,
        peer: &mut Peer,
        tracks: Vec<LocalTrack>,
        microphone: u32,
        now: Instant,
    ) -> Video {
        let codecs = self.0.as_ref().map(|port| names(&port.plan)).unwrap_or_default();
        let arrivals = peer.take_video();
        let streams = self.0.and_then(|port| VideoStreams::new(port, tracks, arrivals, microphone, now));
        Video { streams, codecs }
    }
}

/// The video of an open connection; nothing if the client wants none.
pub(super) struct Video {
    streams: Option<VideoStreams>,
    /// The offered codecs, for an error.
    codecs: String,
}

impl Video {
    /// Follows an answer. Returns what the server does not take part in.
    pub(super) fn accept(&mut self, accepted: &Accepted) -> Option<String> {
        let streams = self.streams.as_mut()?;
        streams.accept(&accepted.video);
        let is_refused = accepted.video.first().is_none_or(Option::is_none);
        is_refused.then(|| format!("video with {}", self.codecs))
    }

    /// The messages that tell the server which sources are on.
    pub(super) fn status(&self) -> Vec<String> {
        let sources = self.streams.iter().flat_map(VideoStreams::sources);
        sources.map(|(kind, on)| signalling::track_status(index(kind), on)).collect()
    }

    /// The next event. May be dropped at any time.
    pub(super) async fn next(&mut self) -> Event {
        match &mut self.streams {
            Some(streams) => streams.next().await,
            None => std::future::pending().await,
        }
    }

    /// The message that must reach the server before the event is handled.
    pub(super) fn announcement(&self, event: &Event) -> Option<String> {
        let VideoEvent::Enabled(changed) = event else { return None };
        let sources = self.streams.as_ref()?.sources();
        let (kind, on) = sources.into_iter().find(|(kind, _)| kind == changed)?;
        Some(signalling::track_status(index(kind), on))
    }

    /// Does what an event asks for.
    pub(super) async fn handle(&mut self, now: Instant, event: Event) {
        if let Some(streams) = &mut self.streams {
            streams.handle(now, event).await;
        }
    }

    /// Sends and shows what is due. Call it every 10 ms.
    pub(super) async fn tick(&mut self, now: Instant) {
        if let Some(streams) = &mut self.streams {
            streams.tick(now).await;
        }
    }

    /// Says when audio of a source, with this timestamp, will be heard: pictures wait for it.
    pub(super) fn hear(&mut self, audio: Option<(u32, u32, Instant)>) {
        if let (Some(streams), Some((source, timestamp, at))) = (&mut self.streams, audio) {
            streams.hear(source, timestamp, at);
        }
    }

    /// Adds the statistics of video.
    pub(super) fn add_stats(&mut self, now: Instant, stats: &mut TransportStats) {
        let Some(streams) = &mut self.streams else { return };
        stats.video = Some(streams.stats(now));
        stats.video_packets_dropped += streams.unused_packets();
        streams.set_round_trip(stats.round_trip.unwrap_or(Duration::ZERO));
    }
}

const fn index(kind: VideoKind) -> u32 {
    match kind {
        VideoKind::Camera => CAMERA,
        VideoKind::Screen => SCREEN,
    }
}

fn names(plan: &VideoPlan) -> String {
    plan.codecs.iter().map(|codec| VideoCodec::name(*codec)).collect::<Vec<_>>().join(" or ")
}
