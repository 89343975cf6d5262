//! All streams of video of one peer connection.

use std::time::Duration;

use rtc::rtcp::{self, sender_report::SenderReport};
use tokio::{sync::mpsc, time::Instant};

use crate::{
    media::{
        VideoStats,
        video::{ClockPoint, EncodedFrame, VideoFeedback, VideoKind},
    },
    transport::{
        rtc::{peer::LocalTrack, sdp::VideoAnswer},
        video::VideoPort,
    },
};

use super::{VideoArrival, bot::BotStream, local::LocalStream};

/// Something that happened to video.
pub(crate) enum VideoEvent {
    /// The network brings something.
    Arrival(VideoArrival),
    /// The client has a frame to send.
    Frame(VideoKind, EncodedFrame),
    /// The client turned a source on or off.
    Enabled(VideoKind),
    /// The client can't decode without a key frame.
    KeyFrameWanted,
}

/// The streams of video: the camera's, the screen's, and the bot's.
pub(crate) struct VideoStreams {
    camera: LocalStream,
    screen: Option<LocalStream>,
    bot: Option<BotStream>,
    arrivals: mpsc::Receiver<VideoArrival>,
    /// The source of the user's audio.
    microphone: u32,
    /// The newest report of a sender that is not the bot's video, and its source.
    other_report: Option<(u32, ClockPoint)>,
    begin: Instant,
    unused: u64,
}

impl VideoStreams {
    /// Creates streams that begin at `now`, for a peer whose first section of video is the camera's
    /// and whose second one, if any, is the screen's. `None` if there is no section.
    pub(crate) fn new(
        port: VideoPort,
        tracks: Vec<LocalTrack>,
        arrivals: mpsc::Receiver<VideoArrival>,
        microphone: u32,
        now: Instant,
    ) -> Option<Self> {
        let VideoPort { plan, camera, screen, bot } = port;
        let mut tracks = tracks.into_iter();
        let camera = LocalStream::new(VideoKind::Camera, tracks.next()?, camera, plan.camera);
        let screen =
            tracks.next().map(|track| LocalStream::new(VideoKind::Screen, track, screen, plan.screen));
        let bot = plan.bot.map(|most| BotStream::new(bot, most));
        Some(Self { camera, screen, bot, arrivals, microphone, other_report: None, begin: now, unused: 0 })
    }

    /// Follows an answer, which has one entry for each section.
    pub(crate) fn accept(&mut self, answers: &[Option<VideoAnswer>]) {
        let answer = |index: usize| answers.get(index).cloned().flatten();
        self.camera.accept(answer(0));
        self.screen.iter_mut().for_each(|screen| screen.accept(answer(1)));
        self.bot.iter_mut().for_each(|bot| bot.accept(answer(0)));
    }

    /// The sources, and whether each is on.
    pub(crate) fn sources(&self) -> Vec<(VideoKind, bool)> {
        let screen = self.screen.as_ref().map(|screen| (VideoKind::Screen, screen.is_enabled()));
        [(VideoKind::Camera, self.camera.is_enabled())].into_iter().chain(screen).collect()
    }

    /// The next event. May be dropped at any time.
    pub(crate) async fn next(&mut self) -> VideoEvent {
        tokio::select! {
            Some(arrival) = self.arrivals.recv() => VideoEvent::Arrival(arrival),
            event = self.camera.next() => event,
            event = next(&mut self.screen) => event,
            () = key_frame_wanted(&mut self.bot) => VideoEvent::KeyFrameWanted,
        }
    }

