//! What loss and jitter leave of speech, as PESQ judges it (wide band, 1 to 4.64).

use std::{fs, path::Path, process::Command, time::Duration};

use rtvi_core::media::{AudioFormat, Resampler};

use super::line::{Network, call};
use crate::{
    figure::{Figure, skip},
    rig::runtime,
};

/// Tells which Python has PESQ.
const JUDGE: &str = "RTVI_JUDGE";
const SPEECH: AudioFormat = AudioFormat::mono(22_050);
const JUDGED: AudioFormat = AudioFormat::mono(16_000);
const TEXT: &str = "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background. \
    It is easy to tell the depth of a well. These days a chicken leg is a rare dish.";

/// Each network: its figure, its loss, whether packets are lost in bursts, and the goal.
const CASES: [(&str, f64, bool, Option<f64>); 6] = [
    ("voice-pesq-codec", 0.0, false, None),
    ("voice-pesq-0", 0.0, false, None),
    ("voice-pesq-1", 0.01, false, None),
    ("voice-pesq-5", 0.05, false, Some(3.5)),
    ("voice-pesq-5-bursts", 0.05, true, None),
    ("voice-pesq-10", 0.10, false, None),
];
/// But for the first case, which shows what the codec alone costs.
const JITTER: Duration = Duration::from_millis(40);

/// Measures it.
pub(crate) fn run() {
    let Some(judge) = std::env::var_os(JUDGE) else {
        return skip("voice-loss", "there is no Python with PESQ");
    };
    let speech = runtime().block_on(rtvi_tests::speech(TEXT));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let sound = converted(&speech, SPEECH, AudioFormat::mono(48_000));
    let clean = folder.path().join("clean.raw");
    write(&clean, &converted(&sound, AudioFormat::mono(48_000), JUDGED));
    for (number, (name, loss, bursts, goal)) in CASES.into_iter().enumerate() {
        let jitter = if number == 0 { Duration::ZERO } else { JITTER };
        let network = Network { loss, burst: bursts.then_some(0.5), jitter };
        let heard = call(&sound, |_| network).heard;
        let file = folder.path().join("heard.raw");
        write(&file, &converted(&heard, AudioFormat::mono(48_000), JUDGED));
        let figure = Figure::high(name, judged(&judge, &clean, &file), "MOS");
        goal.map_or(figure.clone(), |goal| figure.goal(goal)).print();
    }
}

fn converted(samples: &[i16], from: AudioFormat, to: AudioFormat) -> Vec<i16> {
    let mut resampler = Resampler::new(from, to).expect("the formats are good");
    let mut out = Vec::new();
    resampler.process(samples, &mut out);
    resampler.finish(&mut out);
    out
}

fn write(path: &Path, samples: &[i16]) {
    let bytes: Vec<u8> = samples.iter().flat_map(|sample| sample.to_le_bytes()).collect();
    fs::write(path, bytes).expect("a file can be written");
}

fn judged(python: &std::ffi::OsStr, clean: &Path, heard: &Path) -> f64 {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/voice/pesq_score.py");
    let output = Command::new(python).arg(script).args([clean, heard]).output().expect("Python runs");
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim().parse().unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}
