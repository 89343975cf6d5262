//! The audio task: moves the microphone's audio to the transport and the bot's to the speaker, on one steady tick.
//!
//! It owns the app's source and sink. The driver tells it what to do; it reports events and never a state. Between session start
//! and end it wakes once a frame; otherwise it sleeps.

mod losses;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{Instant, Interval, MissedTickBehavior, interval, sleep},
};

use crate::{
    client::{
        BotAudioHeard, MAX_PRE_CONNECT, MediaDevice, PipecatClientOptions, Track, TrackKind,
        machine::{Device, Devices, Levels},
    },
    error::Error,
    log,
    media::{AudioFormat, AudioFrame, AudioSink, AudioSource, Capture, DuplexRecorder, Playout},
    transport::{CaptureFormat, Participant},
};

use super::{
    controls::Controls,
    drops::Reported,
    guard::{GuardedSink, GuardedSource, PanicReport},
    heard::Heard,
    messages::{AudioCommand, AudioEvent, AudioHandle},
    mic_release::MicRelease,
    pre_connect::PreConnect,
    stats::AudioCounters,
    voice::Voice,
};

/// How often the audio task wakes while the microphone is off.
const TICK: Duration = Duration::from_millis(20);
/// A task that was held up for longer than this goes on from now instead of catching up.
const MAX_CATCH_UP: Duration = Duration::from_millis(500);
/// How many commands wait for the audio task; the driver waits for room. It is never more than a few.
const COMMAND_QUEUE: usize = 16;
/// How many reports wait for the driver. When full, a track report is late, never lost: the task waits.
const NOTE_QUEUE: usize = 16;
/// How often what was dropped is looked at.
const DROPS_PERIOD: Duration = Duration::from_millis(100);
/// The format played into nothing when the app gave no speaker.
const NO_SPEAKER: AudioFormat = AudioFormat::mono(24_000);

/// The task itself.
pub(in crate::client) struct AudioTask {
    source: Option<Box<dyn AudioSource>>,
    early: Option<PreConnect>,
    early_cap: Option<Duration>,
    capture: Option<Capture>,
    capturing: Option<Capturing>,
    sink: Option<Box<dyn AudioSink>>,
    /// What has become of the app's microphone and speaker.
    panic_reports: [(Device, PanicReport); 2],
    controls: Controls,
    /// The driver waits to hear what the devices turned out to be.
    opening: bool,
    playing: bool,
    playout: Arc<Playout>,
    counters: Arc<AudioCounters>,
    reported: Reported,
    voice: Voice,
    heard: Heard,
    scratch: Vec<i16>,
    mic_enabled: bool,
    release: MicRelease,
    period: Duration,
    level_period: Duration,
    levels_due: Duration,
    drops_due: Duration,
    commands: mpsc::Receiver<AudioCommand>,
    notes: mpsc::Sender<AudioEvent>,
    levels: watch::Sender<Levels>,
}

/// Where captured frames go.
struct Capturing {
    mic: mpsc::Sender<AudioFrame>,
    /// Whether the source runs: it is started only when the microphone is enabled, and released some time after it was disabled.
    started: bool,
}

impl AudioTask {
    /// The task for a client with these options, whose source and sink it takes.
    pub(in crate::client) fn new(options: &mut PipecatClientOptions) -> (Self, AudioHandle) {
        let (mic, speaker) = (PanicReport::default(), PanicReport::default());
        let mut source = options.microphone.take().map(|source| GuardedSource::new(source, mic.clone()));
        let mut sink = options.speaker.take().map(|sink| GuardedSink::new(sink, speaker.clone()));
        let controls = Controls::new(
            source.as_mut().and_then(AudioSource::control),
            sink.as_mut().and_then(AudioSink::control),
        );
        let (command_sender, commands) = mpsc::channel(COMMAND_QUEUE);
        let (notes, note_receiver) = mpsc::channel(NOTE_QUEUE);
        let (levels, level_receiver) = watch::channel(Levels::default());
        let playout = Arc::new(Playout::new(options.client.voice.playout));
        let counters = Arc::new(AudioCounters::new(Arc::clone(&playout)));
        let handle = AudioHandle {
            commands: command_sender,
            notes: note_receiver,
            levels: level_receiver,
            playout: Arc::clone(&playout),
            counters: Arc::clone(&counters),
        };
        let level_period = options.client.voice.level_period.max(TICK);
        let task = Self {
            voice: Voice::new(&options.client.voice),
            heard: Heard::default(),
            source: source.map(|source| Box::new(source) as Box<dyn AudioSource>),
            early: None,
            early_cap: options.client.voice.pre_connect_audio.map(|cap| cap.min(MAX_PRE_CONNECT)),
            capture: None,
            capturing: None,
            sink: sink.map(|sink| Box::new(sink) as Box<dyn AudioSink>),
            panic_reports: [(Device::Mic, mic), (Device::Speaker, speaker)],
            controls,
            opening: false,
            playing: false,
            playout,
            counters,
            reported: Reported::default(),
            scratch: Vec::new(),
            mic_enabled: options.client.enable_mic,
            release: MicRelease::new(options.client.voice.mic_release_after),
            period: TICK,
            level_period,
            levels_due: level_period,
            drops_due: DROPS_PERIOD,
            commands,
            notes,
            levels,
        };
        (task, handle)
    }