    /// Does what an event asks for.
    pub(crate) async fn handle(&mut self, now: Instant, event: VideoEvent) {
        let at = self.since_begin(now);
        match event {
            VideoEvent::Arrival(VideoArrival::Packet(packet)) => {
                let is_used = self.bot.as_mut().is_some_and(|bot| bot.packet(at, packet));
                self.unused += u64::from(!is_used);
                self.bot.iter_mut().for_each(|bot| bot.show(at));
            }
            VideoEvent::Arrival(VideoArrival::Reports(packets)) => {
                packets.iter().for_each(|packet| self.report(at, &**packet));
                self.send(at).await;
            }
            VideoEvent::Frame(kind, frame) => {
                if let Some(stream) = self.stream(kind) {
                    stream.frame(at, &frame);
                    stream.turn(at).await;
                }
            }
            VideoEvent::Enabled(kind) => self.stream(kind).into_iter().for_each(LocalStream::enable),
            VideoEvent::KeyFrameWanted => self.bot.iter_mut().for_each(BotStream::require_key_frame),
        }
    }

    fn report(&mut self, now: Duration, packet: &dyn rtcp::Packet) {
        if let Some(VideoFeedback::Loss(loss)) = VideoFeedback::read(packet, self.microphone) {
            self.local().for_each(|stream| stream.on_audio_loss(now, loss));
        }
        self.local().for_each(|stream| stream.report(now, packet));
        if let (Some(bot), Some(report)) = (&mut self.bot, packet.as_any().downcast_ref::<SenderReport>()) {
            let point = ClockPoint { ntp: report.ntp_time, timestamp: report.rtp_time };
            if !bot.report(report.ssrc, point) {
                self.other_report = Some((report.ssrc, point));
            }
        }
    }

    /// Audio of this source and timestamp will be heard at `at`. Pictures of the bot wait for it,
    /// once reports relate the two.
    pub(crate) fn hear(&mut self, source: u32, timestamp: u32, at: Instant) {
        let at = self.since_begin(at);
        let point = self.other_report.filter(|(reported, _)| *reported == source);
        if let (Some(bot), Some((_, point))) = (&mut self.bot, point) {
            bot.hear(point, timestamp, at);
        }
    }

    /// Sends and shows what is due. Call it every 10 ms.
    pub(crate) async fn tick(&mut self, now: Instant) {
        let at = self.since_begin(now);
        self.send(at).await;
        let Some(bot) = &mut self.bot else { return };
        bot.show(at);
        let feedback = bot.feedback(at, self.camera.ssrc());
        if !feedback.is_empty() {
            self.camera.track().send_reports(feedback).await;
        }
    }

    async fn send(&mut self, now: Duration) {
        self.camera.turn(now).await;
        if let Some(screen) = &mut self.screen {
            screen.turn(now).await;
        }
    }

    /// Sets the round-trip time to the server.
    pub(crate) fn set_round_trip(&mut self, round_trip: Duration) {
        self.local().for_each(|stream| stream.set_round_trip(round_trip));
        self.bot.iter_mut().for_each(|bot| bot.set_round_trip(round_trip));
    }

    /// Received packets of video that nobody shows.
    pub(crate) const fn unused_packets(&self) -> u64 {
        self.unused
    }

    /// The current statistics.
    pub(crate) fn stats(&mut self, now: Instant) -> VideoStats {
        let at = self.since_begin(now);
        VideoStats {
            camera: self.camera.stats(at),
            screen: self.screen.as_mut().map(|screen| screen.stats(at)).unwrap_or_default(),
            bot: self.bot.as_mut().map(|bot| bot.stats(at)).unwrap_or_default(),
        }
    }

    fn stream(&mut self, kind: VideoKind) -> Option<&mut LocalStream> {
        match kind {
            VideoKind::Camera => Some(&mut self.camera),
            VideoKind::Screen => self.screen.as_mut(),
        }
    }

    fn local(&mut self) -> impl Iterator<Item = &mut LocalStream> {
        [Some(&mut self.camera), self.screen.as_mut()].into_iter().flatten()
    }

    fn since_begin(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.begin)
    }
}

async fn next(stream: &mut Option<LocalStream>) -> VideoEvent {
    match stream {
        Some(stream) => stream.next().await,
        None => std::future::pending().await,
    }
}

async fn key_frame_wanted(bot: &mut Option<BotStream>) {
    match bot {
        Some(bot) => bot.key_frame_wanted().await,
        None => std::future::pending().await,
    }
}
