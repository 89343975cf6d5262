//! The delay that the client adds between the user's mouth and the bot, and between the bot and the
//! user's ear. It is measured in real time: from the capture of a sound to its packet, and from a
//! packet to the speaker, on a network without loss or jitter.

use std::{
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use bytes::Bytes;
use rtvi_core::{
    ConnectParams, Error, PipecatClient, PipecatClientOptions,
    media::{
        AudioFormat, AudioProcessing, AudioSink, AudioSource, OPUS_FORMAT, OPUS_FRAME, OpusDecoder,
        OpusEncoder, OpusOptions, OpusPlayer, Playout,
    },
    transport::{
        CaptureFormat, TransportCapabilities,
        scripted::{ScriptedConnection, ScriptedTransport},
    },
};
use tokio::{sync::mpsc, time::MissedTickBehavior};

use super::interruption::serve;
use crate::{
    figure::{Figure, median},
    rig::runtime,
};

const PACKET: Duration = Duration::from_millis(20);
/// How often the connection services the player.
const TURN: Duration = Duration::from_millis(10);
/// The period of the 20 ms sounds. Each falls on a different position in its packet.
const EVERY: usize = 48 * 507;
const SOUND: usize = 960;
const TIMES: usize = 21;
/// The level from which a sample counts as the sound.
const LOUD: u16 = 3_000;

/// 48 kHz, from silence to a tone that begins at once.
fn sample(index: usize) -> i16 {
    let is_sound = index % EVERY >= EVERY - SOUND;
    if !is_sound {
        0
    } else if (index / 40).is_multiple_of(2) {
        9_000
    } else {
        -9_000
    }
}

fn is_loud(sample: &i16) -> bool {
    sample.unsigned_abs() > LOUD
}

/// When the sample was available for capture, or would be in time for the encoder.
fn moment(begin: Instant, index: usize) -> Instant {
    begin + OPUS_FORMAT.duration_of(index)
}

/// Delivers the samples for the elapsed time, like a device without a buffer.
struct Microphone {
    begin: Arc<Mutex<Option<Instant>>>,
    read: usize,
}

impl Microphone {
    fn captured(&self) -> usize {
        let begin = self.begin.lock().expect("nobody panics with it");
        let passed = begin.map_or(Duration::ZERO, |begin| begin.elapsed());
        (passed.as_micros() * 48 / 1_000) as usize
    }
}

impl AudioSource for Microphone {
    fn format(&self) -> AudioFormat {
        OPUS_FORMAT
    }

    fn start(&mut self) -> Result<(), Error> {
        self.begin.lock().expect("nobody panics with it").get_or_insert_with(Instant::now);
        Ok(())
    }

    fn available(&self) -> Option<usize> {
        Some(self.captured().saturating_sub(self.read))
    }

    fn read(&mut self, out: &mut [i16]) -> usize {
        let count = out.len().min(self.captured().saturating_sub(self.read));
        for (offset, out) in out.iter_mut().take(count).enumerate() {
            *out = sample(self.read + offset);
        }
        self.read += count;
        count
    }

    fn is_finished(&self) -> bool {
        false
    }

    fn stop(&mut self) {}
}

/// Reports when the first sample of each sound is played.
struct Speaker {
    onsets: mpsc::Sender<Instant>,
    quiet: usize,
}

impl AudioSink for Speaker {
    fn format(&self) -> AudioFormat {
        OPUS_FORMAT
    }

    fn start(&mut self) -> Result<(), Error> {
        Ok(())
    }

    fn wanted(&self) -> Option<usize> {
        None
    }

    fn write(&mut self, samples: &[i16]) {
        for (offset, sample) in samples.iter().enumerate() {
            if !is_loud(sample) {
                self.quiet += 1;
            } else if std::mem::take(&mut self.quiet) > EVERY / 2 {
                // The benchmark reads no more onsets than it needs.
                let _ = self.onsets.try_send(Instant::now() + OPUS_FORMAT.duration_of(offset));
            }
        }
    }

    fn flush(&mut self) {}

    fn stop(&mut self) {}
}

/// Measures it.
pub(crate) fn run() {
    runtime().block_on(async {
        let begin = Arc::new(Mutex::new(None));
        let capture = CaptureFormat { format: OPUS_FORMAT, frame: PACKET };
        let capabilities = TransportCapabilities { max_message_size: 10_000, capture: Some(capture) };
        let (transport, bot) = ScriptedTransport::new(capabilities);
        let (onsets, mut heard) = mpsc::channel(2 * TIMES);
        let mut options = PipecatClientOptions::new(transport);
        options.microphone = Some(Box::new(Microphone { begin: Arc::clone(&begin), read: 0 }));
        options.speaker = Some(Box::new(Speaker { onsets, quiet: 0 }));
        // A tone is not a voice: use only the stages that take time and leave the tone unchanged.
        options.client.voice.audio_processing =
            Some(AudioProcessing { high_pass: true, echo_cancellation: true, ..AudioProcessing::OFF });
        let client = PipecatClient::new(options).expect("there is a runtime");
        let (ready, connection) =
            tokio::join!(client.connect(ConnectParams::websocket("ws://bot")), serve(bot));
        ready.expect("the bot is ready");
        let mut connection = connection;
        let mouth = median(capture_to_packet(&mut connection, &begin).await);
        let sent = Instant::now();
        let speaker = Arc::clone(&connection.port.speaker);
        let bot = tokio::spawn(speak(speaker, sent));
        let mut times = Vec::new();
        for number in 0..TIMES {
            let onset = heard.recv().await.expect("the client plays");
            let first = EVERY - SOUND + number * EVERY;
            // The packet is sent when its last sample is available.
            let packet = moment(sent, (first / OPUS_FRAME + 1) * OPUS_FRAME);
            let in_packet = OPUS_FORMAT.duration_of(first % OPUS_FRAME);
            times.push(
                (onset.saturating_duration_since(packet)).saturating_sub(in_packet).as_secs_f64() * 1_000.0,
            );
        }
        bot.abort();
        let ear = median(times);
        Figure::low("voice-mouth-to-ear", mouth + ear, "ms").goal(60.0).print();
        Figure::low("voice-mouth-to-packet", mouth, "ms").print();
        Figure::low("voice-packet-to-ear", ear, "ms").print();
    });
}

/// The time from the capture of each sound's first sample to the encoding of its packet.
async fn capture_to_packet(connection: &mut ScriptedConnection, begin: &Mutex<Option<Instant>>) -> Vec<f64> {
    let mut encoder = OpusEncoder::new(OpusOptions::default()).expect("the options are good");
    let (mut times, mut was_loud) = (Vec::new(), true);
    while times.len() < TIMES {
        let frame = connection.port.mic.recv().await.expect("the client captures");
        drop(encoder.encode(&frame.samples));
        let loud = frame.samples.iter().any(is_loud);
        if loud && !std::mem::replace(&mut was_loud, loud) {
            let begin = begin.lock().expect("nobody panics with it").expect("it was opened");
            let since = begin.elapsed();
            // The last sound that the packet can contain.
            let period = OPUS_FORMAT.duration_of(EVERY);
            let onset = OPUS_FORMAT.duration_of(EVERY - SOUND);
            let passed = (since + period - onset).as_secs_f64() % period.as_secs_f64();
            times.push(passed * 1_000.0);
        }
        was_loud = loud;
    }
    times
}

/// Sends packets in real time; the first sample is due at `begin`.
async fn speak(speaker: Arc<Playout>, begin: Instant) {
    let mut player = OpusPlayer::new(OpusDecoder::new().expect("a decoder can be made"), speaker);
    let options = OpusOptions { bitrate: 96_000, forward_error_correction: false, ..OpusOptions::default() };
    let mut encoder = OpusEncoder::new(options).expect("the options are good");
    let mut turns = tokio::time::interval(TURN);
    turns.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut number = 0_usize;
    loop {
        turns.tick().await;
        while begin.elapsed() >= PACKET * (number as u32 + 1) {
            let samples: Vec<i16> =
                (0..OPUS_FRAME).map(|offset| sample(number * OPUS_FRAME + offset)).collect();
            let payload = Bytes::copy_from_slice(encoder.encode(&samples).expect("a frame can be encoded"));
            player.packet(begin.elapsed(), number as u16, (number * OPUS_FRAME) as u32, payload);
            number += 1;
        }
        player.tick(begin.elapsed());
    }
}
