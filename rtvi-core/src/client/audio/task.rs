//! The audio task: moves the user's audio to the transport and the bot's to the speaker, one tick
//! at a time.
//!
//! It owns the app's source and sink, carries out the driver's commands and reports events. It must
//! not decide states. During a session it wakes once a frame; otherwise it sleeps.

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    time::{Instant, Interval, MissedTickBehavior, interval, sleep},
};

use crate::{
    client::{
        MediaDevice, PipecatClientOptions,
        machine::{DeviceKind, Devices, Levels},
    },
    log,
    media::{AudioSink, AudioSource, Playout},
};

use super::{
    TICK,
    controls::Controls,
    drops::Reported,
    guard::{GuardedSink, GuardedSource, PanicReport},
    messages::{AudioCommand, AudioEvent, AudioHandle},
    microphone::Microphone,
    speaker::Speaker,
    stats::AudioCounters,
    timer::Timer,
    utterance::UtteranceTracker,
    voice::Voice,
};

/// A task that falls behind by more than this skips the missed ticks instead of catching up.
const MAX_CATCH_UP: Duration = Duration::from_millis(500);
/// How many commands wait for the audio task. When full, the driver keeps the newest of each kind,
/// and a call of the app waits.
const COMMAND_QUEUE: usize = 16;
/// How many events wait for the driver. When full, the task waits, so no event is lost.
const EVENT_QUEUE: usize = 16;
/// How often dropped audio is reported.
const DROPS_PERIOD: Duration = Duration::from_millis(100);

/// The audio task of one client.
pub(in crate::client) struct AudioTask {
    pub(super) microphone: Microphone,
    pub(super) speaker: Speaker,
    /// Failures of the app's microphone and speaker.
    panic_reports: [(DeviceKind, PanicReport); 2],
    controls: Controls,
    /// Whether the driver waits for the devices to be opened.
    opening: bool,
    playout: Arc<Playout>,
    pub(super) counters: Arc<AudioCounters>,
    pub(super) reported: Reported,
    voice: Voice,
    utterances: UtteranceTracker,
    level_timer: Timer,
    drops_timer: Timer,
    commands: mpsc::Receiver<AudioCommand>,
    pub(super) events: mpsc::Sender<AudioEvent>,
    levels: watch::Sender<Levels>,
}

impl AudioTask {
    /// The task for a client with these options; takes the source and the sink out of them.
    pub(in crate::client) fn new(options: &mut PipecatClientOptions) -> (Self, AudioHandle) {
        let (mic, speaker) = (PanicReport::default(), PanicReport::default());
        let mut source = options.microphone.take().map(|source| GuardedSource::new(source, mic.clone()));
        let mut sink = options.speaker.take().map(|sink| GuardedSink::new(sink, speaker.clone()));
        let controls = Controls::new(
            source.as_mut().and_then(AudioSource::control),
            sink.as_mut().and_then(AudioSink::control),
        );
        let source = source.map(|source| Box::new(source) as Box<dyn AudioSource>);
        let sink = sink.map(|sink| Box::new(sink) as Box<dyn AudioSink>);
        let (command_sender, commands) = mpsc::channel(COMMAND_QUEUE);
        let (events, event_receiver) = mpsc::channel(EVENT_QUEUE);
        let (levels, level_receiver) = watch::channel(Levels::default());
        let playout = Arc::new(Playout::new(options.client.voice.playout));
        let counters = Arc::new(AudioCounters::new(Arc::clone(&playout)));
        let handle = AudioHandle {
            commands: command_sender,
            events: event_receiver,
            levels: level_receiver,
            playout: Arc::clone(&playout),
            counters: Arc::clone(&counters),
        };
        let task = Self {
            microphone: Microphone::new(source, &options.client),
            speaker: Speaker::new(sink, Arc::clone(&playout)),
            panic_reports: [(DeviceKind::Mic, mic), (DeviceKind::Speaker, speaker)],
            controls,
            opening: false,
            playout,
            counters,
            reported: Reported::default(),
            voice: Voice::new(&options.client.voice),
            utterances: UtteranceTracker::default(),
            level_timer: Timer::new(options.client.voice.level_period.max(TICK)),
            drops_timer: Timer::new(DROPS_PERIOD),
            commands,
            events,
            levels,
        };
        (task, handle)
    }

    /// Runs until the driver has ended.
    pub(in crate::client) async fn run(mut self) {
        let mut ticker = ticker(self.period());
        loop {
            let active = self.speaker.is_playing() || self.microphone.is_active();
            tokio::select! {
                command = self.commands.recv() => {
                    let Some(command) = command else { break };
                    let (was_active, period) = (active, self.period());
                    let event = self.on_command(command);
                    self.report(event).await;
                    if !was_active || self.period() != period {
                        ticker = self::ticker(self.period());
                    }
                }
                () = self.events.closed() => break,
                due = ticker.tick(), if active => {
                    if due.elapsed() > MAX_CATCH_UP {
                        ticker.reset();
                    }
                    self.on_tick();
                    let heard = self.utterances.poll(self.playout.stats());
                    self.report(heard.map(AudioEvent::Heard)).await;
                }
                () = sleep(self.controls.poll_period()), if !active && self.controls.is_watching() => {}
            }
            self.relay_device_events().await;
        }
        self.end_early();
        self.stop_capture();
        self.stop_playback();
    }

