//! The app's audio source on its way to the transport.
//!
//! Pure: the audio task calls it with each tick and reports the events that it returns.

use std::time::Duration;

use tokio::sync::mpsc;

use crate::{
    client::{ClientOptions, MAX_PRE_CONNECT, Track, TrackKind, machine::DeviceKind},
    error::{DeviceErrorKind, Error},
    media::{AudioFormat, AudioFrame, AudioSource, Capture, ProcessingStats},
    transport::{CaptureFormat, Participant},
};

use super::{
    drops::Amount, format_watch::FormatWatch, messages::AudioEvent, mic_release::MicRelease,
    pre_connect::PreConnect, stats::AudioCounters, voice::Voice,
};

/// The app's source, and where its audio goes.
pub(super) struct Microphone {
    phase: Phase,
    /// How much is recorded before the session is ready; nothing while absent.
    early_limit: Option<Duration>,
    enabled: bool,
    release: MicRelease,
}

/// How the source is used.
enum Phase {
    /// The app has none.
    Absent,
    Idle(Box<dyn AudioSource>),
    /// It records until the session is ready.
    Early(PreConnect),
    Session(Box<Session>),
}

/// A capture whose frames go to a transport.
struct Session {
    capture: Capture,
    frame: Duration,
    transport: mpsc::Sender<AudioFrame>,
    /// Whether the source runs. It starts when the microphone is enabled first, and is released
    /// some time after it was disabled.
    started: bool,
    format: FormatWatch,
}

impl Session {
    /// Sends the due frames. A frame that the transport can't take is lost: late speech is worth
    /// less than none.
    fn send_frames(&mut self, voice: &mut Voice, counters: &AudioCounters) {
        self.capture.tick(|frame| {
            voice.on_captured(&frame);
            let time = frame.duration();
            counters.count(time, self.transport.try_send(frame).is_ok());
        });
    }
}

impl Microphone {
    /// The microphone of a client with these options.
    pub(super) fn new(source: Option<Box<dyn AudioSource>>, options: &ClientOptions) -> Self {
        let voice = &options.voice;
        Self {
            phase: source.map_or(Phase::Absent, Phase::Idle),
            early_limit: voice.pre_connect_audio.map(|limit| limit.min(MAX_PRE_CONNECT)),
            enabled: options.enable_mic,
            release: MicRelease::new(voice.mic_release_after),
        }
    }

    /// Whether the app has one.
    pub(super) const fn is_present(&self) -> bool {
        !matches!(self.phase, Phase::Absent)
    }

    pub(super) const fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// Whether it needs ticks.
    pub(super) const fn is_active(&self) -> bool {
        matches!(self.phase, Phase::Early(_) | Phase::Session(_))
    }

    fn session(&self) -> Option<&Session> {
        match &self.phase {
            Phase::Session(session) => Some(session),
            _ => None,
        }
    }

    fn session_mut(&mut self) -> Option<&mut Session> {
        match &mut self.phase {
            Phase::Session(session) => Some(session),
            _ => None,
        }
    }

    /// The length of the frames that the transport takes, in a session.
    pub(super) fn frame(&self) -> Option<Duration> {
        self.session().map(|session| session.frame)
    }

    /// The capture, in a session.
    pub(super) fn capture(&self) -> Option<&Capture> {
        self.session().map(|session| &session.capture)
    }

    /// The same, to change it.
    pub(super) fn capture_mut(&mut self) -> Option<&mut Capture> {
        self.session_mut().map(|session| &mut session.capture)
    }

    fn take_phase(&mut self) -> Phase {
        std::mem::replace(&mut self.phase, Phase::Absent)
    }

    /// Records from now on, before the session is ready, if the options ask for it.
    pub(super) fn begin_early(&mut self) -> Option<AudioEvent> {
        let limit = self.early_limit.filter(|_| self.enabled)?;
        let (next, event) = match self.take_phase() {
            Phase::Idle(source) => match PreConnect::begin(source, limit) {
                Ok(early) => (Phase::Early(early), None),
                Err((source, error)) => {
                    (Phase::Idle(source), Some(AudioEvent::Failed { device: DeviceKind::Mic, error }))
                }
            },
            other => (other, None),
        };
        self.phase = next;
        event
    }

    /// Stops recording before a session that never became ready.
    pub(super) fn end_early(&mut self) {
        self.phase = match self.take_phase() {
            Phase::Early(early) => Phase::Idle(early.cancel()),
            other => other,
        };
    }

