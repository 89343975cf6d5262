//! Takes the server's packets of media out of the crate's way, once they are decrypted.
//!
//! The crate gives only packets of sources that the answer names, and drops all others in silence. This filter sees every packet: those
//! that may be the bot's audio go to the connection actor, video is counted. It stands where the crate's receiver reports are made, as
//! these are of all that comes in. It never waits.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use rtc::{
    interceptor::{
        Interceptor, Packet as AnyPacket, ReceiverReportBuilder, ReceiverReportInterceptor, StreamInfo,
        TaggedPacket,
    },
    rtp::Packet,
    sansio::Protocol,
    shared::error::Error,
};
use tokio::sync::mpsc;

use super::sdp::{Heard, Routing, Stream};
#[cfg(feature = "video")]
use {super::video::VideoTap, crate::media::video::VIDEO_CLOCK};

/// How many packets wait for the connection actor: five seconds of audio. A further one is lost and counted.
const QUEUE: usize = 256;
/// How many sources of audio are reported on that the answer does not name.
const MOST_SOURCES: usize = 16;
/// The clock of Opus timestamps, in Hz (RFC 7587 §4.1).
const CLOCK: u32 = 48_000;

/// A packet that may be the bot's audio.
#[derive(Debug)]
pub(crate) enum Media {
    /// It is, and can be played.
    Audio(Packet),
    /// Nobody knows whose it is: its source and its payload type.
    Unknown(u32, u8),
}

/// Counts what did not get through, and tells the filter what the answer said.
#[derive(Debug, Default)]
pub(crate) struct Gauge {
    routing: Mutex<Routing>,
    video: AtomicU64,
    lost: AtomicU64,
}

impl Gauge {
    /// Replaces the routing, except for the choice of what is heard; returns the one before.
    pub(crate) fn set_routing(&self, mut routing: Routing) -> Routing {
        let mut present = self.routing();
        routing.hear(present.hear(Heard::default()));
        std::mem::replace(&mut present, routing)
    }

    /// Chooses which audio is played, until the next choice.
    pub(crate) fn hear(&self, heard: Heard) {
        self.routing().hear(heard);
    }

    fn routing(&self) -> MutexGuard<'_, Routing> {
        self.routing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Packets of video that came in.
    pub(crate) fn video_packets(&self) -> u64 {
        self.video.load(Ordering::Relaxed)
    }

    /// Packets that there was no room for, since it was last asked.
    pub(crate) fn take_lost(&self) -> u64 {
        self.lost.swap(0, Ordering::Relaxed)
    }
}

/// The filter of one peer connection.
pub(crate) struct Filter {
    reports: ReceiverReportInterceptor,
    sources: Vec<u32>,
    gauge: Arc<Gauge>,
    media: mpsc::Sender<Media>,
    /// Where video goes; without it, it is only counted.
    #[cfg(feature = "video")]
    video: Option<VideoTap>,
}

impl Filter {
    /// A filter, its gauge, and what it gives.
    pub(crate) fn new() -> (Self, Arc<Gauge>, mpsc::Receiver<Media>) {
        let (media, receiver) = mpsc::channel(QUEUE);
        let gauge = Arc::new(Gauge::default());
        let reports = ReceiverReportBuilder::new().build();
        let filter = Self {
            reports,
            sources: Vec::new(),
            gauge: Arc::clone(&gauge),
            media,
            #[cfg(feature = "video")]
            video: None,
        };
        (filter, gauge, receiver)
    }

    /// From now on, video and all RTCP go to the tap, too.
    #[cfg(feature = "video")]
    pub(crate) fn with_video(mut self, tap: VideoTap) -> Self {
        self.video = Some(tap);
        self
    }

    fn stream(&self, packet: &Packet) -> Stream {
        self.gauge.routing().stream(&packet.header)
    }

    /// Reports are made of a source once its clock is known.
    fn report_on(&mut self, source: u32, clock_rate: u32) {
        if !self.sources.contains(&source) && self.sources.len() < MOST_SOURCES {
            self.sources.push(source);
            let info = StreamInfo { ssrc: source, clock_rate, ..StreamInfo::default() };
            self.reports.bind_remote_stream(&info);
        }
    }

