//! The task of a camera or a screen: polls the source while it is on, and sends its frames to the
//! connection.
//!
//! It carries out the driver's commands and reports what happens; it decides no state.

use std::time::Duration;

use tokio::{
    runtime::Handle,
    sync::{
        mpsc::{self, error::TrySendError},
        watch,
    },
    time::{Instant, Interval, MissedTickBehavior, interval, sleep},
};

use crate::{
    client::machine::{DeviceKind, Input, VideoStream},
    error::Error,
    log,
    media::{
        DeviceControl,
        video::{EncodedFrame, VideoInput, VideoSource, VideoTarget},
    },
    transport::VideoDemand,
};

use super::{
    encoding::Encoding,
    guard::{blocking, guarded},
};

/// How often a source that is on is polled.
const POLL: Duration = Duration::from_millis(5);
/// How often the devices behind a source are polled.
const DEVICES_POLL: Duration = Duration::from_millis(100);
/// How many encoded frames are taken at once.
const MAX_BATCH: usize = 8;

/// A command for the task.
#[derive(Debug)]
pub(super) enum SourceCommand {
    /// Watch the devices behind the source.
    Watch,
    /// Use another device.
    Select(String),
    /// A new connection takes the frames from now on.
    Connect { frames: mpsc::Sender<EncodedFrame>, demand: watch::Receiver<VideoDemand> },
}

/// The task of one source.
pub(super) struct SourceTask {
    stream: VideoStream,
    /// Absent while a call to it runs elsewhere.
    source: Option<Box<dyn VideoSource>>,
    control: Option<Box<dyn DeviceControl>>,
    encoding: Encoding,
    commands: mpsc::Receiver<SourceCommand>,
    /// Whether the source should be on.
    wish: watch::Receiver<bool>,
    events: mpsc::Sender<Input>,
    runtime: Handle,
    link: Option<(mpsc::Sender<EncodedFrame>, watch::Receiver<VideoDemand>)>,
    is_on: bool,
    is_watching: bool,
    /// Whether frames flow to the connection.
    flows: bool,
    target: Option<VideoTarget>,
    begin: Instant,
}

impl SourceTask {
    pub(super) fn new(
        stream: VideoStream,
        (source, control): (Box<dyn VideoSource>, Option<Box<dyn DeviceControl>>),
        encoding: Encoding,
        (commands, wish): (mpsc::Receiver<SourceCommand>, watch::Receiver<bool>),
        events: mpsc::Sender<Input>,
        runtime: &Handle,
    ) -> Self {
        Self {
            stream,
            source: Some(source),
            control,
            encoding,
            commands,
            wish,
            events,
            runtime: runtime.clone(),
            link: None,
            is_on: false,
            is_watching: false,
            flows: false,
            target: None,
            begin: Instant::now(),
        }
    }

    /// Runs until the driver has ended.
    pub(super) async fn run(mut self) {
        let mut ticks = ticks();
        loop {
            tokio::select! {
                biased;
                command = self.commands.recv() => match command {
                    Some(command) => self.on_command(command),
                    None => break,
                },
                changed = self.wish.changed() => {
                    if changed.is_err() {
                        break;
                    }
                    self.follow_wish().await;
                }
                _ = ticks.tick(), if self.is_on => self.turn().await,
                () = sleep(DEVICES_POLL), if self.is_watching && !self.is_on => {}
            }
            self.relay_device_events().await;
        }
        self.stop().await;
    }

    fn on_command(&mut self, command: SourceCommand) {
        match command {
            SourceCommand::Watch => self.watch(),
            SourceCommand::Select(id) => {
                self.control.iter_mut().for_each(|control| drop(guarded("a device", || control.select(&id))));
            }
            SourceCommand::Connect { frames, demand } => {
                self.link = Some((frames, demand));
                self.target = None;
                self.encoding.require_key_frame();
            }
        }
    }

    fn watch(&mut self) {
        if let Some(control) = self.control.as_mut().filter(|_| !self.is_watching) {
            self.is_watching = true;
            drop(guarded("a device", || control.watch()));
        }
    }

    async fn follow_wish(&mut self) {
        let wanted = *self.wish.borrow_and_update();
        match (self.is_on, wanted) {
            (false, true) => self.start().await,
            (true, false) => self.stop().await,
            _ => {}
        }
    }

    async fn start(&mut self) {
        let wanted = self.encoding.most().format;
        let name = self.name();
        let started = self.call(move |source| guarded(name, || source.start(wanted)).flatten()).await;
        match started {
            Some(Ok(())) => {
                self.is_on = true;
                self.target = None;
                let now = self.now();
                self.encoding.restart(now);
            }
            Some(Err(error)) => self.fail(error).await,
            None => {}
        }
    }

