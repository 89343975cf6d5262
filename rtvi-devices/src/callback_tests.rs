//! Checks that the callbacks are fit for a real-time thread: they never allocate or call the
//! system, as waiting for a lock would.

use std::time::Duration;

use allocation_counter::measure;

use super::{
    capture_ring::capture_ring,
    playback_ring::playback_ring,
    pulse_backend::{fill_bytes, push_bytes},
};
use rtvi_core::media::AudioFormat;

const STEREO: AudioFormat = AudioFormat { sample_rate: 48_000, channels: 2 };
/// Samples of one callback of 10 ms.
const PERIOD: usize = 960;

/// Everything that can happen in callbacks: full and empty rings, and a flush with its fade.
fn exercise() -> impl FnMut() {
    let (mut capture_producer, mut capture_consumer) = capture_ring::<f32>(STEREO);
    let (mut playback_consumer, mut playback_producer) = playback_ring::<f32>(STEREO);
    playback_producer.write(&[1_000; PERIOD * 9]);
    let (mut byte_producer, _byte_consumer) = capture_ring::<i16>(AudioFormat::mono(48_000));
    let (mut byte_consumer, _byte_producer) = playback_ring::<i16>(AudioFormat::mono(48_000));
    let recorded = [0.25_f32; PERIOD];
    let mut bytes = [7; PERIOD];
    let mut played = [0.0_f32; PERIOD];
    let mut read = [0; PERIOD * 40];
    move || {
        for turn in 0..100 {
            capture_producer.push(&recorded);
            playback_consumer.fill(&mut played);
            push_bytes(&mut byte_producer, &bytes);
            fill_bytes(&mut byte_consumer, &mut bytes);
            match turn {
                3 => playback_producer.flush(Duration::from_millis(5)),
                5 => playback_producer.write(&[1_000; PERIOD]),
                70 => assert!(capture_consumer.read(&mut read) > 0),
                _ => {}
            }
        }
    }
}

#[test]
fn callbacks_allocate_nothing() {
    let mut callbacks = exercise();
    let measured = measure(&mut callbacks);
    assert_eq!((measured.count_total, measured.bytes_total), (0, 0));
    assert!(measure(|| drop(vec![1_u8])).count_total > 0, "this test can fail");
}

/// The kernel kills this process at the first system call of the thread that runs the callbacks.
/// The thread may only sleep afterwards, since even its end would be a system call.
#[test]
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[expect(clippy::disallowed_methods, reason = "a sleep that no runtime waits for")]
fn callbacks_never_call_the_system() {
    use std::{
        process,
        sync::atomic::{AtomicBool, Ordering},
        thread::{park_timeout, sleep, spawn},
        time::Duration,
    };

    use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch, apply_filter};

    const CLOCK_NANOSLEEP: i64 = if cfg!(target_arch = "x86_64") { 230 } else { 115 };
    static DONE: AtomicBool = AtomicBool::new(false);

    let arch = TargetArch::try_from(std::env::consts::ARCH).unwrap();
    let sleep_only = [(CLOCK_NANOSLEEP, vec![])].into();
    let filter =
        SeccompFilter::new(sleep_only, SeccompAction::KillProcess, SeccompAction::Allow, arch).unwrap();
    let program: BpfProgram = filter.try_into().unwrap();
    spawn(move || {
        let mut callbacks = exercise();
        if apply_filter(&program).is_err() {
            process::exit(1);
        }
        callbacks();
        DONE.store(true, Ordering::Release);
        sleep(Duration::MAX);
    });
    let done = (0..6_000).any(|_| {
        park_timeout(Duration::from_millis(10));
        DONE.load(Ordering::Acquire)
    });
    assert!(done, "the callbacks did not end");
}
