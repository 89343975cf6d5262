//! A call that sends recorded frames, and keeps the frames of the bot.

use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use rtvi_core::{
    ConnectParams,
    media::{
        Playout, VideoStats,
        video::{EncodedFrame, VideoCodec, VideoFormat, VideoTarget},
    },
    transport::{
        Closed, Cookies, DownlinkEnds, OpenRequest, SmallWebRtcTransport, TlsOptions, Transport,
        TransportCommand, TransportEvent, TransportPort, TransportStats, UplinkEnds, VideoPlan, VideoPort,
    },
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval, timeout},
};
use tokio_util::sync::CancellationToken;

use super::VideoRecording;

/// The time limit for opening and for closing.
const PATIENCE: Duration = Duration::from_secs(20);

/// A plan with a camera, perhaps a screen, and a display.
pub fn plan(codecs: &[VideoCodec], has_screen: bool) -> VideoPlan {
    let most = |width, height, frame_rate, bitrate| VideoTarget {
        format: VideoFormat { width, height, frame_rate },
        bitrate,
        max_frame_size: 150_000,
    };
    VideoPlan {
        codecs: codecs.to_vec(),
        camera: Some(most(640, 480, 24, 1_500_000)),
        screen: has_screen.then(|| most(1_280, 720, 10, 2_500_000)),
        bot: Some(1_500_000),
    }
}

/// A camera or screen that plays a recording in a loop. It continues with a key frame where the
/// connection asks for one.
#[derive(Debug)]
pub struct Source {
    enabled: watch::Sender<bool>,
    sent: Arc<AtomicU64>,
    player: JoinHandle<()>,
}

impl Source {
    fn new(ends: UplinkEnds, recording: VideoRecording, rate: u32) -> Self {
        let UplinkEnds { enabled, frames, demand } = ends;
        let sent = Arc::new(AtomicU64::new(0));
        let player = Player { recording, at: 0, key_frames: 0, demand, sent: Arc::clone(&sent) };
        let player = tokio::spawn(player.play(enabled.subscribe(), frames, rate));
        Self { enabled, sent, player }
    }

    /// Turns it on or off.
    pub fn enable(&self, on: bool) {
        self.enabled.send_replace(on);
    }

    /// The frames that the connection has taken.
    pub fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        self.player.abort();
    }
}

struct Player {
    recording: VideoRecording,
    at: usize,
    key_frames: u32,
    demand: watch::Receiver<rtvi_core::transport::VideoDemand>,
    sent: Arc<AtomicU64>,
}

