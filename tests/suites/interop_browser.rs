//! The official JavaScript client in headless Chromium, against a real Pipecat server and against the demo bot.
#![expect(clippy::expect_used, clippy::disallowed_methods, reason = "a test fails by panicking")]

use std::{path::PathBuf, time::Duration};

use rtvi_bot::{BotOptions, DemoBot};
use rtvi_core::media::{AudioFormat, AudioSink, WavRecorder};
use rtvi_tests::{Browser, BrowserOptions, PipecatServer, ServerKind, speech};
use serde_json::{Value, json};

/// What espeak-ng makes.
const SPOKEN: AudioFormat = AudioFormat::mono(22_050);
/// How long the user waits before speaking, from the opening of the microphone: longer than connecting takes.
const PAUSE: Duration = Duration::from_secs(4);

/// A file for the browser's microphone: a pause, the words, and silence.
struct Words {
    folder: tempfile::TempDir,
}

impl Words {
    async fn new(text: &str) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a file");
        let mut file = WavRecorder::create(folder.path().join("words.wav"), SPOKEN).expect("the file can be made");
        let silence = vec![0; SPOKEN.samples_in(PAUSE)];
        for part in [&silence, &speech(text).await, &silence, &silence] {
            write_all(&mut file, part);
        }
        file.finish().expect("the file can be written");
        Self { folder }
    }

    fn options(&self) -> BrowserOptions {
        BrowserOptions { speech: Some(self.path()), ..BrowserOptions::default() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("words.wav")
    }
}
