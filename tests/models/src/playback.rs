//! The path of the bot's samples to a speaker: the client writes and drops samples, and the
//! system's callback takes them.
//!
//! The ring is `rtrb`'s, whose steps are not modelled. The test checks our own rule for samples
//! that must not be played any more.

use std::time::Duration;

use loom::thread;
use rtvi_core::media::AudioFormat;

use ring::playback_ring;

mod sync {
    pub(super) use loom::sync::atomic::{AtomicU64, AtomicUsize};
}

#[expect(dead_code, reason = "the crate of devices uses more of it")]
#[path = "../../../rtvi-devices/src/playback_ring.rs"]
mod ring;

const FORMAT: AudioFormat = AudioFormat::mono(8_000);
/// Samples before a flush, and after it.
const OLD: i16 = 16_000;
const NEW: i16 = 500;
/// The number of samples of each.
const COUNT: usize = 24;
/// The length of the fade of old samples: eight samples.
const FADE: Duration = Duration::from_millis(1);

/// The client drops the waiting samples and writes new ones while the callback takes samples. No
/// new sample is lost or softened, and no old one follows it.
pub fn a_flush_drops_the_old_and_nothing_new() {
    for fade in [Duration::ZERO, FADE] {
        loom::model(move || {
            let (mut consumer, mut producer) = playback_ring::<i16>(FORMAT);
            let client = thread::spawn(move || {
                producer.write(&[OLD; COUNT]);
                producer.flush(fade);
                producer.write(&[NEW; COUNT]);
                producer
            });
            let mut played = Vec::new();
            let mut take = |count: usize| {
                let mut out = vec![0; count];
                consumer.fill(&mut out);
                played.extend(out.into_iter().filter(|sample| *sample != 0));
            };
            take(6);
            take(6);
            let producer = client.join().unwrap();
            take(4 * COUNT);
            take(4 * COUNT);
            assert_eq!(producer.waiting(), 0);
            // Each of the first two calls may have had six.
            let late = played.iter().skip(12).filter(|sample| **sample > NEW).count();
            assert!(late <= FORMAT.samples_in(fade), "{played:?}");
            let new = played.iter().position(|sample| *sample == NEW).unwrap();
            assert_eq!(played[new..], [NEW; COUNT], "{played:?}");
            assert!(played[..new].iter().all(|sample| *sample > NEW && *sample <= OLD), "{played:?}");
        });
    }
}

/// Two flushes in a row, with samples in between. The callback may see one, both or none at once;
/// the result is the same.
pub fn the_last_flush_counts() {
    loom::model(|| {
        let (mut consumer, mut producer) = playback_ring::<i16>(FORMAT);
        let client = thread::spawn(move || {
            for _ in 0..2 {
                producer.write(&[OLD; COUNT]);
                producer.flush(FADE);
            }
            producer.write(&[NEW; COUNT]);
            producer
        });
        let mut out = vec![0; 4];
        consumer.fill(&mut out);
        let producer = client.join().unwrap();
        let mut rest = vec![0; 6 * COUNT];
        consumer.fill(&mut rest);
        out.extend(rest);
        out.retain(|sample| *sample != 0);
        assert!(out.ends_with(&[NEW; COUNT]), "{out:?}");
        // The samples of the first call, and one fade.
        assert!(out.len() <= 4 + FORMAT.samples_in(FADE) + COUNT, "{out:?}");
        assert_eq!(producer.waiting(), 0);
    });
}