    /// Runs until the driver is gone.
    pub(in crate::client) async fn run(mut self) {
        let mut ticker = steady(self.period);
        loop {
            let active = self.playing || self.capturing.is_some() || self.early.is_some();
            tokio::select! {
                command = self.commands.recv() => {
                    let Some(command) = command else { break };
                    let (was_active, period) = (active, self.period);
                    self.on_command(command).await;
                    if !was_active || self.period != period {
                        ticker = steady(self.period);
                    }
                }
                () = self.notes.closed() => break,
                due = ticker.tick(), if active => {
                    if due.elapsed() > MAX_CATCH_UP {
                        ticker.reset();
                    }
                    self.on_tick();
                    let report = self.heard.poll(self.playout.stats());
                    self.note_heard(report).await;
                }
                () = sleep(self.controls.pause()), if !active && self.controls.is_watching() => {}
            }
            self.relay_news().await;
        }
        self.end_early();
        self.stop_capture();
        self.stop_playback();
    }

    async fn on_command(&mut self, command: AudioCommand) {
        match command {
            AudioCommand::Open => self.open(),
            AudioCommand::StartPlayback => self.start_playback().await,
            AudioCommand::StopPlayback => self.stop_playback(),
            AudioCommand::StartCapture { mic, capture } => self.start_capture(mic, capture).await,
            AudioCommand::StopCapture => self.end_capture().await,
            AudioCommand::SetMic(enabled) => self.set_mic(enabled).await,
            AudioCommand::FlushSpeaker(fade) => self.flush_speaker(fade),
            AudioCommand::BotSpeech(speech) => {
                let report = self.heard.follow(speech, self.playout.stats());
                self.note_heard(report).await;
            }
            AudioCommand::BeginEarly => self.begin_early().await,
            AudioCommand::EndEarly => self.end_early(),
            AudioCommand::SetProcessing(options) => self.voice.set_processing(options, self.capture.as_mut()),
            AudioCommand::SetPressed(pressed) => self.voice.set_pressed(pressed, self.capture.as_mut()),
            AudioCommand::Record { recorder, previous } => self.record(recorder, previous),
            AudioCommand::Select { device, id } => self.controls.select(device, &id),
        }
    }

    fn open(&mut self) {
        self.controls.watch();
        self.opening = true;
    }

    /// Tells the driver what has become of the devices; first of all that they are there.
    async fn relay_news(&mut self) {
        let failed = self
            .panic_reports
            .each_ref()
            .map(|(device, panic_report)| panic_report.take().map(|error| (*device, error)));
        for (device, error) in failed.into_iter().flatten() {
            self.note(AudioEvent::Failed { device, error }).await;
        }
        while let Some((device, news)) = self.controls.news() {
            self.note(AudioEvent::Device { device, news }).await;
        }
        if self.opening && self.controls.is_settled() {
            self.opening = false;
            let of_app = |there: bool| {
                let device =
                    || MediaDevice { device_id: "application".into(), label: "application audio".into() };
                there.then(device)
            };
            let has_source = self.source.is_some() || self.early.is_some() || self.capture.is_some();
            let mic = of_app(has_source && !self.controls.has(Device::Mic));
            let speaker = of_app(self.sink.is_some() && !self.controls.has(Device::Speaker));
            self.note(AudioEvent::Opened(Devices { mic, speaker })).await;
        }
    }

