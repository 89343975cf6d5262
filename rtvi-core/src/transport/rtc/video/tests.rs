//! The streams of a peer connection that exists only in part: nothing is sent.

use std::time::Duration;

use bytes::Bytes;
use rtc::{
    rtcp::{
        self, payload_feedbacks::picture_loss_indication::PictureLossIndication,
        receiver_report::ReceiverReport, reception_report::ReceptionReport, sender_report::SenderReport,
    },
    rtp::{Packet, header::Header},
};
use tokio::{sync::mpsc, time::Instant};
use webrtc::rtp_transceiver::RTCRtpTransceiverDirection;

use super::*;
use crate::{
    media::video::{EncodedFrame, VideoCodec, VideoFormat, VideoKind, VideoTarget},
    transport::{
        rtc::{
            peer::{Codec, LocalTrack, Section},
            sdp::{self, VideoAnswer},
        },
        video::{FRAME_QUEUE, VideoEnds, VideoPlan, VideoPort},
    },
};

const MICROPHONE: u32 = 1;
const MOST: VideoTarget = VideoTarget {
    format: VideoFormat { width: 640, height: 480, frame_rate: 24 },
    bitrate: 1_000_000,
    max_frame_size: 10_000,
};

fn track(name: &'static str) -> LocalTrack {
    let direction = RTCRtpTransceiverDirection::Sendrecv;
    LocalTrack::new(&Section { codec: Codec::video(VideoCodec::Vp8), direction, name })
}

/// An answer to camera and screen that accepts VP8 for both.
fn answers() -> Vec<Option<VideoAnswer>> {
    let section = |direction: &str| format!("m=video 9 X 96\na={direction}\na=rtpmap:96 VP8/90000\n");
    let text = |directions: [&str; 2]| {
        let fingerprint = ["ab"; 32].join(":");
        let video: String = directions.iter().map(|direction| section(direction)).collect();
        format!(
            "v=0\na=fingerprint:sha-256 {fingerprint}\nm=audio 9 X 111\na=rtpmap:111 opus/48000/2\n{video}\
            m=application 9 X Y\n"
        )
    };
    let offer = text(["sendrecv", "sendonly"]);
    sdp::read_answer(&text(["sendrecv", "recvonly"]), &offer, 1).unwrap().video
}

struct Stage {
    streams: VideoStreams,
    ends: VideoEnds,
    arrivals: mpsc::Sender<VideoArrival>,
    camera: u32,
}

/// Streams before an answer.
fn stage(bot: Option<u32>) -> Stage {
    let plan = VideoPlan { codecs: vec![VideoCodec::Vp8], camera: Some(MOST), screen: Some(MOST), bot };
    let (port, ends) = VideoPort::new(plan);
    let (arrivals, arriving) = mpsc::channel(16);
    let tracks = vec![track("camera"), track("screen")];
    let camera = tracks[0].ssrc;
    let streams = VideoStreams::new(port, tracks, arriving, MICROPHONE, Instant::now()).unwrap();
    Stage { streams, ends, arrivals, camera }
}

impl Stage {
    async fn turn(&mut self) {
        let event = self.streams.next().await;
        self.streams.handle(Instant::now(), event).await;
    }

    async fn pass(&mut self, millis: u64) {
        tokio::time::advance(Duration::from_millis(millis)).await;
        self.streams.tick(Instant::now()).await;
    }

    async fn arrive(&mut self, arrival: VideoArrival) {
        self.arrivals.send(arrival).await.unwrap();
        self.turn().await;
    }
}

fn frame(is_key: bool) -> EncodedFrame {
    let data = Bytes::from(vec![u8::from(!is_key); 100]);
    EncodedFrame { codec: VideoCodec::Vp8, data, is_key, width: 64, height: 48, timestamp: Duration::ZERO }
}