    fn take(&mut self, packet: Packet) {
        let media = match self.stream(&packet) {
            Stream::Audio => {
                self.report_on(packet.header.ssrc, CLOCK);
                Media::Audio(packet)
            }
            Stream::Unknown => Media::Unknown(packet.header.ssrc, packet.header.payload_type),
            Stream::Video => return self.take_video(packet),
            Stream::Unheard | Stream::Signals => return,
        };
        if let Err(mpsc::error::TrySendError::Full(_)) = self.media.try_send(media) {
            self.gauge.lost.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn take_video(&mut self, packet: Packet) {
        #[cfg(feature = "video")]
        if let Some(tap) = &self.video {
            let source = packet.header.ssrc;
            if tap.packet(packet) {
                return self.report_on(source, VIDEO_CLOCK);
            }
        }
        #[cfg(not(feature = "video"))]
        drop(packet);
        self.gauge.video.fetch_add(1, Ordering::Relaxed);
    }
}

impl Protocol<TaggedPacket, TaggedPacket, ()> for Filter {
    type Rout = TaggedPacket;
    type Wout = TaggedPacket;
    type Eout = ();
    type Error = Error;
    type Time = Instant;

    fn handle_read(&mut self, message: TaggedPacket) -> Result<(), Error> {
        self.reports.handle_read(message)
    }

    /// Gives everything but packets of media.
    fn poll_read(&mut self) -> Option<TaggedPacket> {
        loop {
            let mut message = self.reports.poll_read()?;
            match message.message.packet {
                AnyPacket::Rtp(packet) => self.take(packet),
                other => {
                    #[cfg(feature = "video")]
                    if let (AnyPacket::Rtcp(packets), Some(tap)) = (&other, &self.video) {
                        tap.reports(packets);
                    }
                    message.message.packet = other;
                    return Some(message);
                }
            }
        }
    }

    fn handle_write(&mut self, message: TaggedPacket) -> Result<(), Error> {
        self.reports.handle_write(message)
    }

    fn poll_write(&mut self) -> Option<TaggedPacket> {
        self.reports.poll_write()
    }

    fn handle_timeout(&mut self, now: Instant) -> Result<(), Error> {
        self.reports.handle_timeout(now)
    }

    fn poll_timeout(&mut self) -> Option<Instant> {
        self.reports.poll_timeout()
    }
}

impl Interceptor for Filter {
    fn bind_local_stream(&mut self, info: &StreamInfo) {
        self.reports.bind_local_stream(info);
    }

    fn unbind_local_stream(&mut self, info: &StreamInfo) {
        self.reports.unbind_local_stream(info);
    }

    fn bind_remote_stream(&mut self, info: &StreamInfo) {
        if !self.sources.contains(&info.ssrc) {
            self.reports.bind_remote_stream(info);
            self.sources.push(info.ssrc);
        }
    }

    fn unbind_remote_stream(&mut self, info: &StreamInfo) {
        self.sources.retain(|source| *source != info.ssrc);
        self.reports.unbind_remote_stream(info);
    }
}

#[cfg(test)]
mod tests {
    use rtc::{interceptor::AttributedPacket, rtp::header::Header, shared::TransportContext};

    use super::*;
    use crate::transport::rtc::sdp;

    const OFFER: &str =
        "v=0\nm=audio 9 X 111\na=mid:0\nm=video 9 X 96\na=mid:1\nm=application 9 X Y\na=mid:2\n";

    /// A filter after an answer that names no source.
    fn filter() -> (Filter, Arc<Gauge>, mpsc::Receiver<Media>) {
        let fingerprint = ["ab"; 32].join(":");
        let answer = format!(
            "v=0\na=fingerprint:sha-256 {fingerprint}\nm=audio 9 X 111\na=rtpmap:111 opus/48000/2\n\
            m=video 9 X 96\nm=application 9 X Y\n"
        );
        let accepted = sdp::read_answer(&answer, OFFER, 1).unwrap();
        let (filter, gauge, media) = Filter::new();
        gauge.set_routing(accepted.remote.routing);
        (filter, gauge, media)
    }

    fn packet(now: Instant, ssrc: u32, payload_type: u8, number: u16) -> TaggedPacket {
        let header = Header { version: 2, ssrc, payload_type, sequence_number: number, ..Header::default() };
        let packet = AnyPacket::Rtp(Packet { header, payload: bytes::Bytes::from_static(b"x") });
        TaggedPacket { now, transport: TransportContext::default(), message: AttributedPacket::new(packet) }
    }

    /// Reads a packet and says whether the crate gets it.
    fn passes(filter: &mut Filter, packet: TaggedPacket) -> bool {
        filter.handle_read(packet).unwrap();
        filter.poll_read().is_some()
    }

    #[tokio::test]
    async fn every_packet_of_media_is_given_or_counted_whatever_its_source() {
        let now = tokio::time::Instant::now().into_std();
        let (mut filter, gauge, mut media) = filter();
        for (ssrc, payload_type) in [(1, 111), (2, 111), (3, 96), (4, 0)] {
            assert!(!passes(&mut filter, packet(now, ssrc, payload_type, 1)));
        }
        for ssrc in [1, 2] {
            assert!(matches!(media.try_recv(), Ok(Media::Audio(packet)) if packet.header.ssrc == ssrc));
        }
        assert!(matches!(media.try_recv(), Ok(Media::Unknown(4, 0))));
        assert_eq!((media.try_recv().is_err(), gauge.video_packets(), gauge.take_lost()), (true, 1, 0));
        let rtcp = AttributedPacket::new(AnyPacket::Rtcp(Vec::new()));
        assert!(passes(&mut filter, TaggedPacket { message: rtcp, ..packet(now, 0, 0, 0) }));
    }

    #[tokio::test]
    async fn the_choice_of_what_is_heard_outlasts_an_answer() {
        let now = tokio::time::Instant::now().into_std();
        let (mut filter, gauge, mut media) = filter();
        gauge.hear(Heard::Nothing);
        let routing = gauge.set_routing(Routing::default());
        gauge.set_routing(routing);
        assert!(!passes(&mut filter, packet(now, 1, 111, 1)));
        assert!(media.try_recv().is_err());
        gauge.hear(Heard::All);
        assert!(!passes(&mut filter, packet(now, 1, 111, 2)));
        assert!(matches!(media.try_recv(), Ok(Media::Audio(_))));
    }

    #[tokio::test]
    async fn what_there_is_no_room_for_is_counted() {
        let now = tokio::time::Instant::now().into_std();
        let (mut filter, gauge, media) = filter();
        for number in 0..300 {
            passes(&mut filter, packet(now, 1, 111, number));
        }
        assert_eq!((media.len(), gauge.take_lost(), gauge.take_lost()), (QUEUE, 300 - QUEUE as u64, 0));
    }

    /// The server learns how its audio arrives, though the crate does not know the source.
    #[tokio::test]
    async fn audio_of_a_source_that_the_answer_does_not_name_is_reported_on() {
        let now = tokio::time::Instant::now().into_std();
        let (mut filter, _gauge, _media) = filter();
        for number in 0..3 {
            passes(&mut filter, packet(now, 7, 111, number));
        }
        filter.handle_timeout(now + std::time::Duration::from_secs(2)).unwrap();
        let report = filter.poll_write().expect("there is a report");
        let AnyPacket::Rtcp(reports) = report.message.packet else { panic!("it is no report") };
        assert_eq!(reports.first().map(|report| report.destination_ssrc()), Some(vec![7]));
        for source in 0..1_000 {
            passes(&mut filter, packet(now, source, 111, 0));
        }
        assert_eq!(filter.sources.len(), MOST_SOURCES);
    }

    #[cfg(feature = "video")]
    #[tokio::test]
    async fn video_and_reports_go_to_the_tap() {
        use crate::transport::rtc::video::VideoArrival;

        let now = tokio::time::Instant::now().into_std();
        let (filter, gauge, mut media) = filter();
        let (tap, mut video) = VideoTap::new();
        let mut filter = filter.with_video(tap);
        assert!(!passes(&mut filter, packet(now, 3, 96, 1)));
        assert!(matches!(video.try_recv(), Ok(VideoArrival::Packet(packet)) if packet.header.ssrc == 3));
        let rtcp = AttributedPacket::new(AnyPacket::Rtcp(Vec::new()));
        assert!(
            passes(&mut filter, TaggedPacket { message: rtcp, ..packet(now, 0, 0, 0) }),
            "the crate's, too"
        );
        assert!(matches!(video.try_recv(), Ok(VideoArrival::Reports(packets)) if packets.is_empty()));
        for number in 0..2_000 {
            passes(&mut filter, packet(now, 3, 96, number));
        }
        let waiting = video.len() as u64;
        assert_eq!(waiting + gauge.video_packets(), 2_000);
        assert!(waiting < 2_000 && media.try_recv().is_err());
    }
}
