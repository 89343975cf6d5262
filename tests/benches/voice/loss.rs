//! The quality of speech after loss and jitter, as judged by PESQ (wide band, 1 to 4.64).

use std::{fs, path::Path, process::Command, time::Duration};

use rtvi_core::media::{AudioFormat, Resampler};

use super::line::{Network, call};
use crate::{
    figure::{Figure, skip},
    rig::runtime,
};

/// The environment variable that names a Python with PESQ.
const JUDGE: &str = "RTVI_JUDGE";
const SPEECH: AudioFormat = AudioFormat::mono(22_050);
const WIRE: AudioFormat = AudioFormat::mono(48_000);
const JUDGED: AudioFormat = AudioFormat::mono(16_000);
const TEXT: &str = "The birch canoe slid on the smooth planks. Glue the sheet to the dark blue background. \
    It is easy to tell the depth of a well. These days a chicken leg is a rare dish.";

/// A figure and its conditions.
struct Case {
    name: &'static str,
    loss: f64,
    /// Whether packets are lost in bursts.
    bursts: bool,
    /// Whether the bot's packets contain error correction; those of Pipecat's server do not.
    error_correction: bool,
    /// The round-trip time if lost packets are repeated on request.
    round_trip: Option<Duration>,
    goal: Option<f64>,
}

const PLAIN: Case =
    Case { name: "", loss: 0.0, bursts: false, error_correction: false, round_trip: None, goal: None };
const CASES: [Case; 12] = [
    Case { name: "voice-pesq-0", ..PLAIN },
    Case { name: "voice-pesq-1", loss: 0.01, ..PLAIN },
    Case { name: "voice-pesq-5", loss: 0.05, goal: Some(3.5), ..PLAIN },
    Case { name: "voice-pesq-5-bursts", loss: 0.05, bursts: true, ..PLAIN },
    Case { name: "voice-pesq-10", loss: 0.1, ..PLAIN },
    Case { name: "voice-pesq-5-fec", loss: 0.05, error_correction: true, goal: Some(3.5), ..PLAIN },
    Case { name: "voice-pesq-10-fec", loss: 0.1, error_correction: true, ..PLAIN },
    Case { name: "voice-pesq-1-nack-100", loss: 0.01, round_trip: FAR, ..PLAIN },
    Case { name: "voice-pesq-5-nack", loss: 0.05, round_trip: NEAR, goal: Some(3.5), ..PLAIN },
    Case { name: "voice-pesq-5-nack-100", loss: 0.05, round_trip: FAR, goal: Some(3.5), ..PLAIN },
    Case { name: "voice-pesq-5-bursts-nack", loss: 0.05, bursts: true, round_trip: NEAR, ..PLAIN },
    Case { name: "voice-pesq-10-nack", loss: 0.1, round_trip: NEAR, ..PLAIN },
];
/// Round trips to a server in the same region, and across an ocean.
const NEAR: Option<Duration> = Some(Duration::from_millis(40));
const FAR: Option<Duration> = Some(Duration::from_millis(100));
/// The jitter of real networks.
const JITTER: Duration = Duration::from_millis(40);
/// A figure is the mean over this many networks, because the choice of lost packets makes a large
/// difference.
const SEEDS: std::ops::Range<u64> = 11..16;

/// Measures it.
pub(crate) fn run() {
    let Some(judge) = std::env::var_os(JUDGE) else {
        return skip("voice-loss", "RTVI_JUDGE names no Python with PESQ");
    };
    let speech = runtime().block_on(rtvi_tests::speech(TEXT));
    let folder = tempfile::tempdir().expect("a folder can be made");
    let (clean, heard) = (folder.path().join("clean.raw"), folder.path().join("heard.raw"));
    let sound = converted(&speech, SPEECH, WIRE);
    write(&clean, &converted(&sound, WIRE, JUDGED));
    // Spoken twice: during the first time the player adapts to the network; the second is judged.
    let twice = [sound.as_slice(), sound.as_slice()].concat();
    let score = |case: &Case, jitter, seed| {
        let network = Network {
            loss: case.loss,
            burst: case.bursts.then_some(0.5),
            jitter,
            seed,
            round_trip: case.round_trip,
        };
        let outcome = call(&twice, case.error_correction, |_| network);
        write(&heard, &converted(&outcome.heard[sound.len()..], WIRE, JUDGED));
        judged(&judge, &clean, &heard)
    };
    Figure::high("voice-pesq-codec", score(&PLAIN, Duration::ZERO, 0), "MOS").print();
    for case in CASES {
        let sum: f64 = SEEDS.map(|seed| score(&case, JITTER, seed)).sum();
        let figure = Figure::high(case.name, sum / SEEDS.count() as f64, "MOS");
        case.goal.map_or(figure.clone(), |goal| figure.goal(goal)).print();
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
