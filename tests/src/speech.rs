//! Speech for the client's microphone, made with espeak-ng.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use rtvi_core::media::{AudioFormat, AudioSource, PcmInput, PcmPace, PcmSource, WavSource};
use tokio::process::Command;

/// The format of espeak-ng's output.
const FORMAT: AudioFormat = AudioFormat::mono(22_050);

/// The number of files so far, because tests run in parallel.
static FILES: AtomicU32 = AtomicU32::new(0);

/// Samples of spoken `text`, 22 050 Hz mono.
///
/// # Panics
/// If espeak-ng is not installed.
pub async fn speech(text: &str) -> Vec<i16> {
    let number = FILES.fetch_add(1, Ordering::Relaxed);
    let file = std::env::temp_dir().join(format!("rtvi-speech-{}-{number}.wav", std::process::id()));
    let status = Command::new("espeak-ng")
        .args(["-v", "en-us", "-s", "150", "-w"])
        .arg(&file)
        .arg(text)
        .status()
        .await;
    assert!(status.expect("espeak-ng is installed").success());
    let mut source = WavSource::open(&file).expect("espeak-ng writes WAV");
    assert_eq!(source.format(), FORMAT);
    source.start().expect("a file can be started");
    let mut samples = vec![0; FORMAT.samples_in(Duration::from_secs(8))];
    let read = source.read(&mut samples);
    samples.truncate(read);
    drop(std::fs::remove_file(file));
    samples
}

/// A microphone that a test speaks into; silent otherwise.
#[derive(Debug)]
pub struct Microphone {
    input: PcmInput,
}

impl Microphone {
    /// The test's end and the client's end.
    ///
    /// # Panics
    /// Never: the format is supported.
    pub fn new() -> (Self, PcmSource) {
        let (input, source) = PcmSource::new(FORMAT, PcmPace::Paced).expect("the format is supported");
        (Self { input }, source)
    }

    /// Speaks the samples at the pace of speech; returns when the last of them is on its way.
    pub async fn say(&mut self, samples: &[i16]) {
        let mut rest = samples;
        while !rest.is_empty() {
            let taken = self.input.push(rest);
            rest = rest.get(taken..).unwrap_or_default();
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}
