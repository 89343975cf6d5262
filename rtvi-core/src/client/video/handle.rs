//! The driver's side of video: it creates the tasks, plans what connections carry, and connects
//! them.

use tokio::{
    runtime::Handle,
    sync::{mpsc, watch},
};

use crate::{
    client::{
        PipecatClientOptions,
        machine::{DeviceKind, Input, Shown, VideoConfig, VideoSourceKind, VideoStream},
    },
    log,
    media::video::{VideoAccepts, VideoCodec, VideoFormat, VideoSource, VideoTarget},
    transport::{Connection, DownlinkEnds, UplinkEnds, VideoEnds, VideoPlan, VideoPort},
};

use super::{
    display::DisplayTask,
    encoding::Encoding,
    guard::guarded,
    source::{SourceCommand, SourceTask},
};

/// How many events of the video tasks wait for the driver. When full, the tasks wait.
const EVENT_QUEUE: usize = 16;
/// How many commands wait for a source, which takes them between two pictures. When full, a further
/// one is lost and logged.
const COMMAND_QUEUE: usize = 16;
/// The largest frame of a camera: servers keep 128 packets of 1200 bytes.
const MAX_CAMERA_FRAME: u32 = 120 * 1_200;
/// The largest frame of a screen: servers keep 512 packets.
const MAX_SCREEN_FRAME: u32 = 480 * 1_200;

/// The driver's ends of the video tasks.
#[derive(Debug)]
pub(in crate::client) struct VideoHandle {
    camera: Option<SourceHandle>,
    screen: Option<SourceHandle>,
    /// Takes the connections whose video is displayed.
    display: Option<mpsc::Sender<DownlinkEnds>>,
    /// What to offer; `None` if the client has no video.
    plan: Option<VideoPlan>,
    events: mpsc::Receiver<Input>,
    /// Keeps `events` open when there is no task.
    _sender: mpsc::Sender<Input>,
}

#[derive(Debug)]
struct SourceHandle {
    commands: mpsc::Sender<SourceCommand>,
    on: watch::Sender<bool>,
    /// Tells the connection whether the source is on.
    enabled: Option<watch::Sender<bool>>,
}

impl VideoHandle {
    /// Takes sources, sink and codecs out of the options and starts their tasks.
    pub(in crate::client) fn new(
        options: &mut PipecatClientOptions,
        runtime: &Handle,
    ) -> (Self, VideoConfig) {
        let plan = plan(options);
        let (sender, events) = mpsc::channel(EVENT_QUEUE);
        let codecs = options.video_codecs.take();
        let spawn = |source: Option<Box<dyn VideoSource>>, stream, most: Option<VideoTarget>| {
            let (source, most) = source.zip(most)?;
            let encoding = Encoding::new(codecs.clone(), most);
            let (task, handle, kind) = source_task(source, stream, encoding, &sender, runtime);
            runtime.spawn(task.run());
            Some((handle, kind))
        };
        let most = |shown| {
            plan.as_ref().and_then(|plan| if shown == Shown::Cam { plan.camera } else { plan.screen })
        };
        let camera = spawn(options.camera.take(), VideoStream::Cam, most(Shown::Cam));
        let screen = spawn(options.screen.take(), VideoStream::Screen, most(Shown::Screen));
        let display = options.video.take().map(|sink| {
            let (connections, receiver) = mpsc::channel(COMMAND_QUEUE);
            let task = DisplayTask::new(sink, codecs.clone(), sender.clone(), runtime.clone());
            runtime.spawn(task.run(receiver));
            connections
        });
        let kind = |source: &Option<(SourceHandle, VideoSourceKind)>| {
            source.as_ref().map_or(VideoSourceKind::Absent, |(_, kind)| *kind)
        };
        let config = VideoConfig {
            cam: kind(&camera),
            screen: kind(&screen),
            cam_enabled: options.client.enable_cam,
            screen_enabled: options.client.enable_screen_share,
        };
        let (camera, screen) = (camera.map(|(handle, _)| handle), screen.map(|(handle, _)| handle));
        (Self { camera, screen, display, plan, events, _sender: sender }, config)
    }

    /// Gives a connection that is about to open its ends. Returns whether it carries video.
    pub(in crate::client) fn connect(&mut self, connection: &mut dyn Connection) -> bool {
        let Some(plan) = self.plan.clone() else { return false };
        let (port, ends) = VideoPort::new(plan);
        if !guarded("the app's transport", || connection.take_video(port)).unwrap_or(false) {
            return false;
        }
        let VideoEnds { camera, screen, bot } = ends;
        connect(self.camera.as_mut(), camera);
        connect(self.screen.as_mut(), screen);
        if let Some(display) = &self.display
            && display.try_send(bot).is_err()
        {
            log::warn!("the bot's video is not shown: too many connections wait for the display");
        }
        true
    }

