//! Spoken conversations of example programs: a file to speak from, and a check of the recorded bot.
//!
//! Everything here panics on failure: it is for tests only.

use std::path::Path;

use crate::speech;

/// Writes a file with a spoken greeting.
///
/// # Panics
/// If the file can't be created.
pub async fn write_greeting(path: &Path) {
    write_wav(path, 22_050, speech("Hello, can you hear me?").await);
}

/// Writes a file with these samples, of one channel.
///
/// # Panics
/// If the file can't be created.
pub fn write_wav(path: &Path, sample_rate: u32, samples: Vec<i16>) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut file = hound::WavWriter::create(path, spec).expect("a file can be made");
    for sample in samples {
        file.write_sample(sample).expect("a sample can be written");
    }
    file.finalize().expect("the file can be completed");
}

/// Asserts that a recording contains a voice.
///
/// # Panics
/// If it does not.
pub fn assert_heard(recording: &Path) {
    let samples = hound::WavReader::open(recording).expect("it has recorded").into_samples::<i16>();
    let loudest = samples.map(|sample| sample.expect("a sample").unsigned_abs()).max();
    assert!(loudest.is_some_and(|loudest| loudest > 1000), "the bot is not heard: {loudest:?}");
}

/// Makes sure that, as an example program printed it, the bot heard what the user said and repeated
/// that, and what was sent.
///
/// # Panics
/// When it did not.
pub fn assert_repeated(said: &str, sent: &str) {
    // Whatever it took the speech for, it repeats it.
    let words = said.lines().find_map(|line| line.strip_prefix("you    ")).expect("the user was heard");
    assert!(words != sent && words.len() > "hello".len(), "{said}");
    let answers: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("bot    You said: ")).collect();
    let has_repeated = |words: &str| {
        let words = words.trim_end_matches(['.', '?']);
        answers.iter().any(|answer| answer.starts_with(words))
    };
    assert!(has_repeated(words) && has_repeated(sent), "{said}");
}
