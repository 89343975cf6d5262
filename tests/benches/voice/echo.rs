//! Echo cancellation: how much of the bot remains, how much of a user who talks over it remains,
//! and whether the bot interrupts itself.

use rtvi_core::media::{AudioProcessing, VoiceActivity, VoiceActivityOptions};
use rtvi_tests::acoustics::{Room, decibels, hiss, si_sdr, voice};

use super::{BLOCK, FORMAT, mixed, processed};
use crate::figure::Figure;

const RATE: u32 = FORMAT.sample_rate;
/// When the canceller counts as settled, in samples.
const SETTLED: usize = 3 * RATE as usize;
/// The delay of the echo, in milliseconds.
const DELAYS: [u32; 5] = [10, 40, 100, 200, 300];
const ECHO_ONLY: AudioProcessing = AudioProcessing { echo_cancellation: true, ..AudioProcessing::OFF };

/// Measures it.
pub(crate) fn run() {
    let reductions = DELAYS.map(reduction);
    Figure::high("voice-echo-worst", reductions.into_iter().fold(f64::MAX, f64::min), "dB")
        .goal(30.0)
        .print();
    Figure::high("voice-echo-mean", reductions.iter().sum::<f64>() / DELAYS.len() as f64, "dB").print();
    Figure::high("voice-echo-moved", moved(), "dB").print();
    let (gain, loss) = double_talk();
    Figure::high("voice-double-talk-gain", gain, "dB").print();
    Figure::low("voice-double-talk-loss", loss, "dB").print();
    Figure::low("voice-self-interruptions", self_interruptions() as f64, "in 5 min").goal(0.0).print();
}

/// Echo return loss enhancement with a quiet microphone, single talk.
fn reduction(delay_ms: u32) -> f64 {
    let far = voice(1, RATE, 12);
    let echo = Room::office(delay_ms).hear(&far, RATE);
    let left = processed(ECHO_ONLY, &far, &mixed(&echo, &hiss(3, 3.0, far.len())));
    decibels(&echo[SETTLED..], &left[SETTLED..])
}

/// The same in the 5 s that begin 1 s after the loudspeaker was moved and turned up.
fn moved() -> f64 {
    let far = voice(1, RATE, 12);
    let (middle, begin) = (far.len() / 2, far.len() / 2 + RATE as usize);
    let mut echo = Room::office(40).hear(&far, RATE);
    let other = Room { seed: 99, loudness: 0.8, ..Room::office(60) }.hear(&far, RATE);
    echo[middle..].copy_from_slice(&other[middle..]);
    let left = processed(ECHO_ONLY, &far, &echo);
    decibels(&echo[begin..], &left[begin..])
}

/// With a user about as loud as the echo: by how much the user stands out more, and by how much the
/// user gets quieter.
fn double_talk() -> (f64, f64) {
    let far = voice(1, RATE, 16);
    let mut near: Vec<i16> = voice(2, RATE, 16).iter().map(|sample| sample / 3).collect();
    let both = near.len() / 2..;
    near[..both.start].fill(0);
    let microphone = mixed(&near, &Room::office(40).hear(&far, RATE));
    let left = processed(ECHO_ONLY, &far, &microphone);
    let alone = processed(ECHO_ONLY, &vec![0; far.len()], &near);
    let before = si_sdr(&near[both.clone()], &microphone[both.clone()], 0);
    let after = si_sdr(&alone[both.clone()], &left[both.clone()], 20);
    (after - before, decibels(&alone[both.clone()], &left[both]))
}

/// How often speech is detected in five minutes in which only the bot talks, after the first two
/// seconds.
fn self_interruptions() -> usize {
    let far = voice(5, RATE, 300);
    let microphone = mixed(&Room::office(80).hear(&far, RATE), &hiss(4, 10.0, far.len()));
    let left = processed(AudioProcessing::ALL, &far, &microphone);
    let options = VoiceActivityOptions::default();
    let mut detector = VoiceActivity::new(FORMAT, options).expect("the format is a good one");
    let mut spoke = false;
    let mut begins = |block: &[i16]| {
        detector.process(block);
        !std::mem::replace(&mut spoke, detector.is_speaking()) && spoke
    };
    left.chunks(BLOCK).skip(200).filter(|block| begins(block)).count()
}