impl Player {
    async fn play(mut self, enabled: watch::Receiver<bool>, frames: mpsc::Sender<EncodedFrame>, rate: u32) {
        let begin = Instant::now();
        let mut ticks = interval(Duration::from_secs(1) / rate);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        loop {
            ticks.tick().await;
            let demand = *self.demand.borrow();
            if !*enabled.borrow() || demand.codec != Some(self.recording.codec) {
                continue;
            }
            let wants_key_frame =
                std::mem::replace(&mut self.key_frames, demand.key_frames) != demand.key_frames;
            let (data, is_key) = self.next(wants_key_frame);
            let (width, height) =
                demand.target.map_or((0, 0), |target| (target.format.width, target.format.height));
            let codec = self.recording.codec;
            let frame = EncodedFrame { codec, data, is_key, width, height, timestamp: begin.elapsed() };
            if frames.try_send(frame).is_ok() {
                self.sent.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn next(&mut self, key_frame: bool) -> (bytes::Bytes, bool) {
        let frames = &self.recording.frames;
        while key_frame && !frames[self.at % frames.len()].1 {
            self.at += 1;
        }
        let frame = frames[self.at % frames.len()].clone();
        self.at += 1;
        frame
    }
}

/// What a call has got so far.
#[derive(Debug, Default)]
struct Got {
    frames: Vec<(EncodedFrame, Instant)>,
    stats: Option<TransportStats>,
    unsupported: Vec<String>,
}

/// An open call.
#[derive(Debug)]
pub struct VideoCall {
    /// The camera.
    pub camera: Source,
    /// The screen; off and without a section if the plan has none.
    pub screen: Source,
    /// Held open: the bot's decoder asks for no key frame.
    _key_frames: watch::Sender<u32>,
    got: Arc<Mutex<Got>>,
    commands: mpsc::Sender<TransportCommand>,
    running: JoinHandle<Closed>,
    _mic: mpsc::Sender<rtvi_core::media::AudioFrame>,
    readers: [JoinHandle<()>; 2],
}

impl VideoCall {
    /// Opens a call with the bot that takes offers at `url`. The camera plays the first recording
    /// and the screen the second one; both are off.
    ///
    /// # Panics
    /// If it does not open.
    pub async fn open(url: &str, plan: VideoPlan, recordings: [VideoRecording; 2]) -> Self {
        let rates = [plan.camera, plan.screen].map(|most| most.map_or(10, |most| most.format.frame_rate));
        let (video, ends) = VideoPort::new(plan);
        let (commands, command_receiver) = mpsc::channel(16);
        let (event_sender, events) = mpsc::channel(64);
        let (mic, mic_receiver) = mpsc::channel(16);
        let port = TransportPort {
            commands: command_receiver,
            events: event_sender,
            mic: mic_receiver,
            speaker: Arc::new(Playout::default()),
            cancel: CancellationToken::new(),
        };
        let running = tokio::spawn(run(url.to_owned(), video, port));
        let got = Arc::new(Mutex::new(Got::default()));
        let (opened, is_open) = tokio::sync::oneshot::channel();
        let DownlinkEnds { frames, key_frames } = ends.bot;
        let readers = [
            tokio::spawn(read_events(events, Arc::clone(&got), opened)),
            tokio::spawn(read_frames(frames, Arc::clone(&got))),
        ];
        timeout(PATIENCE, is_open).await.expect("it opens in time").expect("it opens");
        let [camera, screen] = recordings;
        Self {
            camera: Source::new(ends.camera, camera, rates[0]),
            screen: Source::new(ends.screen, screen, rates[1]),
            _key_frames: key_frames,
            got,
            commands,
            running,
            _mic: mic,
            readers,
        }
    }

    /// The bot's frames so far, each with the time at which it was complete.
    pub fn frames(&self) -> Vec<(EncodedFrame, Instant)> {
        self.got().frames.clone()
    }

    /// The newest statistics of video.
    ///
    /// # Panics
    /// If there are none yet.
    pub fn video(&self) -> VideoStats {
        let stats = self.got().stats.clone().expect("there are statistics after a second");
        stats.video.expect("the call carries video")
    }

    /// What the bot does not take part in.
    pub fn unsupported(&self) -> Vec<String> {
        self.got().unsupported.clone()
    }

    /// Closes the call.
    ///
    /// # Panics
    /// If it does not close in time.
    pub async fn close(self) -> Closed {
        self.commands.send(TransportCommand::Close).await.expect("the call runs");
        let closed = timeout(PATIENCE, self.running).await.expect("it closes in time").expect("it ends");
        self.readers.iter().for_each(JoinHandle::abort);
        closed
    }

    fn got(&self) -> MutexGuard<'_, Got> {
        self.got.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn run(url: String, video: VideoPort, port: TransportPort) -> Closed {
    let params = ConnectParams::default().with("webrtcUrl", url);
    let transport = SmallWebRtcTransport::new(Default::default());
    let request = OpenRequest {
        params: &params,
        start: None,
        cookies: &Cookies::default(),
        tls: &TlsOptions::default(),
        attempt: 0,
        mic_enabled: true,
        open_timeout: PATIENCE,
    };
    let mut connection = transport.create(request).expect("the parameters fit");
    assert!(connection.take_video(video), "the connection carries video");
    connection.run(port).await
}

async fn read_events(
    mut events: mpsc::Receiver<TransportEvent>,
    got: Arc<Mutex<Got>>,
    opened: tokio::sync::oneshot::Sender<()>,
) {
    let mut opened = Some(opened);
    while let Some(event) = events.recv().await {
        let mut got = got.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            TransportEvent::Opened { .. } => drop(opened.take().map(|opened| opened.send(()))),
            TransportEvent::Stats(stats) => got.stats = Some(*stats),
            TransportEvent::UnsupportedFeature(feature) => got.unsupported.push(feature),
            _ => {}
        }
    }
}

async fn read_frames(mut frames: mpsc::Receiver<EncodedFrame>, got: Arc<Mutex<Got>>) {
    while let Some(frame) = frames.recv().await {
        got.lock().unwrap_or_else(PoisonError::into_inner).frames.push((frame, Instant::now()));
    }
}
