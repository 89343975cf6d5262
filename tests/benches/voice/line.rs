//! A bot's voice through Opus, a simulated network and the client's player, in virtual time.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use bytes::Bytes;
use rtvi_core::media::{OPUS_FORMAT, OPUS_FRAME, OpusDecoder, OpusEncoder, OpusOptions, OpusPlayer, Playout};
use rtvi_tests::acoustics::Random;

/// The network's effect on a packet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Network {
    /// The probability that a packet is lost.
    pub(super) loss: f64,
    /// The probability that the packet after a lost one is also lost; `None` if losses are
    /// independent.
    pub(super) burst: Option<f64>,
    /// The maximum delay of a packet; delays are evenly spread from 0.
    pub(super) jitter: Duration,
    /// Selects one of the networks of this kind. The value for the first packet applies.
    pub(super) seed: u64,
    /// The round-trip time to the sender, if the sender repeats lost packets. Requests and answers
    /// can be lost, too. The value for the first packet applies.
    pub(super) round_trip: Option<Duration>,
}

/// The result of a call.
#[derive(Debug)]
pub(super) struct Outcome {
    /// The heard audio at 48 kHz.
    pub(super) heard: Vec<i16>,
    /// The added delay, every 20 ms.
    pub(super) delays: Vec<Duration>,
    /// The number of concealed frames until then.
    pub(super) concealed: Vec<u64>,
}

/// The encoding of Pipecat's server (aiortc): 96 kbit/s. It uses no error correction.
fn options(error_correction: bool) -> OpusOptions {
    OpusOptions { bitrate: 96_000, forward_error_correction: error_correction, ..OpusOptions::default() }
}

/// A packet's number and its contents.
type Packet = (u16, Bytes);

/// The packets of `sound`.
fn encoded(sound: &[i16], options: OpusOptions) -> Vec<Bytes> {
    let mut encoder = OpusEncoder::new(options).expect("the options are good");
    let frames = sound.chunks_exact(OPUS_FRAME);
    frames
        .map(|frame| Bytes::copy_from_slice(encoder.encode(frame).expect("a frame can be encoded")))
        .collect()
}

/// The packets on their way, ordered by arrival. Keys of repeated packets use the numbers after the
/// end of the sound.
fn packets(encoded: &[Bytes], network: impl Fn(usize) -> Network) -> BTreeMap<(Duration, usize), Packet> {
    let (mut random, mut lost) = (Random::new(network(0).seed), false);
    let mut sent = BTreeMap::new();
    for (number, payload) in encoded.iter().enumerate() {
        let network = network(number);
        let chance = match network.burst {
            Some(burst) if lost => burst,
            Some(burst) => network.loss * (1.0 - burst) / (1.0 - network.loss),
            None => network.loss,
        };
        lost = random.fraction() < chance;
        let at = Duration::from_millis(20) * number as u32 + network.jitter.mul_f64(random.fraction());
        if !lost {
            sent.insert((at, number), (number as u16, payload.clone()));
        }
    }
    sent
}

/// Plays `sound` (48 kHz) over the network that `network` returns for each packet.
pub(super) fn call(sound: &[i16], error_correction: bool, network: impl Fn(usize) -> Network) -> Outcome {
    let speaker = Arc::new(Playout::default());
    let decoder = OpusDecoder::new().expect("a decoder can be made");
    let mut player = OpusPlayer::new(decoder, Arc::clone(&speaker));
    let encoded = encoded(sound, options(error_correction));
    let first = network(0);
    let mut again = Random::new(first.seed + 1_000);
    let mut waiting = packets(&encoded, network);
    let (mut wanted, mut requests) = (Vec::new(), 0);
    if let Some(round_trip) = first.round_trip {
        player.set_round_trip(round_trip);
    }
    let (mut heard, mut delays, mut concealed) = (Vec::new(), Vec::new(), Vec::new());
    let mut out = vec![0; OPUS_FRAME];
    for tick in 0..sound.len() / OPUS_FRAME * 2 + 60 {
        let now = Duration::from_millis(10) * tick as u32;
        while let Some(next) = waiting.first_entry().filter(|next| next.key().0 <= now) {
            let ((at, _), (number, payload)) = next.remove_entry();
            player.packet(at, number, u32::from(number) * OPUS_FRAME as u32, payload);
        }
        player.tick(now);
        if let Some(round_trip) = first.round_trip {
            player.requests(now, &mut wanted);
            for number in wanted.drain(..) {
                requests += 1;
                let is_lost = again.fraction() < first.loss || again.fraction() < first.loss;
                let at = now + round_trip + first.jitter.mul_f64(again.fraction());
                if let Some(payload) = encoded.get(usize::from(number)).filter(|_| !is_lost) {
                    waiting.insert((at, encoded.len() + requests), (number, payload.clone()));
                }
            }
        }
        if tick % 2 == 1 {
            delays.push(speaker.buffered() + player.jitter().depth());
            concealed.push(player.jitter().stats().concealed);
            speaker.pull(&mut out, OPUS_FORMAT);
            heard.extend_from_slice(&out);
        }
    }
    Outcome { heard, delays, concealed }
}
