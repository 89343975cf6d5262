//! How well a client hears and is heard: rooms, networks and loudspeakers made of arithmetic, mostly in virtual time.

pub(crate) mod cpu;
pub(crate) mod delay;
pub(crate) mod echo;
pub(crate) mod interruption;
mod line;
pub(crate) mod loss;
pub(crate) mod mouth_to_ear;

use rtvi_core::media::{AudioFormat, AudioProcessing, VoiceProcessor};

/// What the microphone's audio is processed in: what the transports want.
const FORMAT: AudioFormat = AudioFormat::mono(16_000);
/// Samples in 10 ms of it.
const BLOCK: usize = 160;

/// What is left when the microphone hears `microphone` while `far` is played.
fn processed(options: AudioProcessing, far: &[i16], microphone: &[i16]) -> Vec<i16> {
    let mut processor = VoiceProcessor::new(FORMAT, options).expect("the format is a good one");
    let mut out = microphone.to_vec();
    for (far, near) in far.chunks(BLOCK).zip(out.chunks_mut(BLOCK)) {
        processor.far_end(far, FORMAT);
        processor.process(near);
    }
    out
}

fn mixed(one: &[i16], other: &[i16]) -> Vec<i16> {
    one.iter().zip(other).map(|(a, b)| a.saturating_add(*b)).collect()
}