    async fn start_playback(&mut self) {
        if self.playing {
            return;
        }
        let started = self.sink.as_mut().map_or(Ok(()), |sink| sink.start());
        match started {
            Ok(()) => self.playing = true,
            Err(error) => self.note(AudioEvent::Failed { device: Device::Speaker, error }).await,
        }
    }

    fn stop_playback(&mut self) {
        if std::mem::take(&mut self.playing) {
            self.playout.flush();
            self.heard = Heard::default();
            if let Some(sink) = &mut self.sink {
                sink.stop();
            }
            self.publish_levels();
        }
    }

    fn flush_speaker(&mut self, fade: Option<Duration>) {
        let Some(sink) = &mut self.sink else { return };
        sink.flush_within(fade.unwrap_or_else(|| self.playout.fade()));
        if self.controls.has(Device::Speaker) {
            // A device has faded out what it held; the end of the playout's own fade would come after that as a click.
            self.playout.drop_fade();
        }
    }

    /// Records before the session is ready, if the app wants that.
    async fn begin_early(&mut self) {
        let (Some(cap), true, None) = (self.early_cap, self.mic_enabled, &self.early) else { return };
        let Some(source) = self.source.take() else { return };
        match PreConnect::begin(source, cap) {
            Ok(early) => self.early = Some(early),
            Err((source, error)) => {
                self.source = Some(source);
                self.note(AudioEvent::Failed { device: Device::Mic, error }).await;
            }
        }
    }

    fn end_early(&mut self) {
        self.report_drops();
        if let Some(early) = self.early.take() {
            self.source = Some(early.cancel());
        }
    }

    async fn start_capture(&mut self, mic: mpsc::Sender<AudioFrame>, wanted: CaptureFormat) {
        if self.capture.is_none()
            && let Err(error) = self.make_capture(wanted)
        {
            return self.note(AudioEvent::Failed { device: Device::Mic, error }).await;
        }
        if self.capture.is_some() {
            self.period = wanted.frame;
            self.capturing = Some(Capturing { mic, started: false });
            self.open_mic().await;
        }
    }

    /// From a source that may run already; nothing without one.
    fn make_capture(&mut self, wanted: CaptureFormat) -> Result<(), Error> {
        self.report_drops();
        let (source, early) = match self.early.take().map(PreConnect::finish) {
            Some((source, samples)) => (Some(source), Some(samples)),
            None => (self.source.take(), None),
        };
        let Some(source) = source else { return Ok(()) };
        let processing = self.voice.processing_for(source.as_ref());
        let mut capture = Capture::new(source, wanted.format, wanted.frame)?;
        self.voice.prepare(&mut capture, processing);
        if let Some(samples) = early {
            capture.resume(&samples);
        }
        self.capture = Some(capture);
        Ok(())
    }

    /// Starts the source if the microphone is wanted and has not been started.
    async fn open_mic(&mut self) {
        let (Some(capture), Some(capturing)) = (&mut self.capture, &mut self.capturing) else { return };
        if !self.mic_enabled || capturing.started {
            return;
        }
        // One that can't be opened again stays muted, as it was.
        match capture.start() {
            Ok(()) => {
                capture.set_muted(false);
                capturing.started = true;
                self.note_track(true).await;
            }
            Err(error) => self.note(AudioEvent::Failed { device: Device::Mic, error }).await,
        }
    }

    async fn end_capture(&mut self) {
        if self.stop_capture() {
            self.note_track(false).await;
        }
    }

    /// Stops the source; says whether the user's audio was flowing.
    fn stop_capture(&mut self) -> bool {
        let Some(capturing) = self.capturing.take() else { return false };
        self.report_drops();
        self.period = TICK;
        self.release.set_muted(false);
        if let Some(capture) = self.capture.take() {
            self.source = Some(capture.into_source());
        }
        self.publish_levels();
        self.end_tick();
        capturing.started && self.mic_enabled
    }

