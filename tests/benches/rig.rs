//! A client in a call with audio in both directions, like an app with a headset.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use rtvi_core::{
    Error, PipecatClient,
    media::{AudioFormat, AudioProcessing, AudioSink, ToneSource},
};
use tokio::{runtime::Runtime, task::JoinHandle};

use crate::over::Over;

/// The format of microphones and speakers, which is converted in both directions.
pub(crate) const DEVICE: AudioFormat = AudioFormat::mono(48_000);

/// A runtime like that of bindings and small apps.
pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be made")
}

/// A speaker that counts the samples other than silence.
#[derive(Debug)]
struct Speaker {
    heard: Arc<AtomicU64>,
}

impl AudioSink for Speaker {
    fn format(&self) -> AudioFormat {
        DEVICE
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn wanted(&self) -> Option<usize> {
        None
    }

    fn write(&mut self, samples: &[i16]) {
        let loud = samples.iter().filter(|sample| sample.unsigned_abs() > 8).count();
        self.heard.fetch_add(loud as u64, Ordering::Relaxed);
    }

    fn flush(&mut self) {}

    fn stop(&mut self) {}
}

/// A running call to an echo bot: the microphone hears a tone, and the speaker plays it.
#[derive(Debug)]
pub(crate) struct Call {
    client: PipecatClient,
    heard: Arc<AtomicU64>,
    reader: JoinHandle<()>,
}

impl Call {
    /// Starts a bot and waits until it is ready, as an app does.
    pub(crate) async fn start(over: Over, start_url: &str) -> Self {
        let heard = Arc::new(AtomicU64::new(0));
        let mut options = over.options();
        let tone = ToneSource::new(DEVICE, 440.0, 0.5).expect("the tone is possible");
        options.microphone = Some(Box::new(tone));
        options.speaker = Some(Box::new(Speaker { heard: Arc::clone(&heard) }));
        let client = PipecatClient::new(options).expect("there is a runtime");
        let mut events = client.events();
        let reader = tokio::spawn(async move { while !events.next_batch(64).await.is_empty() {} });
        client.start_bot_and_connect(over.request(start_url)).await.expect("the bot is ready");
        Self { client, heard, reader }
    }

    /// Turns on all processing for the microphone's audio, as for a device.
    pub(crate) async fn process(&self) {
        self.client.update_audio_processing(AudioProcessing::ALL).await.expect("processing is built in");
    }

    /// Reports that the device is on another network, and returns how long nothing was heard after
    /// that, at most.
    pub(crate) async fn silence_after_another_network(&self) -> Duration {
        self.client.network_changed().await.expect("the client lives");
        let (begin, mut last, mut longest) = (Instant::now(), Instant::now(), Duration::ZERO);
        let mut heard = self.heard.load(Ordering::Relaxed);
        while begin.elapsed() < Duration::from_secs(2) {
            tokio::time::sleep(Duration::from_millis(2)).await;
            let now = self.heard.load(Ordering::Relaxed);
            if now != heard {
                (heard, last) = (now, Instant::now());
            }
            longest = longest.max(last.elapsed());
        }
        longest
    }

    /// Ends the call and asserts that at least `least` was spoken and heard. Returns how much was
    /// heard.
    pub(crate) async fn end(self, least: Duration) -> Duration {
        let heard =
            DEVICE.duration_of(usize::try_from(self.heard.load(Ordering::Relaxed)).unwrap_or(usize::MAX));
        self.leave(least).await;
        assert!(heard >= least, "only {heard:?} were heard");
        heard
    }

    /// Ends the call and asserts that at least `least` was sent, however much was heard.
    pub(crate) async fn leave(self, least: Duration) {
        let sent = self.client.audio_stats().sent;
        self.client.disconnect().await.expect("the client disconnects");
        drop(self.client);
        self.reader.await.expect("the events end");
        assert!(sent >= least, "only {sent:?} were sent");
    }
}
