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
    for file in ["soak.csv", "soak.svg"] {
        let length = out.path().join(file).metadata().expect("it was written").len();
        assert!(length > 1_000, "{file} has only {length} bytes");
    }
}
