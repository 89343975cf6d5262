//! The bot's video: the client's camera, returned packet by packet. Nothing is decoded.
//!
//! One task per camera track, which ends with the track, with the connection, or when the [`Mirror`] is dropped.

use std::{sync::Arc, time::Duration};

use rtc::{
    rtcp::{
        self,
        payload_feedbacks::{
            full_intra_request::FullIntraRequest, picture_loss_indication::PictureLossIndication,
        },
    },
    rtp::Packet,
};
use tokio::{
    task::JoinHandle,
    time::{Instant, interval},
};
use webrtc::media_stream::{
    track_local::{TrackLocal, TrackLocalEvent},
    track_remote::{TrackRemote, TrackRemoteEvent},
};

/// The least time between two requests for a key frame of the camera.
const REQUEST_PAUSE: Duration = Duration::from_millis(300);

/// Returns one camera.
#[derive(Debug)]
pub(crate) struct Mirror(JoinHandle<()>);

impl Mirror {
    /// Starts to return `camera` on `track`, whose source is `ssrc`.
    pub(crate) fn start(camera: Arc<dyn TrackRemote>, track: Arc<dyn TrackLocal>, ssrc: u32) -> Self {
        Self(tokio::spawn(run(camera, track, ssrc)))
    }
}

impl Drop for Mirror {
    fn drop(&mut self) {
        self.0.abort();
    }
}

async fn run(camera: Arc<dyn TrackRemote>, track: Arc<dyn TrackLocal>, ssrc: u32) {
    let mut request = KeyFrameRequest::default();
    let mut looks = interval(REQUEST_PAUSE);
    loop {
        tokio::select! {
            event = camera.poll() => match event {
                Some(TrackRemoteEvent::OnRtpPacket(packet)) => {
                    request.source.get_or_insert_with(|| { request.wanted = true; packet.header.ssrc });
                    if track.write_rtp(returned(packet, ssrc)).await.is_err() {
                        return;
                    }
                }
                Some(TrackRemoteEvent::OnEnded) | None => return,
                Some(_) => {}
            },
            Some(TrackLocalEvent::OnRtcpPacket(packets)) = track.poll() => {
                request.wanted |= packets.iter().any(|packet| asks_for_key_frame(packet.as_ref()));
            }
            _ = looks.tick() => {}
        }
        if let Some(pli) = request.due(Instant::now())
            && camera.write_rtcp(vec![Box::new(pli)]).await.is_err()
        {
            return;
        }
    }
}

/// The packet as the bot's own. Its extensions are of the client's numbering, so they are left out.
fn returned(mut packet: Packet, ssrc: u32) -> Packet {
    packet.header.ssrc = ssrc;
    packet.header.extension = false;
    packet.header.extensions.clear();
    packet.header.extensions_padding = 0;
    packet
}

fn asks_for_key_frame(packet: &dyn rtcp::Packet) -> bool {
    let packet = packet.as_any();
    packet.is::<PictureLossIndication>() || packet.is::<FullIntraRequest>()
}

/// What the client asked for, and what the bot asked of it.
#[derive(Debug, Default)]
struct KeyFrameRequest {
    /// The camera's source, from its first packet on.
    source: Option<u32>,
    wanted: bool,
    last: Option<Instant>,
}

impl KeyFrameRequest {
    /// The request to send now.
    fn due(&mut self, now: Instant) -> Option<PictureLossIndication> {
        let media_ssrc = self.source.filter(|_| self.wanted)?;
        if self.last.is_some_and(|last| now.duration_since(last) < REQUEST_PAUSE) {
            return None;
        }
        (self.wanted, self.last) = (false, Some(now));
        Some(PictureLossIndication { sender_ssrc: 0, media_ssrc })
    }
}

#[cfg(test)]
mod tests {
    use rtc::rtp::Header;

    use super::*;

    #[test]
    fn packets_change_their_source_only() {
        let mut packet = Packet { payload: vec![1, 2].into(), ..Packet::default() };
        (packet.header.ssrc, packet.header.sequence_number, packet.header.timestamp) = (1, 7, 90_000);
        (packet.header.marker, packet.header.payload_type) = (true, 96);
        let before = packet.clone();
        let after = returned(packet, 2);
        assert_eq!(after.header.ssrc, 2);
        assert_eq!(Packet { header: Header { ssrc: 1, ..after.header.clone() }, ..after }, before);
    }

    #[tokio::test(start_paused = true)]
    async fn key_frames_are_requested_once_in_a_while() {
        let mut request = KeyFrameRequest { wanted: true, ..KeyFrameRequest::default() };
        let start = Instant::now();
        assert!(request.due(start).is_none(), "there is no camera yet");
        request.source = Some(7);
        assert_eq!(request.due(start).map(|pli| pli.media_ssrc), Some(7));
        assert!(request.due(start + REQUEST_PAUSE).is_none(), "nobody asked again");
        request.wanted = true;
        assert!(request.due(start + REQUEST_PAUSE / 2).is_none());
        assert!(request.due(start + REQUEST_PAUSE).is_some());
    }
}
