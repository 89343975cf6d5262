//! The client's share of a round trip: from a click at the app's microphone to the same click at
//! its speaker, with a bot that returns audio at once. The time over loopback and through the bot
//! is included; it is well under a millisecond.

use std::{
    sync::mpsc,
    time::{Duration, Instant},
};

use rtvi_core::{
    ApiRequest, Error, PipecatClient,
    media::{AudioFormat, AudioSink, PcmInput, PcmPace, PcmSource},
};
use tokio::time::{MissedTickBehavior, interval};

use crate::{
    bot::{self, BotProcess},
    figure::{Figure, median},
    over::Over,
    rig::{DEVICE, runtime},
};

/// The amount of audio that a sound card delivers at once.
const PERIOD: Duration = Duration::from_millis(10);
/// The number of periods between clicks. It is prime, so that the clicks fall on different
/// positions in the client's frames.
const CLICK_EVERY: usize = 53;
/// The number of clicks after the first second, in which buffers fill.
const CLICKS: usize = 30;
const LOUD: i16 = 16_000;
/// The level from which a sample counts as the click.
const THRESHOLD: u16 = 6_000;

/// A speaker that reports when a click begins.
#[derive(Debug)]
struct Ear {
    heard: mpsc::SyncSender<Instant>,
    /// The number of samples since the last loud one.
    quiet: usize,
}

impl AudioSink for Ear {
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
        let now = Instant::now();
        for (index, sample) in samples.iter().enumerate() {
            if sample.unsigned_abs() < THRESHOLD {
                self.quiet += 1;
                continue;
            }
            if self.quiet > DEVICE.samples_in(PERIOD * 5) {
                // The queue has room for all clicks.
                let _ = self.heard.try_send(now + DEVICE.duration_of(index));
            }
            self.quiet = 0;
        }
    }

    fn flush(&mut self) {}

    fn stop(&mut self) {}
}

/// Measures it over a WebSocket.
pub(crate) fn websocket() {
    run(Over::WebSocket);
}

/// Measures it over WebRTC.
pub(crate) fn webrtc() {
    run(Over::WebRtc);
}

fn run(over: Over) {
    let bot = BotProcess::start(over, &[bot::ECHO]);
    let (heard, clicks) = mpsc::sync_channel(CLICKS + 1);
    let ear = Ear { heard, quiet: usize::MAX / 2 };
    let pushed = runtime().block_on(talk(over, &bot.target.start_url, ear));
    let heard: Vec<Instant> = clicks.try_iter().collect();
    assert_eq!(heard.len(), pushed.len(), "every click is heard once");
    let delays = pushed.iter().zip(&heard).map(|(pushed, heard)| (*heard - *pushed).as_secs_f64() * 1000.0);
    let figure = Figure::low(over.named("echo"), median(delays.collect()), "ms");
    figure.goal(over.goal(120.0, 120.0)).print();
}

/// Plays clicks into the microphone. Returns the times of the clicks.
async fn talk(over: Over, start_url: &str, ear: Ear) -> Vec<Instant> {
    let (input, source) = PcmSource::new(DEVICE, PcmPace::Live).expect("the format is supported");
    let mut options = over.options();
    options.microphone = Some(Box::new(source));
    options.speaker = Some(Box::new(ear));
    let client = PipecatClient::new(options).expect("there is a runtime");
    client.start_bot_and_connect(ApiRequest::new(start_url)).await.expect("the bot is ready");
    let pushed = tokio::spawn(click(input)).await.expect("clicking ends well");
    client.disconnect().await.expect("the client disconnects");
    pushed
}

async fn click(mut input: PcmInput) -> Vec<Instant> {
    let samples = DEVICE.samples_in(PERIOD);
    let mut periods = interval(PERIOD);
    periods.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut pushed = Vec::new();
    for period in 1..CLICK_EVERY * (CLICKS + 2) {
        periods.tick().await;
        let is_click = period % CLICK_EVERY == 0 && period > CLICK_EVERY;
        if is_click {
            pushed.push(Instant::now());
        }
        let level = if is_click { LOUD } else { 0 };
        assert_eq!(input.push(&vec![level; samples]), samples, "the client takes what is pushed");
    }
    pushed
}
