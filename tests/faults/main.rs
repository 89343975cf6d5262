//! The fault matrix: every fault in every phase of a session over every transport, with its
//! expected outcome.
//!
//! `table` lists the faults and the expected outcomes. `docs/faults.md` shows the same table to
//! people. Each cell runs in a process of its own, so that its leftovers can be told from those of
//! others. For this purpose the program starts itself again.
#![expect(
    clippy::expect_used,
    clippy::disallowed_methods,
    reason = "a test fails by panicking and looks at the real clock"
)]

mod app;
mod cell;
mod child;
mod clock;
mod devices;
mod docs;
mod factory;
mod faults;
mod leftovers;
mod memory;
mod names;
mod phases;
mod quarter;
mod run;
mod stage;
mod surroundings;
mod suspension;
mod table;
mod way_up;

/// How many cells run at once. Cells mostly wait.
const AT_ONCE: usize = 16;
/// How many of them may use WebRTC, whose audio runs in real time. More would starve each other on
/// two cores.
const CALLS_AT_ONCE: usize = 8;

#[test]
fn cells() {
    let cells = child::chosen();
    assert!(!cells.is_empty(), "no cell matches this name");
    child::run_all(cells, child::CELL);
}

#[test]
fn nothing_grows() {
    child::run_all(child::named(memory::cells()), child::CELL_AGAIN);
}

/// Not a test of its own: runs one cell, in a process that another test has started.
#[test]
fn one_cell() {
    if let Some(name) = std::env::var_os(child::CELL) {
        run::run_named(&name.to_string_lossy(), run::run_in_time);
    }
    if let Some(name) = std::env::var_os(child::CELL_AGAIN) {
        run::run_named(&name.to_string_lossy(), memory::run_again);
    }
}

/// Not a test of its own: runs one bot, in a process that a cell has started.
#[test]
fn one_bot() {
    if let Some(port) = rtvi_tests::BotProcess::asked() {
        rtvi_tests::BotProcess::serve(port);
    }
}