    async fn stop(&mut self) {
        if std::mem::take(&mut self.is_on) {
            let name = self.name();
            self.call(move |source| drop(guarded(name, || source.stop()))).await;
        }
        self.set_flows(false).await;
    }

    /// The source has failed: it stays off until it is turned on again.
    async fn fail(&mut self, error: Error) {
        self.stop().await;
        let device = self.device();
        self.report(Input::DeviceFailed { device, error }).await;
    }

    async fn turn(&mut self) {
        match self.read().await {
            Ok(()) => {}
            Err(error) => self.fail(error).await,
        }
    }

    async fn read(&mut self) -> Result<(), Error> {
        let name = self.name();
        let Some(source) = self.source.as_mut() else { return Ok(()) };
        if let Some(error) = guarded(name, || source.failure())? {
            return Err(error);
        }
        let Some(demand) = self.link.as_ref().map(|(_, demand)| *demand.borrow()) else { return Ok(()) };
        let Some(codec) = demand.codec else { return Ok(()) };
        let target = demand.target.unwrap_or(self.encoding.most());
        if self.target.replace(target) != Some(target) {
            guarded(name, || source.set_target(target))?;
        }
        if source.codec().is_some() {
            return self.pass_on(demand).await;
        }
        let new = match guarded(name, || source.read())? {
            Some(VideoInput::Pixels(frame)) => Some(frame),
            Some(VideoInput::Encoded(_)) | None => None,
        };
        let Some(chosen) = self.encoding.choose(self.now(), new, demand) else { return Ok(()) };
        let runtime = self.runtime.clone();
        match self.encoding.encode(&runtime, chosen, codec, demand).await {
            Ok(Some(frame)) => self.send(frame).await,
            Ok(None) => {}
            Err(error) => log::warn!(%error, "a picture was not encoded"),
        }
        Ok(())
    }

    /// Sends the frames of a source that encodes them itself.
    async fn pass_on(&mut self, demand: VideoDemand) -> Result<(), Error> {
        let name = self.name();
        let wants_key_frame = self.encoding.takes_key_frame(demand);
        for index in 0..MAX_BATCH {
            let Some(source) = self.source.as_mut() else { return Ok(()) };
            if index == 0 && wants_key_frame {
                guarded(name, || source.request_key_frame())?;
            }
            match guarded(name, || source.read())? {
                Some(VideoInput::Encoded(frame)) => self.send(frame).await,
                Some(VideoInput::Pixels(_)) | None => break,
            }
        }
        Ok(())
    }

    async fn send(&mut self, frame: EncodedFrame) {
        match self.link.as_ref().map(|(frames, _)| frames.try_send(frame)) {
            Some(Ok(())) => self.set_flows(true).await,
            Some(Err(TrySendError::Full(_))) => self.encoding.require_key_frame(),
            Some(Err(TrySendError::Closed(_))) => self.link = None,
            None => {}
        }
    }

    async fn set_flows(&mut self, flows: bool) {
        if std::mem::replace(&mut self.flows, flows) != flows {
            let stream = self.stream;
            self.report(Input::VideoFlow { stream, flows }).await;
        }
    }

    async fn relay_device_events(&mut self) {
        let device = self.device();
        while let Some(control) = self.control.as_mut().filter(|_| self.is_watching) {
            let Ok(Some(event)) = guarded("a device", || control.next_event()) else { return };
            self.report(Input::DeviceEvent { device, event }).await;
        }
    }

    async fn report(&mut self, input: Input) {
        if self.events.send(input).await.is_err() {
            log::debug!("the driver has ended");
        }
    }

    /// Makes a call that may block.
    async fn call<R: Send + 'static>(
        &mut self,
        call: impl FnOnce(&mut dyn VideoSource) -> R + Send + 'static,
    ) -> Option<R> {
        let mut source = self.source.take()?;
        let work = move || {
            let result = call(source.as_mut());
            (source, result)
        };
        let (source, result) = blocking(&self.runtime, work).await?;
        self.source = Some(source);
        Some(result)
    }

    fn now(&self) -> Duration {
        self.begin.elapsed()
    }

    const fn device(&self) -> DeviceKind {
        match self.stream {
            VideoStream::Screen => DeviceKind::Screen,
            VideoStream::Cam | VideoStream::Bot => DeviceKind::Cam,
        }
    }

    const fn name(&self) -> &'static str {
        match self.stream {
            VideoStream::Screen => "the app's screen source",
            VideoStream::Cam | VideoStream::Bot => "the app's camera",
        }
    }
}

fn ticks() -> Interval {
    let mut ticks = interval(POLL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}
