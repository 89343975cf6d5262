//! The wall clock, which people and time servers set during sessions.
//!
//! The machine's clock stays unchanged. A library that is loaded before all others (`clock.c`)
//! reports another time to a cell.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::Path,
    process::Command,
    time::{Duration, SystemTime},
};

use tempfile::TempDir;

/// The environment variable that names the file with the clock's offset in seconds, as 8 bytes.
const AHEAD: &str = "RTVI_FAULTS_CLOCK";
/// How exactly the time is checked on a busy machine.
const ABOUT: Duration = Duration::from_secs(600);

/// Gives a command a clock that can be set, as long as the returned folder is kept.
pub(crate) fn give(command: &mut Command) -> TempDir {
    let folder = TempDir::new().expect("there is room for a file");
    let (library, ahead) = (folder.path().join("clock.so"), folder.path().join("ahead"));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("faults/clock.c");
    let made =
        Command::new("cc").args(["-shared", "-fPIC", "-O1"]).arg(source).arg("-o").arg(&library).status();
    assert!(made.is_ok_and(|status| status.success()), "a C compiler is there, as for linking this program");
    fs::write(&ahead, 0_i64.to_ne_bytes()).expect("there is room for a file");
    command.env("LD_PRELOAD", library).env(AHEAD, ahead);
    folder
}

/// Moves the clock of this process by this many hours.
pub(crate) fn set(hours: i64) {
    let path = std::env::var_os(AHEAD).expect("the cell was given a clock");
    let before = SystemTime::now();
    let mut file = OpenOptions::new().write(true).open(path).expect("the file is there");
    file.write_all(&(hours * 3_600).to_ne_bytes()).expect("the file can be written");
    let by = Duration::from_secs(hours.unsigned_abs() * 3_600);
    let expected = if hours < 0 { before - by } else { before + by };
    let now = SystemTime::now();
    let error = now.duration_since(expected).or_else(|_| expected.duration_since(now)).unwrap_or_default();
    assert!(error < ABOUT, "the clock is set: {before:?}, {now:?}");
}
