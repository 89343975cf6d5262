//! A machine that sleeps, as the app sees it: its process stops while time and servers go on.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use rtvi_tests::Session;
use tokio::{task::spawn_blocking, time::sleep};

use crate::stage::Stage;

/// How long after the sleep the moved audio is measured.
const AFTER: Duration = Duration::from_millis(300);
/// How much audio may be sent to catch up.
const BURST: Duration = Duration::from_secs(1);

/// Stops this process for this many seconds and lets it continue. A server that was stopped
/// continues meanwhile.
pub(crate) async fn suspend(stage: &mut Stage, session: &Session, seconds: u64) {
    let length = Duration::from_secs(seconds);
    stage.process().go_on();
    let (began, before) = (Instant::now(), session.client.audio_stats());
    let script = format!("kill -STOP $0; sleep {seconds}; kill -CONT $0");
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, &std::process::id().to_string()]);
    let status = spawn_blocking(move || shell.status()).await.expect("nothing panics here");
    assert!(status.is_ok_and(|status| status.success()), "a shell can stop and continue this process");
    sleep(AFTER).await;
    let (after, awake) = (session.client.audio_stats(), began.elapsed().saturating_sub(length));
    let most = awake + BURST;
    assert!(after.sent - before.sent < most, "no burst of what was said: {before:?}, {after:?} in {awake:?}");
    assert!(after.played - before.played < most, "nor of what is heard: {before:?}, {after:?} in {awake:?}");
}
