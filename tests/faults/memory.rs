//! Checks for memory leaks: runs whole cells repeatedly in one process and measures its heap after
//! each run.

use std::alloc::System;

use cap::Cap;

use crate::{
    cell::{Cell, Over, When},
    faults::Fault,
    run, table,
};

/// Counts the bytes that are allocated and not freed.
#[global_allocator]
static HEAP: Cap<System> = Cap::new(System, usize::MAX);

/// How often a cell runs before its first measurement: much is created once in a process, and kept.
const FIRST: usize = 4;
/// How often it runs after that.
const RUNS: usize = 20;
/// The cells that run repeatedly. They cover all ways to begin, lose and end a session, and are
/// quick.
pub(crate) fn cells() -> impl Iterator<Item = Cell> {
    table::all().filter(is_chosen)
}

fn is_chosen(cell: &Cell) -> bool {
    let of_way_up = ["refused", "garbage", "TLS of another authority"];
    match (cell.row.over, cell.row.fault, cell.when) {
        (Over::WebSocket, Fault::Server { name, .. }, When::Start | When::Open) => of_way_up.contains(&name),
        (Over::WebSocket, Fault::Reset | Fault::Refused, When::FunctionRunning) => true,
        (Over::SecureWebSocket, Fault::Reset, When::FunctionRunning) => true,
        (Over::WebSocket, Fault::Misbehaves("malformed"), When::BotSpeaking) => true,
        (Over::WebSocket, Fault::Killed, When::RequestPending) => true,
        (Over::WebRtc, Fault::FromTheBeginning("offer-bad-sdp" | "offer-wrong-fingerprint"), When::Open) => {
            true
        }
        (Over::WebRtc, Fault::Misbehaves("close"), When::RequestPending | When::BotSpeaking) => true,
        _ => false,
    }
}

/// Runs the cell repeatedly.
///
/// # Errors
/// If its outcome is wrong, or if it leaks memory.
pub(crate) fn run_again(cell: &Cell) -> Result<(), String> {
    let mut heap = Vec::with_capacity(FIRST + RUNS);
    for _ in 0..FIRST + RUNS {
        run::run(cell)?;
        heap.push(HEAP.allocated());
    }
    let (first, then) = heap.split_at(FIRST);
    let (before, after) = (first.iter().max(), then.iter().skip(RUNS / 2).min());
    if after <= before { Ok(()) } else { Err(format!("the heap grows with each run, in bytes: {heap:?}")) }
}
