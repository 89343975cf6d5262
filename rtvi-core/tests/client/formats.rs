//! Microphones and speakers whose format can't be used for a while, and transports that ask for an
//! impossible one.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, AtomicUsize, Ordering},
    },
    time::Duration,
};

use rtvi_core::{
    DeviceErrorKind, Error, ErrorKind, Event,
    client::DeviceState,
    media::{AudioFormat, AudioFrame, AudioSink, AudioSource},
    transport::CaptureFormat,
};
use tokio::time::sleep;

use crate::{
    audio::is_heard,
    stage::{FRAME, Stage, serve_close},
};

/// A rate that nothing can play.
const ABSURD: u32 = 7;

/// A live microphone with a loud signal, or a speaker, whose rate the test sets.
#[derive(Clone, Debug)]
struct Shifting {
    rate: Arc<AtomicU32>,
    written: Arc<AtomicUsize>,
}

impl Shifting {
    fn at(rate: u32) -> Self {
        Self { rate: Arc::new(AtomicU32::new(rate)), written: Arc::default() }
    }

    fn shift(&self, rate: u32) {
        self.rate.store(rate, Ordering::Relaxed);
    }

    fn format(&self) -> AudioFormat {
        AudioFormat::mono(self.rate.load(Ordering::Relaxed))
    }
}

impl AudioSource for Shifting {
    fn format(&self) -> AudioFormat {
        self.format()
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn available(&self) -> Option<usize> {
        Some(self.format().samples_in(FRAME))
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        out.fill(20_000);
        out.len()
    }

    fn is_finished(&self) -> bool {
        false
    }

    fn stop(&mut self) {}
}

impl AudioSink for Shifting {
    fn format(&self) -> AudioFormat {
        self.format()
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn wanted(&self) -> Option<usize> {
        Some(usize::MAX)
    }

    fn write(&mut self, samples: &[i16]) {
        self.written.fetch_add(samples.len(), Ordering::Relaxed);
    }

    fn flush(&mut self) {}

    fn stop(&mut self) {}
}

/// The device errors among these events, and the states of the microphone and the speaker.
fn news(events: &[Event]) -> (Vec<&Error>, Vec<[&DeviceState; 2]>) {
    let errors = events.iter().filter_map(|event| match event {
        Event::DeviceError(error) => Some(error),
        _ => None,
    });
    let states = events.iter().filter_map(|event| match event {
        Event::MediaStateUpdated(state) => Some([&state.mic, &state.speaker]),
        _ => None,
    });
    (errors.collect(), states.collect())
}

#[tokio::test(start_paused = true)]
async fn a_microphone_with_an_unusable_format_is_reported_once_and_recovers() {
    for first in [16_000, ABSURD] {
        let mic = Shifting::at(first);
        let mut stage = Stage::with(|options| options.microphone = Some(Box::new(mic.clone())));
        let mut connection = stage.ready().await;
        sleep(Duration::from_millis(100)).await;
        assert_eq!(is_heard(&mut connection).await, first != ABSURD);
        mic.shift(ABSURD);
        sleep(Duration::from_secs(1)).await;
        while connection.port.mic.try_recv().is_ok() {}
        assert!(!is_heard(&mut connection).await);
        let events = stage.drain().await;
        let (errors, states) = news(&events);
        let [error] = errors[..] else { panic!("{errors:?}") };
        assert_eq!(error.device_kind(), Some(DeviceErrorKind::Constraints));
        assert_eq!(error.message(), "the microphone uses an unsupported format: 7 Hz with 1 channel");
        assert!(matches!(states.last(), Some([DeviceState::Error { .. }, _])), "{states:?}");
        mic.shift(44_100);
        sleep(Duration::from_secs(1)).await;
        assert!(is_heard(&mut connection).await);
        let events = stage.drain().await;
        let (errors, states) = news(&events);
        assert!(
            errors.is_empty() && matches!(states[..], [[DeviceState::Granted, _]]),
            "{errors:?} {states:?}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_speaker_with_an_unusable_format_is_reported_once_and_recovers() {
    let speaker = Shifting::at(ABSURD);
    let mut stage = Stage::with(|options| options.speaker = Some(Box::new(speaker.clone())));
    let connection = stage.ready().await;
    let frame = AudioFrame::new(AudioFormat::mono(16_000), vec![1; 160]);
    for _ in 0..200 {
        connection.port.speaker.push(frame.clone());
        sleep(Duration::from_millis(10)).await;
    }
    let stats = connection.port.speaker.stats();
    let waiting = stats.received.saturating_sub(stats.played);
    assert!(waiting < Duration::from_millis(500), "the bot's audio does not pile up: {stats:?}");
    assert_eq!(speaker.written.load(Ordering::Relaxed), 0);
    let events = stage.drain().await;
    let (errors, states) = news(&events);
    assert_eq!(
        errors.iter().map(|error| error.device_kind()).collect::<Vec<_>>(),
        [Some(DeviceErrorKind::Constraints)]
    );
    assert!(matches!(states.last(), Some([_, DeviceState::Error { .. }])), "{states:?}");
    speaker.shift(8_000);
    sleep(FRAME * 2).await;
    let written = speaker.written.load(Ordering::Relaxed);
    assert!((8_000..=24_000).contains(&written), "a second's worth in each tick: {written}");
    let events = stage.drain().await;
    assert!(matches!(news(&events).1[..], [[_, DeviceState::Granted]]), "{events:?}");
}

#[tokio::test(start_paused = true)]
async fn a_transport_that_asks_for_an_impossible_format_does_not_cost_the_microphone() {
    let mic = Shifting::at(16_000);
    let impossible = CaptureFormat { format: AudioFormat::mono(ABSURD), frame: FRAME };
    let mut stage = Stage::capturing(impossible, |options| options.microphone = Some(Box::new(mic.clone())));
    for session in 1..=2 {
        let connection = stage.ready().await;
        let Event::DeviceError(error) = stage.wait_for("deviceError").await else { unreachable!() };
        assert_eq!(error.kind(), ErrorKind::Device, "session {session}: {error}");
        let (ended, ()) = tokio::join!(stage.client.disconnect(), serve_close(connection));
        assert_eq!(ended, Ok(()));
    }
}
