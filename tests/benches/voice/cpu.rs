//! The cost of voice processing: CPU time for half a minute of a call with everything on, without
//! the transport.

use rtvi_core::media::{AudioFormat, AudioProcessing, VoiceActivity, VoiceActivityOptions, VoiceProcessor};
use rtvi_tests::acoustics::{Room, voice};

use crate::{figure::Figure, usage::thread_cpu_seconds};

/// The length of the call, in seconds.
const CALL: usize = 30;

/// Measures it.
pub(crate) fn run() {
    Figure::low("voice-cpu-16k", cost(AudioProcessing::ALL, 16_000), "s").print();
    Figure::low("voice-cpu", cost(AudioProcessing::ALL, 48_000), "s").goal(0.8).print();
    let echo_only = AudioProcessing { echo_cancellation: true, ..AudioProcessing::OFF };
    Figure::low("voice-cpu-echo-only", cost(echo_only, 48_000), "s").print();
}

/// The cost of processing and speech detection at the transport's rate.
fn cost(options: AudioProcessing, sample_rate: u32) -> f64 {
    let format = AudioFormat::mono(sample_rate);
    let far = voice(1, sample_rate, 10);
    let near = Room::office(40).hear(&far, sample_rate);
    let mut processor = VoiceProcessor::new(format, options).expect("the format is a good one");
    let mut detector =
        VoiceActivity::new(format, VoiceActivityOptions::default()).expect("the format is a good one");
    let block = sample_rate as usize / 100;
    let mut out = vec![0; block];
    let begin = thread_cpu_seconds();
    for _ in 0..CALL / 10 {
        for (far, near) in far.chunks_exact(block).zip(near.chunks_exact(block)) {
            processor.far_end(far, format);
            out.copy_from_slice(near);
            processor.process(&mut out);
            detector.process(&out);
        }
    }
    thread_cpu_seconds() - begin
}