    /// Starts watching cameras.
    pub(in crate::client) fn watch(&self) {
        self.camera.iter().for_each(|source| source.send(SourceCommand::Watch));
    }

    /// Turns a source on or off.
    pub(in crate::client) fn show(&self, shown: Shown, on: bool) {
        let source = match shown {
            Shown::Cam => &self.camera,
            Shown::Screen => &self.screen,
        };
        if let Some(source) = source {
            // The connection learns it before the first frame.
            if let Some(enabled) = &source.enabled {
                enabled.send_replace(on);
            }
            source.on.send_replace(on);
        }
    }

    /// Selects another camera.
    pub(in crate::client) fn select(&self, device: DeviceKind, id: String) {
        let source = if device == DeviceKind::Cam { &self.camera } else { &self.screen };
        if let Some(source) = source {
            source.send(SourceCommand::Select(id));
        }
    }

    /// The next event of the tasks. May be dropped at any time.
    pub(in crate::client) async fn next(&mut self) -> Input {
        match self.events.recv().await {
            Some(input) => input,
            None => std::future::pending().await,
        }
    }
}

impl SourceHandle {
    fn send(&self, command: SourceCommand) {
        if self.commands.try_send(command).is_err() {
            log::warn!("a command for the camera or the screen is lost: it does not take any");
        }
    }
}

fn connect(source: Option<&mut SourceHandle>, ends: UplinkEnds) {
    if let Some(source) = source {
        let UplinkEnds { enabled, frames, demand } = ends;
        source.enabled = Some(enabled);
        source.send(SourceCommand::Connect { frames, demand });
    }
}

fn source_task(
    mut source: Box<dyn VideoSource>,
    stream: VideoStream,
    encoding: Encoding,
    events: &mpsc::Sender<Input>,
    runtime: &Handle,
) -> (SourceTask, SourceHandle, VideoSourceKind) {
    let control = guarded("a source", || source.control()).ok().flatten();
    let kind = if control.is_some() { VideoSourceKind::OfSystem } else { VideoSourceKind::OfApp };
    let (commands, receiver) = mpsc::channel(COMMAND_QUEUE);
    let (on, wish) = watch::channel(false);
    let task =
        SourceTask::new(stream, (source, control), encoding, (receiver, wish), events.clone(), runtime);
    (task, SourceHandle { commands, on, enabled: None }, kind)
}

/// What to offer to every connection.
fn plan(options: &PipecatClientOptions) -> Option<VideoPlan> {
    let video = options.client.video;
    let target = |(width, height, frame_rate): (u32, u32, u32), bitrate, max_frame_size| {
        let format = VideoFormat { width, height, frame_rate: frame_rate.clamp(1, 60) };
        VideoTarget { format, bitrate, max_frame_size }
    };
    let (camera, screen) = (video.camera, video.screen);
    let camera_target =
        target((camera.width, camera.height, camera.frame_rate), camera.max_bitrate, MAX_CAMERA_FRAME);
    let screen_target =
        target((screen.width, screen.height, screen.frame_rate), screen.max_bitrate, MAX_SCREEN_FRAME);
    let plan = VideoPlan {
        codecs: codecs(options),
        camera: options.camera.is_some().then_some(camera_target),
        screen: options.screen.is_some().then_some(screen_target),
        bot: options.video.is_some().then_some(video.max_receive_bitrate),
    };
    let is_empty = plan.camera.is_none() && plan.screen.is_none() && plan.bot.is_none();
    if !is_empty && plan.codecs.is_empty() {
        log::warn!("no video: the client has no codec that all its sources and its display share");
    }
    (!is_empty && !plan.codecs.is_empty()).then_some(plan)
}

/// The codecs that all sources and the sink can use, the preferred one first.
fn codecs(options: &PipecatClientOptions) -> Vec<VideoCodec> {
    let of_app = || {
        let codecs = options.video_codecs.as_ref();
        codecs.and_then(|codecs| guarded("codecs", || codecs.codecs()).ok()).unwrap_or_default()
    };
    let of_source = |source: &Option<Box<dyn VideoSource>>| {
        let source = source.as_ref()?;
        let own = guarded("a source", || source.codec()).ok().flatten();
        Some(own.map_or_else(of_app, |codec| vec![codec]))
    };
    let of_sink = options.video.as_ref().map(|sink| match guarded("a display", || sink.accepts()) {
        Ok(VideoAccepts::Pixels) => of_app(),
        Ok(VideoAccepts::Encoded(codecs)) => codecs,
        Err(_) => Vec::new(),
    });
    let lists = [of_source(&options.camera), of_source(&options.screen), of_sink];
    let mut lists = lists.into_iter().flatten();
    let first = lists.next().unwrap_or_default();
    lists.fold(first, |shared, list| shared.into_iter().filter(|codec| list.contains(codec)).collect())
}