    async fn set_mic(&mut self, enabled: bool) {
        if std::mem::replace(&mut self.mic_enabled, enabled) == enabled {
            return;
        }
        if !enabled {
            self.end_early();
        }
        let Some(Capturing { started: true, .. }) = self.capturing else { return self.open_mic().await };
        if let Some(capture) = &mut self.capture {
            capture.set_muted(!enabled);
        }
        self.release.set_muted(!enabled);
        self.release_mic(Duration::ZERO);
        self.note_track(enabled).await;
    }

    /// Releases a microphone that has been muted for long enough, now that `time` has passed.
    fn release_mic(&mut self, time: Duration) {
        if !self.release.is_due(time) {
            return;
        }
        if let (Some(capture), Some(capturing)) = (&mut self.capture, &mut self.capturing) {
            capture.release();
            capturing.started = false;
        }
    }

    async fn note_track(&mut self, started: bool) {
        let participant = Participant { id: "local".to_owned(), name: String::new(), local: true };
        self.note(AudioEvent::Track { started, track: Track { kind: TrackKind::Audio, participant } }).await;
    }

    async fn note_heard(&mut self, report: Option<BotAudioHeard>) {
        if let Some(report) = report {
            self.note(AudioEvent::Heard(report)).await;
        }
    }

    async fn note(&mut self, note: AudioEvent) {
        if self.notes.send(note).await.is_err() {
            log::debug!("the driver is gone");
        }
    }

    fn record(
        &mut self,
        recorder: Option<Box<DuplexRecorder>>,
        previous: oneshot::Sender<Option<Box<DuplexRecorder>>>,
    ) {
        // A caller that has gone leaves the recording to be completed where it is dropped.
        let _ = previous.send(self.voice.record(recorder));
    }

    fn on_tick(&mut self) {
        if let Some(early) = &mut self.early {
            early.tick(self.period);
        }
        if self.playing {
            self.play();
        }
        if let (Some(capture), Some(capturing)) = (&mut self.capture, &self.capturing) {
            // A transport that can't take a frame loses it: late speech is worth less than none.
            capture.tick(|frame| {
                self.voice.on_captured(&frame);
                let time = frame.duration();
                self.counters.count(time, capturing.mic.try_send(frame).is_ok());
            });
        }
        self.release_mic(self.period);
        self.end_tick();
        self.levels_due = self.levels_due.saturating_sub(self.period);
        if self.levels_due.is_zero() {
            self.levels_due = self.level_period;
            self.publish_levels();
        }
        self.drops_due = self.drops_due.saturating_sub(self.period);
        if self.drops_due.is_zero() {
            self.drops_due = DROPS_PERIOD;
            self.report_drops();
        }
    }

    fn end_tick(&mut self) {
        let report = |speaking| self.notes.try_send(AudioEvent::Speech(speaking)).is_ok();
        self.voice.end_tick(self.capture.as_ref(), &self.playout, report);
    }

    /// Gives the speaker what it wants now.
    fn play(&mut self) {
        let format = self.sink.as_ref().map_or(NO_SPEAKER, |sink| sink.format());
        let wanted = self.sink.as_ref().and_then(|sink| sink.wanted());
        let samples = wanted.unwrap_or_else(|| format.samples_in(self.period));
        self.scratch.resize(samples, 0);
        self.playout.pull(&mut self.scratch, format);
        if let Some(sink) = &mut self.sink {
            sink.write(&self.scratch);
        }
        if let Some(capture) = &mut self.capture {
            capture.far_end(&self.scratch, format);
        }
        self.voice.on_played(&self.scratch, format);
    }

    fn publish_levels(&self) {
        let local = match (&self.capture, &self.capturing) {
            (Some(capture), Some(_)) => capture.level(),
            _ => 0.0,
        };
        self.counters
            .set_processing(self.capture.as_ref().map(Capture::processing_stats).unwrap_or_default());
        let levels = Levels { local, remote: if self.playing { self.playout.level() } else { 0.0 } };
        self.levels.send_if_modified(|present| std::mem::replace(present, levels) != levels);
    }
}

/// A ticker that keeps the pace: what it misses it makes up for.
fn steady(period: Duration) -> Interval {
    let mut ticker = interval(period);
    ticker.set_missed_tick_behavior(MissedTickBehavior::Burst);
    ticker.reset_at(Instant::now() + period);
    ticker
}