/// A packet with a whole frame of VP8.
fn packet(ssrc: u32, number: u16, is_key: bool) -> Packet {
    let header = Header {
        marker: true,
        payload_type: 96,
        ssrc,
        sequence_number: number,
        timestamp: u32::from(number) * 3_000,
        ..Header::default()
    };
    let key = [0x10, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 64, 0, 48, 0, 9];
    let payload =
        if is_key { Bytes::copy_from_slice(&key) } else { Bytes::from_static(&[0x10, 0x11, 0, 0, 9]) };
    Packet { header, payload }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_encoded_before_the_answer_and_nothing_sent_while_off() {
    let mut stage = stage(None);
    stage.pass(10).await;
    assert_eq!(stage.ends.camera.demand.borrow().codec, None);
    stage.streams.accept(&answers());
    stage.pass(10).await;
    let demand = *stage.ends.camera.demand.borrow();
    assert_eq!((demand.codec, demand.key_frames), (Some(VideoCodec::Vp8), 0));
    assert_eq!(demand.target.map(|target| target.bitrate), Some(600_000));
    stage.ends.camera.frames.send(frame(true)).await.unwrap();
    stage.turn().await;
    assert_eq!(stage.streams.stats(Instant::now()).camera.frames, 0);

    stage.ends.camera.enabled.send_replace(true);
    assert_eq!(stage.streams.sources(), [(VideoKind::Camera, true), (VideoKind::Screen, false)]);
    stage.turn().await;
    stage.pass(10).await;
    assert_eq!(stage.ends.camera.demand.borrow().key_frames, 1, "it begins with a key frame");
    for is_key in [false, true, false] {
        stage.ends.camera.frames.send(frame(is_key)).await.unwrap();
        stage.turn().await;
    }
    let stats = stage.streams.stats(Instant::now());
    assert_eq!((stats.camera.frames, stats.camera.frames_dropped, stats.camera.packets), (2, 1, 4));
    assert_eq!(stats.screen.frames, 0);
}

#[tokio::test(start_paused = true)]
async fn each_stream_hears_what_is_said_about_it() {
    let mut stage = stage(None);
    stage.streams.accept(&answers());
    stage.ends.camera.enabled.send_replace(true);
    stage.turn().await;
    stage.pass(10).await;
    let before = *stage.ends.camera.demand.borrow();
    stage.pass(1_000).await;
    let request = PictureLossIndication { sender_ssrc: 9, media_ssrc: stage.camera };
    let report = ReceptionReport { ssrc: MICROPHONE, fraction_lost: 128, ..ReceptionReport::default() };
    let report = ReceiverReport { reports: vec![report], ..ReceiverReport::default() };
    let packets: Vec<Box<dyn rtcp::Packet>> = vec![Box::new(request), Box::new(report)];
    stage.arrive(VideoArrival::Reports(packets)).await;
    let after = *stage.ends.camera.demand.borrow();
    assert_eq!(after.key_frames, before.key_frames + 1);
    assert_eq!(after.target.map(|target| target.bitrate), Some(300_000), "audio goes first");
    assert_eq!(stage.ends.screen.demand.borrow().key_frames, 0);
}

#[tokio::test(start_paused = true)]
async fn the_bots_frames_are_shown_in_order_and_dropped_up_to_a_key_frame_when_nobody_takes_them() {
    let mut stage = stage(Some(500_000));
    stage.streams.accept(&answers());
    for number in 0..12 {
        stage.arrive(VideoArrival::Packet(packet(7, number, number == 0))).await;
    }
    let mut shown = Vec::new();
    while let Ok(frame) = stage.ends.bot.frames.try_recv() {
        shown.push((frame.is_key, frame.width));
    }
    assert_eq!(shown.len(), FRAME_QUEUE);
    assert_eq!(shown[0], (true, 64));
    for number in 12..20 {
        stage.arrive(VideoArrival::Packet(packet(7, number, number == 18))).await;
    }
    let first = stage.ends.bot.frames.try_recv().unwrap();
    assert!(first.is_key);
    assert!(stage.ends.bot.frames.try_recv().is_ok_and(|frame| !frame.is_key));
}

#[tokio::test(start_paused = true)]
async fn one_source_is_shown_at_a_time_and_only_what_was_agreed() {
    let mut stage = stage(Some(500_000));
    stage.streams.accept(&answers());
    stage.arrive(VideoArrival::Packet(packet(7, 0, true))).await;
    stage.arrive(VideoArrival::Packet(packet(8, 5_000, true))).await;
    let mut other = packet(7, 1, false);
    other.header.payload_type = 97;
    stage.arrive(VideoArrival::Packet(other)).await;
    assert_eq!((stage.ends.bot.frames.len(), stage.streams.unused_packets()), (1, 2));
    stage.pass(600).await;
    for number in 5_000..5_040 {
        stage.arrive(VideoArrival::Packet(packet(8, number, true))).await;
    }
    assert!(stage.ends.bot.frames.len() > 1, "the other one has ended");
}

/// Both streams began at one moment of the server's clock; the audio of it is heard 100 ms later.
#[tokio::test(start_paused = true)]
async fn pictures_wait_for_the_audio_that_belongs_to_them() {
    let mut stage = stage(Some(500_000));
    stage.streams.accept(&answers());
    stage.arrive(VideoArrival::Packet(packet(7, 0, true))).await;
    assert!(stage.ends.bot.frames.try_recv().is_ok(), "nothing is known of the audio");
    let report =
        |ssrc, rtp_time| SenderReport { ssrc, ntp_time: 1 << 40, rtp_time, ..SenderReport::default() };
    let reports: Vec<Box<dyn rtcp::Packet>> = vec![Box::new(report(7, 3_000)), Box::new(report(9, 500))];
    stage.arrive(VideoArrival::Reports(reports)).await;
    stage.streams.hear(8, 500, Instant::now() + Duration::from_secs(9));
    stage.streams.hear(9, 500, Instant::now() + Duration::from_millis(100));
    stage.arrive(VideoArrival::Packet(packet(7, 1, false))).await;
    stage.pass(90).await;
    assert!(stage.ends.bot.frames.try_recv().is_err());
    stage.pass(10).await;
    assert!(stage.ends.bot.frames.try_recv().is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_client_without_a_display_counts_the_bots_packets() {
    let mut stage = stage(None);
    stage.streams.accept(&answers());
    stage.arrive(VideoArrival::Packet(packet(7, 0, true))).await;
    assert_eq!(stage.streams.unused_packets(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_refused_stream_is_not_encoded() {
    let mut stage = stage(Some(500_000));
    stage.streams.accept(&answers());
    assert_eq!(stage.ends.camera.demand.borrow().codec, Some(VideoCodec::Vp8));
    stage.streams.accept(&[None, None]);
    assert_eq!(stage.ends.camera.demand.borrow().codec, None);
    stage.ends.camera.enabled.send_replace(true);
    stage.turn().await;
    stage.pass(10).await;
    stage.arrive(VideoArrival::Packet(packet(7, 0, true))).await;
    assert_eq!((stage.streams.stats(Instant::now()).camera.frames, stage.streams.unused_packets()), (0, 1));
    assert_eq!(stage.ends.bot.frames.len(), 0);
}
