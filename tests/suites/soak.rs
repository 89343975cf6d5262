//! A short soak: clients connect and disconnect for some seconds, with faults, and leave nothing
//! behind. `cargo xtask soak` runs a long one.

use std::process::Command;

/// Memory and latency are printed but not judged here: they need a longer time, and an otherwise
/// idle machine.
#[test]
fn clients_that_come_and_go_leave_nothing_behind() {
    let out = tempfile::tempdir().expect("there is room for files");
    let status = Command::new(env!("CARGO_BIN_EXE_rtvi-soak"))
        .args(["--clients", "6", "--minutes", "0.3", "--transport", "both", "--out"])
        .arg(out.path())
        .status()
        .expect("it is built");
    assert!(status.success(), "the verdict is bad: see above");
    let seconds = std::fs::read_to_string(out.path().join("soak.csv")).expect("it was written");
    let fields: Vec<usize> = seconds.lines().map(|line| line.split(',').count()).collect();
    assert!(fields.len() > 10 && fields.iter().all(|count| *count == fields[0]), "{seconds}");
}