    /// Sends frames to a transport from now on; what was recorded before goes first.
    pub(super) fn start_session(
        &mut self,
        transport: mpsc::Sender<AudioFrame>,
        wanted: CaptureFormat,
        voice: &Voice,
    ) -> Option<AudioEvent> {
        let capture = match self.take_phase() {
            Phase::Absent => return None,
            Phase::Idle(source) => voice.capture(source, wanted),
            Phase::Early(early) => {
                let (source, samples) = early.finish();
                let capture = voice.capture(source, wanted);
                capture.map(|mut capture| {
                    capture.resume(&samples);
                    capture
                })
            }
            Phase::Session(session) => Ok(session.capture),
        };
        match capture {
            Ok(capture) => {
                let format = FormatWatch::new(DeviceKind::Mic);
                let session = Session { capture, frame: wanted.frame, transport, started: false, format };
                self.phase = Phase::Session(Box::new(session));
                self.start()
            }
            // The source waits for the next session.
            Err((mut source, error)) => {
                source.stop();
                self.phase = Phase::Idle(source);
                let error = Error::device(DeviceErrorKind::Constraints, error.message());
                Some(AudioEvent::Failed { device: DeviceKind::Mic, error })
            }
        }
    }

    /// Starts the source in a session, if the microphone is enabled and the source does not run.
    fn start(&mut self) -> Option<AudioEvent> {
        let enabled = self.enabled;
        let session = self.session_mut().filter(|session| enabled && !session.started)?;
        // A source that can't be started again stays muted.
        if let Err(error) = session.capture.start() {
            return Some(AudioEvent::Failed { device: DeviceKind::Mic, error });
        }
        session.capture.set_muted(false);
        session.started = true;
        Some(track(true))
    }

    /// Stops the source at the end of a session.
    pub(super) fn end_session(&mut self) -> Option<AudioEvent> {
        let (next, event) = match self.take_phase() {
            Phase::Session(session) => {
                self.release.set_muted(false);
                let was_sending = session.started && self.enabled;
                (Phase::Idle(session.capture.into_source()), was_sending.then(|| track(false)))
            }
            other => (other, None),
        };
        self.phase = next;
        event
    }

    pub(super) fn set_enabled(&mut self, enabled: bool) -> Option<AudioEvent> {
        if std::mem::replace(&mut self.enabled, enabled) == enabled {
            return None;
        }
        if !enabled {
            self.end_early();
        }
        let Some(session) = self.session_mut().filter(|session| session.started) else {
            return self.start();
        };
        session.capture.set_muted(!enabled);
        self.release.set_muted(!enabled);
        self.release(Duration::ZERO);
        Some(track(enabled))
    }

    /// Releases a source that has been muted for long enough, now that `time` has passed.
    fn release(&mut self, time: Duration) {
        let is_due = self.release.is_due(time);
        if let Some(session) = self.session_mut().filter(|_| is_due) {
            session.capture.release();
            session.started = false;
        }
    }

    /// Reports that the source's format is no longer supported, or supported again.
    pub(super) fn follow_format(&mut self) -> Option<AudioEvent> {
        let session = self.session_mut().filter(|session| session.started)?;
        session.format.follow(session.capture.source_format())
    }

    /// Moves the audio of one tick.
    pub(super) fn tick(&mut self, period: Duration, voice: &mut Voice, counters: &AudioCounters) {
        match &mut self.phase {
            Phase::Early(early) => early.tick(period),
            Phase::Session(session) => session.send_frames(voice, counters),
            Phase::Absent | Phase::Idle(_) => {}
        }
        self.release(period);
    }

    /// Passes on what the speaker plays in this tick, as the reference of the echo canceller.
    pub(super) fn far_end(&mut self, samples: &[i16], format: AudioFormat) {
        if let Some(capture) = self.capture_mut() {
            capture.far_end(samples, format);
        }
    }

    /// How loud the user is.
    pub(super) fn level(&self) -> f32 {
        self.capture().map_or(0.0, Capture::level)
    }

    /// How well its audio is processed.
    pub(super) fn processing_stats(&self) -> ProcessingStats {
        self.capture().map(Capture::processing_stats).unwrap_or_default()
    }

    /// How much the source has lost in this session.
    pub(super) fn dropped(&self) -> Option<Amount> {
        let frame = self.frame()?;
        self.capture().map(|capture| Amount::in_frames(capture.dropped(), frame))
    }

    /// How much of the audio before the session was dropped.
    pub(super) fn early_dropped(&self) -> Option<Amount> {
        match &self.phase {
            Phase::Early(early) => Some(early.dropped()),
            _ => None,
        }
    }
}

fn track(started: bool) -> AudioEvent {
    let participant = Participant { id: "local".to_owned(), name: String::new(), local: true };
    AudioEvent::Track { started, track: Track { kind: TrackKind::Audio, participant } }
}
