//! WAV files that an app plays in place of a microphone, whole and cut short.
#![no_main]

use std::{fs, path::PathBuf, process, sync::LazyLock};

use libfuzzer_sys::fuzz_target;
use rtvi_core::{
    ErrorKind,
    media::{AudioFormat, AudioSource, WavSource},
};

/// The file that is written and read, over and over.
static PATH: LazyLock<PathBuf> =
    LazyLock::new(|| std::env::temp_dir().join(format!("rtvi-fuzz-{}.wav", process::id())));

fuzz_target!(|bytes: &[u8]| {
    let Some((format, samples)) = read(bytes) else { return };
    assert!(format.is_supported(), "{format}");
    assert!(!samples.is_empty() && samples.len() <= bytes.len(), "{} samples", samples.len());
    for missing in [1, bytes.len() / 2] {
        let cut = bytes.get(..bytes.len() - missing).unwrap_or_default();
        if let Some((cut_format, cut_samples)) = read(cut) {
            assert_eq!(cut_format, format);
            assert!(samples.starts_with(&cut_samples), "it is played as far as it goes");
        }
    }
});

/// What is played of a file, whole; `None` if it can't be.
fn read(bytes: &[u8]) -> Option<(AudioFormat, Vec<i16>)> {
    fs::write(&*PATH, bytes).expect("a file is written");
    let mut source = WavSource::open(&*PATH).map_err(check).ok()?;
    source.start().expect("it plays");
    let (mut samples, mut piece) = (Vec::new(), [0; 1024]);
    while !source.is_finished() {
        let count = source.read(&mut piece);
        samples.extend_from_slice(piece.get(..count).expect("no more than there is room for"));
    }
    fs::remove_file(&*PATH).expect("it is removed");
    Some((source.format(), samples))
}

fn check(error: rtvi_core::Error) {
    assert_eq!(error.kind(), ErrorKind::InvalidArgument);
    assert!(error.message().contains(&PATH.display().to_string()) && error.message().len() < 500, "{error}");
}
