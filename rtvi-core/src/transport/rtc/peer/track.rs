//! A local track, which sends packets over a peer connection.

use std::sync::Arc;

use rtc::{
    media_stream::MediaStreamTrack,
    rtcp,
    rtp::Packet,
    rtp_transceiver::rtp_sender::{RTCRtpCodingParameters, RTCRtpEncodingParameters},
};
use webrtc::media_stream::track_local::{TrackLocal, static_rtp::TrackLocalStaticRTP};

use crate::log;

use super::shape::Section;

/// A sending track and its SSRC.
#[derive(Clone)]
pub(crate) struct LocalTrack {
    pub(crate) ssrc: u32,
    track: Arc<TrackLocalStaticRTP>,
}

impl LocalTrack {
    /// Creates the track of a section, with a random SSRC.
    pub(in crate::transport::rtc) fn new(section: &Section) -> Self {
        let (random, _) = uuid::Uuid::new_v4().as_u64_pair();
        let ssrc = random as u32;
        let coding = RTCRtpEncodingParameters {
            rtp_coding_parameters: RTCRtpCodingParameters { ssrc: Some(ssrc), ..Default::default() },
            codec: section.codec.parameters.rtp_codec.clone(),
            ..Default::default()
        };
        let name = |what: &str| format!("{}-{what}", section.name);
        let (stream, id, label) = (name("stream"), name("track"), name("label"));
        let track = MediaStreamTrack::new(stream, id, label, section.codec.kind, vec![coding]);
        Self { ssrc, track: Arc::new(TrackLocalStaticRTP::new(track)) }
    }

    /// The track as the crate takes it.
    pub(super) fn of_crate(&self) -> Arc<dyn TrackLocal> {
        Arc::clone(&self.track) as Arc<dyn TrackLocal>
    }

    /// Sends a packet, or drops it while the connection can't send.
    pub(crate) async fn send(&self, packet: Packet) {
        if let Err(error) = self.track.write_rtp(packet).await {
            log::debug!(%error, "a packet of our media was not sent");
        }
    }

    /// Sends RTCP feedback, or drops it while the connection can't send.
    pub(crate) async fn send_feedback(&self, packet: impl rtcp::Packet + 'static) {
        self.send_reports(vec![Box::new(packet)]).await;
    }

    /// Sends RTCP packets, or drops them while the connection can't send.
    pub(crate) async fn send_reports(&self, packets: Vec<Box<dyn rtcp::Packet>>) {
        if let Err(error) = self.track.write_rtcp(packets).await {
            log::debug!(%error, "feedback on the remote peer's media was not sent");
        }
    }
}
