//! How well a client hears and is heard, with synthetic rooms, networks and loudspeakers, mostly in
//! virtual time.

pub(crate) mod cpu;
pub(crate) mod delay;
pub(crate) mod echo;
pub(crate) mod interruption;
mod line;
pub(crate) mod loss;
pub(crate) mod mouth_to_ear;

use rtvi_core::media::{AudioFormat, AudioProcessing, VoiceProcessor};

/// The format in which the microphone's audio is processed: that of the transports.
const FORMAT: AudioFormat = AudioFormat::mono(16_000);
/// The number of samples in 10 ms.
const BLOCK: usize = 160;

/// What remains when the microphone hears `microphone` while `far` is played.
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