    /// The length of a tick.
    fn period(&self) -> Duration {
        self.microphone.frame().unwrap_or(TICK)
    }

    fn on_command(&mut self, command: AudioCommand) -> Option<AudioEvent> {
        match command {
            AudioCommand::Open => self.open(),
            AudioCommand::StartPlayback => return self.speaker.start(),
            AudioCommand::StopPlayback => self.stop_playback(),
            AudioCommand::StartCapture { mic, capture } => {
                self.report_drops();
                return self.microphone.start_session(mic, capture, &self.voice);
            }
            AudioCommand::StopCapture => return self.stop_capture(),
            AudioCommand::SetMic(enabled) => return self.microphone.set_enabled(enabled),
            AudioCommand::FlushSpeaker(fade) => self.flush_speaker(fade),
            AudioCommand::BotSpeech(speech) => {
                return self.utterances.follow(speech, self.playout.stats()).map(AudioEvent::Heard);
            }
            AudioCommand::BeginEarly => return self.microphone.begin_early(),
            AudioCommand::EndEarly => self.end_early(),
            AudioCommand::SetProcessing(options) => {
                self.voice.set_processing(options, self.microphone.capture_mut());
            }
            AudioCommand::SetPressed(pressed) => {
                self.voice.set_pressed(pressed, self.microphone.capture_mut());
            }
            // A caller that has gone leaves the previous recording to be completed by its drop.
            AudioCommand::Record { recorder, previous } => drop(previous.send(self.voice.record(recorder))),
            AudioCommand::Select { device, id } => self.controls.select(device, &id),
        }
        None
    }

    fn open(&mut self) {
        self.controls.watch();
        self.opening = true;
    }

    /// Reports what has happened to the devices, and first that they are open.
    async fn relay_device_events(&mut self) {
        for event in [self.microphone.follow_format(), self.speaker.follow_format()] {
            self.report(event).await;
        }
        let failures =
            self.panic_reports.each_ref().map(|(device, report)| report.take().map(|error| (*device, error)));
        for (device, error) in failures.into_iter().flatten() {
            self.report(Some(AudioEvent::Failed { device, error })).await;
        }
        while let Some((device, event)) = self.controls.next_event() {
            self.report(Some(AudioEvent::Device { device, event })).await;
        }
        if self.opening && self.controls.is_settled() {
            self.opening = false;
            let mic = self.microphone.is_present() && !self.controls.has(DeviceKind::Mic);
            let speaker = self.speaker.is_present() && !self.controls.has(DeviceKind::Speaker);
            let devices = Devices { mic: app_device(mic), speaker: app_device(speaker) };
            self.report(Some(AudioEvent::Opened(devices))).await;
        }
    }

    fn stop_playback(&mut self) {
        if self.speaker.is_playing() {
            self.speaker.stop();
            self.utterances = UtteranceTracker::default();
            self.publish_levels();
        }
    }

    fn flush_speaker(&mut self, fade: Option<Duration>) {
        self.speaker.flush(fade);
        if self.controls.has(DeviceKind::Speaker) {
            // The device fades out what it holds. The end of the playout's own fade would follow as
            // a click.
            self.playout.drop_fade();
        }
    }

    fn end_early(&mut self) {
        self.report_drops();
        self.microphone.end_early();
    }

    fn stop_capture(&mut self) -> Option<AudioEvent> {
        self.microphone.capture()?;
        self.report_drops();
        let stopped = self.microphone.end_session();
        self.publish_levels();
        self.end_tick();
        stopped
    }

    async fn report(&mut self, event: Option<AudioEvent>) {
        if let Some(event) = event
            && self.events.send(event).await.is_err()
        {
            log::debug!("the driver has ended");
        }
    }

    fn on_tick(&mut self) {
        let period = self.period();
        if let Some((samples, format)) = self.speaker.tick(period) {
            self.microphone.far_end(samples, format);
            self.voice.on_played(samples, format);
        }
        self.microphone.tick(period, &mut self.voice, &self.counters);
        self.end_tick();
        if self.level_timer.has_expired(period) {
            self.publish_levels();
        }
        if self.drops_timer.has_expired(period) {
            self.report_drops();
        }
    }

    fn end_tick(&mut self) {
        let report = |speaking| self.events.try_send(AudioEvent::Speech(speaking)).is_ok();
        self.voice.end_tick(self.microphone.capture(), &self.playout, report);
    }

    fn publish_levels(&self) {
        self.counters.set_processing(self.microphone.processing_stats());
        let levels = Levels { local: self.microphone.level(), remote: self.speaker.level() };
        self.levels.send_if_modified(|present| std::mem::replace(present, levels) != levels);
    }
}

/// The device that stands for a source or sink of the app's own.
fn app_device(is_present: bool) -> Option<MediaDevice> {
    is_present.then(|| MediaDevice { device_id: "application".into(), label: "application audio".into() })
}

/// A ticker that makes up for missed ticks.
fn ticker(period: Duration) -> Interval {
    let mut ticker = interval(period);
    ticker.set_missed_tick_behavior(MissedTickBehavior::Burst);
    ticker.reset_at(Instant::now() + period);
    ticker
}
