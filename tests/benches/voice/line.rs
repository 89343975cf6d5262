//! A bot's voice through Opus, a network of a benchmark's making and the client's player, in virtual time.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use rtvi_core::media::{OPUS_FORMAT, OPUS_FRAME, OpusDecoder, OpusEncoder, OpusOptions, OpusPlayer, Playout};
use rtvi_tests::acoustics::Random;

/// What the network does to a packet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Network {
    /// How likely a packet gets lost.
    pub(super) loss: f64,
    /// How likely the packet after a lost one is lost, too; `None` when that does not depend on it.
    pub(super) burst: Option<f64>,
    /// The most by which a packet is delayed; evenly spread from 0.
    pub(super) jitter: Duration,
    /// Which of the networks of this kind it is, as of the first packet.
    pub(super) seed: u64,
}

/// What a call over it was like.
#[derive(Debug)]
pub(super) struct Outcome {
    /// At 48 kHz.
    pub(super) heard: Vec<i16>,
    /// What was added to the delay, at each 20 ms.
    pub(super) delays: Vec<Duration>,
    /// How many frames had been concealed then.
    pub(super) concealed: Vec<u64>,
}

/// As Pipecat's server (aiortc) encodes: 96 kbit/s. It does so without error correction.
fn options(error_correction: bool) -> OpusOptions {
    OpusOptions { bitrate: 96_000, forward_error_correction: error_correction, ..OpusOptions::default() }
}

/// Packets on their way: when each arrives, its number and its content.
fn packets(
    sound: &[i16],
    network: impl Fn(usize) -> Network,
    options: OpusOptions,
) -> Vec<(Duration, u16, Bytes)> {
    let (mut random, mut lost) = (Random::new(network(0).seed), false);
    let mut encoder = OpusEncoder::new(options).expect("the options are good");
    let mut sent = Vec::new();
    for (number, frame) in sound.chunks_exact(OPUS_FRAME).enumerate() {
        let payload = Bytes::copy_from_slice(encoder.encode(frame).expect("a frame can be encoded"));
        let network = network(number);
        let chance = match network.burst {
            Some(burst) if lost => burst,
            Some(burst) => network.loss * (1.0 - burst) / (1.0 - network.loss),
            None => network.loss,
        };
        lost = random.fraction() < chance;
        let at = Duration::from_millis(20) * number as u32 + network.jitter.mul_f64(random.fraction());
        if !lost {
            sent.push((at, number as u16, payload));
        }
    }
    sent.sort_by_key(|(at, number, _)| (*at, *number));
    sent
}

/// Plays `sound` (48 kHz) over what `network` is at each packet.
pub(super) fn call(sound: &[i16], error_correction: bool, network: impl Fn(usize) -> Network) -> Outcome {
    let speaker = Arc::new(Playout::default());
    let decoder = OpusDecoder::new().expect("a decoder can be made");
    let mut player = OpusPlayer::new(decoder, Arc::clone(&speaker));
    let mut waiting = packets(sound, network, options(error_correction)).into_iter().peekable();
    let (mut heard, mut delays, mut concealed) = (Vec::new(), Vec::new(), Vec::new());
    let mut out = vec![0; OPUS_FRAME];
    for tick in 0..sound.len() / OPUS_FRAME * 2 + 60 {
        let now = Duration::from_millis(10) * tick as u32;
        while let Some((at, number, payload)) = waiting.next_if(|(at, _, _)| *at <= now) {
            player.packet(at, number, u32::from(number) * OPUS_FRAME as u32, payload);
        }
        player.tick(now);
        if tick % 2 == 1 {
            delays.push(speaker.buffered() + player.jitter().depth());
            concealed.push(player.jitter().stats().concealed);
            speaker.pull(&mut out, OPUS_FORMAT);
            heard.extend_from_slice(&out);
        }
    }
    Outcome { heard, delays, concealed }
}
